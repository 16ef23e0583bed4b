//! The same advisories as RustSec writes them (facts: id, requirements) and as its OSV export says them, which is part
//! of the test data: every version near a bound must get the same answer from both.

use semver::Version;
use shindan_domain::version::{Bound, VersionClaim, VersionRange};

use crate::advisory;
use crate::archive::Archive;
use crate::limits::Limits;

/// Id, package, patched, unaffected.
const WRITTEN: &[(&str, &str, &str, &str)] = &[
    ("RUSTSEC-2016-0004", "libusb", "", "> 0.3.0"),
    ("RUSTSEC-2017-0005", "cookie", "< 0.6.0 | ^0.6.2 | >= 0.7.6", ""),
    ("RUSTSEC-2018-0003", "smallvec", ">= 0.6.3 | ^0.3.4 | ^0.4.5 | ^0.5.1", "< 0.3.2"),
    ("RUSTSEC-2018-0004", "claxon", "^0.3.2 | >= 0.4.1", ""),
    ("RUSTSEC-2019-0003", "protobuf", "^1.7.5 | >= 2.6.0", ""),
    ("RUSTSEC-2019-0035", "rand_core", "^ 0.3.1 | >= 0.4.2", ""),
    (
        "RUSTSEC-2020-0069",
        "lettre",
        ">= 0.10.0-alpha.4 | < 0.10.0-alpha.1, >= 0.9.5 | < 0.9.0, >= 0.8.4 | < 0.8.0, >= 0.7.1",
        "< 0.7.0",
    ),
    (
        "RUSTSEC-2020-0146",
        "generic-array",
        ">= 0.8.4, < 0.9.0 | >= 0.9.1, < 0.10.0 | >= 0.10.1, < 0.11.0 | >= 0.11.2, < 0.12.0 | \
         >= 0.12.4, < 0.13.0 | >= 0.13.3",
        "< 0.8.0",
    ),
    ("RUSTSEC-2021-0003", "smallvec", ">= 0.6.14, < 1.0.0 | >= 1.6.1", "< 0.6.3"),
    ("RUSTSEC-2022-0010", "enum-map", ">= 2.0.2", "< 2.0.0-2"),
    ("RUSTSEC-2022-0012", "arrow2", ">= 0.7.1, < 0.8 | >= 0.8.2, < 0.9 | >= 0.9.2, < 0.10 | >= 0.10.0", ""),
    ("RUSTSEC-2022-0055", "axum-core", ">= 0.2.8, < 0.3.0-rc.1 | >= 0.3.0-rc.2", ""),
    (
        "RUSTSEC-2023-0074",
        "zerocopy",
        ">= 0.2.9, < 0.3.0 | >= 0.3.2, < 0.4.0 | >= 0.4.1, < 0.5.0 | >= 0.5.2, < 0.6.0 | \
         >= 0.6.6, < 0.7.0 | >= 0.7.31",
        "< 0.2.2",
    ),
    (
        "RUSTSEC-2024-0439",
        "wasmtime",
        ">= 21.0.2, < 22.0.0 | >= 22.0.1, < 23.0.0 | >= 23.0.3, < 24.0.0 | >= 24.0.1, < 25.0.0 | >= 25.0.2",
        "< 19.0.0",
    ),
];

fn quoted(requirements: &str) -> String {
    let quoted = requirements.split(" | ").filter(|text| !text.is_empty()).map(|text| format!("\"{text}\""));
    quoted.collect::<Vec<_>>().join(", ")
}

fn holds(ranges: &[VersionRange], version: &Version) -> bool {
    let at = |text: &str| Version::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    ranges.iter().any(|range| {
        let above = match &range.lower {
            Bound::Unbounded => true,
            Bound::Inclusive(low) => *version >= at(low),
            Bound::Exclusive(low) => *version > at(low),
        };
        let below = match &range.upper {
            Bound::Unbounded => true,
            Bound::Inclusive(high) => *version <= at(high),
            Bound::Exclusive(high) => *version < at(high),
        };
        above && below
    })
}

fn claims(claim: &VersionClaim, version: &Version) -> bool {
    match claim {
        VersionClaim::All => true,
        VersionClaim::Ranged { ranges, except } => holds(ranges, version) && !holds(except, version),
        VersionClaim::Undetermined { .. } => panic!("undetermined"),
    }
}

/// Versions at, just below and just above each bound, pre-releases among them.
fn versions_near(claims: [&VersionClaim; 2]) -> Vec<Version> {
    let mut near = vec![Version::new(0, 0, 0), Version::new(999, 0, 0)];
    for claim in claims {
        let VersionClaim::Ranged { ranges, except } = claim else { continue };
        for bound in ranges.iter().chain(except).flat_map(|range| [&range.lower, &range.upper]) {
            let (Bound::Inclusive(text) | Bound::Exclusive(text)) = bound else { continue };
            let version = Version::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            let Version { major, minor, patch, .. } = version;
            near.push(version);
            near.push(Version::new(major, minor, patch));
            near.push(Version::new(major, minor, patch + 1));
            near.push(Version::new(major, minor, patch.saturating_sub(1)));
            near.push(Version::new(major, minor + 1, 0));
            near.push(Version::new(major + 1, 0, 0));
        }
    }
    near
}

#[test]
fn requirements_mean_what_the_osv_export_says() {
    let Some(path) = shindan_testdata::path("osv/crates.io/all.zip") else { return };
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{e}"));
    let limits = Limits::DEFAULT;
    let archive = Archive::open(&bytes, "all.zip", &limits).unwrap_or_else(|e| panic!("{e:?}"));
    let mut compared = 0;
    let mut records = std::collections::BTreeMap::new();
    for index in 0..archive.len() {
        let entry = archive.entry(index).unwrap_or_else(|e| panic!("{e:?}"));
        for advisory in advisory::read(&entry.bytes, &entry.name, &limits).advisories {
            records.insert(advisory.id.clone(), advisory);
        }
    }
    for (id, package, patched, unaffected) in WRITTEN {
        let text = format!(
            "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{package}\"\ndate = \"2020-01-01\"\n\n[versions]\n\
             patched = [{}]\nunaffected = [{}]\n```\n\n# Title\n",
            quoted(patched),
            quoted(unaffected),
        );
        let reading = advisory::read(text.as_bytes(), "a.md", &limits);
        assert!(reading.diagnostics.is_empty(), "{id}: {:?}", reading.diagnostics);
        let ours = &reading.advisories[0].affected[0];
        let theirs = records.get(*id).unwrap_or_else(|| panic!("{id} is not in the test data"));
        assert_eq!(ours.product, theirs.affected[0].product, "{id}");
        for version in versions_near([&ours.versions, &theirs.affected[0].versions]) {
            compared += 1;
            assert_eq!(
                claims(&ours.versions, &version),
                claims(&theirs.affected[0].versions, &version),
                "{id} {version}: {:?}",
                ours.versions
            );
        }
    }
    eprintln!("{} advisories, {compared} answers compared", WRITTEN.len());
    assert!(compared > 400, "{compared}");
}
