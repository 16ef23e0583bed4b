//! How far a case has come. Each stage holds only what exists at that stage.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::analysis::RiskAnalysis;
use super::settle::{Judgement, Reopening, Settled, Treatment, TreatmentDecision};
use crate::approval::Given;
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// 対応案件の状態
    pub enum CaseState ("case-state") {
        /// Found by matching.
        Detected = "detected",
        /// Whether it applies was judged.
        Judged = "judged",
        /// The risk was analysed.
        Analysed = "analysed",
        /// A measure was decided, and waits for approval.
        Decided = "decided",
        /// The decision was approved.
        Approved = "approved",
        /// Is being treated.
        InProgress = "in-progress",
        /// The treatment was confirmed by a second person.
        Confirmed = "confirmed",
        /// Closed with its proof.
        Closed = "closed",
        /// The risk is accepted until a date. Never closed.
        Accepted = "accepted",
        /// Opened again; begins with the judgement.
        Reopened = "reopened",
    }
}

/// How far a case has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Stage {
    /// Found by matching.
    Detected,
    /// Opened again.
    Reopened {
        /// Why.
        reopening: Reopening,
    },
    /// Judged.
    Judged {
        /// The judgement.
        judgement: Judgement,
    },
    /// Analysed.
    Analysed {
        /// The judgement: affected.
        judgement: Judgement,
        /// The analysis.
        analysis: Box<RiskAnalysis>,
    },
    /// Decided.
    Decided {
        /// The judgement: affected.
        judgement: Judgement,
        /// The analysis.
        analysis: Box<RiskAnalysis>,
        /// The measure.
        decision: TreatmentDecision,
    },
    /// Approved.
    Approved {
        /// What.
        settled: Settled,
        /// By whom.
        approval: Given,
    },
    /// In progress.
    InProgress {
        /// What.
        settled: Settled,
        /// By whom.
        approval: Given,
    },
    /// Confirmed.
    Confirmed {
        /// What.
        settled: Settled,
        /// By whom it was approved.
        approval: Given,
        /// By whom the treatment was confirmed.
        confirmation: Given,
        /// When the measure is looked at again; there for measures that are no patch and no replacement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<Date>,
    },
    /// Accepted until a date.
    Accepted {
        /// What.
        settled: Settled,
        /// By whom.
        approval: Given,
        /// The last day.
        until: Date,
    },
    /// Closed.
    Closed {
        /// What.
        settled: Settled,
        /// By whom it was approved.
        approval: Given,
        /// By whom the treatment was confirmed; `None` where nothing had to be treated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmation: Option<Given>,
        /// When the measure is looked at again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<Date>,
        /// Who closed it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

impl Stage {
    /// Its name.
    pub fn state(&self) -> CaseState {
        match self {
            Stage::Detected => CaseState::Detected,
            Stage::Reopened { .. } => CaseState::Reopened,
            Stage::Judged { .. } => CaseState::Judged,
            Stage::Analysed { .. } => CaseState::Analysed,
            Stage::Decided { .. } => CaseState::Decided,
            Stage::Approved { .. } => CaseState::Approved,
            Stage::InProgress { .. } => CaseState::InProgress,
            Stage::Confirmed { .. } => CaseState::Confirmed,
            Stage::Closed { .. } => CaseState::Closed,
            Stage::Accepted { .. } => CaseState::Accepted,
        }
    }

    /// What was approved; `None` before.
    pub fn settled(&self) -> Option<&Settled> {
        self.approved().map(|(settled, _)| settled)
    }

    /// What was approved and by whom; `None` before.
    pub fn approved(&self) -> Option<(&Settled, &Given)> {
        match self {
            Stage::Approved { settled, approval }
            | Stage::InProgress { settled, approval }
            | Stage::Confirmed { settled, approval, .. }
            | Stage::Accepted { settled, approval, .. }
            | Stage::Closed { settled, approval, .. } => Some((settled, approval)),
            _ => None,
        }
    }

    /// The judgement, once made.
    pub fn judgement(&self) -> Option<&Judgement> {
        match self {
            Stage::Detected | Stage::Reopened { .. } => None,
            Stage::Judged { judgement }
            | Stage::Analysed { judgement, .. }
            | Stage::Decided { judgement, .. } => Some(judgement),
            _ => self.settled().map(Settled::judgement),
        }
    }

    /// The analysis, once made.
    pub fn analysis(&self) -> Option<&RiskAnalysis> {
        match self {
            Stage::Analysed { analysis, .. } | Stage::Decided { analysis, .. } => Some(analysis),
            _ => match self.settled() {
                Some(Settled::Treated { analysis, .. }) => Some(analysis),
                _ => None,
            },
        }
    }

    /// The measure, once decided.
    pub fn decision(&self) -> Option<&TreatmentDecision> {
        match self {
            Stage::Decided { decision, .. } => Some(decision),
            _ => self.settled().and_then(Settled::decision),
        }
    }

    /// The measure's kind, once decided.
    pub fn treatment(&self) -> Option<Treatment> {
        self.decision().map(|decision| decision.treatment)
    }

    /// When a closed or confirmed measure is looked at again.
    pub fn review(&self) -> Option<Date> {
        match self {
            Stage::Confirmed { review, .. } | Stage::Closed { review, .. } => *review,
            _ => None,
        }
    }
}
