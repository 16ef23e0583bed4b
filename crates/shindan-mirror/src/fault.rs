//! What can go wrong with a source.

use std::time::Duration;

/// One thing that goes wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This status instead of the page.
    Status(u16),
    /// 429, with this `Retry-After`.
    TooMany(Option<String>),
    /// 503, with this `Retry-After`.
    Unavailable(Option<String>),
    /// 304, whether it was asked for or not.
    NotModified,
    /// The page in pieces of `piece` bytes, with a rest before each.
    Slow {
        /// Bytes at a time; 0 is taken as 1.
        piece: usize,
        /// The rest before each piece.
        rest: Duration,
    },
    /// The connection is closed after so many bytes of the body.
    CutAfter(usize),
    /// The connection is closed before any answer.
    Refuse,
    /// A `Content-Length` that is not the length of the body.
    Length(u64),
    /// The body without any `Content-Length`: its end is the end of the connection.
    NoLength,
    /// A web page with status 200, as a portal or a maintenance notice sends it.
    Html,
    /// 302 to this address.
    Redirect(String),
    /// Another `Date` than the mirror's.
    Date(String),
    /// 206 with this `Content-Range`, whatever was asked.
    Range(String),
    /// The whole page with 200, although a part was asked for.
    IgnoreRange,
    /// No HTTP at all.
    Garbage,
    /// This page is served once more, then the source publishes more.
    Grow(Vec<u8>),
}
