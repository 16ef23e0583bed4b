//! Devices from end to end: the dossier, a use other than intended with its case, the operating rule, the life of a device,
//! and what the status of controls makes of them.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;

mod lives;
mod rules;
mod status;
mod uses;
mod ward;
mod words;
