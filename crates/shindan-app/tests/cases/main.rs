//! Cases, policies and control status from end to end, on small lists and advisories written for this test: what people do,
//! by whom, and what is refused to whom.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

mod assessments;
mod hospital;
mod lines;
mod portfolio;
mod status;
mod words;
