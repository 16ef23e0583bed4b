//! CVRF 1.1 and 1.2, the XML forerunner of CSAF: Microsoft's monthly documents, Fortinet, Cisco.
//!
//! Source: ICASI Common Vulnerability Reporting Framework 1.1 (2012-05); OASIS CSAF CVRF 1.2 (2017-09-13). Documents are
//! read tolerantly: elements are known by their local names, because makers leave out namespaces (Fortinet) and write
//! scores of CVSS 3 where 1.1 knows CVSS 2 only (Microsoft).
//!
//! One document is one advisory. Microsoft's are whole months: there each vulnerability is an advisory of its own, as on
//! the pages of its Security Update Guide.

mod head;
mod remedies;
mod statements;
mod tree;
mod vulnerability;

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat, Affected};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::Reading;
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{self, Element, XmlReader};
use head::Head;
use tree::Tree;
use vulnerability::Described;

/// Length to which texts are cut, in characters.
const SUMMARY: usize = 400;

/// Collects diagnostics of one document, equal ones once: a month repeats a slip for dozens of products.
struct Report<'a> {
    path: &'a str,
    diagnostics: Vec<Diagnostic>,
    told: BTreeSet<(Code, String)>,
}

impl Report<'_> {
    fn place(&self, element: &Element, pointer: &str) -> Place {
        Place::file(self.path).at_line(element.line).at_field(pointer)
    }

    fn push(&mut self, code: Code, place: Place, params: &[(&str, &str)]) {
        let key = params.iter().map(|(name, value)| format!("{name}={value};")).collect();
        if !self.told.insert((code, key)) {
            return;
        }
        let mut diagnostic = Diagnostic::new(code, place);
        for (name, value) in params {
            diagnostic = diagnostic.with(name, shorten(value, 200));
        }
        self.diagnostics.push(diagnostic);
    }
}

/// Reads a CVRF document. What stands in front of a damaged place is kept, with a diagnostic about the rest.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Cvrf, "unknown");
    let text = match xml::decode(bytes, path) {
        Ok(text) => text,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let mut reader = match XmlReader::open(&text, path, limits) {
        Ok(reader) => reader,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let mut report = Report { path, diagnostics: Vec::new(), told: BTreeSet::new() };
    let mut document = Document::default();
    loop {
        match reader.next_child() {
            Ok(Some(element)) => document.take(&element, &mut report),
            Ok(None) => break,
            Err(diagnostic) => {
                reading.reject(diagnostic);
                break;
            }
        }
    }
    document.finish(&mut reading, &mut report);
    reading.diagnostics.append(&mut report.diagnostics);
    reading
}

/// What was read of a document so far.
#[derive(Default)]
struct Document {
    head: Head,
    tree: Tree,
    vulnerabilities: Vec<Described>,
}

impl Document {
    fn take(&mut self, element: &Element, report: &mut Report<'_>) {
        match element.name.local.as_str() {
            "ProductTree" => self.tree = tree::read(element, report),
            "Vulnerability" => {
                let number = self.vulnerabilities.len() + 1;
                let microsoft = self.head.is_microsoft();
                self.vulnerabilities
                    .push(vulnerability::read(element, number, microsoft, &self.tree, report));
            }
            _ => self.head.take(element, report),
        }
    }

    fn finish(mut self, reading: &mut Reading, report: &mut Report<'_>) {
        let Some(id) = self.head.id.take() else {
            let place = Place::file(report.path).at_field("/cvrfdoc/DocumentTracking/Identification");
            // A document that broke off in front of it has told that already.
            if reading.rejected == 0 {
                reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "ID"));
            }
            return;
        };
        reading.source = self.head.source(&self.tree);
        if self.vulnerabilities.is_empty() {
            let place = Place::file(report.path);
            report.push(Code::FileSkipped, place, &[("hint", "CVRF document without vulnerabilities")]);
        } else if self.head.is_microsoft() {
            self.month(&id, reading, report);
        } else {
            self.one(&id, reading, report);
        }
        reading.seen(self.head.published.max(self.head.modified));
        for advisory in &reading.advisories {
            reading.newest = reading.newest.max(advisory.modified);
        }
    }

    /// The advisory with what the head of the document says.
    fn advisory(&self, id: &str, source: &str) -> Advisory {
        Advisory {
            title: self.head.title.clone(),
            language: self.head.language.clone(),
            published: self.head.published,
            modified: self.head.modified,
            ..Advisory::new(id, source, AdvisoryFormat::Cvrf)
        }
    }

    /// One advisory about all vulnerabilities. Two entries with the same CVE are one vulnerability.
    fn one(&mut self, id: &str, reading: &mut Reading, report: &mut Report<'_>) {
        let mut advisory = self.advisory(id, &reading.source);
        advisory.references.clone_from(&self.head.references);
        let total = self.vulnerabilities.len();
        let mut statements: Vec<Affected> = Vec::new();
        for described in std::mem::take(&mut self.vulnerabilities) {
            let name = described.id.clone().unwrap_or_else(|| numbered(id, described.number, total));
            advisory.supersedes.extend(described.supersedes.iter().cloned());
            advisory.references.extend(described.references.iter().cloned());
            let pointer = format!("/cvrfdoc/Vulnerability[{}]", described.number);
            let vulnerability = described.vulnerability(name, &self.head.summary);
            let index = place_of(vulnerability, &mut advisory.vulnerabilities, &pointer, report);
            statements.extend(
                described.statements.into_iter().map(|s| Affected { vulnerabilities: vec![index], ..s }),
            );
        }
        advisory.affected = statements::merged(statements, advisory.vulnerabilities.len());
        keep(advisory, reading, report);
    }

    /// Each vulnerability an advisory of its own.
    fn month(&mut self, month: &str, reading: &mut Reading, report: &mut Report<'_>) {
        let total = self.vulnerabilities.len();
        for described in std::mem::take(&mut self.vulnerabilities) {
            let id = described.id.clone().unwrap_or_else(|| numbered(month, described.number, total));
            let mut advisory = self.advisory(&id, &reading.source);
            if !described.title.is_empty() {
                advisory.title.clone_from(&described.title);
            }
            advisory.published = described.first.or(advisory.published);
            advisory.modified = described.last.or(advisory.modified);
            advisory.pointer = format!("/cvrfdoc/Vulnerability[{}]", described.number);
            advisory.references =
                own_page(&id).into_iter().chain(described.references.iter().cloned()).collect();
            advisory.supersedes.clone_from(&described.supersedes);
            advisory.vulnerabilities = vec![described.vulnerability(id, "")];
            advisory.affected = statements::merged(described.statements, 1);
            keep(advisory, reading, report);
        }
    }
}

/// The page of Microsoft's Security Update Guide.
fn own_page(id: &str) -> Option<String> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| format!("https://msrc.microsoft.com/update-guide/vulnerability/{id}"))
}

/// The identifier of a vulnerability without a CVE.
fn numbered(document: &str, number: usize, total: usize) -> String {
    if total == 1 { document.to_owned() } else { format!("{document}#{number}") }
}

fn keep(mut advisory: Advisory, reading: &mut Reading, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    advisory.references.retain(|reference| seen.insert(reference.clone()));
    advisory.supersedes.sort();
    advisory.supersedes.dedup();
    if advisory.affected.is_empty() {
        let place = Place::file(report.path).at_field(&advisory.pointer);
        report.push(Code::AdvisoryWithoutProduct, place, &[("id", &advisory.id)]);
    }
    reading.advisories.push(advisory);
}

/// Adds a vulnerability or completes the one with the same id; returns its index.
fn place_of(
    new: AdvisedVulnerability,
    list: &mut Vec<AdvisedVulnerability>,
    pointer: &str,
    report: &mut Report<'_>,
) -> u32 {
    let index = match list.iter().position(|v| v.id == new.id) {
        Some(index) => {
            let place = Place::file(report.path).at_field(pointer);
            report.push(Code::DuplicateIdentifier, place, &[("field", "CVE"), ("value", &new.id)]);
            if let Some(first) = list.get_mut(index) {
                let more: Vec<_> = new.cvss.into_iter().filter(|c| !first.cvss.contains(c)).collect();
                first.cvss.extend(more);
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
