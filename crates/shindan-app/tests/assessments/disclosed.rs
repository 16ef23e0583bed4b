//! Versions that a server discloses, held against the knowledge base.

use serde_json::json;
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_app::records::assessments::disclosed::hold_against_knowledge;
use shindan_app::records::kept::keep;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::comparison::KeptPart;
use shindan_domain::diagnostic::Code;
use shindan_domain::identifier::FindingKind;

use crate::world::World;

/// A report that names these products with their versions.
fn disclosing(products: &[(&str, &str)]) -> ScanReport {
    let mut report = ScanReport::new(ScanFormat::Outside, "shindan", "shindan-outside");
    report.rules = Some([String::from("outside/server-version")].into());
    for (name, version) in products {
        let place = ScanPlace {
            host: Some("test.example".into()),
            port: Some(443),
            component: Some((*name).to_owned()),
            version: Some((*version).to_owned()),
            object: Some("server".into()),
            ..ScanPlace::default()
        };
        report.results.push(ScanResult::new(
            "outside/server-version",
            "disclosed",
            FindingKind::Misconfiguration,
            place,
        ));
    }
    report
}

fn learn(world: &mut World) {
    let record = json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2021-41773", "assignerOrgId": "00000000-0000-4000-8000-000000000000",
            "state": "PUBLISHED", "datePublished": "2021-10-05T00:00:00Z", "dateUpdated": "2026-11-01T00:00:00Z"},
        "containers": {"cna": {
            "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000"},
            "title": "Files outside of the document root can be read",
            "descriptions": [{"lang": "en", "value": "x"}],
            "affected": [{"vendor": "Apache Software Foundation", "product": "Apache HTTP Server",
                "defaultStatus": "unaffected",
                "versions": [{"version": "2.4.49", "status": "affected", "versionType": "semver"}]}],
            "cpeApplicability": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true,
                "criteria": "cpe:2.3:a:apache:http_server:2.4.49:*:*:*:*:*:*:*"}]}]}],
            "metrics": [{"cvssV3_1": {"version": "3.1", "baseScore": 7.5, "baseSeverity": "HIGH",
                "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}}]}}
    });
    let hospital = &mut world.hospital;
    let file = hospital.file("advisories/cve/CVE-2021-41773.json", &record.to_string());
    let data = DataFolder::new(hospital.root.join("data"));
    let options = BuildOptions { add: false, devices: None };
    let (call, who) = (hospital.call(), hospital.operator.clone());
    keep(&mut hospital.records, &who, &call, KeptPart::Knowledge, |author| {
        knowledge::build(&data, &[file], options, author, call.now, &Silent)
    })
    .unwrap();
}

#[test]
fn what_is_known_to_hit_a_disclosed_version_is_a_finding_of_its_own() {
    let mut world = World::new("disclosed");
    learn(&mut world);
    let now = world.hospital.call().now;
    let mut report = disclosing(&[("Apache", "2.4.49"), ("Homemade", "1.0")]);
    hold_against_knowledge(&world.hospital.records, &mut report, now).unwrap();
    let found: Vec<&ScanResult> =
        report.results.iter().filter(|one| one.identifiers.contains("CVE-2021-41773")).collect();
    let [found] = found[..] else { panic!("{:#?}", report.results) };
    assert_eq!(found.rule, "outside/known-vulnerability/apache");
    assert_eq!(found.place.object.as_deref(), Some("CVE-2021-41773"));
    assert_eq!(found.cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"]);
    assert_eq!(found.kind, FindingKind::Vulnerability);
    // What nobody knows is told, and is no rule that was carried out.
    let [told] = &report.diagnostics[..] else { panic!("{:#?}", report.diagnostics) };
    assert_eq!(
        (told.code, told.params.get("product").unwrap().as_str()),
        (Code::ScanVersionNotMatched, "homemade")
    );
    let rules = report.rules.unwrap();
    assert!(rules.contains("outside/known-vulnerability/apache"));
    assert!(!rules.contains("outside/known-vulnerability/homemade"));
}

#[test]
fn a_version_that_is_not_hit_was_looked_at_and_one_that_is_not_told_was_not() {
    let mut world = World::new("disclosed-fixed");
    learn(&mut world);
    let now = world.hospital.call().now;
    let rules = |products: &[(&str, &str)]| {
        let mut report = disclosing(products);
        hold_against_knowledge(&world.hospital.records, &mut report, now).unwrap();
        assert_eq!(report.results.len(), products.len(), "{:#?}", report.results);
        report.rules.unwrap().contains("outside/known-vulnerability/apache")
    };
    assert!(rules(&[("Apache", "2.4.62")]));
    assert!(!rules(&[]), "a server that hides its version is not one that was mended");
}

#[test]
fn without_a_knowledge_base_nothing_is_taken_as_harmless() {
    let mut world = World::new("disclosed-nothing-known");
    let now = world.hospital.call().now;
    let mut report = disclosing(&[("Apache", "2.4.49")]);
    hold_against_knowledge(&world.hospital.records, &mut report, now).unwrap();
    assert_eq!(report.diagnostics.len(), 1);
    assert!(!report.rules.unwrap().contains("outside/known-vulnerability/apache"));
}
