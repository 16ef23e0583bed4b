//! Reports of scanners: bytes to [`ScanReport`] (SPEC.md section 4, ③-1 to ③-3; `docs/how-to/add-a-scan-format.md`).
//!
//! ```text
//! bytes ─► what it is (json, xml, table: each knows its formats) ─► reader of the format ─► ScanReport[] ─► finish
//! ```
//!
//! The format is recognised from the content, never from the name of the file. Values are kept as the tool gives them: severities
//! are mapped later, by a table that people can read. What is no finding is counted ([`LeftOut`]). A file that holds nothing
//! at all is refused: nothing follows from it, least of all that there is nothing to find.
//!
//! [`LeftOut`]: shindan_domain::assessment::LeftOut

mod collected;
mod finish;
mod json;
mod names;
mod packed;
mod place;
mod plain;
mod secrets;
mod table;
mod times;
mod tools;
mod xml;

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod genuine_tests_xml;

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;

pub use json::write_outside;
pub use table::Mapping;

/// Most findings that are read of one file.
pub const MOST_RESULTS: usize = 1_000_000;

/// Reads a report. One file can hold the runs of several tools (SARIF). `mapping`: which column of a table holds what; it is
/// used only for tables that no known tool wrote.
///
/// What could be read in part is `Ok`: what could not be read stands in the diagnostics, with severity error.
///
/// # Errors
/// `file-empty`, `file-too-large`, `encoding-invalid`, `format-unknown`, `scan-read-elsewhere`, `scan-empty`,
/// `scan-mapping-missing`, and those of JSON, XML and CSV.
pub fn read(
    bytes: &[u8],
    path: &str,
    mapping: Option<&Mapping>,
    limits: &Limits,
) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let refused = |code: Code| Diagnostic::new(code, Place::file(path));
    let size = bytes.len() as u64;
    if size > limits.file_size {
        return Err(vec![refused(Code::FileTooLarge).with("size", size).with("limit", limits.file_size)]);
    }
    if bytes.trim_ascii().is_empty() {
        return Err(vec![refused(Code::FileEmpty)]);
    }
    if let Some(reports) = packed::read(bytes, path, mapping, limits) {
        return reports;
    }
    let reports = match first_sign(bytes) {
        Some(b'{' | b'[') => json::read(bytes, path, limits),
        // What Trivy once wrote where it found nothing.
        _ if without_mark(bytes).trim_ascii() == b"null" => json::read(bytes, path, limits),
        Some(b'<') => xml::read(bytes, path, limits),
        _ => table::read(bytes, path, mapping, limits),
    };
    reports.and_then(|reports| finish::checked(reports, path))
}

/// The first byte that is no white space, also behind the byte order marks of UTF-8 and UTF-16.
fn first_sign(bytes: &[u8]) -> Option<u8> {
    let wide = bytes.strip_prefix(b"\xFF\xFE").or_else(|| bytes.strip_prefix(b"\xFE\xFF"));
    let mut signs = wide.unwrap_or_else(|| without_mark(bytes)).iter().copied();
    // Every second byte of such signs is 0 in UTF-16.
    signs.find(|sign| !(sign.is_ascii_whitespace() || wide.is_some() && *sign == 0))
}

/// The bytes after a byte order mark of UTF-8. UTF-16 is left to the readers.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
