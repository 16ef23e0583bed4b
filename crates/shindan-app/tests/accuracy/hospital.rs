//! A device list as a Japanese hospital keeps it, against everything. Expectations were judged by eye from the sources:
//! what must be found, what must stand in `undetermined`, and what must not be found.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::diagnostic::Code;

use crate::workbench::{committed, everything};

/// Asset, what must be found.
const FOUND: [(&str, &[&str]); 17] = [
    ("N-01", &["CVE-2024-23113", "CVE-2023-41677"]),
    // As the device prints its firmware: v7.0.13 build0566.
    ("N-02", &["CVE-2024-23113"]),
    ("N-03", &["CVE-2024-3383"]),
    ("N-04", &["CVE-2024-20481"]),
    ("N-06", &["CVE-2024-40766"]),
    ("S-01", &["CVE-2024-29988"]),
    ("S-02", &["CVE-2021-34527"]),
    // JVN, maker ベリタス: linked through the vendor of its CPE name. No CVE.
    ("S-05", &["JVNDB-2018-009328"]),
    // The advisory names the range MX400-MX850.
    ("M-01", &["CVE-2020-16212"]),
    ("M-02", &["CVE-2017-9657"]),
    ("M-03", &["CVE-2020-16212"]),
    ("M-06", &["CVE-2016-9355", "CVE-2020-25165"]),
    ("M-07", &["CVE-2017-13077", "CVE-2020-10598"]),
    ("M-13", &["CVE-2019-10964"]),
    ("M-15", &["CVE-2021-27408"]),
    // The dates of the list itself.
    ("N-04", &["EOL:N-04"]),
    ("S-02", &["EOL:S-02"]),
];

/// Asset, what must be undetermined: the advisory names a series, a family, or versions in words.
const UNDETERMINED: [(&str, &[&str]); 3] =
    [("N-01", &["CVE-2021-41032"]), ("M-04", &["CVE-2020-6961"]), ("M-08", &["CVE-2020-12040"])];

/// Asset, what must not be found: fixed in this version.
const CLEAR: [(&str, &[&str]); 4] = [
    ("N-01", &["CVE-2022-40684"]),
    ("N-03", &["CVE-2024-3400", "EOL:N-03"]),
    ("S-01", &["CVE-2021-34527"]),
    ("S-01", &["EOL:S-01"]),
];

/// Makers and models that no source at hand names: undetermined as a whole, never silent.
const UNKNOWN: [&str; 4] = ["N-05", "N-09", "M-14", "M-16"];

#[test]
fn a_hospital_against_everything() {
    let Some(bench) = everything() else { return };
    let result = bench.check(&committed("hospital.csv"));
    // The list itself is read without a remark; that the support of a device ends soon is one about the device.
    let told: Vec<Code> = result.inputs[0].diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(told, [Code::SupportEndsSoon]);
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut undetermined: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut as_a_whole = BTreeSet::new();
    for finding in &result.findings {
        let asset = finding.asset.as_ref().unwrap().asset_id.as_str();
        found.entry(asset).or_default().insert(&finding.vulnerability.id);
    }
    for entry in &result.undetermined {
        let asset = entry.asset.as_ref().unwrap().asset_id.as_str();
        match &entry.vulnerability {
            Some(vulnerability) => undetermined.entry(asset).or_default().insert(&vulnerability.id),
            None => as_a_whole.insert(asset),
        };
    }
    let none = BTreeSet::new();
    println!(
        "hospital: {} rows, {} findings, {} undetermined",
        result.coverage.components,
        result.findings.len(),
        result.undetermined.len()
    );
    for row in std::fs::read_to_string(committed("hospital.csv")).unwrap().lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let asset = fields[0];
        let (f, u) = (found.get(asset).unwrap_or(&none), undetermined.get(asset).unwrap_or(&none));
        let whole = if as_a_whole.contains(asset) { " (no product recognised)" } else { "" };
        println!(
            "  {asset} {} {} {}: {} found, {} undetermined{whole}",
            fields[2],
            fields[3],
            fields[4],
            f.len(),
            u.len()
        );
        // Every row of this list was either recognised with something to say, or is unknown: none is silent.
        assert!(!f.is_empty() || !u.is_empty() || as_a_whole.contains(asset), "{asset} is silent");
    }
    let mut wrong = Vec::new();
    for (asset, ids) in FOUND {
        wrong.extend(
            ids.iter()
                .filter(|id| !found.get(asset).unwrap_or(&none).contains(*id))
                .map(|id| format!("{asset} misses {id}")),
        );
    }
    for (asset, ids) in UNDETERMINED {
        wrong.extend(
            ids.iter()
                .filter(|id| !undetermined.get(asset).unwrap_or(&none).contains(*id))
                .map(|id| format!("{asset}: {id} should be undetermined")),
        );
    }
    for (asset, ids) in CLEAR {
        wrong.extend(
            ids.iter()
                .filter(|id| found.get(asset).unwrap_or(&none).contains(*id))
                .map(|id| format!("{asset} wrongly has {id}")),
        );
    }
    for asset in UNKNOWN {
        if !as_a_whole.contains(asset) {
            wrong.push(format!("{asset} should be unknown"));
        }
    }
    // Forty findings to judge by eye.
    let step = result.findings.len() / 40;
    for finding in result.findings.iter().step_by(step.max(1)) {
        let basis = &finding.bases()[0];
        println!(
            "  SAMPLE {} {} {}: {} by {} {} {} {}",
            finding.asset.as_ref().unwrap().asset_id,
            finding.component.name,
            finding.component.version.as_deref().unwrap_or_default(),
            finding.vulnerability.id,
            basis.advisory,
            basis.identifier,
            basis.range,
            basis.confidence.as_str()
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
