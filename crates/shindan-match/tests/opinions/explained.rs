//! Every rule that takes or drops a statement is told, and what is told is what the answer is.

use shindan_domain::advisory::{Status, Supersedence};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::explanation::{Applied, ExplainedComponent, Rule};
use shindan_domain::finding::MatchMethod;
use shindan_domain::version::{Scheme, VersionClaim};
use shindan_match::explain::{Explained, explain};
use shindan_match::prepared::Prepared;

use super::*;

/// Explains all components, and checks that the explanation and the answer are the same.
fn explained(advisories: Vec<Advisory>, inventory: &Inventory) -> Vec<ExplainedComponent> {
    let devices = DeviceDictionary {
        makers: vec![Maker { name: "Acme".into(), aliases: vec!["アクメ".into()] }],
        rules: vec![HardwareRule {
            maker: "Acme".into(),
            models: vec!["Gate*".into()],
            vendor: "Acme".into(),
            product: "GateOS".into(),
            cpe: None,
        }],
        possible: Vec::new(),
    };
    let knowledge = Knowledge { advisories, devices, ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).expect("builds");
    let index = Index::open(&bytes).expect("opens");
    let meta = index.meta().expect("has a summary");
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &Default::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    let prepared = Prepared::new(inventory, &index).expect("prepares");
    let which: Vec<Explained> = (0..inventory.components.len()).map(Explained::Component).collect();
    let explained = explain(question, &prepared, 0, &which).expect("explains");
    let mut answer = check(question, inventory, 0, 0..inventory.components.len()).expect("checks");
    let findings: Vec<Finding> = explained.iter().flat_map(|it| it.findings.clone()).collect();
    assert_eq!(findings, answer.take_findings());
    let denied: Vec<NotAffected> = explained.iter().flat_map(|it| it.not_affected.clone()).collect();
    assert_eq!(denied, answer.take_not_affected());
    let open: Vec<Undetermined> = explained.iter().flat_map(|it| it.undetermined.clone()).collect();
    assert_eq!(open, answer.undetermined);
    explained
}

/// `outcome advisory rule, rule` of each candidate.
fn told(it: &ExplainedComponent) -> Vec<String> {
    let rules =
        |rules: &[Applied]| rules.iter().map(|applied| applied.rule.as_str()).collect::<Vec<_>>().join(", ");
    it.candidates
        .iter()
        .map(|c| format!("{} {} {}", c.outcome.as_str(), c.advisory, rules(&c.rules)))
        .collect()
}

fn param<'a>(it: &'a ExplainedComponent, advisory: &str, name: &str) -> &'a str {
    let candidate = it.candidates.iter().find(|c| c.advisory == advisory).expect("is told");
    let mut values = candidate.rules.iter().filter_map(|applied| applied.params.get(name));
    values.next_back().map_or("", String::as_str)
}

#[test]
fn ranges_editions_releases_and_what_was_taken_back() {
    let cpe = |name: &str| ProductRef { cpes: vec![name.to_owned()], ..ProductRef::default() };
    let mut withdrawn = plain("OLD", "GitHub", vec![says(npm("a"), Status::Affected, VersionClaim::All)]);
    withdrawn.withdrawn = jiff::Timestamp::from_second(1).ok();
    let mut part = purl("pkg:npm/a@1.5.0");
    part.version = Some("1.5.0".to_owned());
    part.cpe = Some("cpe:2.3:a:acme:a:1.5.0:*:*:*:*:joomla:*:*".to_owned());
    let advisories = vec![
        plain("IN", "GitHub", vec![says(npm("a"), Status::Affected, below(Scheme::Npm, "2.0.0"))]),
        plain("OUT", "GitHub", vec![says(npm("a"), Status::Affected, below(Scheme::Npm, "1.5.0"))]),
        plain("ALL", "GitHub", vec![says(npm("a"), Status::Affected, VersionClaim::All)]),
        plain(
            "EDITION",
            "NVD",
            vec![says(cpe("cpe:2.3:a:acme:a:*:*:*:*:*:wordpress:*:*"), Status::Affected, VersionClaim::All)],
        ),
        plain(
            "FIXED",
            "Acme",
            vec![
                says(npm("a"), Status::Affected, VersionClaim::All),
                says(npm("a"), Status::Fixed, exactly(Scheme::Npm, "1.5.0")),
            ],
        ),
        plain(
            "VAGUE",
            "Acme",
            vec![says(npm("a"), Status::Affected, VersionClaim::undetermined_text("new"))],
        ),
        plain("UNCLEAR", "Acme", vec![says(npm("a"), Status::Fixed, VersionClaim::undetermined_text("new"))]),
        Advisory { affected: vec![inside("pkg:oci/app")], ..vex("INSIDE", "Acme", "2026-02-01", vec![]) },
        withdrawn,
    ];
    let it = &explained(advisories, &inventory(vec![part]))[0];
    assert_eq!(
        told(it),
        [
            "taken ALL all-versions",
            "taken IN in-range",
            "dropped EDITION other-edition",
            "dropped FIXED all-versions, cleared-by-itself",
            "dropped FIXED clears-within",
            "dropped INSIDE outside-product",
            "dropped OLD withdrawn",
            "dropped OUT not-in-range",
            "dropped UNCLEAR clears-nothing",
            "dropped VAGUE undetermined, answered-by-hit",
        ]
    );
    assert_eq!(param(it, "IN", "range"), "<2.0.0");
    assert_eq!(param(it, "OUT", "range"), "<1.5.0");
    assert_eq!(param(it, "OUT", "version"), "1.5.0");
    assert_eq!(param(it, "INSIDE", "product"), "pkg:oci/app");
    assert!(param(it, "EDITION", "theirs").contains("wordpress"));
    let identities: Vec<(MatchMethod, &str, usize)> =
        it.identities.iter().map(|i| (i.method, i.looked_up.as_str(), i.statements)).collect();
    assert_eq!(identities, [(MatchMethod::Purl, "npm / a", 8), (MatchMethod::Cpe, "acme / a", 1)]);

    let debian = |release: &str| ProductRef {
        ecosystem: Some(format!("Debian:{release}")),
        package: Some("a".to_owned()),
        ..ProductRef::default()
    };
    let advisories =
        ["11", "12"].map(|r| plain(r, "Debian", vec![says(debian(r), Status::Affected, VersionClaim::All)]));
    let upstream = purl("pkg:deb/debian/liba@1-1?distro=debian-12&upstream=a");
    let it = &explained(advisories.to_vec(), &inventory(vec![upstream]))[0];
    assert_eq!(told(it), ["taken 12 all-versions", "dropped 11 other-release"]);
    assert_eq!((param(it, "11", "theirs"), param(it, "11", "own")), ("11", "12"));
    assert_eq!(it.identities[0].rule.rule, Rule::SourcePackage);
    assert_eq!(it.identities[1].looked_up, "Debian:12 / liba");
}

fn inside(purl: &str) -> Affected {
    let within = ProductRef { purl: Some(purl.to_owned()), ..ProductRef::default() };
    Affected { within: Some(Box::new(within)), ..says(npm("a"), Status::NotAffected, VersionClaim::All) }
}

#[test]
fn opinions_and_their_conflicts() {
    let all = |status| vec![says(npm("a"), status, VersionClaim::All)];
    let parts = || inventory(vec![purl("pkg:npm/a@1.5.0")]);
    let denial = || vex("VEX-NEW", "Acme", "2026-02-01", all(Status::NotAffected));
    let old = || vex("VEX-OLD", "Acme", "2026-01-01", all(Status::Affected));
    let vague = || {
        plain(
            "VAGUE",
            "Bolt Watch",
            vec![says(npm("a"), Status::Affected, VersionClaim::undetermined_text("?"))],
        )
    };
    let it = &explained(vec![database(), denial(), old(), vague()], &parts())[0];
    assert_eq!(
        told(it),
        [
            "denied GHSA-1 in-range, denied",
            "denied VEX-OLD all-versions, superseded",
            "denies VEX-NEW denies",
            "dropped VAGUE undetermined, answered-by-denial",
        ]
    );
    assert_eq!((param(it, "GHSA-1", "advisory"), param(it, "GHSA-1", "source")), ("VEX-NEW", "Acme"));

    let contrary = vex("VEX-BOLT", "Bolt", "2025-01-01", all(Status::Affected));
    let it = &explained(vec![database(), denial(), contrary], &parts())[0];
    assert_eq!(
        told(it),
        ["taken GHSA-1 in-range", "taken VEX-BOLT all-versions", "dropped VEX-NEW denies, contradicted"]
    );
}

#[test]
fn open_questions_and_what_answers_them() {
    let vague = |id: &str, text: &str| {
        plain(id, "JVN", vec![says(npm("a"), Status::Affected, VersionClaim::undetermined_text(text))])
    };
    let parts = inventory(vec![purl("pkg:npm/a@1.5.0")]);
    let it = &explained(vec![vague("JVN-1", "some"), vague("JVN-2", "some")], &parts)[0];
    assert_eq!(told(it), ["open JVN-1 undetermined", "dropped JVN-2 undetermined, said-already"]);
    let reason = it.candidates[0].rules[0].reason.as_ref().unwrap();
    assert_eq!((reason.0.as_str(), reason.1["text"].as_str()), ("range-undetermined", "some"));

    let precise =
        plain("GHSA-2", "GitHub", vec![says(npm("a"), Status::Affected, below(Scheme::Npm, "1.0.0"))]);
    let it = &explained(vec![vague("JVN-1", ""), precise], &parts)[0];
    assert_eq!(told(it), ["dropped GHSA-2 not-in-range", "dropped JVN-1 undetermined, answered-by-versions"]);
}

#[test]
fn updates_and_by_which_they_are_proved() {
    let statement = |update: &str| Affected {
        updates: vec![update.to_owned()],
        ..says(named("Acme", "Server"), Status::Affected, below(Scheme::Generic, "10.5"))
    };
    let advisory = |id: &str, update: &str| Advisory {
        supersedes: vec![Supersedence { newer: "KB2".to_owned(), older: "KB1".to_owned() }],
        ..plain(id, "Acme", vec![statement(update)])
    };
    let server = |build: &str| Component {
        name: "Server".to_owned(),
        maker: Some("Acme".to_owned()),
        model: Some("Server".to_owned()),
        version: Some(build.to_owned()),
        updates: Some(vec!["KB2".to_owned()]),
        ..Component::default()
    };
    let advisories = || vec![advisory("A-1", "KB1"), advisory("A-2", "kb2"), advisory("A-3", "KB3")];
    let all = explained(advisories(), &inventory(vec![server("10.0"), server("10.5")]));
    assert_eq!(
        told(&all[0]),
        [
            "taken A-3 in-range",
            "dropped A-1 update-replaced, contradicted",
            "dropped A-2 update-installed, contradicted"
        ],
        "the same vulnerability has a third update, which is not there"
    );
    assert_eq!((param(&all[0], "A-1", "update"), param(&all[0], "A-1", "installed")), ("KB1", "KB2"));
    assert_eq!(
        told(&all[1]),
        ["dropped A-1 not-in-range", "dropped A-2 not-in-range", "dropped A-3 not-in-range"],
        "the build is proof enough"
    );
}

#[test]
fn devices_are_told_by_the_rule_that_recognised_them() {
    let device = |maker: &str, model: &str| Component {
        name: format!("{maker} {model}"),
        maker: Some(maker.to_owned()),
        model: Some(model.to_owned()),
        firmware: Some("1.0".to_owned()),
        ..Component::default()
    };
    let affected =
        |name: &str| says(named("Acme, Inc.", name), Status::Affected, below(Scheme::Generic, "2.0"));
    let advisory =
        plain("A-1", "CISA", vec![affected("GateOS"), affected("Pump 7000"), affected("Pump 7000 Family")]);
    let parts = inventory(vec![device("アクメ", "Gate-60"), device("ACME", "PUMP-7000"), device("", "x")]);
    let all = explained(vec![advisory], &parts);
    let rules = |it: &ExplainedComponent| {
        let all =
            it.identities.iter().map(|i| (i.method.as_str(), i.looked_up.clone(), i.rule.rule.as_str()));
        all.collect::<Vec<_>>()
    };
    assert_eq!(rules(&all[0]), [("hardware-software", "Acme, Inc. / GateOS".to_owned(), "runs-software")]);
    assert_eq!(all[0].identities[0].rule.params["pattern"], "Gate*");
    assert_eq!(
        rules(&all[1]),
        [
            ("device-product", "Acme, Inc. / Pump 7000".to_owned(), "names-folded"),
            ("device-product", "Acme, Inc. / Pump 7000 Family".to_owned(), "names-resemble"),
        ]
    );
    assert!(rules(&all[2]).is_empty());
    assert_eq!(all[2].undetermined.len(), 1);
}

#[test]
fn identifiers_and_who_put_them_together() {
    let mut with_alias = database();
    with_alias.vulnerabilities[0].aliases = vec!["GHSA-aaaa".to_owned()];
    let mut fusing = plain("PYSEC-1", "PyPA", vec![]);
    fusing.vulnerabilities[0].id = "GHSA-aaaa".to_owned();
    fusing.vulnerabilities[0].aliases = vec!["CVE-2026-0002".to_owned()];
    let mut back = database();
    back.id = "OLD".to_owned();
    back.withdrawn = jiff::Timestamp::from_second(1).ok();
    back.vulnerabilities[0].aliases = vec!["GHSA-bbbb".to_owned()];
    let it = &explained(vec![with_alias, fusing, back], &inventory(vec![purl("pkg:npm/a@1.5.0")]))[0];
    let merges: Vec<String> = it
        .merges
        .iter()
        .map(|m| {
            format!("{} {} {} by {}", m.rule, m.params["first"], m.params["second"], m.params["advisory"])
        })
        .collect();
    assert_eq!(
        merges,
        [
            format!("alias-merged {CVE} GHSA-aaaa by GHSA-1"),
            "alias-refused GHSA-aaaa CVE-2026-0002 by PYSEC-1".to_owned(),
            format!("alias-withdrawn {CVE} GHSA-bbbb by OLD"),
        ]
    );
}

#[test]
fn an_identity_that_fails_beside_one_that_does_not_is_told() {
    let mut part = purl("pkg:npm/a@1.5.0");
    part.cpe = Some("cpe:2.3:a:acme:unheard:1.5.0:*:*:*:*:*:*:*".to_owned());
    let it = &explained(vec![database()], &inventory(vec![part]))[0];
    assert!(it.undetermined.is_empty());
    let passed_over = &it.passed_over[0];
    assert_eq!(
        (passed_over.rule, passed_over.params["code"].as_str()),
        (Rule::OtherIdentityJudged, "product-unknown")
    );
}
