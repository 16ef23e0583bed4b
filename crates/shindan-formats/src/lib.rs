//! Bytes ↔ domain, one module per format. Every foreign file is hostile: size, depth, entries and ratio are limited.
//!
//! Invariants, stated as absences: nothing here opens a file or a socket, reads a clock, orders versions or decides
//! whether something is affected. Nothing is dropped silently: what could not be read becomes a
//! [`Diagnostic`](shindan_domain::diagnostic::Diagnostic).

pub mod advisory;
pub mod agreement_file;
pub mod annex;
pub mod archive;
pub mod assessment_checks;
pub mod asset_ledger;
mod bom_link;
pub mod builtin;
pub mod catalog;
pub mod catalog_writer;
pub mod collect;
pub mod devices;
pub mod duties;
pub mod inventory;
pub mod json;
pub mod limits;
pub mod outside_rules;
pub mod policy;
pub mod policy_proposal;
pub mod range_text;
pub mod scan;
pub mod severities;
pub mod sheet;
pub mod sighting;
pub mod sources;
pub mod text;
mod toml_fields;
pub mod xml;
mod yaml;
