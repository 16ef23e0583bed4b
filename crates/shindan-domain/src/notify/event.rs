//! What can happen to a subscription.

use serde::{Deserialize, Serialize};

use super::{DeliveryFailure, SubscriptionDraft};
use crate::process::Event;

/// What can happen to a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubscriptionEvent {
    /// It began.
    Begun {
        /// Who hears of what.
        draft: SubscriptionDraft,
        /// The last entry of the ledger that was there; what came before is not told.
        up_to: u64,
    },
    /// A message was taken.
    Told {
        /// The last entry of the ledger that it tells.
        up_to: u64,
        /// How many things it tells.
        items: u64,
        /// At once, not after the interval.
        urgent: bool,
    },
    /// A message was not taken.
    NotTold {
        /// Why.
        failure: DeliveryFailure,
    },
    /// It ended.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Event for SubscriptionEvent {}
