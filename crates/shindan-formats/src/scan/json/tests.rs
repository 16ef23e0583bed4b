//! What all readers have in common: how a report is told in tests, files of several values, and damage.

use std::fmt::Write;

use shindan_domain::assessment::{ScanReport, ScanResult};

use crate::limits::Limits;
use crate::scan;

/// The one report of a text.
pub(super) fn only(text: &str) -> ScanReport {
    let mut all = scan::read(text.as_bytes(), "report", None, &Limits::DEFAULT).expect("a report");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The codes with which a text is refused.
pub(super) fn refused(text: &str) -> Vec<&'static str> {
    let refused = scan::read(text.as_bytes(), "report", None, &Limits::DEFAULT).expect_err("refused");
    refused.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

/// A report in a few lines.
pub(super) fn summary(report: &ScanReport) -> String {
    let mut text = String::new();
    let version = report.tool.version.as_deref().unwrap_or("-");
    writeln!(text, "{} {version} {}", report.tool.key, report.completion).unwrap();
    for result in &report.results {
        writeln!(text, "{}", line(result)).unwrap();
    }
    for (why, count) in &report.left_out {
        writeln!(text, "left out: {why} {count}").unwrap();
    }
    for diagnostic in &report.diagnostics {
        writeln!(text, "{}", diagnostic.code).unwrap();
    }
    text
}

fn line(result: &ScanResult) -> String {
    let severity = if result.severity.is_empty() { "-" } else { &result.severity };
    let mut text = format!("{} {severity} {}", result.rule, result.kind.as_str());
    let place = &result.place;
    if let Some(host) = &place.host {
        write!(text, " {host}").unwrap();
        place.port.iter().for_each(|port| write!(text, ":{port}").unwrap());
    }
    for part in [&place.method, &place.path, &place.parameter, &place.component, &place.version, &place.file]
    {
        part.iter().for_each(|part| write!(text, " {part}").unwrap());
    }
    place.line.iter().for_each(|line| write!(text, ":{line}").unwrap());
    place.object.iter().for_each(|object| write!(text, " {object}").unwrap());
    if !result.cwe.is_empty() {
        let numbers: Vec<String> = result.cwe.iter().map(u32::to_string).collect();
        write!(text, " cwe {}", numbers.join(",")).unwrap();
    }
    if !result.identifiers.is_empty() {
        let all: Vec<&str> = result.identifiers.iter().map(String::as_str).collect();
        write!(text, " {}", all.join(",")).unwrap();
    }
    result.fixed_version.iter().for_each(|fixed| write!(text, " fixed {fixed}").unwrap());
    result.tool_fingerprint.iter().for_each(|print| write!(text, " print {print}").unwrap());
    result.suppressed.iter().for_each(|why| write!(text, " suppressed {why}").unwrap());
    if result.count > 1 {
        write!(text, " times {}", result.count).unwrap();
    }
    text
}

const PIP: &str = r#"[{"name":"a","version":"1","vulns":[{"id":"PYSEC-2021-1"}]}]"#;
const TRIVY: &str = r#"{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Target":"a","Vulnerabilities":[{"VulnerabilityID":"CVE-2021-1","PkgName":"x"}]}]}"#;

#[test]
fn two_values_in_one_file_are_two_reports() {
    let read = |text: &str| scan::read(text.as_bytes(), "report", None, &Limits::DEFAULT).expect("reports");
    let both = read(&format!("{PIP}\n{TRIVY}"));
    assert_eq!(both.iter().map(|one| one.tool.key.as_str()).collect::<Vec<_>>(), ["pip-audit", "trivy"]);
    let damaged = read(&format!("{PIP}\n[{{"));
    assert_eq!(damaged.len(), 1);
    assert!(damaged[0].diagnostics.iter().any(|one| one.code.as_str() == "json-invalid"));
}

#[test]
fn reports_one_a_line() {
    let read = |text: &str| scan::read(text.as_bytes(), "report", None, &Limits::DEFAULT).expect("reports");
    let all = read(&format!("{TRIVY}\n{{\"a\n{TRIVY}\n"));
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].diagnostics[1].place.line, Some(2));
}

#[test]
fn other_documents_are_refused_with_a_reason() {
    assert_eq!(
        refused(r#"{"document":{"csaf_version":"2.0"},"vulnerabilities":[]}"#),
        ["scan-read-elsewhere"]
    );
    assert_eq!(refused(r#"{"spdxVersion":"SPDX-2.3"}"#), ["scan-read-elsewhere"]);
    assert_eq!(refused(r#"{"@context":"https://openvex.dev/ns/v0.2.0"}"#), ["scan-read-elsewhere"]);
    assert_eq!(refused(r#"{"a":1}"#), ["format-unknown"]);
    assert_eq!(refused("[]"), ["format-unknown"]);
    assert_eq!(refused(r#"{"runs":["#), ["json-invalid"]);
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    let wide = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let marked = [b"\xEF\xBB\xBF".as_slice(), TRIVY.as_bytes()].concat();
    for bytes in [wide(TRIVY), wide(&format!(" \n{PIP}")), marked] {
        let read = scan::read(&bytes, "report", None, &Limits::DEFAULT).expect("reads");
        assert_eq!(read[0].results.len(), 1);
    }
}

#[test]
fn too_deep_is_refused_or_told() {
    let deep = format!("{{\"runs\":{}", "[".repeat(100_000));
    let read = scan::read(deep.as_bytes(), "report", None, &Limits::DEFAULT).expect_err("cut off");
    assert!(!read.is_empty());
    let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let text = format!(
        "{{\"SchemaVersion\":2,\"ArtifactName\":\"a\",\"Results\":[{{\"Vulnerabilities\":{nested}}}]}}"
    );
    let report = only(&text);
    assert!(report.diagnostics.iter().any(|one| one.code.as_str() == "scan-entry-unreadable"));
}

#[test]
fn what_tells_how_much_was_looked_for_is_kept() {
    let told = |text: &str| only(text).profile.unwrap_or_default();
    let trivy = r#"{"SchemaVersion":2,"ArtifactName":"portal:1","ArtifactType":"container_image","Results":[
        {"Target":"portal:1 (debian 12)","Class":"os-pkgs","Type":"debian"},
        {"Target":"key.pem","Class":"secret","Secrets":[]},
        {"Target":"Dockerfile","Class":"config","MisconfSummary":{"Successes":3}}]}"#;
    let carried_out = told(trivy).carried_out;
    assert_eq!(carried_out.iter().map(String::as_str).collect::<Vec<_>>(), ["config", "os-pkgs"]);
    let semgrep = r#"{"version":"1.97.0","results":[],"errors":[],"paths":{"scanned":["a.py"]},
        "skipped_rules":["rules.eval"]}"#;
    assert_eq!(told(semgrep).settings.into_iter().collect::<Vec<_>>(), ["skipped=rules.eval"]);
    let none = only(&semgrep.replace(r#""rules.eval""#, ""));
    assert_eq!(none.profile, None, "nothing was skipped");
    let wapiti = r#"{"classifications":{},"vulnerabilities":{},"anomalies":{},"infos":{"target":"https://test.example/",
        "version":"Wapiti 3.0.4","scope":"page"}}"#;
    assert_eq!(told(wapiti).settings.into_iter().collect::<Vec<_>>(), ["scope=page"]);
}
