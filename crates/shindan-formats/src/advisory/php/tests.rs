use super::*;
use crate::advisory;

fn one(text: &str) -> (Advisory, Reading) {
    let mut reading = advisory::read(text.as_bytes(), "a.yaml", &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::PhpAdvisory), "{:?}", reading.diagnostics);
    assert_eq!(reading.advisories.len(), 1, "{:?}", reading.diagnostics);
    (reading.advisories.remove(0), reading)
}

fn shown(affected: &Affected) -> String {
    match &affected.versions {
        VersionClaim::Ranged { ranges, .. } => {
            ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        }
        other => format!("{other:?}").chars().take(12).collect(),
    }
}

const SAMPLE: &str = include_str!("samples/three-branches.yaml");

#[test]
fn branches_are_united() {
    let (advisory, reading) = one(SAMPLE);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    assert_eq!(advisory.id, "symfony/http-kernel/CVE-2020-15094");
    assert_eq!(advisory.vulnerabilities[0].id, "CVE-2020-15094");
    let [statement] = advisory.affected.as_slice() else { panic!("one statement") };
    assert_eq!(shown(statement), ">=4.4.0 <4.4.13 | >=5.0.0 <5.1.0 | >=5.1.0 <5.1.5");
    assert_eq!(statement.fixed_versions, ["4.4.13", "5.1.0", "5.1.5"]);
    assert_eq!(statement.product.purl.as_deref(), Some("pkg:composer/symfony/http-kernel"));
    assert_eq!(reading.newest.expect("date").to_string(), "2020-09-02T08:00:00Z");
}

#[test]
fn a_branch_that_is_not_understood_stands_alone() {
    let text = SAMPLE.replace("['>=5.0.0', '<5.1.0']", "['dev-master']");
    let (advisory, reading) = one(&text);
    assert_eq!(shown(&advisory.affected[0]), ">=4.4.0 <4.4.13 | >=5.1.0 <5.1.5");
    assert_eq!(shown(&advisory.affected[1]), "Undetermined");
    assert_eq!(advisory.affected[1].text, "5.0.x: dev-master");
    let found = &reading.diagnostics[0];
    assert_eq!((found.code, found.place.line), (Code::FieldInvalid, Some(8)));
}

#[test]
fn without_a_cve_the_address_tells_them_apart() {
    let text = SAMPLE.replace("cve:       CVE-2020-15094\n", "");
    let (advisory, _) = one(&text);
    assert_eq!(advisory.id, "symfony/http-kernel/https://example.jp/cve-2020-15094");
    assert_eq!(advisory.vulnerabilities[0].id, advisory.id);
}

#[test]
fn damaged_advisories_are_rejected() {
    for (text, code) in [
        (SAMPLE.replace("composer://symfony/http-kernel", "composer://symfony"), Code::FieldInvalid),
        (format!("{SAMPLE}x: ["), Code::YamlInvalid),
    ] {
        let reading = advisory::read(text.as_bytes(), "a.yaml", &Limits::DEFAULT);
        assert_eq!((reading.advisories.len(), reading.rejected), (0, 1), "{text}");
        assert_eq!(reading.diagnostics[0].code, code);
    }
    let nothing = "title: t\nlink: l\ncve: ~\nbranches: {}\nreference: composer://a/b\n";
    let (_, reading) = one(nothing);
    assert_eq!(reading.diagnostics[0].code, Code::AdvisoryWithoutProduct);
}
