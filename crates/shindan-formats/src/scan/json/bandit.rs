//! Bandit, JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Object, Word};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

/// Rules on hard-coded passwords.
const PASSWORDS: [&str; 3] = ["B105", "B106", "B107"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    test_id: Word,
    test_name: Word,
    filename: Word,
    line_number: Word,
    line_range: Option<Vec<u64>>,
    code: Word,
    issue_text: Word,
    issue_severity: Word,
    issue_confidence: Word,
    issue_cwe: Option<Cwe>,
    more_info: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cwe {
    id: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    filename: Word,
    reason: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::Bandit, "Bandit", "bandit");
    filling.found.report.ended = filling.time("generated_at", object.word("generated_at").as_deref());
    filling.each("/results", object.raw("results"), |filling, entry: Entry, at| match finding(&entry) {
        Some(result) => filling.push(result),
        None => filling.unreadable(at, "no test_id"),
    });
    filling.each("/errors", object.raw("errors"), |filling, failure: Failure, _| {
        filling.unfinished(&format!("{}: {}", failure.filename.text(), failure.reason.text()));
    });
    let metrics = filling.one::<BTreeMap<String, serde::de::IgnoredAny>>("/metrics", object.raw("metrics"));
    metrics
        .iter()
        .flatten()
        .filter(|(file, _)| *file != "_totals")
        .for_each(|(file, _)| filling.touched(file));
    filling.finish()
}

fn finding(entry: &Entry) -> Option<ScanResult> {
    let rule = entry.test_id.get()?;
    let place = ScanPlace {
        file: place::file(entry.filename.text()),
        line: entry.line_number.number().filter(|line| *line > 0),
        code: Some(text(&code(entry))).filter(|code| !code.is_empty()),
        ..ScanPlace::default()
    };
    let name = entry.test_name.get().unwrap_or(rule);
    let mut result = ScanResult::new(shorten(rule, 80), title(name), FindingKind::Vulnerability, place);
    result.text = text(entry.issue_text.text());
    result.severity = entry.issue_severity.text().to_owned();
    result.confidence = entry.issue_confidence.text().to_owned();
    result.cwe = entry.issue_cwe.iter().flat_map(|cwe| names::cwe(cwe.id.text())).collect();
    names::reference(&mut result, entry.more_info.text());
    if PASSWORDS.contains(&rule) || secrets::sought([name]) || secrets::is_evidence_of(&result.cwe) {
        result.text = secrets::message(&result.text);
        result.place.code = result.place.code.take().map(|code| secrets::code(&code));
    }
    Some(result)
}

/// The lines that are hit, without the numbers before them and the lines around them: both change when code above is changed.
fn code(entry: &Entry) -> String {
    let line = entry.line_number.number::<u64>();
    let range = entry.line_range.as_deref().filter(|range| !range.is_empty());
    let is_hit = |number: u64| range.map_or(Some(number) == line, |range| range.contains(&number));
    // `Word` drops the blank before the first number only.
    let lines = entry.code.text().lines().filter_map(|text| {
        let text = text.trim_start();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number = text.get(..end)?.parse().ok()?;
        is_hit(number).then(|| text.get(end..).unwrap_or_default().trim())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    const REPORT: &str = include_str!("samples/bandit.json");

    #[test]
    fn findings_and_files_that_failed() {
        let report = only(REPORT);
        assert_eq!(
            summary(&report),
            "bandit - unfinished\n\
             B602 HIGH vulnerability a.py:12 cwe 78\nB105 LOW vulnerability a.py:2\n\
             scan-entry-unreadable\nscan-unfinished\nscan-tool-version-missing\n"
        );
        assert_eq!(report.results[0].place.code.as_deref(), Some("call(y, shell=True)"));
        assert!(!format!("{report:?}").contains("hunter2"));
    }

    #[test]
    fn code_further_down_is_the_same_finding() {
        let moved = REPORT.replace("11 import", "41 import").replace("12 call", "42 call");
        let moved = moved.replace("\"line_number\": 12", "\"line_number\": 42").replace(
            "        12
",
            "        42
",
        );
        assert_ne!(only(&moved).results[0].place.line, only(REPORT).results[0].place.line);
        assert_eq!(only(&moved).results[0].place.code, only(REPORT).results[0].place.code);
    }
}
