//! Installed programs: by publisher and name, by the words of CPE names, and by the dictionary.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, SourceDocument, Status,
};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Confidence, Decided};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Question, check};
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;

fn advisory(id: &str, product: ProductRef, below: &str, platforms: &[&str]) -> Advisory {
    let versions = VersionClaim::Ranged {
        ranges: vec![VersionRange {
            scheme: Scheme::Generic,
            lower: Bound::Unbounded,
            upper: Bound::Exclusive(below.to_owned()),
        }],
        except: Vec::new(),
    };
    Advisory {
        vulnerabilities: vec![AdvisedVulnerability { id: id.to_owned(), ..AdvisedVulnerability::default() }],
        affected: vec![Affected {
            platforms: platforms.iter().map(|p| vec![(*p).to_owned()]).collect(),
            ..Affected::new(product, Status::Affected, versions)
        }],
        ..Advisory::new(id, "test", AdvisoryFormat::Cve5)
    }
}

fn named(vendor: &str, product: &str) -> ProductRef {
    ProductRef { vendor: Some(vendor.to_owned()), product: Some(product.to_owned()), ..ProductRef::default() }
}

fn cpe(cpe: &str) -> ProductRef {
    ProductRef { cpes: vec![cpe.to_owned()], ..ProductRef::default() }
}

fn program(maker: &str, model: &str, version: &str) -> Component {
    Component {
        name: format!("{model} {version}"),
        version: Some(version.to_owned()),
        maker: Some(maker.to_owned()).filter(|maker| !maker.is_empty()),
        model: Some(model.to_owned()),
        program: true,
        ..Component::default()
    }
}

fn knowledge() -> Knowledge {
    Knowledge {
        documents: vec![SourceDocument {
            path: "test.json".to_owned(),
            sha256: String::new(),
            size: 0,
            format: Some(AdvisoryFormat::Cve5),
            source: "test".to_owned(),
            records: 1,
            rejected: 0,
            newest: None,
        }],
        advisories: vec![
            advisory("CVE-2030-0001", named("Mozilla", "Firefox"), "124.0", &[]),
            advisory("CVE-2030-0002", named("Mozilla", "Firefox for iOS"), "124.0", &[]),
            advisory(
                "CVE-2030-0003",
                cpe("cpe:2.3:a:notepad-plus-plus:notepad\\+\\+:*:*:*:*:*:*:*:*"),
                "8.6",
                &[],
            ),
            advisory("CVE-2030-0004", cpe("cpe:2.3:a:sample_medical:ward_tool:*:*:*:*:*:*:*:*"), "3.0", &[]),
            advisory(
                "CVE-2030-0005",
                cpe("cpe:2.3:a:sample_medical:ward_tool:*:*:*:*:*:android:*:*"),
                "3.0",
                &[],
            ),
            advisory(
                "CVE-2030-0006",
                cpe("cpe:2.3:a:sample_medical:ward_tool:*:*:*:*:*:*:*:*"),
                "3.0",
                &["cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"],
            ),
            advisory("CVE-2030-0007", cpe("cpe:2.3:a:7-zip:7-zip:*:*:*:*:*:*:*:*"), "23.00", &[]),
        ],
        devices: DeviceDictionary {
            makers: vec![
                Maker { name: "Notepad++".into(), aliases: vec!["Notepad++ Team".into()] },
                Maker { name: "7-Zip".into(), aliases: vec!["Igor Pavlov".into()] },
            ],
            rules: vec![
                HardwareRule {
                    maker: "Notepad++".into(),
                    models: vec!["Notepad++".into()],
                    vendor: "Notepad++".into(),
                    product: "Notepad++".into(),
                    cpe: Some("cpe:2.3:a:notepad-plus-plus:notepad\\+\\+:*:*:*:*:*:*:*:*".into()),
                },
                HardwareRule {
                    maker: "7-Zip".into(),
                    models: vec!["7-Zip*".into()],
                    vendor: "7-Zip".into(),
                    product: "7-Zip".into(),
                    cpe: Some("cpe:2.3:a:7-zip:7-zip:*:*:*:*:*:*:*:*".into()),
                },
            ],
            possible: Vec::new(),
        },
        ..Knowledge::default()
    }
}

/// Findings as (program, vulnerability), and the reasons of what is undetermined.
fn ask(programs: Vec<Component>) -> (Vec<String>, Vec<String>) {
    let (bytes, _) = build(&knowledge()).unwrap();
    let index = Index::open(&bytes).unwrap();
    let ecosystems: BTreeMap<String, u64> = index.meta().unwrap().ecosystems;
    let decided = |_: &_, _: Option<&_>| Decided { priority: Decision::Defer, path: Vec::new() };
    let question = Question {
        index,
        ecosystems: &ecosystems,
        prioritise: &decided,
        only: None,
        confirmed: &Default::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    let count = programs.len();
    let inventory = Inventory {
        path: "programs.reg".to_owned(),
        kind: InventoryKind::WindowsPrograms,
        subject: None,
        about: None,
        components: programs.into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut outcome = check(question, &inventory, 0, 0..count).unwrap();
    let mut findings: Vec<String> = outcome
        .take_findings()
        .iter()
        .inspect(|finding| assert_eq!(finding.bases()[0].confidence, Confidence::Medium))
        .map(|finding| format!("{} {}", finding.component.name, finding.vulnerability.id))
        .collect();
    findings.sort();
    let doubts = outcome.undetermined.iter().map(|u| format!("{} {}", u.component.name, u.code)).collect();
    (findings, doubts)
}

#[test]
fn programs_are_found_by_name_and_by_dictionary() {
    let (findings, doubts) = ask(vec![
        program("Mozilla", "Mozilla Firefox", "123.0.1"),
        program("Mozilla Corporation", "Mozilla Firefox", "124.0.1"),
        program("Notepad++ Team", "Notepad++", "8.5.8"),
        program("株式会社サンプル", "Notepad++", "8.5.8"),
        program("", "7-Zip", "19.00"),
        program("Igor Pavlov", "7-Zip", "23.01"),
    ]);
    assert_eq!(
        findings,
        [
            "7-Zip 19.00 CVE-2030-0007",
            "Mozilla Firefox 123.0.1 CVE-2030-0001",
            "Notepad++ 8.5.8 CVE-2030-0003"
        ]
    );
    assert_eq!(doubts, [format!("Notepad++ 8.5.8 {}", Code::ProgramUnknown)], "another publisher's");
}

#[test]
fn words_of_publisher_and_name_are_those_of_a_cpe_name() {
    let (findings, doubts) = ask(vec![program("Sample Medical Co., Ltd.", "Ward Tool", "2.9")]);
    assert_eq!(findings, ["Ward Tool 2.9 CVE-2030-0004", "Ward Tool 2.9 CVE-2030-0006"]);
    assert_eq!(doubts, [""; 0], "what is written for Android does not fit, Windows is there");
}

#[test]
fn what_nobody_knows_is_one_reason() {
    let (findings, doubts) = ask(vec![
        program("Mozilla", "Mozilla Maintenance Service", "123.0"),
        program("有限会社サイトー企画", "秀丸エディタ", "9.27"),
        program("", "病棟端末設定ツール", "1.0"),
    ]);
    assert_eq!(findings, [""; 0]);
    assert_eq!(doubts.len(), 3);
    assert!(doubts.iter().all(|doubt| doubt.ends_with(Code::ProgramUnknown.as_str())), "{doubts:?}");
}
