//! The vocabulary of shindan and the rules that need nothing but their arguments.
//!
//! Invariants, stated as absences: nothing in this crate reads a file, a clock, a random source, an
//! environment variable or the network; nothing here knows a file format, a database or a language of the
//! user. Values that leave this crate carry *codes and parameters*; words are chosen at the edge
//! (`shindan-report`).

pub mod advisory;
pub mod asset_ledger;
pub mod cpe;
pub mod crosswalk;
pub mod cvss;
pub mod devices;
pub mod diagnostic;
pub mod explanation;
pub mod finding;
pub mod identifier;
pub mod inventory;
pub mod knowledge;
pub mod localised;
pub mod priority;
pub mod purl;
pub mod register;
pub mod same_host;
pub mod verification;
pub mod vers;
pub mod version;
pub mod windows;
