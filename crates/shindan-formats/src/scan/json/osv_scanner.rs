//! OSV-Scanner, JSON. One finding for every vulnerability of a package; the names of its group are its other identifiers.

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word, Words};
use crate::scan::{names, place};
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Source {
    source: Option<SourceFile>,
    packages: Many<Found>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceFile {
    path: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    package: Package,
    vulnerabilities: Many<Vulnerability>,
    groups: Many<Group>,
    license_violations: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    name: Word,
    version: Word,
    commit: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Group {
    ids: Words,
    aliases: Words,
    max_severity: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    id: Word,
    aliases: Words,
    summary: Word,
    details: Word,
    withdrawn: Word,
    severity: Many<Severity>,
    affected: Many<Affected>,
    references: Many<Reference>,
    database_specific: Option<Specific>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Severity {
    score: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference {
    url: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Affected {
    package: Package,
    ranges: Many<Range>,
    database_specific: Option<Specific>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Range {
    events: Many<Event>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    fixed: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Specific {
    severity: Words,
    cwe_ids: Words,
    cwes: Words,
    informational: Words,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::OsvScanner, "OSV-Scanner", "osv-scanner");
    filling.each("/results", object.raw("results"), |filling, source: Source, at| {
        let file = source.source.as_ref().map_or("", |source| source.path.text()).to_owned();
        filling.touched(&file);
        for (number, found) in source.packages.iter().enumerate() {
            package(filling, &file, found, &format!("{at}/packages/{number}"));
        }
    });
    filling.finish()
}

fn package(filling: &mut Filling<'_>, file: &str, found: &Found, at: &str) {
    let place = ScanPlace {
        component: found.package.name.get().map(str::to_owned),
        version: found.package.version.get().or(found.package.commit.get()).map(str::to_owned),
        file: place::file(file),
        ..ScanPlace::default()
    };
    for one in found.vulnerabilities.iter() {
        let Some(id) = one.id.get() else {
            filling.unreadable(at, "no id");
            continue;
        };
        if one.withdrawn.get().is_some() {
            filling.leave_out(LeftOut::NotApplicable);
            continue;
        }
        let result = finding(&place, found, one, id);
        filling.push(result);
    }
    for licence in found.license_violations.iter() {
        let rule = format!("license:{}", shorten(licence, 200));
        filling.push(ScanResult::new(rule, title(licence), FindingKind::Misconfiguration, place.clone()));
    }
}

fn finding(place: &ScanPlace, found: &Found, one: &Vulnerability, id: &str) -> ScanResult {
    let headline = one.summary.get().map_or_else(|| id.to_owned(), str::to_owned);
    let mut result =
        ScanResult::new(shorten(id, 200), title(&headline), FindingKind::Vulnerability, place.clone());
    result.text = text(one.details.text());
    let group = found.groups.iter().find(|group| group.ids.iter().any(|known| known == id));
    let of_group = group.iter().flat_map(|group| group.ids.iter().chain(group.aliases.iter()));
    for name in std::iter::once(id).chain(one.aliases.iter()).chain(of_group) {
        names::identify(&mut result, name);
    }
    one.severity.iter().for_each(|severity| names::add_vector(&mut result, severity.score.text()));
    result.score_x10 = group.and_then(|group| names::score_unless_zero(group.max_severity.text()));
    let hit: Vec<&Affected> =
        one.affected.iter().filter(|affected| affected.package.name == found.package.name).collect();
    let specific = hit.iter().filter_map(|affected| affected.database_specific.as_ref());
    for specific in specific.chain(one.database_specific.as_ref()) {
        if let Some(severity) = specific.severity.0.first().filter(|_| result.severity.is_empty()) {
            result.severity = shorten(severity, 40);
        }
        // Objects of a list `cwes` hold their number among other texts.
        let numbers =
            specific.cwe_ids.iter().chain(specific.cwes.iter().filter(|text| text.starts_with("CWE-")));
        result.cwe.extend(numbers.flat_map(names::cwe));
        match specific.informational.0.first().map(String::as_str) {
            Some("unmaintained") => result.kind = FindingKind::Unmaintained,
            Some("unsound") => result.kind = FindingKind::Unsound,
            _ => {}
        }
    }
    let events = hit.iter().flat_map(|affected| affected.ranges.iter()).flat_map(|range| range.events.iter());
    let fixed: std::collections::BTreeSet<&str> = events.filter_map(|event| event.fixed.get()).collect();
    result.fixed_version = names::fixed(&shorten(&fixed.into_iter().collect::<Vec<_>>().join(", "), 400));
    one.references.iter().for_each(|reference| names::reference(&mut result, reference.url.text()));
    result
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn vulnerabilities_of_packages() {
        let report = only(include_str!("samples/osv-scanner.json"));
        assert_eq!(
            summary(&report),
            "osv-scanner - not-told\n\
             GHSA-1 HIGH vulnerability a 1.0 /src/Cargo.lock cwe 79 CVE-2021-1,GHSA-1,GO-2021-5 fixed 1.1\n\
             RUSTSEC-2021-1 - unmaintained a 1.0 /src/Cargo.lock RUSTSEC-2021-1\n\
             left out: not-applicable 1\nscan-entry-unreadable\nscan-tool-version-missing\n"
        );
        assert_eq!(report.results[0].score_x10, Some(98));
    }
}
