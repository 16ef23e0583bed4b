//! Why a step is refused: *code + parameters*, with everything that is missing. Words are chosen at the edge.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ReasonCode;
use crate::diagnostic::Params;

/// A reason with its particulars.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// What.
    pub code: ReasonCode,
    /// With which particulars.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

impl Reason {
    /// A reason without particulars.
    pub fn new(code: ReasonCode) -> Self {
        Reason { code, params: Params::new() }
    }

    /// Adds a particular.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl fmt::Display for Reason {
    /// `code (name=value, …)`, for logs and test output; people are shown words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        if !self.params.is_empty() {
            let params: Vec<_> = self.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            write!(f, " ({})", params.join(", "))?;
        }
        Ok(())
    }
}

/// A step that is not permitted: why, and everything that is missing for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// Every blocker, so that nobody has to find them one by one. May be empty where the reason says all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Reason>,
}

impl Refusal {
    /// A refusal for one reason.
    pub fn new(code: ReasonCode) -> Self {
        Reason::new(code).into()
    }

    /// A refusal because the step does not follow the state.
    pub fn out_of_order(state: impl fmt::Display, step: impl fmt::Display) -> Self {
        Reason::new(ReasonCode::StepOutOfOrder).with("state", state).with("step", step).into()
    }

    /// Adds a particular to the reason.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.reason = self.reason.with(name, value);
        self
    }

    /// Names what is missing.
    #[must_use]
    pub fn missing(mut self, missing: impl IntoIterator<Item = Reason>) -> Self {
        self.missing.extend(missing);
        self
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Refusal { reason, missing: Vec::new() }
    }
}

/// Refuses a blank text.
///
/// # Errors
/// [`ReasonCode::TextMissing`] with the name of the field.
pub fn text_given(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        Err(Refusal::new(ReasonCode::TextMissing).with("field", field))
    } else {
        Ok(())
    }
}
