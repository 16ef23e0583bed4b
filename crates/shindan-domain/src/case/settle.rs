//! Judgement, analysis, decision: what is settled about a case, step by step.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::analysis::RiskAnalysis;
use crate::advisory::Justification;
use crate::approval::Given;
use crate::evidence::Document;
use crate::record_id::{ChangeId, InquiryId, PersonId};
use crate::terms;

terms! {
    /// 該当性, as in VEX.
    pub enum Applicability ("applicability") {
        /// 影響あり
        Affected = "affected",
        /// 影響なし; needs a justification and an approval.
        NotAffected = "not-affected",
        /// The fix is there already; needs proof for every place and an approval.
        Fixed = "fixed",
        /// 調査中
        UnderInvestigation = "under-investigation",
    }
}

terms! {
    /// 処置
    pub enum Treatment ("treatment") {
        /// パッチ適用
        Patch = "patch",
        /// 設定変更
        ConfigurationChange = "configuration-change",
        /// 緩和策
        Mitigation = "mitigation",
        /// 隔離
        Isolation = "isolation",
        /// 更改
        Replacement = "replacement",
        /// リスク保有 until a date.
        Accept = "accept",
    }
}

impl Treatment {
    /// True if evidence of its effect, confirmed by a second person, closes the case.
    pub fn needs_effect(self) -> bool {
        matches!(self, Treatment::ConfigurationChange | Treatment::Mitigation | Treatment::Isolation)
    }
}

/// Whether the vulnerability applies, by the word of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What.
    pub applicability: Applicability,
    /// Why it is not affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<Justification>,
    /// In the words of who judged.
    pub note: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Who judged.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// The measure, as it was decided. 処置決定
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatmentDecision {
    /// What.
    pub treatment: Treatment,
    /// Why.
    pub reason: String,
    /// Last day of an acceptance; there for *accept* only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_until: Option<Date>,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What awaits approval or is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Settled {
    /// Not affected, or fixed already: nothing is to be treated.
    Judged {
        /// The judgement.
        judgement: Judgement,
    },
    /// Affected, analysed, and a measure decided.
    Treated {
        /// The judgement.
        judgement: Judgement,
        /// The risk analysis with frozen inputs.
        analysis: Box<RiskAnalysis>,
        /// The measure.
        decision: TreatmentDecision,
    },
}

impl Settled {
    /// The judgement.
    pub fn judgement(&self) -> &Judgement {
        match self {
            Settled::Judged { judgement } | Settled::Treated { judgement, .. } => judgement,
        }
    }

    /// The measure, if one was decided.
    pub fn decision(&self) -> Option<&TreatmentDecision> {
        match self {
            Settled::Judged { .. } => None,
            Settled::Treated { decision, .. } => Some(decision),
        }
    }

    /// The measure's kind.
    pub fn treatment(&self) -> Option<Treatment> {
        self.decision().map(|decision| decision.treatment)
    }

    /// Everybody who took part: none of them approves.
    pub fn authors(&self) -> Vec<PersonId> {
        match self {
            Settled::Judged { judgement } => vec![judgement.by],
            Settled::Treated { judgement, analysis, decision } => {
                vec![judgement.by, analysis.by, decision.by]
            }
        }
    }
}

/// Where an agreed alternative comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", content = "id", rename_all = "kebab-case")]
pub enum AlternativeSource {
    /// The provider's answer.
    Inquiry(InquiryId),
    /// A change that cannot be applied.
    Change(ChangeId),
}

/// An alternative that was agreed until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// Where it comes from.
    pub source: AlternativeSource,
    /// What it is, in the words of who agreed.
    pub note: String,
    /// Last day.
    pub until: Date,
}

terms! {
    /// Why a case was opened again.
    pub enum ReopenReason ("reopen-reason") {
        /// The acceptance ended.
        AcceptanceEnded = "acceptance-ended",
        /// The agreed alternative ended.
        AlternativeEnded = "alternative-ended",
        /// The review date of a measure that is no patch has passed.
        ReviewDue = "review-due",
        /// Newly known to be exploited, or far more likely to be.
        Surge = "surge",
        /// The sources changed the score or the fix.
        AdvisoryRevised = "advisory-revised",
        /// The version of the component changed and it is still hit.
        VersionChanged = "version-changed",
        /// What was gone is there again.
        MatchedAgain = "matched-again",
        /// Further findings share the remediation.
        NewFindings = "new-findings",
        /// The provider's decision, which was inherited, no longer counts there.
        ProviderReopened = "provider-reopened",
        /// The site decides otherwise than the provider.
        SiteOverride = "site-override",
        /// The use of the device is another one than the one that was decided on.
        UseChanged = "use-changed",
        /// A person said so.
        ByPerson = "by-person",
    }
}

/// That a case was opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// Why.
    pub because: ReopenReason,
    /// In the words of who opened it; empty if the program did.
    pub note: String,
    /// Who, or on whose behalf.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What was approved before and no longer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// What.
    pub settled: Settled,
    /// The approval.
    pub approval: Given,
    /// When it ceased to count.
    pub ended_at: Timestamp,
    /// Why; `None`: an alternative was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ReopenReason>,
}
