//! What is to be done, on what, for whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::process::{Label, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{CaseId, PartyId, PatchId, PersonId, SystemId};
use crate::terms;

terms! {
    /// What kind of measure is applied.
    pub enum ChangeKind ("change-kind") {
        /// パッチ適用
        Patch = "patch",
        /// 設定変更
        Configuration = "configuration",
        /// 緩和策
        Mitigation = "mitigation",
        /// 隔離
        Isolation = "isolation",
        /// 更改
        Replacement = "replacement",
    }
}

/// A plan as a person proposes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDraft {
    /// What kind of measure.
    pub kind: ChangeKind,
    /// What it is called in lists.
    pub title: String,
    /// What is done, step by step.
    pub description: String,
    /// The case that it carries out.
    pub case: CaseId,
    /// On which system.
    pub system: SystemId,
    /// On which assets: keys of the register, at least one.
    pub assets: Vec<String>,
    /// The patch; with [`ChangeKind::Patch`] only, and there at the latest before the tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<PatchId>,
    /// The medical institution whose consent is needed.
    pub institution: PartyId,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is planned.
    #[serde(flatten)]
    pub draft: PlanDraft,
    /// Who planned it.
    pub planned_by: PersonId,
    /// When.
    pub planned_at: Timestamp,
}

impl PlanDraft {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Title.as_str(), &self.title)?;
        text_given(Label::Description.as_str(), &self.description)?;
        if self.assets.is_empty() {
            return Err(Refusal::new(ReasonCode::AssetsMissing));
        }
        self.assets.iter().try_for_each(|asset| text_given(Label::Asset.as_str(), asset))?;
        if self.patch.is_some() && self.kind != ChangeKind::Patch {
            return Err(Reason::new(ReasonCode::PatchNotExpected).with("kind", self.kind).into());
        }
        Ok(())
    }
}

impl std::ops::Deref for Plan {
    type Target = PlanDraft;

    fn deref(&self) -> &PlanDraft {
        &self.draft
    }
}
