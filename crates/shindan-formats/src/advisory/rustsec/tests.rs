use super::*;
use crate::advisory;
use shindan_domain::identifier::FindingKind;

fn one(text: &str) -> (Advisory, Reading) {
    let mut reading = advisory::read(text.as_bytes(), "a.md", &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::Rustsec), "{:?}", reading.diagnostics);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading)
}

fn shown(advisory: &Advisory) -> String {
    match &advisory.affected[0].versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Ranged { ranges, except } => {
            assert!(except.is_empty());
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
        VersionClaim::Undetermined { .. } => "?".to_owned(),
    }
}

const SAMPLE: &str = include_str!("samples/two-series.md");
const UNMAINTAINED: &str = include_str!("samples/unmaintained.toml");

#[test]
fn markdown_with_a_block_of_toml() {
    let (advisory, reading) = one(SAMPLE);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!(advisory.title, "Writing beyond the end in insert_many");
    assert_eq!(shown(&advisory), ">=0.6.3 <0.6.14 | >=1.0.0 <1.6.1");
    assert_eq!(advisory.affected[0].fixed_versions, ["0.6.14", "1.6.1"]);
    assert_eq!(advisory.affected[0].product.purl.as_deref(), Some("pkg:cargo/smallvec"));
    let [vulnerability] = advisory.vulnerabilities.as_slice() else { panic!("one") };
    assert_eq!(vulnerability.id, "CVE-2021-25900");
    assert_eq!(vulnerability.aliases, ["RUSTSEC-2021-0003", "GHSA-43w2-9j62-hq99"]);
    assert_eq!(vulnerability.cvss.len(), 1);
    assert_eq!(reading.newest.expect("date").to_string(), "2021-01-08T00:00:00Z");
}

#[test]
fn toml_alone_informational_and_withdrawn() {
    let (advisory, reading) = one(UNMAINTAINED);
    assert_eq!(advisory.title, "old-parser is no longer maintained");
    assert_eq!(advisory.vulnerabilities[0].kind, FindingKind::Unmaintained);
    assert_eq!(shown(&advisory), "all", "no version is patched, and the advisory says so");
    assert_eq!(advisory.withdrawn.expect("withdrawn").to_string(), "2021-03-01T00:00:00Z");
    assert_eq!(reading.diagnostics[0].code, Code::AdvisoryWithdrawn);
    let (advisory, _) = one(&UNMAINTAINED.replace("\"2021-03-01\"", "\"soon\""));
    assert!(advisory.withdrawn.is_some(), "withdrawn all the same");
}

#[test]
fn the_old_form_has_its_versions_in_the_head() {
    let text = "[advisory]\nid = \"RUSTSEC-2016-0001\"\npackage = \"a\"\ndate = 2016-11-05\n\
                patched_versions = [\">= 0.9.0\"]\n";
    let (advisory, reading) = one(text);
    assert_eq!(shown(&advisory), "<0.9.0");
    assert!(reading.newest.is_some() && reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
}

#[test]
fn silence_about_versions_is_undetermined() {
    let (advisory, reading) = one(&SAMPLE.replace("[versions]", "[other]"));
    assert_eq!(shown(&advisory), "?");
    assert_eq!(reading.diagnostics[0].code, Code::FieldMissing);
    let (advisory, reading) = one(&SAMPLE.replace("\"< 0.6.3\"", "\"before 0.6.3\""));
    assert_eq!(shown(&advisory), "?");
    assert_eq!(reading.diagnostics[0].code, Code::FieldInvalid);
}

#[test]
fn what_is_no_crate_is_not_in_the_ecosystem() {
    let (advisory, _) = one(&SAMPLE.replace("RUSTSEC-2021-0003", "CVE-2018-1000657"));
    assert_eq!(advisory.affected[0].product.ecosystem, None);
}

#[test]
fn damaged_advisories_are_rejected() {
    for (text, code, line) in [
        (SAMPLE.replace("package = \"smallvec\"", "package = \"smallvec"), Code::TomlInvalid, Some(4)),
        (SAMPLE.split("```\n").next().unwrap_or_default().to_owned(), Code::TomlInvalid, None),
        (SAMPLE.replace("package = \"smallvec\"\n", ""), Code::FieldMissing, Some(1)),
    ] {
        let reading = advisory::read(text.as_bytes(), "a.md", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (0, 1), "{text}");
        let found = &reading.diagnostics[0];
        assert_eq!((found.code, found.place.line), (code, line), "{text}");
    }
    let template = SAMPLE.replace("RUSTSEC-2021-0003", TEMPLATE);
    let reading = advisory::read(template.as_bytes(), "a.md", &Limits::DEFAULT);
    assert_eq!((reading.advisories.len(), reading.diagnostics[0].code), (0, Code::SourcePlaceholder));
}
