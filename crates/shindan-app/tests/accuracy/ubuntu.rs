//! Ubuntu's and Debian's OSV records, the maker's own and ones written by us: releases, Ubuntu Pro, what is not fixed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use shindan_domain::finding::CheckResult;

use crate::workbench::Workbench;

fn hits(result: &CheckResult) -> BTreeSet<String> {
    result.findings.iter().map(|finding| finding.vulnerability.id.clone()).collect()
}

fn fixes(result: &CheckResult) -> BTreeSet<String> {
    result.findings.iter().flat_map(|finding| finding.fixed_versions()).cloned().collect()
}

/// A dpkg status of one package of source `source`, on the release of this `base-files`.
fn status(base: &str, source: &str, version: &str) -> String {
    [("base-files", base, "base-files"), ("part", version, source)]
        .map(|(name, version, source)| {
            format!("Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\n\n")
        })
        .concat()
}

const BASES: [(&str, &str); 4] = [
    ("16.04", "9.4ubuntu4.13"),
    ("20.04", "11ubuntu5.7"),
    ("22.04", "12ubuntu4.6"),
    ("24.04", "13ubuntu10.1"),
];

fn package(ecosystem: &str, name: &str, fixed: Option<&str>, availability: &str) -> Value {
    let mut events = vec![json!({"introduced": "0"})];
    events.extend(fixed.map(|fixed| json!({"fixed": fixed})));
    json!({"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}],
        "ecosystem_specific": {"availability": availability}})
}

#[test]
fn what_only_subscribers_get_leaves_the_others_affected() {
    let bench = Workbench::new("ubuntu-pro");
    let (pro, free) = ("Available with Ubuntu Pro: https://ubuntu.com/pro", "No subscription required");
    let record = json!({"schema_version": "1.7.0", "id": "UBUNTU-CVE-2026-0070", "modified": "2026-11-01T00:00:00Z",
        "upstream": ["CVE-2026-0070"], "affected": [
            package("Ubuntu:Pro:16.04:LTS", "tool", Some("1.0-1ubuntu1+esm2"), pro),
            package("Ubuntu:20.04:LTS", "tool", None, free),
            package("Ubuntu:Pro:20.04:LTS", "tool", Some("1.1-1ubuntu1+esm1"), pro),
            package("Ubuntu:22.04:LTS", "tool", Some("1.2-1ubuntu1.1"), free),
            package("Ubuntu:Pro:FIPS:22.04:LTS", "tool", Some("1.2-1ubuntu1+fips9"), pro)]});
    let path = bench.write("osv.json", record.to_string());
    bench.build(&[path]);
    for (release, version, expected, fix) in [
        ("16.04", "1.0-1ubuntu1", true, "1.0-1ubuntu1+esm2 (Ubuntu Pro)"),
        ("16.04", "1.0-1ubuntu1+esm1", true, "1.0-1ubuntu1+esm2 (Ubuntu Pro)"),
        ("16.04", "1.0-1ubuntu1+esm2", false, ""),
        ("20.04", "1.1-1ubuntu1", true, "1.1-1ubuntu1+esm1 (Ubuntu Pro)"),
        ("20.04", "1.1-1ubuntu1+esm1", false, ""),
        ("20.04", "1.1-1ubuntu1+esm3", false, ""),
        // Newer, from the ordinary archive: nobody says that it has the fix.
        ("20.04", "1.1-1ubuntu2", true, "1.1-1ubuntu1+esm1 (Ubuntu Pro)"),
        ("22.04", "1.2-1ubuntu1", true, "1.2-1ubuntu1.1"),
        ("22.04", "1.2-1ubuntu1.1", false, ""),
        ("24.04", "1.0-1", false, ""),
    ] {
        let base = BASES.iter().find(|(name, _)| *name == release).unwrap().1;
        let result = bench.check(&bench.write("status", status(base, "tool", version)));
        assert_eq!(!result.findings.is_empty(), expected, "{release} {version}");
        assert_eq!(fixes(&result).into_iter().collect::<Vec<_>>().join(", "), fix, "{release} {version}");
    }
}

/// The same package as a purl in an SBOM.
fn sbom(bench: &Workbench, distro: &str, name: &str, version: &str) -> CheckResult {
    let purl = format!("pkg:deb/ubuntu/{name}@{version}?arch=amd64&distro={distro}");
    let sbom = json!({"bomFormat": "CycloneDX", "specVersion": "1.5",
        "components": [{"type": "library", "name": name, "version": version, "purl": purl}]});
    bench.check(&bench.write("sbom.json", sbom.to_string()))
}

/// The genuine records, unpacked into the test's folder. `None` without the data, or without `tar` and `xz`.
fn genuine(bench: &Workbench) -> Option<PathBuf> {
    let archive = shindan_testdata::path("vendor/ubuntu/osv/happy/osv-all.tar.xz")?;
    let marker = bench.write("ubuntu/marker.txt", "");
    let folder = marker.parent().unwrap().to_owned();
    std::fs::remove_file(marker).unwrap();
    let unpacked = Command::new("tar").arg("-xJf").arg(archive).arg("-C").arg(&folder).status();
    match unpacked {
        Ok(status) if status.success() => Some(folder),
        other => {
            eprintln!("skipped: tar cannot unpack the records ({other:?})");
            None
        }
    }
}

#[test]
fn ubuntus_own_records() {
    let bench = Workbench::new("ubuntu-own");
    let Some(folder) = genuine(&bench) else { return };
    let built = bench.build(&[folder]);
    println!("Ubuntu: {} advisories", built.summary.advisories);
    assert_eq!((built.summary.advisories, built.anything_unreadable()), (3, false));
    let rabbit = "CVE-2024-51988".to_owned();
    for (release, fixed, before) in [
        ("20.04", "3.8.3-0ubuntu0.1", "3.8.2-0ubuntu1.5"),
        ("22.04", "3.9.27-0ubuntu0.1", "3.9.13-1ubuntu0.22.04.2"),
        ("24.04", "3.12.1-1ubuntu1", "3.12.1-1"),
    ] {
        let base = BASES.iter().find(|(name, _)| *name == release).unwrap().1;
        let of = |version: &str| {
            hits(&bench.check(&bench.write("status", status(base, "rabbitmq-server", version))))
        };
        assert_eq!(of(before), BTreeSet::from([rabbit.clone()]), "{release} {before}");
        assert_eq!(of(fixed), BTreeSet::new(), "{release} {fixed}");
        let distro = format!("ubuntu-{release}");
        assert_eq!(hits(&sbom(&bench, &distro, "rabbitmq-server", before)).len(), 1, "{distro}");
        assert_eq!(hits(&sbom(&bench, &distro, "rabbitmq-server", fixed)).len(), 0, "{distro}");
    }
    // The fix of 20.04 counts lower than what 22.04 has: each is judged by its own.
    assert_eq!(hits(&sbom(&bench, "ubuntu-22.04", "rabbitmq-server", "3.8.3-0ubuntu0.1")).len(), 1);
    assert_eq!(hits(&sbom(&bench, "jammy", "rabbitmq-server", "3.9.8-1")).len(), 1);
    // A notice about kernels that subscribers patch while they run: others stay affected, and are told what it takes.
    let kernel = bench
        .check(&bench.write("status", status("9.4ubuntu4.13", "linux-aws-hwe", "4.15.0-1030.31~16.04.1")));
    assert!(hits(&kernel).contains("CVE-2024-26800"), "{:?}", hits(&kernel));
    assert_eq!(fixes(&kernel), BTreeSet::from(["4.15.0-1176.189~16.04.1 (Ubuntu Livepatch)".to_owned()]));
}

#[test]
fn debians_own_records() {
    let Some(archive) = shindan_testdata::path("vendor/debian/osv/all.zip") else { return };
    let bench = Workbench::new("debian-own");
    let built = bench.build(&[archive]);
    assert_eq!((built.summary.advisories, built.anything_unreadable()), (3, false));
    let of = |release: &str, name: &str, version: &str| {
        let purl = format!("pkg:deb/debian/{name}@{version}?distro=debian-{release}");
        let sbom = json!({"bomFormat": "CycloneDX", "specVersion": "1.5",
            "components": [{"type": "library", "name": name, "version": version, "purl": purl}]});
        hits(&bench.check(&bench.write("sbom.json", sbom.to_string())))
            .into_iter()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(of("6", "gnutls26", "2.8.6-1%2Bsqueeze2"), "CVE-2014-3466");
    assert_eq!(of("6", "gnutls26", "2.8.6-1%2Bsqueeze4"), "");
    assert_eq!(of("7", "gnutls26", "2.8.6-1%2Bsqueeze2"), "", "another release");
    assert_eq!(of("3.0", "libapache-mod-ssl", "2.8.7-1"), "CVE-2002-0653");
    // A notice of two CVEs is linked to both.
    assert_eq!(of("4", "kismet", "2005.08.R1-0"), "CVE-2005-2626 CVE-2005-2627");
}
