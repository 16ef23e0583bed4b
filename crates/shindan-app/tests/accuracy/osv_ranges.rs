//! OSV ranges against the versions that the same PyPI records enumerate.
//!
//! The oracle is the enumeration; what is judged are the ranges alone (the enumeration is taken out of the record
//! before it is read). Final releases only: which pre-releases a range means is a matter of interpretation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};
use shindan_formats::advisory;
use shindan_formats::limits::Limits;
use shindan_match::version;

use crate::workbench::{Workbench, members};

/// Where ranges and enumeration of one record contradict each other, or two records do.
const RECORD_ERRORS: [&str; 3] = [
    // The fix was brought back to an older branch after the record was written: its range knows of one fix only.
    "PYSEC-2022-257 nvflare 2.0.19:",
    "PYSEC-2022-159 scrapy 1.8.3:",
    // Two overlapping ranges in one event list: "fixed in 2.11.6" stands before "fixed in 2.11.7".
    "PYSEC-2021-114 wagtail 2.11.6:",
];

/// One package of one record: what its ranges say and what it enumerates.
struct Case {
    id: String,
    package: String,
    ranges: Vec<VersionRange>,
    enumerated: BTreeSet<String>,
}

/// Digits and dots, perhaps a post-release: PEP 440 "final releases" and "post-releases".
fn is_final(version: &str) -> bool {
    let release = version.split_once(".post").map_or(version, |(release, _)| release);
    !release.is_empty()
        && release.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Takes out the enumerations of a record; `None` if it has no package with both.
fn without_enumerations(record: &mut Value) -> Option<Vec<BTreeSet<String>>> {
    let mut any = false;
    let mut enumerated = Vec::new();
    for affected in record["affected"].as_array_mut()? {
        let versions = affected["versions"].as_array().cloned().unwrap_or_default();
        let ranged =
            affected["ranges"].as_array().is_some_and(|r| r.iter().any(|r| r["type"] == "ECOSYSTEM"));
        if ranged && !versions.is_empty() {
            any = true;
            affected["versions"] = json!([]);
            enumerated.push(versions.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        } else {
            enumerated.push(BTreeSet::new());
        }
    }
    any.then_some(enumerated)
}

fn cases() -> Option<(Vec<Case>, Vec<Value>)> {
    let path = shindan_testdata::path("osv/PyPI/all.zip")?;
    let (mut cases, mut stripped) = (Vec::new(), Vec::new());
    for (name, mut record) in members(&path) {
        let Some(enumerated) = without_enumerations(&mut record) else { continue };
        let reading = advisory::read(&serde_json::to_vec(&record).unwrap(), &name, &Limits::DEFAULT);
        let advisory = &reading.advisories[0];
        if advisory.withdrawn.is_some() {
            continue;
        }
        assert_eq!(advisory.affected.len(), enumerated.len(), "{name}");
        for (affected, enumerated) in advisory.affected.iter().zip(enumerated) {
            if enumerated.is_empty() {
                continue;
            }
            let VersionClaim::Ranged { ranges, except } = &affected.versions else {
                panic!("{name}: {:?}", affected.versions)
            };
            assert!(except.is_empty(), "{name}");
            cases.push(Case {
                id: advisory.id.clone(),
                package: affected.product.package.clone().unwrap(),
                ranges: ranges.clone(),
                enumerated: enumerated.into_iter().filter(|v| is_final(v)).collect(),
            });
        }
        stripped.push(record);
    }
    Some((cases, stripped))
}

/// Every final release of each package that any record enumerates.
fn known(cases: &[Case]) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases {
        known.entry(case.package.clone()).or_default().extend(case.enumerated.iter().cloned());
    }
    known
}

/// Greatest enumerated version under PEP 440.
fn newest(versions: &BTreeSet<String>) -> Option<Vec<u8>> {
    versions.iter().filter_map(|v| version::key(Scheme::Pypi, v).ok()).max()
}

#[test]
fn ranges_and_enumerations_agree() {
    let Some((cases, _)) = cases() else { return };
    let known = known(&cases);
    let (mut inside, mut outside, mut unordered) = (0, 0, 0);
    let (mut newer, mut wrong): (BTreeMap<String, usize>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for case in &cases {
        let enumerated_keys: BTreeSet<Vec<u8>> =
            case.enumerated.iter().filter_map(|v| version::key(Scheme::Pypi, v).ok()).collect();
        let greatest = newest(&case.enumerated);
        for release in &known[&case.package] {
            let Ok(key) = version::key(Scheme::Pypi, release) else {
                unordered += 1;
                continue;
            };
            let found = case.ranges.iter().any(|r| version::contains(r, release).unwrap());
            // 1.0 and 1.0.0 are one release.
            match (enumerated_keys.contains(&key), found) {
                (true, true) => inside += 1,
                (false, false) => outside += 1,
                // The record was written before the release: its range has no end yet, or a later one.
                (false, true) if greatest.as_ref().is_none_or(|g| *g < key) => {
                    *newer.entry(format!("{} {}", case.id, case.package)).or_default() += 1;
                }
                (expected, _) => {
                    let ranges: Vec<String> = case.ranges.iter().map(ToString::to_string).collect();
                    let state = if expected { "enumerated, not in" } else { "not enumerated, in" };
                    wrong.push(format!(
                        "{} {} {release}: {state} {}",
                        case.id,
                        case.package,
                        ranges.join(" | ")
                    ));
                }
            }
        }
    }
    println!(
        "PyPI: {} packages of records, inside {inside}, outside {outside}, no order {unordered}, newer than the \
         record {} in {} records, disagreements {}",
        cases.len(),
        newer.values().sum::<usize>(),
        newer.len(),
        wrong.len()
    );
    for line in &wrong {
        println!("  {line}");
    }
    assert!(cases.len() > 1400 && inside > 60_000 && outside > 40_000);
    assert_eq!(unordered, 0);
    assert!(newer.values().sum::<usize>() <= 4, "{newer:?}");
    let unlisted: Vec<_> =
        wrong.iter().filter(|line| !RECORD_ERRORS.iter().any(|known| line.starts_with(known))).collect();
    assert!(unlisted.is_empty() && wrong.len() == RECORD_ERRORS.len(), "{unlisted:#?}");
}

/// Each enumerated release asked as a purl, of a knowledge base that knows the ranges only.
#[test]
fn enumerated_releases_are_found_as_purls() {
    let Some((cases, stripped)) = cases() else { return };
    let bench = Workbench::new("osv-purls");
    let records = bench.write("records.json", serde_json::to_vec(&stripped).unwrap());
    let built = bench.build(&[records]);
    assert!(!built.anything_unreadable(), "{:?}", built.diagnostics);
    let mut asked: BTreeSet<(String, String)> = BTreeSet::new();
    for case in &cases {
        asked.extend(case.enumerated.iter().map(|v| (case.package.clone(), v.clone())));
    }
    let components: Vec<Value> = asked
        .iter()
        .map(|(name, version)| {
            json!({"type": "library", "name": name, "version": version, "purl": format!("pkg:pypi/{name}@{version}")})
        })
        .collect();
    let sbom =
        json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
    let sbom = bench.write("sbom.json", serde_json::to_vec(&sbom).unwrap());
    let result = bench.check(&sbom);
    assert_eq!(result.coverage.components, asked.len());
    let mut found: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for finding in &result.findings {
        for advisory in finding.advisories() {
            found.insert((
                advisory,
                &finding.component.name,
                finding.component.version.as_deref().unwrap_or_default(),
            ));
        }
    }
    let mut missed = Vec::new();
    let mut total = 0;
    for case in &cases {
        for version in &case.enumerated {
            total += 1;
            if !found.contains(&(case.id.as_str(), case.package.as_str(), version.as_str())) {
                missed.push(format!("{} {} {version}", case.id, case.package));
            }
        }
    }
    println!(
        "PyPI purls: {} components, {total} pairs of record and release asked, {} missed, {} undetermined",
        asked.len(),
        missed.len(),
        result.undetermined.len()
    );
    assert_eq!(missed, ["PYSEC-2021-114 wagtail 2.11.6"], "a listed record error, and nothing else");
    assert!(result.undetermined.is_empty());
}
