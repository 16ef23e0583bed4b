//! Personal tokens: what is kept of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ledger::Hash;
use crate::record_id::TokenId;
use crate::terms;

terms! {
    /// What a token permits, within the roles of its person.
    pub enum Scope ("token-scope") {
        /// Reads only.
        Read = "read",
        /// Reads and changes.
        Write = "write",
    }
}

/// A token as it is kept: its hash, never itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedToken {
    /// Which one.
    pub id: TokenId,
    /// SHA-256 of the token's text (which holds 256 bits of randomness).
    pub digest: Hash,
    /// What it permits.
    pub scope: Scope,
    /// Until when it is valid, UTC.
    pub expires: Timestamp,
    /// What it is for, in the person's words.
    pub purpose: String,
    /// True if it was made in a session that was begun with a second factor, for a person who has one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_factor: bool,
}

impl IssuedToken {
    /// True while it can be used.
    pub fn is_valid(&self, at: Timestamp) -> bool {
        at < self.expires
    }
}
