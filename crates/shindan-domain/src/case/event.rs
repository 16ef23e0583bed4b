//! What can happen to a case, and the state after it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::analysis::{AnalysisInputs, RiskAnalysis};
use super::commands::{DecisionOrder, JudgementOrder};
use super::found::{FoundPlace, Place, Progress, Rematch, Remediation, Retest, VulnerabilityFact};
use super::proof::{Effect, PatchBasis, ProofOfPatch, ProofOfReplacement};
use super::settle::{
    Alternative, Judgement, Past, ReopenReason, Reopening, Settled, Treatment, TreatmentDecision,
};
use super::{Case, Due, Stage, Subject};
use crate::approval::{Given, Word};
use crate::evidence::Document;
use crate::priority::Decision;
use crate::process::{Event, Occurrence, OutOfOrder};
use crate::record_id::{CaseId, ChangeId};

/// A case, as matching opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// What it is about.
    pub subject: Subject,
    /// What its findings share.
    pub remediation: Remediation,
    /// Vulnerabilities by identifier.
    pub vulnerabilities: BTreeMap<String, VulnerabilityFact>,
    /// Places by key.
    pub places: BTreeMap<String, FoundPlace>,
    /// The most urgent priority of its findings.
    pub priority: Decision,
    /// Due dates, if a policy about them is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// What a later answer of matching changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Refreshed {
    /// Vulnerabilities that are new or about which something changed that matters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vulnerabilities: BTreeMap<String, VulnerabilityFact>,
    /// Places that are new or found otherwise than before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, FoundPlace>,
    /// Vulnerabilities that no longer hit, by place: each was judged again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gone: BTreeMap<String, BTreeSet<String>>,
    /// The judgement of an inventory that showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rematch: Option<Rematch>,
    /// The re-test that showed it; for a case from an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<Retest>,
    /// Vulnerabilities that are newly exploited, or far more likely to be.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub surged: BTreeSet<String>,
    /// Vulnerabilities whose sources changed score or fix.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub revised: BTreeSet<String>,
    /// The priority, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Decision>,
    /// Due dates, if they change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// What can happen to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseEvent {
    /// Was opened.
    Opened(Box<Opened>),
    /// A later answer of matching changed something.
    Refreshed(Box<Refreshed>),
    /// Got due dates of an approved policy.
    DueSet {
        /// The dates.
        due: Due,
    },
    /// Whether it applies was judged.
    Judged(JudgementOrder),
    /// The risk was analysed.
    Analysed {
        /// Frozen inputs.
        inputs: Box<AnalysisInputs>,
        /// Due dates, if the priority changes them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// A measure was decided.
    Decided(DecisionOrder),
    /// The decision, or the judgement that nothing is to be treated, was approved.
    Approved {
        /// By whom.
        word: Word,
    },
    /// It was not approved, or taken back.
    Declined {
        /// Why.
        reason: String,
        /// By whom.
        word: Word,
    },
    /// Treatment of some places has come this far.
    Progressed {
        /// Keys of the places.
        places: BTreeSet<String>,
        /// How far.
        progress: Progress,
        /// The change that treats them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ChangeId>,
    },
    /// A place was proven to contain the fix.
    PatchProven {
        /// Key of the place.
        place: String,
        /// The change; `None` if the fix was there before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ChangeId>,
        /// When it was applied, or found.
        applied_at: jiff::Timestamp,
        /// By what it is known.
        basis: PatchBasis,
    },
    /// Evidence of a measure's effect on some places.
    EffectShown {
        /// Keys of the places.
        places: BTreeSet<String>,
        /// What shows it.
        document: Document,
        /// What was done and looked at.
        note: String,
    },
    /// A place was replaced.
    Replaced {
        /// Key of the place.
        place: String,
        /// Evidence that it was retired.
        retired: Document,
        /// Key of the asset that took its place.
        successor: String,
        /// The judgement of the new one.
        matched: Rematch,
    },
    /// The treatment was confirmed.
    Confirmed {
        /// By whom.
        word: Word,
        /// When the measure is looked at again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<jiff::civil::Date>,
    },
    /// Was closed with its proof.
    Closed,
    /// An alternative was agreed: the case returns to the decision.
    AlternativeAgreed {
        /// The alternative.
        alternative: Alternative,
    },
    /// Took over the provider's decision.
    Inherited {
        /// The provider's case.
        from: CaseId,
        /// What was settled there.
        settled: Settled,
        /// The approval there.
        approval: Given,
    },
    /// The site decides for itself.
    Overridden {
        /// Why.
        reason: String,
    },
    /// Was opened again.
    Reopened {
        /// Why.
        because: ReopenReason,
        /// In the words of who opened it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
}

impl Event for CaseEvent {}

pub(super) fn apply(state: Option<Case>, event: &CaseEvent, when: &Occurrence) -> Result<Case, OutOfOrder> {
    match (state, event) {
        (None, CaseEvent::Opened(opened)) => Ok(open(opened, when)),
        (None, event) => Err(OutOfOrder::new(event, "nothing")),
        (Some(case), event) => {
            let state = case.state();
            case.changed(event, when).ok_or_else(|| OutOfOrder::new(event, state))
        }
    }
}

fn judgement(order: &JudgementOrder, when: &Occurrence) -> Judgement {
    Judgement {
        applicability: order.applicability,
        justification: order.justification,
        note: order.note.clone(),
        documents: order.documents.clone(),
        by: when.actor.person,
        at: when.at,
    }
}

fn open(opened: &Opened, when: &Occurrence) -> Case {
    let places = opened.places.iter().map(|(key, found)| (key.clone(), Place::new(found.clone())));
    Case {
        subject: opened.subject,
        remediation: opened.remediation.clone(),
        vulnerabilities: opened.vulnerabilities.clone(),
        places: places.collect(),
        priority: opened.priority,
        noticed: when.at,
        due: opened.due,
        stage: Stage::Detected,
        alternative: None,
        inherited: None,
        overridden: false,
        unsettled_since: None,
        decided_at: None,
        past: Vec::new(),
    }
}

impl Case {
    /// The case after the event; `None` if it cannot happen in this state.
    fn changed(mut self, event: &CaseEvent, when: &Occurrence) -> Option<Case> {
        match event {
            CaseEvent::Opened(_) => return None,
            CaseEvent::Refreshed(refreshed) => self.take_in(refreshed, when)?,
            CaseEvent::DueSet { due } => self.due = Some(*due),
            CaseEvent::Progressed { .. }
            | CaseEvent::PatchProven { .. }
            | CaseEvent::EffectShown { .. }
            | CaseEvent::Replaced { .. } => self.treated(event, when)?,
            CaseEvent::AlternativeAgreed { alternative } => self.return_to_decision(alternative, when)?,
            CaseEvent::Inherited { from, settled, approval } => {
                if self.overridden || self.stage.settled().is_some() {
                    return None;
                }
                self.inherited = Some(*from);
                self.decided_at = Some(when.at);
                self.approve_as(settled.clone(), approval.clone());
            }
            CaseEvent::Overridden { reason } => {
                self.inherited?;
                self.inherited = None;
                self.overridden = true;
                self.reopen_as(ReopenReason::SiteOverride, reason, when);
            }
            CaseEvent::Reopened { because, note } => self.reopen_as(*because, note, when),
            _ => self.stepped(event, when)?,
        }
        Some(self)
    }

    /// The steps of the main line.
    fn stepped(&mut self, event: &CaseEvent, when: &Occurrence) -> Option<()> {
        let stage = std::mem::replace(&mut self.stage, Stage::Detected);
        let (by, at) = (when.actor.person, when.at);
        self.stage = match (stage, event) {
            (
                Stage::Detected | Stage::Reopened { .. } | Stage::Judged { .. } | Stage::Analysed { .. },
                CaseEvent::Judged(order),
            ) => {
                self.unsettled_since = None;
                Stage::Judged { judgement: judgement(order, when) }
            }
            (
                Stage::Judged { judgement } | Stage::Analysed { judgement, .. },
                CaseEvent::Analysed { inputs, due },
            ) => {
                self.priority = inputs.priority();
                self.due = due.or(self.due);
                self.unsettled_since = None;
                let analysis = RiskAnalysis { inputs: (**inputs).clone(), by, at };
                Stage::Analysed { judgement, analysis: Box::new(analysis) }
            }
            (
                Stage::Analysed { judgement, analysis } | Stage::Decided { judgement, analysis, .. },
                CaseEvent::Decided(order),
            ) => {
                let DecisionOrder { treatment, reason, accept_until } = order.clone();
                let decision = TreatmentDecision { treatment, reason, accept_until, by, at };
                Stage::Decided { judgement, analysis, decision }
            }
            (Stage::Judged { .. }, CaseEvent::Declined { .. }) => Stage::Detected,
            (Stage::Decided { judgement, analysis, .. }, CaseEvent::Declined { .. }) => {
                Stage::Analysed { judgement, analysis }
            }
            (Stage::Judged { judgement }, CaseEvent::Approved { word }) => {
                self.approve_as(Settled::Judged { judgement }, word.clone().given(when));
                return Some(());
            }
            (Stage::Decided { judgement, analysis, decision }, CaseEvent::Approved { word }) => {
                let settled = Settled::Treated { judgement, analysis, decision };
                self.approve_as(settled, word.clone().given(when));
                return Some(());
            }
            (Stage::InProgress { settled, approval }, CaseEvent::Confirmed { word, review }) => {
                let confirmation = word.clone().given(when);
                Stage::Confirmed { settled, approval, confirmation, review: *review }
            }
            (Stage::Confirmed { settled, approval, confirmation, review }, CaseEvent::Closed) => {
                Stage::Closed { settled, approval, confirmation: Some(confirmation), review, by, at }
            }
            (Stage::Approved { settled: settled @ Settled::Judged { .. }, approval }, CaseEvent::Closed) => {
                Stage::Closed { settled, approval, confirmation: None, review: None, by, at }
            }
            _ => return None,
        };
        Some(())
    }

    /// Approved: in force, or accepted until its date.
    fn approve_as(&mut self, settled: Settled, approval: Given) {
        self.decided_at.get_or_insert(approval.at);
        let accepted = settled.decision().filter(|decision| decision.treatment == Treatment::Accept);
        self.stage = match accepted.and_then(|decision| decision.accept_until) {
            Some(until) => Stage::Accepted { settled, approval, until },
            None => Stage::Approved { settled, approval },
        };
    }

    /// Keeps an approved decision that no longer counts.
    fn retire_decision(&mut self, because: Option<ReopenReason>, when: &Occurrence) {
        if let Some((settled, approval)) = self.stage.approved() {
            let (settled, approval) = (settled.clone(), approval.clone());
            self.past.push(Past { settled, approval, ended_at: when.at, because });
            self.decided_at = None;
        }
    }

    fn reopen_as(&mut self, because: ReopenReason, note: &str, when: &Occurrence) {
        self.retire_decision(Some(because), when);
        self.alternative = None;
        self.inherited = None;
        self.places.values_mut().for_each(Place::begin_again);
        let (by, at) = (when.actor.person, when.at);
        self.stage = Stage::Reopened { reopening: Reopening { because, note: note.to_owned(), by, at } };
    }

    fn return_to_decision(&mut self, alternative: &Alternative, when: &Occurrence) -> Option<()> {
        match &self.stage {
            Stage::Confirmed { .. } | Stage::Closed { .. } | Stage::Accepted { .. } => return None,
            Stage::Decided { judgement, analysis, .. }
            | Stage::Approved { settled: Settled::Treated { judgement, analysis, .. }, .. }
            | Stage::InProgress { settled: Settled::Treated { judgement, analysis, .. }, .. } => {
                let stage = Stage::Analysed { judgement: judgement.clone(), analysis: analysis.clone() };
                self.retire_decision(None, when);
                self.inherited = None;
                self.places.values_mut().for_each(Place::drop_other_proofs);
                self.stage = stage;
            }
            _ => {}
        }
        self.alternative = Some(alternative.clone());
        Some(())
    }

    /// What is done about places. The first step brings an approved measure into progress.
    fn treated(&mut self, event: &CaseEvent, when: &Occurrence) -> Option<()> {
        if !self.can_be_treated() {
            return None;
        }
        if let Stage::Approved { settled: settled @ Settled::Treated { .. }, approval } = &self.stage {
            self.stage = Stage::InProgress { settled: settled.clone(), approval: approval.clone() };
        }
        let recorded_by = when.actor.person;
        match event {
            CaseEvent::Progressed { places, progress, change } => {
                for key in places {
                    let place = self.places.get_mut(key)?;
                    // Back to the beginning: what was taken back is not proven any more.
                    if *progress == Progress::Waiting {
                        place.begin_again();
                    }
                    place.progress = *progress;
                    place.change = change.or(place.change);
                }
            }
            CaseEvent::PatchProven { place: key, change, applied_at, basis } => {
                let place = self.places.get_mut(key)?;
                place.progress = Progress::Done;
                place.change = change.or(place.change);
                place.patch = Some(ProofOfPatch {
                    change: *change,
                    at: *applied_at,
                    asset: key.clone(),
                    basis: basis.clone(),
                    recorded_by,
                });
            }
            CaseEvent::EffectShown { places, document, note } => {
                for key in places {
                    let place = self.places.get_mut(key)?;
                    place.progress = Progress::Done;
                    place.effect = Some(Effect {
                        document: document.clone(),
                        note: note.clone(),
                        recorded_by,
                        at: when.at,
                    });
                }
            }
            CaseEvent::Replaced { place: key, retired, successor, matched } => {
                let place = self.places.get_mut(key)?;
                place.progress = Progress::Done;
                place.replacement = Some(ProofOfReplacement {
                    retired: retired.clone(),
                    successor: successor.clone(),
                    matched: *matched,
                    recorded_by,
                });
            }
            _ => return None,
        }
        Some(())
    }
}
