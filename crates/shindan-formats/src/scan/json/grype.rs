//! Grype, JSON. What its own list ignores is kept, with that mark.

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word, Words};
use crate::scan::{names, place};
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Match {
    vulnerability: Vulnerability,
    related_vulnerabilities: Many<Vulnerability>,
    artifact: Artifact,
    applied_ignore_rules: Words,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Vulnerability {
    id: Word,
    data_source: Word,
    severity: Word,
    description: Word,
    urls: Words,
    cvss: Many<Cvss>,
    fix: Option<Fix>,
    cwes: Many<Cwe>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cwe {
    cwe: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cvss {
    vector: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fix {
    versions: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Artifact {
    name: Word,
    version: Word,
    purl: Word,
    locations: Many<Location>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    path: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::Grype, "Grype", "grype");
    if let Some(descriptor) = object.object("descriptor") {
        filling.found.report.tool.version = descriptor.word("version");
        filling.found.report.ended =
            filling.time("descriptor/timestamp", descriptor.word("timestamp").as_deref());
    }
    if let Some(source) = object.object("source") {
        let target = source.object("target");
        let named = target.and_then(|target| target.word("userInput")).or_else(|| source.word("target"));
        filling.touched(&named.unwrap_or_default());
    }
    for part in ["matches", "ignoredMatches"] {
        filling.each(&format!("/{part}"), object.raw(part), |filling, one: Match, at| match finding(&one) {
            Some(mut result) => {
                if part == "ignoredMatches" {
                    let why = one.applied_ignore_rules.iter().collect::<Vec<_>>().join(", ");
                    result.suppressed = Some(text(&format!("ignoredMatches: {why}")));
                }
                filling.push(result);
            }
            None => filling.unreadable(at, "no vulnerability.id"),
        });
    }
    filling.finish()
}

fn finding(one: &Match) -> Option<ScanResult> {
    let vulnerability = &one.vulnerability;
    let id = vulnerability.id.get()?;
    let path = one.artifact.locations.first().map_or("", |location| location.path.text());
    let place = ScanPlace {
        component: one.artifact.name.get().map(str::to_owned),
        version: one.artifact.version.get().map(str::to_owned),
        purl: one.artifact.purl.get().map(str::to_owned),
        file: place::file(&place::without_version(path, one.artifact.version.text())),
        ..ScanPlace::default()
    };
    let headline = format!("{id} in {}", one.artifact.name.text());
    let mut result = ScanResult::new(shorten(id, 200), title(&headline), FindingKind::Vulnerability, place);
    result.evidence = text(path);
    let related = &one.related_vulnerabilities;
    let description = vulnerability.description.get();
    let description = description.or_else(|| related.iter().find_map(|one| one.description.get()));
    result.text = text(description.unwrap_or_default());
    result.severity = vulnerability.severity.text().to_owned();
    let fix = vulnerability.fix.iter().flat_map(|fix| fix.versions.iter()).collect::<Vec<_>>().join(", ");
    result.fixed_version = names::fixed(&shorten(&fix, 400));
    for one in std::iter::once(vulnerability).chain(related.iter()) {
        names::identify(&mut result, one.id.text());
        one.cvss.iter().for_each(|cvss| names::add_vector(&mut result, cvss.vector.text()));
        result.cwe.extend(one.cwes.iter().flat_map(|cwe| names::cwe(cwe.cwe.text())));
        for page in std::iter::once(one.data_source.text()).chain(one.urls.iter()) {
            names::reference(&mut result, page);
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn matches_and_ignored_ones() {
        let one = |id: &str, more: &str| {
            format!(
                r#"{{"vulnerability":{{"id":"{id}","severity":"High","fix":{{"versions":["1.1","2.0"],"state":"fixed"}},"cvss":[]}},"relatedVulnerabilities":[{{"id":"CVE-2021-9","description":"d","cvss":[{{"vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]}}],"artifact":{{"name":"x","version":"1.0","purl":"pkg:npm/x@1.0","locations":[{{"path":"/app/package.json"}}]}}{more}}}"#
            )
        };
        let ignored = r#","appliedIgnoreRules":[{"vulnerability":"GHSA-2","reason":""}]"#;
        let report = only(&format!(
            r#"{{"matches":[{},5],"ignoredMatches":[{}],"source":{{"type":"image","target":{{"userInput":"app:1"}}}},"descriptor":{{"name":"grype","version":"0.80"}}}}"#,
            one("GHSA-aaaa-bbbb-cccc", ""),
            one("GHSA-2", ignored)
        ));
        assert_eq!(
            summary(&report),
            "grype 0.80 not-told\n\
             GHSA-aaaa-bbbb-cccc High vulnerability x 1.0 /app/package.json CVE-2021-9,GHSA-aaaa-bbbb-cccc fixed 1.1, 2.0\n\
             GHSA-2 High vulnerability x 1.0 /app/package.json CVE-2021-9,GHSA-2 fixed 1.1, 2.0 suppressed ignoredMatches: GHSA-2\n\
             scan-entry-unreadable\n"
        );
        assert_eq!(report.touched.iter().next().map(String::as_str), Some("app:1"));
    }
}
