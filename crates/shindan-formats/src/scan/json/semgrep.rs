//! Semgrep and Opengrep, JSON: results on code and on components (supply chain), and lists of components of its service (`vulns`).

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Object, Word, Words};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

/// What stands in the place of code and fingerprints where no one is logged in.
const WITHHELD: &str = "requires login";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    check_id: Word,
    path: Word,
    start: Option<Position>,
    extra: Extra,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Position {
    line: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    message: Word,
    severity: Word,
    lines: Word,
    fingerprint: Word,
    fix: Word,
    is_ignored: Option<bool>,
    metadata: Option<Metadata>,
    sca_info: Option<Supply>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    cwe: Words,
    references: Words,
    source: Words,
    confidence: Words,
    cve: Words,
    category: Words,
    #[serde(rename = "sca-vuln-database-identifier")]
    vulnerability: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Supply {
    dependency_match: Option<DependencyMatch>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DependencyMatch {
    found_dependency: Option<Dependency>,
    lockfile: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dependency {
    package: Word,
    version: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    level: Word,
    message: Word,
    path: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Listed {
    title: Word,
    advisory: Advisory,
    matched_dependency: Named,
    dependency_file_location: FileLocation,
    closest_safe_dependency: Option<Named>,
    repository_name: Word,
    exposure_type: Word,
    triage: Option<Triage>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Advisory {
    rule_id: Word,
    description: Word,
    severity: Word,
    references: Option<References>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct References {
    cve_ids: Words,
    cwe_ids: Words,
    urls: Words,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    name: Word,
    version_specifier: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FileLocation {
    path: Word,
    start_line: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Triage {
    status: Word,
    dismiss_reason: Word,
}

/// Reads a report of any of the forms.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::Semgrep, "Semgrep", "semgrep");
    filling.found.report.tool.version = object.word("version");
    filling.each("/results", object.raw("results"), |filling, entry: Entry, at| match finding(&entry) {
        Some(result) => filling.push(result),
        None => filling.unreadable(at, "no check_id"),
    });
    filling.each("/vulns", object.raw("vulns"), |filling, listed: Listed, at| {
        match component(filling, &listed) {
            Some(result) => filling.push(result),
            None => filling.unreadable(at, "no ruleId"),
        }
    });
    if object.word("hasMore").as_deref() == Some("true") {
        filling.unfinished("hasMore = true: more pages of this list exist");
    }
    filling.each("/errors", object.raw("errors"), |filling, failure: Failure, _| {
        // A warning says that a piece of a file was passed over; an error that the scan, or a file, failed.
        if failure.level.text() == "error" {
            let reason = format!("{} {}", failure.path.text(), failure.message.text());
            filling.unfinished(reason.trim());
        } else {
            filling.leave_out(LeftOut::AboutTheRun);
        }
    });
    let skipped: Words = filling.one("/skipped_rules", object.raw("skipped_rules")).unwrap_or_default();
    for rule in skipped.iter() {
        Profile::set(&mut filling.found.report.profile, format!("skipped={rule}"));
    }
    if let Some(paths) = object.object("paths") {
        let scanned: Words = filling.one("/paths/scanned", paths.raw("scanned")).unwrap_or_default();
        scanned.iter().for_each(|path| filling.touched(path));
        filling.each("/paths/skipped", paths.raw("skipped"), |filling, _: serde::de::IgnoredAny, _| {
            filling.leave_out(LeftOut::NotApplicable);
        });
    }
    filling.finish()
}

fn told(word: &Word) -> Option<&str> {
    word.get().filter(|text| *text != WITHHELD)
}

fn finding(entry: &Entry) -> Option<ScanResult> {
    let rule = entry.check_id.get()?;
    let extra = &entry.extra;
    let place = ScanPlace {
        file: place::file(entry.path.text()),
        line: entry.start.as_ref().and_then(|start| start.line.number()).filter(|line| *line > 0),
        code: told(&extra.lines).map(text),
        ..ScanPlace::default()
    };
    // The last part of `a.b.c.sql-injection.sql-injection` is the name of the rule.
    let name = rule.rsplit('.').next().unwrap_or(rule);
    let mut result = ScanResult::new(shorten(rule, 400), title(name), FindingKind::Vulnerability, place);
    result.text = text(extra.message.text());
    result.advice = told(&extra.fix).map(text).unwrap_or_default();
    result.severity = extra.severity.text().to_owned();
    result.tool_fingerprint =
        told(&extra.fingerprint).map(|print| shorten(&format!("fingerprint:{print}"), 400));
    if extra.is_ignored == Some(true) {
        result.suppressed = Some("nosemgrep".to_owned());
    }
    if let Some(metadata) = &extra.metadata {
        result.cwe = metadata.cwe.iter().flat_map(names::cwes).collect();
        result.confidence = metadata.confidence.0.first().cloned().unwrap_or_default();
        for name in metadata.cve.iter().chain(metadata.vulnerability.iter()) {
            names::identify(&mut result, name);
        }
        for page in metadata.references.iter().chain(metadata.source.iter()) {
            names::reference(&mut result, page);
        }
    }
    supply(&mut result, extra);
    let category = extra.metadata.iter().flat_map(|metadata| metadata.category.iter());
    if secrets::sought(category.chain([rule])) || secrets::is_evidence_of(&result.cwe) {
        result.text = secrets::message(&result.text);
        result.advice = String::new();
        result.place.code = result.place.code.take().map(|code| secrets::code(&code));
    }
    Some(result)
}

/// A result of the supply chain is one of a component, not of the line that names it.
fn supply(result: &mut ScanResult, extra: &Extra) {
    let Some(hit) = extra.sca_info.as_ref().and_then(|info| info.dependency_match.as_ref()) else { return };
    let Some(dependency) = &hit.found_dependency else { return };
    result.place.component = dependency.package.get().map(str::to_owned);
    result.place.version = dependency.version.get().map(str::to_owned);
    if let Some(file) = place::file(hit.lockfile.text()) {
        result.place.file = Some(file);
    }
}

fn component(filling: &mut Filling<'_>, listed: &Listed) -> Option<ScanResult> {
    let rule = listed.advisory.rule_id.get()?;
    filling.touched(listed.repository_name.text());
    let place = ScanPlace {
        component: listed.matched_dependency.name.get().map(str::to_owned),
        version: listed.matched_dependency.version_specifier.get().map(str::to_owned),
        file: place::file(listed.dependency_file_location.path.text()),
        line: listed.dependency_file_location.start_line.number().filter(|line| *line > 0),
        object: listed.repository_name.get().map(str::to_owned),
        ..ScanPlace::default()
    };
    let headline = listed.title.get().unwrap_or(rule);
    let mut result = ScanResult::new(shorten(rule, 400), title(headline), FindingKind::Vulnerability, place);
    result.text = text(listed.advisory.description.text());
    result.severity = listed.advisory.severity.text().to_owned();
    result.evidence = text(listed.exposure_type.text());
    let safe = listed.closest_safe_dependency.as_ref().map_or("", |safe| safe.version_specifier.text());
    result.fixed_version = names::fixed(safe);
    if let Some(references) = &listed.advisory.references {
        references.cve_ids.iter().for_each(|name| names::identify(&mut result, name));
        result.cwe = references.cwe_ids.iter().flat_map(names::cwes).collect();
        references.urls.iter().for_each(|page| names::reference(&mut result, page));
    }
    let dismissed = listed.triage.as_ref().filter(|triage| triage.status.text() == "DISMISSED");
    result.suppressed = dismissed.map(|triage| text(&format!("DISMISSED: {}", triage.dismiss_reason.text())));
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, refused, summary};

    #[test]
    fn code_components_and_secrets() {
        let report = only(include_str!("samples/semgrep.json"));
        assert_eq!(
            summary(&report),
            "semgrep 1.90.0 not-told\n\
             python.flask.xss.xss ERROR vulnerability a.py:12 cwe 79 print fingerprint:abcdef_0\n\
             generic.secrets.key.detected-key ERROR vulnerability b.py:1 cwe 798 suppressed nosemgrep\n\
             ssc-1 WARNING vulnerability grpcio 1.47.0 req.txt:3 CVE-2023-1\n\
             left out: not-applicable 1\nleft out: about-the-run 1\nscan-entry-unreadable\n"
        );
        assert!(!format!("{report:?}").contains("AKIA1"));
        assert!(report.touched.contains("a.py"));
    }

    #[test]
    fn pages_of_the_service() {
        let report = only(include_str!("samples/semgrep-2.json"));
        assert_eq!(
            summary(&report),
            "semgrep - unfinished\nssc-2 HIGH vulnerability grpc 1.0 r.txt:2 o/r cwe 617 CVE-2023-2 suppressed DISMISSED: NO_TIME\n\
             scan-unfinished\nscan-tool-version-missing\n"
        );
    }

    #[test]
    fn empty_lists_show_no_scan() {
        assert_eq!(refused(r#"{"results":[],"errors":[]}"#)[0], "scan-empty");
        assert_eq!(only(r#"{"results":[],"errors":[],"version":"1.0"}"#).results.len(), 0);
    }
}
