//! Reports in lines: CSV of known tools, Lynis, and tables whose columns a person named.

mod lynis;
mod mapped;
mod nessus;
mod nikto;
mod openvas;
mod rows;
mod testssl;

use std::collections::BTreeMap;

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use self::rows::{Head, Lines};
use super::collected::Collected;
use crate::limits::Limits;
use crate::sheet::{self, WorkbookKind};
use crate::text::{self, Legacy};

/// Which column of a table holds what: names of fields of a finding (`rule`, `title`, `severity`, `host`, …) to headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The kind of tool under which findings of this table are recognised again: `own-list`. Not that of a tool whose reports are
    /// read: the table would overwrite its findings.
    pub tool: String,
    /// Field to heading.
    pub columns: BTreeMap<String, String>,
}

impl Mapping {
    /// Every field of a finding that a column can hold.
    pub const FIELDS: [&'static str; 28] = [
        "rule",
        "title",
        "text",
        "advice",
        "severity",
        "confidence",
        "host",
        "port",
        "protocol",
        "url",
        "path",
        "method",
        "parameter",
        "file",
        "line",
        "component",
        "version",
        "purl",
        "object",
        "cve",
        "cwe",
        "cvss",
        "score",
        "fixed",
        "evidence",
        "code",
        "reference",
        "suppressed",
    ];
}

/// Reads a report in lines.
///
/// # Errors
/// `format-unknown`, `scan-mapping-missing`, `field-unknown`, `field-missing`, `field-invalid`, `mapping-column-missing`, `encoding-invalid`,
/// `line-too-long`.
pub(super) fn read(
    bytes: &[u8],
    path: &str,
    mapping: Option<&Mapping>,
    limits: &Limits,
) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let decoded = text::decode(bytes, Legacy::Cp932, path).map_err(|diagnostic| vec![diagnostic])?;
    let text = decoded.text.as_ref();
    let refused = |code: Code| Diagnostic::new(code, Place::file(path));
    if text.contains('\0') {
        return Err(vec![refused(Code::FormatUnknown).with("hint", "binary")]);
    }
    if lynis::is_report(text) {
        return Ok(vec![lynis::read(text, path, limits)]);
    }
    if nikto::is_report(text) {
        return Ok(vec![nikto::read(text, path)]);
    }
    let delimiter = rows::delimiter(text);
    of_known_tool(rows::of_text(text, delimiter), path).map(|report| Ok(vec![report])).unwrap_or_else(|| {
        mapped::read(rows::of_text(text, delimiter), path, mapping).map(|report| vec![report])
    })
}

/// Reads the first sheet of a workbook that holds a table.
///
/// # Errors
/// As [`read`], and those of workbooks.
pub(super) fn read_workbook(
    bytes: &[u8],
    kind: WorkbookKind,
    path: &str,
    mapping: Option<&Mapping>,
) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let book = sheet::read_workbook(bytes, kind, path).map_err(|diagnostic| vec![diagnostic])?;
    let table =
        book.sheets.iter().find(|sheet| !sheet.hidden && sheet.rows.iter().any(|row| row.cells.len() > 1));
    let Some(sheet) = table else {
        let empty = Diagnostic::new(Code::ScanEmpty, Place::file(path)).with("format", kind.as_str());
        return Err(book.diagnostics.into_iter().chain([empty]).collect());
    };
    let read = match of_known_tool(rows::of_sheet(sheet), path) {
        Some(report) => Ok(report),
        None => mapped::read(rows::of_sheet(sheet), path, mapping),
    };
    let mut report = read?;
    report.diagnostics.extend(book.diagnostics);
    Ok(vec![report])
}

/// The report, if the headings are those of a known tool.
fn of_known_tool(mut lines: Lines<'_>, path: &str) -> Option<ScanReport> {
    let first = lines.by_ref().find(|line| !matches!(line, Ok(row) if row.is_blank()))?.ok()?;
    let head = Head::new(&first);
    type Reader = fn(&Head, Lines<'_>, &mut Collected);
    let (mut found, read): (Collected, Reader) = if testssl::is_head(&head) {
        (testssl::new(path), testssl::read)
    } else if openvas::is_head(&head) {
        (openvas::new(path), openvas::read)
    } else if nessus::is_head(&head) {
        (nessus::new(path), nessus::read)
    } else {
        return None;
    };
    read(&head, lines, &mut found);
    Some(found.finish())
}

#[cfg(test)]
mod tests;
