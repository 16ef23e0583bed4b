//! Who watches, written from SPEC.md and not from the code: it sees events and who caused them, and keeps its own books.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::case::found::Progress;
use crate::case::proof::PatchBasis;
use crate::record_id::PersonId;

#[derive(Debug, Default)]
pub(super) struct Observer {
    judge: Option<PersonId>,
    applicability: Option<(Applicability, bool)>,
    analyst: Option<PersonId>,
    decided: Option<(PersonId, Treatment, Option<jiff::civil::Date>)>,
    approved: bool,
    confirmed: bool,
    places: BTreeSet<String>,
    hitting: BTreeMap<String, BTreeSet<String>>,
    /// Places with a patch proof, and whether it rests on a re-match.
    patched: BTreeMap<String, (bool, bool)>,
    effect: BTreeMap<String, PersonId>,
    replaced: BTreeSet<String>,
    /// When the decision that counts was approved.
    approved_at: Option<Timestamp>,
    /// Places of an assessment that a re-test no longer finds: when its scan began, and who took the report in.
    retested: BTreeMap<String, (Timestamp, PersonId)>,
    /// Closings that rest on a re-test alone at some place.
    pub by_retest: usize,
    pub closings: usize,
    pub acceptances: usize,
}

fn giver(word: &Word, when: &Occurrence) -> Option<PersonId> {
    match word {
        Word::Software => Some(when.actor.person),
        Word::PartnerFile { .. } => None,
        Word::Paper { person, .. } => *person,
    }
}

impl Observer {
    fn again(&mut self) {
        self.judge = None;
        self.applicability = None;
        self.analyst = None;
        self.decided = None;
        self.approved = false;
        self.confirmed = false;
        self.patched.clear();
        self.effect.clear();
        self.replaced.clear();
    }

    fn found(&mut self, places: &BTreeMap<String, super::super::found::FoundPlace>) {
        for (key, place) in places {
            let was_gone = self.hitting.get(key).is_some_and(BTreeSet::is_empty);
            if was_gone || !self.places.contains(key) {
                // Something hits here that did not: whatever proved or confirmed it says nothing about that.
                self.patched.remove(key);
                self.effect.remove(key);
                self.replaced.remove(key);
                self.retested.remove(key);
                self.confirmed = false;
            }
            self.places.insert(key.clone());
            self.hitting.insert(key.clone(), place.vulnerabilities.clone());
        }
    }

    /// Watches one event; `due_allowed`: a policy about due dates was approved.
    pub fn watch(&mut self, event: &CaseEvent, when: &Occurrence, due_allowed: bool) {
        match event {
            CaseEvent::Opened(opened) => {
                assert!(due_allowed || opened.due.is_none(), "a due date without a policy");
                self.found(&opened.places);
            }
            CaseEvent::Refreshed(refreshed) => {
                assert!(due_allowed || refreshed.due.is_none(), "a due date without a policy");
                self.found(&refreshed.places);
                for (key, gone) in &refreshed.gone {
                    let hitting = self.hitting.get_mut(key).unwrap();
                    hitting.retain(|id| !gone.contains(id));
                    let assessed = key.starts_with("assessment:");
                    assert_eq!(
                        assessed,
                        refreshed.retest.is_some(),
                        "{key} is cleared by what does not look there"
                    );
                    if let Some(retest) = &refreshed.retest {
                        assert!(retest.at <= when.at && retest.document.size > 0);
                        self.retested.insert(key.clone(), (retest.at, when.actor.person));
                    }
                }
            }
            CaseEvent::DueSet { .. } => assert!(due_allowed, "a due date without a policy"),
            CaseEvent::Judged(order) => {
                assert!(!self.approved, "judged anew although approved");
                self.judge = Some(when.actor.person);
                self.applicability = Some((order.applicability, order.justification.is_some()));
                self.analyst = None;
                self.decided = None;
            }
            CaseEvent::Analysed { due, .. } => {
                assert!(due_allowed || due.is_none(), "a due date without a policy");
                assert!(
                    matches!(self.applicability, Some((Applicability::Affected, _))),
                    "analysed unjudged"
                );
                self.analyst = Some(when.actor.person);
                self.decided = None;
            }
            CaseEvent::Decided(order) => {
                assert!(self.analyst.is_some() && !self.approved, "decided without analysis");
                assert_eq!(order.treatment == Treatment::Accept, order.accept_until.is_some());
                self.decided = Some((when.actor.person, order.treatment, order.accept_until));
            }
            CaseEvent::Approved { word } => self.approval(word, when),
            CaseEvent::Declined { .. } => {
                assert!(!self.approved);
                self.decided = None;
            }
            CaseEvent::PatchProven { place, change, basis, .. } => {
                let rematched = matches!(basis, PatchBasis::Rematched { .. });
                self.patched.insert(place.clone(), (change.is_some(), rematched));
            }
            CaseEvent::EffectShown { places, .. } => {
                assert!(self.approved, "treated without approval");
                self.effect.extend(places.iter().map(|place| (place.clone(), when.actor.person)));
            }
            CaseEvent::Replaced { place, .. } => {
                assert!(self.approved, "treated without approval");
                self.replaced.insert(place.clone());
            }
            CaseEvent::Progressed { places, progress, .. } => {
                assert!(self.approved, "treated without approval");
                // What begins again is not proven any more, and whose proof it was may confirm another one.
                for key in places.iter().filter(|_| *progress == Progress::Waiting) {
                    self.effect.remove(key);
                    self.patched.remove(key);
                    self.replaced.remove(key);
                }
            }
            CaseEvent::Confirmed { word, review } => {
                let (_, treatment, _) = self.decided.expect("confirmed without decision");
                assert!(self.approved, "confirmed without approval");
                if matches!(
                    treatment,
                    Treatment::ConfigurationChange | Treatment::Mitigation | Treatment::Isolation
                ) {
                    assert!(review.is_some_and(|review| review > crate::calendar::day(when.at)));
                    let giver = giver(word, when);
                    assert!(!self.effect.values().any(|recorder| Some(*recorder) == giver), "alone");
                }
                let giver = giver(word, when);
                let tested = self.places.iter().filter_map(|key| self.retested_since_approval(key));
                assert!(!tested.into_iter().any(|tester| Some(tester) == giver), "confirmed by who tested");
                self.confirmed = true;
            }
            CaseEvent::Closed => self.closing(),
            CaseEvent::AlternativeAgreed { .. } => {
                if self.decided.is_some() {
                    self.decided = None;
                    self.approved = false;
                    self.confirmed = false;
                    self.effect.clear();
                    self.replaced.clear();
                }
            }
            CaseEvent::Reopened { .. } => self.again(),
            CaseEvent::Inherited { .. } | CaseEvent::Overridden { .. } => panic!("not in this model"),
        }
    }

    fn approval(&mut self, word: &Word, when: &Occurrence) {
        let giver = giver(word, when);
        let mut authors = vec![self.judge.expect("approved without judgement")];
        match self.applicability {
            Some((Applicability::Affected, _)) => {
                authors.push(self.analyst.expect("approved without analysis"));
                let (decider, _, until) = self.decided.expect("approved without decision");
                authors.push(decider);
                if let Some(until) = until {
                    assert!(until > crate::calendar::day(when.at), "accepted into the past");
                    self.acceptances += 1;
                }
            }
            Some((Applicability::NotAffected, justified)) => assert!(justified),
            Some((Applicability::Fixed, _)) => {}
            other => panic!("approved {other:?}"),
        }
        assert!(!authors.into_iter().any(|author| Some(author) == giver), "approved by an author");
        self.approved = true;
        self.approved_at = Some(when.at);
    }

    /// Who took in the re-test that no longer finds it and began after the approval.
    fn retested_since_approval(&self, key: &String) -> Option<PersonId> {
        let (at, tester) = self.retested.get(key)?;
        let proves = self.hitting[key].is_empty() && self.approved_at.is_some_and(|approved| *at > approved);
        proves.then_some(*tester)
    }

    fn closing(&mut self) {
        assert!(self.approved, "closed without approval");
        let gone = |key: &String| self.hitting[key].is_empty();
        for key in &self.places {
            let patched = self.patched.get(key);
            let proven = match (self.applicability, self.decided) {
                (Some((Applicability::NotAffected, justified)), _) => justified,
                (Some((Applicability::Fixed, _)), _) => {
                    gone(key) || patched.is_some_and(|(_, rematched)| !rematched)
                }
                (_, Some((_, Treatment::Patch, _))) => {
                    self.confirmed
                        && patched.is_some_and(|(change, rematched)| *change && (!rematched || gone(key)))
                }
                (_, Some((_, Treatment::Replacement, _))) => self.confirmed && self.replaced.contains(key),
                (_, Some((_, Treatment::Accept, _))) => false,
                (_, Some(_)) => self.confirmed && self.effect.contains_key(key),
                (_, None) => false,
            };
            let accepted = matches!(self.decided, Some((_, Treatment::Accept, _)));
            let treated = matches!(self.applicability, Some((Applicability::Affected, _))) && !accepted;
            let retested = treated && self.confirmed && self.retested_since_approval(key).is_some();
            self.by_retest += usize::from(retested && !proven);
            let proven = proven || retested;
            assert!(proven, "closed without proof for {key}: {self:?}");
        }
        self.closings += 1;
    }
}
