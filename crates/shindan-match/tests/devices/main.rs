//! Devices through a real index in memory: names, identities, firmware, and the end of support.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod firmware;
mod identity;
mod suggestions;
mod support_end;
mod world;
