//! Reports in XML. Which tool wrote one is known by its root element.

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;

/// Reads a report in XML.
///
/// # Errors
/// `format-unknown`, and those of XML.
pub(super) fn read(_bytes: &[u8], path: &str, _limits: &Limits) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    Err(vec![Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "XML")])
}
