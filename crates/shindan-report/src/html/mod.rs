//! One self-contained HTML file: no network, no library, readable and printable without its script.
//!
//! askama escapes every value in the template; values never reach the script, which only reads what the table shows.

mod chart;
pub(crate) mod evidence;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use askama::Template;
use shindan_domain::crosswalk::{ControlEvidence, Crosswalk};
use shindan_domain::finding::CheckResult;

use crate::words::Words;

/// What the report should take into account besides the answer itself.
#[derive(Debug, Clone, Default)]
pub struct Options<'a> {
    /// The allowed age of sources in days, to mark older ones; none marked if unknown.
    pub max_age_days: Option<u64>,
    /// The loaded guideline packs and what the answer evidences of their rows; left out if `None`.
    pub evidence: Option<(&'a Crosswalk, &'a [ControlEvidence])>,
}

/// The answer as one HTML file.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn check(result: &CheckResult, words: &Words, options: &Options<'_>) -> Result<String, askama::Error> {
    view::Report::of(result, words, options).render()
}
