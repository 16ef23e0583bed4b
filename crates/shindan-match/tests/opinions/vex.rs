//! A VEX document in each role: not affected, fixed, affected, under investigation.

use shindan_domain::advisory::{Affected, Justification, ProductRef, Status};
use shindan_domain::version::{Scheme, VersionClaim};

use super::*;

fn denial(versions: VersionClaim) -> Advisory {
    let statement = Affected {
        justification: Some(Justification::VulnerableCodeNotInExecutePath),
        impact: "The parser is never called.".to_owned(),
        ..says(npm("a"), Status::NotAffected, versions)
    };
    vex("VEX-1", "Acme", "2026-02-01", vec![statement])
}

#[test]
fn not_affected_turns_what_others_say_and_tells_why() {
    let parts = inventory(vec![purl("pkg:npm/a@1.5.0"), purl("pkg:npm/a@1.6.0")]);
    let answer = ask(vec![database(), denial(exactly(Scheme::Npm, "1.5.0"))], &parts);
    assert_eq!(answer.hit(), ["pkg:npm/a@1.6.0"], "of another version nothing is said");
    assert_eq!(answer.denied(), ["pkg:npm/a@1.5.0 by VEX-1"]);
    let turned = &answer.not_affected[0];
    assert_eq!(turned.finding.bases()[0].advisory, "GHSA-1", "the finding is kept as it was");
    assert_eq!(turned.finding.vulnerability.id, CVE);
    let opinion = &turned.opinions[0];
    assert_eq!(opinion.status, Status::NotAffected);
    assert_eq!(opinion.justification, Some(Justification::VulnerableCodeNotInExecutePath));
    assert_eq!(opinion.impact, "The parser is never called.");
    assert_eq!((opinion.source.as_str(), opinion.identifier.as_str()), ("Acme", "pkg:npm/a"));
    assert_eq!(opinion.place, "knowledge.json#/statements/0");
    assert!(answer.doubts().is_empty());
}

#[test]
fn fixed_turns_the_version_that_contains_the_fix() {
    let fixed = says(npm("a"), Status::Fixed, exactly(Scheme::Npm, "1.5.0"));
    let answer = ask(
        vec![database(), vex("VEX-1", "Acme", "2026-02-01", vec![fixed])],
        &inventory(vec![purl("pkg:npm/a@1.5.0"), purl("pkg:npm/a@1.4.0")]),
    );
    assert_eq!(answer.hit(), ["pkg:npm/a@1.4.0"]);
    assert_eq!(answer.not_affected[0].opinions[0].status, Status::Fixed);
}

#[test]
fn affected_makes_a_finding_of_its_own() {
    let statement = says(npm("b"), Status::Affected, VersionClaim::All);
    let answer = ask(
        vec![vex("VEX-1", "Acme", "2026-02-01", vec![statement])],
        &inventory(vec![purl("pkg:npm/b@1.0.0")]),
    );
    assert_eq!(answer.hit(), ["pkg:npm/b@1.0.0"]);
}

#[test]
fn under_investigation_is_undetermined_only_where_nothing_else_hits() {
    let open = |name| {
        let statement = says(npm(name), Status::UnderInvestigation, VersionClaim::All);
        vex(&format!("VEX-{name}"), "Acme", "2026-02-01", vec![statement])
    };
    let answer = ask(
        vec![database(), open("a"), open("b")],
        &inventory(vec![purl("pkg:npm/a@1.0.0"), purl("pkg:npm/b@1.0.0")]),
    );
    assert_eq!(answer.hit(), ["pkg:npm/a@1.0.0"]);
    assert_eq!(answer.doubts(), ["under-investigation"]);
    let doubt = answer.undetermined.iter().find(|u| u.vulnerability.is_some()).unwrap();
    assert_eq!((doubt.component.name.as_str(), doubt.params["source"].as_str()), ("pkg:npm/b@1.0.0", "Acme"));
}

#[test]
fn an_ordinary_advisory_speaks_for_itself_only() {
    let denial = plain("A-1", "Acme", vec![says(npm("a"), Status::NotAffected, VersionClaim::All)]);
    let answer = ask(vec![database(), denial], &inventory(vec![purl("pkg:npm/a@1.5.0")]));
    assert_eq!(answer.hit(), ["pkg:npm/a@1.5.0"]);
    assert!(answer.denied().is_empty());
}

#[test]
fn what_is_said_of_another_product_release_edition_or_unknown_version_turns_nothing() {
    let cases = [
        ("another package", says(npm("b"), Status::NotAffected, VersionClaim::All)),
        (
            "another edition",
            says(
                ProductRef {
                    cpes: vec!["cpe:2.3:a:acme:a:*:*:*:*:lite:*:*:*".to_owned()],
                    ..ProductRef::default()
                },
                Status::NotAffected,
                VersionClaim::All,
            ),
        ),
        (
            "a platform that is not there",
            Affected {
                platforms: vec![vec!["cpe:2.3:o:acme:os:*:*:*:*:*:*:*:*".to_owned()]],
                ..says(npm("a"), Status::NotAffected, VersionClaim::All)
            },
        ),
        ("no order", says(npm("a"), Status::NotAffected, exactly(Scheme::Npm, "not a version"))),
        ("free text", says(npm("a"), Status::Fixed, VersionClaim::undetermined_text("newest"))),
    ];
    for (case, statement) in cases {
        let mut part = purl("pkg:npm/a@1.5.0");
        part.cpe = Some("cpe:2.3:a:acme:a:1.5.0:*:*:*:*:*:*:*".to_owned());
        let vex = vex("VEX-1", "Acme", "2026-02-01", vec![statement]);
        let answer = ask(vec![database(), vex], &inventory(vec![part]));
        assert_eq!((answer.hit().len(), answer.denied().len()), (1, 0), "{case}");
    }
    let debian = |release: &str| ProductRef {
        ecosystem: Some(format!("Debian:{release}")),
        package: Some("a".to_owned()),
        ..ProductRef::default()
    };
    let affected = says(debian("12"), Status::Affected, below(Scheme::Deb, "2-1"));
    let parts = inventory(vec![purl("pkg:deb/debian/a@1-1?distro=debian-12")]);
    for (release, hits) in [("11", 1), ("12", 0)] {
        let denial = says(debian(release), Status::NotAffected, VersionClaim::All);
        let answer = ask(
            vec![
                plain("DSA-1", "Debian", vec![affected.clone()]),
                vex("VEX-1", "Acme", "2026-02-01", vec![denial]),
            ],
            &parts,
        );
        assert_eq!(answer.hit().len(), hits, "{release}");
    }
}

#[test]
fn any_identity_of_the_component_will_do() {
    let mut part = purl("pkg:npm/a@1.5.0");
    part.cpe = Some("cpe:2.3:a:acme:a:1.5.0:*:*:*:*:*:*:*".to_owned());
    let product =
        ProductRef { cpes: vec!["cpe:2.3:a:acme:a:*:*:*:*:*:*:*:*".to_owned()], ..ProductRef::default() };
    let denial =
        vex("VEX-1", "Acme", "2026-02-01", vec![says(product, Status::NotAffected, VersionClaim::All)]);
    let answer = ask(vec![database(), denial], &inventory(vec![part]));
    assert_eq!(answer.denied(), ["pkg:npm/a@1.5.0 by VEX-1"]);
}

#[test]
fn a_denial_answers_what_others_leave_open() {
    let vague = plain(
        "A-1",
        "Acme Watch",
        vec![says(npm("a"), Status::Affected, VersionClaim::undetermined_text("some"))],
    );
    let parts = inventory(vec![purl("pkg:npm/a@1.5.0")]);
    assert_eq!(ask(vec![vague.clone()], &parts).doubts(), ["range-undetermined"]);
    let answer = ask(vec![vague, denial(VersionClaim::All)], &parts);
    assert!(answer.doubts().is_empty() && answer.hit().is_empty());
}

#[test]
fn packages_of_no_ecosystem_and_devices_have_their_documents_too() {
    let oci = ProductRef { purl: Some("pkg:oci/acme-app".to_owned()), ..ProductRef::default() };
    let device = Component {
        name: "Acme Pump".to_owned(),
        maker: Some("ACME, Inc.".to_owned()),
        model: Some("Pump".to_owned()),
        firmware: Some("3.0".to_owned()),
        ..Component::default()
    };
    let pump = says(named("Acme", "Pump"), Status::Affected, below(Scheme::Generic, "4.0"));
    let denials = vec![
        says(named("Acme", "Pump"), Status::Fixed, exactly(Scheme::Generic, "3.0")),
        says(oci, Status::Affected, VersionClaim::All),
    ];
    let answer = ask(
        vec![plain("ICSMA-1", "CISA", vec![pump]), vex("VEX-1", "Acme", "2026-02-01", denials)],
        &inventory(vec![device, purl("pkg:oci/acme-app@sha256%3A00")]),
    );
    assert_eq!(answer.denied(), ["Acme Pump by VEX-1"]);
    assert_eq!(answer.hit(), ["pkg:oci/acme-app@sha256%3A00"]);
}
