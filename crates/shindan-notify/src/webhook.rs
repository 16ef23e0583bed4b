//! Hands messages to a web address.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use shindan_fetch::{Client, Post, RedactedUrl, Settings, SettingsError, Surroundings};

use crate::error::NotifyError;
use crate::message::Message;
use crate::settings::Secret;

/// A client for webhooks, which nobody waits for as long as for a large file.
///
/// # Errors
/// When the proxy or the certificates cannot be read.
pub fn web_client(
    proxy: Option<String>,
    ca_files: Vec<PathBuf>,
    surroundings: Surroundings,
) -> Result<Client, SettingsError> {
    let timeout = Duration::from_secs(60);
    let settings = Settings { proxy, ca_files, total_timeout: timeout, attempts: 2, ..Settings::default() };
    Client::new(settings, surroundings)
}

/// Hands messages to a web address as JSON: `{"id", "at", "subject", "text"}`. `text` holds the subject too, because that is the
/// one field that chat programs show.
#[derive(Debug)]
pub struct Webhook<'a> {
    client: &'a Client,
    url: Secret,
}

impl<'a> Webhook<'a> {
    /// Makes one. The address is a secret: whoever knows it can tell us anything in our name.
    #[must_use]
    pub fn new(client: &'a Client, url: Secret) -> Webhook<'a> {
        Webhook { client, url }
    }

    /// Where it leads, without its secret.
    #[must_use]
    pub fn shown(&self) -> RedactedUrl {
        RedactedUrl::host_of(self.url.reveal())
    }

    /// Hands over a message.
    ///
    /// # Errors
    /// When nobody says that it was heard. It may have been: the number of the message goes along as `Idempotency-Key`, too.
    pub fn send(&self, message: &Message, cancelled: &AtomicBool) -> Result<(), NotifyError> {
        if !message.id_is_plain() {
            return Err(NotifyError::Id);
        }
        if !message.subject_is_a_line() {
            return Err(NotifyError::Subject);
        }
        let body = serde_json::json!({
            "id": message.id,
            "at": message.at.to_string(),
            "subject": message.subject,
            "text": format!("{}\n\n{}", message.subject, message.text),
        });
        let headers = vec![("Idempotency-Key".to_owned(), message.id.clone())];
        let post = Post { url: self.url.reveal().to_owned(), headers, body: body.to_string().into_bytes() };
        self.client.post(&post, cancelled).map(|_| ()).map_err(NotifyError::Web)
    }
}
