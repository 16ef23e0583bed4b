//! Every genuine report in XML, CSV and lines is imported or refused with a reason (issue 6, point 4).
//!
//! The numbers were counted by a script of its own over the files (ElementTree and csv of Python), never by these readers.

use std::path::Path;

use shindan_domain::assessment::{Completion, LONGEST_TEXT, LeftOut, ScanReport};
use shindan_domain::diagnostic::{Code, Severity};

use super::read;
use crate::limits::Limits;

/// How many findings a file holds, different ones and all of them; or why it is refused.
type Expected = Result<(usize, u32), Code>;

const EXPECTED: &[(&str, Expected)] = &[
    ("cyclonedx/dd_1_15_0.xml", Ok((381, 381))),
    ("cyclonedx/grype.xml", Ok((327, 327))),
    ("cyclonedx/jake.xml", Err(Code::ScanReadElsewhere)),
    ("cyclonedx/retirejs.latest.xml", Err(Code::ScanReadElsewhere)),
    ("dependency_check/version-6.5.3.xml", Ok((1, 1))),
    ("lynis/lynis_many_vuln.dat", Ok((38, 38))),
    ("lynis/lynis_no_vuln.dat", Ok((0, 0))),
    ("nikto/nikto-report-many-vuln.xml", Ok((9, 10))),
    ("nikto/nikto-report-one-vuln.xml", Ok((1, 1))),
    ("nikto/tdh.xml", Ok((6, 6))),
    ("nmap/nmap_script_vulners.xml", Ok((2, 2))),
    ("openscap/ios-sample-v1.1.3.xccdf.xml", Ok((2, 2))),
    ("openvas/many_vuln.csv", Ok((4, 4))),
    ("openvas/no_vuln.csv", Err(Code::ScanEmpty)),
    ("openvas/one_vuln.csv", Ok((1, 1))),
    ("openvas/one_vuln.xml", Ok((1, 1))),
    ("openvas/report_combine_v2.csv", Ok((1, 2))),
    ("openvas/report_detail_v2.xml", Ok((1, 1))),
    ("openvas/report_using_CVE.csv", Ok((43, 43))),
    ("tenable/issue_11102.csv", Ok((3, 3))),
    ("tenable/nessus/nessus-template.csv", Ok((5, 5))),
    ("tenable/nessus/nessus_many_vuln.csv", Ok((4, 4))),
    ("tenable/nessus/nessus_many_vuln.xml", Ok((7, 7))),
    ("tenable/nessus/nessus_many_vuln2-default.csv", Ok((29, 30))),
    ("tenable/nessus/nessus_with_cvssv3.nessus", Ok((48, 49))),
    ("tenable/nessus_was/nessus_was_no_vuln.xml", Ok((0, 0))),
    ("tenable/nessus_was/nessus_was_one_vuln.csv", Ok((1, 1))),
    ("tenable/nessus_was/nessus_was_one_vuln.xml", Ok((1, 1))),
    ("testssl/demo.csv", Ok((0, 0))),
    ("testssl/demo2.csv", Ok((0, 0))),
    ("testssl/failed_target.csv", Ok((0, 0))),
    ("testssl/many_cves.csv", Ok((1, 1))),
    ("testssl/overall_critical.csv", Ok((58, 58))),
    ("testssl/overall_medium.csv", Ok((1, 1))),
    ("wapiti/cwe_multi_cwe_fabricated.xml", Ok((1, 1))),
    ("wapiti/demo.xml", Ok((3, 8))),
    ("wapiti/juicyshop.xml", Ok((2, 15))),
    ("zap/0_zap_sample_without_zap3.xml", Ok((9, 11))),
    ("zap/3_zap_sampl_0_and_different_severities.xml", Ok((10, 12))),
    ("zap/dvwa_baseline_dojo.xml", Ok((96, 124))),
    ("zap/dvwa_baseline_dojo_fabricated_internal_duplicates_subset.xml", Ok((45, 75))),
    ("zap/dvwa_baseline_dojo_subset.xml", Ok((71, 97))),
    ("zap/empty_2.9.0.xml", Ok((0, 0))),
    ("zap/zap-results-second-scan.xml", Ok((78, 126))),
    ("zap/zap-xml-plus-format.xml", Ok((1, 1))),
    ("zap/zap_2.16.1_with_req_resp.xml", Ok((13, 13))),
];

fn report(file: &str) -> Option<ScanReport> {
    let path = shindan_testdata::path(&format!("scans/{file}"))?;
    let bytes = std::fs::read(path).expect("readable");
    let reports = read(&bytes, file, None, &Limits::DEFAULT).expect(file);
    reports.into_iter().next()
}

#[test]
fn every_file_has_as_many_findings_as_were_counted() {
    let Some(folder) = shindan_testdata::path("scans") else { return };
    let mut wrong = Vec::new();
    for (file, expected) in EXPECTED {
        let bytes = std::fs::read(folder.join(file)).expect(file);
        let got = match read(&bytes, file, None, &Limits::DEFAULT) {
            Ok(reports) => {
                let results = || reports.iter().flat_map(|report| &report.results);
                Ok((results().count(), results().map(|result| result.count).sum::<u32>()))
            }
            Err(refused) => Err(refused.first().map(|diagnostic| diagnostic.code).expect("a reason")),
        };
        if got != *expected {
            wrong.push(format!("{file}: {got:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file that is added to the data is in the table, or this fails.
#[test]
fn no_file_is_left_out_of_the_table() {
    let Some(folder) = shindan_testdata::path("scans") else { return };
    let mut missing = Vec::new();
    let mut open = vec![folder.clone()];
    while let Some(inner) = open.pop() {
        for entry in std::fs::read_dir(inner).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let ours = ["xml", "nessus", "csv", "dat"].contains(&ending);
            let name = name_of(&path, &folder);
            if ours && !EXPECTED.iter().any(|(file, _)| *file == name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

fn name_of(path: &Path, folder: &Path) -> String {
    let name = path.strip_prefix(folder).expect("below").to_string_lossy();
    name.replace('\\', "/")
}

/// What holds for all of them: nothing unreadable, no text too long, every finding with a place and every host among the touched.
#[test]
fn what_holds_for_every_report() {
    for (file, _) in EXPECTED.iter().filter(|(_, expected)| expected.is_ok()) {
        let Some(report) = report(file) else { return };
        let errors: Vec<_> = report.diagnostics.iter().filter(|d| d.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        assert!(
            report.started.is_none() || report.ended.is_none_or(|end| Some(end) >= report.started),
            "{file}"
        );
        for result in &report.results {
            assert!(!result.rule.is_empty() && !result.title.is_empty(), "{file}: {result:?}");
            for text in [&result.text, &result.advice, &result.evidence] {
                assert!(text.chars().count() <= LONGEST_TEXT, "{file}: {}", result.rule);
            }
            let place = &result.place;
            assert!(place.host.is_some() || place.component.is_some(), "{file}: {result:?}");
            assert!(
                place.host.as_ref().is_none_or(|host| report.touched.contains(host)),
                "{file}: {place:?}"
            );
        }
    }
}

#[test]
fn completion_is_what_the_report_tells() {
    let table = [
        ("testssl/failed_target.csv", Completion::Unfinished),
        ("lynis/lynis_many_vuln.dat", Completion::Finished),
        ("nmap/nmap_script_vulners.xml", Completion::Finished),
        ("openvas/one_vuln.xml", Completion::Finished),
        ("tenable/nessus/nessus_with_cvssv3.nessus", Completion::Finished),
        ("nikto/tdh.xml", Completion::Finished),
        ("openscap/ios-sample-v1.1.3.xccdf.xml", Completion::Finished),
        ("zap/dvwa_baseline_dojo.xml", Completion::NotTold),
        ("testssl/demo.csv", Completion::NotTold),
    ];
    for (file, expected) in table {
        let Some(report) = report(file) else { return };
        assert_eq!(report.completion, expected, "{file}: {:?}", report.diagnostics);
    }
}

/// Facts of single findings, read by eye.
#[test]
fn single_findings_as_they_stand_in_the_files() {
    let Some(openvas) = report("openvas/report_detail_v2.xml") else { return };
    let one = &openvas.results[0];
    assert_eq!(one.rule, "1.3.6.1.4.1.25623.1.0.836484");
    assert_eq!((one.place.host.as_deref(), one.place.port), (Some("10.99.99.99"), Some(42)));
    assert_eq!(one.cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]);
    assert_eq!((one.severity.as_str(), one.confidence.as_str()), ("High", "80"));
    assert!(one.identifiers.contains("CVE-2025-53789"));
    assert_eq!(openvas.started.map(|at| at.to_string()).as_deref(), Some("2025-08-22T13:01:38Z"));

    let nmap = report("nmap/nmap_script_vulners.xml").expect("there");
    assert_eq!(nmap.results[0].rule, "CVE-2018-15919");
    assert_eq!(nmap.results[0].place.version.as_deref(), Some("7.4"));
    assert_eq!(nmap.tool.version.as_deref(), Some("7.60"));

    let nessus = report("tenable/nessus/nessus_many_vuln.xml").expect("there");
    assert_eq!(nessus.tool.version.as_deref(), Some("5.2.1"));
    assert!(nessus.touched.contains("12.233.108.201"));
    assert!(nessus.results.iter().all(|result| result.severity == "0"));

    let lynis = report("lynis/lynis_many_vuln.dat").expect("there");
    assert_eq!(lynis.results.iter().filter(|result| result.severity == "warning").count(), 1);
    assert!(lynis.rules.is_some_and(|rules| rules.contains("HRDN-7230")));

    let testssl = report("testssl/many_cves.csv").expect("there");
    assert_eq!(testssl.results[0].identifiers.len(), 2);
    assert_eq!(report("testssl/demo.csv").expect("there").left_out[&LeftOut::Passed], 21);

    let dependency = report("dependency_check/version-6.5.3.xml").expect("there");
    assert_eq!(dependency.results[0].place.component.as_deref(), Some("org.apache.logging.log4j/log4j-api"));
    assert_eq!(dependency.results[0].score_x10, Some(37));
}

/// Sessions of the requests in these reports are not taken over.
#[test]
fn requests_and_responses_are_left_behind() {
    for file in ["zap/zap-xml-plus-format.xml", "zap/zap_2.16.1_with_req_resp.xml"] {
        let Some(report) = report(file) else { return };
        let all = format!("{:?}", report.results);
        for secret in
            ["JSESSIONID", "9E75E26E50F681208096FFAA0B566901", "ARRAffinity", "Bearer", "J0O0glajHdR0Mgp"]
        {
            assert!(!all.contains(secret), "{file}: {secret}");
        }
    }
}
