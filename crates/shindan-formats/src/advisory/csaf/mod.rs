//! CSAF 2.0: security advisories and VEX documents, above all those of CISA for industrial and medical devices.
//!
//! Source: OASIS Common Security Advisory Framework 2.0 (2022-11-18). Documents are read tolerantly: whatever is
//! well-formed is used, whatever is not is reported. CSAF 2.1 is recognised and refused.

mod checks;
mod details;
mod fixed;
mod packages;
mod shapes;
mod statements;
mod tree;
mod versions;

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod maker_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::walk::{items, text};
use super::{Reading, dates};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;
use statements::Statements;
use tree::Report;

/// Reads a CSAF document (UTF-8, with or without byte order mark).
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Csaf, "unknown");
    let mut value: Value = match json::read(bytes, path, limits) {
        Ok(value) => value,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let mut report = Report { path, diagnostics: Vec::new() };
    shapes::mend(&mut value, &mut report);
    match document(&value, &mut report) {
        Ok(found) => {
            reading.source = source(&value);
            reading.advisories.extend(found);
        }
        Err(diagnostic) => reading.reject(diagnostic),
    }
    for advisory in &reading.advisories {
        reading.newest = reading.newest.max(advisory.published).max(advisory.modified);
    }
    reading.diagnostics.append(&mut report.diagnostics);
    reading
}

/// `publisher.name`, as written.
fn source(value: &Value) -> String {
    let publisher = value.get("document").and_then(|document| document.get("publisher"));
    publisher.and_then(|p| text(p, "name")).map_or_else(|| "unknown".to_owned(), |name| shorten(name, 100))
}

/// The advisory of a document; `None` if it describes no vulnerability.
fn document(value: &Value, report: &mut Report<'_>) -> Result<Option<Advisory>, Diagnostic> {
    let missing = |pointer: &str, field: &str| {
        Diagnostic::new(Code::FieldMissing, Place::file(report.path).at_field(pointer)).with("field", field)
    };
    let Some(document) = value.get("document").filter(|d| d.is_object()) else {
        return Err(missing("", "document"));
    };
    match text(document, "csaf_version") {
        Some("2.0") => {}
        Some(other) => {
            return Err(Diagnostic::new(
                Code::FormatUnsupported,
                Place::file(report.path).at_field("/document/csaf_version"),
            )
            .with("format", "CSAF")
            .with("version", shorten(other, 40)));
        }
        None => return Err(missing("/document", "csaf_version")),
    }
    let empty = Value::Null;
    let tracking = document.get("tracking").unwrap_or(&empty);
    let Some(id) = text(tracking, "id") else { return Err(missing("/document/tracking", "id")) };
    required(document, tracking, report);
    let vulnerabilities: Vec<Value> = items(value, "vulnerabilities").cloned().collect();
    checks::vex(document, &vulnerabilities, report);
    let tree = tree::read(value, report);
    checks::ranges_under_version(&tree, report);
    if vulnerabilities.is_empty() {
        // Informational advisories and withdrawals: nothing that could be matched, and worth a word.
        report.push(Code::FileSkipped, "", &[("hint", "CSAF document without vulnerabilities")]);
        return Ok(None);
    }
    let mut advisory = head(id, document, tracking, report);
    let values: Vec<&Value> = vulnerabilities.iter().collect();
    advisory.references = details::references(document, &values);
    body(&mut advisory, &values, document, &tree, report);
    if advisory.affected.is_empty() {
        report.push(Code::AdvisoryWithoutProduct, "", &[("id", id)]);
    }
    Ok(Some(advisory))
}

/// Fields that the schema requires and that are used here.
fn required(document: &Value, tracking: &Value, report: &mut Report<'_>) {
    let publisher = document.get("publisher").and_then(|p| text(p, "name"));
    let fields = [
        ("/document", "title", text(document, "title").is_some()),
        ("/document", "category", text(document, "category").is_some()),
        ("/document/publisher", "name", publisher.is_some()),
        ("/document/tracking", "current_release_date", text(tracking, "current_release_date").is_some()),
        ("/document/tracking", "initial_release_date", text(tracking, "initial_release_date").is_some()),
    ];
    for (pointer, field, _) in fields.into_iter().filter(|(_, _, present)| !present) {
        report.push(Code::FieldMissing, pointer, &[("field", field)]);
    }
}

fn head(id: &str, document: &Value, tracking: &Value, report: &mut Report<'_>) -> Advisory {
    let place = report.place("/document/tracking");
    let mut date = |name: &str| dates::field(text(tracking, name), name, &place, &mut report.diagnostics);
    let (published, modified) = (date("initial_release_date"), date("current_release_date"));
    Advisory {
        id: id.to_owned(),
        source: document
            .get("publisher")
            .and_then(|p| text(p, "name"))
            .map_or_else(|| "unknown".to_owned(), |name| shorten(name, 100)),
        format: AdvisoryFormat::Csaf,
        title: shorten(text(document, "title").unwrap_or_default(), 1000),
        language: text(document, "lang").map(str::to_owned),
        published,
        modified,
        revision: None,
        withdrawn: None,
        vulnerabilities: Vec::new(),
        affected: Vec::new(),
        exploitability: false,
        supersedes: Vec::new(),
        references: Vec::new(),
        document: 0,
        pointer: String::new(),
    }
}

/// Vulnerabilities and statements. Two entries with the same CVE (6.1.23) are one vulnerability.
fn body(
    advisory: &mut Advisory,
    values: &[&Value],
    document: &Value,
    tree: &tree::Tree,
    report: &mut Report<'_>,
) {
    let notes = items(document, "notes").find(|n| text(n, "category") == Some("summary"));
    let notes = notes.and_then(|n| text(n, "text"));
    let claims: BTreeMap<String, versions::Claim> =
        tree.products.iter().map(|(id, product)| (id.clone(), versions::claim(product))).collect();
    let mut statements = Statements::default();
    for (position, value) in values.iter().enumerate() {
        let pointer = format!("/vulnerabilities/{position}");
        let id = details::identifier(value, &advisory.id, position, values.len());
        let vulnerability = details::vulnerability(value, id, notes, &pointer, report);
        let index = place_of(vulnerability, &mut advisory.vulnerabilities, &pointer, report);
        checks::vulnerability(value, &pointer, tree, report);
        statements.add(value, index, &pointer, tree, &claims, report);
    }
    advisory.affected = statements.finish(advisory.vulnerabilities.len());
}

/// Adds a vulnerability or completes the one with the same id; returns its index.
fn place_of(
    new: AdvisedVulnerability,
    list: &mut Vec<AdvisedVulnerability>,
    pointer: &str,
    report: &mut Report<'_>,
) -> u32 {
    let known = list.iter().position(|v| v.id == new.id);
    let index = match known {
        Some(index) => {
            report.push(Code::DuplicateIdentifier, pointer, &[("field", "cve"), ("value", &new.id)]);
            if let Some(first) = list.get_mut(index) {
                first
                    .cvss
                    .extend(new.cvss.into_iter().filter(|c| !first.cvss.contains(c)).collect::<Vec<_>>());
                first.remediations.extend(new.remediations);
            }
            index
        }
        None => {
            list.push(new);
            list.len() - 1
        }
    };
    // A document of four thousand million vulnerabilities does not fit the size limit.
    u32::try_from(index).unwrap_or(u32::MAX)
}
