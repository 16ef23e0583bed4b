//! What table and HTML have in common: findings gathered into pieces of work, undetermined entries by reason, the
//! age of each source.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::finding::{CheckResult, Finding, InputReport, Undetermined};
use shindan_domain::inventory::Component;
use shindan_domain::priority::Decision;

use crate::dates;

/// One piece of work: the same component in the same version, wherever it is, with everything that hits it.
/// Several vulnerabilities of one device are one visit, and 300 equal terminals are one roll-out.
#[derive(Debug, Clone)]
pub struct Work<'a> {
    /// The most urgent priority of its findings.
    pub priority: Decision,
    /// What it is about.
    pub component: &'a Component,
    /// The findings, most urgent first.
    pub findings: Vec<&'a Finding>,
    /// Vulnerability → versions that contain the fix; empty if no source names one.
    pub fixes: BTreeMap<&'a str, Vec<&'a str>>,
    /// Where: asset ids, or input paths where there is no asset. Sorted, each once.
    pub places: Vec<&'a str>,
    /// True if any of its vulnerabilities is known to be exploited.
    pub exploited: bool,
}

impl<'a> Work<'a> {
    /// One finding for each vulnerability, most urgent first.
    pub fn distinct(&self) -> Vec<&'a Finding> {
        let mut seen = std::collections::BTreeSet::new();
        self.findings.iter().copied().filter(|f| seen.insert(f.vulnerability.id.as_str())).collect()
    }

    /// The fix, if all vulnerabilities that name fixed versions name the same ones and none is without.
    pub fn common_fix(&self) -> Option<&[&'a str]> {
        let mut fixes = self.fixes.values();
        let first = fixes.next().filter(|f| !f.is_empty())?;
        fixes.all(|fix| fix == first).then_some(first.as_slice())
    }
}

/// Findings gathered into pieces of work: most urgent first, then known to be exploited, then by how many places.
/// Deferred findings are no work; they stay in the list of findings.
pub fn works(result: &CheckResult) -> Vec<Work<'_>> {
    let mut works: BTreeMap<WorkKey<'_>, Work<'_>> = BTreeMap::new();
    for finding in result.findings.iter().filter(|f| f.priority() != Decision::Defer) {
        let work = works.entry(WorkKey::of(&finding.component)).or_insert_with(|| Work {
            priority: finding.priority(),
            component: &finding.component,
            findings: Vec::new(),
            fixes: BTreeMap::new(),
            places: Vec::new(),
            exploited: false,
        });
        work.priority = work.priority.min(finding.priority());
        work.exploited |= finding.vulnerability.kev.is_some();
        let fixes = work.fixes.entry(finding.vulnerability.id.as_str()).or_default();
        for fixed in finding.fixed_versions() {
            if !fixes.contains(&fixed.as_str()) {
                fixes.push(fixed);
            }
        }
        work.places.push(place_of(result, finding));
        work.findings.push(finding);
    }
    let mut works: Vec<Work<'_>> = works.into_values().collect();
    for work in &mut works {
        work.places.sort_unstable();
        work.places.dedup();
        work.findings.sort_by_key(|f| f.priority());
    }
    works.sort_by_key(|w| (w.priority, !w.exploited, std::cmp::Reverse(w.places.len())));
    works
}

/// The asset's id; where there is none, the name of the system that the input describes, or the input's path.
pub fn place_of<'a>(result: &'a CheckResult, finding: &'a Finding) -> &'a str {
    let asset = finding.asset.as_deref().map(|a| a.asset_id.as_str()).filter(|id| !id.is_empty());
    asset.unwrap_or_else(|| name_of(result, finding.input))
}

/// The name of the system that an input describes, or its path if it does not tell.
pub fn name_of(result: &CheckResult, input: usize) -> &str {
    let subject = result.inputs.get(input).and_then(|i| i.subject.as_deref());
    subject.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| path_of(result, input))
}

/// The path of an input; empty if there is no such input.
pub fn path_of(result: &CheckResult, input: usize) -> &str {
    result.inputs.get(input).map_or("", |i| i.path.as_str())
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct WorkKey<'a> {
    maker: Option<&'a str>,
    model: Option<&'a str>,
    package: Option<&'a str>,
    name: &'a str,
    version: Option<&'a str>,
}

impl<'a> WorkKey<'a> {
    fn of(component: &'a Component) -> Self {
        WorkKey {
            maker: component.maker.as_deref(),
            model: component.model.as_deref(),
            package: component.purl.as_deref(),
            name: &component.name,
            version: version_of(component),
        }
    }
}

/// The version, or the firmware of a device.
pub fn version_of(component: &Component) -> Option<&str> {
    component.version.as_deref().or(component.firmware.as_deref())
}

/// Undetermined entries with the same reason.
#[derive(Debug, Clone)]
pub struct Reason<'a> {
    /// Why.
    pub code: Code,
    /// The entries; never empty.
    pub entries: Vec<&'a Undetermined>,
    /// How many different components they concern.
    pub components: usize,
}

/// Undetermined entries by reason, the most frequent first.
pub fn reasons(result: &CheckResult) -> Vec<Reason<'_>> {
    let mut by_code: BTreeMap<Code, Vec<&Undetermined>> = BTreeMap::new();
    for entry in &result.undetermined {
        by_code.entry(entry.code).or_default().push(entry);
    }
    let mut reasons: Vec<Reason<'_>> = by_code
        .into_iter()
        .map(|(code, entries)| {
            let mut components: Vec<_> = entries.iter().map(|e| component_identity(e)).collect();
            components.sort_unstable();
            components.dedup();
            Reason { code, components: components.len(), entries }
        })
        .collect();
    reasons.sort_by_key(|r| std::cmp::Reverse(r.entries.len()));
    reasons
}

fn component_identity(entry: &Undetermined) -> (usize, &str, &str, Option<&str>) {
    let component = entry.component.as_ref();
    (entry.input, component.pointer.as_str(), component.name.as_str(), version_of(component))
}

/// True if a part of some input could not be read, so that silence about it says nothing.
pub fn has_unreadable_input(result: &CheckResult) -> bool {
    result.inputs.iter().any(is_unreadable)
}

/// True if an input, or a part of it, could not be read.
pub fn is_unreadable(input: &InputReport) -> bool {
    input.kind.is_none() || input.diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

/// How old a source is at the time of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Whole days since its newest document.
    Days(u64),
    /// Older than allowed.
    Stale(u64),
    /// It tells no date.
    Unknown,
}

/// The age of a source against the allowed age in days, if one is set.
pub fn age(newest: Option<Timestamp>, as_of: Timestamp, max_age_days: Option<u64>) -> Age {
    let Some(newest) = newest else { return Age::Unknown };
    let days = dates::days_between(newest, as_of);
    match max_age_days {
        Some(limit) if days > limit => Age::Stale(days),
        _ => Age::Days(days),
    }
}

/// The allowed age: as given, or as the remark about stale knowledge says.
pub fn max_age(result: &CheckResult, given: Option<u64>) -> Option<u64> {
    given.or_else(|| {
        let remark = result
            .remarks
            .iter()
            .find(|r| matches!(r.code, Code::KnowledgeStale | Code::KnowledgeStaleAllowed))?;
        remark.params.get("limit")?.parse().ok()
    })
}
