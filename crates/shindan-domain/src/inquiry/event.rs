//! What can happen to an inquiry.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Answer, InquiryDraft, Way};
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InquiryEvent {
    /// Was drafted.
    Drafted {
        /// Whom is asked about what.
        draft: InquiryDraft,
    },
    /// Was sent.
    Sent {
        /// How.
        way: Way,
        /// Until when an answer is expected.
        due: Date,
        /// What was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Document>,
        /// What was said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// The provider was reminded.
    Chased {
        /// How.
        way: Way,
        /// The new due day.
        due: Date,
        /// What was said or sent.
        note: String,
    },
    /// Answers came.
    Answered {
        /// Who answered at the provider.
        answered_by: String,
        /// How they came.
        way: Way,
        /// The reply itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Document>,
        /// The answers.
        answers: Vec<Answer>,
    },
    /// The answers are enough.
    Judged {
        /// What follows from them.
        text: String,
    },
    /// The answers are not enough; it is asked again.
    FoundInsufficient {
        /// What is missing.
        text: String,
        /// The new due day.
        due: Date,
        /// How it was asked again.
        way: Way,
    },
    /// No answer came.
    GivenUpWaiting {
        /// What follows from it.
        text: String,
    },
    /// It was given up before it was answered.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Event for InquiryEvent {}
