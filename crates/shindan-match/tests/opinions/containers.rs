//! Statements that hold inside another product only, and statements about a product as a whole.

use shindan_domain::advisory::Status;
use shindan_domain::version::{Scheme, VersionClaim};

use super::*;

fn inside(product: ProductRef) -> Advisory {
    let statement = Affected {
        within: Some(Box::new(product)),
        ..says(npm("a"), Status::NotAffected, VersionClaim::All)
    };
    vex("VEX-1", "Acme", "2026-02-01", vec![statement])
}

fn of_purl(purl: &str) -> ProductRef {
    ProductRef { purl: Some(purl.to_owned()), ..ProductRef::default() }
}

#[test]
fn a_part_is_judged_by_the_product_that_holds_it() {
    let cpe = |text: &str| ProductRef { cpes: vec![text.to_owned()], ..ProductRef::default() };
    let cases = [
        // The subject, by package URL; version and qualifiers count where they are named.
        (of_purl("pkg:oci/app"), true),
        (of_purl("pkg:oci/app@sha256:aa"), true),
        (of_purl("pkg:oci/app@sha256:bb"), false),
        (of_purl("pkg:oci/app?repository_url=acme.example/app"), true),
        (of_purl("pkg:oci/app?repository_url=bolt.example/app"), false),
        (of_purl("pkg:oci/app?tag=1"), false),
        (of_purl("pkg:generic/app"), false),
        // Another component beside it.
        (of_purl("pkg:npm/beside"), true),
        (cpe("cpe:2.3:a:acme:portal:*:*:*:*:*:*:*:*"), true),
        (cpe("cpe:2.3:a:acme:portal:2.0:*:*:*:*:*:*:*"), false),
        (cpe("cpe:2.3:a:acme:portal:*:*:*:*:lite:*:*:*"), false),
        // By names, where there is nothing better.
        (named("Acme", "Portal"), true),
        (named("Bolt", "Portal"), false),
        (named("ACME Inc.", "Suite"), true),
        (named("", "Acme Suite"), true),
        (named("Acme", ""), false),
        (ProductRef { purl: Some("pkg:oci/other".to_owned()), ..named("Acme", "Portal") }, false),
        (ProductRef { bom_link: Some("urn:cdx:else/1#it".to_owned()), ..named("Acme", "Portal") }, true),
        // By the document.
        (link("urn:cdx:here/1"), true),
        (link("urn:cdx:here/1#me"), true),
        (link("urn:cdx:here/2"), false),
        (link("urn:cdx:else/1"), false),
        (ProductRef::default(), false),
    ];
    let mut beside = purl("pkg:npm/beside@1.0.0");
    beside.cpe = Some("cpe:2.3:a:acme:portal:1.0:*:*:*:*:*:*:*".to_owned());
    let device = Component {
        name: "Acme Portal".to_owned(),
        maker: Some("Acme".to_owned()),
        model: Some("Portal".to_owned()),
        ..Component::default()
    };
    let mut parts = inventory(vec![purl("pkg:npm/a@1.5.0"), beside, device]);
    parts.subject = Some("Acme Suite".to_owned());
    parts.about = Some(Box::new(Component {
        bom_link: Some("urn:cdx:here/1#me".to_owned()),
        ..purl("pkg:oci/app@sha256:aa?repository_url=acme.example/app")
    }));
    for (product, present) in cases {
        let answer = ask(vec![database(), inside(product.clone())], &parts);
        assert_eq!(answer.denied().len(), usize::from(present), "{product:?}");
        assert_eq!(answer.hit().len(), usize::from(!present), "{product:?}");
    }
}

/// What holds inside one version of a product holds inside no other, however the product is named.
#[test]
fn a_part_is_judged_by_the_version_that_holds_it() {
    let in_version =
        |product: ProductRef, version: &str| ProductRef { version: Some(version.to_owned()), ..product };
    let suite = || ProductRef { product: Some("Suite".to_owned()), ..ProductRef::default() };
    let cpe = || ProductRef { cpes: vec!["cpe:2.3:a:acme:suite:*:*:*:*:*:*:*:*".to_owned()], ..suite() };
    let subject = |version: Option<&str>| Component {
        name: "Suite".to_owned(),
        version: version.map(str::to_owned),
        ..Component::default()
    };
    let by_purl = |version: Option<&str>| Component {
        purl: Some("pkg:generic/suite".to_owned()),
        name: "other".to_owned(),
        ..subject(version)
    };
    let by_cpe = |version: Option<&str>| Component {
        cpe: Some("cpe:2.3:a:acme:suite:*:*:*:*:*:*:*:*".to_owned()),
        name: "other".to_owned(),
        ..subject(version)
    };
    let device = |firmware: &str| Component {
        maker: Some("Acme".to_owned()),
        model: Some("Suite".to_owned()),
        firmware: Some(firmware.to_owned()),
        ..subject(None)
    };
    let cases = [
        (in_version(suite(), "2"), subject(Some("2")), true),
        (in_version(suite(), "V2.1"), subject(Some(" v2.1")), true),
        (in_version(suite(), "2"), subject(Some("3")), false),
        (in_version(suite(), "2"), subject(None), false),
        (suite(), subject(Some("3")), true),
        (in_version(named("Acme", "Suite"), "2"), device("2"), true),
        (in_version(named("Acme", "Suite"), "2"), device("3"), false),
        (in_version(of_purl("pkg:generic/suite"), "2"), by_purl(Some("2")), true),
        (in_version(of_purl("pkg:generic/suite"), "2"), by_purl(Some("3")), false),
        (in_version(of_purl("pkg:generic/suite"), "2"), by_purl(None), false),
        (in_version(of_purl("pkg:generic/suite"), "2"), purl("pkg:generic/suite@2"), true),
        (in_version(of_purl("pkg:generic/suite"), "2"), purl("pkg:generic/suite@3"), false),
        (in_version(cpe(), "2"), by_cpe(Some("2")), true),
        (in_version(cpe(), "2"), by_cpe(Some("3")), false),
        (in_version(cpe(), "2"), by_cpe(None), false),
    ];
    for (product, about, present) in cases {
        let mut parts = inventory(vec![purl("pkg:npm/a@1.5.0")]);
        parts.subject = Some(about.name.clone());
        parts.about = Some(Box::new(about.clone()));
        let answer = ask(vec![database(), inside(product.clone())], &parts);
        assert_eq!(answer.denied().len(), usize::from(present), "{product:?} in {about:?}");
        assert_eq!(answer.hit().len(), usize::from(!present), "{product:?} in {about:?}");
    }
}

#[test]
fn affected_inside_another_product_is_no_matter_of_ours() {
    let statement = Affected {
        within: Some(Box::new(of_purl("pkg:oci/app"))),
        ..says(npm("b"), Status::Affected, VersionClaim::All)
    };
    let document = || vec![vex("VEX-1", "Acme", "2026-02-01", vec![statement.clone()])];
    let mut parts = inventory(vec![purl("pkg:npm/b@1.5.0")]);
    assert!(ask(document(), &parts).hit().is_empty());
    parts.about = Some(Box::new(purl("pkg:oci/app@1")));
    assert_eq!(ask(document(), &parts).hit(), ["pkg:npm/b@1.5.0"]);
}

/// What the maker of a product says of it as a whole holds for what is in it.
#[test]
fn what_is_said_of_the_subject_holds_for_its_parts() {
    let of_app =
        |status, version: &str| says(of_purl("pkg:oci/app"), status, exactly(Scheme::Generic, version));
    let mut parts = inventory(vec![purl("pkg:npm/a@1.5.0")]);
    parts.about = Some(Box::new(purl("pkg:oci/app@7")));
    let denial = |version| vex("VEX-1", "Acme", "2026-02-01", vec![of_app(Status::NotAffected, version)]);
    assert_eq!(ask(vec![database(), denial("7")], &parts).denied(), ["pkg:npm/a@1.5.0 by VEX-1"]);
    assert_eq!(ask(vec![database(), denial("8")], &parts).hit(), ["pkg:npm/a@1.5.0"]);

    // Affected as a whole: a finding of the whole, and the parts stay as they are.
    let affirmation = vex("VEX-2", "Bolt", "2026-01-01", vec![of_app(Status::Affected, "7")]);
    let answer = ask(vec![database(), affirmation.clone()], &parts);
    let mut hit = answer.hit();
    hit.sort_unstable();
    assert_eq!(hit, ["pkg:npm/a@1.5.0", "pkg:oci/app@7"]);

    // Contradicted as a whole: the denial does not reach the parts either.
    let answer = ask(vec![database(), denial("7"), affirmation], &parts);
    assert_eq!((answer.hit().len(), answer.denied().len()), (2, 0));
    assert_eq!(answer.disputed(), ["VEX-1"]);

    // A part of which the same source says otherwise in particular.
    let particular =
        vec![of_app(Status::NotAffected, "7"), says(npm("a"), Status::Affected, VersionClaim::All)];
    let answer = ask(vec![vex("VEX-1", "Acme", "2026-02-01", particular)], &parts);
    assert_eq!(answer.hit(), ["pkg:npm/a@1.5.0"]);
}

#[test]
fn ordinary_advisories_about_the_subject_do_not_make_it_a_component() {
    let mut parts = inventory(vec![purl("pkg:npm/b@1.0.0")]);
    parts.about = Some(Box::new(purl("pkg:npm/a@1.0.0")));
    assert!(ask(vec![database()], &parts).hit().is_empty());
}
