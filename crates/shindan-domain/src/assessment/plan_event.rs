//! What can happen to a plan.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Fingerprint;
use super::plan::{AssessedBy, Availability, PlanDraft};
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanEvent {
    /// It was laid down.
    LaidDown(PlanDraft),
    /// It was changed.
    Changed {
        /// As a whole.
        draft: PlanDraft,
        /// Why.
        reason: String,
    },
    /// It was stated whether the source of a deliverable can be had.
    DeliverableStated {
        /// Which.
        name: String,
        /// Whether.
        availability: Availability,
    },
    /// Something is no longer delivered.
    DeliverableDropped {
        /// What.
        name: String,
        /// Why.
        reason: String,
    },
    /// A release asks for an assessment.
    Triggered {
        /// Which.
        release: String,
        /// Until when.
        due: Date,
    },
    /// A person took two findings as one, or apart.
    Joined {
        /// The one that stays.
        primary: Fingerprint,
        /// The other.
        other: Fingerprint,
        /// As one, or apart.
        same: bool,
        /// Why.
        reason: String,
    },
    /// Reports were read: this is what is known of all findings now.
    Known {
        /// The derived document.
        standing: Document,
    },
    /// A run was closed.
    Assessed(AssessedBy),
    /// It ended.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for PlanEvent {}
