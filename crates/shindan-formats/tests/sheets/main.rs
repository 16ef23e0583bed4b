//! Sheets read from workbooks: files that other programs wrote, calamine's answers beside ours, and hostile files.

// A test says what is wrong by panicking.
#![allow(clippy::expect_used, clippy::panic)]

mod hostile;
mod oracle;
mod packages;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use shindan_domain::diagnostic::Diagnostic;
use shindan_formats::sheet::{self, Address, Content, Sheet, Workbook};

/// Reads a workbook of whatever kind.
fn read(bytes: &[u8], path: &str) -> Result<Workbook, Diagnostic> {
    let kind = sheet::workbook_kind(bytes).unwrap_or_else(|| panic!("{path} is no workbook"));
    sheet::read_workbook(bytes, kind, path)
}

/// The workbooks that other programs wrote.
fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sheets/samples");
    let entries = std::fs::read_dir(folder).expect("folder");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx" || e == "xls" || e == "ods"))
        .collect();
    found.sort();
    assert!(found.len() >= 5, "{found:?}");
    found
}

/// `SHINDAN_BLESS=1` writes what is found; read the difference before committing it.
#[test]
fn workbooks_of_other_programs_are_read_as_expected() {
    let mut wrong = Vec::new();
    for path in samples() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let workbook = read(&std::fs::read(&path).expect("readable"), &name).expect("a workbook");
        let found = dump(&workbook);
        let expected_path = path.with_file_name(format!("{name}.expected"));
        if std::env::var_os("SHINDAN_BLESS").is_some() {
            std::fs::write(&expected_path, &found).expect("writable");
        }
        if std::fs::read_to_string(&expected_path).unwrap_or_default() != found {
            wrong.push(format!("== {name}\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn dump(workbook: &Workbook) -> String {
    let mut out = String::new();
    for sheet in &workbook.sheets {
        dump_sheet(sheet, &mut out);
    }
    for diagnostic in &workbook.diagnostics {
        writeln!(out, "! {} {} {:?}", diagnostic.code, diagnostic.place, diagnostic.params).expect("string");
    }
    out
}

fn dump_sheet(sheet: &Sheet, out: &mut String) {
    let hidden = if sheet.hidden { " hidden" } else { "" };
    writeln!(out, "sheet {}{hidden}, {} rows hidden", sheet.name, sheet.hidden_rows).expect("string");
    for region in &sheet.merged {
        let first = Address { row: region.top, column: region.left };
        let last = Address { row: region.bottom, column: region.right };
        writeln!(out, "merged {first}:{last}").expect("string");
    }
    for row in &sheet.rows {
        for (column, cell) in &row.cells {
            let address = Address { row: row.number, column: *column };
            let kind = match cell.content {
                Content::Text => "text",
                Content::Number { exact: true, .. } => "number",
                Content::Number { exact: false, .. } => "number?",
                Content::Date => "date",
                Content::Boolean => "boolean",
                Content::Error => "error",
                Content::Uncalculated => "uncalculated",
            };
            let text: String = cell.text.chars().take(60).collect::<String>().replace('\n', "\\n");
            writeln!(out, "{address} {kind}: {text} ({})", cell.text.chars().count()).expect("string");
        }
    }
}
