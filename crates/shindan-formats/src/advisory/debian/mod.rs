//! The Debian security tracker's JSON: per source package and CVE, the state of each release.
//!
//! Source: security-tracker.debian.org, `data/json`, written by `bin/tracker_service.py` (`page_json`) of the tracker.
//!
//! - `resolved` with a `fixed_version`: what is older is affected. With `0`: the release was never affected.
//! - `open`: every version of the release is affected; there is no fix (yet). `nodsa` says why.
//! - `undetermined`: nobody has looked yet.
//!
//! One vulnerability is one advisory, although its packages stand apart in the document. The document has no dates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::purl::normalise_package;
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::{Reading, package};
use crate::json::{self, Str};
use crate::limits::Limits;
use crate::text::shorten;

/// Who says it. Debian's advisories (DSA, DLA) come as OSV records under `Debian`.
const SOURCE: &str = "Debian security tracker";
/// Longest summary that is kept, in characters.
const SUMMARY: usize = 400;
/// How many diagnostics of one code are kept; the tracker has tens of thousands of entries.
const KEPT: usize = 100;

/// One CVE of one package.
#[derive(Debug, Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    description: Option<Str<'a>>,
    #[serde(borrow)]
    releases: BTreeMap<Cow<'a, str>, Release<'a>>,
}

/// The state of one release.
#[derive(Debug, Deserialize)]
struct Release<'a> {
    #[serde(borrow)]
    status: Str<'a>,
    #[serde(borrow, default)]
    fixed_version: Option<Str<'a>>,
    #[serde(borrow, default)]
    urgency: Option<Str<'a>>,
    #[serde(borrow, default)]
    nodsa: Option<Str<'a>>,
    #[serde(borrow, default)]
    nodsa_reason: Option<Str<'a>>,
}

/// Reads the whole document. An entry that cannot be read is rejected with its pointer; the others are kept.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::DebianTracker, SOURCE);
    let mut tracker =
        Tracker { path, limits, reading: &mut reading, places: BTreeMap::new(), told: BTreeMap::new() };
    let outcome = json::parse_into(Sources(&mut tracker), text, path, limits);
    tracker.without_product();
    let further = std::mem::take(&mut tracker.told);
    if let Err(diagnostic) = outcome {
        reading.reject(json::too_deep_at(text, path, limits).unwrap_or(diagnostic));
    }
    for (code, count) in further {
        let more = count.saturating_sub(KEPT);
        let last = reading.diagnostics.iter_mut().rfind(|diagnostic| diagnostic.code == code);
        if let Some(last) = last.filter(|_| more > 0) {
            last.params.insert("further".to_owned(), more.to_string());
        }
    }
    if reading.advisories.is_empty() && reading.rejected == 0 {
        reading.diagnostics.push(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    reading
}

struct Tracker<'r> {
    path: &'r str,
    limits: &'r Limits,
    reading: &'r mut Reading,
    /// Index into the advisories, by CVE.
    places: BTreeMap<String, usize>,
    /// How many diagnostics there were, by code.
    told: BTreeMap<Code, usize>,
}

impl Tracker<'_> {
    fn tell(&mut self, rejected: bool, diagnostic: Diagnostic) {
        let count = self.told.entry(diagnostic.code).or_default();
        *count += 1;
        self.reading.rejected += u64::from(rejected);
        if *count <= KEPT {
            self.reading.diagnostics.push(diagnostic);
        }
    }

    fn add(&mut self, source: &str, id: &str, raw: &RawValue) {
        let pointer = format!("/{}/{}", escaped(source), escaped(id));
        let entry: Entry<'_> = match json::parse(raw.get(), self.path, self.limits) {
            Ok(entry) => entry,
            Err(diagnostic) => {
                // Line and column would count from the start of the entry.
                let place = Place::file(self.path).at_field(pointer);
                self.tell(true, Diagnostic { place, ..diagnostic });
                return;
            }
        };
        let mut statements = Vec::with_capacity(entry.releases.len());
        for (name, release) in &entry.releases {
            let pointer = format!("{pointer}/releases/{}", escaped(name));
            match statement(source, name, release, &pointer) {
                Ok(statement) => statements.push(statement),
                Err((field, value, expected)) => {
                    let place = Place::file(self.path).at_field(pointer);
                    let diagnostic = Diagnostic::new(Code::FieldInvalid, place).with("field", field);
                    let diagnostic = diagnostic.with("value", shorten(&value, 80)).with("expected", expected);
                    self.tell(true, diagnostic);
                }
            }
        }
        let description = entry.description.as_deref().unwrap_or_default();
        let at = self.place_of(id, description, &pointer);
        if let Some(advisory) = self.reading.advisories.get_mut(at) {
            advisory.affected.extend(statements);
        }
    }

    fn without_product(&mut self) {
        let empty = self.reading.advisories.iter().filter(|advisory| advisory.affected.is_empty());
        for id in empty.map(|advisory| advisory.id.clone()).collect::<Vec<_>>() {
            let diagnostic = Diagnostic::new(Code::AdvisoryWithoutProduct, Place::file(self.path));
            self.tell(false, diagnostic.with("id", id));
        }
    }

    /// Index of the advisory about `id`, which is made if there is none.
    fn place_of(&mut self, id: &str, description: &str, pointer: &str) -> usize {
        let list = &mut self.reading.advisories;
        *self.places.entry(id.to_owned()).or_insert_with(|| {
            list.push(Advisory {
                title: shorten(description, SUMMARY),
                language: Some("en".to_owned()),
                vulnerabilities: vec![AdvisedVulnerability {
                    id: id.to_owned(),
                    summary: shorten(description, SUMMARY),
                    ..AdvisedVulnerability::default()
                }],
                references: vec![format!("https://security-tracker.debian.org/tracker/{id}")],
                pointer: pointer.to_owned(),
                ..Advisory::new(id, SOURCE, AdvisoryFormat::DebianTracker)
            });
            list.len() - 1
        })
    }
}

/// What the state of a release says, or the field that makes no sense: name, value, what is expected.
fn statement(
    source: &str,
    name: &str,
    release: &Release<'_>,
    pointer: &str,
) -> Result<Affected, (&'static str, String, &'static str)> {
    let ecosystem = format!("Debian:{name}");
    // An unknown code name would make the statement hold for every release.
    let Some(number) = normalise_package(&ecosystem, source).release else {
        return Err(("releases", name.to_owned(), "code name of a Debian release"));
    };
    let fixed = release.fixed_version.as_deref().map(str::trim).filter(|version| !version.is_empty());
    let (status, versions) = match (release.status.as_str(), fixed) {
        ("resolved", Some("0")) => (Status::NotAffected, VersionClaim::All),
        ("resolved", Some(version)) => {
            (Status::Affected, VersionClaim::ranged(vec![VersionRange::before(Scheme::Deb, version)]))
        }
        ("open", _) => (Status::Affected, VersionClaim::All),
        ("undetermined", _) => (Status::UnderInvestigation, VersionClaim::All),
        ("resolved", None) => return Err(("fixed_version", String::new(), "version of the package")),
        (other, _) => return Err(("status", other.to_owned(), "resolved, open, undetermined")),
    };
    let fixed = fixed.filter(|version| *version != "0" && release.status.as_str() == "resolved");
    let product = ProductRef {
        purl: package::derive_purl("Debian", source),
        ecosystem: Some(format!("Debian:{number}")),
        package: Some(source.to_owned()),
        ..ProductRef::default()
    };
    Ok(Affected {
        fixed_versions: fixed.map(str::to_owned).into_iter().collect(),
        impact: outlook(release),
        pointer: pointer.to_owned(),
        ..Affected::new(product, status, versions)
    })
}

/// Why there is no advisory or fix, in the tracker's words: `Minor issue (ignored)`, `unimportant`.
fn outlook(release: &Release<'_>) -> String {
    let mut words = Vec::new();
    if let Some(nodsa) = release.nodsa.as_deref().filter(|text| !text.is_empty()) {
        words.push(match release.nodsa_reason.as_deref().filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("{nodsa} ({reason})"),
            None => nodsa.to_owned(),
        });
    }
    if let Some("unimportant" | "end-of-life") = release.urgency.as_deref() {
        words.extend(release.urgency.as_deref().map(str::to_owned));
    }
    shorten(&words.join("; "), SUMMARY)
}

/// A reference token of a JSON pointer (RFC 6901, section 3).
fn escaped(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The outermost object: source packages.
struct Sources<'t, 'r>(&'t mut Tracker<'r>);

impl<'de> DeserializeSeed<'de> for Sources<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sources<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of source packages")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(source) = entries.next_key::<Str<'de>>()? {
            entries.next_value_seed(Vulnerabilities { tracker: &mut *self.0, source: source.as_str() })?;
        }
        Ok(())
    }
}

/// The vulnerabilities of one source package.
struct Vulnerabilities<'t, 'r, 's> {
    tracker: &'t mut Tracker<'r>,
    source: &'s str,
}

impl<'de> DeserializeSeed<'de> for Vulnerabilities<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Vulnerabilities<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of vulnerabilities")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some((id, raw)) = entries.next_entry::<Str<'de>, &'de RawValue>()? {
            self.tracker.add(self.source, id.as_str(), raw);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
