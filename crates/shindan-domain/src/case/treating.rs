//! What is done about the places of a case, and what proves it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::commands::in_future;
use super::found::{Place, Progress, Rematch};
use super::proof::PatchBasis;
use super::settle::{Alternative, Applicability, Settled, Treatment};
use super::step::Step;
use super::{Case, CaseEvent, Stage};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, ReasonCode, Refusal, text_given};
use crate::record_id::ChangeId;

impl Case {
    /// True while work on places can be recorded: a measure is approved, or *fixed already* is being proven.
    pub(super) fn can_be_treated(&self) -> bool {
        match &self.stage {
            Stage::Judged { judgement } => judgement.applicability == Applicability::Fixed,
            Stage::Approved { settled: Settled::Judged { judgement }, .. } => {
                judgement.applicability == Applicability::Fixed
            }
            Stage::Approved { .. } | Stage::InProgress { .. } => true,
            _ => false,
        }
    }

    fn place(&self, key: &str) -> Result<&Place, Refusal> {
        self.places.get(key).ok_or_else(|| {
            Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Place.as_str()).with("value", key)
        })
    }

    fn known(&self, places: &BTreeSet<String>) -> Result<(), Refusal> {
        if places.is_empty() {
            return Err(Refusal::new(ReasonCode::TextMissing).with("field", Label::Places.as_str()));
        }
        places.iter().try_for_each(|key| self.place(key).map(drop))
    }

    fn treated_as(&self, step: Step, fits: impl Fn(Treatment) -> bool) -> Result<Treatment, Refusal> {
        if !self.can_be_treated() {
            return Err(self.refuse(step));
        }
        match self.stage.treatment() {
            Some(treatment) if fits(treatment) => Ok(treatment),
            Some(treatment) => {
                Err(Refusal::new(ReasonCode::OtherTreatment).with("treatment", treatment).with("step", step))
            }
            None => Err(self.refuse(step)),
        }
    }

    /// Records how far the treatment of some places has come.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before approval; [`ReasonCode::ItemUnknown`] for a place that is none of the case;
    /// [`ReasonCode::NothingChanges`].
    pub fn progress(
        &self,
        places: BTreeSet<String>,
        progress: Progress,
        change: Option<ChangeId>,
    ) -> Result<CaseEvent, Refusal> {
        self.treated_as(Step::Progress, |_| true)?;
        self.known(&places)?;
        let same = |key: &String| {
            self.places.get(key).is_some_and(|place| {
                place.progress == progress && (change.is_none() || place.change == change)
            })
        };
        if places.iter().all(same) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(CaseEvent::Progressed { places, progress, change })
    }

    /// Records the proof that a place contains the fix: from a change that was verified, or, where *fixed already* was
    /// judged, without one.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::OtherTreatment`]; [`ReasonCode::ItemUnknown`];
    /// [`ReasonCode::ProofOfPatchMissing`] without a change; [`ReasonCode::StillMatched`] for a re-match after which
    /// something still hits; [`ReasonCode::RetestMissing`] for one in a case from an assessment: an inventory does not look for
    /// what a scanner found; [`ReasonCode::RematchTooOld`] for one from before the change; [`ReasonCode::DocumentMissing`];
    /// [`ReasonCode::DateInFuture`].
    pub fn prove_patch(
        &self,
        place: String,
        change: Option<ChangeId>,
        applied_at: Timestamp,
        basis: PatchBasis,
        by: &Occurrence,
    ) -> Result<CaseEvent, Refusal> {
        if self.stage.treatment().is_some() || !self.can_be_treated() {
            self.treated_as(Step::ProvePatch, |treatment| treatment == Treatment::Patch)?;
            if change.is_none() {
                let label = &self.place(&place)?.found.label;
                return Err(Refusal::new(ReasonCode::ProofOfPatchMissing).with("place", label));
            }
        }
        let found = self.place(&place)?;
        if applied_at > by.at {
            let refusal = Refusal::new(ReasonCode::DateInFuture);
            return Err(refusal.with("field", Label::At.as_str()).with("date", applied_at));
        }
        let label = &found.found.label;
        match &basis {
            PatchBasis::FixedBuild { document } if document.size == 0 => {
                Err(Refusal::new(ReasonCode::DocumentMissing))
            }
            PatchBasis::Rematched { .. } if self.is_assessed() => {
                Err(Refusal::new(ReasonCode::RetestMissing).with("place", label))
            }
            PatchBasis::Rematched { .. } if found.gone.is_none() => {
                Err(Refusal::new(ReasonCode::StillMatched).with("place", label))
            }
            PatchBasis::Rematched { rematch } if change.is_some() && rematch.at < applied_at => {
                Err(Refusal::new(ReasonCode::RematchTooOld).with("place", label))
            }
            _ => Ok(CaseEvent::PatchProven { place, change, applied_at, basis }),
        }
    }

    /// Records evidence that the measure has its effect on some places.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::OtherTreatment`], [`ReasonCode::ItemUnknown`],
    /// [`ReasonCode::DocumentMissing`], [`ReasonCode::TextMissing`].
    pub fn show_effect(
        &self,
        places: BTreeSet<String>,
        document: Document,
        note: String,
    ) -> Result<CaseEvent, Refusal> {
        self.treated_as(Step::ShowEffect, Treatment::needs_effect)?;
        self.known(&places)?;
        text_given(Label::Note.as_str(), &note)?;
        if document.size == 0 {
            return Err(Refusal::new(ReasonCode::DocumentMissing));
        }
        Ok(CaseEvent::EffectShown { places, document, note })
    }

    /// Records that a place was retired and another asset took its place.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::OtherTreatment`], [`ReasonCode::ItemUnknown`],
    /// [`ReasonCode::DocumentMissing`]; [`ReasonCode::SuccessorIsPlace`] if the new asset is hit as well.
    pub fn replace(
        &self,
        place: String,
        retired: Document,
        successor: String,
        matched: Rematch,
    ) -> Result<CaseEvent, Refusal> {
        self.treated_as(Step::Replace, |treatment| treatment == Treatment::Replacement)?;
        self.place(&place)?;
        text_given(Label::Successor.as_str(), &successor)?;
        if retired.size == 0 {
            return Err(Refusal::new(ReasonCode::DocumentMissing));
        }
        if self.places.get(&successor).is_some_and(|other| other.gone.is_none()) || successor == place {
            return Err(Refusal::new(ReasonCode::SuccessorIsPlace).with("place", successor));
        }
        Ok(CaseEvent::Replaced { place, retired, successor, matched })
    }

    /// Takes over an agreed alternative, from the provider's answer or a change that cannot be applied. The case returns to
    /// the decision.
    ///
    /// # Errors
    /// [`ReasonCode::DateNotInFuture`], [`ReasonCode::TextMissing`]; [`ReasonCode::StepOutOfOrder`] once the treatment is
    /// confirmed, closed or accepted: open it again first.
    pub fn agree_alternative(&self, alternative: Alternative, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        use Stage::{Accepted, Closed, Confirmed};
        if matches!(self.stage, Accepted { .. } | Closed { .. } | Confirmed { .. }) {
            return Err(self.refuse(Step::AgreeAlternative));
        }
        text_given(Label::Note.as_str(), &alternative.note)?;
        in_future(Label::Until, alternative.until, by)?;
        Ok(CaseEvent::AlternativeAgreed { alternative })
    }
}
