//! RustSec's mark of what is no vulnerability, in its own files and in their OSV export.

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::FindingKind;

use crate::text::shorten;

/// What RustSec's `informational` means.
pub(super) fn kind(mark: Option<&str>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> FindingKind {
    match mark {
        None => FindingKind::Vulnerability,
        Some("unmaintained" | "notice") => FindingKind::Unmaintained,
        Some("unsound") => FindingKind::Unsound,
        Some(other) => {
            diagnostics.push(
                Diagnostic::new(Code::FieldTolerated, place.clone())
                    .with("field", "informational")
                    .with("value", shorten(other, 60))
                    .with("expected", "unmaintained, unsound, notice"),
            );
            FindingKind::Vulnerability
        }
    }
}
