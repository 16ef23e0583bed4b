//! A Windows of which the build is known and the revision is not.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status, Supersedence,
};
use shindan_domain::finding::Decided;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Question, check};
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::read::Index;

const SERVER_2019: &str = "cpe:2.3:o:microsoft:windows_server_2019:*:*:*:*:*:*:x64:*";

/// A statement about builds below `fixed`; the update that brings it, if the source names one.
fn advisory(id: &str, source: &str, fixed: &str, update: Option<&str>) -> Advisory {
    let versions = VersionClaim::Ranged {
        ranges: vec![VersionRange {
            scheme: Scheme::Generic,
            lower: Bound::Inclusive("10.0.17763.0".to_owned()),
            upper: Bound::Exclusive(fixed.to_owned()),
        }],
        except: Vec::new(),
    };
    let product = ProductRef { cpes: vec![SERVER_2019.to_owned()], ..ProductRef::default() };
    Advisory {
        vulnerabilities: vec![AdvisedVulnerability { id: id.to_owned(), ..AdvisedVulnerability::default() }],
        affected: vec![Affected {
            updates: update.map(str::to_owned).into_iter().collect(),
            fixed_versions: vec![fixed.to_owned()],
            ..Affected::new(product, Status::Affected, versions)
        }],
        ..Advisory::new(id, source, AdvisoryFormat::Cvrf)
    }
}

/// 0001 and 0002 with updates, 0003 and 0004 with builds alone, below and above the update that is installed; 0005 twice.
fn knowledge() -> Knowledge {
    let mut second = advisory("CVE-2030-0002", "Microsoft", "10.0.17763.5696", Some("KB5036896"));
    second.supersedes = vec![Supersedence { newer: "KB5036896".to_owned(), older: "KB5035849".to_owned() }];
    let advisories = vec![
        advisory("CVE-2030-0001", "Microsoft", "10.0.17763.5576", Some("KB5035849")),
        second,
        advisory("CVE-2030-0003", "CVE", "10.0.17763.5329", None),
        advisory("CVE-2030-0004", "CVE", "10.0.17763.5820", None),
        advisory("CVE-2030-0005", "Microsoft", "10.0.17763.5576", Some("KB5035849")),
        advisory("CVE-2030-0005", "CVE", "10.0.17763.5576", None),
    ];
    Knowledge { advisories, ..Knowledge::default() }
}

/// What is found and what is undetermined: the last digit of each number.
fn ask(version: &str, updates: Option<&[&str]>) -> (String, String) {
    let (bytes, _) = build(&knowledge()).unwrap();
    let index = Index::open(&bytes).unwrap();
    let ecosystems: BTreeMap<String, u64> = index.meta().unwrap().ecosystems;
    let decided = |_: &_, _: Option<&_>| Decided { priority: Decision::Defer, path: Vec::new() };
    let question = Question {
        index,
        ecosystems: &ecosystems,
        prioritise: &decided,
        only: None,
        confirmed: &Default::default(),
        today: jiff::civil::date(2026, 11, 22),
    };
    let component = Component {
        name: "Microsoft Windows Server 2019 Standard".to_owned(),
        version: Some(version.to_owned()),
        cpe: Some(SERVER_2019.to_owned()),
        updates: updates.map(|list| list.iter().map(|update| (*update).to_owned()).collect()),
        ..Component::default()
    };
    let inventory = Inventory {
        path: "systeminfo.txt".to_owned(),
        kind: InventoryKind::WindowsSystemInfo,
        subject: None,
        about: None,
        components: vec![component].into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut outcome = check(question, &inventory, 0, 0..1).unwrap();
    let digits = |ids: Vec<String>| -> String {
        let mut digits: Vec<char> = ids.iter().filter_map(|id| id.chars().next_back()).collect();
        digits.sort_unstable();
        digits.dedup();
        digits.into_iter().collect()
    };
    let found = outcome.take_findings().iter().map(|f| f.vulnerability.id.clone()).collect();
    let open = outcome
        .undetermined
        .iter()
        .map(|u| {
            assert_eq!(u.code.as_str(), "update-state-unknown");
            u.vulnerability.as_ref().unwrap().id.clone()
        })
        .collect();
    (digits(found), digits(open))
}

fn check_that(version: &str, updates: Option<&[&str]>, found: &str, open: &str) {
    assert_eq!(ask(version, updates), (found.to_owned(), open.to_owned()), "{version} {updates:?}");
}

#[test]
fn nothing_is_told_of_a_build_without_revision_and_updates() {
    check_that("10.0.17763", None, "", "12345");
}

#[test]
fn installed_updates_settle_what_names_them_and_tell_the_least_revision() {
    // Fixed by its update: 1 and 5, the latter for the source without updates, too. 3 is below what the update brings.
    check_that("10.0.17763", Some(&["KB5035849"]), "2", "4");
    // The newer update contains the older one.
    check_that("10.0.17763", Some(&["KB5036896"]), "", "4");
    // The list is known, and none of its updates is one of those.
    check_that("10.0.17763", Some(&["KB4589208"]), "125", "34");
}

#[test]
fn an_exact_build_is_compared() {
    check_that("10.0.17763.5576", None, "24", "");
    check_that("10.0.17763.5329", Some(&[]), "1245", "");
    check_that("10.0.17763.6000", None, "", "");
    check_that("10.0.20348", None, "", "");
}
