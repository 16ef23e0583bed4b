//! How a CSAF provider publishes: `provider-metadata.json`, ROLIE feeds, `changes.csv` and `index.txt`.
//!
//! Source: CSAF 2.0 and 2.1, sections 7.1.7 to 7.1.18, `provider_json_schema.json`, RFC 8322. Each address is checked before
//! anybody gets it: `https`, on a host that the caller allows, below its folder. What is refused is told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::locations::{below, fetchable};
use super::{Emptiness, moments, refuse_page, rows};
use crate::json;
use crate::limits::Limits;
use crate::text::{self, Legacy, shorten};

/// What a provider says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The address that the metadata gives for itself.
    pub canonical_url: String,
    /// Name of the publisher.
    pub publisher: String,
    /// What it promises: `csaf_publisher`, `csaf_provider`, `csaf_trusted_provider`; empty if not told.
    pub role: String,
    /// When the metadata was changed last.
    pub last_updated: Option<Timestamp>,
    /// Where the advisories are. Never empty.
    pub distributions: Vec<Distribution>,
    /// The OpenPGP keys that the provider signs with. None of them is trusted by standing here.
    pub keys: Vec<PublicKey>,
    /// Addresses that are not used, times that could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// One way to the advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distribution {
    /// A folder with `changes.csv` and `index.txt`.
    Directory {
        /// The folder's address.
        url: String,
    },
    /// A ROLIE feed.
    Rolie {
        /// The feed's address.
        url: String,
        /// Its TLP label, `WHITE` or `CLEAR` for everybody; other ones need a permission. Empty if not told.
        tlp: String,
    },
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its fingerprint in capital letters; empty if not told.
    pub fingerprint: String,
    /// Where it is published.
    pub url: String,
}

/// A feed of advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolie {
    /// When the feed was changed last.
    pub updated: Option<Timestamp>,
    /// Its advisories, in the order of the feed.
    pub entries: Vec<RolieEntry>,
    /// Entries and addresses that are not used, times that could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// An advisory in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolieEntry {
    /// Its tracking id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The document.
    pub url: String,
    /// When it was published first.
    pub published: Option<Timestamp>,
    /// When it was changed last.
    pub updated: Option<Timestamp>,
    /// Files with the document's digest (`.sha256`, `.sha512`).
    pub hashes: Vec<String>,
    /// The document's detached OpenPGP signature.
    pub signature: Option<String>,
}

/// Advisories in a folder, by address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// When each was changed last; `None` in an `index.txt`, which does not tell.
    pub files: BTreeMap<String, Option<Timestamp>>,
    /// Lines that are not used.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct RawProvider {
    canonical_url: String,
    #[serde(default)]
    last_updated: Option<String>,
    publisher: RawPublisher,
    #[serde(default)]
    role: String,
    #[serde(default)]
    distributions: Vec<RawDistribution>,
    #[serde(default)]
    public_openpgp_keys: Vec<RawKey>,
}

#[derive(Deserialize)]
struct RawPublisher {
    name: String,
}

#[derive(Deserialize)]
struct RawDistribution {
    #[serde(default)]
    directory_url: Option<String>,
    /// CSAF 2.1.
    #[serde(default)]
    directory: Option<RawFeed>,
    #[serde(default)]
    rolie: Option<RawRolie>,
}

#[derive(Deserialize)]
struct RawRolie {
    #[serde(default)]
    feeds: Vec<RawFeed>,
}

#[derive(Deserialize)]
struct RawFeed {
    url: String,
    #[serde(default)]
    tlp_label: String,
}

#[derive(Deserialize)]
struct RawKey {
    #[serde(default)]
    fingerprint: String,
    url: String,
}

/// Reads `provider-metadata.json`. `hosts` are the host it came from and others that the settings allow.
///
/// # Errors
/// `file-empty`, `page-instead-of-data`, `json-invalid` and its kin, `field-missing`, `field-invalid`. If no distribution is
/// left: the reason why the first one is not used, or `field-missing`.
pub fn provider(bytes: &[u8], path: &str, hosts: &[&str], limits: &Limits) -> Result<Provider, Diagnostic> {
    refuse_page(bytes, path)?;
    let raw: RawProvider = json::read(bytes, path, limits)?;
    let mut diagnostics = Vec::new();
    let place = Place::file(path);
    let last_updated = moments::field(raw.last_updated.as_deref(), "last_updated", &place, &mut diagnostics);
    let mut refused = Vec::new();
    let mut distributions = Vec::new();
    for (number, distribution) in raw.distributions.into_iter().enumerate() {
        let at = |rest: &str| Place::file(path).at_field(format!("/distributions/{number}/{rest}"));
        let folders = distribution.directory_url.map(|url| (url, "directory_url"));
        let newer = distribution.directory.map(|directory| (directory.url, "directory/url"));
        for (url, field) in folders.into_iter().chain(newer) {
            match fetchable(&url, hosts) {
                Ok(url) => distributions.push(Distribution::Directory { url }),
                Err(refusal) => refused.push(refusal.told(&url, &at(field))),
            }
        }
        let feeds = distribution.rolie.map(|rolie| rolie.feeds).unwrap_or_default();
        for (feed, RawFeed { url, tlp_label }) in feeds.into_iter().enumerate() {
            match fetchable(&url, hosts) {
                Ok(url) => distributions.push(Distribution::Rolie { url, tlp: shorten(&tlp_label, 40) }),
                Err(refusal) => refused.push(refusal.told(&url, &at(&format!("rolie/feeds/{feed}/url")))),
            }
        }
    }
    if distributions.is_empty() {
        let missing = || Diagnostic::new(Code::FieldMissing, place).with("field", "distributions");
        return Err(refused.into_iter().next().unwrap_or_else(missing));
    }
    diagnostics.append(&mut refused);
    let keys = keys(raw.public_openpgp_keys, path, hosts, &mut diagnostics);
    Ok(Provider {
        canonical_url: shorten(&raw.canonical_url, 500),
        publisher: shorten(&raw.publisher.name, 200),
        role: shorten(&raw.role, 40),
        last_updated,
        distributions,
        keys,
        diagnostics,
    })
}

fn keys(raw: Vec<RawKey>, path: &str, hosts: &[&str], diagnostics: &mut Vec<Diagnostic>) -> Vec<PublicKey> {
    let mut keys = Vec::new();
    for (number, key) in raw.into_iter().enumerate() {
        let place = Place::file(path).at_field(format!("/public_openpgp_keys/{number}/url"));
        match fetchable(&key.url, hosts) {
            Ok(url) => {
                let fingerprint = shorten(&key.fingerprint, 100).to_ascii_uppercase();
                keys.push(PublicKey { fingerprint, url });
            }
            Err(refusal) => diagnostics.push(refusal.told(&key.url, &place)),
        }
    }
    keys
}

impl Provider {
    /// True if it promises that each document has a digest and a signature (CSAF 2.0, 7.2.3).
    pub fn is_trusted(&self) -> bool {
        self.role == "csaf_trusted_provider"
    }
}

/// The TLP label of an advisory, in capital letters; empty if it has none.
///
/// # Errors
/// As [`provider`].
pub fn tlp(bytes: &[u8], path: &str, limits: &Limits) -> Result<String, Diagnostic> {
    refuse_page(bytes, path)?;
    let raw: serde_json::Value = json::read(bytes, path, limits)?;
    let label = raw.pointer("/document/distribution/tlp/label").and_then(serde_json::Value::as_str);
    Ok(shorten(label.unwrap_or_default(), 40).to_ascii_uppercase())
}

#[derive(Deserialize)]
struct RawDocument {
    feed: RawContent,
}

#[derive(Deserialize)]
struct RawContent {
    #[serde(default)]
    updated: Option<String>,
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawEntry {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    link: Vec<RawLink>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    updated: Option<String>,
    #[serde(default)]
    content: Option<RawSource>,
}

#[derive(Deserialize)]
struct RawLink {
    rel: String,
    href: String,
}

#[derive(Deserialize)]
struct RawSource {
    #[serde(default)]
    src: Option<String>,
}

/// Reads a ROLIE feed.
///
/// # Errors
/// As [`provider`]; `feed-empty` for a feed without entries where `emptiness` says that it always has some, and the reason
/// of the first entry if none of them is used.
pub fn rolie(
    bytes: &[u8],
    path: &str,
    hosts: &[&str],
    emptiness: Emptiness,
    limits: &Limits,
) -> Result<Rolie, Diagnostic> {
    refuse_page(bytes, path)?;
    let raw: RawDocument = json::read(bytes, path, limits)?;
    let place = Place::file(path);
    if raw.feed.entry.is_empty() && emptiness == Emptiness::NeverEmpty {
        return Err(Diagnostic::new(Code::FeedEmpty, place));
    }
    let mut diagnostics = Vec::new();
    let updated = moments::field(raw.feed.updated.as_deref(), "updated", &place, &mut diagnostics);
    let mut entries = Vec::new();
    let mut first = None;
    for (number, raw) in raw.feed.entry.into_iter().enumerate() {
        let place = Place::file(path).at_field(format!("/feed/entry/{number}"));
        match entry(raw, &place, hosts, &mut diagnostics) {
            Ok(entry) => entries.push(entry),
            Err(told) => {
                first.get_or_insert_with(|| told.clone());
                diagnostics.push(told);
            }
        }
    }
    match first {
        Some(told) if entries.is_empty() => Err(told),
        _ => Ok(Rolie { updated, entries, diagnostics }),
    }
}

fn entry(
    raw: RawEntry,
    place: &Place,
    hosts: &[&str],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<RolieEntry, Diagnostic> {
    let missing = |field: &str| Diagnostic::new(Code::FieldMissing, place.clone()).with("field", field);
    let links =
        |rel: &'static str| raw.link.iter().filter(move |link| link.rel == rel).map(|link| &link.href);
    let document =
        raw.content.as_ref().and_then(|content| content.src.as_ref()).or_else(|| links("self").next());
    let document = document.ok_or_else(|| missing("content.src"))?;
    let url = fetchable(document, hosts).map_err(|refusal| refusal.told(document, place))?;
    let id = shorten(&raw.id, 200);
    if id.is_empty() {
        return Err(missing("id"));
    }
    let mut used = |href: &String| match fetchable(href, hosts) {
        Ok(url) => Some(url),
        Err(refusal) => {
            diagnostics.push(refusal.told(href, place));
            None
        }
    };
    let hashes = links("hash").filter_map(&mut used).collect();
    let signature = links("signature").find_map(&mut used);
    let published = moments::field(raw.published.as_deref(), "published", place, diagnostics);
    let updated = moments::field(raw.updated.as_deref(), "updated", place, diagnostics);
    Ok(RolieEntry { id, title: shorten(&raw.title, 300), url, published, updated, hashes, signature })
}

/// Reads `changes.csv`: path and time of the last change, without a heading. `folder` is the address of its folder.
///
/// # Errors
/// `file-empty` also for a list without files, `page-instead-of-data`, `encoding-invalid`, `csv-invalid`,
/// `line-too-long`, `list-too-long`; `field-invalid` for a row that has not two fields. If no row is left, the reason of the
/// first one.
pub fn changes(bytes: &[u8], path: &str, folder: &str, limits: &Limits) -> Result<Files, Diagnostic> {
    let text = listed(bytes, path)?;
    rows(&text, path, limits.line)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut files = Files::default();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let told = Diagnostic::new(Code::CsvInvalid, Place::file(path));
            told.with("reason", shorten(&error.to_string(), 200))
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let place = Place::file(path).at_line(line);
        let (Some(file), Some(time), 2) = (record.get(0), record.get(1), record.len()) else {
            let told = Diagnostic::new(Code::FieldInvalid, place).with("field", "row");
            return Err(told.with("value", record.len()).with("expected", "a file and a time"));
        };
        let changed = moments::field(Some(time), "time", &place, &mut files.diagnostics);
        files.add(folder, file, changed, place, limits)?;
    }
    files.in_use(path)
}

/// Reads `index.txt`: one path on each line. `folder` is the address of its folder.
///
/// # Errors
/// As [`changes`].
pub fn index(bytes: &[u8], path: &str, folder: &str, limits: &Limits) -> Result<Files, Diagnostic> {
    let text = listed(bytes, path)?;
    let mut files = Files::default();
    for (number, line) in rows(&text, path, limits.line)? {
        files.add(folder, line, None, Place::file(path).at_line(number), limits)?;
    }
    files.in_use(path)
}

fn listed(bytes: &[u8], path: &str) -> Result<String, Diagnostic> {
    refuse_page(bytes, path)?;
    text::decode(bytes, Legacy::Refused, path).map(|decoded| decoded.text.into_owned())
}

impl Files {
    fn add(
        &mut self,
        folder: &str,
        file: &str,
        changed: Option<Timestamp>,
        place: Place,
        limits: &Limits,
    ) -> Result<(), Diagnostic> {
        if self.files.len() >= limits.entries {
            return Err(Diagnostic::new(Code::ListTooLong, place).with("limit", limits.entries));
        }
        match below(folder, file) {
            Err(refusal) => self.diagnostics.push(refusal.told(file, &place)),
            Ok(url) => {
                // The newest time of a file that stands twice.
                let known = self.files.entry(url).or_default();
                *known = (*known).max(changed);
            }
        }
        Ok(())
    }

    fn in_use(self, path: &str) -> Result<Files, Diagnostic> {
        if !self.files.is_empty() {
            return Ok(self);
        }
        let refused = self.diagnostics.into_iter().find(|told| told.code == Code::AddressRefused);
        Err(refused.unwrap_or_else(|| Diagnostic::new(Code::FileEmpty, Place::file(path))))
    }
}

#[cfg(test)]
#[path = "csaf_provider_tests.rs"]
mod tests;
