//! Assessments: checks, findings, and what is told about them.

mod checks;
mod findings;

pub use checks::{checks, write_checks};
pub use findings::{finding, findings, write_findings};
