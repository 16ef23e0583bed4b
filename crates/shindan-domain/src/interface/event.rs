//! What can happen to an interface.

use serde::{Deserialize, Serialize};

use super::{IntegrityTest, InterfaceDraft};
use crate::process::Event;

/// What can happen to an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "kebab-case")]
pub enum InterfaceEvent {
    /// It was entered.
    Registered {
        /// As it is operated.
        draft: InterfaceDraft,
    },
    /// It is operated otherwise from now on.
    Changed {
        /// As it is operated now, as a whole.
        draft: InterfaceDraft,
        /// Why.
        reason: String,
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
