//! Network devices by maker and model against the makers' own advisories: Palo Alto Networks, Fortinet, Cisco.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use shindan_domain::finding::CheckResult;

use crate::workbench::{Workbench, quoted};

/// A device list: one row for each firmware.
fn ledger(maker: &str, model: &str, firmware: &[String]) -> String {
    let mut rows = String::from("asset_id,maker,model,firmware\n");
    for (number, version) in firmware.iter().enumerate() {
        let fields = [format!("A{number}").as_str(), maker, model, version].map(quoted);
        rows.push_str(&fields.join(","));
        rows.push('\n');
    }
    rows
}

/// What the answer says about each row: `found`, `open` or `-`.
fn answers(result: &CheckResult, rows: usize) -> Vec<&'static str> {
    let findings = result.findings.iter().filter_map(|finding| finding.asset.as_ref());
    let found: BTreeSet<String> = findings.map(|asset| asset.asset_id.clone()).collect();
    let undetermined = result.undetermined.iter().filter_map(|entry| entry.asset.as_ref());
    let open: BTreeSet<String> = undetermined.map(|asset| asset.asset_id.clone()).collect();
    let answer = |number: usize| match format!("A{number}") {
        id if found.contains(&id) => "found",
        id if open.contains(&id) => "open",
        _ => "-",
    };
    (0..rows).map(answer).collect()
}

/// Asks about rows of one device and compares every answer.
fn ask(bench: &Workbench, maker: &str, model: &str, expected: &[(&str, &str)]) {
    let firmware: Vec<String> = expected.iter().map(|(version, _)| (*version).to_owned()).collect();
    let list = bench.write("devices.csv", ledger(maker, model, &firmware));
    let found = answers(&bench.check(&list), firmware.len());
    let found: Vec<(&str, &str)> =
        expected.iter().zip(found).map(|((version, _), a)| (*version, a)).collect();
    assert_eq!(found, expected, "{maker} {model}");
}

/// Asks about many firmware versions, all with the same answer expected; returns the others.
fn others(bench: &Workbench, maker: &str, model: &str, firmware: &[String], expected: &str) -> Vec<String> {
    let list = bench.write("many.csv", ledger(maker, model, firmware));
    let found = answers(&bench.check(&list), firmware.len());
    let differ = firmware.iter().zip(found).filter(|(_, answer)| *answer != expected);
    differ.map(|(version, answer)| format!("{version} {answer}")).collect()
}

const PAN_OS: [(&str, &str); 10] = [
    ("10.1.14", "found"),
    ("10.1.14-h9", "found"),
    ("10.1.13-h1", "found"),
    ("10.1.14-h11", "-"),
    ("10.1.15", "-"),
    ("10.2.4-h32", "found"),
    ("10.2.6", "-"),
    ("11.0.1-h5", "found"),
    ("11.0.2", "-"),
    ("11.1.0", "-"),
];

fn pan_os_record() -> Value {
    let range = |low: &str, fix: &str| {
        json!({"version": low, "lessThan": fix, "status": "affected", "versionType": "custom",
        "changes": [{"at": fix, "status": "unaffected"}]})
    };
    json!({"dataType": "CVE_RECORD", "dataVersion": "5.0", "cveMetadata": {"cveId": "CVE-2026-10114", "serial": 1},
        "containers": {"cna": {"datePublic": "2026-03-12T16:00:00Z", "affected": [{"vendor": "Palo Alto Networks",
            "product": "PAN-OS", "defaultStatus": "unaffected",
            "cpes": ["cpe:2.3:o:paloaltonetworks:pan-os:10.1.14:h10:*:*:*:*:*:*", "cpe:2.3:o:paloaltonetworks:pan-os:11.0.1:*:*:*:*:*:*:*"],
            "versions": [{"version": "11.1.0", "status": "unaffected", "versionType": "custom"},
                range("11.0.0", "11.0.2"), range("10.2.0", "10.2.5"), range("10.1.0", "10.1.14-h11")]}]}}})
}

#[test]
fn pan_os_hotfixes_by_maker_and_model() {
    let bench = Workbench::new("pan-os");
    let path = bench.write("CVE-2026-10114.json", pan_os_record().to_string());
    bench.build(&[path]);
    for (maker, model) in [("Palo Alto Networks", "PA-220"), ("パロアルトネットワークス", "PA-3220")]
    {
        ask(&bench, maker, model, &PAN_OS);
    }
}

/// The oracle is the maker's own list of every affected version, `x_affectedList`, which the answer does not use where
/// there are ranges.
#[test]
fn palo_altos_own_list_of_versions() {
    let Some(own) = shindan_testdata::path("vendor/paloalto/json/CVE-2025-0114") else { return };
    let Some(csaf) = shindan_testdata::path("vendor/paloalto/csaf/CVE-2025-0114") else { return };
    let record: Value = serde_json::from_slice(&std::fs::read(&own).unwrap()).unwrap();
    let list = record["containers"]["cna"]["x_affectedList"].as_array().unwrap();
    let versions: Vec<String> = list
        .iter()
        .map(|entry| entry.as_str().unwrap().strip_prefix("PAN-OS ").unwrap().to_owned())
        .collect();
    assert_eq!(versions.len(), 173);
    let bench = Workbench::with("pan-os-own", &[own]);
    assert_eq!(others(&bench, "Palo Alto", "PA-220", &versions, "found"), [""; 0]);
    ask(&bench, "Palo Alto", "PA-220", &PAN_OS);
    // The same vulnerability as CSAF, which leaves out where each series begins.
    let bench = Workbench::with("pan-os-csaf", &[csaf]);
    assert_eq!(others(&bench, "Palo Alto", "PA-220", &versions, "found"), [""; 0]);
    ask(&bench, "Palo Alto", "PA-220", &PAN_OS);
}

fn csaf(maker: &str, branches: Value, affected: &[&str]) -> String {
    json!({"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "t",
            "publisher": {"category": "vendor", "name": maker, "namespace": "https://example.com"},
            "tracking": {"id": "A-1", "initial_release_date": "2026-03-12T16:00:00Z", "current_release_date": "2026-03-12T16:00:00Z"}},
        "product_tree": {"branches": [{"category": "vendor", "name": maker, "branches": branches}]},
        "vulnerabilities": [{"cve": "CVE-2026-0171", "product_status": {"known_affected": affected}}]})
    .to_string()
}

#[test]
fn cisco_lists_of_exact_versions() {
    let bench = Workbench::new("ios-xe");
    let pack = |version: &str| {
        json!({"category": "service_pack", "name": version,
        "product": {"product_id": version, "name": format!("Cisco IOS XE Software {version}")}})
    };
    let branches = json!([{"category": "product_name", "name": "Cisco IOS XE Software", "branches": [
        {"category": "product_version", "name": "17.3", "branches": [pack("17.3.4"), pack("17.3.4a")]},
        {"category": "product_version", "name": "3.6E", "branches": [pack("3.6.4E")]}]}]);
    let path = bench.write("sa.json", csaf("Cisco", branches, &["17.3.4", "17.3.4a", "3.6.4E"]));
    bench.build(&[path]);
    let expected = [
        ("17.3.4", "found"),
        ("17.03.04", "found"),
        ("17.03.04a", "found"),
        ("17.3.5", "-"),
        ("17.6.1", "-"),
        ("03.06.04E", "found"),
        ("3.6.5E", "-"),
    ];
    for (maker, model) in [("Cisco", "ISR4331"), ("シスコシステムズ", "ISR4331/K9"), ("Cisco", "C9300-24T")]
    {
        ask(&bench, maker, model, &expected);
    }
}

fn cisco_versions(document: &Path, product: &str) -> Vec<String> {
    let document: Value = serde_json::from_slice(&std::fs::read(document).unwrap()).unwrap();
    let affected = document["vulnerabilities"][0]["product_status"]["known_affected"].as_array().unwrap();
    let products = document["product_tree"]["branches"][0]["branches"].as_array().unwrap();
    let trains =
        products.iter().filter(|p| p["name"] == product).flat_map(|p| p["branches"].as_array().unwrap());
    let packs = trains.flat_map(|train| train["branches"].as_array().unwrap());
    let listed = packs.filter(|pack| affected.contains(&pack["product"]["product_id"]));
    listed.map(|pack| pack["name"].as_str().unwrap().to_owned()).collect()
}

/// Every version that a genuine advisory lists, asked by maker and model.
#[test]
fn every_version_of_a_cisco_advisory() {
    let Some(path) = shindan_testdata::path("spec/csaf-2.0/examples/csaf/cisco-sa-20180328-smi2.json") else {
        return;
    };
    let (ios, ios_xe) = (cisco_versions(&path, "IOS"), cisco_versions(&path, "Cisco IOS XE Software"));
    assert_eq!(ios.len() + ios_xe.len(), 259);
    let bench = Workbench::with("cisco-sa", &[path]);
    assert_eq!(others(&bench, "Cisco", "WS-C2960X-24TS-L", &ios, "found"), [""; 0]);
    assert_eq!(others(&bench, "Cisco", "WS-C3850-24T", &ios_xe, "found"), [""; 0]);
    println!("Cisco: {} versions of IOS and {} of IOS XE found", ios.len(), ios_xe.len());
    // Trains of two letters (`12.2(55)SE3`) have no known order: that another version is not one of them is not told.
    let later: Vec<String> = ["15.2(7)E8", "15.7(3)M8", "15.2(2)E10"].map(str::to_owned).to_vec();
    assert_eq!(others(&bench, "Cisco", "WS-C2960X-24TS-L", &later, "open"), [""; 0]);
    let later: Vec<String> = ["17.03.04", "16.12.8", "17.9.4a"].map(str::to_owned).to_vec();
    assert_eq!(others(&bench, "Cisco", "ISR4331", &later, "open"), [""; 0]);
}

#[test]
fn fortinet_lists_of_exact_versions() {
    let bench = Workbench::new("fortios");
    let branch = |version: &str| {
        json!({"category": "product_version", "name": format!("FortiOS {version}"),
        "product": {"name": "FortiOS", "product_id": format!("FortiGate-{version}")}})
    };
    let branches = json!([{"category": "product_name", "name": "FortiOS",
        "branches": [branch("7.2.0"), branch("7.2.1"), branch("7.2.11")]}]);
    let affected = ["FortiGate-7.2.0", "FortiGate-7.2.1"];
    let path = bench.write("csaf.json", csaf("Fortinet PSIRT", branches, &affected));
    bench.build(&[path]);
    let expected =
        [("7.2.1", "found"), ("v7.2.1,build1254,220803 (GA.F)", "found"), ("7.2.11", "-"), ("v7.2.12", "-")];
    for (maker, model) in
        [("Fortinet", "FortiGate-60F"), ("フォーティネット", "FortiGate 60F"), ("Fortinet", "FG-60F")]
    {
        ask(&bench, maker, model, &expected);
    }
}

#[test]
fn fortinets_own_documents() {
    let file = "vendor/fortinet/csaf/happy/csaf_authenticated-heap-overflow-in-ssl-vpn-bookmarks.json";
    let Some(happy) = shindan_testdata::path(file) else { return };
    let broken = "vendor/fortinet/csaf/invalid-csaf/csaf_apache-tika-cve-2025-54988.json";
    let Some(broken) = shindan_testdata::path(broken) else { return };
    let bench = Workbench::with("fortinet-own", &[happy, broken]);
    ask(
        &bench,
        "Fortinet",
        "FortiGate-60F",
        &[("7.2.1", "found"), ("7.0.17", "found"), ("7.2.12", "-"), ("7.4.9", "-"), ("7.6.4", "-")],
    );
    ask(
        &bench,
        "Fortinet",
        "FortiDLP",
        &[("12.2.1", "found"), ("12.1.5", "found"), ("12.2.3", "-"), ("6.0.1", "-")],
    );
}
