//! Every file of the genuine reports is imported or refused with a reason (issue 6, point 4).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shindan_domain::assessment::{LeftOut, ScanFormat};
use shindan_domain::diagnostic::Severity;

use super::read;
use crate::limits::Limits;

// ---- json

/// What is expected of a file.
enum Expected {
    /// So many findings in each run, counted in the file itself: `results` without those passed (SARIF), entries of
    /// `Vulnerabilities`, `Misconfigurations`, `Secrets` and `Licenses` (Trivy), `matches`, `advisories`, lines, and so on.
    Findings(&'static [u64]),
    /// Refused with this code.
    Refused(&'static str),
}

use Expected::{Findings, Refused};

const JSON: &[(&str, Expected)] = &[
    ("anchore_grype/check_all_fields.json", Findings(&[6])),
    ("anchore_grype/check_all_fields_with_ids_fabricated.json", Findings(&[1])),
    ("anchore_grype/no_vuln.json", Findings(&[0])),
    ("anchore_grype/same_cve_different_paths.json", Findings(&[2])),
    ("bandit/no_vuln.json", Findings(&[0])),
    ("csaf/csaf_many_vuln.json", Refused("scan-read-elsewhere")),
    ("csaf/csaf_one_vuln.json", Refused("scan-read-elsewhere")),
    ("csaf/csaf_unsupported_version.json", Refused("scan-read-elsewhere")),
    ("cyclonedx/issue_8022.json", Findings(&[1])),
    ("njsscan/hash.js", Refused("format-unknown")),
    ("njsscan/safe.js", Refused("format-unknown")),
    ("npm_audit/cwe_null.json", Findings(&[1])),
    ("npm_audit/issue_7897.json", Findings(&[5])),
    ("npm_audit/many_vuln.json", Findings(&[5])),
    ("npm_audit/many_vuln_with_groups.json", Findings(&[5])),
    ("npm_audit/multiple_cwes.json", Findings(&[41])),
    ("npm_audit/multiple_cwes2.json", Findings(&[6])),
    ("npm_audit/one_vuln.json", Findings(&[1])),
    ("nuclei/empty.jsonl", Refused("file-empty")),
    ("nuclei/issue_14071.json", Findings(&[27])),
    ("nuclei/many_findings_third.json", Findings(&[2])),
    ("nuclei/multi_cwe_fabricated.json", Findings(&[1])),
    ("nuclei/no_findings.json", Refused("file-empty")),
    ("osv_scanner/some_findings.json", Findings(&[1])),
    ("pip_audit/many_vulns_new.json", Findings(&[7])),
    ("pip_audit/zero_vulns.json", Findings(&[0])),
    ("sarif/DefectDojo_django-DefectDojo__2020-12-11_13 42 10__export.sarif", Findings(&[58, 452])),
    ("sarif/SuppressionTestCurrent.sarif", Findings(&[4])),
    ("sarif/appendix_k.sarif", Findings(&[1])),
    ("sarif/appendix_k1.sarif", Refused("scan-empty")),
    ("sarif/appendix_k4.sarif", Findings(&[1])),
    ("sarif/bash-report-fabricated-no-internal-dupes-subset.sarif", Findings(&[4])),
    ("sarif/bash-report-subset-same-hash-code-same-unique-id.sarif", Findings(&[4])),
    ("sarif/blackduck_nested_fingerprints.sarif", Findings(&[5])),
    ("sarif/codeQL-output.sarif", Findings(&[72])),
    ("sarif/dockle_0_3_15.sarif", Findings(&[4])),
    ("sarif/gitleaks_7.5.0.sarif", Findings(&[8])),
    ("sarif/issue_10191.json", Findings(&[77])),
    ("sarif/mobsfscan.json", Findings(&[9])),
    ("sarif/njsscan.sarif", Findings(&[2])),
    ("sarif/no_runs.sarif", Refused("scan-empty")),
    ("sarif/semgrepowasp-benchmark-sample.sarif", Findings(&[1768])),
    ("sarif/spotbugs.sarif", Findings(&[56])),
    ("sarif/suppression_test.sarif", Findings(&[5])),
    ("sarif/taint-python-report.sarif", Findings(&[11])),
    ("semgrep/close_old_findings_report_line31.json", Findings(&[1])),
    ("semgrep/close_old_findings_report_third_run_different_unique_id.json", Findings(&[1])),
    ("semgrep/cwe_list.json", Findings(&[1])),
    ("semgrep/empty.json", Refused("scan-empty")),
    ("semgrep/multiple_cwes_fabricated.json", Findings(&[1])),
    ("semgrep/repeated_findings.json", Findings(&[2])),
    ("semgrep/sca-deployments-vulns.json", Findings(&[22])),
    ("semgrep/semgrep_version_1_30_0_line_26.json", Findings(&[5])),
    ("ssh_audit/many_vulns.json", Findings(&[20])),
    ("trivy/all_statuses.json", Findings(&[8])),
    ("trivy/cvssv4_severity_source.json", Findings(&[3])),
    ("trivy/issue_9092.json", Findings(&[1])),
    ("trivy/issue_9170.json", Findings(&[37])),
    ("trivy/issue_9333.json", Findings(&[13])),
    ("trivy/kubernetes_fabricated_internal_duplicates.json", Findings(&[13])),
    ("trivy/kubernetes_fabricated_internal_duplicates_subset.json", Findings(&[5])),
    ("trivy/legacy_many_vulns.json", Findings(&[93])),
    ("trivy/legacy_no_vuln.json", Refused("scan-empty")),
    ("trivy/license_scheme.json", Findings(&[19])),
    ("trivy/scheme_2_many_vulns.json", Findings(&[5])),
    ("trivy/scheme_2_no_vuln.json", Findings(&[0])),
    ("trivy/severity_prio.json", Findings(&[2])),
];

#[test]
fn every_report_in_json_is_read_in_full_or_refused() {
    let Some(root) = shindan_testdata::path("scans") else { return };
    for (file, expected) in JSON {
        let bytes = std::fs::read(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        match (read(&bytes, file, None, &Limits::DEFAULT), expected) {
            (Ok(reports), Findings(counts)) => {
                // A finding that stands twice at one place is one, and counted as repeated.
                let found: Vec<u64> = reports
                    .iter()
                    .map(|one| one.results.len() as u64 + one.left_out.get(&LeftOut::Repeated).unwrap_or(&0))
                    .collect();
                assert_eq!(found, *counts, "{file}");
                for one in reports.iter().filter(|one| one.left_out.contains_key(&LeftOut::Repeated)) {
                    eprintln!("{file}: {} findings stand, {:?}", one.results.len(), one.left_out);
                }
                let errors: Vec<String> = reports
                    .iter()
                    .flat_map(|one| &one.diagnostics)
                    .filter(|one| one.severity() == Severity::Error)
                    .map(|one| format!("{} {} {:?}", one.place, one.code, one.params))
                    .collect();
                assert!(errors.is_empty(), "{file}: {errors:#?}");
            }
            (Err(diagnostics), Refused(code)) => {
                assert_eq!(diagnostics.first().map(|one| one.code.as_str()), Some(*code), "{file}");
            }
            (Ok(reports), Refused(code)) => panic!("{file}: {} reports instead of {code}", reports.len()),
            (Err(diagnostics), Findings(_)) => panic!("{file}: {diagnostics:#?}"),
        }
    }
}

#[test]
fn the_table_holds_every_report_in_json() {
    let Some(root) = shindan_testdata::path("scans") else { return };
    let mut missing = Vec::new();
    for folder in std::fs::read_dir(&root).expect("a folder") {
        collect(&folder.expect("an entry").path(), &root, &mut missing);
    }
    missing.retain(|file| !JSON.iter().any(|(known, _)| known == file));
    assert!(missing.is_empty(), "{missing:?}");
}

fn collect(path: &Path, root: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            collect(&entry.expect("an entry").path(), root, found);
        }
    } else if path
        .extension()
        .is_some_and(|e| ["json", "jsonl", "sarif", "js"].iter().any(|known| e == *known))
    {
        found.push(path.strip_prefix(root).expect("below").to_string_lossy().into_owned());
    }
}

/// Tools of these reports whose words for the severity are those of SARIF or CycloneDX: the row for any other tool is for them.
const OF_ANY_TOOL: &[&str] = &[
    "codescanner",
    "dockle",
    "example-application",
    "gitleaks",
    "lgtm.com",
    "own-scanner",
    "python-security-analysis",
    "shell-script-analysis",
    "snyk-cli",
    "spotbugs",
];

/// Every tool is in the table of severities, or falls under its row for any other tool on purpose.
#[test]
fn every_tool_has_its_row_in_the_table_of_severities() {
    let text = include_bytes!("../../../../catalog/assessment/severities.toml");
    let table = crate::severities::read_severities("severities.toml", text).value.expect("a table");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scan");
    let samples = ["json/samples", "xml/samples"].map(|folder| own.join(folder));
    let mut files = Vec::new();
    for folder in samples.into_iter().chain(shindan_testdata::path("scans")) {
        every_file(&folder, &mut files);
    }
    let (mut formats, mut without, mut unused) = (BTreeSet::new(), BTreeSet::new(), OF_ANY_TOOL.to_vec());
    for file in &files {
        let bytes = std::fs::read(file).expect("reads");
        for report in read(&bytes, "report", None, &Limits::DEFAULT).into_iter().flatten() {
            formats.insert(report.format);
            let key = report.tool.key;
            unused.retain(|tool: &&str| *tool != key);
            if table.knows(&key) {
                continue;
            }
            for mut result in report.results {
                (result.cvss, result.score_x10) = (Vec::new(), None);
                let rated = result.severity.is_empty() || table.rate(&key, &result).level.is_some();
                if !rated || !OF_ANY_TOOL.contains(&key.as_str()) {
                    without.insert(format!("{key} {} {}", result.severity, file.display()));
                }
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
    // Samples of these stand in the tests of their readers; `tools::tests` holds their kinds against those of the other forms.
    let in_lines = |format: &ScanFormat| {
        matches!(
            format,
            ScanFormat::OpenvasCsv
                | ScanFormat::NessusCsv
                | ScanFormat::NiktoCsv
                | ScanFormat::TestsslCsv
                | ScanFormat::Lynis
                | ScanFormat::Table
                | ScanFormat::Outside
        )
    };
    let mut missing = ScanFormat::ALL.to_vec();
    missing.retain(|format| !formats.contains(format) && !in_lines(format));
    assert!(missing.is_empty(), "{missing:?}");
    if shindan_testdata::path("scans").is_some() {
        assert!(unused.is_empty(), "{unused:?}");
    }
}

fn every_file(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            every_file(&entry.expect("an entry").path(), found);
        }
    } else {
        found.push(path.to_owned());
    }
}

/// What tools print of secrets in these files must not be found again.
#[test]
fn secrets_of_genuine_reports_are_not_taken_over() {
    for (file, secret) in [
        ("scans/sarif/gitleaks_7.5.0.sarif", "AKIAIOSFODNN7EXAMPLE"),
        ("scans/nuclei/issue_14071.json", "90af3b3f9792ec373da1611de12e09a8"),
    ] {
        let Some(path) = shindan_testdata::path(file) else { return };
        let bytes = std::fs::read(path).expect("reads");
        assert!(String::from_utf8_lossy(&bytes).contains(secret), "{file} holds no such secret");
        let reports = read(&bytes, file, None, &Limits::DEFAULT).expect("reports");
        assert!(!format!("{reports:?}").contains(secret), "{file}");
    }
}
