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

/// A fact: vulnerability, vendor and product as the record writes them, lowest and first fixed version of one of its
/// branches (with `=`, the last affected one; `*`, none: CISA's catalogue of exploited vulnerabilities gives no versions).
/// From CVE records and advisories of the test data, from JVN, and from the facts of the demo.
type Fact = (&'static str, &'static str, &'static str, &'static str, &'static str);

const FACTS: &[Fact] = &[
    ("CVE-2022-35843", "Fortinet", "FortiOS", "7.0.0", "=7.0.6"),
    ("CVE-2022-22305", "Fortinet", "FortiManager", "7.0.0", "=7.0.1"),
    ("CVE-2021-43074", "Fortinet", "FortiProxy", "7.0.0", "=7.0.1"),
    ("CVE-2023-20269", "Cisco", "Cisco Adaptive Security Appliance (ASA) Software", "9.8.1", "=9.8.1"),
    ("CVE-2023-20186", "Cisco", "Cisco IOS XE Software", "3.7.0S", "=3.7.0S"),
    ("CVE-2024-20312", "Cisco", "IOS", "15.2(7)E4", "=15.2(7)E4"),
    ("CVE-2024-20284", "Cisco", "Cisco NX-OS Software", "8.4(2)", "=8.4(2)"),
    ("CVE-2024-20362", "Cisco", "Cisco Small Business RV Series Router Firmware", "1.1.0.09", "=1.1.0.09"),
    ("CVE-2023-6792", "Palo Alto Networks", "PAN-OS", "10.0", "10.0.12"),
    ("CVE-2023-39279", "SonicWall", "SonicOS", "0", "=7.0.1-5119"),
    ("CVE-2021-20038", "SonicWall", "SMA 100 Appliances", "0", "*"),
    ("CVE-2021-20843", "ヤマハ", "RTX1210 ファームウェア", "0", "=14.01.38"),
    ("CVE-2020-5524", "日本電気", "Aterm WG2600HS ファームウェア", "0", "=1.3.2"),
    ("CVE-2024-52564", "株式会社アイ・オー・データ機器", "UD-LT1 ファームウェア", "0", "2.1.9"),
    ("CVE-2023-36840", "Juniper Networks", "Junos OS", "20.1", "20.1R3-S4"),
    ("CVE-2024-21888", "Ivanti", "ICS", "9.1R18", "=9.1R18"),
    ("CVE-2024-5491", "NetScaler", "NetScaler ADC", "13.1", "13.1-53.17"),
    ("CVE-2020-5902", "F5", "BIG-IP", "15.0.0", "15.1.0.4"),
    ("CVE-2024-24919", "Check Point", "Quantum Security Gateways", "0", "*"),
    ("CVE-2022-26318", "WatchGuard", "Firebox and XTM Appliances", "0", "*"),
    ("CVE-2022-1040", "Sophos", "Firewall", "0", "*"),
    ("CVE-2023-28461", "Array Networks ", "AG/vxAG ArrayOS", "0", "*"),
    ("CVE-2023-2868", "Barracuda Networks", "Email Security Gateway (ESG) Appliance", "0", "*"),
    ("CVE-2023-45621", "arubanetworks", "arubaos", "0", "=10.4.0.2"),
    ("CVE-2024-44072", "BUFFALO INC.", "WSR-1166DHP3", "0", "=1.18"),
    ("CVE-2023-23362", "QNAP Systems Inc.", "QTS", "5.0", "5.0.1.2376 build 20230421"),
    ("CVE-2023-41741", "Synology", "Synology Router Manager (SRM)", "1.3", "1.3.1-9346-6"),
    ("CVE-2023-30799", "MikroTik", "RouterOS", "0", "6.49.7"),
    ("CVE-2024-27453", "extremenetworks", "extremexos", "0", "=22.6.1.4"),
    (
        "CVE-2021-22810",
        "Schneider Electric Software, LLC",
        "1-Phase Uninterruptible Power Supply (UPS) using NMC2 including Smart-UPS Symmetra and Galaxy 3500 with Network Management Card 2 (NMC2)",
        "0",
        "=6.9.8",
    ),
];

/// Maker, model and firmware as a ledger writes them; the fact that must hit, or `None`.
const ROWS: &[(&str, &str, &str, Option<&str>)] = &[
    ("フォーティネット", "FortiGate-60F", "v7.0.6,build0366", Some("CVE-2022-35843")),
    ("Fortinet", "FWF-61E", "7.0.7", None),
    ("Fortinet", "FSA-500G", "7.0.6", None),
    ("フォーティネットジャパン合同会社", "FMG-200F", "7.0.1", Some("CVE-2022-22305")),
    ("Fortinet", "FortiProxy 400E", "7.0.1", Some("CVE-2021-43074")),
    ("シスコシステムズ合同会社", "ASA5506-X", "9.8(1)", Some("CVE-2023-20269")),
    ("Cisco", "ASA5516-X", "9.8(2)", None),
    ("シスコ", "ISR4331/K9", "3.7.0S", Some("CVE-2023-20186")),
    ("シスコ", "Catalyst 9300-24T", "3.7.9S", None),
    ("シスコ", "WS-C2960X-24TS-L", "15.2(7)E4", Some("CVE-2024-20312")),
    ("シスコ", "Catalyst 2960X", "15.2(7)E11", None),
    ("Cisco", "N9K-C93180YC-FX", "8.4(2)", Some("CVE-2024-20284")),
    ("Cisco", "Nexus 9336C", "8.4(3)", None),
    ("Cisco", "RV340", "1.1.0.09", Some("CVE-2024-20362")),
    ("Cisco", "RV340", "1.0.03.29", None),
    ("パロアルト", "PA-440", "10.0.11-h1", Some("CVE-2023-6792")),
    ("パロアルト", "PA-440", "10.0.12", None),
    ("ソニックウォール・ジャパン株式会社", "TZ370", "7.0.1-5035", Some("CVE-2023-39279")),
    ("SonicWall", "TZ 370", "7.0.1-5161", None),
    ("SonicWall", "SMA 210", "10.2.0.2", Some("CVE-2021-20038")),
    ("SonicWall", "SMA 6210", "10.2.0.2", None),
    ("ヤマハ株式会社", "RTX1210", "Rev.14.01.38", Some("CVE-2021-20843")),
    ("Yamaha", "RTX1210", "Rev.14.01.40", None),
    ("NECプラットフォームズ", "Aterm WG2600HS", "1.3.2", Some("CVE-2020-5524")),
    ("NEC", "Aterm WG2600HS", "1.5.1", None),
    ("アイオーデータ", "UD-LT1", "Ver.2.1.8", Some("CVE-2024-52564")),
    ("I-O DATA", "UD-LT1", "2.1.9", None),
    ("ジュニパー", "SRX345", "20.1R3-S2", Some("CVE-2023-36840")),
    ("Juniper", "EX4300-48T", "20.1R3-S4", None),
    ("パルスセキュア", "PSA5000", "9.1R18 (build 25055)", Some("CVE-2024-21888")),
    ("Ivanti", "ISA6000", "9.1R18.3", None),
    ("シトリックス", "NetScaler MPX 5901", "NS13.1: Build 49.13.nc", Some("CVE-2024-5491")),
    ("Citrix", "VPX 200", "NS13.1: Build 53.17", None),
    ("F5ネットワークス", "BIG-IP i2600", "15.1.0", Some("CVE-2020-5902")),
    ("F5", "BIG-IP i2600", "15.1.0.4", None),
    ("チェックポイント", "Quantum 3600", "R81", Some("CVE-2024-24919")),
    ("チェックポイント", "Harmony Mobile", "1.0", None),
    ("ウォッチガード", "Firebox M270", "12.7.1", Some("CVE-2022-26318")),
    ("WatchGuard", "AP325", "11.0", None),
    ("ソフォス", "XGS 116", "18.5.3", Some("CVE-2022-1040")),
    ("Sophos", "APX 120", "2.3", None),
    ("アレイ・ネットワークス", "AG1000", "9.4.0.481", Some("CVE-2023-28461")),
    ("Array Networks", "APV1600", "10.4", None),
    ("バラクーダ", "Email Security Gateway 300", "9.2.0.004", Some("CVE-2023-2868")),
    ("Barracuda", "Web Application Firewall 360", "12.0", None),
    ("アルバネットワークス", "7205", "8.10.0.5", Some("CVE-2023-45621")),
    ("Aruba", "7205", "10.4.1.0", None),
    ("バッファロー", "WSR-1166DHP3", "Ver.1.18", Some("CVE-2024-44072")),
    ("メルコ", "WSR-1166DHP3", "1.19", None),
    ("QNAP", "TS-453D", "5.0.1.2346 build 20230322", Some("CVE-2023-23362")),
    ("QNAP", "TS-453D", "5.0.1.2376 build 20230421", None),
    ("シノロジー", "RT2600ac", "1.3.1-9346-4", Some("CVE-2023-41741")),
    ("Synology", "RT2600ac", "1.3.1-9346-6", None),
    ("MikroTik", "CCR1009", "6.48.6", Some("CVE-2023-30799")),
    ("MikroTik", "CCR1009", "6.49.7", None),
    ("エクストリームネットワークス", "Summit X440-G2", "22.6.1.4", Some("CVE-2024-27453")),
    ("Extreme Networks", "X440-G2", "22.7.1.1", None),
    ("エーピーシー", "AP9631J", "6.9.6", Some("CVE-2021-22810")),
    ("APC", "AP9631J", "7.0.4", None),
    ("シュナイダーエレクトリック", "AP9640J", "1.4.2.1", None),
];

fn knowledge(dictionary: DeviceDictionary) -> Vec<u8> {
    index_of(facts(), dictionary)
}

fn facts() -> Vec<Advisory> {
    let advisories = FACTS.iter().map(|(id, vendor, product, low, high)| {
        let upper = match high.strip_prefix('=') {
            Some(last) => Bound::Inclusive(last.to_owned()),
            None => Bound::Exclusive((*high).to_owned()),
        };
        let range =
            VersionRange { scheme: Scheme::Generic, lower: Bound::Inclusive((*low).to_owned()), upper };
        let versions = if *high == "*" { VersionClaim::All } else { VersionClaim::ranged(vec![range]) };
        let product = ProductRef {
            vendor: Some((*vendor).to_owned()),
            product: Some((*product).to_owned()),
            ..ProductRef::default()
        };
        Advisory {
            vulnerabilities: vec![AdvisedVulnerability {
                id: (*id).to_owned(),
                ..AdvisedVulnerability::default()
            }],
            affected: vec![Affected::new(product, Status::Affected, versions)],
            ..Advisory::new(*id, "test", AdvisoryFormat::Cve5)
        }
    });
    advisories.collect()
}

fn index_of(advisories: Vec<Advisory>, dictionary: DeviceDictionary) -> Vec<u8> {
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
    let knowledge =
        Knowledge { documents: vec![document], advisories, devices: dictionary, ..Knowledge::default() };
    build(&knowledge).unwrap().0
}

/// What is found, and what is undetermined, for each row.
fn judge(rows: &[(&str, &str, &str)]) -> Vec<(Vec<String>, Vec<Code>)> {
    judge_by(&knowledge(embedded::device_dictionary().unwrap()), rows)
}

fn judge_by(bytes: &[u8], rows: &[(&str, &str, &str)]) -> Vec<(Vec<String>, Vec<Code>)> {
    let index = Index::open(bytes).unwrap();
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
            components: vec![component].into(),
            assets: vec![],
            opinions: vec![],
            about: None,
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

/// The genuine records of NetScaler, whose limits are builds of a release, against what devices print.
#[test]
fn netscaler_records_are_read_as_builds_of_the_release() {
    let Some(zip) = shindan_testdata::path("cve5/vulnrichment-half.zip") else { return };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let wanted = ["CVE-2023-3466.json", "CVE-2023-6548.json", "CVE-2024-5491.json"];
    let mut advisories = Vec::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        if !wanted.iter().any(|name| file.name().unwrap().ends_with(name)) {
            continue;
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        let limits = shindan_formats::limits::Limits::DEFAULT;
        advisories.extend(shindan_formats::advisory::read(&bytes, "record.json", &limits).advisories);
    }
    assert_eq!(advisories.len(), 3);
    let bytes = index_of(advisories, embedded::device_dictionary().unwrap());
    let cases = [
        ("NS13.1: Build 48.47.nc", vec!["CVE-2023-3466", "CVE-2023-6548", "CVE-2024-5491"]),
        ("NS13.1: Build 49.13.nc", vec!["CVE-2023-6548", "CVE-2024-5491"]),
        ("NS13.1: Build 51.15.nc", vec!["CVE-2024-5491"]),
        ("NS13.1: Build 53.17.nc", vec![]),
        ("13.1-49.13", vec!["CVE-2023-6548", "CVE-2024-5491"]),
        ("NS14.1: Build 12.30.nc", vec!["CVE-2023-6548", "CVE-2024-5491"]),
        ("NS14.1: Build 12.35.nc", vec!["CVE-2024-5491"]),
        ("NS14.1: Build 43.56.nc", vec![]),
    ];
    for (firmware, expected) in cases {
        let (mut found, _) = judge_by(&bytes, &[("Citrix", "NetScaler ADC", firmware)]).remove(0);
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected, "{firmware}");
    }
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

/// The dictionary of devices; the names of Windows programs have their own tests.
const DEVICES: &str = include_str!("../../../catalog/devices/devices.toml");

/// Every CPE name of the dictionary stands in a genuine record: no name is invented.
#[test]
fn every_cpe_name_stands_in_published_records() {
    let Some(zip) = shindan_testdata::path("cve5/vulnrichment-half.zip") else { return };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let dictionary = shindan_formats::devices::read(DEVICES, "devices.toml").unwrap();
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
