//! What an inventory states itself holds for that inventory only.

use shindan_domain::advisory::{AdvisedVulnerability, Advisory, Enrichment, KevEntry, Status};
use shindan_domain::finding::MatchMethod;
use shindan_domain::version::{Scheme, VersionClaim};

use super::*;

/// A component that only its reference tells apart.
fn part() -> Component {
    Component {
        name: "parser".to_owned(),
        version: Some("1.0".to_owned()),
        bom_link: Some("urn:cdx:here/1#parser".to_owned()),
        ..Component::default()
    }
}

fn own(id: &str, statement: Affected) -> Advisory {
    let mut advisory = vex(&format!("here#{id}"), "Acme", "2026-02-01", vec![statement]);
    advisory.vulnerabilities[0].id = id.to_owned();
    advisory
}

fn with(components: Vec<Component>, opinions: Vec<Advisory>) -> Inventory {
    Inventory { opinions, ..inventory(components) }
}

#[test]
fn affected_makes_a_finding_by_the_very_element() {
    let statement = says(link("urn:cdx:here/1#parser"), Status::Affected, exactly(Scheme::Generic, "1.0"));
    let answer = ask(vec![database()], &with(vec![part()], vec![own("CVE-2026-0009", statement)]));
    assert_eq!(answer.hit(), ["parser"]);
    let basis = &answer.findings[0].bases()[0];
    assert_eq!((basis.method, basis.source.as_str()), (MatchMethod::BomLink, "Acme"));
    assert_eq!(basis.place, "sbom.json#/statements/0");
    assert_eq!(basis.advisory, "here#CVE-2026-0009");
    assert_eq!(answer.findings[0].vulnerability.id, "CVE-2026-0009");
}

/// Statements of a document without serial number have the bare reference; `pkg:generic` is looked up by nobody.
#[test]
fn what_no_identifier_finds_is_found_by_its_reference() {
    let named = Component { bom_link: Some("#portal".to_owned()), ..purl("pkg:generic/portal@1.0.0") };
    let product = ProductRef { purl: Some("pkg:generic/portal".to_owned()), ..link("#portal") };
    let mut stated = own("CVE-2026-0009", says(product, Status::Affected, exactly(Scheme::Generic, "1.0.0")));
    stated.exploitability = false;
    let mut inventory = with(vec![named.clone(), part()], vec![stated]);
    inventory.about = Some(Box::new(named));
    assert_eq!(ask(vec![database()], &inventory).hit(), ["pkg:generic/portal@1.0.0"]);
}

#[test]
fn not_affected_turns_what_the_knowledge_base_says() {
    let parts = vec![purl("pkg:npm/a@1.5.0")];
    let denial = || own(CVE, says(npm("a"), Status::NotAffected, exactly(Scheme::Npm, "1.5.0")));
    let answer = ask(vec![database()], &with(parts.clone(), vec![denial()]));
    assert_eq!(answer.denied(), [format!("pkg:npm/a@1.5.0 by here#{CVE}")]);
    assert_eq!(ask(vec![database()], &inventory(parts.clone())).hit().len(), 1, "in no other inventory");

    // The knowledge base may contradict.
    let affirmation =
        vex("VEX-1", "Bolt", "2026-01-01", vec![says(npm("a"), Status::Affected, VersionClaim::All)]);
    let answer = ask(vec![database(), affirmation], &with(parts, vec![denial()]));
    assert_eq!((answer.hit().len(), answer.disputed().len()), (1, 1));
}

#[test]
fn the_knowledge_base_may_deny_what_an_inventory_states() {
    let mut stated = own(CVE, says(link("urn:cdx:here/1#parser"), Status::Affected, VersionClaim::All));
    stated.exploitability = false;
    let inventory = with(vec![part()], vec![stated]);
    let denial = |link_to: &str| {
        vex("VEX-1", "Bolt", "2026-02-01", vec![says(link(link_to), Status::NotAffected, VersionClaim::All)])
    };
    assert_eq!(ask(vec![denial("urn:cdx:here/1#parser")], &inventory).denied(), ["parser by VEX-1"]);
    for other in ["urn:cdx:here/2#parser", "urn:cdx:here/1#lexer", "urn:cdx:here/1"] {
        assert_eq!(ask(vec![denial(other)], &inventory).hit(), ["parser"], "{other}");
    }
}

#[test]
fn identifiers_meet_those_of_the_knowledge_base() {
    let mut database = database();
    database.vulnerabilities[0].aliases = vec!["GHSA-aaaa".to_owned()];
    let parts = || vec![purl("pkg:npm/a@1.5.0")];
    let statement = || says(npm("a"), Status::NotAffected, VersionClaim::All);
    for (id, aliases, denied) in [
        ("ghsa-aaaa", vec![], true),
        ("GHSA-1", vec![], true),
        ("CVE-2026-7777", vec!["GHSA-aaaa"], false),
        ("SNYK-1", vec!["GHSA-aaaa"], true),
        ("SNYK-2", vec![], false),
    ] {
        let mut denial = own(id, statement());
        denial.vulnerabilities[0] = AdvisedVulnerability {
            id: id.to_owned(),
            aliases: aliases.into_iter().map(str::to_owned).collect(),
            ..AdvisedVulnerability::default()
        };
        let answer = ask(vec![database.clone()], &with(parts(), vec![denial]));
        assert_eq!(answer.denied().len(), usize::from(denied), "{id}");
    }
}

#[test]
fn the_subject_of_the_inventory_is_told_of_too() {
    let mut inventory = with(
        vec![purl("pkg:npm/a@1.5.0")],
        vec![
            own("CVE-2026-0009", says(link("#me"), Status::Affected, VersionClaim::All)),
            own(CVE, says(link("#me"), Status::NotAffected, VersionClaim::All)),
            own("CVE-2026-0008", says(link("#me"), Status::UnderInvestigation, VersionClaim::All)),
        ],
    );
    let whole =
        Component { name: "App".to_owned(), bom_link: Some("#me".to_owned()), ..Component::default() };
    inventory.about = Some(Box::new(whole));
    let answer = ask(vec![database()], &inventory);
    assert_eq!(answer.hit(), ["App"]);
    assert_eq!(answer.denied(), [format!("pkg:npm/a@1.5.0 by here#{CVE}")]);
    assert_eq!(answer.doubts(), ["under-investigation"]);
}

#[test]
fn who_is_asked_by_identifiers_that_only_the_inventory_knows() {
    let opinions = || {
        vec![
            own("CVE-2026-0009", says(link("urn:cdx:here/1#parser"), Status::Affected, VersionClaim::All)),
            own(CVE, says(npm("a"), Status::NotAffected, VersionClaim::All)),
        ]
    };
    let inventory = with(vec![part(), purl("pkg:npm/a@1.5.0")], opinions());
    let only = |id| ask_only(vec![database()], &inventory, Some(id));
    assert_eq!(only("cve-2026-0009").hit(), ["parser"]);
    assert!(only("cve-2026-0009").denied().is_empty());
    assert_eq!(only(CVE).denied().len(), 1);
    assert!(only(CVE).hit().is_empty());
    assert!(only("CVE-2026-0404").hit().is_empty());
}

#[test]
fn what_only_an_inventory_knows_may_be_known_to_be_exploited() {
    let kev = KevEntry {
        cve: "CVE-2026-0009".to_owned(),
        date_added: "2026-02-02".to_owned(),
        due_date: String::new(),
        ransomware: false,
    };
    let knowledge = Knowledge { enrichments: vec![Enrichment::Kev(kev)], ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).unwrap();
    let index = Index::open(&bytes).unwrap();
    let meta = index.meta().unwrap();
    let statement = says(link("urn:cdx:here/1#parser"), Status::Affected, VersionClaim::All);
    let inventory = with(vec![part()], vec![own("CVE-2026-0009", statement)]);
    let prioritise = |facts: &shindan_domain::finding::VulnerabilityFacts, _: Option<&_>| Decided {
        priority: if facts.kev.is_some() { Decision::Immediate } else { Decision::Defer },
        path: vec![],
    };
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &Default::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    let findings = check(question, &inventory, 0, 0..1).unwrap().take_findings();
    assert_eq!(findings[0].priority(), Decision::Immediate);
}
