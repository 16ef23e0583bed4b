//! The dictionary that ships, held against facts of published records: for each maker a device that must be hit and one
//! that must not, and every CPE name against the records it is to meet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers outside #[test] may fail a test, too

use std::collections::{BTreeMap, BTreeSet};

use shindan_app::embedded;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, SourceDocument, Status,
};
use shindan_domain::cpe::Cpe;
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::Decided;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Question, check};
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;
use shindan_match::names::{fold_maker, fold_product};

/// A fact: vulnerability, vendor and product as the record writes them, lowest and first fixed version (or, with `=`,
/// the last affected one).
type Fact = (&'static str, &'static str, &'static str, &'static str, &'static str);

const FACTS: &[Fact] = &[
    ("CVE-2024-21762", "Fortinet", "FortiOS", "7.2.0", "7.2.7"),
    ("CVE-2024-47575", "Fortinet", "FortiManager", "7.4.0", "7.4.5"),
    ("CVE-2022-42475", "Fortinet", "FortiProxy", "7.2.0", "7.2.2"),
    ("CVE-2020-3452", "Cisco", "Cisco Adaptive Security Appliance (ASA) Software", "9.6", "9.8.4.20"),
    ("CVE-2023-20198", "Cisco", "Cisco IOS XE Software", "16.12", "17.9.4"),
    ("CVE-2017-6742", "Cisco", "IOS", "12.2", "15.2(7)E5"),
    ("CVE-2024-20399", "Cisco", "Cisco NX-OS Software", "9.3(1)", "9.3(14)"),
    ("CVE-2021-1472", "Cisco", "Cisco Small Business RV Series Router Firmware", "1.0.00", "1.0.03.21"),
    ("CVE-2024-3400", "Palo Alto Networks", "PAN-OS", "10.2.0", "10.2.9-h1"),
    ("CVE-2024-40766", "SonicWall", "SonicOS", "7.0", "=7.0.1-5035"),
    ("CVE-2021-20016", "SonicWall", "SonicWall SMA100", "10.0", "10.2.0.5"),
    ("CVE-2021-20843", "ヤマハ", "RTX1210 ファームウェア", "14.0", "=14.01.38"),
    ("CVE-2020-5524", "日本電気", "Aterm WG2600HS ファームウェア", "1.0", "=1.3.2"),
    ("CVE-2023-36845", "Juniper Networks", "Junos OS", "20.4", "20.4R3-S8"),
    ("CVE-2023-46805", "Ivanti", "ICS", "9.1R1", "=9.1R18"),
    ("CVE-2023-3519", "Citrix", "NetScaler ADC ", "13.1", "13.1-49.13"),
    ("CVE-2020-5902", "F5", "BIG-IP", "15.0.0", "15.1.0.4"),
    ("CVE-2024-24919", "Check Point", "Quantum Security Gateways", "R80", "R82"),
    ("CVE-2022-26318", "WatchGuard", "Fireware OS", "12.0", "12.7.2"),
    ("CVE-2022-1040", "Sophos", "Sophos Firewall", "17.0", "=18.5.3"),
    ("CVE-2023-28461", "Array Networks", "ArrayOS AG", "9.0", "=9.4.0.481"),
    ("CVE-2024-26304", "Hewlett Packard Enterprise (HPE)", "ArubaOS", "8.10.0.0", "=8.10.0.10"),
    ("CVE-2023-39620", "BUFFALO INC.", "TeraStation TS5410R", "1.0", "=5.00"),
    ("CVE-2023-2868", "Barracuda Networks", "Barracuda Email Security Gateway", "5.1.3.001", "=9.2.0.006"),
    ("CVE-2023-47218", "QNAP Systems Inc.", "QTS", "5.1.0", "5.1.5.2645"),
    ("CVE-2022-22687", "Synology", "Synology DiskStation Manager (DSM)", "6.2", "6.2.3-25426-3"),
    ("CVE-2018-14847", "MikroTik", "RouterOS", "6.0", "=6.42"),
];

/// Maker, model and firmware as a ledger writes them; the fact that must hit, or `None`.
const ROWS: &[(&str, &str, &str, Option<&str>)] = &[
    ("フォーティネット", "FortiGate-60F", "v7.2.5,build1517", Some("CVE-2024-21762")),
    ("Fortinet", "FWF-61E", "7.2.7", None),
    ("Fortinet", "FSA-500G", "7.2.5", None),
    ("フォーティネットジャパン合同会社", "FMG-200F", "7.4.3", Some("CVE-2024-47575")),
    ("Fortinet", "FortiProxy 400E", "7.2.1", Some("CVE-2022-42475")),
    ("シスコシステムズ合同会社", "ASA5506-X", "9.8(4)", Some("CVE-2020-3452")),
    ("Cisco", "ASA5516-X", "9.8(4)20", None),
    ("シスコ", "ISR4331/K9", "16.12.4", Some("CVE-2023-20198")),
    ("シスコ", "Catalyst 9300-24T", "17.9.4", None),
    ("シスコ", "WS-C2960X-24TS-L", "15.2(7)E3", Some("CVE-2017-6742")),
    ("シスコ", "Catalyst 2960X", "15.2(7)E5", None),
    ("Cisco", "N9K-C93180YC-FX", "9.3(8)", Some("CVE-2024-20399")),
    ("Cisco", "RV340", "1.0.03.20", Some("CVE-2021-1472")),
    ("Cisco", "RV340", "1.0.03.21", None),
    ("パロアルト", "PA-440", "10.2.8", Some("CVE-2024-3400")),
    ("パロアルト", "PA-440", "10.2.9-h1", None),
    ("ソニックウォール・ジャパン株式会社", "TZ370", "7.0.1-5035", Some("CVE-2024-40766")),
    ("SonicWall", "TZ 370", "7.0.1-5161", None),
    ("SonicWall", "SMA 210", "10.2.0.2", Some("CVE-2021-20016")),
    ("SonicWall", "SMA 6210", "10.2.0.2", None),
    ("ヤマハ株式会社", "RTX1210", "Rev.14.01.38", Some("CVE-2021-20843")),
    ("Yamaha", "RTX1210", "Rev.14.01.40", None),
    ("NECプラットフォームズ", "Aterm WG2600HS", "1.3.2", Some("CVE-2020-5524")),
    ("NEC", "Aterm WG2600HS", "1.5.1", None),
    ("ジュニパー", "SRX345", "20.4R3-S2", Some("CVE-2023-36845")),
    ("Juniper", "EX4300-48T", "20.4R3-S8", None),
    ("パルスセキュア", "PSA5000", "9.1R14 (build 16847)", Some("CVE-2023-46805")),
    ("Ivanti", "ISA6000", "9.1R18.3", None),
    ("シトリックス", "NetScaler MPX 5901", "NS13.1: Build 48.47.nc", Some("CVE-2023-3519")),
    ("Citrix", "VPX 200", "NS13.1: Build 49.13", None),
    ("F5ネットワークス", "BIG-IP i2600", "15.1.0", Some("CVE-2020-5902")),
    ("F5", "BIG-IP i2600", "15.1.0.4", None),
    ("チェックポイント", "Quantum 3600", "R81", Some("CVE-2024-24919")),
    ("チェックポイント", "Quantum 3600", "R82", None),
    ("ウォッチガード", "Firebox M270", "12.7.1", Some("CVE-2022-26318")),
    ("WatchGuard", "Firebox M270", "12.7.2", None),
    ("ソフォス", "XGS 116", "18.5.3", Some("CVE-2022-1040")),
    ("Sophos", "XGS 116", "18.5.4", None),
    ("アレイ・ネットワークス", "AG1000", "9.4.0.481", Some("CVE-2023-28461")),
    ("Array Networks", "AG1000", "9.4.0.484", None),
    ("バッファロー", "TeraStation TS5410R", "4.90", Some("CVE-2023-39620")),
    ("BUFFALO", "TeraStation TS5410R", "5.10", None),
    ("バラクーダ", "Email Security Gateway 300", "9.2.0.004", Some("CVE-2023-2868")),
    ("Barracuda", "Email Security Gateway 300", "9.2.0.008", None),
    ("QNAP", "TS-453D", "5.1.3.2578 build 20231110", Some("CVE-2023-47218")),
    ("QNAP", "TS-453D", "5.1.5.2645 build 20240116", None),
    ("シノロジー", "DS920+", "6.2.3-25426", Some("CVE-2022-22687")),
    ("Synology", "DS920+", "7.0-41890", None),
    ("MikroTik", "CCR1009", "6.42", Some("CVE-2018-14847")),
    ("MikroTik", "CCR1009", "6.42.1", None),
];

fn knowledge(dictionary: DeviceDictionary) -> Vec<u8> {
    let advisories = FACTS.iter().map(|(id, vendor, product, low, high)| {
        let upper = match high.strip_prefix('=') {
            Some(last) => Bound::Inclusive(last.to_owned()),
            None => Bound::Exclusive((*high).to_owned()),
        };
        let range =
            VersionRange { scheme: Scheme::Generic, lower: Bound::Inclusive((*low).to_owned()), upper };
        let product = ProductRef {
            vendor: Some((*vendor).to_owned()),
            product: Some((*product).to_owned()),
            ..ProductRef::default()
        };
        let versions = VersionClaim::ranged(vec![range]);
        Advisory {
            vulnerabilities: vec![AdvisedVulnerability {
                id: (*id).to_owned(),
                ..AdvisedVulnerability::default()
            }],
            affected: vec![Affected::new(product, Status::Affected, versions)],
            ..Advisory::new(*id, "test", AdvisoryFormat::Cve5)
        }
    });
    let document = SourceDocument {
        path: "facts".to_owned(),
        sha256: String::new(),
        size: 0,
        format: Some(AdvisoryFormat::Cve5),
        source: "test".to_owned(),
        records: 1,
        rejected: 0,
        newest: None,
    };
    let knowledge = Knowledge {
        documents: vec![document],
        advisories: advisories.collect(),
        devices: dictionary,
        ..Knowledge::default()
    };
    build(&knowledge).unwrap().0
}

/// What is found, and what is undetermined, for each row.
fn judge(rows: &[(&str, &str, &str)]) -> Vec<(Vec<String>, Vec<Code>)> {
    let bytes = knowledge(embedded::device_dictionary().unwrap());
    let index = Index::open(&bytes).unwrap();
    let meta = index.meta().unwrap();
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let confirmed = ConfirmedIdentities::default();
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: jiff::civil::date(2026, 7, 2),
    };
    let of_row = |(maker, model, firmware): &(&str, &str, &str)| {
        let component = Component {
            maker: Some((*maker).to_owned()),
            model: Some((*model).to_owned()),
            firmware: Some((*firmware).to_owned()),
            ..Component::default()
        };
        let inventory = Inventory {
            path: "ledger".to_owned(),
            kind: InventoryKind::DeviceList,
            subject: None,
            components: vec![component],
            assets: vec![],
            opinions: vec![],
            diagnostics: vec![],
        };
        let mut outcome = check(question, &inventory, 0, 0..1).unwrap();
        let found = outcome.take_findings().iter().map(|f| f.vulnerability.id.clone()).collect();
        (found, outcome.undetermined.iter().map(|u| u.code).collect())
    };
    rows.iter().map(of_row).collect()
}

#[test]
fn of_each_maker_one_device_is_hit_and_one_is_not() {
    let rows: Vec<_> = ROWS.iter().map(|(maker, model, firmware, _)| (*maker, *model, *firmware)).collect();
    let mut wrong = Vec::new();
    for ((maker, model, firmware, expected), (found, open)) in ROWS.iter().zip(judge(&rows)) {
        if found != expected.map(str::to_owned).into_iter().collect::<Vec<_>>() {
            wrong.push(format!(
                "{maker} {model} {firmware}: expected {expected:?}, found {found:?}, open {open:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hardware_of_several_systems_stays_open() {
    let rows = [
        ("シスコ", "Firepower 1010", "7.0.1"),
        ("シスコ", "Catalyst 4507R", "3.11"),
        ("アルバネットワークス", "AP-515", "8.10.0.5"),
        ("QNAP", "TS-h886", "h5.1.0"),
        ("Juniper", "PTX10001", "21.4R1"),
        ("ソフォス", "SG 115", "9.7"),
    ];
    for (row, (found, open)) in rows.iter().zip(judge(&rows)) {
        assert_eq!((found, open), (vec![], vec![Code::SoftwareUnsettled]), "{row:?}");
    }
}

#[test]
fn the_dictionary_says_each_thing_once() {
    let dictionary = embedded::device_dictionary().unwrap();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for maker in &dictionary.makers {
        for name in std::iter::once(&maker.name).chain(&maker.aliases) {
            let folded = fold_maker(name);
            assert!(!folded.is_empty(), "{name}");
            let known = names.insert(folded, &maker.name);
            assert!(known.is_none_or(|known| known == maker.name), "{name}: {known:?} and {}", maker.name);
        }
    }
    let mut rules = BTreeSet::new();
    for rule in dictionary.rules.iter().chain(&dictionary.possible) {
        assert!(
            !rule.models.is_empty() && dictionary.makers.iter().any(|m| m.name == rule.maker),
            "{rule:?}"
        );
        if let Some(cpe) = &rule.cpe {
            let cpe = Cpe::parse(cpe).unwrap_or_else(|error| panic!("{cpe}: {error}"));
            assert!(cpe.vendor().as_literal().is_some() && cpe.product().as_literal().is_some(), "{cpe}");
        }
        for model in &rule.models {
            let star = model.find('*').unwrap_or(model.len());
            assert!(star + 1 >= model.len() && fold_product(model).len() >= 2, "{model}");
            assert!(
                rules.insert((&rule.maker, model, &rule.vendor, &rule.product)),
                "twice: {model} {rule:?}"
            );
        }
    }
    assert!(dictionary.makers.len() > 90 && dictionary.rules.len() > 70, "the dictionary was read");
}

/// Every CPE name of the dictionary stands in a genuine record: no name is invented.
#[test]
fn every_cpe_name_stands_in_published_records() {
    let Some(zip) = shindan_testdata::path("cve5/vulnrichment-half.zip") else { return };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let dictionary = embedded::device_dictionary().unwrap();
    let rules = dictionary.rules.iter().chain(&dictionary.possible);
    let mut wanted: BTreeSet<String> = rules
        .filter_map(|rule| rule.cpe.as_deref())
        .map(|cpe| cpe.split(':').skip(3).take(2).collect::<Vec<_>>().join(":"))
        .collect();
    let all = wanted.len();
    assert!(all > 30, "{all}");
    for number in 0..archive.len() {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_index(number).unwrap(), &mut text).unwrap();
        if text.contains("cpe:2.3:") {
            wanted.retain(|name| !text.contains(&format!(":{name}:")));
        }
    }
    println!("CPE names of the dictionary: {all}, all but {} in published records", wanted.len());
    assert!(wanted.is_empty(), "{wanted:?}");
}
