//! What can happen to a check of a source.

use serde::{Deserialize, Serialize};

use super::CheckDraft;
use crate::process::Event;

/// What can happen to a check of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceCheckEvent {
    /// It was carried out.
    CarriedOut(Box<CheckDraft>),
    /// A person looked at it.
    Confirmed {
        /// What they say about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
}

impl Event for SourceCheckEvent {}
