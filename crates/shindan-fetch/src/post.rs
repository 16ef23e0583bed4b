//! Tells something to a web address: a webhook.

use std::fmt;
use std::sync::atomic::AtomicBool;

use ureq::http::header;

use crate::address::{Address, RedactedUrl};
use crate::client::{Client, parsed};
use crate::error::{FetchError, from_library};
use crate::retry::retry_after;

/// What is told to a web address.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// Where to. https, or this computer; no user name in it.
    pub url: String,
    /// Headers besides ours, such as a token, or a key by which the receiver knows what it has heard before.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// Without the address beyond its host, without the values of headers, without the text: a webhook's path is a secret.
impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Post")
            .field("url", &RedactedUrl::host_of(&self.url))
            .field("headers", &names)
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// That it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// From 200 to 299.
    pub status: u16,
    /// Which attempt succeeded, from 1.
    pub attempts: u32,
    /// The codes of the attempts that failed before.
    pub failed_before: Vec<&'static str>,
}

impl Client {
    /// Tells something to a web address, again if that can help. Whoever hears it must expect to hear it twice: an answer that
    /// is lost on the way looks like one that was never given. No redirect is followed.
    ///
    /// # Errors
    /// When it was not heard; see [`FetchError`]. The address stands in it up to its host.
    pub fn post(&self, post: &Post, cancelled: &AtomicBool) -> Result<Posted, FetchError> {
        let shown = RedactedUrl::host_of(&post.url);
        // Hosts that may be asked in clear text are sources; what we tell is about this hospital.
        let address = match Address::read(&post.url, &std::collections::BTreeSet::new()) {
            Ok(address) => Address { shown, ..address },
            Err(FetchError::Address { fault, .. }) => return Err(FetchError::Address { url: shown, fault }),
            Err(other) => return Err(other),
        };
        let headers = parsed(&post.headers)?;
        let mut failed_before = Vec::new();
        loop {
            self.wait_for_turn(&address, self.settings.pause, cancelled)?;
            let mut question = self.agent_for(&address).post(&address.uri);
            for (name, value) in &headers {
                question = question.header(name, value);
            }
            question = question.header(header::CONTENT_TYPE, "application/json");
            let error = match question.send(&post.body[..]) {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    if (200..300).contains(&status) {
                        let attempts = u32::try_from(failed_before.len()).unwrap_or(u32::MAX);
                        let attempts = attempts.saturating_add(1);
                        return Ok(Posted { status, attempts, failed_before });
                    }
                    let asks =
                        answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
                    let retry_after = retry_after(asks, self.surroundings.now());
                    let url = address.shown.clone();
                    match status {
                        429 => FetchError::RateLimited { url, retry_after },
                        _ => FetchError::Status { url, status, retry_after },
                    }
                }
                Err(error) => from_library(error, &address.shown, 0),
            };
            failed_before.push(error.code());
            self.before_next(&error, failed_before.len(), cancelled)?;
        }
    }
}
