//! The vocabulary of shindan and the rules that need nothing but their arguments.
//!
//! Invariants, stated as absences: nothing in this crate reads a file, a clock, a random source, an
//! environment variable or the network; nothing here knows a file format, a database or a language of the
//! user. Values that leave this crate carry *codes and parameters*; words are chosen at the edge
//! (`shindan-report`).

pub mod advisory;
pub mod agreement;
pub mod alternative;
pub mod approval;
pub mod assessment;
pub mod asset_ledger;
pub mod calendar;
pub mod case;
pub mod change;
pub mod collect;
pub mod comparison;
pub mod confirmation;
pub mod control;
pub mod cpe;
pub mod crosswalk;
pub mod cvss;
pub mod device;
pub mod devices;
pub mod diagnostic;
pub mod evidence;
pub mod exchange;
pub mod explanation;
pub mod finding;
pub mod identifier;
pub mod inquiry;
pub mod interface;
pub mod inventory;
pub mod inventory_difference;
pub mod knowledge;
pub mod ledger;
pub mod localised;
#[cfg(test)]
mod model;
pub mod notify;
pub mod organisation;
pub mod patch;
pub mod people;
pub mod policy;
pub mod priority;
pub mod process;
pub mod purl;
pub mod record_id;
pub mod register;
pub mod review;
pub mod same_host;
pub mod sighting;
pub mod step;
pub mod term;
pub mod verification;
pub mod vers;
pub mod version;
pub mod vocabulary;
pub mod windows;
