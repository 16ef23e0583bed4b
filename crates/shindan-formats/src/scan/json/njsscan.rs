//! njsscan and mobsfscan, JSON. A rule without files says that a safeguard is missing from the program as a whole.

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word, Words};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    files: Many<Found>,
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    file_path: Word,
    match_lines: Option<Vec<i64>>,
    match_string: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    cwe: Words,
    description: Word,
    severity: Word,
    reference: Words,
}

/// Reads a report of either tool.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mobile = object.has("mobsfscan_version");
    let name = if mobile { "mobsfscan" } else { "njsscan" };
    let mut filling = Filling::new(path, ScanFormat::Njsscan, name, name);
    filling.found.report.tool.version = object.word(&format!("{name}_version"));
    for part in ["nodejs", "templates", "results"] {
        filling.each_named(&format!("/{part}"), object.raw(part), |filling, id, rule: Rule, _| {
            if rule.files.is_empty() {
                filling.push(finding(id, &rule, None));
            }
            for file in rule.files.iter() {
                filling.push(finding(id, &rule, Some(file)));
            }
        });
    }
    let errors: Words = filling.one("/errors", object.raw("errors")).unwrap_or_default();
    errors.iter().for_each(|error| filling.unfinished(error));
    filling.finish()
}

fn finding(id: &str, rule: &Rule, file: Option<&Found>) -> ScanResult {
    let mut place = ScanPlace::default();
    if let Some(found) = file {
        place.file = place::file(found.file_path.text());
        let line = found.match_lines.as_ref().and_then(|lines| lines.first().copied());
        place.line = line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
        place.code = found.match_string.get().map(text);
    }
    let mut result = ScanResult::new(shorten(id, 400), title(id), FindingKind::Vulnerability, place);
    result.text = text(rule.metadata.description.text());
    result.severity = rule.metadata.severity.text().to_owned();
    result.cwe = rule.metadata.cwe.iter().flat_map(names::cwe).collect();
    rule.metadata.reference.iter().for_each(|page| names::reference(&mut result, page));
    if file.is_none() {
        result.kind = FindingKind::Misconfiguration;
    }
    if secrets::sought([id]) || secrets::is_evidence_of(&result.cwe) {
        result.place.code = result.place.code.take().map(|code| secrets::code(&code));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn both_tools() {
        let report = only(include_str!("samples/njsscan.json"));
        assert_eq!(
            summary(&report),
            "njsscan 0.3.1 not-told\nnode_md5 WARNING vulnerability hash.js:4 cwe 327\nnode_md5 WARNING vulnerability b.js:7 cwe 327\nscan-entry-unreadable\n"
        );
        let report = only(include_str!("samples/njsscan-2.json"));
        assert_eq!(
            summary(&report),
            "mobsfscan 0.1 unfinished\nandroid_root_detection INFO misconfiguration cwe 919\nhardcoded_secret ERROR vulnerability a.kt:1\nscan-unfinished\n"
        );
        assert!(!format!("{report:?}").contains("hunter2"));
    }
}
