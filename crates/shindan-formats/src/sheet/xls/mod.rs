//! Excel 97 to 2003 workbooks (xls, BIFF8).
//!
//! Source: MS-XLS. Older ones (Excel 95 and before) are refused: their texts depend on a code page per cell.

mod compound;
mod records;

use std::collections::BTreeMap;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use self::compound::{Compound, double, float, word};
use self::records::{Cursor, Record, Records, rk, short_text};
use super::number::{DateSystem, Format};
use super::{
    Budget, Cell, Content, Exceeded, MOST_CELLS, MOST_REGIONS, MOST_SHEETS, MOST_TEXT, Region, Row, Sheet,
    Workbook, inside, invalid,
};

pub(super) use self::compound::is_compound;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], path: &str) -> Result<Workbook, Diagnostic> {
    let damaged = |reason: &str| invalid(Place::file(path), reason);
    let file = Compound::open(bytes).map_err(damaged)?;
    if file.has("EncryptedPackage") || file.has("EncryptionInfo") {
        return Err(Diagnostic::new(Code::WorkbookEncrypted, Place::file(path)));
    }
    let unsupported = |format: &str| {
        Err(Diagnostic::new(Code::FormatUnsupported, Place::file(path))
            .with("format", format)
            .with("version", ""))
    };
    let Some(stream) = file.stream("Workbook").map_err(damaged)? else {
        let old = file.has("Book");
        return unsupported(if old { "Excel 95 or older (xls)" } else { "OLE compound file" });
    };
    match Records::at(&stream, 0).next() {
        Some(record) if record.kind == BEGIN && word(record.data, 0) == Some(0x0600) => {}
        Some(record) if record.kind == BEGIN => return unsupported("Excel 95 or older (xls)"),
        _ => return Err(damaged("the workbook does not begin where it should")),
    }
    let globals = Globals::read(&stream, path)?;
    let mut workbook = Workbook::default();
    let mut budget = Budget::default();
    for listed in &globals.sheets {
        let place = inside(path, &listed.name);
        let mut reader = SheetReader {
            globals: &globals,
            budget: &mut budget,
            rows: BTreeMap::new(),
            sheet: Sheet::default(),
        };
        let outcome = reader.read(&stream, listed.offset);
        let mut sheet = reader.finish();
        sheet.name.clone_from(&listed.name);
        sheet.hidden = listed.hidden;
        sheet.system = globals.system;
        workbook.sheets.push(sheet);
        match outcome {
            Ok(true) => {}
            Ok(false) => workbook.diagnostics.push(invalid(place, "the sheet is cut off")),
            Err(exceeded) => {
                workbook.diagnostics.push(exceeded.at(place));
                break;
            }
        }
    }
    Ok(workbook)
}

struct Listed {
    name: String,
    hidden: bool,
    offset: usize,
}

/// What all sheets share.
#[derive(Default)]
struct Globals {
    system: DateSystem,
    sheets: Vec<Listed>,
    strings: Vec<String>,
    own_formats: BTreeMap<u16, Format>,
    styles: Vec<u16>,
}

impl Globals {
    fn read(stream: &[u8], path: &str) -> Result<Globals, Diagnostic> {
        let mut globals = Globals::default();
        for record in Records::at(stream, 0) {
            match record.kind {
                // FilePass: everything behind it is encrypted.
                0x002F => return Err(Diagnostic::new(Code::WorkbookEncrypted, Place::file(path))),
                0x0022 if word(record.data, 0) == Some(1) => globals.system = DateSystem::From1904,
                0x0085 => globals.listed(&record, path)?,
                0x041E => {
                    if let (Some(id), Some(code)) = (word(record.data, 0), Cursor::new(&record, 2).text()) {
                        globals.own_formats.insert(id, Format::of_code(&code));
                    }
                }
                0x00E0 => globals.styles.push(word(record.data, 2).unwrap_or(0)),
                0x00FC => globals.strings = shared(&record, path)?,
                END => return Ok(globals),
                _ => {}
            }
        }
        Err(invalid(Place::file(path), "the list of sheets is cut off"))
    }

    fn listed(&mut self, record: &Record<'_>, path: &str) -> Result<(), Diagnostic> {
        let data = record.data;
        let offset = double(data, 0).and_then(|offset| usize::try_from(offset).ok());
        let name = data.get(6..).and_then(short_text);
        let (Some(offset), Some(name), Some([state, kind])) = (offset, name, data.get(4..6)) else {
            return Err(invalid(Place::file(path), "the list of sheets is damaged"));
        };
        if self.sheets.len() >= MOST_SHEETS {
            return Err(Exceeded { unit: "sheets", limit: MOST_SHEETS }.at(Place::file(path)));
        }
        // Others are charts and macros.
        if *kind == 0 {
            self.sheets.push(Listed { name, hidden: state & 0x03 != 0, offset });
        }
        Ok(())
    }

    fn format(&self, style: u16) -> Format {
        let id = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        self.own_formats.get(&id).cloned().unwrap_or_else(|| Format::built_in(u32::from(id)))
    }
}

fn shared(record: &Record<'_>, path: &str) -> Result<Vec<String>, Diagnostic> {
    let count = double(record.data, 4).unwrap_or(0);
    let mut cursor = Cursor::new(record, 8);
    let mut strings = Vec::new();
    let mut size = 0;
    for _ in 0..count {
        let Some(text) = cursor.text() else {
            return Err(invalid(Place::file(path), "the shared texts are cut off"));
        };
        size += text.len();
        if strings.len() >= MOST_CELLS {
            return Err(Exceeded { unit: "texts", limit: MOST_CELLS }.at(Place::file(path)));
        }
        if size > MOST_TEXT {
            return Err(Exceeded { unit: "bytes", limit: MOST_TEXT }.at(Place::file(path)));
        }
        strings.push(text);
    }
    Ok(strings)
}

struct SheetReader<'g, 'u> {
    globals: &'g Globals,
    budget: &'u mut Budget,
    rows: BTreeMap<u16, (bool, BTreeMap<u16, Cell>)>,
    sheet: Sheet,
}

impl SheetReader<'_, '_> {
    /// False if the sheet has no end.
    fn read(&mut self, stream: &[u8], offset: usize) -> Result<bool, Exceeded> {
        let mut depth = 0_usize;
        let mut awaited = None;
        for record in Records::at(stream, offset) {
            match record.kind {
                BEGIN => depth += 1,
                END if depth <= 1 => return Ok(true),
                END => depth -= 1,
                // Charts inside the sheet have cells of their own.
                _ if depth != 1 => {}
                // The text that a formula had follows it.
                0x0207 => {
                    if let (Some((row, column)), Some(text)) =
                        (awaited.take(), Cursor::new(&record, 0).text())
                    {
                        self.put(row, column, Cell::text(text))?;
                    }
                }
                _ => {
                    if let Some(place) = self.record(&record)? {
                        awaited = Some(place);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Takes in one record. The place of a formula whose text is still to come is given back.
    fn record(&mut self, record: &Record<'_>) -> Result<Option<(u16, u16)>, Exceeded> {
        let data = record.data;
        let (Some(row), Some(column)) = (word(data, 0), word(data, 2)) else { return Ok(None) };
        match record.kind {
            0x0208 => {
                let hidden = double(data, 12).is_some_and(|options| options & 0x20 != 0);
                self.rows.entry(row).or_default().0 = hidden;
            }
            0x00FD => {
                let index = double(data, 6).and_then(|index| usize::try_from(index).ok());
                let text = index.and_then(|index| self.globals.strings.get(index));
                let missing = Cell { text: "#REF!".to_owned(), content: Content::Error };
                self.put(row, column, text.map_or(missing, |text| Cell::text(text.as_str())))?;
            }
            0x0204 => {
                if let Some(text) = Cursor::new(record, 6).text() {
                    self.put(row, column, Cell::text(text))?;
                }
            }
            0x0203 => self.number(row, column, word(data, 4), float(data, 6))?,
            0x027E => self.number(row, column, word(data, 4), rk(data, 6))?,
            0x00BD => {
                let pairs = data.get(4..data.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
                for (column, pair) in (column..=u16::MAX).zip(pairs) {
                    self.number(row, column, word(pair, 0), rk(pair, 2))?;
                }
            }
            0x0205 => {
                if let Some([value, error]) = data.get(6..8) {
                    self.put(row, column, truth_or_error(*value, *error != 0))?;
                }
            }
            0x0006 => return self.formula(row, column, data),
            0x00E5 => self.merged(data),
            _ => {}
        }
        Ok(None)
    }

    fn formula(&mut self, row: u16, column: u16, data: &[u8]) -> Result<Option<(u16, u16)>, Exceeded> {
        let Some(result) = data.get(6..14) else { return Ok(None) };
        if result.ends_with(&[0xFF, 0xFF]) {
            let value = result.get(2).copied().unwrap_or(0);
            match result.first() {
                Some(0) => return Ok(Some((row, column))),
                Some(1) => self.put(row, column, truth_or_error(value, false))?,
                Some(2) => self.put(row, column, truth_or_error(value, true))?,
                _ => {}
            }
            return Ok(None);
        }
        self.number(row, column, word(data, 4), float(data, 6))?;
        Ok(None)
    }

    fn number(
        &mut self,
        row: u16,
        column: u16,
        style: Option<u16>,
        value: Option<f64>,
    ) -> Result<(), Exceeded> {
        let (Some(style), Some(value)) = (style, value.filter(|value| value.is_finite())) else {
            return Ok(());
        };
        let cell = self.globals.format(style).show(value, self.globals.system);
        self.put(row, column, cell)
    }

    fn put(&mut self, row: u16, column: u16, cell: Cell) -> Result<(), Exceeded> {
        if cell.text.trim().is_empty() {
            return Ok(());
        }
        self.budget.cell(u32::from(column), &cell.text)?;
        let (_, cells) = self.rows.entry(row).or_default();
        if cells.is_empty() {
            self.budget.row()?;
        }
        cells.insert(column, cell);
        Ok(())
    }

    fn merged(&mut self, data: &[u8]) {
        for region in data.get(2..).unwrap_or_default().chunks_exact(8) {
            let edges = (word(region, 0), word(region, 2), word(region, 4), word(region, 6));
            if let (Some(top), Some(bottom), Some(left), Some(right)) = edges
                && self.sheet.merged.len() < MOST_REGIONS
                && top <= bottom
                && left <= right
            {
                self.sheet.merged.push(Region {
                    top: u32::from(top) + 1,
                    bottom: u32::from(bottom) + 1,
                    left: u32::from(left),
                    right: u32::from(right),
                });
            }
        }
    }

    fn finish(mut self) -> Sheet {
        for (row, (hidden, cells)) in self.rows {
            if cells.is_empty() {
                continue;
            }
            self.sheet.hidden_rows += usize::from(hidden);
            let cells = cells.into_iter().map(|(column, cell)| (u32::from(column), cell)).collect();
            self.sheet.rows.push(Row { number: u32::from(row) + 1, cells, ..Row::default() });
        }
        self.sheet
    }
}

/// MS-XLS 2.5.10 (Bes): a truth value, or the number of an error.
fn truth_or_error(value: u8, error: bool) -> Cell {
    let (text, content) = match (error, value) {
        (false, 0) => ("FALSE", Content::Boolean),
        (false, _) => ("TRUE", Content::Boolean),
        (true, 0x00) => ("#NULL!", Content::Error),
        (true, 0x07) => ("#DIV/0!", Content::Error),
        (true, 0x0F) => ("#VALUE!", Content::Error),
        (true, 0x17) => ("#REF!", Content::Error),
        (true, 0x1D) => ("#NAME?", Content::Error),
        (true, 0x24) => ("#NUM!", Content::Error),
        (true, _) => ("#N/A", Content::Error),
    };
    Cell { text: text.to_owned(), content }
}
