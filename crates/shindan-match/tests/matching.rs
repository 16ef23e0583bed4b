//! Matching through a real index in memory: small advisories in, judgements out.
#![allow(clippy::expect_used)]

use std::collections::BTreeMap;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, SourceDocument, Status,
};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Confidence, Coverage, Decided, Finding, MatchMethod, Undetermined};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Outcome, Question, check};
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 7, 2);
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::layout::IndexError;
use shindan_match::index::read::Index;

/// A small advisory: id, the vulnerabilities it names, what it says.
fn advisory(id: &str, vulnerabilities: &[&str], affected: Vec<Affected>) -> Advisory {
    Advisory {
        title: format!("about {id}"),
        vulnerabilities: vulnerabilities
            .iter()
            .map(|v| AdvisedVulnerability { id: (*v).to_owned(), ..AdvisedVulnerability::default() })
            .collect(),
        affected,
        ..Advisory::new(id, "test", AdvisoryFormat::Osv)
    }
}

fn says(product: ProductRef, status: Status, versions: VersionClaim) -> Affected {
    Affected { pointer: "/affected/0".to_owned(), ..Affected::new(product, status, versions) }
}

fn package(ecosystem: &str, name: &str) -> ProductRef {
    ProductRef {
        ecosystem: Some(ecosystem.to_owned()),
        package: Some(name.to_owned()),
        ..ProductRef::default()
    }
}

fn cpe(name: &str) -> ProductRef {
    ProductRef { cpes: vec![name.to_owned()], ..ProductRef::default() }
}

fn product(vendor: &str, product: &str) -> ProductRef {
    ProductRef { vendor: Some(vendor.to_owned()), product: Some(product.to_owned()), ..ProductRef::default() }
}

fn below(scheme: Scheme, lower: &str, upper: &str) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange {
        scheme,
        lower: Bound::Inclusive(lower.to_owned()),
        upper: Bound::Exclusive(upper.to_owned()),
    }])
}

fn purl(purl: &str) -> Component {
    Component { name: purl.to_owned(), purl: Some(purl.to_owned()), ..Component::default() }
}

fn device(maker: &str, model: &str, firmware: &str) -> Component {
    Component {
        name: format!("{maker} {model}"),
        maker: Some(maker.to_owned()),
        model: Some(model.to_owned()),
        firmware: Some(firmware.to_owned()),
        version: Some(firmware.to_owned()),
        ..Component::default()
    }
}

/// What a test looks at.
struct Answer {
    findings: Vec<Finding>,
    undetermined: Vec<Undetermined>,
    coverage: Coverage,
}

fn run(advisories: Vec<Advisory>, components: Vec<Component>) -> Answer {
    let document = SourceDocument {
        path: "test.json".to_owned(),
        sha256: String::new(),
        size: 0,
        format: Some(AdvisoryFormat::Osv),
        source: "test".to_owned(),
        records: 1,
        rejected: 0,
        newest: None,
    };
    let devices = DeviceDictionary {
        possible: vec![],
        makers: vec![Maker { name: "Philips".into(), aliases: vec!["Phillips".into()] }],
        rules: vec![HardwareRule {
            maker: "Fortinet".into(),
            models: vec!["FortiGate*".into()],
            vendor: "Fortinet".into(),
            product: "FortiOS".into(),
            cpe: Some("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*".into()),
        }],
    };
    let knowledge = Knowledge { documents: vec![document], advisories, devices, ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).expect("builds");
    let index = Index::open(&bytes).expect("opens");
    let meta = index.meta().expect("has a summary");
    let inventory = Inventory {
        path: "inventory".to_owned(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: None,
        components: components.into(),
        assets: vec![],
        opinions: vec![],
        diagnostics: vec![],
    };
    ask(index, &meta.ecosystems, &inventory).expect("checks")
}

fn ask(
    index: Index<'_>,
    ecosystems: &BTreeMap<String, u64>,
    inventory: &Inventory,
) -> Result<Answer, IndexError> {
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let confirmed = ConfirmedIdentities::default();
    let question = Question {
        index,
        ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: TODAY,
    };
    let mut outcome: Outcome = check(question, inventory, 0, 0..inventory.components.len())?;
    let findings = outcome.take_findings();
    Ok(Answer { findings, undetermined: outcome.undetermined, coverage: outcome.coverage })
}

fn found(outcome: &Answer) -> Vec<(&str, &str)> {
    let mut found: Vec<_> =
        outcome.findings.iter().map(|f| (f.component.name.as_str(), f.vulnerability.id.as_str())).collect();
    found.sort_unstable();
    found
}

fn doubts(outcome: &Answer) -> Vec<Code> {
    outcome.undetermined.iter().map(|u| u.code).collect()
}

#[test]
fn packages_match_by_name_and_order() {
    let advisories = vec![
        advisory(
            "RUSTSEC-1",
            &["CVE-2021-0001"],
            vec![says(
                package("crates.io", "smallvec"),
                Status::Affected,
                below(Scheme::Semver, "0.6.3", "0.6.14"),
            )],
        ),
        advisory(
            "PYSEC-1",
            &["CVE-2021-0002"],
            vec![says(package("PyPI", "Flask_Thing"), Status::Affected, below(Scheme::Pypi, "0", "1.0"))],
        ),
    ];
    let outcome = run(
        advisories,
        vec![
            purl("pkg:cargo/smallvec@0.6.13"),
            purl("pkg:cargo/smallvec@0.6.14"),
            purl("pkg:pypi/flask-thing@1.0rc1"),
            purl("pkg:pypi/flask-thing@1.0"),
            purl("pkg:cargo/other@1.0.0"),
        ],
    );
    assert_eq!(
        found(&outcome),
        [("pkg:cargo/smallvec@0.6.13", "CVE-2021-0001"), ("pkg:pypi/flask-thing@1.0rc1", "CVE-2021-0002")]
    );
    let finding = &outcome.findings[0];
    assert_eq!(finding.bases()[0].confidence, Confidence::High);
    assert_eq!(finding.bases()[0].range, ">=0.6.3 <0.6.14");
    assert_eq!(finding.bases()[0].place, "test.json#/affected/0");
    assert!(outcome.undetermined.is_empty());
    assert_eq!(outcome.coverage.judged, 5);
}

#[test]
fn silence_of_an_ecosystem_that_is_not_covered_is_undetermined() {
    let advisories = vec![advisory(
        "RUSTSEC-1",
        &["CVE-2021-0001"],
        vec![says(package("crates.io", "a"), Status::Affected, VersionClaim::All)],
    )];
    let outcome = run(
        advisories,
        vec![purl("pkg:npm/left-pad@1.0.0"), purl("pkg:unheardof/x@1"), Component::default(), purl("pkg:")],
    );
    assert!(found(&outcome).is_empty());
    assert_eq!(
        doubts(&outcome),
        [Code::EcosystemNotCovered, Code::EcosystemNotCovered, Code::IdentifierMissing, Code::PurlInvalid]
    );
    assert_eq!((outcome.coverage.judged, outcome.coverage.undetermined), (0, 4));
}

#[test]
fn one_record_about_one_package_does_not_cover_its_ecosystem() {
    let mut record = advisory(
        "CVE-2021-0001",
        &["CVE-2021-0001"],
        vec![says(package("npm", "a"), Status::Affected, below(Scheme::Npm, "1.0.0", "2.0.0"))],
    );
    record.format = AdvisoryFormat::Cve5;
    let outcome =
        run(vec![record], vec![purl("pkg:npm/a@1.5.0"), purl("pkg:npm/a@2.0.0"), purl("pkg:npm/b@1.5.0")]);
    assert_eq!(found(&outcome), [("pkg:npm/a@1.5.0", "CVE-2021-0001")]);
    assert_eq!(doubts(&outcome), [Code::EcosystemNotCovered]);
    assert_eq!(outcome.undetermined[0].component.name, "pkg:npm/b@1.5.0");
}

#[test]
fn a_version_that_is_missing_or_has_no_order_is_undetermined() {
    let advisories = vec![advisory(
        "RUSTSEC-1",
        &["CVE-2021-0001"],
        vec![says(package("crates.io", "a"), Status::Affected, below(Scheme::Semver, "1.0.0", "2.0.0"))],
    )];
    let outcome = run(advisories, vec![purl("pkg:cargo/a"), purl("pkg:cargo/a@not-a-version")]);
    assert_eq!(doubts(&outcome), [Code::VersionMissing, Code::OrderUnknown]);
    assert_eq!(outcome.undetermined[0].vulnerability.as_ref().map(|v| v.id.as_str()), Some("CVE-2021-0001"));
}

#[test]
fn withdrawn_advisories_make_no_findings() {
    let mut withdrawn = advisory(
        "RUSTSEC-1",
        &["CVE-2021-0001"],
        vec![says(package("crates.io", "a"), Status::Affected, VersionClaim::All)],
    );
    withdrawn.withdrawn = jiff::Timestamp::from_second(1).ok();
    let other = advisory(
        "RUSTSEC-2",
        &["CVE-2021-0002"],
        vec![says(package("crates.io", "b"), Status::Affected, VersionClaim::All)],
    );
    let outcome = run(vec![withdrawn, other], vec![purl("pkg:cargo/a@1.0.0")]);
    assert!(found(&outcome).is_empty());
}

#[test]
fn distribution_releases_are_kept_apart() {
    let fixed = |release: &str, version: &str| {
        says(
            package(&format!("Debian:{release}"), "openssl"),
            Status::Affected,
            below(Scheme::Deb, "0", version),
        )
    };
    let advisories =
        vec![advisory("DSA-1", &["CVE-2022-0001"], vec![fixed("11", "1.1.1n-0"), fixed("12", "3.0.0-2")])];
    let outcome = run(
        advisories,
        vec![
            purl("pkg:deb/debian/openssl@1.1.1n-0?distro=debian-11"),
            purl("pkg:deb/debian/openssl@1.1.1n-0?distro=debian-12"),
            purl("pkg:deb/debian/openssl@1.1.1n-0?distro=debian-13"),
            purl("pkg:deb/debian/openssl@1.1.1n-0"),
        ],
    );
    assert_eq!(found(&outcome), [("pkg:deb/debian/openssl@1.1.1n-0?distro=debian-12", "CVE-2022-0001")]);
    assert_eq!(doubts(&outcome), [Code::EcosystemNotCovered, Code::ReleaseUnknown]);
}

#[test]
fn an_advisory_that_names_several_vulnerabilities_gives_each() {
    let mut affected = says(package("npm", "x"), Status::Affected, below(Scheme::Npm, "1.0.0", "1.4.0"));
    affected.vulnerabilities = vec![1];
    let everything = says(package("npm", "y"), Status::Affected, below(Scheme::Npm, "1.0.0", "1.4.0"));
    let advisories = vec![advisory(
        "JVNDB-2022-000097",
        &["CVE-2022-41993", "CVE-2022-46287"],
        vec![affected, everything],
    )];
    let outcome = run(advisories, vec![purl("pkg:npm/x@1.2.0"), purl("pkg:npm/y@1.2.0")]);
    assert_eq!(
        found(&outcome),
        [
            ("pkg:npm/x@1.2.0", "CVE-2022-46287"),
            ("pkg:npm/y@1.2.0", "CVE-2022-41993"),
            ("pkg:npm/y@1.2.0", "CVE-2022-46287")
        ]
    );
    assert!(outcome.findings.iter().all(|f| f.advisories() == ["JVNDB-2022-000097"]));
}

#[test]
fn devices_match_by_dictionary_product_and_family() {
    let range = |upper: &str| below(Scheme::Generic, "1.0", upper);
    let advisories = vec![
        advisory(
            "FG-IR-18-384",
            &["CVE-2018-13379"],
            vec![says(
                product("Fortinet, Inc.", "FortiOS"),
                Status::Affected,
                below(Scheme::Generic, "6.0.0", "6.0.5"),
            )],
        ),
        advisory(
            "ICSMA-1",
            &["CVE-2020-0001"],
            vec![says(product("Philips", "IntelliVue MX100/MX750"), Status::Affected, range("3.0"))],
        ),
        advisory(
            "ICSMA-2",
            &["CVE-2020-0002"],
            vec![says(product("Phillips ", "IntelliVue"), Status::Affected, range("3.0"))],
        ),
    ];
    let outcome = run(
        advisories,
        vec![
            device("fortinet", "FortiGate-60F", "v6.0.4"),
            device("Fortinet", "FortiGate-100F", "6.0.5"),
            device("Philips", "IntelliVue MX750", "2.0"),
            device("Philips", "Incisive CT", "2.0"),
            device("ヤマハ", "RTX1210", "Rev.14.01.40"),
        ],
    );
    assert_eq!(
        found(&outcome),
        [("Philips IntelliVue MX750", "CVE-2020-0001"), ("fortinet FortiGate-60F", "CVE-2018-13379"),]
    );
    let gateway = outcome.findings.iter().find(|f| f.vulnerability.id == "CVE-2018-13379").unwrap();
    assert_eq!(gateway.bases()[0].method, MatchMethod::HardwareSoftware);
    assert_eq!(gateway.bases()[0].confidence, Confidence::Medium);
    let monitor = outcome.findings.iter().find(|f| f.vulnerability.id == "CVE-2020-0001").unwrap();
    assert_eq!(monitor.bases()[0].confidence, Confidence::Low);
    assert_eq!(doubts(&outcome), [Code::ProductAmbiguous, Code::ModelUnknown, Code::MakerUnknown]);
}

#[test]
fn cpe_names_match_with_their_other_attributes() {
    let range = || below(Scheme::Generic, "1.0", "2.0");
    let advisories = vec![
        advisory(
            "CVE-2020-0001",
            &["CVE-2020-0001"],
            vec![says(cpe("cpe:2.3:a:acme:viewer:*:*:*:*:*:wordpress:*:*"), Status::Affected, range())],
        ),
        advisory(
            "CVE-2020-0002",
            &["CVE-2020-0002"],
            vec![says(cpe("cpe:2.3:a:acme:viewer:*:*:*:*:*:*:*:*"), Status::Affected, range())],
        ),
    ];
    let component = |cpe: &str, version: Option<&str>| Component {
        name: cpe.to_owned(),
        cpe: Some(cpe.to_owned()),
        version: version.map(str::to_owned),
        ..Component::default()
    };
    let joomla = "cpe:2.3:a:acme:viewer:1.5:*:*:*:*:joomla:*:*";
    let old = "cpe:/a:acme:viewer:1.5";
    let new = "cpe:/a:acme:viewer:2.0";
    let outcome = run(
        advisories,
        vec![
            component(joomla, None),
            component(old, None),
            component(new, Some("2.0")),
            component("cpe:2.3:a:acme:unknown:1.0:*:*:*:*:*:*:*", None),
        ],
    );
    assert_eq!(found(&outcome), [(old, "CVE-2020-0001"), (old, "CVE-2020-0002"), (joomla, "CVE-2020-0002")]);
    let unsure = outcome.findings.iter().find(|f| f.vulnerability.id == "CVE-2020-0001").unwrap();
    assert_eq!(
        unsure.bases()[0].confidence,
        Confidence::Low,
        "the component does not say that it is a plugin"
    );
    assert_eq!(doubts(&outcome), [Code::ProductUnknown]);
}

#[test]
fn an_operating_system_called_an_application_is_still_found() {
    let told = says(
        cpe("cpe:2.3:a:fortinet:fortios:*:*:*:*:*:*:*:*"),
        Status::Affected,
        below(Scheme::Generic, "7.2.0", "7.2.7"),
    );
    let component = |part: &str| Component {
        name: part.to_owned(),
        cpe: Some(format!("cpe:2.3:{part}:fortinet:fortios:7.2.6:*:*:*:*:*:*:*")),
        ..Component::default()
    };
    let advisory = advisory("CVE-2024-23113", &["CVE-2024-23113"], vec![told]);
    let outcome = run(vec![advisory], ["a", "h", "o"].map(component).to_vec());
    assert_eq!(
        found(&outcome),
        [("a", "CVE-2024-23113"), ("o", "CVE-2024-23113")],
        "hardware is another thing"
    );
    assert_eq!(outcome.findings[1].bases()[0].confidence, Confidence::Low);
}

#[test]
fn a_platform_that_is_not_there_is_undetermined_and_one_that_is_there_matches() {
    let mut conditional =
        says(cpe("cpe:2.3:o:acme:firmware:*:*:*:*:*:*:*:*"), Status::Affected, VersionClaim::All);
    conditional.platforms = vec![vec!["cpe:2.3:h:acme:x100:-:*:*:*:*:*:*:*".to_owned()]];
    let advisories = || vec![advisory("CVE-2020-0001", &["CVE-2020-0001"], vec![conditional.clone()])];
    let named =
        |cpe: &str| Component { name: cpe.to_owned(), cpe: Some(cpe.to_owned()), ..Component::default() };
    let firmware = "cpe:2.3:o:acme:firmware:1.0:*:*:*:*:*:*:*";
    let alone = run(advisories(), vec![named(firmware)]);
    assert_eq!(doubts(&alone), [Code::PlatformUnknown]);
    let together = run(advisories(), vec![named(firmware), named("cpe:2.3:h:acme:x100:-:*:*:*:*:*:*:*")]);
    assert_eq!(found(&together), [(firmware, "CVE-2020-0001")]);
}

#[test]
fn an_overview_without_versions_is_settled_by_a_source_with_versions() {
    let overview = |id: &str| {
        let mut advisory = advisory(
            id,
            &["CVE-2020-0001"],
            vec![says(product("Acme", "Pump"), Status::Affected, VersionClaim::undetermined_text(""))],
        );
        advisory.source = "JVN iPedia".to_owned();
        advisory
    };
    let precise = advisory(
        "ICSMA-1",
        &["CVE-2020-0001"],
        vec![says(product("Acme", "Pump"), Status::Affected, below(Scheme::Generic, "1.0", "2.0"))],
    );
    let alone = run(vec![overview("JVNDB-1")], vec![device("Acme", "Pump", "3.0")]);
    assert_eq!(doubts(&alone), [Code::RangeUndetermined]);
    let both = run(
        vec![overview("JVNDB-1"), precise],
        vec![device("Acme", "Pump", "3.0"), device("Acme", "Pump", "1.5")],
    );
    assert_eq!(found(&both), [("Acme Pump", "CVE-2020-0001")]);
    assert!(doubts(&both).is_empty());
}

#[test]
fn a_source_that_calls_a_version_fixed_makes_no_finding_of_it() {
    let advisories = vec![advisory(
        "ICSMA-1",
        &["CVE-2020-0001"],
        vec![
            says(product("Acme", "Pump"), Status::Affected, VersionClaim::All),
            says(
                product("Acme", "Pump"),
                Status::Fixed,
                VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, "3.0")]),
            ),
            says(product("Acme", "Monitor"), Status::UnderInvestigation, VersionClaim::All),
        ],
    )];
    let outcome = run(
        advisories,
        vec![device("Acme", "Pump", "3.0"), device("Acme", "Pump", "2.0"), device("Acme", "Monitor", "1")],
    );
    assert_eq!(found(&outcome).len(), 1);
    assert_eq!(outcome.findings[0].component.firmware.as_deref(), Some("2.0"));
    assert_eq!(doubts(&outcome), [Code::UnderInvestigation]);
}

#[test]
fn a_maker_is_also_known_by_the_vendor_of_its_cpe_name() {
    let told = ProductRef {
        cpes: vec!["cpe:2.3:a:veritas:netbackup:*:*:*:*:*:*:*:*".to_owned()],
        ..product("ベリタス", "Veritas NetBackup")
    };
    let versions = VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, "8.1")]);
    let advisory = advisory("JVNDB-1", &["CVE-2018-0001"], vec![says(told, Status::Affected, versions)]);
    let ask = ["Veritas", "ベリタス"].map(|maker| device(maker, "NetBackup", "8.1"));
    let outcome = run(vec![advisory], ask.to_vec());
    assert_eq!(
        found(&outcome),
        [("Veritas NetBackup", "CVE-2018-0001"), ("ベリタス NetBackup", "CVE-2018-0001")]
    );
}

#[test]
fn models_in_lists_and_series_of_a_name() {
    let all = |name: &str| vec![says(product("Philips", name), Status::Affected, VersionClaim::All)];
    let ask = |model: &str, names: &[&str]| {
        let ids = ["CVE-2020-1001", "CVE-2020-1002"];
        let advisories = names.iter().zip(ids).map(|(name, id)| advisory(id, &[id], all(name))).collect();
        let outcome = run(advisories, vec![device("Philips", model, "2.0")]);
        (outcome.findings.len(), doubts(&outcome))
    };
    let listed = "IntelliVue MP monitors MX800/700/600 ((865240/41/42) WLAN";
    assert_eq!(ask("IntelliVue MX700", &[listed]), (1, vec![]));
    assert_eq!(ask("IntelliVue MX650", &[listed]), (0, vec![Code::ModelUnknown]));
    assert_eq!(ask("IntelliVue MX42", &[listed]), (0, vec![Code::ModelUnknown]), "a part number's end");
    let series = "IntelliVue patient monitor MX400-MX850";
    assert_eq!(ask("IntelliVue MX800", &[series]), (1, vec![]), "inside the range");
    assert_eq!(ask("IntelliVue MX500", &["IntelliVue Patient Monitors MX (MX400-550)"]), (1, vec![]));
    assert_eq!(ask("IntelliVue MX900", &[series]), (0, vec![Code::ModelUnknown]));
}

#[test]
fn what_is_said_of_a_similar_product_settles_nothing() {
    let all = || VersionClaim::All;
    let affected =
        says(product("Wind River", "VxWorks"), Status::Affected, below(Scheme::Generic, "6.5", "6.10"));
    let other = says(product("Wind River", "VxWorks Cert"), Status::NotAffected, all());
    let own = says(product("Wind River", "VxWorks"), Status::NotAffected, all());
    let ask = || vec![device("Wind River", "VxWorks", "6.9.4")];
    let outcome = run(vec![advisory("A-1", &["CVE-2019-12256"], vec![affected.clone(), other])], ask());
    assert_eq!(found(&outcome), [("Wind River VxWorks", "CVE-2019-12256")]);
    let outcome = run(vec![advisory("A-1", &["CVE-2019-12256"], vec![affected, own])], ask());
    assert!(outcome.findings.is_empty(), "of the very product it does");
}

#[test]
fn every_way_a_match_was_made_is_kept_in_one_finding() {
    let claim = || below(Scheme::Npm, "1.0.0", "2.0.0");
    let advisories = vec![
        advisory("GHSA-a", &["CVE-2020-0001"], vec![says(package("npm", "x"), Status::Affected, claim())]),
        advisory(
            "CVE-2020-0001",
            &["CVE-2020-0001"],
            vec![says(
                cpe("cpe:2.3:a:x:x:*:*:*:*:*:*:*:*"),
                Status::Affected,
                below(Scheme::Generic, "1.0.0", "2.0.0"),
            )],
        ),
    ];
    let mut component = purl("pkg:npm/x@1.2.0");
    component.cpe = Some("cpe:2.3:a:x:x:1.2.0:*:*:*:*:*:*:*".to_owned());
    let outcome = run(advisories, vec![component]);
    assert_eq!(outcome.findings.len(), 1);
    let methods: Vec<MatchMethod> = outcome.findings[0].bases().iter().map(|b| b.method).collect();
    assert_eq!(methods, [MatchMethod::Purl, MatchMethod::Cpe], "the surest first");
    assert_eq!(outcome.findings[0].advisories(), ["CVE-2020-0001", "GHSA-a"]);
}

#[test]
fn a_damaged_index_is_an_error_and_never_a_missing_finding() {
    let advisories = vec![advisory(
        "RUSTSEC-1",
        &["CVE-2021-0001"],
        vec![says(package("crates.io", "a"), Status::Affected, below(Scheme::Semver, "1.0.0", "2.0.0"))],
    )];
    let knowledge = Knowledge { advisories, ..Knowledge::default() };
    let (bytes, _) = build(&knowledge).unwrap();
    let answer = |bytes: &[u8]| -> Result<usize, IndexError> {
        let index = Index::open(bytes)?;
        let meta = index.meta()?;
        let inventory = Inventory {
            path: String::new(),
            kind: InventoryKind::CargoLock,
            subject: None,
            about: None,
            components: vec![purl("pkg:cargo/a@1.5.0")].into(),
            assets: vec![],
            opinions: vec![],
            diagnostics: vec![],
        };
        let outcome = ask(index, &meta.ecosystems, &inventory)?;
        Ok(outcome.findings.len())
    };
    assert_eq!(answer(&bytes), Ok(1));
    for at in 0..bytes.len() {
        for flip in [1u8, 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            // A byte that this question does not touch may be damaged; the answer must then still be right.
            if let Ok(found) = answer(&damaged) {
                assert_eq!(found, 1, "byte {at} damaged in silence");
            }
        }
        assert!(answer(&bytes[..at]).is_err(), "cut at {at} was not noticed");
    }
}
