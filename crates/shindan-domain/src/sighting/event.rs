//! What can happen to a discrepancy.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Discrepancy, Evidence, Resolution};
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to a discrepancy between the network and the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SightingEvent {
    /// It was found.
    Opened(Discrepancy),
    /// It was found again while it was open.
    SeenAgain {
        /// What was seen.
        evidence: Evidence,
        /// What is registered now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registered: Option<String>,
    },
    /// It was found again after it had been settled.
    Reopened {
        /// What was seen.
        evidence: Evidence,
        /// What is registered now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registered: Option<String>,
    },
    /// A person explained it, until a day.
    Explained {
        /// Why it is right as it is.
        reason: String,
        /// Last day on which the explanation counts.
        until: Date,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
    },
    /// A person said which registered device it is.
    Registered {
        /// Its key in the register.
        key: String,
        /// What people call it.
        label: String,
    },
    /// It is no more: the register or the network changed.
    Resolved {
        /// How.
        how: Resolution,
        /// When the device was seen, or its disconnection confirmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
}

impl Event for SightingEvent {}
