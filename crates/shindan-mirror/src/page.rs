//! One page: its bytes and what is said about them.

use sha2::{Digest, Sha256};

/// A page that the mirror serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

impl Page {
    /// A page at `path` (with its leading slash; with a query, for requests that hold all of its fields), with a strong entity tag over its bytes.
    #[must_use]
    pub fn new(path: &str, bytes: impl Into<Vec<u8>>) -> Page {
        let bytes = bytes.into();
        Page {
            path: path.to_owned(),
            etag: Some(tag(&bytes)),
            bytes,
            content_type: "application/octet-stream".to_owned(),
            last_modified: None,
        }
    }

    /// With this `Content-Type`.
    #[must_use]
    pub fn content_type(mut self, content_type: &str) -> Page {
        content_type.clone_into(&mut self.content_type);
        self
    }

    /// With this entity tag, as it is sent (`"a"`, `W/"a"`), or without one.
    #[must_use]
    pub fn etag(mut self, etag: Option<&str>) -> Page {
        self.etag = etag.map(str::to_owned);
        self
    }

    /// With this `Last-Modified`.
    #[must_use]
    pub fn last_modified(mut self, date: &str) -> Page {
        self.last_modified = Some(date.to_owned());
        self
    }

    /// The source publishes more: the bytes grow, and the tag with them.
    pub(crate) fn grow(&mut self, more: &[u8]) {
        self.bytes.extend_from_slice(more);
        if self.etag.is_some() {
            self.etag = Some(tag(&self.bytes));
        }
    }
}

fn tag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
