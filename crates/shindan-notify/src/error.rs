//! Why a message was not taken.

use shindan_fetch::FetchError;

/// Why a message was not taken. What a server says is not repeated, only its code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// The address of a receiver is none.
    #[error("the address of a receiver is not a mail address")]
    Recipient,
    /// There is nobody to tell.
    #[error("there is no receiver")]
    NoRecipient,
    /// The subject is empty, or no line.
    #[error("the subject is empty or holds characters that no line holds")]
    Subject,
    /// The number of the message cannot stand in a header.
    #[error("the number of the message cannot be sent")]
    Id,
    /// There is no connection to the mail server.
    #[error("no connection to the mail server")]
    Connect,
    /// The mail server did not answer in time.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// The mail server hung up.
    #[error("the mail server hung up")]
    Cut,
    /// TLS failed, or the server does not offer it.
    #[error("TLS to the mail server failed, or it does not offer TLS")]
    Tls,
    /// The mail server does not take the user and the password, or no such login at all.
    #[error("the mail server does not take the login")]
    Login,
    /// Not now (4xx).
    #[error("the mail server asks to come back later ({code})")]
    Later {
        /// What it answered.
        code: u16,
    },
    /// Not at all (5xx).
    #[error("the mail server refuses the message ({code})")]
    Refused {
        /// What it answered.
        code: u16,
    },
    /// What answers is no mail server.
    #[error("what answers is no mail server")]
    Protocol,
    /// A webhook did not take it.
    #[error("{0}")]
    Web(FetchError),
}

impl NotifyError {
    /// Every code there is besides those of webhooks, which are those of [`FetchError::CODES`].
    pub const CODES: &'static [&'static str] = &[
        "mail-recipient",
        "mail-no-recipient",
        "mail-subject",
        "mail-id",
        "mail-connect",
        "mail-timeout",
        "mail-cut",
        "mail-tls",
        "mail-login",
        "mail-later",
        "mail-refused",
        "mail-protocol",
    ];

    /// A code for words and records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NotifyError::Recipient => "mail-recipient",
            NotifyError::NoRecipient => "mail-no-recipient",
            NotifyError::Subject => "mail-subject",
            NotifyError::Id => "mail-id",
            NotifyError::Connect => "mail-connect",
            NotifyError::Timeout => "mail-timeout",
            NotifyError::Cut => "mail-cut",
            NotifyError::Tls => "mail-tls",
            NotifyError::Login => "mail-login",
            NotifyError::Later { .. } => "mail-later",
            NotifyError::Refused { .. } => "mail-refused",
            NotifyError::Protocol => "mail-protocol",
            NotifyError::Web(error) => error.code(),
        }
    }

    /// Whether the same message may be taken a little later, with nobody changing anything.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            NotifyError::Connect | NotifyError::Timeout | NotifyError::Cut | NotifyError::Later { .. } => {
                true
            }
            NotifyError::Web(error) => error.passes(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NotifyError;

    /// Read off this file, so that a new error cannot be left out of the list.
    #[test]
    fn every_code_is_listed_once() {
        let (_, rest) = include_str!("error.rs").split_once("pub fn code(").unwrap();
        let (body, _) = rest.split_once("pub fn passes(").unwrap();
        let given: Vec<&str> =
            body.split("=> \"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
        assert_eq!(given, NotifyError::CODES);
    }
}
