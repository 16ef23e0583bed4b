//! Databases of language communities: what they cover, and claims of everything except what is patched.
#![allow(clippy::expect_used)]

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status,
};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::Decided;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Question, check};
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 7, 2);
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;

/// An advisory about the gem rack.
fn about_rack(format: AdvisoryFormat, versions: VersionClaim) -> Advisory {
    let product = ProductRef {
        ecosystem: Some("RubyGems".to_owned()),
        package: Some("rack".to_owned()),
        ..ProductRef::default()
    };
    Advisory {
        vulnerabilities: vec![AdvisedVulnerability {
            id: "CVE-2024-1000".to_owned(),
            ..AdvisedVulnerability::default()
        }],
        affected: vec![Affected::new(product, Status::Affected, versions)],
        ..Advisory::new("A-1", "test", format)
    }
}

/// The components that are hit, and the doubts.
fn run(advisory: Advisory, purls: &[&str]) -> (Vec<String>, Vec<Code>) {
    let knowledge = Knowledge { advisories: vec![advisory], ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).expect("builds");
    let index = Index::open(&bytes).expect("opens");
    let meta = index.meta().expect("has a summary");
    let component = |purl: &&str| Component {
        name: (*purl).to_owned(),
        purl: Some((*purl).to_owned()),
        ..Component::default()
    };
    let inventory = Inventory {
        path: "Gemfile.lock".to_owned(),
        kind: InventoryKind::GemfileLock,
        subject: None,
        about: None,
        components: purls.iter().map(component).collect(),
        assets: vec![],
        opinions: vec![],
        diagnostics: vec![],
    };
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let confirmed = ConfirmedIdentities::default();
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: TODAY,
    };
    let mut outcome = check(question, &inventory, 0, 0..inventory.components.len()).expect("checks");
    let mut found: Vec<String> = outcome.take_findings().iter().map(|f| f.component.name.clone()).collect();
    found.sort_unstable();
    (found, outcome.undetermined.iter().map(|doubt| doubt.code).collect())
}

fn interval(lower: &str, upper: &str) -> VersionRange {
    VersionRange {
        scheme: Scheme::Gem,
        lower: Bound::Inclusive(lower.to_owned()),
        upper: Bound::Exclusive(upper.to_owned()),
    }
}

/// The databases of language communities set out to name every vulnerability of their ecosystem; a CVE record does not.
#[test]
fn databases_of_language_communities_cover_their_ecosystem() {
    for (format, covers) in [
        (AdvisoryFormat::Osv, true),
        (AdvisoryFormat::Rustsec, true),
        (AdvisoryFormat::RubyAdvisory, true),
        (AdvisoryFormat::PhpAdvisory, true),
        (AdvisoryFormat::Cve5, false),
        (AdvisoryFormat::Csaf, false),
    ] {
        let record = about_rack(format, VersionClaim::ranged(vec![interval("1.0", "2.0")]));
        let (found, doubts) = run(record, &["pkg:gem/rack@1.5", "pkg:gem/other@1.0"]);
        assert_eq!(found, ["pkg:gem/rack@1.5"], "{format:?}");
        let silent: &[Code] = if covers { &[] } else { &[Code::EcosystemNotCovered] };
        assert_eq!(doubts, silent, "{format:?}");
    }
}

/// `~> 1.2.3` patched: the pre-releases of 1.3 are not, and neither is 1.2.2.
#[test]
fn everything_except_what_is_patched() {
    let claim = VersionClaim::Ranged {
        ranges: vec![VersionRange::all(Scheme::Gem)],
        except: vec![interval("1.2.3", "1.3.A"), interval("2.0.0.beta1", "3.A")],
    };
    let versions =
        ["1.2.2", "1.2.3", "1.2.9", "1.3.0.rc1", "1.3.0", "2.0.0.alpha1", "2.0.0.beta2", "2.5", "3.0"];
    let purls = versions.map(|version| format!("pkg:gem/rack@{version}"));
    let purls: Vec<&str> = purls.iter().map(String::as_str).collect();
    let (found, doubts) = run(about_rack(AdvisoryFormat::RubyAdvisory, claim), &purls);
    let expected = ["1.2.2", "1.3.0", "1.3.0.rc1", "2.0.0.alpha1", "3.0"];
    assert_eq!(found, expected.map(|version| format!("pkg:gem/rack@{version}")));
    assert!(doubts.is_empty(), "{doubts:?}");
}
