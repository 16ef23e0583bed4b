//! RustSec advisories as they stand in their repository: Markdown that begins with a block of TOML, or TOML alone.
//!
//! Source: RustSec advisory database, README ("Advisory Format"); `rustsec::advisory` (`Metadata`, `Versions`).
//!
//! The meaning is that of the OSV record of the same id: what is neither patched nor unaffected is affected
//! (see `super::requirement`); `informational` is no vulnerability; `related` never aliases.

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, CvssOpinion, ProductRef, Status,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::VersionClaim;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::requirement::{Dialect, claim_of_lists};
use super::{Reading, dates, informational, one_to_one, package};
use crate::limits::Limits;
use crate::text::shorten;

const ECOSYSTEM: &str = "crates.io";
/// Longest summary that is kept, in characters.
const SUMMARY: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;
/// What the template of the database has for an id.
const TEMPLATE: &str = "RUSTSEC-0000-0000";
/// Longest block of TOML. Genuine ones have at most a few kilobytes.
const LARGEST: usize = 1 << 20;

/// Reads one advisory.
pub fn read(text: &str, path: &str, _limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Rustsec, "RustSec");
    let Some(parts) = parts(text) else {
        let diagnostic = Diagnostic::new(Code::TomlInvalid, Place::file(path));
        reading.reject(diagnostic.with("reason", "the ```toml block does not end"));
        return reading;
    };
    if parts.toml.len() > LARGEST {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Place::file(path));
        reading.reject(diagnostic.with("size", parts.toml.len()).with("limit", LARGEST));
        return reading;
    }
    match DeTable::parse(parts.toml) {
        Ok(root) => add(root.get_ref(), &parts, path, &mut reading),
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let before = parts.toml.get(..offset).unwrap_or_default();
            let line = parts.first_line + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64;
            let diagnostic = Diagnostic::new(Code::TomlInvalid, Place::file(path).at_line(line));
            reading.reject(diagnostic.with("reason", shorten(error.message(), 200)));
        }
    }
    reading
}

/// The parts of a document.
struct Parts<'a> {
    toml: &'a str,
    /// Line of the file at which the TOML begins, from 1.
    first_line: u64,
    /// What follows the TOML; empty for TOML alone.
    markdown: &'a str,
}

/// `None` if the block of TOML never ends.
fn parts(text: &str) -> Option<Parts<'_>> {
    let body = text.trim_start();
    let skipped = text.len() - body.len();
    let Some(inside) = body.strip_prefix("```toml") else {
        return Some(Parts { toml: text, first_line: 1, markdown: "" });
    };
    let before = text.get(..skipped).unwrap_or_default();
    let first_line = memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64 + 1;
    let end = inside.find("\n```")?;
    let markdown = inside.get(end + 4..).unwrap_or_default();
    Some(Parts { toml: inside.get(..end).unwrap_or_default(), first_line, markdown })
}

impl Parts<'_> {
    /// The first heading, which is the title.
    fn title(&self) -> Option<&str> {
        self.markdown.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim)
    }

    /// The text below the title.
    fn description(&self) -> &str {
        match self.markdown.split_once("\n# ") {
            Some((_, rest)) => rest.split_once('\n').map_or("", |(_, text)| text),
            None => self.markdown,
        }
    }
}

/// The `[advisory]` table.
struct Head<'t, 'i>(&'t DeTable<'i>);

impl<'t> Head<'t, '_> {
    fn text(&self, key: &str) -> Option<&'t str> {
        let value = self.0.get(key)?.get_ref();
        match value {
            DeValue::String(text) => Some(text.as_ref()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// A date, which old advisories write without quotes.
    fn date(&self, key: &str) -> Option<String> {
        match self.0.get(key)?.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => None,
        }
    }

    fn texts(&self, key: &str) -> Vec<&'t str> {
        texts(self.0, key).unwrap_or_default()
    }
}

/// The texts of a list; `None` if there is no such list.
fn texts<'t>(table: &'t DeTable<'_>, key: &str) -> Option<Vec<&'t str>> {
    let list = table.get(key)?.get_ref().as_array()?;
    Some(list.iter().filter_map(|item| item.get_ref().as_str()).collect())
}

fn add(root: &DeTable<'_>, parts: &Parts<'_>, path: &str, reading: &mut Reading) {
    let place = Place::file(path).at_line(parts.first_line);
    let table = |key: &str| root.get(key).map(Spanned::get_ref).and_then(DeValue::as_table);
    let Some(head) = table("advisory").map(Head) else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "advisory"));
        return;
    };
    for field in ["id", "package"] {
        if head.text(field).is_none() {
            let field = format!("advisory.{field}");
            reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", field));
            return;
        }
    }
    let id = head.text("id").unwrap_or_default();
    if id == TEMPLATE {
        reading.diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, place));
        return;
    }
    let mut advisory = Advisory::new(id, "RustSec", AdvisoryFormat::Rustsec);
    advisory.language = Some("en".to_owned());
    advisory.title = parts.title().or(head.text("title")).unwrap_or_default().to_owned();
    let mut time = |key| dates::field(head.date(key).as_deref(), key, &place, &mut reading.diagnostics);
    advisory.published = time("date");
    // A withdrawal whose date cannot be read is a withdrawal all the same.
    let withdrawn = time("withdrawn");
    advisory.withdrawn =
        withdrawn.or(head.date("withdrawn").and(advisory.published.or(Some(jiff::Timestamp::UNIX_EPOCH))));
    advisory.references = references(&head, id);
    advisory.vulnerabilities =
        vulnerabilities(&head, &advisory.title, parts, &place, &mut reading.diagnostics);
    advisory.affected = vec![statement(&head, table("versions"), &place, &mut reading.diagnostics)];
    if advisory.withdrawn.is_some() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithdrawn, place).with("id", id));
    }
    reading.seen(advisory.published.max(withdrawn));
    reading.advisories.push(advisory);
}

fn references(head: &Head<'_, '_>, id: &str) -> Vec<String> {
    let own = format!("https://rustsec.org/advisories/{id}.html");
    let others = head.text("url").into_iter().chain(head.texts("references")).map(str::to_owned);
    std::iter::once(own).chain(others).take(REFERENCES).collect()
}

fn vulnerabilities(
    head: &Head<'_, '_>,
    title: &str,
    parts: &Parts<'_>,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AdvisedVulnerability> {
    let kind = informational::kind(head.text("informational"), place, diagnostics);
    let cvss: Vec<CvssOpinion> = match head.text("cvss").map(str::trim) {
        Some(vector) if vector.starts_with("CVSS:") => {
            vec![CvssOpinion { vector: vector.to_owned(), printed_x10: None }]
        }
        Some(other) => {
            let diagnostic = Diagnostic::new(Code::CvssInvalid, place.clone());
            let diagnostic = diagnostic.with("vector", shorten(other, 120));
            diagnostics.push(diagnostic.with("reason", "does not begin with CVSS:"));
            Vec::new()
        }
        None => Vec::new(),
    };
    let text = if title.trim().is_empty() { parts.description() } else { title };
    let summary = shorten(text, SUMMARY);
    one_to_one::of_aliases(head.text("id").unwrap_or_default(), &head.texts("aliases"))
        .into_iter()
        .map(|identity| AdvisedVulnerability {
            id: identity.id,
            aliases: identity.aliases,
            kind,
            summary: summary.clone(),
            cvss: cvss.clone(),
            ..AdvisedVulnerability::default()
        })
        .collect()
}

fn statement(
    head: &Head<'_, '_>,
    versions: Option<&DeTable<'_>>,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Affected {
    let name = head.text("package").unwrap_or_default();
    // Advisories about the toolchain itself have CVE numbers for ids; what they name is no package of the registry.
    let product = if head.text("id").is_some_and(|id| id.starts_with("RUSTSEC-")) {
        ProductRef {
            ecosystem: Some(ECOSYSTEM.to_owned()),
            package: Some(name.to_owned()),
            purl: package::derive_purl(ECOSYSTEM, name),
            ..ProductRef::default()
        }
    } else {
        ProductRef {
            vendor: Some("Rust".to_owned()),
            product: Some(name.to_owned()),
            ..ProductRef::default()
        }
    };
    // Up to 2019 the lists stood in `[advisory]`.
    let lists = match versions {
        Some(table) => (texts(table, "patched"), texts(table, "unaffected")),
        None => (texts(head.0, "patched_versions"), texts(head.0, "unaffected_versions")),
    };
    let (claim, fixed_versions, text) = match lists {
        (None, None) => {
            let diagnostic = Diagnostic::new(Code::FieldMissing, place.clone());
            diagnostics.push(diagnostic.with("field", "versions.patched"));
            (VersionClaim::undetermined_text(""), Vec::new(), String::new())
        }
        (patched, unaffected) => claim_of_lists(
            &patched.unwrap_or_default(),
            &unaffected.unwrap_or_default(),
            Dialect::Cargo,
            place,
            diagnostics,
        ),
    };
    Affected {
        fixed_versions,
        text,
        pointer: "versions".to_owned(),
        ..Affected::new(product, Status::Affected, claim)
    }
}

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod tests;
