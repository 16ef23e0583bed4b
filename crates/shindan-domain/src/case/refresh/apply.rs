//! The state of a case after a refresh.

use crate::case::event::Refreshed;
use crate::case::found::Place;
use crate::case::{Applicability, Case, Stage};
use crate::process::Occurrence;

impl Case {
    /// Takes in what a later answer changed; `None` if it speaks of a place that the case does not have.
    pub(in crate::case) fn take_in(&mut self, refreshed: &Refreshed, when: &Occurrence) -> Option<()> {
        let outdated = self.is_outdated_by(refreshed);
        for (id, fact) in &refreshed.vulnerabilities {
            self.vulnerabilities.insert(id.clone(), fact.clone());
        }
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
                place.gone = refreshed.rematch;
            }
        }
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

    /// A confirmation does not cover a place that joined later.
    fn unconfirm(&mut self) {
        if let Stage::Confirmed { settled, approval, .. } = &self.stage {
            self.stage = Stage::InProgress { settled: settled.clone(), approval: approval.clone() };
        }
    }
}
