use std::collections::BTreeMap;

use shindan_domain::diagnostic::Severity;
use shindan_domain::version::VersionClaim;

use super::*;
use crate::advisory;

const FULL: &str = include_str!("samples/full.json");
const OLDER: &str = include_str!("samples/fortios.json");

fn of(text: &str, path: &str) -> Reading {
    let reading = advisory::read(text.as_bytes(), path, &Limits::DEFAULT);
    assert_eq!(reading.format, Some(AdvisoryFormat::EndOfLife), "{:?}", reading.diagnostics);
    reading
}

fn told(reading: &Reading) -> Vec<String> {
    let mut out = Vec::new();
    for advisory in &reading.advisories {
        let [vulnerability] = &advisory.vulnerabilities[..] else { panic!("one vulnerability") };
        assert_eq!((vulnerability.kind, &vulnerability.id), (FindingKind::EndOfLife, &advisory.id));
        let day = vulnerability.support_end.as_deref().unwrap_or("passed");
        if advisory.affected.is_empty() {
            out.push(format!("{} {day}: -", advisory.id));
        }
        for affected in &advisory.affected {
            let versions = match &affected.versions {
                VersionClaim::All => "*".to_owned(),
                VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
                VersionClaim::Undetermined { .. } => "?".to_owned(),
            };
            let product = &affected.product;
            let name = product.product.as_deref().or(product.purl.as_deref()).unwrap_or("-");
            let cpes: Vec<String> = product
                .cpes
                .iter()
                .map(|cpe| cpe.trim_start_matches("cpe:2.3:").replace(":*", "").to_owned())
                .collect();
            out.push(format!("{} {day}: {name} {versions} {}", advisory.id, cpes.join(" ")));
        }
    }
    out.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn codes(reading: &Reading) -> Vec<String> {
    let value = |d: &Diagnostic| {
        d.params.get("id").or(d.params.get("value")).or(d.params.get("field")).cloned().unwrap_or_default()
    };
    reading.diagnostics.iter().map(|d| format!("{} {}", d.code, value(d))).collect()
}

#[test]
fn cycles_of_api_v1() {
    let reading = of(FULL, "full");
    assert_eq!(
        told(&reading),
        [
            "EOL:ubuntu:22.04 2027-04-01: Ubuntu >=22.04 <22.05 o:canonical:ubuntu_linux",
            "EOL:ubuntu:4.10 passed: Ubuntu >=4.10 <4.11 o:canonical:ubuntu_linux",
            "EOL:windows:10-22h2 2025-10-14: Windows 10 Version 22H2 * o:microsoft:windows_10_22h2",
            "EOL:windows:10-1507-e-lts 2025-10-14: - * o:microsoft:windows_10_1507:ltsc",
            "EOL:windows:10-1507 2017-05-09: - * o:microsoft:windows_10_1507:home \
             o:microsoft:windows_10_1507:pro o:microsoft:windows_10_1507:enterprise \
             o:microsoft:windows_10_1507:education o:microsoft:windows_10_1507:iot_ltsc \
             o:microsoft:windows_10_1507:iot_core",
            "EOL:windows:11-23h2-w 2025-11-11: - * o:microsoft:windows_11_23h2:home \
             o:microsoft:windows_11_23h2:pro",
            "EOL:windows:7-sp1 2020-01-14: Windows 7 * o:microsoft:windows_7",
            // Not a Windows that is known: told, and undetermined.
            "EOL:windows:12 2040-01-01: Windows ? o:microsoft:windows",
            "EOL:mssqlserver:2016-sp3 2026-07-14: SQL Server 2016 SP3 *",
            "EOL:django:4.2 2026-04-07: pkg:pypi/django >=4.2 <4.3",
            "EOL:example-cloud:3 someday: -",
        ]
    );
    assert_eq!(
        codes(&reading),
        [
            "field-missing name",
            "date-invalid someday",
            "field-missing eol",
            "advisory-without-product example-cloud"
        ]
    );
    assert_eq!(reading.rejected, 2);
    let jammy = &reading.advisories[0];
    assert_eq!(jammy.title, "Ubuntu 22.04 'Jammy Jellyfish' (LTS)");
    assert_eq!(
        jammy.vulnerabilities[0].summary,
        "Hardware & Maintenance: 2024-09-30; Maintenance & Security Support: 2027-04-01; \
         Expanded Security Maintenance: 2032-04-09"
    );
    assert_eq!(
        jammy.references,
        [
            "https://endoflife.date/ubuntu",
            "https://wiki.ubuntu.com/Releases",
            "https://wiki.ubuntu.com/JammyJellyfish/ReleaseNotes/",
        ]
    );
    assert_eq!(reading.advisories[1].references.len(), 2, "only addresses of the web");
    assert_eq!(reading.newest.map(|t| t.to_string()).as_deref(), Some("2026-06-30T00:00:00Z"));
}

#[test]
fn cycles_of_the_older_form() {
    for path in ["fortios.json", "feeds.zip!api/fortios.json", "C:\\feeds\\fortios.json.gz"] {
        let reading = of(OLDER, path);
        assert_eq!(
            told(&reading),
            [
                "EOL:fortios:7.4 2027-11-11: FortiOS >=7.4 <7.5 o:fortinet:fortios",
                "EOL:fortios:6.10 passed: FortiOS >=6.10 <6.11 o:fortinet:fortios",
            ]
        );
        assert_eq!(codes(&reading), ["field-missing cycle", "field-missing eol"], "{path}");
        assert_eq!(reading.advisories[1].vulnerabilities[0].summary, "extendedSupport: 2026-01-01");
    }
    let reading = of(OLDER, "list.json");
    assert_eq!(codes(&reading), ["field-missing product"], "the content does not tell the product");
    let reading = of(r#"{"cycle":"2012-R2","eol":"2023-10-10","latest":"6.3.9600"}"#, "windows-server.json");
    assert_eq!(
        told(&reading),
        [
            "EOL:windows-server:2012-R2 2023-10-10: Windows Server 2012 R2 * o:microsoft:windows_server_2012_r2"
        ]
    );
}

#[test]
fn servers_by_every_name() {
    for (cycle, expected) in [
        ("2025", "Windows Server 2025"),
        ("23h2", "Windows Server version 23H2"),
        ("20H2", "Windows Server version 20H2"),
        ("2004", "Windows Server version 2004"),
        ("2012-r2", "Windows Server 2012 R2"),
        ("2008-r2-sp1", "Windows Server 2008 R2"),
        ("2008-sp2", "Windows Server 2008"),
    ] {
        let text = format!(r#"{{"cycle":"{cycle}","eol":true}}"#);
        let reading = of(&text, "windows-server.json");
        let name = reading.advisories[0].affected[0].product.product.as_deref();
        assert_eq!(name, Some(expected), "{cycle}");
    }
}

#[test]
fn lists_without_releases_say_so() {
    let list = r#"{"schema_version":"1.2.0","generated_at":"2026-01-01T00:00:00Z","result":[{"name":"a"},{"name":"b"}]}"#;
    let reading = of(list, "products");
    assert_eq!(codes(&reading), ["field-missing releases"]);
    let empty = r#"{"schema_version":"1.2.0","generated_at":"2026-01-01T00:00:00Z","result":[]}"#;
    assert_eq!(codes(&of(empty, "products")), ["file-empty "]);
    let single = r#"{"schema_version":"1.2.0","last_modified":"2026-01-01T00:00:00Z",
        "result":{"name":"php","releases":[{"name":"8.0","isEol":true,"eolFrom":"2023-11-26","latest":{"name":"8.0.30"}}]}}"#;
    assert_eq!(told(&of(single, "php")), ["EOL:php:8.0 2023-11-26: PHP >=8.0 <8.1 a:php:php"]);
}

#[test]
fn every_truncation_is_an_error_and_no_damage_panics() {
    for (sample, path) in [(FULL, "full"), (OLDER, "fortios.json")] {
        let sample = sample.trim_end();
        for at in 0..sample.len() {
            let Some(part) = sample.get(..at) else { continue };
            let reading = advisory::read(part.as_bytes(), path, &Limits::DEFAULT);
            let worst = reading.diagnostics.iter().map(|d| d.severity()).max();
            assert_eq!(worst, Some(Severity::Error), "cut at {at}");
        }
        let mut bytes = sample.as_bytes().to_vec();
        for at in (0..bytes.len()).step_by(2) {
            for flip in [0x01, 0x10, 0x9f] {
                bytes[at] ^= flip;
                advisory::read(&bytes, path, &Limits::DEFAULT);
                bytes[at] ^= flip;
            }
        }
    }
    let nested = "[".repeat(1000) + &"]".repeat(1000);
    let deep = of(&format!(r#"{{"generated_at":"","result":{nested}}}"#), "full");
    assert!(deep.rejected > 0 && deep.advisories.is_empty(), "{:?}", deep.diagnostics);
}

/// The genuine answer: every cycle with an end is there, with the day that it prints and versions that hold its newest
/// one and not that of any other cycle.
#[test]
fn the_genuine_answer() {
    let Some(path) = shindan_testdata::path("vendor/endoflife-date/api/happy/full") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let reading = of(&text, "full");
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut expected: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut latest: BTreeMap<String, String> = BTreeMap::new();
    for product in answer["result"].as_array().unwrap() {
        for release in product["releases"].as_array().unwrap() {
            let id =
                format!("EOL:{}:{}", product["name"].as_str().unwrap(), release["name"].as_str().unwrap());
            let day = release["eolFrom"].as_str().map(str::to_owned);
            if day.is_some() || release["isEol"] == true {
                latest.insert(id.clone(), release["latest"]["name"].as_str().unwrap().to_owned());
                expected.insert(id, day);
            }
        }
    }
    let found: BTreeMap<String, Option<String>> =
        reading.advisories.iter().map(|a| (a.id.clone(), a.vulnerabilities[0].support_end.clone())).collect();
    assert_eq!(found, expected);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for advisory in &reading.advisories {
        for affected in &advisory.affected {
            let kind = match &affected.versions {
                VersionClaim::All => {
                    assert!(advisory.id.starts_with("EOL:windows:"), "{}", advisory.id);
                    assert!(
                        affected.product.cpes.iter().all(|cpe| !cpe.contains(":windows:")),
                        "{}",
                        advisory.id
                    );
                    "a line of Windows"
                }
                VersionClaim::Ranged { ranges, .. } => {
                    let (_, cycle) = advisory.id.rsplit_once(':').unwrap();
                    assert!(latest[&advisory.id].starts_with(cycle));
                    assert!(ranges[0].to_string().starts_with(&format!(">={cycle} <")));
                    "a range"
                }
                VersionClaim::Undetermined { .. } => "undetermined",
            };
            *counts.entry(kind).or_default() += 1;
        }
    }
    eprintln!("endoflife.date: {} cycles, {counts:?}", found.len());
    assert_eq!((found.len(), counts["a range"], counts["a line of Windows"]), (85, 42, 43));
}
