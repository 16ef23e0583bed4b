//! Agreements on roles from end to end: who may confirm what, that no use case passes the gate of the service, that two
//! installations confirm the same content.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;

mod files;
mod gate;
mod sealed;
mod ward;
