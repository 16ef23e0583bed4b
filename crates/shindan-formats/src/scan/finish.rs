//! What holds for every report, whatever its format.

use std::collections::BTreeMap;

use shindan_domain::assessment::{Completion, Fingerprint, LONGEST_TEXT, LeftOut, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

/// Longest list of versions, in bytes.
const LONGEST_LIST: usize = 300;

/// Joins repeated findings and refuses what holds nothing.
pub(super) fn checked(mut reports: Vec<ScanReport>, path: &str) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    for report in &mut reports {
        join_repeated(report);
        if report.completion == Completion::Unfinished
            && !report.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::ScanUnfinished)
        {
            report.diagnostics.push(Diagnostic::new(Code::ScanUnfinished, Place::file(path)));
        }
        let hosts = report.results.iter().filter_map(|result| result.place.host.clone());
        let hosts: Vec<String> = hosts.collect();
        report.touched.extend(hosts);
    }
    let all_empty = reports.iter().all(holds_nothing);
    if all_empty {
        let format = reports.first().map(|report| report.format);
        let mut refused = vec![Diagnostic::new(Code::ScanEmpty, Place::file(path))];
        refused = match format {
            Some(format) => refused.into_iter().map(|diagnostic| diagnostic.with("format", format)).collect(),
            None => refused.into_iter().map(|diagnostic| diagnostic.with("format", "-")).collect(),
        };
        refused.extend(reports.into_iter().flat_map(|report| report.diagnostics));
        return Err(refused);
    }
    Ok(reports)
}

/// Neither a finding nor anything that shows that a scan took place.
fn holds_nothing(report: &ScanReport) -> bool {
    report.results.is_empty()
        && report.touched.is_empty()
        && report.left_out.is_empty()
        && report.rules.as_ref().is_none_or(std::collections::BTreeSet::is_empty)
        && report.completion == Completion::NotTold
        && report.started.is_none()
        && report.ended.is_none()
        && report.tool.version.is_none()
}

/// The same finding at the same place and line stands once, with how often the report names it. A component that occurs in two versions
/// with the same weakness is one finding, which names both versions: the version is no part of its identity.
fn join_repeated(report: &mut ScanReport) {
    let mut known: BTreeMap<(Fingerprint, Option<u32>), usize> = BTreeMap::new();
    let mut kept = Vec::with_capacity(report.results.len());
    let mut repeated = 0;
    for result in report.results.drain(..) {
        let key = (Fingerprint::of(&report.tool.key, &result), result.place.line);
        match known.get(&key).and_then(|at| kept.get_mut(*at)) {
            Some(first) => {
                let first: &mut ScanResult = first;
                keep_both_versions(first, &result);
                first.count = first.count.saturating_add(result.count.max(1));
                first.identifiers.extend(result.identifiers);
                first.cwe.extend(result.cwe);
                keep_what_differs(&mut first.evidence, &result.evidence);
                repeated += 1;
            }
            None => {
                known.insert(key, kept.len());
                kept.push(result);
            }
        }
    }
    report.results = kept;
    if repeated > 0 {
        *report.left_out.entry(LeftOut::Repeated).or_default() += repeated;
    }
}

/// What shows a finding the second time may differ from the first (another header, another file): it is kept as long as there is
/// room.
fn keep_what_differs(kept: &mut String, other: &str) {
    let room = LONGEST_TEXT.saturating_sub(kept.chars().count() + 1);
    if !other.is_empty() && !kept.contains(other) && other.chars().count() <= room {
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(other);
    }
}

/// Versions of a component stand beside each other (`1.0, 1.1`), and so do the versions that hold the fix. A purl that holds another
/// version loses it: it would speak of one of them only.
fn keep_both_versions(first: &mut ScanResult, other: &ScanResult) {
    list(&mut first.place.version, other.place.version.as_deref());
    list(&mut first.fixed_version, other.fixed_version.as_deref());
    if let (Some(purl), Some(another)) = (&mut first.place.purl, &other.place.purl)
        && purl != another
    {
        // A scope of npm begins with an "@", too, and a "/" follows it.
        let version = purl.rfind('@').filter(|at| !purl.get(*at..).unwrap_or_default().contains('/'));
        purl.truncate(version.unwrap_or(purl.len()));
    }
}

/// Adds what a list does not hold yet. A list that is too long shows that there are more.
fn list(known: &mut Option<String>, other: Option<&str>) {
    const MORE: &str = "…";
    let Some(other) = other.filter(|other| !other.is_empty()) else { return };
    match known {
        None => *known = Some(other.to_owned()),
        Some(known) => {
            let held = |one: &str| known.split(", ").any(|part| part == one);
            if other.split(", ").all(held) || held(MORE) {
                return;
            }
            let fits = known.len() + other.len() < LONGEST_LIST;
            known.push_str(", ");
            known.push_str(if fits { other } else { MORE });
        }
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::assessment::{ScanFormat, ScanPlace};
    use shindan_domain::identifier::FindingKind;

    use super::*;

    fn component(version: &str, fixed: &str) -> ScanResult {
        let place = ScanPlace {
            component: Some("lodash".to_owned()),
            version: Some(version.to_owned()),
            purl: Some(format!("pkg:npm/lodash@{version}")),
            ..ScanPlace::default()
        };
        let mut result = ScanResult::new("CVE-2099-1000", "t", FindingKind::Vulnerability, place);
        result.fixed_version = Some(fixed.to_owned());
        result
    }

    fn joined(results: Vec<ScanResult>) -> ScanReport {
        let mut report = ScanReport::new(ScanFormat::Trivy, "Trivy", "trivy");
        report.results = results;
        checked(vec![report], "r.json").expect("reads").remove(0)
    }

    #[test]
    fn two_versions_of_a_component_are_one_finding_that_names_both() {
        let report = joined(vec![component("1.0", "2.0"), component("1.1", "2.0"), component("1.0", "2.0")]);
        assert_eq!(report.results.len(), 1);
        let one = &report.results[0];
        assert_eq!((one.place.version.as_deref(), one.count), (Some("1.0, 1.1"), 3));
        assert_eq!(one.fixed_version.as_deref(), Some("2.0"));
        assert_eq!(one.place.purl.as_deref(), Some("pkg:npm/lodash"));
        assert_eq!(report.left_out[&LeftOut::Repeated], 2);
        let same = joined(vec![component("1.0", "2.0"), component("1.0", "2.0")]);
        assert_eq!(same.results[0].place.version.as_deref(), Some("1.0"));
        assert_eq!(same.results[0].place.purl.as_deref(), Some("pkg:npm/lodash@1.0"));
    }

    #[test]
    fn a_list_of_versions_ends_and_shows_it() {
        let many = (0..500).map(|number| component(&format!("1.{number}"), "2.0"));
        let report = joined(many.collect());
        let versions = report.results[0].place.version.clone().expect("versions");
        assert!(versions.len() < 2 * LONGEST_LIST && versions.ends_with(", …"), "{versions}");
        assert_eq!(report.results[0].count, 500);
    }
}
