//! Use cases on sources of vulnerability information: which ones, looked at when, what they told and what was made of it
//! (SPEC.md section 4, ④-2).
//!
//! ```text
//! source ─► fetch (evidence) ─► read ─► check recorded, notices taken in (one act) ─► knowledge base built anew
//!              └── anything fails: the check is recorded as failed, and what was there stays
//! ```
//!
//! Where no source can be reached, [`bundles`] bring what another installation collected.
//!
//! A failed check is never *nothing new*. Only a person judges whether a notice concerns us.

pub mod bundles;
mod checks;
mod collection;
mod content;
mod files;
mod look;
mod mails;
mod notices;
mod outcome;
mod plan;
pub(crate) mod remarks;
pub mod schedule;
mod sources;
mod standing;
mod steps;
pub mod sync;

pub use checks::{HandCheck, HandNotice, check_by_hand, confirm};
pub use collection::collection;
pub use mails::drop_in;
pub use notices::judge;
pub use sources::{SourceChange, add, add_proposed, change, end, pause, proposals, resume};
pub use standing::{Month, SourceStanding, month, standing};
