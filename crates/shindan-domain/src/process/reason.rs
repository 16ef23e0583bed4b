//! Why a step is refused: *code + parameters*, with everything that is missing. Words are chosen at the edge.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Params;

macro_rules! reason_codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        /// Every reason for a refusal and every thing that can block a step. Stable: scripts depend on the text form. Words
        /// stand under `reason-<text>`; a test names what lacks them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ReasonCode {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl ReasonCode {
            /// All, in the order of their definition.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$name,)*];

            /// The stable text form, as in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(ReasonCode::$name => $text,)* }
            }
        }
    };
}

reason_codes! {
    // ---- any record --------------------------------------------------------------------------------
    /// The step does not follow the state. Params: `state`, `step` (terms).
    StepOutOfOrder = "step-out-of-order";
    /// The record has ended; nothing can be changed any more. Params: `state`.
    RecordEnded = "record-ended";
    /// A text that must not be blank is. Params: `field`.
    TextMissing = "text-missing";
    /// A date that must lie in the future does not. Params: `field`, `date`.
    DateNotInFuture = "date-not-in-future";
    /// A date that must not lie in the future does. Params: `field`, `date`.
    DateInFuture = "date-in-future";
    /// The state would not change.
    NothingChanges = "nothing-changes";
    /// There is no such item in the record. Params: `field`, `value`.
    ItemUnknown = "item-unknown";

    // ---- people, roles, separation of duties ---------------------------------------------------------
    /// The person's roles do not permit the step. Params: `roles` (that would), `action`.
    RoleMissing = "role-missing";
    /// The token permits reading only.
    TokenReadsOnly = "token-reads-only";
    /// The person is no longer active.
    PersonInactive = "person-inactive";
    /// The same person may not do both. Params: `first`, `second` (what was done, what is asked).
    SamePerson = "same-person";
    /// The last active administrator cannot lose that role.
    LastAdministrator = "last-administrator";
    /// The person has the role already, or does not have it. Params: `role`.
    RoleUnchanged = "role-unchanged";

    // ---- approval ------------------------------------------------------------------------------------
    /// A paper or a file without a kept document proves nothing.
    DocumentMissing = "document-missing";
    /// Who signed the paper or the file is not named.
    SignerMissing = "signer-missing";
}

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
