//! Documents in the shapes of Fortinet, Palo Alto Networks and Cisco.

use serde_json::{Value, json};
use shindan_domain::advisory::AdvisoryFormat;
use shindan_domain::diagnostic::Code;

use super::read;
use super::tests::claim;
use crate::advisory::Reading;
use crate::limits::Limits;

fn document(maker: &str, tree: Value, vulnerabilities: Value) -> Reading {
    let value = json!({"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "t",
            "publisher": {"category": "vendor", "name": maker, "namespace": "https://example.com"},
            "tracking": {"id": "A-1", "initial_release_date": "2026-03-12T16:00:00Z", "current_release_date": "2026-03-12T16:00:00Z"}},
        "product_tree": {"branches": [{"category": "vendor", "name": maker, "branches": tree}]},
        "vulnerabilities": vulnerabilities});
    read(value.to_string().as_bytes(), "m.json", &Limits::DEFAULT)
}

/// Statements as `product status versions`.
fn shown(reading: &Reading) -> Vec<String> {
    let affected = reading.advisories.iter().flat_map(|advisory| &advisory.affected);
    let line = |a: &shindan_domain::advisory::Affected| {
        let name = a.product.product.as_deref().unwrap_or("-");
        format!("{name} {} {}", a.status.as_str(), claim(a))
    };
    affected.map(line).collect()
}

fn count(reading: &Reading, code: Code) -> usize {
    reading.diagnostics.iter().filter(|diagnostic| diagnostic.code == code).count()
}

/// A branch of a version with its product.
fn version(category: &str, name: &str, id: &str) -> Value {
    json!({"category": category, "name": name, "product": {"name": "n", "product_id": id}})
}

#[test]
fn pairs_of_palo_alto_speak_of_their_own_series() {
    let range = |name: &str, id: &str| version("product_version_range", name, id);
    let ranges: Vec<Value> = [
        ("vers:generic/PAN-OS>=11.2.0", "P119"),
        ("vers:generic/PAN-OS<11.0.2", "P142"),
        ("vers:generic/PAN-OS>=11.0.2", "P142"),
        ("vers:generic/PAN-OS<10.2.5", "P135"),
        ("vers:generic/PAN-OS>=10.2.5", "P135"),
        ("vers:generic/PAN-OS<10.1.14-h11", "P657"),
        ("vers:generic/PAN-OS>=10.1.14-h11", "P657"),
    ]
    .iter()
    .map(|(name, id)| range(name, id))
    .collect();
    let tree = json!([{"category": "product_name", "name": "PAN-OS", "branches": ranges},
        {"category": "product_name", "name": "Cloud NGFW", "branches": [version("product_version", "Cloud NGFW All", "C1")]}]);
    let status = json!({"known_affected": ["P142", "P135", "P657"], "fixed": ["P142", "P135", "P657"],
        "known_not_affected": ["P119", "C1"]});
    let reading =
        document("Palo Alto Networks", tree, json!([{"cve": "CVE-2026-0114", "product_status": status}]));
    assert_eq!(
        shown(&reading),
        [
            "PAN-OS affected >=11.0 <11.0.2 | >=10.2 <10.2.5 | <10.1.14-h11",
            "PAN-OS not_affected >=11.2.0",
            "Cloud NGFW not_affected all",
            "PAN-OS fixed >=11.0.2 | >=10.2.5 <11.0 | >=10.1.14-h11 <10.2",
        ]
    );
    assert_eq!((count(&reading, Code::DuplicateIdentifier), count(&reading, Code::FieldTolerated)), (3, 7));
    // "Cloud NGFW All" as a version (6.1.31); no contradiction is left (6.1.6).
    assert_eq!(count(&reading, Code::SpecViolation), 1);
}

#[test]
fn one_pair_has_no_other_end() {
    let ranges = [
        ("vers:generic/Prisma Access Browser<133.16", "B1"),
        ("vers:generic/Prisma Access Browser>=134.7", "B2"),
    ];
    let ranges: Vec<Value> =
        ranges.iter().map(|(name, id)| version("product_version_range", name, id)).collect();
    let tree = json!([{"category": "product_name", "name": "Prisma Access Browser", "branches": ranges}]);
    let status = json!({"known_affected": ["B1"], "fixed": ["B2"]});
    let reading =
        document("Palo Alto Networks", tree, json!([{"cve": "CVE-2026-0995", "product_status": status}]));
    assert_eq!(
        shown(&reading),
        ["Prisma Access Browser affected <133.16", "Prisma Access Browser fixed >=134.7"]
    );
}

#[test]
fn two_pairs_of_one_series_are_not_guessed_at() {
    let ranges = [("<10.2.5", "A"), (">=10.2.5", "A"), ("<10.2.9", "B"), (">=10.2.9", "B")];
    let name = |range: &str| format!("vers:generic/PAN-OS{range}");
    let ranges: Vec<Value> =
        ranges.iter().map(|(range, id)| version("product_version_range", &name(range), id)).collect();
    let tree = json!([{"category": "product_name", "name": "PAN-OS", "branches": ranges}]);
    let status = json!({"known_affected": ["A", "B"]});
    let reading =
        document("Palo Alto Networks", tree, json!([{"cve": "CVE-2026-0995", "product_status": status}]));
    assert_eq!(shown(&reading), ["PAN-OS affected <10.2.5 | <10.2.9"]);
}

#[test]
fn fortinet_lists_in_lists_are_read() {
    let range = |name: &str| version("product_version_range", name, name);
    let tree = json!([{"category": "product", "name": "FortiDLP", "branches": [
        range("FortiDLP/>=12.2.1|<=12.2.2"), range("FortiDLP/12.1 all versions"), range("FortiDLP/ 6.0 all versions"),
        range("FortiDLP/some of them")]}]);
    let status = json!({"known_affected": ["FortiDLP/>=12.2.1|<=12.2.2", "FortiDLP/12.1 all versions", "FortiDLP/some of them"],
        "known_not_affected": ["FortiDLP-12.2.3", "FortiDLP/ 6.0 all versions"]});
    let reading =
        document("Fortinet PSIRT", tree, json!([[{"cve": "CVE-2026-54988", "product_status": status}]]));
    assert_eq!(reading.advisories[0].vulnerabilities[0].id, "CVE-2026-54988");
    assert_eq!(
        shown(&reading),
        [
            "FortiDLP affected >=12.2.1 <=12.2.2 | >=12.1 <12.2",
            "FortiDLP affected range-undetermined",
            "FortiDLP not_affected >=6.0 <6.1"
        ]
    );
    assert_eq!((count(&reading, Code::FieldTolerated), count(&reading, Code::ReferenceDangling)), (1, 1));
}

#[test]
fn cisco_files_whole_versions_as_service_packs() {
    let train = |name: &str, versions: &[&str]| {
        let packs: Vec<Value> = versions.iter().map(|v| version("service_pack", v, v)).collect();
        json!({"category": "product_version", "name": name, "branches": packs})
    };
    let tree = json!([
        {"category": "product_family", "name": "Cisco IOS XE Software", "branches": [
            train("17.3", &["17.3.4", "17.3.4a"]), train("3.6E", &["3.6.4E"])]},
        {"category": "product_name", "name": "Example Server", "branches": [train("10", &["SP1"])]}]);
    let ids = ["17.3.4", "17.3.4a", "3.6.4E", "SP1"];
    let reading =
        document("Cisco", tree, json!([{"cve": "CVE-2026-0171", "product_status": {"known_affected": ids}}]));
    assert_eq!(
        shown(&reading),
        ["Cisco IOS XE Software affected =17.3.4 | =17.3.4a | =3.6.4E", "Example Server affected =10 SP1"]
    );
    assert_eq!(reading.format, Some(AdvisoryFormat::Csaf));
}

#[test]
fn genuine_documents_of_these_makers() {
    let genuine = |relative: &str| {
        let path = shindan_testdata::path(relative)?;
        Some(read(&std::fs::read(path).unwrap(), relative, &Limits::DEFAULT))
    };
    let Some(reading) = genuine("vendor/paloalto/csaf/CVE-2025-0114") else { return };
    assert_eq!(shown(&reading)[0], "PAN-OS affected >=11.0 <11.0.2 | >=10.2 <10.2.5 | <10.1.14-h11");
    let Some(reading) = genuine("vendor/paloalto/csaf/PAN-SA-2025-0007") else { return };
    assert_eq!(reading.advisories[0].vulnerabilities.len(), 16);
    assert_eq!(
        shown(&reading),
        ["Prisma Access Browser affected <133.16.4.99", "Prisma Access Browser fixed >=134.7.4.44"]
    );
    let broken = "vendor/fortinet/csaf/invalid-csaf/csaf_apache-tika-cve-2025-54988.json";
    let Some(reading) = genuine(broken) else { return };
    assert_eq!(reading.advisories[0].vulnerabilities[0].id, "CVE-2025-54988");
    assert_eq!(reading.advisories[0].vulnerabilities[0].cvss.len(), 1);
    assert_eq!(
        shown(&reading)[0],
        "FortiDLP affected >=12.2.1 <=12.2.2 | >=12.1 <12.2 | >=12.0 <12.1 | >=11.5 <11.6 | >=11.4 <11.5 | >=11.3 <11.4"
    );
    let Some(reading) = genuine("spec/csaf-2.0/examples/csaf/cisco-sa-20180328-smi2.json") else { return };
    let (mut ranged, mut undetermined) = (0, 0);
    for line in shown(&reading) {
        undetermined += line.matches("range-undetermined").count();
        ranged += line.matches('=').count();
    }
    // Every known_affected version of IOS and IOS XE.
    assert_eq!((ranged, undetermined), (259, 0));
}
