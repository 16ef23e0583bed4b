//! 適用の可否: open, or blocked with everything that is missing. The only way to an application.

use serde::{Deserialize, Serialize};

use super::{Change, ChangeKind, Stage};
use crate::patch::{Effect, PatchAtHand};
use crate::process::{Occurrence, Reason, ReasonCode};
use crate::step::ended;
use crate::terms;

terms! {
    /// On which path an application goes through the gate.
    pub enum Path ("change-path") {
        /// 通常
        Regular = "regular",
        /// 緊急
        Emergency = "emergency",
    }
}

/// Whether a change may be applied now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// It may, on this path.
    Open(Path),
    /// It may not: every reason, so that nobody has to find them one by one.
    Blocked(Vec<Reason>),
}

impl Change {
    /// Whether it may be applied now. `patch`: what is recorded of the patch that the plan names, and the hash of its
    /// file at this moment.
    pub fn gate(&self, patch: Option<PatchAtHand<'_>>, by: &Occurrence) -> Gate {
        if let Stage::Ended(_) = self.stage {
            return Gate::Blocked(vec![ended(self.state().term()).reason]);
        }
        let regular = self.regular_blockers(patch, by);
        if regular.is_empty() && !self.rests_on_emergency() {
            return Gate::Open(Path::Regular);
        }
        match &self.emergency {
            None => Gate::Blocked(regular),
            Some(emergency) if emergency.approval.is_none() => {
                let mut blockers = vec![Reason::new(ReasonCode::EmergencyNotApproved)];
                blockers.extend(regular);
                Gate::Blocked(blockers)
            }
            Some(_) => {
                let blockers = self.emergency_blockers(patch);
                if blockers.is_empty() { Gate::Open(Path::Emergency) } else { Gate::Blocked(blockers) }
            }
        }
    }

    fn rests_on_emergency(&self) -> bool {
        matches!(&self.stage, Stage::Rollout { basis: super::Basis::Emergency(_), .. })
    }

    /// An emergency needs no tests before, but a genuine file, and nothing that is known to fail.
    fn emergency_blockers(&self, patch: Option<PatchAtHand<'_>>) -> Vec<Reason> {
        let mut blockers = self.file_blockers(patch);
        if let Some(PatchAtHand { patch, .. }) = patch {
            blockers.extend(patch.genuineness_blockers());
            if let Effect::NotEffective { .. } = patch.effect {
                let reason = Reason::new(ReasonCode::PatchNotEffective);
                blockers.push(reason.with("patch", &patch.particulars.name));
            }
        }
        let preparation = self.stage.preparation();
        let tests = preparation.as_ref().and_then(|preparation| preparation.tested());
        let failed = tests.into_iter().flat_map(|tested| tested.test_blockers(None));
        blockers.extend(failed.filter(|reason| reason.code == ReasonCode::TestFailed));
        blockers
    }

    fn regular_blockers(&self, patch: Option<PatchAtHand<'_>>, by: &Occurrence) -> Vec<Reason> {
        let mut blockers = self.file_blockers(patch);
        blockers.extend(patch.into_iter().flat_map(|at_hand| at_hand.patch.blockers()));
        let file = patch.map(|at_hand| at_hand.patch.file.document.sha256);
        if let Some(preparation) = self.stage.preparation() {
            blockers.extend(preparation.blockers(file));
        }
        match self.stage.ready() {
            None => blockers.push(Reason::new(ReasonCode::ConsentMissing)),
            Some(ready) if ready.withdrawn.is_some() => {
                blockers.push(Reason::new(ReasonCode::ConsentIsWithdrawn));
            }
            Some(ready) => blockers.extend(ready.consent.blocker(by.at)),
        }
        blockers
    }

    /// What is wrong with the patch at hand, apart from its own proofs.
    pub(super) fn file_blockers(&self, patch: Option<PatchAtHand<'_>>) -> Vec<Reason> {
        if self.plan.kind != ChangeKind::Patch {
            return Vec::new();
        }
        let (Some(planned), Some(at_hand)) = (self.plan.patch, patch) else {
            return vec![Reason::new(ReasonCode::PatchMissing)];
        };
        if planned != at_hand.id {
            return vec![Reason::new(ReasonCode::OtherPatch).with("patch", &at_hand.patch.particulars.name)];
        }
        let mut blockers = Vec::new();
        let cases = &at_hand.patch.particulars.cases;
        if !cases.is_empty() && !cases.contains(&self.plan.case) {
            let reason = Reason::new(ReasonCode::PatchForOtherCase);
            blockers.push(reason.with("patch", &at_hand.patch.particulars.name));
        }
        let expected = at_hand.patch.file.document.sha256;
        match at_hand.hash_now {
            None => blockers.push(Reason::new(ReasonCode::FileNotHashed)),
            Some(found) if found != expected => blockers
                .push(Reason::new(ReasonCode::FileDifferent).with("expected", expected).with("found", found)),
            Some(_) => {}
        }
        blockers
    }
}
