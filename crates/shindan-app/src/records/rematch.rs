//! 再照合: whether a weakness is gone, computed by the program from new inventories (SPEC.md section 4, ②-3 and ②-4).
//!
//! Silence proves nothing by itself: the inventory must name what was to be repaired, be readable as a whole, and leave
//! nothing about it undetermined.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use shindan_domain::case::Case;
use shindan_domain::case::found::Rematch;
use shindan_domain::case::grouping::component_name;
use shindan_domain::case::refresh::{Settings, refresh};
use shindan_domain::case::{CaseEvent, Refreshed};
use shindan_domain::diagnostic::Severity;
use shindan_domain::finding::{CheckResult, InputReport, Undetermined, VulnerabilityFacts};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::CaseId;

use super::matched::{Keys, judged, matched};
use super::{Records, RecordsError};
use crate::check::{self, CheckOptions};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::register;

/// New inventories, judged.
#[derive(Debug)]
pub(super) struct Rematched {
    /// With which knowledge and when.
    pub rematch: Rematch,
    result: CheckResult,
    keys: Keys,
    /// Places and components that the inventories name.
    present: BTreeSet<(Arc<str>, String)>,
    /// Place of each finding, in their order.
    places: Vec<Arc<str>>,
    doubts: Vec<Arc<str>>,
}

impl Records {
    /// Judges inventories, and the register if it is asked for, as of `at`.
    ///
    /// # Errors
    /// [`ReasonCode::RematchUnreadable`] if one could not be read completely; [`AppError::KnowledgeMissing`] and others of
    /// `check`.
    pub(super) fn match_again(
        &self,
        paths: &[PathBuf],
        register: bool,
        at: Timestamp,
    ) -> Result<Rematched, RecordsError> {
        let folder = DataFolder::new(self.root());
        let missing = || AppError::KnowledgeMissing(self.root().to_owned());
        let knowledge = folder.current()?.ok_or_else(missing)?;
        let options = CheckOptions { now: at, max_age_days: None, allow_stale: true, only: None, register };
        let checked = check::check(&folder, paths, &options)?;
        if checked.unreadable {
            let inputs = &checked.result.inputs;
            let unread = inputs.iter().find(|input| input.kind.is_none() || has_error(input));
            let file = unread.map(|input| input.path.clone()).unwrap_or_default();
            let reason = Reason::new(ReasonCode::RematchUnreadable).with("file", file);
            return Err(RecordsError::refused(None, reason.into()));
        }
        let registered = register::shared(&folder)?;
        let keys = Keys::of(&checked.result, &registered, |_| true);
        let (inputs, _) = check::inputs(&folder, paths, &options)?;
        let mut present = BTreeSet::new();
        for (number, input) in inputs.iter().enumerate() {
            for component in input.inventory.iter().flat_map(|inventory| &inventory.components) {
                present.insert((keys.place(number, component), component_name(component)));
            }
        }
        let result = checked.result;
        let places = result.findings.iter().map(|f| keys.place(f.input, &f.component)).collect();
        let doubts = result.undetermined.iter().map(|u| keys.place(u.input, &u.component)).collect();
        Ok(Rematched { rematch: Rematch { knowledge, at }, result, keys, present, places, doubts })
    }
}

fn has_error(input: &InputReport) -> bool {
    input.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// Identifiers that count as one of the wanted vulnerabilities.
fn is_wanted(wanted: &BTreeSet<String>, facts: &VulnerabilityFacts) -> bool {
    wanted.contains(&facts.id) || facts.aliases.iter().any(|alias| wanted.contains(alias))
}

/// Every identifier of the vulnerabilities of cases.
fn identifiers<'a>(cases: impl IntoIterator<Item = &'a Case>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (id, fact) in cases.into_iter().flat_map(|case| &case.vulnerabilities) {
        all.insert(id.clone());
        all.extend(fact.aliases.iter().cloned());
    }
    all
}

impl Rematched {
    /// Findings of these cases (and `further` vulnerabilities) that are left anywhere in the inventories of a test
    /// environment.
    ///
    /// # Errors
    /// [`ReasonCode::RematchWithoutCase`], [`ReasonCode::RematchAbsent`], [`ReasonCode::RematchUndetermined`].
    pub fn remaining(&self, cases: &[Case], further: &[String]) -> Result<u32, Refusal> {
        if cases.is_empty() {
            return Err(Refusal::new(ReasonCode::RematchWithoutCase));
        }
        let mut wanted = identifiers(cases);
        wanted.extend(further.iter().cloned());
        for case in cases {
            let names: BTreeSet<&String> =
                case.places.values().flat_map(|place| place.found.components.keys()).collect();
            let named = |name: &&String| self.present.iter().any(|(_, present)| present == *name);
            if !names.iter().any(named) {
                return Err(absent(&names.into_iter().cloned().collect::<Vec<_>>().join(", ")));
            }
            let concerned = |doubt: &Undetermined| names.contains(&component_name(&doubt.component));
            let doubts: Vec<&Undetermined> = self.result.undetermined.iter().collect();
            let open = doubts.into_iter().filter(|doubt| match &doubt.vulnerability {
                Some(facts) => is_wanted(&wanted, facts),
                None => concerned(doubt),
            });
            undetermined(&case.title(), open.count())?;
        }
        let left = self.result.findings.iter().filter(|finding| is_wanted(&wanted, &finding.vulnerability));
        Ok(count(left))
    }

    /// Findings of the case that are left at these places, after the measure was applied there.
    ///
    /// # Errors
    /// [`ReasonCode::RematchAbsent`] for a place that the inventories do not name, or without what was to be repaired;
    /// [`ReasonCode::RematchUndetermined`].
    pub fn remaining_at(&self, case: &Case, places: &BTreeSet<String>) -> Result<u32, Refusal> {
        let wanted = identifiers([case]);
        for key in places {
            let Some(place) = case.places.get(key) else { return Err(absent(key)) };
            let mut names = place.found.components.keys();
            if !names.any(|name| self.present.contains(&(key.as_str().into(), name.clone()))) {
                return Err(absent(&place.found.label));
            }
            let doubts = self.doubts.iter().zip(&self.result.undetermined);
            let open = doubts.filter(|(at, doubt)| {
                let facts = doubt.vulnerability.as_ref();
                ***at == **key && facts.is_none_or(|facts| is_wanted(&wanted, facts))
            });
            undetermined(&place.found.label, open.count())?;
        }
        let found = self.places.iter().zip(&self.result.findings);
        let left = found
            .filter(|(at, finding)| places.contains(&***at) && is_wanted(&wanted, &finding.vulnerability));
        Ok(count(left))
    }

    /// Findings of any kind on an asset that took the place of another one, of the vulnerabilities of the case.
    ///
    /// # Errors
    /// [`ReasonCode::RematchAbsent`] for an asset that the inventories do not name, [`ReasonCode::RematchUndetermined`].
    pub fn remaining_on(&self, case: &Case, successor: &str) -> Result<u32, Refusal> {
        if !self.present.iter().any(|(place, _)| **place == *successor) {
            return Err(absent(successor));
        }
        let wanted = identifiers([case]);
        let doubts = self.doubts.iter().zip(&self.result.undetermined);
        let open = doubts.filter(|(at, doubt)| {
            let facts = doubt.vulnerability.as_ref();
            ***at == *successor && facts.is_none_or(|facts| is_wanted(&wanted, facts))
        });
        undetermined(successor, open.count())?;
        let found = self.places.iter().zip(&self.result.findings);
        let left =
            found.filter(|(at, finding)| ***at == *successor && is_wanted(&wanted, &finding.vulnerability));
        Ok(count(left))
    }

    /// How much could not be judged, by place.
    pub fn doubts_by_place(&self) -> BTreeMap<Arc<str>, u32> {
        let mut doubts: BTreeMap<Arc<str>, u32> = BTreeMap::new();
        for place in &self.doubts {
            let count = doubts.entry(place.clone()).or_default();
            *count = count.saturating_add(1);
        }
        doubts
    }

    /// What the case learns: at which of these places nothing hits any more. What else is new, the next refresh tells.
    pub fn gone(&self, id: CaseId, case: &Case, places: &BTreeSet<String>) -> Option<CaseEvent> {
        let mut findings = matched(self.result.findings.clone(), &self.keys);
        findings.retain(|matched| places.contains(&*matched.place));
        let mut judged = judged(&self.result, self.rematch.knowledge, &self.keys);
        judged.assets.retain(|key| places.contains(&**key));
        let settings = Settings::default();
        let plan = refresh(case.subject, &[(id, case)], &findings, &judged, &settings, self.rematch.at);
        let events = plan.change.into_iter().flat_map(|(_, events)| events);
        let refreshed = events.filter_map(|event| match event {
            CaseEvent::Refreshed(refreshed) => Some(refreshed),
            _ => None,
        });
        let mut gone = refreshed.map(|refreshed| refreshed.gone).next()?;
        gone.retain(|key, _| places.contains(key));
        if gone.is_empty() {
            return None;
        }
        let refreshed = Refreshed { gone, rematch: Some(self.rematch), ..Refreshed::default() };
        Some(CaseEvent::Refreshed(Box::new(refreshed)))
    }
}

fn count<T>(left: impl Iterator<Item = T>) -> u32 {
    u32::try_from(left.count()).unwrap_or(u32::MAX)
}

fn absent(place: &str) -> Refusal {
    Refusal::new(ReasonCode::RematchAbsent).with("place", place)
}

fn undetermined(place: &str, open: usize) -> Result<(), Refusal> {
    if open == 0 {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::RematchUndetermined).with("place", place).with("count", open))
}
