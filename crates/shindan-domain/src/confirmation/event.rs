//! What can happen to an instruction.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Fitness, InstructionDraft, Respondent, Snapshot};
use crate::approval::Word;
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to an instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstructionEvent {
    /// Was given.
    Instructed {
        /// What is instructed.
        draft: InstructionDraft,
    },
    /// An item was reported.
    Reported {
        /// Key of the item.
        item: String,
        /// What the program knew.
        snapshot: Snapshot,
        /// What the reporter says.
        statement: String,
        /// What it rests on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// The reporter's word.
        word: Word,
    },
    /// A report was not enough; it is asked again.
    AskedAgain {
        /// Key of the item.
        item: String,
        /// Why.
        reason: String,
    },
    /// An item was judged.
    Judged {
        /// Key of the item.
        item: String,
        /// Fit or not.
        fitness: Fitness,
        /// Why.
        reason: String,
        /// What is to be done if it is not fit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        action: Option<ActionDraft>,
    },
    /// A measure was carried out.
    ActionDone {
        /// Key of the item.
        item: String,
        /// What was done.
        text: String,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
    },
    /// Nothing is left to be done.
    Closed {
        /// When it is to be done again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Date>,
    },
    /// It was given up.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Event for InstructionEvent {}

/// A measure as the manager orders it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionDraft {
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub responsible: Respondent,
    /// Until when, a day in Japan.
    pub due: Date,
}
