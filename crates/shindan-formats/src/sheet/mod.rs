//! Sheets of cells: Excel workbooks (xlsx, xlsm, xls), OpenDocument spreadsheets (ods), and CSV or TSV texts.
//!
//! What comes out is what a person sees on the screen: dates as dates, numbers with the decimals that their format
//! shows, the value that a formula had when the file was saved. Nothing is calculated and nothing is guessed: a cell
//! whose text cannot be known for sure says so in its [`Content`].
//!
//! Workbooks are hostile: their sizes are claims. What is inflated, how many cells are kept and how much text they hold
//! is limited, and memory is taken for what is there, never for what a file says of itself.

mod address;
mod delimited;
mod markup;
mod number;
mod ods;
mod xls;
mod xlsx;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

pub use self::address::{Address, column_letters, column_number};
pub use self::delimited::{Broken, DELIMITERS, read_text};
pub(crate) use self::delimited::{Row as TextRow, Rows};
use self::number::DateSystem;

use crate::limits::Limits;

/// Most rows with content that are read of a workbook or text.
pub const MOST_ROWS: usize = 200_000;
/// Most columns that are read of a row. Excel's own limit is 16,384; no ledger has a thousand.
pub const MOST_COLUMNS: u32 = 1_000;
/// Most cells with content that are read of a workbook or text.
pub const MOST_CELLS: usize = 3_000_000;
/// Most text, in bytes, that the cells of a workbook may hold together.
pub const MOST_TEXT: usize = 256 << 20;
/// Most sheets of a workbook.
pub const MOST_SHEETS: usize = 1_000;
/// Most merged regions of a sheet.
pub const MOST_REGIONS: usize = 100_000;

/// What is inflated of a workbook at most: 512 MiB in all, 256 MiB a part, 20,000 parts, one to a thousand.
pub const WORKBOOK: Limits = Limits {
    file_size: 256 << 20,
    depth: 64,
    line: 16 << 20,
    entries: 20_000,
    inflated: 512 << 20,
    ratio: 1000,
};

/// What a workbook was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookKind {
    /// Office Open XML: xlsx, xlsm, xltx.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
}

impl WorkbookKind {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkbookKind::Xlsx => "xlsx",
            WorkbookKind::Xls => "xls",
            WorkbookKind::Ods => "ods",
        }
    }
}

/// Sheets in the order of their tabs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// The sheets; chart sheets are left out.
    pub sheets: Vec<Sheet>,
    /// What was odd or could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name on its tab; empty for a text.
    pub name: String,
    /// Not shown by Excel unless somebody asks for it.
    pub hidden: bool,
    /// Rows with content, in order.
    pub rows: Vec<Row>,
    /// Merged regions, in no order.
    pub merged: Vec<Region>,
    /// How many of the rows are hidden (by a filter, for instance). They are read all the same.
    pub hidden_rows: usize,
    /// From which day numbers without a format of dates would count.
    pub(crate) system: DateSystem,
}

impl Sheet {
    /// The day that a number means, `YYYY-MM-DD`, if somebody meant a day by it.
    pub(crate) fn date(&self, serial: f64) -> Option<String> {
        number::date(serial, self.system).map(|date| date.to_string())
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Number at the edge of the sheet, from 1.
    pub number: u32,
    /// Line of the text on which it starts, from 1; `None` in workbooks.
    pub line: Option<u64>,
    /// Cells with content: column from 0, and cell; in the order of the columns.
    pub cells: Vec<(u32, Cell)>,
    /// How many cells the row has in a text, empty ones included; `None` in workbooks.
    pub width: Option<usize>,
}

impl Row {
    /// The cell in this column (from 0), if it has content.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let position = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(position).map(|(_, cell)| cell)
    }
}

/// One cell with content.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it shows, line breaks kept.
    pub text: String,
    /// What it is.
    pub content: Content,
}

impl Cell {
    /// A cell that holds text.
    pub fn text(text: impl Into<String>) -> Self {
        Cell { text: text.into(), content: Content::Text }
    }
}

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Content {
    /// Text as somebody wrote it.
    Text,
    /// A number. Its text is what its format shows.
    Number {
        /// The value.
        value: f64,
        /// False if the format leaves open how many digits there are: `1.10` and `1.1` are the same number.
        exact: bool,
    },
    /// A date, `YYYY-MM-DD` or `YYYY-MM`, with ` hh:mm:ss` if it has a time of day.
    Date,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An error such as `#N/A`.
    Error,
    /// A formula without a stored value: the file was saved by a program that does not calculate.
    Uncalculated,
}

/// A merged region: its value stands in its first cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// First row, from 1.
    pub top: u32,
    /// Last row, from 1.
    pub bottom: u32,
    /// First column, from 0.
    pub left: u32,
    /// Last column, from 0.
    pub right: u32,
}

/// What the bytes of a file look like, if they are a workbook.
pub fn workbook_kind(bytes: &[u8]) -> Option<WorkbookKind> {
    if xls::is_compound(bytes) {
        return Some(WorkbookKind::Xls);
    }
    if !crate::archive::is_zip(bytes) {
        return None;
    }
    // The names of all entries stand in the central directory, at the end of the file.
    let holds = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    if holds(b"xl/") {
        Some(WorkbookKind::Xlsx)
    } else if holds(b"opendocument.spreadsheet") {
        Some(WorkbookKind::Ods)
    } else {
        None
    }
}

/// Reads a workbook.
///
/// # Errors
/// `workbook-encrypted`, `workbook-invalid`, `format-unsupported` (xlsb, Excel 95 and older, another kind of document in
/// the same container), or what is wrong with the archive or its XML. Sheets that cannot be read while others can are
/// diagnostics of the workbook.
pub fn read_workbook(bytes: &[u8], kind: WorkbookKind, path: &str) -> Result<Workbook, Diagnostic> {
    match kind {
        WorkbookKind::Xlsx => xlsx::read(bytes, path),
        WorkbookKind::Xls => xls::read(bytes, path),
        WorkbookKind::Ods => ods::read(bytes, path),
    }
}

/// Counts what is kept of a workbook and stops at the limits.
#[derive(Debug, Default)]
struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

/// What there was too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Exceeded {
    unit: &'static str,
    limit: usize,
}

impl Exceeded {
    fn at(self, place: Place) -> Diagnostic {
        Diagnostic::new(Code::SheetTooLarge, place).with("unit", self.unit).with("limit", self.limit)
    }
}

impl Budget {
    fn row(&mut self) -> Result<(), Exceeded> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(Exceeded { unit: "rows", limit: MOST_ROWS });
        }
        Ok(())
    }

    fn cell(&mut self, column: u32, text: &str) -> Result<(), Exceeded> {
        if column >= MOST_COLUMNS {
            return Err(Exceeded { unit: "columns", limit: MOST_COLUMNS as usize });
        }
        self.cells += 1;
        self.text += text.len();
        if self.cells > MOST_CELLS {
            return Err(Exceeded { unit: "cells", limit: MOST_CELLS });
        }
        if self.text > MOST_TEXT {
            return Err(Exceeded { unit: "bytes", limit: MOST_TEXT });
        }
        Ok(())
    }
}

fn invalid(place: Place, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::WorkbookInvalid, place).with("reason", crate::text::shorten(reason, 200))
}

/// A place inside a workbook: a part of the package, or a sheet.
fn inside(path: &str, member: &str) -> Place {
    Place { member: Some(member.to_owned()), ..Place::file(path) }
}
