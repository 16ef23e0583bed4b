use super::*;

fn entries(reading: &Reading) -> Vec<String> {
    let show = |entry: &Enrichment| match entry {
        Enrichment::Kev(kev) => {
            format!("{} {} {} {}", kev.cve, kev.date_added, kev.due_date, kev.ransomware)
        }
        Enrichment::Epss(_) => "epss".to_owned(),
    };
    reading.enrichments.iter().map(show).collect()
}

const JSON: &str = r#"{"catalogVersion":"2025.01.02","dateReleased":"2025-01-02T15:00:00.1Z","count":2,
 "vulnerabilities":[
  {"cveID":"CVE-2018-13379","dateAdded":"2021-11-03","dueDate":"2022-05-03","knownRansomwareCampaignUse":"Known"},
  {"cveID":"CVE-2024-21762","dateAdded":"2024-02-09","dueDate":"2024-02-16","knownRansomwareCampaignUse":"Unknown"}
 ]}"#;

const CSV: &str = "cveID,vendorProject,dateAdded,dueDate,knownRansomwareCampaignUse,notes\r\n\
    CVE-2018-13379,Fortinet,2021-11-03,2022-05-03,Known,\"a, \"\"b\"\"\nc\"\r\n\
    CVE-2024-21762,Fortinet,2024-02-09,2024-02-16,Unknown,\r\n";

#[test]
fn json_and_csv_say_the_same() {
    let json = read(JSON, "k.json", &Limits::DEFAULT);
    let csv = read(CSV, "k.csv", &Limits::DEFAULT);
    assert_eq!(
        entries(&json),
        ["CVE-2018-13379 2021-11-03 2022-05-03 true", "CVE-2024-21762 2024-02-09 2024-02-16 false"]
    );
    assert_eq!(entries(&json), entries(&csv));
    assert_eq!((json.diagnostics.len(), csv.diagnostics.len()), (0, 0));
    assert_eq!(json.newest.expect("date").to_string(), "2025-01-02T15:00:00.1Z");
    assert_eq!(csv.newest.expect("date").to_string(), "2024-02-09T00:00:00Z");
}

#[test]
fn a_bad_row_does_not_take_the_others_with_it() {
    let text = JSON.replace("CVE-2018-13379", "CVE-18");
    let reading = read(&text, "k.json", &Limits::DEFAULT);
    assert_eq!((reading.enrichments.len(), reading.rejected), (1, 1));
    assert_eq!(reading.diagnostics[0].place.field.as_deref(), Some("/vulnerabilities/0"));
    let text = JSON.replace("\"CVE-2018-13379\"", "5").replace("2024-02-16", "later");
    let reading = read(&text, "k.json", &Limits::DEFAULT);
    assert_eq!(entries(&reading), ["CVE-2024-21762 2024-02-09  false"]);
    let codes: Vec<_> = reading.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::FieldInvalid, Code::DateInvalid]);
    let reading = read(&CSV.replace("CVE-2024-21762,Fortinet,", "CVE-2024-21762,"), "k", &Limits::DEFAULT);
    assert_eq!((reading.enrichments.len(), reading.rejected), (1, 1));
    assert_eq!(reading.diagnostics[0].place.line, Some(4));
}

#[test]
fn counts_and_repetitions_are_checked() {
    let text = JSON.replace("\"count\":2", "\"count\":3").replace("CVE-2018-13379", "CVE-2024-21762");
    let reading = read(&text, "k.json", &Limits::DEFAULT);
    let codes: Vec<_> = reading.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::DuplicateIdentifier, Code::SpecViolation]);
    assert_eq!(reading.enrichments.len(), 1);
}

#[test]
fn a_catalogue_without_rows_is_not_clean() {
    for text in ["{\"catalogVersion\":\"1\",\"vulnerabilities\":[]}", "cveID,dateAdded\n"] {
        let reading = read(text, "k", &Limits::DEFAULT);
        assert_eq!(reading.diagnostics[0].code, Code::FileEmpty);
    }
}

#[test]
fn a_cut_off_catalogue_is_an_error() {
    for length in 1..JSON.len() {
        let reading = read(&JSON[..length], "k.json", &Limits::DEFAULT);
        assert!(reading.enrichments.is_empty() && reading.rejected == 1, "{length}");
    }
}

#[test]
fn genuine_json_and_csv_hold_the_same_rows() {
    let (Some(json), Some(csv)) = (
        shindan_testdata::path("kev/known_exploited_vulnerabilities.json"),
        shindan_testdata::path("kev/known_exploited_vulnerabilities.csv"),
    ) else {
        return;
    };
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).expect("readable");
        crate::advisory::read(&bytes, &path.to_string_lossy(), &Limits::DEFAULT)
    };
    let (json, csv) = (read(json), read(csv));
    assert_eq!((json.diagnostics.len(), csv.diagnostics.len()), (0, 0));
    assert_eq!(json.enrichments.len(), 1_404);
    let (mut left, mut right) = (entries(&json), entries(&csv));
    left.sort();
    right.sort();
    assert_eq!(left, right);
    assert_eq!(json.newest.expect("date").to_string(), "2025-08-25T17:04:19.9796Z");
}
