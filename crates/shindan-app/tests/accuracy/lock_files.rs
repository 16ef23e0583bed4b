//! Lock files: set equality with cargo-audit.

use std::collections::BTreeSet;
use std::path::Path;

use shindan_domain::finding::CheckResult;

use crate::workbench::{Workbench, committed};

type Row = (String, String, String, String);

/// component, version, advisory, kind
fn oracle() -> BTreeSet<Row> {
    let text = std::fs::read_to_string(committed("cargo-lock-findings.csv")).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [name, version, id, kind] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        (name.to_owned(), version.to_owned(), id.to_owned(), kind.to_owned())
    });
    rows.collect()
}

fn answered(result: &CheckResult) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for finding in &result.findings {
        let component = &finding.component;
        for advisory in finding.advisories() {
            let version = component.version.clone().unwrap_or_default();
            let kind = finding.vulnerability.kind.as_str().to_owned();
            assert!(rows.insert((component.name.clone(), version, advisory.clone(), kind)), "{finding:?}");
        }
    }
    rows
}

fn compare(advisories: &Path, lock: &Path, name: &str) -> CheckResult {
    let bench = Workbench::with(name, &[advisories.to_owned()]);
    let result = bench.check(lock);
    let (expected, found) = (oracle(), answered(&result));
    assert_eq!(expected.len(), 51);
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:#?}\nsurplus {surplus:#?}");
    let count = |kind: &str| found.iter().filter(|row| row.3 == kind).count();
    assert_eq!((count("vulnerability"), count("unmaintained"), count("unsound")), (28, 12, 11));
    println!(
        "{}: {} components, {} findings (28 vulnerability, 12 unmaintained, 11 unsound) = cargo-audit",
        name,
        result.coverage.components,
        found.len()
    );
    result
}

/// Runs everywhere: a new false negative or a new false alarm fails on a fresh clone.
#[test]
fn committed_facts() {
    let result = compare(&committed("rustsec-facts.json"), &committed("Cargo.lock"), "committed-lock");
    assert_eq!(result.coverage.components, 58);
    assert!(result.undetermined.is_empty(), "{:?}", result.undetermined);
}

#[test]
fn genuine_lock_file() {
    let (Some(advisories), Some(lock)) =
        (shindan_testdata::path("osv/crates.io/all.zip"), shindan_testdata::path("lock/Cargo.lock"))
    else {
        return;
    };
    let result = compare(&advisories, &lock, "genuine-lock");
    assert_eq!(result.coverage.components, 883);
    // Taken from git repositories: not the published packages of these names.
    let open: Vec<&str> = result.undetermined.iter().map(|u| u.component.name.as_str()).collect();
    assert_eq!(open, ["csaf", "spdx-rs", "trustify-ui"]);
}
