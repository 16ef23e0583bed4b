//! OpenVEX 0.0.x and 0.2.x: statements whether products are affected, by whoever makes or packages them.
//!
//! Source: OpenVEX specification v0.2.0 (and v0.0.1, where vulnerabilities, products and subcomponents are texts);
//! "VEX minimum requirements" (2023). Ubuntu's documents, which put the head into `metadata`, are read too.
//!
//! Decisions:
//!
//! - One advisory per document: a newer issue (`version`) replaces it as a whole, so that a statement that was taken
//!   out is gone.
//! - Of several statements about the same vulnerability in the same product the newest one holds; between equals the
//!   one that stands last, because a document is a sequence.
//! - A status that is not known is under investigation, never *not affected*.
//! - A product is every identifier that it has; hashes name files and are not matched.

mod product;
mod statement;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::Value;
use shindan_domain::advisory::{Advisory, AdvisoryFormat};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::walk::{items, text};
use super::{Reading, dates};
use crate::inventory::collector::Collector;
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;
use statement::Statements;

/// What `@context` begins with.
const CONTEXT: &str = "https://openvex.dev/ns";

/// Reads a document.
pub fn read(document: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::OpenVex, "unknown");
    let value: Value = match json::parse(document, path, limits) {
        Ok(value) => value,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    // Ubuntu writes the head apart from the statements.
    let head = value.get("metadata").filter(|head| head.get("@context").is_some()).unwrap_or(&value);
    if let Some(version) = text(head, "@context").and_then(too_new) {
        let place = Place::file(path).at_field("/@context");
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, place);
        reading.reject(diagnostic.with("format", "OpenVEX").with("version", shorten(version, 40)));
        return reading;
    }
    let mut found = Collector::new(path);
    let mut advisory = read_head(head, &mut found);
    let mut statements = Statements::new(text(head, "timestamp").and_then(time));
    for (number, entry) in items(&value, "statements").enumerate() {
        if !statements.add(entry, &format!("/statements/{number}"), &mut found) {
            reading.rejected += 1;
        }
    }
    let newest = statements.newest();
    statements.finish(&mut advisory);
    if advisory.modified.is_none() {
        advisory.modified = newest;
    }
    reading.source.clone_from(&advisory.source);
    reading.newest = advisory.published.max(advisory.modified).max(newest);
    if advisory.vulnerabilities.is_empty() && reading.rejected == 0 {
        found.push(found.at_field(Code::FieldMissing, "").with("field", "statements"));
        reading.rejected = 1;
    }
    if !advisory.vulnerabilities.is_empty() {
        reading.advisories.push(advisory);
    }
    reading.diagnostics = found.finish();
    reading
}

/// The version of a specification that is not known here: 0.x is read as far as it goes.
fn too_new(context: &str) -> Option<&str> {
    let version = context.strip_prefix(CONTEXT)?.trim_start_matches('/');
    (!version.is_empty() && version != "v0" && !version.starts_with("v0.")).then_some(version)
}

fn read_head(head: &Value, found: &mut Collector<'_>) -> Advisory {
    for field in ["@id", "author", "timestamp"] {
        if text(head, field).is_none() {
            found.push(found.at_field(Code::FieldMissing, "").with("field", field));
        }
    }
    let author = text(head, "author").map_or_else(|| "unknown".to_owned(), |name| shorten(name, 200));
    // A document without a name of its own is known by its path.
    let id = text(head, "@id").unwrap_or(found.path());
    let mut advisory = Advisory::new(shorten(id, 2000), author, AdvisoryFormat::OpenVex);
    advisory.exploitability = true;
    let place = found.place();
    let mut odd = Vec::new();
    let mut date = |name: &str| dates::field(text(head, name), name, &place, &mut odd);
    advisory.published = date("timestamp");
    advisory.modified = date("last_updated").or(advisory.published);
    odd.into_iter().for_each(|diagnostic| found.push(diagnostic));
    advisory.revision = revision(head.get("version"));
    advisory
}

/// `version`: a number, in early documents a text.
fn revision(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn time(text: &str) -> Option<Timestamp> {
    match dates::parse(text) {
        dates::DateText::At(time) => Some(time),
        dates::DateText::Absent | dates::DateText::Unreadable => None,
    }
}
