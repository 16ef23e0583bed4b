//! What can be asked of a change. Steps after the gate stand in `rollout_commands`.

use super::preparation::check_tests;
use super::{
    Change, ChangeEvent, ChangeKind, Consent, Ended, Impact, Notice, PlanDraft, PlannedTest, Preparation,
    Stage, TestPlace, TestResult,
};
use crate::alternative::Alternative;
use crate::approval::Word;
use crate::calendar::not_in_future;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::organisation::Purpose;
use crate::patch::{PatchAtHand, TestedIn};
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::PatchId;
use crate::step::{Spoken, Step, apart, out_of_order};

/// A test as a person reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// Name of the planned test.
    pub test: String,
    /// What it came to.
    pub result: TestResult,
    /// Where it was run.
    pub place: TestPlace,
    /// Protocols, pictures.
    pub documents: Vec<Document>,
    /// What was seen.
    pub note: String,
}

impl Change {
    /// Plans a change.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::AssetsMissing`], [`ReasonCode::PatchNotExpected`].
    pub fn plan(draft: PlanDraft) -> Result<ChangeEvent, Refusal> {
        draft.check()?;
        Ok(ChangeEvent::Planned { draft })
    }

    /// Chooses the patch, as long as nothing was tested with another one.
    ///
    /// # Errors
    /// [`ReasonCode::PatchNotExpected`] unless the change applies one, [`ReasonCode::NothingChanges`],
    /// [`ReasonCode::StepOutOfOrder`].
    pub fn choose_patch(&self, patch: PatchId) -> Result<ChangeEvent, Refusal> {
        if self.plan.kind != ChangeKind::Patch {
            return Err(Reason::new(ReasonCode::PatchNotExpected).with("kind", self.plan.kind).into());
        }
        match &self.stage {
            Stage::Preparing(preparation) if preparation.tested().is_none() => {}
            _ => return Err(self.refused(Step::ChoosePatch)),
        }
        if self.plan.patch == Some(patch) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(ChangeEvent::PatchChosen { patch })
    }

    /// Assesses the impact.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once tests are planned, [`ReasonCode::TextMissing`],
    /// [`ReasonCode::DocumentMissing`].
    pub fn assess_impact(&self, impact: Impact) -> Result<ChangeEvent, Refusal> {
        match self.preparing(Step::AssessImpact)? {
            Preparation::Planned | Preparation::ImpactAssessed(_) => {}
            _ => return Err(self.refused(Step::AssessImpact)),
        }
        impact.check()?;
        Ok(ChangeEvent::ImpactAssessed { impact })
    }

    /// Plans the tests. Once one of them was run, tests can only be added.
    ///
    /// # Errors
    /// [`ReasonCode::ImpactNotAssessed`], [`ReasonCode::NoMandatoryTest`], [`ReasonCode::TestTwice`],
    /// [`ReasonCode::TestDropped`], [`ReasonCode::TextMissing`], [`ReasonCode::StepOutOfOrder`].
    pub fn plan_tests(&self, tests: Vec<PlannedTest>) -> Result<ChangeEvent, Refusal> {
        let preparation = self.preparing(Step::PlanTests)?;
        if let Preparation::Planned = preparation {
            let missing = Reason::new(ReasonCode::ImpactNotAssessed);
            return Err(self.refused(Step::PlanTests).missing([missing]));
        }
        let before = if preparation.tested().is_some() { preparation.tests() } else { &[] };
        check_tests(&tests, before)?;
        Ok(ChangeEvent::TestsPlanned { tests })
    }

    /// Records a test. With a patch, its file must be believed and unchanged: nothing unproven is installed, not even for
    /// a test. `tested_in`: the record of the environment that the report names.
    ///
    /// # Errors
    /// [`ReasonCode::TestsNotPlanned`], [`ReasonCode::ItemUnknown`], [`ReasonCode::TestEnvironmentNeeded`],
    /// [`ReasonCode::StepOutOfOrder`] with everything that is wrong with the patch.
    pub fn run_test(
        &self,
        report: TestReport,
        tested_in: Option<TestedIn<'_>>,
        patch: Option<PatchAtHand<'_>>,
    ) -> Result<ChangeEvent, Refusal> {
        let preparation = self.preparing(Step::RunTest)?;
        if preparation.tests().is_empty() {
            let missing = preparation.blockers(None);
            return Err(self.refused(Step::RunTest).missing(missing));
        }
        if !preparation.tests().iter().any(|test| test.name == report.test) {
            let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", &report.test);
            return Err(refusal.with("field", Label::Test.as_str()));
        }
        self.check_place(&report.place, tested_in)?;
        report.documents.iter().try_for_each(Document::check)?;
        let mut wrong = self.file_blockers(patch);
        wrong.extend(patch.into_iter().flat_map(|at_hand| at_hand.patch.genuineness_blockers()));
        if !wrong.is_empty() {
            return Err(self.refused(Step::RunTest).missing(wrong));
        }
        let TestReport { test, result, place, documents, note } = report;
        let file = self.registered_file(patch);
        Ok(ChangeEvent::TestRun { test, result, place, file, documents, note })
    }

    /// Confirms the results of the tests, by somebody who ran none of them.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] with every mandatory test that is missing or failed; [`ReasonCode::SamePerson`].
    pub fn confirm_results(
        &self,
        word: Word,
        patch: Option<PatchAtHand<'_>>,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        let preparation = self.preparing(Step::ConfirmResults)?;
        let Preparation::Tested(tested) = &preparation else {
            let mut missing = preparation.blockers(None);
            missing.retain(|reason| reason.code != ReasonCode::TestsNotConfirmed);
            return Err(self.refused(Step::ConfirmResults).missing(missing));
        };
        let mut missing = tested.test_blockers(self.registered_file(patch));
        if self.plan.kind == ChangeKind::Patch && self.registered_file(patch).is_none() {
            missing.push(Reason::new(ReasonCode::PatchMissing));
        }
        if !missing.is_empty() {
            return Err(self.refused(Step::ConfirmResults).missing(missing));
        }
        apart(&word, by, tested.testers(), Step::RunTest, Step::ConfirmResults)?;
        Ok(ChangeEvent::ResultsConfirmed { word })
    }

    /// Records the consent of the institution, or another one in place of the one before.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before the results are confirmed, with what is missing;
    /// [`ReasonCode::OtherParty`], [`ReasonCode::SamePerson`] for who planned, [`ReasonCode::DateNotInFuture`],
    /// [`ReasonCode::TextMissing`].
    pub fn consent(&self, consent: Consent, spoken: Spoken, by: &Occurrence) -> Result<ChangeEvent, Refusal> {
        match &self.stage {
            Stage::Preparing(preparation) if matches!(**preparation, Preparation::Confirmed(_)) => {}
            stage if stage.ready().is_some() && !self.has_ended() => {}
            Stage::Preparing(preparation) => {
                return Err(self.refused(Step::Consent).missing(preparation.blockers(None)));
            }
            _ => return Err(self.refused(Step::Consent)),
        }
        consent.check(by)?;
        spoken.check_party(self.plan.institution)?;
        apart(&spoken.word, by, [self.plan.planned_by], Step::PlanChange, Step::Consent)?;
        Ok(ChangeEvent::Consented { consent, word: spoken.word })
    }

    /// Withdraws the consent. What is applied already stays; nothing more is.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] without a consent, [`ReasonCode::TextMissing`] without a reason.
    pub fn withdraw_consent(&self, reason: String) -> Result<ChangeEvent, Refusal> {
        let in_force = self.stage.ready().is_some_and(|ready| ready.withdrawn.is_none());
        if !in_force || self.has_ended() {
            return Err(self.refused(Step::WithdrawConsent));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ChangeEvent::ConsentWithdrawn { reason })
    }

    /// Declares an emergency. Nothing can be applied before another person approves it.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DateInFuture`], [`ReasonCode::NothingChanges`] if one is approved,
    /// [`ReasonCode::StepOutOfOrder`].
    pub fn declare_emergency(
        &self,
        reason: String,
        notice: Notice,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        if self.has_ended() {
            return Err(self.refused(Step::DeclareEmergency));
        }
        if self.emergency.as_ref().is_some_and(|emergency| emergency.approval.is_some()) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        notice.check()?;
        not_in_future(Label::At, notice.at, by)?;
        Ok(ChangeEvent::EmergencyDeclared { reason, notice })
    }

    /// Approves the emergency, by somebody who neither declared it nor planned the change.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::SamePerson`].
    pub fn approve_emergency(&self, word: Word, by: &Occurrence) -> Result<ChangeEvent, Refusal> {
        let declared = self.emergency.as_ref().filter(|emergency| emergency.approval.is_none());
        let Some(emergency) = declared.filter(|_| !self.has_ended()) else {
            return Err(self.refused(Step::ApproveEmergency));
        };
        apart(&word, by, [emergency.declared_by], Step::DeclareEmergency, Step::ApproveEmergency)?;
        apart(&word, by, [self.plan.planned_by], Step::PlanChange, Step::ApproveEmergency)?;
        Ok(ChangeEvent::EmergencyApproved { word })
    }

    /// Records that it cannot be applied, with the alternative that was agreed: the case returns to its decision.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] while something is applied; [`ReasonCode::SamePerson`] for who planned;
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DateNotInFuture`].
    pub fn cannot_apply(
        &self,
        reason: String,
        alternative: Alternative,
        word: Word,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        if self.has_ended() || self.rollout().is_some_and(super::Rollout::anything_applied) {
            return Err(self.refused(Step::CannotApply));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        alternative.check(by)?;
        apart(&word, by, [self.plan.planned_by], Step::PlanChange, Step::CannotApply)?;
        Ok(ChangeEvent::CannotApply { reason, alternative, word })
    }

    /// Gives it up before anything was applied.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn cancel(&self, reason: String) -> Result<ChangeEvent, Refusal> {
        match self.stage {
            Stage::Preparing(_) | Stage::Ready(_) => {}
            Stage::Rollout { .. } | Stage::Ended(_) => return Err(self.refused(Step::Cancel)),
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ChangeEvent::Cancelled { reason })
    }

    pub(super) fn refused(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step)
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// SHA-256 of the file that is registered for the planned patch.
    fn registered_file(&self, patch: Option<PatchAtHand<'_>>) -> Option<Hash> {
        let planned = self.plan.patch;
        patch.filter(|at_hand| Some(at_hand.id) == planned).map(|at_hand| at_hand.patch.file.document.sha256)
    }

    /// The preparation, where it can still go on.
    fn preparing(&self, step: Step) -> Result<Preparation, Refusal> {
        let regular_rollout = self.rollout().is_some() && self.stage.ready().is_some();
        match self.stage.preparation() {
            Some(preparation) if !regular_rollout && !self.has_ended() => Ok(preparation),
            _ => Err(self.refused(step)),
        }
    }

    fn check_place(&self, place: &TestPlace, tested_in: Option<TestedIn<'_>>) -> Result<(), Refusal> {
        let environment = match place {
            TestPlace::Elsewhere(text) => return text_given(Label::TestedAt.as_str(), text),
            TestPlace::Environment(environment) => environment,
        };
        let is_test = tested_in.is_some_and(|(id, record)| {
            let particulars = &record.particulars;
            id == *environment
                && record.ended.is_none()
                && particulars.purpose == Purpose::Test
                && particulars.system == self.plan.system
        });
        if is_test { Ok(()) } else { Err(Refusal::new(ReasonCode::TestEnvironmentNeeded)) }
    }
}

impl Ended {
    /// How the rollout ended: closed if it works anywhere, taken back otherwise.
    pub(super) fn of(basis: super::Basis, rollout: super::Rollout) -> Ended {
        if rollout.any_confirmed() {
            Ended::Closed { basis, rollout }
        } else {
            Ended::RolledBack { basis, rollout }
        }
    }
}
