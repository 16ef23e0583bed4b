//! Cases from an answer of matching, again and again: the same answer twice changes nothing.
//!
//! A finding stays with the case that holds it. Others join the case of the same remediation or open one; findings of
//! priority *defer* open none. What is no longer found is marked *gone* only if its place was judged again: neither a
//! missing input nor doubt ever looks like a repair.

mod apply;
mod compare;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::assessed::ASSESSED_PLACE;
use super::event::Opened;
use super::found::{Rematch, Remediation, VulnerabilityFact};
use super::grouping::{COMPONENT_PLACE, Group, Matched, component_place, remediation};
use super::settle::{Applicability, Settled};
use super::{Case, CaseEvent, CaseState, Due, Stage, Subject};
use crate::diagnostic::Severity;
use crate::finding::{CheckResult, InputReport};
use crate::inventory::Asset;
use crate::policy::DuePolicy;
use crate::priority::{Decision, Probability};
use crate::record_id::CaseId;

/// What was really judged: only there can something be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// With which knowledge and when.
    pub rematch: Rematch,
    /// Keys of assets that were read and judged.
    pub assets: BTreeSet<Arc<str>>,
    /// True if every list of software of the subject was read completely: a component that is not in it is not there.
    pub components_complete: bool,
    /// Places about which nothing, or not everything, could be judged.
    pub doubtful_places: BTreeSet<Arc<str>>,
    /// Vulnerabilities that could not be judged at a place, by any of their identifiers.
    pub doubtful: BTreeMap<Arc<str>, BTreeSet<String>>,
}

impl Judged {
    /// What an answer judged. Inputs that could not be read completely cover nothing; with one of them, no list of software
    /// is complete. Assets that their ledger calls retired were not judged.
    pub fn of(result: &CheckResult, knowledge: u64, asset_key: impl Fn(&Asset) -> Arc<str>) -> Self {
        let readable = |input: &&InputReport| {
            input.kind.is_some() && input.diagnostics.iter().all(|d| d.severity() != Severity::Error)
        };
        let assets = result.inputs.iter().filter(readable).flat_map(|input| &input.assets);
        let mut judged = Judged {
            rematch: Rematch { knowledge, at: result.as_of },
            assets: assets.filter(|asset| !asset.retired).map(&asset_key).collect(),
            components_complete: !result.inputs.is_empty() && result.inputs.iter().all(|i| readable(&i)),
            doubtful_places: BTreeSet::new(),
            doubtful: BTreeMap::new(),
        };
        for doubt in &result.undetermined {
            let place = match &doubt.asset {
                Some(asset) => asset_key(asset),
                None => component_place(&doubt.component).into(),
            };
            match &doubt.vulnerability {
                None => drop(judged.doubtful_places.insert(place)),
                Some(facts) => {
                    let names = judged.doubtful.entry(place).or_default();
                    names.extend(facts.aliases.iter().chain([&facts.id]).cloned());
                }
            }
        }
        judged
    }

    /// True if this vulnerability would have been found at this place, were it still there.
    ///
    /// No comparison finds or clears what a person states or an assessment found.
    pub fn covers(&self, place: &str, fact: &VulnerabilityFact) -> bool {
        if fact.kind.is_stated() || place.starts_with(ASSESSED_PLACE) {
            return false;
        }
        let judged = if place.starts_with(COMPONENT_PLACE) {
            self.components_complete
        } else {
            self.assets.contains(place)
        };
        let doubtful = self.doubtful.get(place);
        judged
            && !self.doubtful_places.contains(place)
            && doubtful.is_none_or(|names| names.is_disjoint(&fact.aliases))
    }
}

/// What a refresh follows besides the answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings<'a> {
    /// Due dates in force.
    pub due: Option<&'a DuePolicy>,
    /// From this EPSS probability on a rise is a surge; from an approved policy.
    pub surge_epss: Option<Probability>,
}

/// A finding that opens no case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deferred {
    /// The vulnerability.
    pub vulnerability: String,
    /// Key of the place.
    pub place: String,
}

/// What is to be done about the cases of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Cases to be opened, by remediation. The caller gives each an id and a number.
    pub open: Vec<CaseEvent>,
    /// What happens to cases that there are.
    pub change: Vec<(CaseId, Vec<CaseEvent>)>,
    /// Cases about which nothing changes.
    pub unchanged: Vec<CaseId>,
    /// Cases that nothing hits any more after the change and that are still open: their proof may close them.
    pub gone: Vec<CaseId>,
    /// Findings that open no case because they can wait, sorted.
    pub deferred: Vec<Deferred>,
}

/// Compares an answer with the cases of its subject. `existing`: all of them, closed ones included; `at`: now.
pub fn refresh(
    subject: Subject,
    existing: &[(CaseId, &Case)],
    findings: &[Matched],
    judged: &Judged,
    settings: &Settings<'_>,
    at: Timestamp,
) -> Plan {
    // A comparison says nothing about what an assessment found: such cases neither change nor take anything in.
    let (assessed, mut cases): (Vec<_>, Vec<(CaseId, &Case)>) =
        existing.iter().copied().partition(|(_, case)| case.is_assessed());
    cases.sort_by_key(|(id, _)| *id);
    let (mut groups, fresh, mut deferred) = assign(&cases, findings);
    deferred.sort();
    deferred.dedup();
    let unchanged = assessed.into_iter().map(|(id, _)| id).collect();
    let mut plan = Plan { deferred, unchanged, ..Plan::default() };
    plan.open = fresh
        .into_iter()
        .map(|(remediation, group)| {
            let priority = group.priority();
            let due = settings.due.and_then(|policy| Due::of(policy, priority, at));
            let Group { vulnerabilities, places } = group;
            CaseEvent::Opened(Box::new(Opened {
                subject,
                remediation,
                vulnerabilities,
                places,
                priority,
                due,
            }))
        })
        .collect();
    for (index, (id, case)) in cases.iter().enumerate() {
        let group = groups.remove(&index).unwrap_or_default();
        let comparison = compare::compare(case, group, judged, settings, at);
        if comparison.all_gone && case.is_open() {
            plan.gone.push(*id);
        }
        if comparison.events.is_empty() {
            plan.unchanged.push(*id);
        } else {
            plan.change.push((*id, comparison.events));
        }
    }
    plan
}

type Assigned = (BTreeMap<usize, Group>, BTreeMap<Remediation, Group>, Vec<Deferred>);

/// Gives each finding to the case that holds it, to one of the same remediation, or to a new group.
fn assign(cases: &[(CaseId, &Case)], findings: &[Matched]) -> Assigned {
    let holders = holders(cases);
    let joinable = joinable(cases);
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    let mut fresh: BTreeMap<Remediation, Group> = BTreeMap::new();
    let mut deferred = Vec::new();
    for matched in findings {
        let facts = &matched.finding.vulnerability;
        let names = || std::iter::once(&facts.id).chain(&facts.aliases);
        let held = holders
            .get(&*matched.place)
            .and_then(|by_name| names().find_map(|name| by_name.get(name.as_str())));
        if let Some((index, id)) = held {
            groups.entry(*index).or_default().add(matched, id);
            continue;
        }
        if matched.finding.priority() == Decision::Defer {
            let place = matched.place.to_string();
            deferred.push(Deferred { vulnerability: facts.id.clone(), place });
            continue;
        }
        let remediation = remediation(&matched.finding);
        let joins = joinable.get(&remediation).and_then(|candidates| {
            candidates
                .iter()
                .copied()
                .find(|index| cases.get(*index).is_some_and(|(_, case)| takes(case, names())))
        });
        match joins.and_then(|index| Some((index, cases.get(index)?.1))) {
            Some((index, case)) => {
                let id = known_as(case, names()).unwrap_or(&facts.id);
                groups.entry(index).or_default().add(matched, id);
            }
            None => fresh.entry(remediation).or_default().add(matched, &facts.id),
        }
    }
    (groups, fresh, deferred)
}

type Holders<'a> = BTreeMap<&'a str, BTreeMap<&'a str, (usize, &'a str)>>;

/// For each place and each identifier: which case holds it and how the case calls it. An open case goes before a closed
/// one, a newer before an older.
fn holders<'a>(cases: &[(CaseId, &'a Case)]) -> Holders<'a> {
    let mut holders: Holders<'a> = BTreeMap::new();
    let (closed, open): (Vec<usize>, Vec<usize>) =
        (0..cases.len()).partition(|index| cases.get(*index).is_some_and(|(_, case)| !case.is_open()));
    for index in closed.into_iter().chain(open) {
        let Some((_, case)) = cases.get(index) else { continue };
        for (key, place) in &case.places {
            let by_name = holders.entry(key).or_default();
            for id in place.found.vulnerabilities.iter().chain(&place.past) {
                by_name.insert(id, (index, id));
                let aliases = case.vulnerabilities.get(id).map(|fact| &fact.aliases);
                for alias in aliases.into_iter().flatten().filter(|alias| *alias != id) {
                    by_name.insert(alias, (index, id));
                }
            }
        }
    }
    holders
}

/// Cases by remediation, those that are worked on first, then the newest.
fn joinable(cases: &[(CaseId, &Case)]) -> BTreeMap<Remediation, Vec<usize>> {
    let mut by_remediation: BTreeMap<Remediation, Vec<usize>> = BTreeMap::new();
    for (index, (_, case)) in cases.iter().enumerate().rev() {
        by_remediation.entry(case.remediation.clone()).or_default().push(index);
    }
    for candidates in by_remediation.values_mut() {
        candidates.sort_by_key(|index| cases.get(*index).is_none_or(|(_, case)| !case.is_open()));
    }
    by_remediation
}

/// True if a further finding of the same remediation belongs to the case. A case that was closed because nothing had to be
/// treated, or by a measure that leaves the software as it is, is opened again by what it knows; a repaired one is not.
fn takes<'a>(case: &Case, names: impl Iterator<Item = &'a String>) -> bool {
    if case.state() != CaseState::Closed {
        return true;
    }
    let repaired = match case.stage.settled() {
        Some(Settled::Judged { judgement }) => judgement.applicability == Applicability::Fixed,
        Some(Settled::Treated { decision, .. }) => !decision.treatment.needs_effect(),
        None => true,
    };
    !repaired && known_as(case, names).is_some()
}

/// How the case calls a vulnerability of these identifiers.
fn known_as<'c, 'a>(case: &'c Case, names: impl Iterator<Item = &'a String>) -> Option<&'c String> {
    let names: Vec<&String> = names.collect();
    case.vulnerabilities
        .iter()
        .find(|(id, fact)| names.iter().any(|name| name == id || fact.aliases.contains(*name)))
        .map(|(id, _)| id)
}

/// True if the case rests: something that comes up opens it again.
pub(super) fn rests(case: &Case) -> bool {
    matches!(
        &case.stage,
        Stage::Accepted { .. }
            | Stage::Closed { .. }
            | Stage::Approved { settled: Settled::Judged { .. }, .. }
    )
}
