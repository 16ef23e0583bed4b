use super::*;
use crate::advisory;

fn one(text: &str) -> (Advisory, Reading) {
    let mut reading = advisory::read(text.as_bytes(), "a.yml", &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::RubyAdvisory), "{:?}", reading.diagnostics);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading)
}

fn shown(advisory: &Advisory) -> String {
    match &advisory.affected[0].versions {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Ranged { ranges, except } => {
            let join = |ranges: &[shindan_domain::version::VersionRange]| {
                ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
            };
            if except.is_empty() { join(ranges) } else { format!("{} except {}", join(ranges), join(except)) }
        }
        VersionClaim::Undetermined { params, .. } => format!("? {}", params["text"]),
    }
}

const SAMPLE: &str = include_str!("samples/several-series.yml");
const NEVER_FIXED: &str = include_str!("samples/never-fixed.yml");

#[test]
fn what_is_neither_patched_nor_unaffected_is_affected() {
    let (advisory, reading) = one(SAMPLE);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!(advisory.id, "actionpack/CVE-2023-22795");
    let [vulnerability] = advisory.vulnerabilities.as_slice() else { panic!("one") };
    assert_eq!(vulnerability.id, "CVE-2023-22795");
    assert_eq!(vulnerability.aliases, ["GHSA-8xww-x3g3-6jcv"]);
    assert_eq!(shown(&advisory), ">=2.0.0 <5.2.8 | >=5.3.A <6.1.7.1 | >=6.2.A <7.0.4.1");
    assert_eq!(advisory.affected[0].fixed_versions, ["5.2.8", "6.1.7.1", "7.0.4.1"]);
    assert_eq!(advisory.affected[0].product.purl.as_deref(), Some("pkg:gem/actionpack"));
    assert_eq!(advisory.references.len(), 2);
}

#[test]
fn without_patched_versions_every_version_is_affected() {
    let (advisory, _) = one(NEVER_FIXED);
    assert_eq!((advisory.id.as_str(), shown(&advisory).as_str()), ("old-viewer/OSVDB-100524", "all"));
    assert_eq!(advisory.vulnerabilities[0].id, advisory.id, "a document's number is no vulnerability");
    assert_eq!(advisory.affected[0].impact, "platform: jruby");
}

#[test]
fn requirements_that_are_not_understood_are_undetermined() {
    let (advisory, reading) = one(&SAMPLE.replace("~> 5.2.8", "!= 5.2.7"));
    assert!(shown(&advisory).starts_with("? patched: != 5.2.7 | "), "{}", shown(&advisory));
    assert_eq!(reading.diagnostics[0].code, Code::FieldInvalid);
    let (advisory, reading) = one(&SAMPLE.replace("  - \"< 2.0.0\"", "  a: b"));
    assert_eq!(shown(&advisory), "? ");
    assert_eq!(reading.diagnostics[0].params["field"], "unaffected_versions");
}

#[test]
fn damaged_advisories_are_rejected() {
    for (text, code) in [
        (SAMPLE.replace("title: A", "title: \"A"), Code::YamlInvalid),
        (
            "gem: x\ntitle: t\ndate: 2020-01-01\npatched_versions:\n  - '>= 1'\n".to_owned(),
            Code::FieldMissing,
        ),
        (SAMPLE.replace("gem: actionpack", "gem:"), Code::FieldMissing),
    ] {
        let reading = advisory::read(text.as_bytes(), "a.yml", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (0, 1), "{text}");
        assert_eq!(reading.diagnostics[0].code, code, "{text}");
    }
}
