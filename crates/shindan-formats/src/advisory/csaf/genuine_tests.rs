//! Genuine documents: CISA's archive, vendors' samples, the validator files of the specification.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use shindan_domain::advisory::{Advisory, Affected, Status};
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::version::VersionClaim;

use super::read;
use super::tests::claim;
use crate::advisory::Reading;
use crate::limits::Limits;

/// Every document of CISA's archive with its name.
fn cisa() -> Option<Vec<(String, Vec<u8>)>> {
    let path = shindan_testdata::path("csaf/cisa-2017-2021.zip")?;
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut out = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        out.push((name, bytes));
    }
    Some(out)
}

fn genuine(relative: &str) -> Option<Reading> {
    let path = shindan_testdata::path(relative)?;
    Some(read(&std::fs::read(path).unwrap(), relative, &Limits::DEFAULT))
}

fn find<'a>(list: &'a [Advisory], id: &str) -> &'a Advisory {
    list.iter().find(|a| a.id == id).unwrap_or_else(|| panic!("{id} is missing"))
}

#[test]
fn cisa_advisories_are_read_in_full() {
    let Some(documents) = cisa() else { return };
    let mut advisories = Vec::new();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut statements: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, bytes) in &documents {
        let reading = read(bytes, name, &Limits::DEFAULT);
        assert_eq!((reading.rejected, reading.advisories.len()), (0, 1), "{name}: {:?}", reading.diagnostics);
        for diagnostic in &reading.diagnostics {
            *counts.entry(diagnostic.code.as_str()).or_default() += 1;
        }
        advisories.extend(reading.advisories);
    }
    assert_eq!(advisories.len(), 1270);
    for affected in advisories.iter().flat_map(|a| &a.affected).filter(|a| a.status == Status::Affected) {
        let kind = match &affected.versions {
            VersionClaim::All => "all",
            VersionClaim::Ranged { .. } => "ranged",
            VersionClaim::Undetermined { .. } => "undetermined",
        };
        *statements.entry(kind).or_default() += 1;
    }
    if std::env::var_os("SHINDAN_PRINT_TEXTS").is_some() {
        for advisory in &advisories {
            for affected in advisory.affected.iter().filter(|a| !a.fixed_versions.is_empty()) {
                let text = &affected.text;
                let name = affected.product.product.as_deref().unwrap_or_default();
                eprintln!("FIX {} {name:?} {text:?} {:?}", advisory.id, affected.fixed_versions);
            }
        }
    }
    let fixes = advisories.iter().flat_map(|a| &a.affected).filter(|a| !a.fixed_versions.is_empty()).count();
    let medical = advisories.iter().filter(|a| a.id.starts_with("ICSMA")).count();
    eprintln!("CISA: {} advisories, {medical} medical; diagnostics {counts:?}", advisories.len());
    eprintln!("CISA: statements {statements:?}, with fixed versions {fixes}");
    assert_eq!(counts.get("reference-dangling"), None, "{counts:?}");
    spot_checks(&advisories);
}

/// Facts read from the advisories by eye.
fn spot_checks(advisories: &[Advisory]) {
    let clinic = find(advisories, "ICSMA-20-184-01");
    assert_eq!(clinic.vulnerabilities.len(), 11);
    assert_eq!(clinic.affected.len(), 1);
    assert_eq!(claim(&clinic.affected[0]), "=5.09.02 | =5.89.05b");
    assert!(clinic.affected[0].vulnerabilities.is_empty(), "all of them");
    let vendors: BTreeSet<&str> =
        advisories.iter().flat_map(|a| &a.affected).filter_map(|a| a.product.vendor.as_deref()).collect();
    for vendor in ["Philips", "Phillips"] {
        assert!(vendors.contains(vendor), "{vendor} is kept as written");
    }
    let products = advisories.iter().flat_map(|a| &a.affected).filter_map(|a| a.product.product.as_deref());
    assert!(products.clone().any(|p| p != p.trim()), "trailing blanks are kept as written");
    let models = advisories.iter().flat_map(|a| &a.affected).map(|a| a.product.models.len()).sum::<usize>();
    // 1,003 in the trees; a few stand under products that share a statement.
    assert!(models >= 990, "{models} model numbers");
    let texts: BTreeSet<&str> =
        advisories.iter().flat_map(|a| &a.affected).flat_map(|a| a.text.lines()).collect();
    for text in ["vers:all/<V3.2.17", ">= 4.4 | <= 4.12", "<= K", "All versions < V05.30", "< 15.0 SP1"] {
        assert!(texts.contains(text), "{text}");
    }
}

#[test]
fn documents_of_vendors() {
    let fortinet = "vendor/fortinet/csaf/happy/csaf_authenticated-heap-overflow-in-ssl-vpn-bookmarks.json";
    let Some(reading) = genuine(fortinet) else { return };
    let advisory = find(&reading.advisories, "FG-IR-25-756");
    let fortios = advisory
        .affected
        .iter()
        .find(|a| a.status == Status::Affected && a.product.product.as_deref() == Some("FortiOS"))
        .unwrap();
    let VersionClaim::Ranged { ranges, .. } = &fortios.versions else { panic!("{:?}", fortios.versions) };
    assert_eq!(ranges[0].to_string(), "=6.4.0");
    assert_eq!(ranges.len(), 57);
    assert!(reading.diagnostics.iter().any(|d| d.code == Code::ReferenceDangling), "scores name \"FortiOS\"");

    let Some(reading) = genuine("vendor/microsoft/csaf/happy/2025/msrc_cve-2025-29806.json") else { return };
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.vulnerabilities[0].id, "CVE-2025-29806");
    assert_eq!(claim(&advisory.affected[0]), "<129.0.2792.52");
    assert_eq!(advisory.affected[0].fixed_versions, ["129.0.2792.52"]);
    assert_eq!(advisory.affected[0].product.vendor.as_deref(), Some("Microsoft"));
    assert_eq!(advisory.affected[0].product.cpes, ["cpe:2.3:a:microsoft:edge_chromium:*:*:*:*:*:*:*:*"]);

    let Some(reading) = genuine("vendor/redhat/csaf/2023/rhsa-2023_7435.json") else { return };
    let advisory = find(&reading.advisories, "RHSA-2023:7435");
    let release = |a: &Affected| a.product.ecosystem.clone().unwrap_or_default();
    let streams: BTreeSet<String> =
        advisory.affected.iter().filter(|a| a.status == Status::Affected).map(release).collect();
    let expected = ["rhel_aus:8.2", "rhel_e4s:8.2", "rhel_tus:8.2"].map(|s| format!("Red Hat:{s}"));
    assert!(streams.iter().eq(&expected), "{streams:?}");
    assert!(advisory.affected.iter().all(|a| a.product.purl.as_ref().is_some_and(|p| !p.contains('@'))));

    let Some(reading) = genuine("vendor/redhat/vex/2023/cve-2023-6212.json") else { return };
    let affected = &reading.advisories[0].affected;
    eprintln!("Red Hat VEX: {} statements", affected.len());
    let of = |ecosystem: &str| -> Vec<String> {
        let status = |a: &&Affected| a.status == Status::Affected && release(a) == ecosystem;
        affected
            .iter()
            .filter(status)
            .map(|a| format!("{} {}", a.product.package.as_deref().unwrap(), claim(a)))
            .collect()
    };
    assert_eq!(
        of("Red Hat:enterprise_linux:6"),
        ["firefox all", "thunderbird all"],
        "out of support, never fixed"
    );
    assert!(of("Red Hat:enterprise_linux:9").contains(&"firefox <115.5.0-1.el9_3".to_owned()));
    assert!(of("Red Hat:rhel_eus:9.2").contains(&"firefox <115.5.0-1.el9_2".to_owned()));
    assert!(affected.iter().any(|a| a.impact == "Out of support scope"));
    assert_eq!(reading.advisories[0].vulnerabilities.len(), 1);
    assert!(reading.diagnostics.iter().all(|d| d.severity() != Severity::Error), "{:?}", reading.diagnostics);

    let Some(reading) = genuine("vendor/paloalto/csaf/CVE-2025-0114") else { return };
    assert!(reading.advisories[0].exploitability, "a VEX of CSAF 2.1");
}

/// Mandatory tests whose violation changes what a document means for matching, or makes it unreadable.
const DIAGNOSED: [&str; 17] = [
    "6.1.1",
    "6.1.2",
    "6.1.3",
    "6.1.4",
    "6.1.5",
    "6.1.6",
    "6.1.7",
    "6.1.8",
    "6.1.13",
    "6.1.23",
    "6.1.27.7",
    "6.1.27.8",
    "6.1.27.9",
    "6.1.27.10",
    "6.1.29",
    "6.1.31",
    "6.1.32",
];

#[test]
fn validator_files_of_the_specification() {
    let Some(folder) = shindan_testdata::path("spec/csaf-2.0/test/validator/data") else { return };
    let list: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("testcases.json")).unwrap()).unwrap();
    let mut missed: Vec<String> = Vec::new();
    let mut files = 0;
    for test in list["tests"].as_array().unwrap() {
        let id = test["id"].as_str().unwrap();
        let (mut found, mut total) = (0, 0);
        for (kind, expected) in [("failures", true), ("valid", false)] {
            for file in test[kind].as_array().into_iter().flatten() {
                files += 1;
                let name = file["name"].as_str().unwrap();
                let reading = read(&std::fs::read(folder.join(name)).unwrap(), name, &Limits::DEFAULT);
                // A document without vulnerabilities is no fault.
                let told = reading
                    .diagnostics
                    .iter()
                    .any(|d| d.code != Code::FileSkipped && d.code != Code::AdvisoryWithoutProduct);
                if expected {
                    total += 1;
                    found += usize::from(told);
                    if !told && DIAGNOSED.contains(&id) {
                        missed.push(name.to_owned());
                    }
                } else if told && test["group"] == "mandatory" {
                    missed.push(format!("{name} is valid, and yet: {:?}", reading.diagnostics));
                }
            }
        }
        if test["group"] == "mandatory" {
            eprintln!("{id:10} {} {found}/{total}", if found == total { "diagnosed" } else { "-" });
        }
    }
    assert!(files > 100, "{files}");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn genuine_documents_survive_damage() {
    let Some(documents) = cisa() else { return };
    for (name, bytes) in documents.iter().step_by(331) {
        for at in (0..bytes.len()).step_by(503) {
            let reading = read(&bytes[..at], name, &Limits::DEFAULT);
            assert!(
                reading.diagnostics.iter().any(|d| d.severity() == Severity::Error),
                "{name} cut at {at}"
            );
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x11;
            read(&damaged, name, &Limits::DEFAULT);
        }
    }
}
