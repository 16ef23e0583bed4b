//! Patches, changes, inquiries, confirmations and reviews from end to end, on files made by this test: what people do, by
//! whom, what is refused, and that the records of a case and of its change are never apart.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;

mod confirming;
mod gates;
mod inquiring;
mod partners;
mod patching;
mod sealed_words;
mod words;
mod works;
