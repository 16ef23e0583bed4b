//! 見直し: operational items about vulnerabilities are reviewed regularly: changed, or *no change* with a reason, approved
//! by another person, and due again (企画管理編 15, SPEC.md section 4).
//!
//! ```text
//! due ─► reviewed ─► approved ─► due again on the next day
//!  ▲────────┘ sent back
//! ```

mod commands;
mod event;
mod shown;

#[cfg(test)]
mod tests;

pub use event::ReviewEvent;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::evidence::Document;
use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{PersonId, SystemId};
use crate::terms;

terms! {
    /// How far the review of an item has come.
    pub enum ReviewState ("review-state") {
        /// 次回待ち・実施待ち: to be reviewed on its day. Overdue from the day after.
        Planned = "planned",
        /// 実施済み: waits for approval.
        Reviewed = "reviewed",
        /// 終了: the item is no longer operated.
        Ended = "ended",
    }
}

terms! {
    /// What a review came to.
    pub enum ReviewResult ("review-result") {
        /// 変更あり
        Changed = "changed",
        /// 変更なし
        NoChange = "no-change",
    }
}

/// An operational item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewItem {
    /// What is reviewed.
    pub title: String,
    /// What it says now: rule, setting, way of working.
    pub content: String,
    /// Items of the guideline that it serves, as the catalogue names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// The system that it concerns; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// Who is responsible for it.
    pub responsible: PersonId,
    /// After how many days it is reviewed again. From the approved policy or the manager's decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_days: Option<u16>,
}

/// What a review found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Finding {
    /// The item changes.
    Changed {
        /// What it says from the approval on.
        content: String,
        /// Why.
        reason: String,
    },
    /// It stays as it is.
    NoChange {
        /// Why that is right.
        reason: String,
    },
}

/// A review that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// On which day it was due.
    pub due: Date,
    /// What it found.
    pub finding: Finding,
    /// What was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Who reviewed.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A review that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The review.
    pub reviewed: Reviewed,
    /// The approval.
    pub approval: Given,
}

/// How far it has come. A stage holds only what exists at that stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewStage {
    /// To be reviewed on this day in Japan.
    Planned {
        /// The day.
        due: Date,
    },
    /// Waits for approval.
    Reviewed(Reviewed),
    /// Not operated any more.
    Ended {
        /// Why.
        reason: String,
        /// Who ended it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// A review that was sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// The review.
    pub reviewed: Reviewed,
    /// Why.
    pub reason: String,
    /// Who sent it back.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 見直し of an operational item, again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The item as it is now.
    pub item: ReviewItem,
    /// How far it has come.
    pub stage: ReviewStage,
    /// Approved reviews, oldest first.
    pub rounds: Vec<Approved>,
    /// Reviews that were sent back.
    pub sent_back: Vec<SentBack>,
}

impl Finding {
    /// Whether it changes the item.
    pub fn result(&self) -> ReviewResult {
        match self {
            Finding::Changed { .. } => ReviewResult::Changed,
            Finding::NoChange { .. } => ReviewResult::NoChange,
        }
    }

    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Finding::Changed { reason, .. } | Finding::NoChange { reason } => reason,
        }
    }
}

impl Review {
    /// How far it has come.
    pub fn state(&self) -> ReviewState {
        match self.stage {
            ReviewStage::Planned { .. } => ReviewState::Planned,
            ReviewStage::Reviewed(_) => ReviewState::Reviewed,
            ReviewStage::Ended { .. } => ReviewState::Ended,
        }
    }

    /// On which day it is, or was, due.
    pub fn due(&self) -> Option<Date> {
        match &self.stage {
            ReviewStage::Planned { due } => Some(*due),
            ReviewStage::Reviewed(reviewed) => Some(reviewed.due),
            ReviewStage::Ended { .. } => None,
        }
    }

    /// True if it should have been reviewed and approved before this day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due().is_some_and(|due| today > due)
    }
}

impl Process for Review {
    const KIND: Kind = Kind::Review;
    type Event = ReviewEvent;

    fn apply(state: Option<Self>, event: &ReviewEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, ReviewEvent::Planned { item, due }) => Ok(Review {
                item: item.clone(),
                stage: ReviewStage::Planned { due: *due },
                rounds: Vec::new(),
                sent_back: Vec::new(),
            }),
            (Some(review), event) => review.changed(event, when),
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
