//! Tells people by mail and webhook what changed (SPEC.md section 4, ④-2): the only crate that sends.
//!
//! It knows no domain: a [`Message`] is a subject, a text and a number; to whom stands beside it. [`Mailer`] hands it to a mail
//! server, [`Webhook`] to a web address. What was not taken is a [`NotifyError`] with a code, and says whether trying again
//! later can help; when to try again is the caller's business, because only the caller knows what was told.
//!
//! Invariants, stated as absences: nothing is sent in clear text except to this computer, and no server can talk us out of TLS.
//! No secret stands in an error or a debug output, and no setting holds one that is not a [`Secret`]. No line of a subject or an
//! address can become a header of its own. No clock is read: when a message was written is said in it.

mod error;
mod mail;
mod message;
mod settings;
mod webhook;

pub use error::NotifyError;
pub use mail::Mailer;
pub use message::Message;
pub use settings::{MailSettings, Secret, Security, SettingsError};
pub use webhook::{Webhook, web_client};

/// The client that a [`Webhook`] speaks through, so that who uses this crate needs no other.
pub use shindan_fetch::Client;
