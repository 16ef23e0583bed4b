//! `npm audit --json`: version 1 (npm 6, `advisories`) and 2 (npm 7 and later, `vulnerabilities`).
//!
//! In version 2 a package that is hit only because of another one names that package: the finding stands with the other one.

use std::collections::BTreeSet;

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word, Words};
use crate::scan::names;
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisory {
    id: Word,
    title: Word,
    module_name: Word,
    github_advisory_id: Word,
    cves: Words,
    cwe: Words,
    severity: Word,
    overview: Word,
    recommendation: Word,
    url: Word,
    patched_versions: Word,
    findings: Many<Found>,
    cvss: Option<Cvss>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    version: Word,
    paths: Words,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Cvss {
    score: Word,
    vector_string: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Package {
    name: Word,
    via: Vec<Via>,
    nodes: Words,
    fix_available: Option<Fix>,
}

/// A package by whose weakness this one is hit, or the weakness itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Via {
    Package(String),
    Weakness(Weakness),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Weakness {
    source: Word,
    title: Word,
    url: Word,
    severity: Word,
    cwe: Words,
    cvss: Option<Cvss>,
    range: Word,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Fix {
    Known(bool),
    Package { name: Word, version: Word },
}

/// Reads a report of either version.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::NpmAudit, "npm audit", "npm-audit");
    if object.has("advisories") {
        filling.each_named("/advisories", object.raw("advisories"), |filling, key, one: Advisory, _| {
            let result = advisory(key, &one);
            filling.push(result);
        });
    } else {
        let all = object.object("vulnerabilities").unwrap_or_default();
        let names: BTreeSet<&str> = all.0.iter().map(|(name, _)| name.as_str()).collect();
        filling.each_named(
            "/vulnerabilities",
            object.raw("vulnerabilities"),
            |filling, key, one: Package, at| {
                package(filling, &names, key, one, at);
            },
        );
    }
    passed(&mut filling, object);
    filling.finish()
}

/// Packages in which nothing was found: all that were looked at without those that are hit.
fn passed(filling: &mut Filling<'_>, object: &Object<'_>) {
    let Some(metadata) = object.object("metadata") else { return };
    let by_kind = metadata.object("dependencies").and_then(|all| all.word("total"));
    let total = metadata.word("totalDependencies").or(by_kind).and_then(|total| total.parse::<u64>().ok());
    let hit: BTreeSet<&str> =
        filling.found.report.results.iter().filter_map(|one| one.place.component.as_deref()).collect();
    let passed = total.unwrap_or(0).saturating_sub(hit.len() as u64);
    if passed > 0 {
        filling.found.report.left_out.insert(LeftOut::Passed, passed);
    }
}

/// `GHSA-…` out of the address of the advisory.
fn in_address(url: &str) -> Option<&str> {
    url.rsplit('/').next().filter(|last| last.starts_with("GHSA-"))
}

fn advisory(key: &str, one: &Advisory) -> ScanResult {
    let number = one.id.get().unwrap_or(key);
    let github = one.github_advisory_id.get().or(in_address(one.url.text()));
    let versions: BTreeSet<&str> = one.findings.iter().filter_map(|found| found.version.get()).collect();
    let versions = versions.into_iter().collect::<Vec<_>>().join(", ");
    let place = ScanPlace {
        component: one.module_name.get().map(str::to_owned),
        version: Some(shorten(&versions, 400)).filter(|versions| !versions.is_empty()),
        ..ScanPlace::default()
    };
    let rule = github.map_or_else(|| format!("npm:{number}"), str::to_owned);
    let headline = one.title.get().unwrap_or(&rule).to_owned();
    let mut result =
        ScanResult::new(shorten(&rule, 200), title(&headline), FindingKind::Vulnerability, place);
    result.text = text(one.overview.text());
    result.advice = text(one.recommendation.text());
    result.severity = one.severity.text().to_owned();
    // No version holds a fix.
    result.fixed_version = names::fixed(one.patched_versions.text()).filter(|fixed| fixed != "<0.0.0");
    let paths = one.findings.iter().flat_map(|found| found.paths.iter()).take(50).collect::<Vec<_>>();
    result.evidence = text(&paths.join(", "));
    result.cwe = one.cwe.iter().flat_map(names::cwes).collect();
    for name in one.cves.iter().chain(github) {
        names::identify(&mut result, name);
    }
    names::reference(&mut result, one.url.text());
    scores(&mut result, one.cvss.as_ref());
    result
}

fn scores(result: &mut ScanResult, cvss: Option<&Cvss>) {
    if let Some(cvss) = cvss {
        names::add_vector(result, cvss.vector_string.text());
        result.score_x10 = names::score_unless_zero(cvss.score.text());
    }
}

fn package(filling: &mut Filling<'_>, names: &BTreeSet<&str>, key: &str, one: Package, at: &str) {
    let name = one.name.get().unwrap_or(key);
    for via in &one.via {
        let weakness = match via {
            // The finding stands with the package of that name.
            Via::Package(name) if names.contains(name.as_str()) => {
                filling.leave_out(LeftOut::Repeated);
                continue;
            }
            Via::Package(name) => {
                filling.unreadable(at, &format!("via {name}, which the report does not hold"));
                continue;
            }
            Via::Weakness(weakness) => weakness,
        };
        let github = in_address(weakness.url.text());
        let number = weakness.source.get().map(|number| format!("npm:{number}"));
        let Some(rule) = github.map(str::to_owned).or(number) else {
            filling.unreadable(at, "neither url nor source");
            continue;
        };
        let place = ScanPlace { component: Some(name.to_owned()), ..ScanPlace::default() };
        let headline = weakness.title.get().unwrap_or(&rule).to_owned();
        let mut result =
            ScanResult::new(shorten(&rule, 200), title(&headline), FindingKind::Vulnerability, place);
        result.text = text(weakness.range.text());
        result.severity = weakness.severity.text().to_owned();
        result.evidence = text(&one.nodes.iter().take(50).collect::<Vec<_>>().join(", "));
        result.cwe = weakness.cwe.iter().flat_map(names::cwes).collect();
        names::identify(&mut result, &rule);
        names::reference(&mut result, weakness.url.text());
        scores(&mut result, weakness.cvss.as_ref());
        match &one.fix_available {
            Some(Fix::Package { name, version }) => {
                result.advice = text(&format!("{} {}", name.text(), version.text()));
            }
            Some(Fix::Known(true)) => result.advice = "npm audit fix".to_owned(),
            _ => {}
        }
        filling.push(result);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn version_1() {
        let report = only(include_str!("samples/npm-audit.json"));
        assert_eq!(
            summary(&report),
            "npm-audit - not-told\n\
             npm:146 critical vulnerability growl 1.8.0, 1.9.2 cwe 94 CVE-2017-16042 fixed >=1.10.2\n\
             GHSA-1111-2222-3333 - vulnerability x cwe 1,2 GHSA-1111-2222-3333\n\
             left out: passed 41\nscan-entry-unreadable\nscan-tool-version-missing\n"
        );
    }

    #[test]
    fn version_2() {
        let report = only(include_str!("samples/npm-audit-2.json"));
        assert_eq!(
            summary(&report),
            "npm-audit - not-told\n\
             GHSA-p6mc-m468-83gw high vulnerability lodash cwe 1321 GHSA-p6mc-m468-83gw\n\
             left out: passed 11\nleft out: repeated 1\nscan-entry-unreadable\nscan-tool-version-missing\n"
        );
        assert_eq!((report.results[0].score_x10, report.results[0].advice.as_str()), (Some(74), "a 2.0.0"));
    }

    #[test]
    fn nothing_found_among_packages_is_a_scan() {
        let text =
            r#"{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"dependencies":{"total":12}}}"#;
        assert_eq!(only(text).results.len(), 0);
    }
}
