use super::*;
use crate::advisory;

fn of(text: &str) -> Reading {
    let reading = advisory::read(text.as_bytes(), "tracker.json", &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::DebianTracker), "{:?}", reading.diagnostics);
    reading
}

fn told(reading: &Reading) -> Vec<String> {
    let mut out = Vec::new();
    for advisory in &reading.advisories {
        for a in &advisory.affected {
            let versions = match &a.versions {
                VersionClaim::All => "*".to_owned(),
                VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
                VersionClaim::Undetermined { .. } => "?".to_owned(),
            };
            let (ecosystem, package) = (a.product.ecosystem.as_deref(), a.product.package.as_deref());
            let line = format!(
                "{} {} {} {} {versions} {}",
                advisory.id,
                ecosystem.unwrap(),
                package.unwrap(),
                a.status.as_str(),
                a.impact
            );
            out.push(line.trim_end().to_owned());
        }
    }
    out
}

const SAMPLE: &str = include_str!("samples/tracker.json");

#[test]
fn every_state_of_a_release() {
    let reading = of(SAMPLE);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!(reading.source, "Debian security tracker");
    assert_eq!(
        told(&reading),
        [
            "CVE-2024-0001 Debian:12 openssl affected <3.0.11-1~deb12u2",
            "CVE-2024-0001 Debian:11 openssl not_affected * unimportant",
            "CVE-2024-0001 Debian:sid openssl affected <3.0.12-1",
            "CVE-2024-0001 Debian:12 openssl1.0 affected * Minor issue (ignored)",
            "CVE-2024-0002 Debian:12 openssl under_investigation *",
            "TEMP-0000000-AAAAAA Debian:12 openssl affected * postponed until the next release (postponed)",
        ]
        .map(str::to_owned)
        .as_slice()
    );
    let first = &reading.advisories[0];
    assert_eq!(first.vulnerabilities[0].id, "CVE-2024-0001");
    assert_eq!(first.affected[0].fixed_versions, ["3.0.11-1~deb12u2"]);
    assert_eq!(first.affected[0].product.purl.as_deref(), Some("pkg:deb/debian/openssl"));
    assert_eq!(first.affected[0].pointer, "/openssl/CVE-2024-0001/releases/bookworm");
    assert!(first.affected[3].fixed_versions.is_empty(), "no fix is known");
}

#[test]
fn what_makes_no_sense_is_rejected_alone() {
    let reading = of(r#"{"a/b": {
        "CVE-2024-0001": {"releases": {"bookworm": {"status": "closed"}, "future": {"status": "open"},
                                       "trixie": {"status": "resolved"}, "bullseye": {"status": "open"}}},
        "CVE-2024-0002": {"releases": "none"},
        "CVE-2024-0003": {"description": "no releases"},
        "CVE-2024-0004": {"releases": {}}}}"#);
    assert_eq!(told(&reading), ["CVE-2024-0001 Debian:11 a/b affected *"]);
    let places: Vec<String> = reading
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, d.place.field.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(
        places,
        [
            "field-invalid /a~1b/CVE-2024-0001/releases/bookworm",
            "field-invalid /a~1b/CVE-2024-0001/releases/future",
            "field-invalid /a~1b/CVE-2024-0001/releases/trixie",
            "field-invalid /a~1b/CVE-2024-0002",
            "field-missing /a~1b/CVE-2024-0003",
            "advisory-without-product -",
        ]
    );
    assert_eq!(reading.rejected, 5);
}

#[test]
fn a_document_cut_off_is_an_error_and_keeps_what_was_read() {
    let start = r#"{"a": {"CVE-2024-0001": {"releases": {"#;
    for cut in SAMPLE.find("3.0.12").unwrap()..SAMPLE.trim_end().len() {
        let Some(text) = SAMPLE.get(..cut) else { continue };
        let reading = advisory::read(text.as_bytes(), "x", &Limits::DEFAULT);
        assert!(reading.rejected > 0, "cut at {cut}");
    }
    assert!(advisory::read(start.as_bytes(), "x", &Limits::DEFAULT).rejected > 0);
    let cut = SAMPLE.find("CVE-2024-0002").unwrap();
    let reading = of(&SAMPLE[..cut]);
    assert_eq!((reading.advisories.len(), reading.rejected), (1, 1));
}

#[test]
fn thousands_of_defects_are_counted() {
    let entry =
        |n: u32| format!("\"CVE-2024-{n:05}\": {{\"releases\": {{\"bookworm\": {{\"status\": \"x\"}}}}}}");
    let entries: Vec<String> = (0..3_000).map(entry).collect();
    let reading = of(&format!("{{\"a\": {{{}}}}}", entries.join(",")));
    // Invalid states, and vulnerabilities of which nothing is left.
    assert_eq!((reading.rejected, reading.diagnostics.len()), (3_000, 2 * KEPT));
    assert_eq!(reading.diagnostics[KEPT - 1].params["further"], "2900");
    assert_eq!(reading.diagnostics[2 * KEPT - 1].params["further"], "2900");
}

#[test]
fn the_genuine_sample() {
    let Some(path) = shindan_testdata::path("vendor/debian/tracker/advisory.json") else { return };
    let reading = of(&std::fs::read_to_string(path).unwrap());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let told = told(&reading);
    eprintln!("{} advisories, {} statements", reading.advisories.len(), told.len());
    assert!(
        told.contains(&"CVE-2012-0833 Debian:11 389-ds-base not_affected * unimportant".to_owned()),
        "{told:#?}"
    );
    assert!(
        told.contains(&"CVE-2016-5416 Debian:11 389-ds-base affected * Minor issue (ignored)".to_owned())
    );
    assert!(told.contains(&"CVE-2016-5405 Debian:sid 389-ds-base affected <1.3.5.15-1".to_owned()));
    let Some(path) = shindan_testdata::path("vendor/debian/tracker/invalid.json") else { return };
    let reading = advisory::read(&std::fs::read(path).unwrap(), "invalid.json", &Limits::DEFAULT);
    assert_eq!(reading.diagnostics[0].code, Code::FormatUnknown);
}
