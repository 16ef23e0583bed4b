//! Genuine documents: Microsoft's months (abridged by their collector) and Fortinet's advisories.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::advisory::Status;
use shindan_domain::diagnostic::Severity;
use shindan_domain::version::{Bound, VersionClaim};
use shindan_domain::windows;

use super::tests::told;
use super::*;

fn genuine(relative: &str) -> Option<(Vec<u8>, Reading)> {
    let bytes = std::fs::read(shindan_testdata::path(relative)?).unwrap();
    let reading = crate::advisory::read(&bytes, relative, &Limits::DEFAULT);
    Some((bytes, reading))
}

/// What a document of Microsoft's says, read without the code under test: per CVE and affected product its name, its
/// updates and its fixed builds.
fn by_hand(bytes: &[u8]) -> BTreeMap<(String, String), (BTreeSet<String>, BTreeSet<String>)> {
    let text = xml::decode(bytes, "x").unwrap();
    let mut reader = XmlReader::open(&text, "x", &Limits::DEFAULT).unwrap();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut out = BTreeMap::new();
    while let Some(element) = reader.next_child().unwrap() {
        if element.name.local == "ProductTree" {
            for product in element.all("FullProductName") {
                let id = product.attribute("ProductID").unwrap().to_owned();
                names.insert(id, product.trimmed().to_owned());
            }
        }
        if element.name.local != "Vulnerability" {
            continue;
        }
        let cve = element.child_text("CVE").unwrap();
        for status in element.child("ProductStatuses").unwrap().all("Status") {
            for product in status.all("ProductID") {
                let mut fix = (BTreeSet::new(), BTreeSet::new());
                for remedy in element.child("Remediations").unwrap().all("Remediation") {
                    if !remedy.all("ProductID").any(|id| id.trimmed() == product.trimmed()) {
                        continue;
                    }
                    let number = remedy.child_text("Description").unwrap();
                    if number.bytes().all(|b| b.is_ascii_digit()) {
                        fix.0.insert(format!("KB{number}"));
                    }
                    fix.1.extend(remedy.child_text("FixedBuild").map(str::to_owned));
                }
                out.insert((cve.to_owned(), names[product.trimmed()].clone()), fix);
            }
        }
    }
    out
}

#[test]
fn every_product_of_microsoft_s_months_is_there_with_its_fix() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (month, pairs) in [("2024-Mar", 6), ("2016-Apr", 6)] {
        let path = format!("vendor/microsoft/cvrf/happy/cvrf/{month}");
        let Some((bytes, reading)) = genuine(&path) else { return };
        assert_eq!(reading.source, "Microsoft");
        let worst = reading.diagnostics.iter().map(|d| d.severity()).max();
        assert!(worst < Some(Severity::Error), "{:?}", reading.diagnostics);
        let expected = by_hand(&bytes);
        assert_eq!(expected.len(), pairs, "{month}");
        for ((cve, name), (updates, builds)) in &expected {
            let advisory =
                reading.advisories.iter().find(|a| a.id == *cve).expect("an advisory for each CVE");
            let of_product = |a: &&Affected| a.text.lines().any(|line| line == name);
            let statement = advisory.affected.iter().find(of_product).expect("a statement for each product");
            assert_eq!(statement.status, Status::Affected);
            assert_eq!(&statement.updates.iter().cloned().collect::<BTreeSet<_>>(), updates, "{name}");
            assert_eq!(&statement.fixed_versions.iter().cloned().collect::<BTreeSet<_>>(), builds, "{name}");
            let kind = match &statement.versions {
                VersionClaim::Ranged { ranges, .. } => {
                    assert_eq!(ranges.len(), 1);
                    let Bound::Exclusive(upper) = &ranges[0].upper else { panic!("{ranges:?}") };
                    assert!(builds.contains(upper), "{name}");
                    "below a build"
                }
                VersionClaim::All => {
                    assert!(builds.is_empty() && !updates.is_empty(), "{name}");
                    "by update only"
                }
                VersionClaim::Undetermined { .. } => panic!("{name} is undetermined"),
            };
            *counts.entry(kind).or_default() += 1;
            *counts.entry("with an update").or_default() += usize::from(!updates.is_empty());
            let system = windows::advised(name).is_some();
            assert_eq!(system, !statement.product.cpes.is_empty() && name.starts_with("Windows"), "{name}");
        }
    }
    eprintln!("Microsoft CVRF: {counts:?}");
    assert_eq!(counts["below a build"], 6);
    assert_eq!(counts["by update only"], 6);
}

#[test]
fn supersedence_of_april_2016() {
    let Some((_, reading)) = genuine("vendor/microsoft/cvrf/happy/cvrf/2016-Apr") else { return };
    let advisory = &reading.advisories[0];
    let replaced: Vec<String> =
        advisory.supersedes.iter().map(|s| format!("{} {}", s.newer, s.older)).collect();
    assert_eq!(replaced, ["KB3135456 KB3087088", "KB3147461 KB3140745"]);
    let lines: Vec<String> = advisory.affected.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "[] Microsoft Windows 10 Version 1507 affected: *; updates KB3147461",
            "[] Microsoft Windows 8.1 affected: *; updates KB3135456",
            "[] Microsoft Windows Server 2012 R2 affected: *; updates KB3135456",
            "[] Microsoft Windows Server 2012 affected: *; updates KB3135456",
        ]
    );
}

#[test]
fn fortinet_s_advisories() {
    let Some((_, reading)) = genuine("vendor/fortinet/cvrf/FG-IR-23-392.xml") else { return };
    assert_eq!(reading.source, "Fortinet");
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let advisory = &reading.advisories[0];
    assert_eq!((advisory.id.as_str(), advisory.affected.len()), ("FG-IR-23-392", 1));
    assert_eq!(advisory.vulnerabilities[0].id, "CVE-2023-45585");
    let VersionClaim::Ranged { ranges, .. } = &advisory.affected[0].versions else { panic!("ranges") };
    assert_eq!(ranges.len(), 31);
    let name =
        (advisory.affected[0].product.vendor.as_deref(), advisory.affected[0].product.product.as_deref());
    assert_eq!(name, (Some("Fortinet"), Some("FortiSIEM")));

    // An old one without a product tree: kept, and said.
    let Some((_, reading)) = genuine("vendor/fortinet/cvrf/FG-IR-13-008.xml") else { return };
    let codes: Vec<Code> = reading.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::AdvisoryWithoutProduct]);
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.vulnerabilities[0].id, "FG-IR-13-008");
    assert_eq!(
        advisory.references,
        [
            "https://fortiguard.fortinet.com/psirt/FG-IR-13-008",
            "http://archives.neohapsis.com/archives/fulldisclosure/2013-05/0001.html",
        ]
    );
}

#[test]
fn what_stands_beside_them_is_refused_by_name() {
    for (path, code, format) in [
        ("vendor/microsoft/cvrf/happy/updates", Code::FormatUnsupported, "MSRC list of documents"),
        ("vendor/microsoft/wsusscn2/happy/wsusscn2.cab", Code::UpdateCatalogueRefused, ""),
        ("vendor/fortinet/csaf/cvrf-only/FG-IR-24-437", Code::FormatUnsupported, "HTML"),
        ("vendor/fortinet/csaf/happy/FG-IR-25-756", Code::FormatUnsupported, "HTML"),
        ("cve5/cve/cvrf/testdata/fixtures/allitems-cvrf.xml", Code::FormatUnsupported, "CVE XML (CVRF)"),
        ("vendor/endoflife-date/products/happy/master.tar.gz", Code::ArchiveNested, ""),
    ] {
        let Some((_, reading)) = genuine(path) else { return };
        let first = reading.diagnostics.first().expect("a reason");
        assert_eq!((reading.rejected, first.code), (1, code), "{path}");
        assert_eq!(first.params.get("format").map_or("", String::as_str), format, "{path}");
    }
}
