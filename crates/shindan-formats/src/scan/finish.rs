//! What holds for every report, whatever its format.

use std::collections::BTreeMap;

use shindan_domain::assessment::{Completion, Fingerprint, LONGEST_TEXT, LeftOut, ScanReport};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

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

/// The same finding at the same place and line stands once, with how often the report names it.
fn join_repeated(report: &mut ScanReport) {
    let mut known: BTreeMap<(Fingerprint, Option<u32>), usize> = BTreeMap::new();
    let mut kept = Vec::with_capacity(report.results.len());
    let mut repeated = 0;
    for result in report.results.drain(..) {
        let key = (Fingerprint::of(&report.tool.key, &result), result.place.line);
        match known.get(&key).and_then(|at| kept.get_mut(*at)) {
            Some(first) => {
                let first: &mut shindan_domain::assessment::ScanResult = first;
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
