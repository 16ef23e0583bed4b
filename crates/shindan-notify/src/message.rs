//! What is told.

use jiff::Timestamp;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A number that stays the same when the message is sent again, so that its receiver can know that. ASCII letters, digits,
    /// `-`, `_` and `.`.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// One line.
    pub subject: String,
    /// Plain text, in lines.
    pub text: String,
}

impl Message {
    /// Whether the number can stand in a header.
    pub(crate) fn id_is_plain(&self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !self.id.is_empty() && self.id.len() <= 100 && self.id.chars().all(plain)
    }

    /// Whether the subject is one line.
    pub(crate) fn subject_is_a_line(&self) -> bool {
        !self.subject.trim().is_empty() && !self.subject.chars().any(char::is_control)
    }
}
