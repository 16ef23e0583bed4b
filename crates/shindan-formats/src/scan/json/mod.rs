//! Reports in JSON. Which tool wrote one is known by the names of its fields.

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;

/// Reads a report in JSON, or JSON lines.
///
/// # Errors
/// `format-unknown`, and those of JSON.
pub(super) fn read(_bytes: &[u8], path: &str, _limits: &Limits) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    Err(vec![Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "JSON")])
}
