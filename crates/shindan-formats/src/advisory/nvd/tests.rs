use shindan_domain::advisory::{Affected, Status};
use shindan_domain::version::VersionClaim;

use super::*;
use crate::advisory;

/// A page in the form of NVD's, of our own making: facts of CVE-2021-44228 and an invented firmware.
const PAGE: &str = include_str!("page.json");

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|d| d.code).collect()
}

fn show(affected: &Affected) -> String {
    let name = affected.product.cpes.first().or(affected.product.product.as_ref());
    let VersionClaim::Ranged { ranges, .. } = &affected.versions else { panic!("{affected:?}") };
    let on: Vec<String> = affected.platforms.iter().map(|group| group.join("|")).collect();
    format!("{} {} on [{}]", name.unwrap(), ranges[0], on.join("&"))
}

#[test]
fn a_page() {
    let reading = advisory::read(PAGE.as_bytes(), "page.json", &Limits::DEFAULT);
    assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::Nvd), 1));
    assert_eq!(codes(&reading), [Code::FieldInvalid, Code::AdvisoryWithoutProduct]);
    let [log4j, waiting] = &reading.advisories[..] else { panic!("{:?}", reading.advisories) };
    assert_eq!((log4j.id.as_str(), log4j.language.as_deref()), ("CVE-2021-44228", Some("en")));
    assert_eq!(log4j.pointer, "/vulnerabilities/0/cve");
    assert_eq!(
        log4j.affected.iter().map(show).collect::<Vec<_>>(),
        [
            "cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:* >=2.0.1 <2.3.1 on []",
            "cpe:2.3:o:acme:box_firmware:*:*:*:*:*:*:*:* <2.7 on \
             [cpe:2.3:h:acme:box:-:*:*:*:*:*:*:*|cpe:2.3:h:acme:box_2:-:*:*:*:*:*:*:*]",
            "Apache Log4j2 >=2.0 <2.3.1 on []",
        ]
    );
    assert!(log4j.affected.iter().all(|a| a.status == Status::Affected));
    let vulnerability = &log4j.vulnerabilities[0];
    let printed: Vec<_> = vulnerability.cvss.iter().map(|c| c.printed_x10).collect();
    assert_eq!(
        (printed, vulnerability.cwe.as_slice()),
        (vec![Some(100), Some(93)], &["CWE-20".to_owned()][..])
    );
    let points = vulnerability.ssvc.as_ref().unwrap();
    assert_eq!(points.exploitation.as_deref(), Some("active"));
    assert_eq!(points.technical_impact.as_deref(), Some("total"));
    assert_eq!(log4j.references, ["https://example.org/own", "https://example.org/other"]);
    let [Enrichment::Kev(kev)] = &reading.enrichments[..] else { panic!("{:?}", reading.enrichments) };
    assert_eq!((kev.date_added.as_str(), kev.due_date.as_str()), ("2021-12-10", "2021-12-24"));
    assert!(waiting.affected.is_empty(), "not analysed yet, and told");
}

#[test]
fn pages_say_what_they_are() {
    let codes = |text: &str| codes(&read(text, "page.json", &Limits::DEFAULT));
    let page = |head: &str| format!(r#"{{{head},"format":"NVD_CVE","version":"2.0","vulnerabilities":[]}}"#);
    assert_eq!(
        codes(&page(r#""resultsPerPage":0,"startIndex":0,"totalResults":0"#)),
        [Code::SourcePlaceholder]
    );
    let part = page(r#""resultsPerPage":3,"startIndex":6,"totalResults":8"#);
    assert_eq!(codes(&part), [Code::FieldTolerated, Code::FeedPage]);
    assert_eq!(codes(&page(r#""totalResults":5"#)), [Code::FeedPage], "an empty page is not an empty feed");
}

#[test]
fn what_is_damaged_is_told() {
    let rejected = |text: &str, code: Code| {
        let reading = read(text, "page.json", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (0, 1), "{text}");
        assert_eq!(reading.diagnostics.last().map(|d| d.code), Some(code), "{text}");
    };
    rejected("{", Code::JsonInvalid);
    rejected(r#"{"format":"NVD_CVE"}"#, Code::FieldMissing);
    rejected(r#"{"format":"NVD_CVE","version":"3.0","vulnerabilities":[]}"#, Code::FormatUnsupported);
    rejected(r#"{"vulnerabilities":[{"cve":{"id":5}}]}"#, Code::FieldInvalid);
    rejected(r#"{"vulnerabilities":[{}]}"#, Code::FieldInvalid);
    // One damaged record does not take the others with it.
    let damaged = PAGE.replace(r#""id": "CVE-2021-44228""#, r#""id": "CVE-2021-44228", "configurations": 5"#);
    let reading = read(&damaged, "page.json", &Limits::DEFAULT);
    assert_eq!((reading.advisories.len(), reading.rejected), (1, 2));
}

#[test]
fn genuine_pages() {
    let Some(folder) = shindan_testdata::path("nvd/cve-api") else { return };
    let mut seen = (0, 0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        for page in std::fs::read_dir(entry.unwrap().path()).unwrap() {
            let path = page.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let reading = advisory::read(&bytes, "page.json", &Limits::DEFAULT);
            assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::Nvd), 0), "{path:?}");
            let statements: usize = reading.advisories.iter().map(|a| a.affected.len()).sum();
            let on = reading.advisories.iter().flat_map(|a| &a.affected).filter(|a| !a.platforms.is_empty());
            seen = (seen.0 + reading.advisories.len(), seen.1 + statements, seen.2 + on.count());
        }
    }
    assert_eq!(seen.0, 42, "every record of every page");
    assert_eq!((seen.1, seen.2), (746, 28), "statements, and those with a platform");
    let Some(folder) = shindan_testdata::path("nvd/cpe-api") else { return };
    let bytes = std::fs::read(folder.join("1_item/0-1.json")).unwrap();
    let reading = advisory::read(&bytes, "page.json", &Limits::DEFAULT);
    assert_eq!(codes(&reading), [Code::FormatUnsupported], "a list of products is no advisory");
}
