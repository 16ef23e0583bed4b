//! What can happen to the review of an item.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Finding, ReviewItem};
use crate::approval::Word;
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to the review of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewEvent {
    /// The item was entered.
    Planned {
        /// The item.
        item: ReviewItem,
        /// First day on which it is due.
        due: Date,
    },
    /// It was reviewed.
    Reviewed {
        /// What was found.
        finding: Finding,
        /// What was looked at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
    },
    /// The review was approved.
    Approved {
        /// The approver's word.
        word: Word,
        /// When it is due again.
        next: Date,
    },
    /// The review was sent back.
    SentBack {
        /// Why.
        reason: String,
    },
    /// The item is no longer operated.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for ReviewEvent {}
