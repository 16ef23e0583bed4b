//! Use cases: one verb, one function. *Acquire → compute → commit → return*; printing is done by the caller.
//!
//! Invariants, stated as absences: nothing here prints, parses a foreign format, orders versions or words a message.
//! The clock is read in [`clock`] only; memory is mapped in [`data_folder`] only.

pub mod author;
pub mod check;
pub mod clock;
pub mod cores;
pub mod data_folder;
pub mod demo;
pub mod embedded;
pub mod error;
pub mod explain;
mod file_bytes;
pub mod ingest;
pub mod knowledge;
pub mod knowledge_search;
pub mod memory;
pub mod patch_verification;
pub mod portfolio;
pub mod progress;
pub mod records;
pub mod register;
pub mod version_order;
pub mod vulnerability;
pub mod wording;
