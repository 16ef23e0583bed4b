//! Reports on the demo's records: each says what its story holds, in both languages, and never leaves a gap blank.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

mod oscal;
mod story;
mod world;
