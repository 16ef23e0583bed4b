//! 緊急適用: what takes the place of tests, confirmation and consent when there is no time for them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::process::{Label, Refusal, text_given};
use crate::record_id::PersonId;

/// How the medical institution was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which department or function was told.
    pub told: String,
    /// How: by telephone, by mail.
    pub how: String,
    /// When.
    pub at: Timestamp,
}

/// An emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Why there is no time.
    pub reason: String,
    /// How the institution was told.
    pub notice: Notice,
    /// Who declared it.
    pub declared_by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The approver's word; without it nothing can be applied.
    pub approval: Option<Given>,
}

impl Notice {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Notice.as_str(), &self.told)?;
        text_given(Label::Channel.as_str(), &self.how)
    }
}
