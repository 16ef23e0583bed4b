//! What can happen to a source.

use serde::{Deserialize, Serialize};

use super::SourceDraft;
use crate::process::Event;

/// What can happen to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "kebab-case")]
pub enum SourceEvent {
    /// It was added.
    Added {
        /// As it is looked at.
        draft: SourceDraft,
    },
    /// It is looked at otherwise from now on.
    Changed {
        /// As it is looked at now, as a whole.
        draft: SourceDraft,
        /// Why.
        reason: String,
    },
    /// It is not looked at for a time.
    Paused {
        /// Why.
        reason: String,
    },
    /// It is looked at again.
    Resumed,
    /// It is not looked at any more.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for SourceEvent {}
