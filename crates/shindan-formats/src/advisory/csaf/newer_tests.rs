//! CSAF 2.1 and the profile VEX.

use serde_json::{Value, json};
use shindan_domain::advisory::{Advisory, Affected, Enrichment, ProductRef};
use shindan_domain::diagnostic::{Code, Severity};

use super::read;
use super::tests::claim;
use crate::advisory::Reading;
use crate::limits::Limits;

const NEWER: &str = include_str!("samples/newer.json");
const VEX: &str = include_str!("samples/vex.json");

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), "f.json", &Limits::DEFAULT)
}

fn changed(text: &str, pointer: &str, value: Value) -> Reading {
    let mut document: Value = serde_json::from_str(text).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    reading(&document.to_string())
}

fn codes(reading: &Reading) -> Vec<(Code, &str)> {
    let rule = |d: &'_ shindan_domain::diagnostic::Diagnostic| d.place.field.is_some();
    assert!(reading.diagnostics.iter().all(rule));
    reading.diagnostics.iter().map(|d| (d.code, d.params.get("rule").map_or("", String::as_str))).collect()
}

fn name(product: &ProductRef) -> String {
    let names = [
        product.purl.clone(),
        product.vendor.clone(),
        product.product.clone(),
        product.cpes.first().cloned(),
    ];
    names.into_iter().flatten().collect::<Vec<_>>().join(" / ")
}

fn line(statement: &Affected) -> String {
    let mut out = format!("{} {} {}", statement.status.as_str(), name(&statement.product), claim(statement));
    if let Some(within) = &statement.within {
        out.push_str(&format!(" in [{}]", name(within)));
    }
    if !statement.platforms.is_empty() {
        out.push_str(&format!(" on {}", statement.platforms.concat().join(", ")));
    }
    if let Some(why) = statement.justification {
        out.push_str(&format!(" because {}", why.as_str()));
    }
    if !statement.impact.is_empty() {
        out.push_str(&format!(" ({})", statement.impact));
    }
    out
}

fn lines(advisory: &Advisory) -> Vec<String> {
    advisory.affected.iter().map(line).collect()
}

#[test]
fn a_document_of_2_1() {
    let reading = reading(NEWER);
    assert_eq!(codes(&reading), []);
    let advisory = &reading.advisories[0];
    assert!(!advisory.exploitability);
    let vulnerability = &advisory.vulnerabilities[0];
    assert_eq!(vulnerability.cwe, ["CWE-79", "CWE-20"]);
    let printed: Vec<Option<u8>> = vulnerability.cvss.iter().map(|cvss| cvss.printed_x10).collect();
    assert_eq!(printed, [Some(93), Some(86)]);
    let points = vulnerability.ssvc.as_ref().unwrap();
    assert_eq!(
        (points.exploitation.as_deref(), points.automatable.as_deref()),
        (Some("active"), Some("yes"))
    );
    assert_eq!(points.timestamp.unwrap().to_string(), "2026-05-20T00:00:00Z");
    assert_eq!(vulnerability.remediations[0].category, "fix_planned");
    let [Enrichment::Epss(epss)] = reading.enrichments.as_slice() else {
        panic!("{:?}", reading.enrichments)
    };
    assert_eq!(
        (epss.cve.as_str(), epss.score.as_str(), epss.date.as_str()),
        ("CVE-2026-2001", "0.01234", "2026-05-30")
    );
    let software = "見本医療機器 / モニター制御ソフト / cpe:2.3:a:mihon:monitor_control:*:*:*:*:*:*:*:*";
    assert_eq!(
        lines(advisory),
        [
            &format!("affected {software} <2.4.0 on cpe:2.3:h:mihon:x1:-:*:*:*:*:*:*:*"),
            // A condition that no CPE name expresses is not dropped.
            &format!("affected {software} platform-unknown"),
            "affected pkg:npm/libmihon?arch=x86_64 / libmihon =1.0.0",
            "affected pkg:pypi/libmihon / libmihon =1.0.0",
            "fixed 見本医療機器 / モニター制御ソフト =2.4.0",
            "under_investigation 見本医療機器 / 見本モニター X2 range-undetermined",
        ]
    );
    assert_eq!(advisory.affected[0].fixed_versions, ["2.4.0"]);
}

#[test]
fn a_vex_speaks_of_parts_inside_their_whole() {
    let reading = reading(VEX);
    assert_eq!(codes(&reading), []);
    let advisory = &reading.advisories[0];
    assert!(advisory.exploitability);
    let log = "pkg:maven/org.apache.logging.log4j/log4j-core / log4j-core";
    let whole = "in [見本医療機器 / 見本カルテ 5.2]";
    let path = "because vulnerable_code_not_in_execute_path";
    assert_eq!(
        lines(advisory),
        [
            "affected 見本医療機器 / 見本カルテ =5.3",
            &format!("not_affected {log} =2.14.1 {whole} {path} (JNDI を使いません。)"),
            // A part of a part: there is no room for both, so that nothing is cleared.
            &format!("not_affected {log} platform-unknown because component_not_present (because_we_say_so)"),
            &format!(
                "not_affected {log} =2.14.1 {whole} on cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:* {path}"
            ),
        ]
    );
}

#[test]
fn what_a_vex_must_say() {
    let check = |pointer: &str, value: Value, expected: &[&str]| {
        let reading = changed(VEX, pointer, value);
        let found: Vec<&str> =
            codes(&reading).into_iter().map(|(_, rule)| rule).filter(|rule| !rule.is_empty()).collect();
        assert_eq!(found, expected, "{pointer}");
        assert!(reading.diagnostics.iter().all(|d| d.severity() < Severity::Error));
    };
    check("/vulnerabilities/0/flags", json!([]), &["6.1.27.9"]);
    check("/vulnerabilities/0/remediations", json!([]), &["6.1.27.10"]);
    check("/vulnerabilities/0/cve", json!(null), &["6.1.27.8"]);
    check("/vulnerabilities/0/product_status", json!({"recommended": ["K53"]}), &["6.1.27.7"]);
    check("/document/category", json!("csaf_security_advisory"), &[]);
}

#[test]
fn paths_that_do_not_hold_are_reported() {
    let begin = "/product_tree/product_paths/0/beginning_product_reference";
    let next = "/product_tree/product_paths/0/subpaths/0/next_product_reference";
    let count = |pointer: &str, value: Value, expected: Code| {
        let reading = changed(NEWER, pointer, value);
        let found =
            reading.diagnostics.iter().find(|d| d.code == expected).unwrap_or_else(|| panic!("{pointer}"));
        assert!(
            found.place.field.as_deref().unwrap().starts_with("/product_tree/product_paths/0"),
            "{found:?}"
        );
        // What the path would have defined is unknown, and the status that names it is told, too.
        assert!(reading.diagnostics.iter().any(|d| d.params.get("value").is_some_and(|v| v == "SOFT-ON-X1")));
    };
    count(begin, json!("nowhere"), Code::ReferenceDangling);
    count(next, json!("nowhere"), Code::ReferenceDangling);
    count(begin, json!("SOFT-ON-X1"), Code::ReferenceCycle);
    count(begin, json!(7), Code::FieldMissing);
    count("/product_tree/product_paths/0/subpaths", json!([]), Code::FieldMissing);
}

#[test]
fn scores_of_2_1_are_checked_as_those_of_2_0() {
    let rules = |pointer: &str, value: Value| -> Vec<(Code, String)> {
        let reading = changed(NEWER, pointer, value);
        codes(&reading).into_iter().map(|(code, rule)| (code, rule.to_owned())).collect()
    };
    let rule = |text: &str| (Code::SpecViolation, text.to_owned());
    // Two scores of one source for one product.
    assert_eq!(rules("/vulnerabilities/0/metrics/1/source", json!("")), [rule("6.1.7")]);
    let score = "/vulnerabilities/0/metrics/0/content/cvss_v4";
    assert_eq!(
        rules(score, json!({"version": "4.0", "baseScore": 1, "baseSeverity": "LOW"})),
        [(Code::CvssInvalid, String::new()), rule("6.1.8")]
    );
    let vector = "/vulnerabilities/0/metrics/0/content/cvss_v4/vectorString";
    assert_eq!(rules(vector, json!("CVSS:4.0/AV:N")), [(Code::CvssInvalid, String::new())]);
    assert_eq!(
        rules("/vulnerabilities/0/metrics/0/products", json!(["nowhere"])),
        [(Code::ReferenceDangling, String::new())]
    );
}

#[test]
fn a_critical_extension_is_not_passed_over() {
    let extension = |critical: bool| json!([{"$schema": "https://example.com/x.json", "critical": critical, "content": {"a": 1}}]);
    let mut document: Value = serde_json::from_str(NEWER).unwrap();
    document["vulnerabilities"][0]["x_extensions"] = extension(true);
    document["x_extensions"] = extension(false);
    let reading = reading(&document.to_string());
    assert_eq!(codes(&reading), [(Code::FieldTolerated, "")]);
    assert_eq!(reading.diagnostics[0].place.field.as_deref(), Some("/vulnerabilities/0/x_extensions/0"));
}

#[test]
fn documents_that_are_taken_back_say_so() {
    for category in ["csaf_withdrawn", "csaf_superseded"] {
        let reading = changed(NEWER, "/document/category", json!(category));
        assert_eq!(codes(&reading), [(Code::AdvisoryWithdrawn, "")]);
        let advisory = &reading.advisories[0];
        assert_eq!((advisory.id.as_str(), advisory.affected.len()), ("MIHON-2026-01", 0));
        assert_eq!(advisory.withdrawn.unwrap().to_string(), "2026-06-01T00:00:00Z");
    }
}

/// The specification writes the same examples for both versions.
#[test]
fn examples_of_both_versions_say_the_same() {
    let (Some(old), Some(new)) = (
        shindan_testdata::path("spec/csaf-2.0/examples/csaf"),
        shindan_testdata::path("spec/csaf-2.1/examples/csaf"),
    ) else {
        return;
    };
    let (mut compared, mut statements) = (0, 0);
    for folder in ["", "csaf_vex"] {
        for entry in std::fs::read_dir(new.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let read_file =
                |path: &std::path::Path| read(&std::fs::read(path).unwrap(), "x", &Limits::DEFAULT);
            let (theirs, ours) =
                (read_file(&old.join(folder).join(path.file_name().unwrap())), read_file(&path));
            for reading in [&theirs, &ours] {
                let errors: Vec<_> =
                    reading.diagnostics.iter().filter(|d| d.severity() == Severity::Error).collect();
                assert!(errors.is_empty(), "{}: {errors:?}", path.display());
            }
            assert_eq!(theirs.advisories.len(), ours.advisories.len());
            for (old, new) in theirs.advisories.iter().zip(&ours.advisories) {
                assert_eq!(lines(old), lines(new), "{}", path.display());
                assert_eq!(old.exploitability, new.exploitability);
                let of = |advisory: &Advisory| -> Vec<(String, Vec<String>, usize)> {
                    let vulnerabilities = advisory.vulnerabilities.iter();
                    vulnerabilities.map(|v| (v.id.clone(), v.cwe.clone(), v.cvss.len())).collect()
                };
                assert_eq!(of(old), of(new), "{}", path.display());
                statements += new.affected.len();
            }
            compared += 1;
        }
    }
    eprintln!("CSAF: {compared} examples of 2.1 say what their 2.0 twins say, {statements} statements");
    assert!(compared >= 19, "{compared}");
}
