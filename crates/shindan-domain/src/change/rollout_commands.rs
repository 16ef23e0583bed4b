//! What can be asked of a change once the gate opens: application, confirmation, roll-back, closing.

use jiff::Timestamp;

use super::{AppliedTo, AssetProgress, AssetState, Basis, Change, ChangeEvent, Gate, Proof, Rollout, Stage};
use crate::alternative::Alternative;
use crate::approval::Word;
use crate::ledger::Hash;
use crate::patch::PatchAtHand;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;
use crate::step::{Step, apart};

impl Change {
    /// Applies it to assets, if the gate is open at this moment. Each application goes through the gate again.
    ///
    /// # Errors
    /// [`ReasonCode::GateBlocked`] with every blocker; [`ReasonCode::ItemUnknown`], [`ReasonCode::AssetNotInState`],
    /// [`ReasonCode::AssetsMissing`].
    pub fn apply_to(
        &self,
        assets: Vec<String>,
        patch: Option<PatchAtHand<'_>>,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        let path = match self.gate(patch, by) {
            Gate::Open(path) => path,
            Gate::Blocked(blockers) => return Err(Refusal::new(ReasonCode::GateBlocked).missing(blockers)),
        };
        match self.rollout() {
            Some(rollout) => rollout.check(&assets, &[AssetState::Pending, AssetState::Failed])?,
            None => Rollout::of(&self.plan.assets).check(&assets, &[AssetState::Pending])?,
        }
        let file = patch.and_then(|at_hand| at_hand.hash_now).filter(|_| self.plan.patch.is_some());
        Ok(ChangeEvent::Applied { assets, path, file })
    }

    /// Records that it did not work on an asset.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AssetNotInState`], [`ReasonCode::TextMissing`].
    pub fn fail(&self, asset: String, reason: String) -> Result<ChangeEvent, Refusal> {
        let rollout = self.rolling_out(Step::Fail)?;
        rollout.check(std::slice::from_ref(&asset), &[AssetState::Applied])?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ChangeEvent::Failed { asset, reason })
    }

    /// Leaves assets out, with what is done there instead.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AssetNotInState`], [`ReasonCode::TextMissing`].
    pub fn leave_out(
        &self,
        assets: Vec<String>,
        reason: String,
        alternative: Option<Alternative>,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        let rollout = self.rolling_out(Step::LeaveOut)?;
        rollout.check(&assets, &[AssetState::Pending, AssetState::Failed])?;
        text_given(Label::Reason.as_str(), &reason)?;
        alternative.iter().try_for_each(|alternative| alternative.check(by))?;
        Ok(ChangeEvent::LeftOut { assets, reason, alternative })
    }

    /// Confirms that it works where it was applied, with the proof that the measure asks for.
    ///
    /// # Errors
    /// [`ReasonCode::ProofOfOtherKind`], [`ReasonCode::ProofTooOld`], [`ReasonCode::WeaknessRemains`],
    /// [`ReasonCode::SamePerson`] if a second person is needed, [`ReasonCode::AssetNotInState`],
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::DocumentMissing`], [`ReasonCode::TextMissing`].
    pub fn confirm_after(
        &self,
        assets: Vec<String>,
        proof: Proof,
        word: Word,
        by: &Occurrence,
    ) -> Result<ChangeEvent, Refusal> {
        let rollout = self.rolling_out(Step::ConfirmAfter)?;
        rollout.check(&assets, &[AssetState::Applied])?;
        let applied: Vec<&AppliedTo> =
            assets.iter().filter_map(|asset| rollout.assets.get(asset)?.applied()).collect();
        for application in &applied {
            proof.check(self.plan.kind, application.at, by)?;
        }
        word.check()?;
        if proof.needs_second_person() {
            let appliers: Vec<PersonId> = applied.iter().map(|application| application.by).collect();
            apart(&word, by, appliers, Step::Apply, Step::ConfirmEffect)?;
        }
        Ok(ChangeEvent::ConfirmedAfter { assets, proof, word })
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AssetNotInState`], [`ReasonCode::TextMissing`].
    pub fn roll_back(&self, assets: Vec<String>, reason: String) -> Result<ChangeEvent, Refusal> {
        let rollout = self.rolling_out(Step::RollBack)?;
        rollout.check(&assets, &[AssetState::Applied, AssetState::Failed, AssetState::Confirmed])?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ChangeEvent::RolledBack { assets, reason })
    }

    /// Closes it once every asset is settled, and what an emergency left out was made up for.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] with everything that is missing.
    pub fn close(&self) -> Result<ChangeEvent, Refusal> {
        self.rolling_out(Step::Close)?;
        let missing = self.closing_blockers();
        if missing.is_empty() {
            Ok(ChangeEvent::Closed)
        } else {
            Err(self.refused(Step::Close).missing(missing))
        }
    }

    /// Everything that is missing until it can be closed, once something was applied.
    pub fn closing_blockers(&self) -> Vec<Reason> {
        let Stage::Rollout { basis, rollout } = &self.stage else {
            return Vec::new();
        };
        let unsettled = rollout.assets.iter().filter(|(_, progress)| !progress.is_settled());
        let mut missing: Vec<Reason> = unsettled
            .map(|(asset, progress)| {
                let reason = Reason::new(ReasonCode::AssetNotSettled).with("asset", asset);
                reason.with("progress", progress.state())
            })
            .collect();
        if let Basis::Emergency(preparation) = basis
            && (rollout.any_confirmed() || !rollout.settled())
        {
            missing.extend(preparation.blockers(rollout.applied_file()));
        }
        missing
    }

    fn rolling_out(&self, step: Step) -> Result<&Rollout, Refusal> {
        match &self.stage {
            Stage::Rollout { rollout, .. } => Ok(rollout),
            Stage::Preparing(_) | Stage::Ready(_) | Stage::Ended(_) => Err(self.refused(step)),
        }
    }
}

impl AssetProgress {
    /// The application, if it was applied and not taken back.
    pub fn applied(&self) -> Option<&AppliedTo> {
        match self {
            AssetProgress::Applied(applied)
            | AssetProgress::Failed { applied, .. }
            | AssetProgress::Confirmed { applied, .. } => Some(applied),
            AssetProgress::Pending | AssetProgress::RolledBack { .. } | AssetProgress::LeftOut { .. } => None,
        }
    }
}

impl Rollout {
    /// The file that was applied last and not taken back.
    fn applied_file(&self) -> Option<Hash> {
        let applied = self.assets.values().filter_map(AssetProgress::applied);
        applied.max_by_key(|applied| applied.at).and_then(|applied| applied.file)
    }

    /// When it was last applied anywhere and not taken back.
    pub fn last_applied(&self) -> Option<Timestamp> {
        self.assets.values().filter_map(AssetProgress::applied).map(|applied| applied.at).max()
    }

    /// Refuses assets that are not of this change, or have not come as far as is needed, and an empty list.
    fn check(&self, assets: &[String], expected: &[AssetState]) -> Result<(), Refusal> {
        if assets.is_empty() {
            return Err(Refusal::new(ReasonCode::AssetsMissing));
        }
        for asset in assets {
            let Some(progress) = self.assets.get(asset) else {
                let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", asset);
                return Err(refusal.with("field", Label::Asset.as_str()));
            };
            if !expected.contains(&progress.state()) {
                let refusal = Refusal::new(ReasonCode::AssetNotInState).with("asset", asset);
                return Err(refusal.with("progress", progress.state()));
            }
        }
        Ok(())
    }
}
