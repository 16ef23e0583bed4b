//! What is asked for, and what came.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::RedactedUrl;

/// What a source said about a file so that it can be asked whether the file changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The entity tag, as it was sent: quotes and `W/` included.
    pub etag: Option<String>,
    /// The date of the last change, as it was sent.
    pub last_modified: Option<String>,
}

/// What kind of answer is an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expected {
    /// JSON, XML, ZIP, CSV …: something, and no web page.
    #[default]
    Data,
    /// Whatever comes, an empty file or a web page included.
    Anything,
}

/// One file that is asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Where it is. https, unless the settings allow otherwise for its host; no user name in it.
    pub url: String,
    /// Headers besides ours, such as the key of an API. They are sent to the host of `url` alone.
    pub headers: Vec<(String, String)>,
    /// What was said about the file that we have. Used only where that file is there.
    pub known: Option<Validators>,
    /// Where a download that was cut is kept, beside its origin (`….about.json`), to be taken up later. On the same file system
    /// as the file. Without it, a download is taken up between attempts and forgotten after the last.
    pub partial: Option<PathBuf>,
    /// Bytes at most, in place of the setting.
    pub largest: Option<u64>,
    /// What kind of answer is an answer.
    pub expected: Expected,
    /// The name of a key of the settings that is sent along. Without such a key, none is.
    pub key: Option<&'static str>,
    /// Between this request and the next one to the host at least, where the source asks for more than the setting.
    pub pause: Duration,
    /// Statuses besides 429 by which the source says *not so fast*; without a time of its own, half a minute is waited then.
    pub busy: &'static [u16],
}

/// Without the values of headers and of secret parameters.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("url", &RedactedUrl::of(&self.url))
            .field("headers", &names)
            .field("known", &self.known)
            .field("partial", &self.partial)
            .finish_non_exhaustive()
    }
}

/// What came, as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// 200, 206 (the rest of a download that had been cut) or 304.
    pub status: u16,
    /// Where it came from in the end, without secrets.
    pub final_url: RedactedUrl,
    /// What to ask with next time.
    pub validators: Validators,
    /// The server's clock, where it told.
    pub date: Option<Timestamp>,
    /// How far the server's clock is ahead of ours, in seconds (negative: behind), the time in caches taken into account.
    pub skew_seconds: Option<i64>,
    /// As it was sent.
    pub content_type: Option<String>,
    /// As it was sent: the bytes are kept as they came, never unpacked.
    pub content_encoding: Option<String>,
    /// SHA-256 of the file that stands now, in hexadecimal.
    pub sha256: String,
    /// Bytes of the file that stands now.
    pub bytes: u64,
    /// Whether the source said how long the file is. If not, a cut at its end cannot be noticed here.
    pub length_stated: bool,
    /// The source says that the file we have is the present one.
    pub not_modified: bool,
    /// Which attempt succeeded, from 1.
    pub attempts: u32,
    /// The codes of the attempts that failed before.
    pub failed_before: Vec<&'static str>,
    /// When it was there, by our clock.
    pub fetched_at: Timestamp,
}
