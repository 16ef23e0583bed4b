//! What can happen to a source.

use serde::{Deserialize, Serialize};

use super::SourceDraft;
use crate::process::Event;
use crate::record_id::InstallationId;

/// What can happen to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceEvent {
    /// It was added.
    Added {
        /// As it is looked at.
        draft: SourceDraft,
        /// The installation whose bundle brought it, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<InstallationId>,
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
