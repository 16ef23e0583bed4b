//! CVE 5: counts and identity over all records, and well-known records from end to end. The facts (ranges, scores) were
//! read from the records by eye.

use serde_json::json;
use shindan_app::knowledge;
use shindan_domain::finding::{CheckResult, Finding};

use crate::workbench::{Workbench, everything};

#[test]
fn every_record_is_there_once() {
    let Some(bench) = everything() else { return };
    let (mut records, mut withdrawn) = (0, 0);
    knowledge::export(&bench.folder(), |shown| {
        let advisory = &shown.advisories[0];
        if advisory.source == "CVE" {
            records += 1;
            withdrawn += usize::from(advisory.withdrawn.is_some());
            let [vulnerability] = &advisory.vulnerabilities[..] else { panic!("{}", advisory.id) };
            assert_eq!(vulnerability.id, advisory.id);
        }
        Ok(())
    })
    .unwrap();
    println!("CVE records: {records}, of which {withdrawn} rejected by their source");
    assert_eq!((records, withdrawn), (22_064, 56));
}

fn finding<'r>(result: &'r CheckResult, name: &str, id: &str) -> Option<&'r Finding> {
    result.findings.iter().find(|f| f.component.name == name && f.vulnerability.id == id)
}

#[test]
fn well_known_records() {
    let Some(bench) = everything() else { return };
    let own = Workbench::new("known-records");
    // name, CPE, CVE, found
    let facts = [
        ("fortios 7.2.6", "cpe:2.3:o:fortinet:fortios:7.2.6:*:*:*:*:*:*:*", "CVE-2024-23113", true),
        ("fortios 7.2.7", "cpe:2.3:o:fortinet:fortios:7.2.7:*:*:*:*:*:*:*", "CVE-2024-23113", false),
        ("fortiproxy 7.0.15", "cpe:2.3:a:fortinet:fortiproxy:7.0.15:*:*:*:*:*:*:*", "CVE-2024-23113", true),
        (
            "teamcity 2023.11.3",
            "cpe:2.3:a:jetbrains:teamcity:2023.11.3:*:*:*:*:*:*:*",
            "CVE-2024-27198",
            true,
        ),
        (
            "teamcity 2023.11.4",
            "cpe:2.3:a:jetbrains:teamcity:2023.11.4:*:*:*:*:*:*:*",
            "CVE-2024-27198",
            false,
        ),
        (
            "screenconnect 23.9.7",
            "cpe:2.3:a:connectwise:screenconnect:23.9.7:*:*:*:*:*:*:*",
            "CVE-2024-1709",
            true,
        ),
        (
            "screenconnect 23.9.8",
            "cpe:2.3:a:connectwise:screenconnect:23.9.8:*:*:*:*:*:*:*",
            "CVE-2024-1709",
            false,
        ),
        (
            "sonicos 7.0.1-5035",
            "cpe:2.3:o:sonicwall:sonicos:7.0.1-5035:*:*:*:*:*:*:*",
            "CVE-2024-40766",
            true,
        ),
        ("sonicos 7.1.1", "cpe:2.3:o:sonicwall:sonicos:7.1.1:*:*:*:*:*:*:*", "CVE-2024-40766", false),
    ];
    let components: Vec<_> = facts
        .iter()
        .map(|(name, cpe, _, _)| json!({"type": "application", "name": name, "version": "", "cpe": cpe}))
        .map(|mut component| {
            component.as_object_mut().unwrap().remove("version");
            component
        })
        .collect();
    let sbom =
        json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
    let result = bench.check(&own.write("sbom.json", sbom.to_string()));
    for (name, _, cve, expected) in facts {
        assert_eq!(finding(&result, name, cve).is_some(), expected, "{name} {cve}");
    }
    let gateway = finding(&result, "fortios 7.2.6", "CVE-2024-23113").unwrap();
    let facts = &gateway.vulnerability;
    let cvss = facts.cvss.as_ref().unwrap();
    assert_eq!((cvss.score_x10, cvss.severity.as_str()), (98, "critical"));
    assert_eq!(facts.kev.as_ref().map(|k| k.date_added.as_str()), Some("2024-10-09"));
    assert_eq!(facts.ssvc.as_ref().and_then(|s| s.exploitation.as_deref()), Some("active"));
    assert!(gateway.bases().iter().any(|b| b.range == ">=7.2.0 <=7.2.6"), "{:?}", gateway.bases());
}
