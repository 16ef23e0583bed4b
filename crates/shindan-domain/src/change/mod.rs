//! 適用作業: the act of applying a measure – a patch, or a measure without one (SPEC.md section 4, ②-4).
//!
//! ```text
//! planned ─► impact assessed ─► tests planned ─► tests run ─► result confirmed ─► consented ─► applied ─► confirmed after
//!    │                                                                              ▲ gate       │            │
//!    └─ emergency declared ─► approved by another person ───────────────────────────┘            └ rolled back┴► closed
//! ```
//!
//! A stage holds only what exists at that stage, and the next one is made from it: nothing can be *applied* that was
//! not tested, confirmed and consented to, unless an approved emergency took its place. What an emergency left out has
//! to be made up for before the change can be closed, and the emergency is shown for ever.

mod commands;
mod emergency;
mod event;
mod gate;
mod plan;
mod preparation;
mod proof;
mod rollout;
mod rollout_commands;
mod shown;
mod stage;
mod transitions;

#[cfg(test)]
mod tests;

pub use commands::TestReport;
pub use emergency::{Emergency, Notice};
pub use event::ChangeEvent;
pub use gate::{Gate, Path};
pub use plan::{ChangeKind, Plan, PlanDraft};
pub use preparation::{
    Confirmed, Impact, ImpactAssessed, PlannedTest, Preparation, TestPlace, TestResult, TestRun, Tested,
    TestsPlanned,
};
pub use proof::{Proof, ProofBasis};
pub use rollout::{AppliedTo, AssetProgress, AssetState, Rollout};
pub use stage::{Basis, Consent, Ended, Ready, Stage, Withdrawal};
#[cfg(test)]
pub(crate) use tests::test_environment;

use serde::{Deserialize, Serialize};

use crate::alternative::Alternative;
use crate::approval::Given;
use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::terms;

terms! {
    /// How far a change has come.
    pub enum ChangeState ("change-state") {
        /// 計画
        Planned = "planned",
        /// 影響評価済み
        ImpactAssessed = "impact-assessed",
        /// 試験計画済み
        TestsPlanned = "tests-planned",
        /// 試験実施済み
        TestsRun = "tests-run",
        /// 試験結果確認済み
        ResultConfirmed = "result-confirmed",
        /// 同意済み
        Consented = "consented",
        /// 同意の取消し
        ConsentWithdrawn = "consent-withdrawn",
        /// 適用中: applied at least to one asset, and not every asset is settled.
        Applied = "applied",
        /// 適用後確認済み: every asset is settled.
        ConfirmedAfter = "confirmed-after",
        /// 完了
        Closed = "closed",
        /// 切り戻し
        RolledBack = "rolled-back",
        /// 適用不可: an agreed alternative; the case returns to its decision.
        CannotApply = "cannot-apply",
        /// 取りやめ
        Cancelled = "cancelled",
    }
}

/// An alternative that both sides agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedAlternative {
    /// What is done instead, until when.
    pub alternative: Alternative,
    /// Why the change cannot be applied.
    pub reason: String,
    /// Who agreed.
    pub agreed: Given,
}

/// 適用作業
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is to be done.
    pub plan: Plan,
    /// The emergency, if one was declared. It is shown for ever.
    pub emergency: Option<Emergency>,
    /// How far it has come.
    pub stage: Stage,
}

impl Change {
    /// How far it has come.
    pub fn state(&self) -> ChangeState {
        match &self.stage {
            Stage::Preparing(preparation) => preparation.state(),
            Stage::Ready(ready) if ready.withdrawn.is_some() => ChangeState::ConsentWithdrawn,
            Stage::Ready(_) => ChangeState::Consented,
            Stage::Rollout { rollout, .. } if rollout.settled() => ChangeState::ConfirmedAfter,
            Stage::Rollout { .. } => ChangeState::Applied,
            Stage::Ended(Ended::Closed { .. }) => ChangeState::Closed,
            Stage::Ended(Ended::RolledBack { .. }) => ChangeState::RolledBack,
            Stage::Ended(Ended::CannotApply { .. }) => ChangeState::CannotApply,
            Stage::Ended(Ended::Cancelled { .. }) => ChangeState::Cancelled,
        }
    }

    /// The agreed alternative, if it cannot be applied: the case returns to its decision with it.
    pub fn alternative(&self) -> Option<&AgreedAlternative> {
        match &self.stage {
            Stage::Ended(Ended::CannotApply { agreed }) => Some(agreed),
            _ => None,
        }
    }

    /// Progress per asset once something was applied.
    pub fn rollout(&self) -> Option<&Rollout> {
        match &self.stage {
            Stage::Rollout { rollout, .. }
            | Stage::Ended(Ended::Closed { rollout, .. } | Ended::RolledBack { rollout, .. }) => {
                Some(rollout)
            }
            Stage::Preparing(_) | Stage::Ready(_) | Stage::Ended(_) => None,
        }
    }

    /// What was proven per asset: the closing proof that the case asks for.
    pub fn proofs(&self) -> impl Iterator<Item = (&str, &Proof)> {
        self.rollout().into_iter().flat_map(Rollout::proofs)
    }

    /// True if it was applied on the emergency path, or an emergency was declared.
    pub fn is_emergency(&self) -> bool {
        self.emergency.is_some()
    }
}

impl Process for Change {
    const KIND: Kind = Kind::Change;
    type Event = ChangeEvent;

    fn apply(state: Option<Self>, event: &ChangeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, ChangeEvent::Planned { draft }) => Ok(Change {
                plan: Plan { draft: draft.clone(), planned_by: when.actor.person, planned_at: when.at },
                emergency: None,
                stage: Stage::Preparing(Box::new(Preparation::Planned)),
            }),
            (Some(change), event) => change.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
