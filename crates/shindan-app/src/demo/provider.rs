//! The provider of the demo fills in the form that the hospital sent, as a spreadsheet program would save it.

use std::io::{Cursor, Read, Write};

use jiff::civil::{Date, date};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::records::RecordsError;

/// What is typed into a cell.
pub(super) enum Typed<'a> {
    /// A text.
    Text(&'a str),
    /// A day; spreadsheets count them from 1899-12-30.
    Day(Date),
}

/// The form with cells filled in.
pub(super) fn filled(form: &[u8], cells: &[(&str, Typed<'_>)]) -> Result<Vec<u8>, RecordsError> {
    let mut archive = ZipArchive::new(Cursor::new(form)).map_err(RecordsError::stored)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(RecordsError::stored)?;
        let name = part.name().map_err(RecordsError::stored)?.into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(RecordsError::stored)?;
        if name == "xl/worksheets/sheet1.xml" {
            let sheet = String::from_utf8(bytes).map_err(RecordsError::stored)?;
            bytes =
                cells.iter().try_fold(sheet, |sheet, (cell, typed)| fill(&sheet, cell, typed))?.into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).map_err(RecordsError::stored)?;
        out.write_all(&bytes).map_err(RecordsError::stored)?;
    }
    Ok(out.finish().map_err(RecordsError::stored)?.into_inner())
}

/// `<c r="G12" s="5"/>` with a value.
fn fill(sheet: &str, cell: &str, typed: &Typed<'_>) -> Result<String, RecordsError> {
    let missing = || RecordsError::Stored(format!("the form has no empty cell {cell}"));
    let start = sheet.find(&format!("<c r=\"{cell}\"")).ok_or_else(missing)?;
    let (before, rest) = sheet.split_at(start);
    let (head, after) = rest.split_once("/>").ok_or_else(missing)?;
    if head.contains('>') {
        return Err(missing());
    }
    let value = match typed {
        Typed::Text(text) => format!(" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        Typed::Day(day) => format!("><v>{}</v></c>", (*day - date(1899, 12, 30)).get_days()),
    };
    Ok(format!("{before}{}{value}{after}", head.trim_end()))
}
