//! Reports in lines: CSV of known tools, Lynis, and tables whose columns a person named.

use std::collections::BTreeMap;

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;

/// Which column of a table holds what: names of fields of a finding (`rule`, `title`, `severity`, `host`, …) to headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The kind of tool under which findings of this table are recognised again: `own-list`.
    pub tool: String,
    /// Field to heading.
    pub columns: BTreeMap<String, String>,
}

/// Reads a report in lines.
///
/// # Errors
/// `format-unknown`, `scan-mapping-missing`, and those of CSV.
pub(super) fn read(
    _bytes: &[u8],
    path: &str,
    _mapping: Option<&Mapping>,
    _limits: &Limits,
) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    Err(vec![Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "text")])
}
