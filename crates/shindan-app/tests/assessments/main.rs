//! Security assessments from end to end, on reports written by this test and, where they are present, on genuine ones: what is written, what
//! is refused to whom, and what follows from a re-test.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;

mod dated;
mod disclosed;
mod gates;
mod genuine;
mod lives;
mod reports;
mod scale;
mod scans;
mod world;
