//! The main line: judge, analyse, decide, approve, confirm, close, reopen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::analysis::AnalysisInputs;
use super::settle::{Applicability, Judgement, ReopenReason, Settled, Treatment};
use super::step::Step;
use super::{Case, CaseEvent, CaseState, Due, Stage};
use crate::advisory::Justification;
use crate::approval::Word;
use crate::calendar::day;
use crate::evidence::Document;
use crate::policy::DuePolicy;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{CaseId, PersonId};

/// What a person judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgementOrder {
    /// Whether it applies.
    pub applicability: Applicability,
    /// Why it is not affected; needed there, and nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<Justification>,
    /// In the words of who judges.
    pub note: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOrder {
    /// The measure.
    pub treatment: Treatment,
    /// Why.
    pub reason: String,
    /// Last day of an acceptance; needed there, and nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_until: Option<Date>,
}

/// Decides the same for many cases with one reason. Each answers for itself: what one refuses does not stop the others.
pub fn decide_all(
    cases: &[(CaseId, &Case)],
    order: &DecisionOrder,
    by: &Occurrence,
) -> Vec<(CaseId, Result<CaseEvent, Refusal>)> {
    cases.iter().map(|(id, case)| (*id, case.decide(order.clone(), by))).collect()
}

pub(super) fn in_future(field: Label, date: Date, by: &Occurrence) -> Result<(), Refusal> {
    if date > day(by.at) {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DateNotInFuture).with("field", field.as_str()).with("date", date))
}

impl Case {
    pub(super) fn refuse(&self, step: Step) -> Refusal {
        Refusal::out_of_order(self.state(), step).missing(self.next_steps())
    }

    /// Sets the due dates of a policy that was approved after the case was opened, counted from when it was noticed.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`], [`ReasonCode::RecordEnded`] for a closed case.
    pub fn set_due(&self, policy: &DuePolicy) -> Result<CaseEvent, Refusal> {
        if !self.is_open() {
            return Err(Refusal::new(ReasonCode::RecordEnded).with("state", self.state()));
        }
        match Due::of(policy, self.priority, self.noticed) {
            Some(due) if self.due != Some(due) => Ok(CaseEvent::DueSet { due }),
            _ => Err(Refusal::new(ReasonCode::NothingChanges)),
        }
    }

    /// Judges whether it applies.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once decided; [`ReasonCode::JustificationMissing`] for *not affected* without one,
    /// [`ReasonCode::JustificationNotNeeded`] elsewhere; [`ReasonCode::TextMissing`] without a note.
    pub fn judge(&self, order: JudgementOrder) -> Result<CaseEvent, Refusal> {
        use Stage::{Analysed, Detected, Judged, Reopened};
        if !matches!(self.stage, Detected | Reopened { .. } | Judged { .. } | Analysed { .. }) {
            return Err(self.refuse(Step::Judge));
        }
        text_given(Label::Note.as_str(), &order.note)?;
        if order.documents.iter().any(|document| document.size == 0) {
            return Err(Refusal::new(ReasonCode::DocumentMissing));
        }
        match (order.applicability, &order.justification) {
            (Applicability::NotAffected, None) => Err(Refusal::new(ReasonCode::JustificationMissing)),
            (Applicability::NotAffected, Some(_)) | (_, None) => Ok(CaseEvent::Judged(order)),
            (other, Some(_)) => {
                Err(Refusal::new(ReasonCode::JustificationNotNeeded).with("applicability", other))
            }
        }
    }

    /// Whether the risk can be analysed now.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before *affected* was judged or after the decision.
    pub fn analysable(&self) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Judged { judgement } | Stage::Analysed { judgement, .. }
                if judgement.applicability == Applicability::Affected =>
            {
                Ok(())
            }
            _ => Err(self.refuse(Step::Analyse)),
        }
    }

    /// Analyses the risk with inputs that are frozen from now on. With a policy, due dates follow the analysed priority.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before *affected* was judged or after the decision;
    /// [`ReasonCode::AnalysisIncomplete`], [`ReasonCode::TextMissing`] as [`AnalysisInputs::check`].
    pub fn analyse(&self, inputs: AnalysisInputs, policy: Option<&DuePolicy>) -> Result<CaseEvent, Refusal> {
        self.analysable()?;
        inputs.check(self.hitting())?;
        let due = policy.and_then(|policy| Due::of(policy, inputs.priority(), self.noticed));
        Ok(CaseEvent::Analysed { inputs: Box::new(inputs), due: due.filter(|due| self.due != Some(*due)) })
    }

    /// Decides the measure.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before the analysis or after the approval; [`ReasonCode::AcceptWithoutEnd`],
    /// [`ReasonCode::DateNotInFuture`], [`ReasonCode::EndNotNeeded`]; [`ReasonCode::TextMissing`] without a reason;
    /// [`ReasonCode::AnalysisOutdated`] if findings were revised or surged since the analysis;
    /// [`ReasonCode::DeviceUseNotPatched`] for a patch against the use of a device.
    pub fn decide(&self, order: DecisionOrder, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        if !matches!(self.stage, Stage::Analysed { .. } | Stage::Decided { .. }) {
            return Err(self.refuse(Step::Decide));
        }
        text_given(Label::Reason.as_str(), &order.reason)?;
        self.analysis_current()?;
        if self.is_stated() && order.treatment == Treatment::Patch {
            return Err(Refusal::new(ReasonCode::DeviceUseNotPatched));
        }
        match (order.treatment, order.accept_until) {
            (Treatment::Accept, None) => Err(Refusal::new(ReasonCode::AcceptWithoutEnd)),
            (Treatment::Accept, Some(until)) => {
                in_future(Label::Until, until, by)?;
                Ok(CaseEvent::Decided(order))
            }
            (other, Some(_)) => Err(Refusal::new(ReasonCode::EndNotNeeded).with("treatment", other)),
            (_, None) => Ok(CaseEvent::Decided(order)),
        }
    }

    fn analysis_current(&self) -> Result<(), Refusal> {
        match self.unsettled_since {
            Some(since) => Err(Refusal::new(ReasonCode::AnalysisOutdated).with("since", day(since))),
            None => Ok(()),
        }
    }

    /// Approves the decision, or the judgement that nothing is to be treated.
    ///
    /// # Errors
    /// [`ReasonCode::SamePerson`] for who judged, analysed or decided; [`ReasonCode::StepOutOfOrder`] where nothing waits
    /// for approval; [`ReasonCode::DateNotInFuture`] for an acceptance that has ended meanwhile;
    /// [`ReasonCode::AnalysisOutdated`]; those of [`Word::check`].
    pub fn approve(&self, word: Word, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        match &self.stage {
            Stage::Judged { judgement } if needs_no_treatment(judgement) => {
                self.analysis_current()?;
                word.check_apart(by, [judgement.by], Step::Judge.as_str(), Step::Approve.as_str())?;
            }
            Stage::Decided { judgement, analysis, decision } => {
                self.analysis_current()?;
                word.check_apart(by, [decision.by], Step::Decide.as_str(), Step::Approve.as_str())?;
                word.check_apart(by, [analysis.by], Step::Analyse.as_str(), Step::Approve.as_str())?;
                word.check_apart(by, [judgement.by], Step::Judge.as_str(), Step::Approve.as_str())?;
                if let Some(until) = decision.accept_until {
                    in_future(Label::Until, until, by)?;
                }
            }
            _ => return Err(self.refuse(Step::Approve)),
        }
        Ok(CaseEvent::Approved { word })
    }

    /// Does not approve, or takes one's own decision back.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] where nothing waits for approval; [`ReasonCode::TextMissing`]; those of
    /// [`Word::check`].
    pub fn decline(&self, reason: String, word: Word) -> Result<CaseEvent, Refusal> {
        let waits = match &self.stage {
            Stage::Judged { judgement } => needs_no_treatment(judgement),
            stage => matches!(stage, Stage::Decided { .. }),
        };
        if !waits {
            return Err(self.refuse(Step::Decline));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        word.check()?;
        Ok(CaseEvent::Declined { reason, word })
    }

    /// Confirms as a second person that the treatment is complete. `review`: when the measure is looked at again.
    ///
    /// # Errors
    /// [`ReasonCode::ProofMissing`] with everything that is missing; [`ReasonCode::SamePerson`] for who recorded evidence;
    /// [`ReasonCode::ReviewDateMissing`] for a measure that is no patch and no replacement, and
    /// [`ReasonCode::AnalysisOutdated`] if findings that it may not cover came up; [`ReasonCode::StepOutOfOrder`].
    pub fn confirm(&self, word: Word, review: Option<Date>, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        let Stage::InProgress { settled, .. } = &self.stage else {
            return Err(self.refuse(Step::Confirm));
        };
        self.proven()?;
        let needs_effect = settled.treatment().is_some_and(Treatment::needs_effect);
        if needs_effect {
            self.analysis_current()?;
        }
        word.check_apart(by, self.recorders(), Step::RecordEvidence.as_str(), Step::Confirm.as_str())?;
        match (needs_effect, review) {
            (true, None) => return Err(Refusal::new(ReasonCode::ReviewDateMissing)),
            (true, Some(date)) => in_future(Label::Review, date, by)?,
            (false, Some(_)) => return Err(Refusal::new(ReasonCode::EndNotNeeded)),
            (false, None) => {}
        }
        Ok(CaseEvent::Confirmed { word, review })
    }

    fn proven(&self) -> Result<(), Refusal> {
        let missing = self.missing_proof();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(ReasonCode::ProofMissing).with("count", missing.len()).missing(missing))
    }

    /// Closes the case.
    ///
    /// # Errors
    /// [`ReasonCode::AcceptedNeverCloses`]; [`ReasonCode::ProofMissing`] with everything that is missing;
    /// [`ReasonCode::StepOutOfOrder`] before confirmation, with the steps that are left.
    pub fn close(&self) -> Result<CaseEvent, Refusal> {
        match &self.stage {
            Stage::Accepted { until, .. } => {
                Err(Refusal::new(ReasonCode::AcceptedNeverCloses).with("until", until))
            }
            Stage::Confirmed { .. } | Stage::Approved { settled: Settled::Judged { .. }, .. } => {
                self.proven()?;
                Ok(CaseEvent::Closed)
            }
            Stage::Approved { .. } | Stage::InProgress { .. } => {
                Err(self.refuse(Step::Close).missing(self.missing_proof()))
            }
            _ => Err(self.refuse(Step::Close)),
        }
    }

    /// Opens an approved, accepted or closed case again.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before anything was approved; [`ReasonCode::TextMissing`] without a reason.
    pub fn reopen(&self, reason: String) -> Result<CaseEvent, Refusal> {
        if self.stage.settled().is_none() {
            return Err(self.refuse(Step::Reopen));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(CaseEvent::Reopened { because: ReopenReason::ByPerson, note: reason })
    }

    /// What ended by itself before this day: an acceptance, an agreed alternative, the time until a review.
    pub fn lapsed(&self, today: Date) -> Option<ReopenReason> {
        match &self.stage {
            Stage::Accepted { until, .. } if *until < today => return Some(ReopenReason::AcceptanceEnded),
            Stage::Confirmed { review: Some(review), .. } | Stage::Closed { review: Some(review), .. }
                if *review < today =>
            {
                return Some(ReopenReason::ReviewDue);
            }
            _ => {}
        }
        let alternative = self.alternative.as_ref().filter(|alternative| alternative.until < today)?;
        let counts = !matches!(self.state(), CaseState::Detected | CaseState::Reopened);
        (counts && alternative.until < today).then_some(ReopenReason::AlternativeEnded)
    }

    /// Opens the case again if something ended by itself. The scheduler asks daily.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] if nothing has ended.
    pub fn expire(&self, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        match self.lapsed(day(by.at)) {
            Some(because) => Ok(CaseEvent::Reopened { because, note: String::new() }),
            None => Err(Refusal::new(ReasonCode::NothingChanges)),
        }
    }

    /// Everybody who must not approve what waits for approval.
    pub fn authors(&self) -> Vec<PersonId> {
        match &self.stage {
            Stage::Judged { judgement } => vec![judgement.by],
            Stage::Analysed { judgement, analysis } => vec![judgement.by, analysis.by],
            Stage::Decided { judgement, analysis, decision } => vec![judgement.by, analysis.by, decision.by],
            stage => stage.settled().map(Settled::authors).unwrap_or_default(),
        }
    }

    /// The next steps of the main line, each as a reason that says what to do.
    pub fn next_steps(&self) -> Vec<Reason> {
        let code = match &self.stage {
            Stage::Detected | Stage::Reopened { .. } => ReasonCode::ToBeJudged,
            Stage::Judged { judgement } => match judgement.applicability {
                Applicability::UnderInvestigation => ReasonCode::ToBeJudged,
                Applicability::Affected => ReasonCode::ToBeAnalysed,
                Applicability::NotAffected | Applicability::Fixed => ReasonCode::ToBeApproved,
            },
            Stage::Analysed { .. } if self.unsettled_since.is_some() => ReasonCode::ToBeAnalysed,
            Stage::Analysed { .. } => ReasonCode::ToBeDecided,
            Stage::Decided { .. } => ReasonCode::ToBeApproved,
            Stage::Approved { .. } | Stage::InProgress { .. } => {
                let missing = self.missing_proof();
                if !missing.is_empty() {
                    return missing;
                }
                match self.stage.treatment() {
                    Some(_) => ReasonCode::ToBeConfirmed,
                    None => ReasonCode::ToBeClosed,
                }
            }
            Stage::Confirmed { .. } => ReasonCode::ToBeClosed,
            Stage::Accepted { .. } | Stage::Closed { .. } => return Vec::new(),
        };
        vec![Reason::new(code).with("priority", self.priority)]
    }
}

fn needs_no_treatment(judgement: &Judgement) -> bool {
    matches!(judgement.applicability, Applicability::NotAffected | Applicability::Fixed)
}
