//! Lynis, `lynis-report.dat`. Source: Lynis 3, `include/report`, `include/functions` (`Report`, `ReportWarning`, `ReportSuggestion`).
//!
//! One check can make several suggestions (one for each file system, one for each protocol), and only their words tell them apart.

use std::collections::BTreeSet;

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::identifier::FindingKind;

use crate::limits::Limits;
use crate::scan::collected::{self, At, Collected};

/// How much of the beginning is looked at.
const BEGINNING: usize = 4_096;

pub(super) fn is_report(text: &str) -> bool {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut lines = text.get(..end).unwrap_or_default().lines().map(str::trim);
    lines.any(|line| line == "# Lynis Report" || line.starts_with("lynis_version="))
}

pub(super) fn read(text: &str, path: &str, limits: &Limits) -> ScanReport {
    let mut found = Collected::new(ScanFormat::Lynis, "Lynis", "lynis", path);
    let mut entries = Vec::new();
    let mut host = None;
    let mut finished = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.len() > limits.line {
            let diagnostic =
                Diagnostic::new(Code::LineTooLong, number.within(found.path())).with("limit", limits.line);
            found.report.diagnostics.push(diagnostic);
            continue;
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            found.unreadable(number, line, "there is no \"=\"");
            continue;
        };
        match key {
            "lynis_version" => found.version(Some(value)),
            "hostname" => host = Some(value.trim().to_ascii_lowercase()).filter(|host| !host.is_empty()),
            "report_datetime_start" => {
                let at = found.time("report_datetime_start", value, number);
                found.started(at);
            }
            "report_datetime_end" => {
                let at = found.time("report_datetime_end", value, number);
                found.ended(at);
            }
            "finish" => finished |= value.trim() == "true",
            "tests_executed" => found.report.rules = Some(tests(value).collect()),
            "tests_skipped" => tests(value).for_each(|_| found.leave_out(LeftOut::NotApplicable)),
            "warning[]" | "suggestion[]" | "vulnerable_package[]" => entries.push((number, key, value)),
            "exception_event[]" | "manual_event[]" => found.leave_out(LeftOut::AboutTheRun),
            _ => {}
        }
    }
    for (number, key, value) in entries {
        match key {
            "vulnerable_package[]" => package(value, host.as_deref(), number, &mut found),
            _ => advice(key, value, host.as_deref(), number, &mut found),
        }
    }
    found.touch(host.as_deref().unwrap_or_default());
    if finished {
        found.finished();
    } else {
        found.unfinished(1, "there is no finish=true");
    }
    // Advice about Lynis itself carries no number of a test, and tests that gave advice were carried out.
    let advised: BTreeSet<String> = found.report.results.iter().map(|result| result.rule.clone()).collect();
    if let Some(rules) = &mut found.report.rules {
        rules.extend(advised);
    }
    found.finish()
}

fn tests(value: &str) -> impl Iterator<Item = String> + '_ {
    value.split('|').map(str::trim).filter(|test| !test.is_empty()).map(collected::line)
}

/// `TEST-0000|text|details|solution|`, with `-` for nothing.
fn advice(key: &str, value: &str, host: Option<&str>, line: u64, found: &mut Collected) {
    let mut parts = value.split('|').map(str::trim).map(|part| if part == "-" { "" } else { part });
    let (rule, text) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (details, solution) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if rule.is_empty() || text.is_empty() {
        return found.unreadable(line, value, "there is no test or no text");
    }
    let object = if details.is_empty() { text.to_owned() } else { format!("{text} ({details})") };
    let spot = ScanPlace {
        host: host.map(str::to_owned),
        object: Some(collected::line(&object)),
        ..ScanPlace::default()
    };
    let mut result = ScanResult::new(rule, collected::line(text), FindingKind::Misconfiguration, spot);
    result.text = collected::short(text);
    result.evidence = collected::short(details);
    result.advice = collected::short(solution.strip_prefix("text:").unwrap_or(solution));
    result.severity = key.trim_end_matches("[]").to_owned();
    found.add(result, line);
}

/// `name|…` or `name-1.2.3|…`: a package that the package manager calls vulnerable.
fn package(value: &str, host: Option<&str>, line: u64, found: &mut Collected) {
    let name = value.split('|').next().unwrap_or_default().trim();
    if name.is_empty() {
        return found.unreadable(line, value, "there is no package");
    }
    let numbered = |(at, _): &(usize, &str)| name.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    let (component, version) = match name.match_indices('-').find(numbered) {
        Some((at, _)) => (name.get(..at).unwrap_or(name), name.get(at + 1..)),
        None => (name, None),
    };
    let spot = ScanPlace {
        host: host.map(str::to_owned),
        component: Some(collected::line(component)),
        version: version.map(collected::line),
        ..ScanPlace::default()
    };
    let mut result =
        ScanResult::new("vulnerable_package", collected::line(name), FindingKind::Vulnerability, spot);
    result.severity = "vulnerable_package".to_owned();
    result.evidence = collected::short(value);
    found.add(result, line);
}
