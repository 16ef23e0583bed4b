//! By what findings belong together, and what an answer of matching really judged.

use super::*;
use crate::case::found::RemediationKind;
use crate::case::grouping::{component_name, component_place, group, remediation};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::finding::{CheckResult, Coverage, InputReport, Undetermined};
use crate::inventory::{InventoryKind, SharedComponent};

#[test]
fn a_component_is_called_the_same_in_every_version() {
    for (purl, expected) in [
        ("pkg:npm/lodash@4.17.20", "npm/lodash"),
        ("pkg:npm/%40angular/core@12.0.0", "npm/%40angular/core"),
        ("pkg:npm/@angular/core@12.0.0", "npm/@angular/core"),
        ("pkg:npm/@scope", "npm/@scope"),
        ("pkg:deb/debian/openssl@3.0.11-1?arch=amd64#a@b", "deb/debian/openssl"),
        ("pkg:maven/org.apache/log4j-core", "maven/org.apache/log4j-core"),
        ("", ""),
        ("pkg:", ""),
    ] {
        let component = Component { purl: Some(purl.to_owned()), ..Component::default() };
        assert_eq!(component_name(&component), expected);
    }
    let device = Component { name: "Fortinet FortiGate-60F".to_owned(), ..Component::default() };
    assert_eq!(component_place(&device), "component:Fortinet FortiGate-60F");
}

#[test]
fn an_update_goes_before_a_version_and_a_bulletin_before_the_vulnerability() {
    let with = |fixed: &[&str], advisories: &[&str]| {
        let mut finding = matched(&[hit(1, 1)]).remove(0).finding;
        let grounds = Arc::make_mut(&mut finding.grounds);
        grounds.fixed_versions = fixed.iter().map(|fixed| (*fixed).to_owned()).collect();
        grounds.advisories = advisories.iter().map(|id| (*id).to_owned()).collect();
        let remediation = remediation(&finding);
        (remediation.kind, remediation.target)
    };
    let id = cve(1);
    for (fixed, advisories, kind, target) in [
        (&["1.2", "kb5034122"][..], &["JVNDB-2026-1"][..], RemediationKind::Update, "KB5034122"),
        (&["2.0", "1.2", "2.0"], &["JVNDB-2026-1"], RemediationKind::FixedVersion, "1.2, 2.0"),
        (&["KB"], &[], RemediationKind::FixedVersion, "KB"),
        (&[], &["RHSA-2", "GHSA-1", "CVE-2026-0001", "RHSA-1"], RemediationKind::Advisory, "RHSA-1"),
        (&[], &["GHSA-1"], RemediationKind::Vulnerability, id.as_str()),
    ] {
        assert_eq!(with(fixed, advisories), (kind, target.to_owned()));
    }
    assert_eq!(group(&matched(&[hit(1, 1), hit(2, 1), hit(1, 2)])).len(), 1);
}

fn input(kind: Option<InventoryKind>, assets: &[u32], diagnostics: Vec<Diagnostic>) -> InputReport {
    let asset = |number: &u32| Asset { asset_id: format!("PC-{number:03}"), ..Asset::default() };
    InputReport {
        path: "p".to_owned(),
        kind,
        subject: None,
        components: 1,
        assets: assets.iter().map(asset).collect(),
        diagnostics,
    }
}

fn result(inputs: Vec<InputReport>) -> CheckResult {
    CheckResult {
        as_of: time(3),
        knowledge: Default::default(),
        inputs,
        findings: Vec::new(),
        not_affected: Vec::new(),
        undetermined: Vec::new(),
        coverage: Coverage::default(),
        remarks: Vec::new(),
    }
}

#[test]
fn only_what_was_read_and_judged_without_doubt_is_covered() {
    let findings = matched(&[hit(1, 1)]);
    let fact = super::super::found::VulnerabilityFact::of(&findings[0].finding.vulnerability);
    let error = Diagnostic::new(Code::FileEmpty, Place::file("p"));
    let ledger = Some(InventoryKind::DeviceList);
    let mut sound = input(ledger, &[1, 2, 3], Vec::new());
    sound.assets[2].retired = true;
    let mut answer = result(vec![sound, input(ledger, &[4], vec![error]), input(None, &[5], Vec::new())]);
    let undetermined = |place: u32, vulnerability| {
        let asset = Some(Arc::new(Asset { asset_id: format!("PC-{place:03}"), ..Asset::default() }));
        Undetermined {
            component: SharedComponent::default(),
            asset,
            input: 0,
            vulnerability,
            advisory: None,
            code: Code::FileEmpty,
            params: Default::default(),
        }
    };
    answer.undetermined = vec![undetermined(2, Some(findings[0].finding.vulnerability.clone()))];
    let judged = Judged::of(&answer, 7, asset_key);
    let covered: Vec<bool> = (1..=6).map(|place| judged.covers(&key(place), &fact)).collect();
    assert_eq!(
        covered,
        [true, false, false, false, false, false],
        "doubt, retired, unreadable twice, absent"
    );
    assert!(!judged.covers("component:x", &fact), "some list was not read completely");

    answer.inputs.truncate(1);
    answer.undetermined = vec![undetermined(1, None)];
    let judged = Judged::of(&answer, 7, asset_key);
    assert!(!judged.covers(&key(1), &fact) && judged.covers(&key(2), &fact));
    assert!(judged.covers("component:x", &fact), "the list is complete and it is not in it");
    assert!(!Judged::of(&result(Vec::new()), 7, asset_key).covers("component:x", &fact), "nothing was read");
}
