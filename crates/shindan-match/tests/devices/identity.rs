//! What a person said once about a maker and model, and hardware of which the dictionary does not know which software it
//! runs.

use shindan_domain::devices::{Confirmation, ConfirmedIdentity, PublishedProduct};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Confidence, MatchMethod, NameReading};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::names::Dictionary;

use crate::world::{World, advisory, affects, device, doubts, found};

fn before(version: &str) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange::before(Scheme::Generic, version)])
}

fn named(vendor: &str, product: &str) -> PublishedProduct {
    PublishedProduct::Named { vendor: vendor.to_owned(), product: product.to_owned() }
}

fn says(maker: &str, model: &str, identity: ConfirmedIdentity) -> Confirmation {
    Confirmation { maker: maker.to_owned(), model: model.to_owned(), identity, rejected: vec![] }
}

#[test]
fn a_confirmed_product_is_found_in_every_spelling_of_the_ledger() {
    let mut world = World::knowing(vec![
        advisory("CVE-2024-0001", vec![affects("Globex", "Patient Monitor OS", before("2.0"))]),
        advisory("CVE-2024-0002", vec![affects("Globex", "Something else", VersionClaim::All)]),
    ]);
    world.dictionary.makers = vec![Maker { name: "Acme".into(), aliases: vec!["アクメ".into()] }];
    let ask = ["Acme", "株式会社アクメ", "ＡＣＭＥ"].map(|maker| device(maker, "PM-100", "1.5"));
    world.components =
        [ask.to_vec(), vec![device("Acme", "PM-100", "2.0"), device("Acme", "PM-200", "1.5")]].concat();
    assert_eq!(doubts(&world.ask()), [Code::MakerUnknown; 5], "nobody has said it yet");
    let products = vec![named("Globex", "Patient Monitor OS")];
    world.confirmations = vec![says("アクメ", "PM100", ConfirmedIdentity::Products(products))];
    let mut outcome = world.ask();
    let findings = outcome.take_findings();
    assert_eq!(findings.len(), 3);
    assert!(findings.iter().all(|f| f.vulnerability.id == "CVE-2024-0001"));
    assert_eq!(findings[0].bases()[0].method, MatchMethod::ConfirmedIdentity);
    assert_eq!(doubts(&outcome), [Code::MakerUnknown], "of the other model nothing was said");
    assert_eq!(outcome.coverage.by_method["confirmed-identity"], 4);
}

#[test]
fn several_products_and_cpe_names_can_be_confirmed() {
    let mut told = affects("Globex", "Engine", before("2.0"));
    told.product.vendor = None;
    told.product.product = None;
    told.product.cpes = vec!["cpe:2.3:o:globex:engine:*:*:*:*:*:*:*:*".to_owned()];
    let other = affects("Globex", "Shell", VersionClaim::All);
    let mut world =
        World::knowing(vec![advisory("CVE-2024-0001", vec![told]), advisory("CVE-2024-0002", vec![other])]);
    world.components = vec![device("Acme", "PM-100", "1.5")];
    let cpe = PublishedProduct::Cpe { cpe: "cpe:/o:globex:engine:1.0".to_owned() };
    let products = vec![cpe, named("Globex", "Shell"), named("Globex", "Nowhere")];
    world.confirmations = vec![says("Acme", "PM-100", ConfirmedIdentity::Products(products))];
    let mut outcome = world.ask();
    let mut ids: Vec<String> = outcome.take_findings().iter().map(|f| f.vulnerability.id.clone()).collect();
    ids.sort();
    assert_eq!(ids, ["CVE-2024-0001", "CVE-2024-0002"]);
    let nonsense = PublishedProduct::Cpe { cpe: "cpe:nonsense".to_owned() };
    let open = PublishedProduct::Cpe { cpe: "cpe:2.3:o:*:*:*:*:*:*:*:*:*:*".to_owned() };
    let said = says("A", "B", ConfirmedIdentity::Products(vec![nonsense, open]));
    let (identities, told) = ConfirmedIdentities::new(&Dictionary::default(), &[said]);
    let codes: Vec<Code> = told.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::CpeInvalid, Code::CpeInvalid], "told, and nothing is matched by it");
    assert!(identities.knows(&Dictionary::default(), "Ａ株式会社", "b"));
}

#[test]
fn what_is_judged_by_hand_and_what_no_advisory_names_stays_listed() {
    let mut world =
        World::knowing(vec![advisory("CVE-2024-0001", vec![affects("Acme", "Pump", before("2.0"))])]);
    world.components =
        vec![device("Acme", "Scale", "1"), device("Acme", "Lamp", "1"), device("Acme", "Pump", "1")];
    world.confirmations = vec![
        says("Acme", "Scale", ConfirmedIdentity::JudgedByHand { reason: "通信機能なし".to_owned() }),
        says("Acme", "Lamp", ConfirmedIdentity::Products(vec![named("Globex", "Lamp OS")])),
        says("Acme", "Pump", ConfirmedIdentity::JudgedByHand { reason: "?".to_owned() }),
    ];
    let mut outcome = world.ask();
    assert_eq!(doubts(&outcome), [Code::IdentityJudgedByHand, Code::ConfirmedProductUnknown]);
    assert_eq!(outcome.undetermined[0].params["reason"], "通信機能なし");
    assert_eq!(outcome.undetermined[1].params["product"], "Globex / Lamp OS");
    let findings = outcome.take_findings();
    assert_eq!(found(&findings), [("Acme Pump", "CVE-2024-0001")], "an equal name is never taken away");
}

#[test]
fn only_names_that_resemble_can_be_rejected() {
    let mut world = World::knowing(vec![
        advisory("CVE-2024-0001", vec![affects("Acme", "Monitor", before("2.0"))]),
        advisory("CVE-2024-0002", vec![affects("Acme", "Monitor MX1", before("2.0"))]),
    ]);
    world.components = vec![device("Acme", "Monitor MX1", "1")];
    assert_eq!(doubts(&world.ask()), [Code::ProductAmbiguous], "the family");
    let identity = ConfirmedIdentity::Products(vec![named("Acme", "Monitor MX1")]);
    let rejected = vec![named("Acme", "Monitor"), named("Acme", "Monitor MX1")];
    world.confirmations = vec![Confirmation { rejected, ..says("Acme", "Monitor MX1", identity) }];
    let mut outcome = world.ask();
    assert!(doubts(&outcome).is_empty());
    assert_eq!(found(&outcome.take_findings()), [("Acme Monitor MX1", "CVE-2024-0002")]);
}

#[test]
fn the_later_decision_counts_and_decisions_can_be_kept() {
    let first = says("Acme", "Pump", ConfirmedIdentity::JudgedByHand { reason: "?".to_owned() });
    let later = says("ACME, Inc.", "PUMP", ConfirmedIdentity::Products(vec![named("Globex", "Pump OS")]));
    let kept = serde_json::to_string(&[&first, &later]).unwrap();
    let read: Vec<Confirmation> = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, [first, later]);
    let mut world = World::knowing(vec![advisory(
        "CVE-2024-0001",
        vec![affects("Globex", "Pump OS", VersionClaim::All)],
    )]);
    world.components = vec![device("Acme", "Pump", "1")];
    world.confirmations = read;
    assert_eq!(found(&world.ask().take_findings()), [("Acme Pump", "CVE-2024-0001")]);
}

#[test]
fn hardware_that_runs_one_of_several_is_undetermined_until_somebody_says_which() {
    let rule = |product: &str| HardwareRule {
        maker: "Acme".into(),
        models: vec!["Switch 29*".into()],
        vendor: "Acme".into(),
        product: product.into(),
        cpe: None,
    };
    let mut world = World::knowing(vec![
        advisory("CVE-2024-0001", vec![affects("Acme", "OS", VersionClaim::All)]),
        advisory("CVE-2024-0002", vec![affects("Acme", "OS XE", VersionClaim::All)]),
    ]);
    world.dictionary =
        DeviceDictionary { possible: vec![rule("OS"), rule("OS XE")], ..DeviceDictionary::default() };
    world.components = vec![device("Acme", "Switch 2960", "15.2(7)E4")];
    let mut outcome = world.ask();
    assert_eq!((outcome.take_findings().len(), doubts(&outcome)), (0, vec![Code::SoftwareUnsettled]));
    assert_eq!(outcome.undetermined[0].params["products"], "Acme / OS, Acme / OS XE");
    assert_eq!(outcome.coverage.judged, 0);
    world.confirmations =
        vec![says("Acme", "Switch 2960", ConfirmedIdentity::Products(vec![named("Acme", "OS")]))];
    let mut outcome = world.ask();
    assert_eq!(found(&outcome.take_findings()), [("Acme Switch 2960", "CVE-2024-0001")]);
    assert!(doubts(&outcome).is_empty());
    world.confirmations.clear();
    world.dictionary.rules = vec![rule("OS XE")];
    assert_eq!(
        found(&world.ask().take_findings()),
        [("Acme Switch 2960", "CVE-2024-0002")],
        "a sure rule settles it"
    );
}

#[test]
fn the_reading_of_a_name_is_shown() {
    let all = |id: &str, name: &str| advisory(id, vec![affects("Acme", name, VersionClaim::All)]);
    let mut world = World::knowing(vec![
        all("CVE-2024-0001", "Monitor MX400-MX850"),
        all("CVE-2024-0002", "Monitor MX800 / MX900"),
        all("CVE-2024-0003", "Monitor MX800"),
        all("CVE-2024-0004", "MX series"),
    ]);
    world.components = vec![device("Acme", "Monitor MX800", "1")];
    let mut findings = world.ask().take_findings();
    findings.sort_by(|a, b| a.vulnerability.id.cmp(&b.vulnerability.id));
    let readings: Vec<_> = findings.iter().map(|f| (f.bases()[0].reading, f.bases()[0].confidence)).collect();
    assert_eq!(
        readings,
        [
            (Some(NameReading::ModelInRange), Confidence::Low),
            (Some(NameReading::NameContains), Confidence::Low),
            (None, Confidence::Medium),
            (Some(NameReading::ModelInSeries), Confidence::Low),
        ]
    );
    assert_eq!(findings[0].bases()[0].identifier, "Acme / Monitor MX400-MX850");
}
