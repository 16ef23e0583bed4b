//! CSAF 2.0 and 2.1: security advisories and VEX documents, above all those of CISA for industrial and medical devices.
//!
//! Source: OASIS Common Security Advisory Framework 2.0 (2022-11-18) and 2.1 (schema of 2026-08). Documents are read
//! tolerantly: whatever is well-formed is used, whatever is not is reported.
//!
//! Decisions:
//!
//! - A document of the category `csaf_vex` speaks about its products as wholes: what is said of a part holds inside the
//!   whole only. In other documents the other side of a relationship is a condition.
//! - `csaf_withdrawn` and `csaf_superseded` (2.1) take the document of the same id back.
//! - TLP and sharing groups say to whom a document may be shown; they do not change what is read.

mod checks;
mod details;
mod fixed;
mod metrics;
mod microsoft;
mod packages;
mod paths;
mod reasons;
mod shapes;
mod statements;
mod tree;
mod versions;

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod maker_tests;
#[cfg(test)]
mod newer_tests;
#[cfg(test)]
mod tests;

use serde_json::Value;
use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat, Enrichment, EpssEntry};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;

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
            if let Some(Found { advisory, epss }) = found {
                reading.advisories.push(advisory);
                reading.enrichments.extend(epss.into_iter().map(Enrichment::Epss));
            }
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

/// What a document yields.
struct Found {
    advisory: Advisory,
    epss: Vec<EpssEntry>,
}

impl Found {
    fn of(advisory: Advisory) -> Found {
        Found { advisory, epss: Vec::new() }
    }
}

/// The advisory of a document; `None` if it describes no vulnerability.
fn document(value: &Value, report: &mut Report<'_>) -> Result<Option<Found>, Diagnostic> {
    let missing = |pointer: &str, field: &str| {
        Diagnostic::new(Code::FieldMissing, Place::file(report.path).at_field(pointer)).with("field", field)
    };
    let Some(document) = value.get("document").filter(|d| d.is_object()) else {
        return Err(missing("", "document"));
    };
    match text(document, "csaf_version") {
        Some("2.0" | "2.1") => {}
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
    let vulnerabilities: Vec<&Value> = items(value, "vulnerabilities").collect();
    let tree = tree::read(value, report);
    checks::ranges_under_version(&tree, report);
    checks::extensions(value, report);
    if is_vex(document) {
        checks::vex(&vulnerabilities, &tree, report);
    }
    let mut advisory = head(id, document, tracking, report);
    if matches!(text(document, "category"), Some("csaf_withdrawn" | "csaf_superseded")) {
        return Ok(taken_back(advisory, report).map(Found::of));
    }
    if vulnerabilities.is_empty() {
        // Informational advisories and withdrawals: nothing that could be matched, and worth a word.
        report.push(Code::FileSkipped, "", &[("hint", "CSAF document without vulnerabilities")]);
        return Ok(None);
    }
    advisory.references = details::references(document, &vulnerabilities);
    let epss = body(&mut advisory, &vulnerabilities, document, &tree, report);
    microsoft::complete(&mut advisory, &vulnerabilities, document, &tree);
    if advisory.affected.is_empty() {
        report.push(Code::AdvisoryWithoutProduct, "", &[("id", id)]);
    }
    Ok(Some(Found { advisory, epss }))
}

fn is_vex(document: &Value) -> bool {
    text(document, "category") == Some("csaf_vex")
}

/// The advisory of a document that takes an earlier one of its id back; `None` (told) if it does not say when.
fn taken_back(mut advisory: Advisory, report: &mut Report<'_>) -> Option<Advisory> {
    let Some(time) = advisory.modified.or(advisory.published) else {
        report.push(Code::FileSkipped, "", &[("hint", "CSAF document withdrawn at an unknown time")]);
        return None;
    };
    advisory.withdrawn = Some(time);
    advisory.vulnerabilities.push(AdvisedVulnerability {
        id: advisory.id.clone(),
        summary: shorten(&advisory.title, 400),
        ..AdvisedVulnerability::default()
    });
    report.push(Code::AdvisoryWithdrawn, "/document/category", &[("id", &advisory.id)]);
    Some(advisory)
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
        exploitability: is_vex(document),
        supersedes: Vec::new(),
        references: Vec::new(),
        document: 0,
        pointer: String::new(),
    }
}

/// Vulnerabilities and statements; returns the EPSS scores beside them. Two entries with the same CVE (6.1.23) are one vulnerability.
fn body(
    advisory: &mut Advisory,
    values: &[&Value],
    document: &Value,
    tree: &tree::Tree,
    report: &mut Report<'_>,
) -> Vec<EpssEntry> {
    let notes = items(document, "notes").find(|n| text(n, "category") == Some("summary"));
    let notes = notes.and_then(|n| text(n, "text"));
    let mut epss = Vec::new();
    let mut statements = Statements::new(tree, advisory.exploitability);
    for (position, value) in values.iter().enumerate() {
        let pointer = format!("/vulnerabilities/{position}");
        let id = details::identifier(value, &advisory.id, position, values.len());
        let metrics = metrics::of(value, &pointer);
        if is_cve(&id) {
            epss.extend(metrics::epss(&metrics, &id, report));
        }
        let vulnerability = details::vulnerability(value, id, notes, &metrics, &pointer, report);
        let index = place_of(vulnerability, &mut advisory.vulnerabilities, &pointer, report);
        checks::vulnerability(value, &metrics, &pointer, tree, report);
        statements.add(value, index, &pointer, report);
    }
    advisory.affected = statements.finish(advisory.vulnerabilities.len());
    epss
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
