//! The state of a case after a refresh.

use crate::case::event::Refreshed;
use crate::case::found::{Gone, Place, Progress};
use crate::case::settle::Settled;
use crate::case::{Applicability, Case, Stage};
use crate::process::Occurrence;

impl Case {
    /// Takes in what a later answer changed; `None` if it speaks of a place that the case does not have, or if a comparison of
    /// inventories says that a finding of an assessment is gone, or a re-test that anything else is.
    pub(in crate::case) fn take_in(&mut self, refreshed: &Refreshed, when: &Occurrence) -> Option<()> {
        let outdated = self.is_outdated_by(refreshed);
        for (id, fact) in &refreshed.vulnerabilities {
            self.vulnerabilities.insert(id.clone(), fact.clone());
        }
        let shown = self.shown_gone(refreshed, when)?;
        let mut joined = false;
        for (key, found) in &refreshed.places {
            match self.places.get_mut(key) {
                Some(place) => {
                    if place.gone.take().is_some() {
                        place.begin_again();
                        joined = true;
                    }
                    place.past.retain(|id| !found.vulnerabilities.contains(id));
                    place.found = found.clone();
                    place.seen = refreshed.retest.as_ref().map(|retest| retest.at).max(place.seen);
                }
                None => {
                    joined = true;
                    self.places.insert(key.clone(), Place::new(found.clone()));
                }
            }
        }
        for (key, gone) in &refreshed.gone {
            let place = self.places.get_mut(key)?;
            place.found.vulnerabilities.retain(|id| !gone.contains(id));
            place.past.extend(gone.iter().cloned());
            if place.found.vulnerabilities.is_empty() {
                place.gone = shown.clone();
            }
        }
        self.treated_by_retest(refreshed);
        self.priority = refreshed.priority.unwrap_or(self.priority);
        self.due = refreshed.due.or(self.due);
        if outdated {
            self.unsettled_since.get_or_insert(when.at);
        }
        if joined {
            self.unconfirm();
        }
        Some(())
    }

    /// True if what a person judged or analysed no longer covers what is found.
    fn is_outdated_by(&self, refreshed: &Refreshed) -> bool {
        let Some(judgement) = self.stage.judgement() else { return false };
        let further = refreshed.vulnerabilities.keys().any(|id| !self.vulnerabilities.contains_key(id));
        let further_place = refreshed.places.keys().any(|key| !self.places.contains_key(key));
        let untreated = judgement.applicability != Applicability::Affected;
        further
            || !refreshed.surged.is_empty()
            || !refreshed.revised.is_empty()
            || (untreated && further_place)
    }

    /// What shows that something is gone: a re-test in a case from an assessment, a re-match in any other.
    fn shown_gone(&self, refreshed: &Refreshed, when: &Occurrence) -> Option<Option<Gone>> {
        let fits = match (&refreshed.rematch, &refreshed.retest) {
            (Some(_), Some(_)) => false,
            (Some(_), None) => !self.is_assessed(),
            (None, Some(retest)) => self.is_assessed() && retest.at <= when.at,
            (None, None) => !self.is_assessed() || refreshed.gone.is_empty(),
        };
        let recorded_by = when.actor.person;
        let retested = refreshed.retest.clone().map(|retest| Gone::Retested { retest, recorded_by });
        fits.then_some(refreshed.rematch.map(Gone::Rematched).or(retested))
    }

    /// A measure after whose approval a re-test finds nothing any more was carried out there.
    fn treated_by_retest(&mut self, refreshed: &Refreshed) {
        let Some(since) = self.decided_at.filter(|_| self.can_be_treated()) else { return };
        let mut treated = false;
        for key in refreshed.gone.keys() {
            let place = self.places.get_mut(key).filter(|place| place.is_retested_after(since));
            if let Some(place) = place {
                place.progress = Progress::Done;
                treated = true;
            }
        }
        if let Stage::Approved { settled: settled @ Settled::Treated { .. }, approval } = &self.stage
            && treated
        {
            self.stage = Stage::InProgress { settled: settled.clone(), approval: approval.clone() };
        }
    }

    /// A confirmation does not cover a place that joined later.
    fn unconfirm(&mut self) {
        if let Stage::Confirmed { settled, approval, .. } = &self.stage {
            self.stage = Stage::InProgress { settled: settled.clone(), approval: approval.clone() };
        }
    }
}
