//! What can happen to an interface.

use serde::{Deserialize, Serialize};

use super::{IntegrityTest, InterfaceDraft};
use crate::process::Event;
use crate::record_id::CaseId;

/// What can happen to an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceEvent {
    /// It was entered.
    Registered {
        /// As it is operated.
        draft: InterfaceDraft,
        /// The case about it, if nothing notices altered data.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
    },
    /// It is operated otherwise from now on.
    Changed {
        /// As it is operated now, as a whole.
        draft: InterfaceDraft,
        /// Why.
        reason: String,
        /// The case about it, if nothing notices altered data any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
    },
    /// Its mechanism was tested.
    Tested(IntegrityTest),
    /// It is no longer operated.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for InterfaceEvent {}
