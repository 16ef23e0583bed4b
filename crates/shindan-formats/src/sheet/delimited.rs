//! Rows and cells of a CSV text, with the line on which each row starts.
//!
//! Source: RFC 4180, section 2, with any of `,` `;` and tab between cells and with any line end. Unlike general CSV
//! readers it notices a quote that never closes: otherwise one stray quote would swallow the rest of a ledger.

use std::borrow::Cow;

use super::{Budget, Cell, Exceeded, Row as SheetRow, Sheet};

/// Longest cell, in bytes. A longer one means that a quote is missing somewhere.
const CELL: usize = 64 * 1024;
/// How many rows with a broken quote are passed over before the rest of the file is given up.
const BROKEN: usize = 100;

/// What may stand between cells.
pub const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    /// Line on which it starts, from 1.
    pub(crate) line: u64,
    /// Cells, unquoted.
    pub(crate) cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// True if no cell holds anything but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a row could not be read. The rows after it are still read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Line on which the row starts, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A text as a sheet, with the rows that could not be read.
///
/// At most `rows` rows are looked at: whoever only wants to know what a text is needs its beginning.
pub fn read_text(text: &str, delimiter: u8, rows: usize) -> (Sheet, Vec<Broken>) {
    let mut sheet = Sheet::default();
    let mut broken = Vec::new();
    let mut budget = Budget::default();
    for (number, row) in (1..).zip(Rows::new(text, delimiter).take(rows)) {
        match row.map(|row| kept(&row, number, &mut budget)) {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(row))) => sheet.rows.push(row),
            Ok(Err((line, exceeded))) => {
                let reason = format!("more than {} {}; the rest was not read", exceeded.limit, exceeded.unit);
                broken.push(Broken { line, reason });
                break;
            }
            Err(row) => broken.push(row),
        }
    }
    (sheet, broken)
}

/// The row as far as it has content; `None` if it is blank.
fn kept(row: &Row<'_>, number: u32, budget: &mut Budget) -> Result<Option<SheetRow>, (u64, Exceeded)> {
    let mut cells = Vec::new();
    for (column, cell) in (0..).zip(&row.cells) {
        if cell.trim().is_empty() {
            continue;
        }
        budget.cell(column, cell).map_err(|exceeded| (row.line, exceeded))?;
        cells.push((column, Cell::text(cell.as_ref())));
    }
    if cells.is_empty() {
        return Ok(None);
    }
    budget.row().map_err(|exceeded| (row.line, exceeded))?;
    Ok(Some(SheetRow { number, line: Some(row.line), cells, width: Some(row.cells.len()) }))
}

/// The rows of `text`, in order.
pub(crate) struct Rows<'a> {
    text: &'a str,
    delimiter: u8,
    at: usize,
    line: u64,
    broken: usize,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        Rows { text, delimiter, at: 0, line: 1, broken: 0 }
    }

    /// Reads the row at `self.at`. Leaves `self.at` and `self.line` behind it.
    fn row(&mut self) -> Result<Row<'a>, &'static str> {
        let mut row = Row { line: self.line, cells: Vec::new() };
        loop {
            let (cell, after) = self.cell()?;
            row.cells.push(cell);
            self.at = after;
            match self.byte(after) {
                Some(byte) if byte == self.delimiter => self.at += 1,
                _ => break,
            }
        }
        self.skip_line_end();
        Ok(row)
    }

    /// The cell at `self.at` and the offset behind it, which is a delimiter, a line end or the end.
    fn cell(&mut self) -> Result<(Cow<'a, str>, usize), &'static str> {
        if self.byte(self.at) == Some(b'"') {
            return self.quoted();
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        if length > CELL {
            return Err("cell too long");
        }
        let end = self.at + length;
        Ok((Cow::Borrowed(self.text.get(self.at..end).unwrap_or_default()), end))
    }

    fn quoted(&mut self) -> Result<(Cow<'a, str>, usize), &'static str> {
        let start = self.at + 1;
        let mut from = start;
        loop {
            let window = self.text.as_bytes().get(from..).unwrap_or_default();
            let window = window.get(..CELL).unwrap_or(window);
            let quote = from + memchr::memchr(b'"', window).ok_or("a quote never closes")?;
            if quote - start > CELL {
                return Err("cell too long");
            }
            if self.byte(quote + 1) == Some(b'"') {
                from = quote + 2;
                continue;
            }
            let inner = self.text.get(start..quote).unwrap_or_default();
            self.line += line_ends(inner.as_bytes());
            let after = quote + 1;
            return match self.byte(after) {
                None | Some(b'\n' | b'\r') => Ok((unescaped(inner), after)),
                Some(byte) if byte == self.delimiter => Ok((unescaped(inner), after)),
                Some(_) => Err("text follows a closing quote"),
            };
        }
    }

    fn skip_line_end(&mut self) {
        match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(b'\r' | b'\n'), _) => self.at += 1,
            _ => return,
        }
        self.line += 1;
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Result<Row<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let reason = match self.row() {
            Ok(row) => return Some(Ok(row)),
            Err(reason) => reason,
        };
        self.broken += 1;
        if self.broken > BROKEN {
            self.at = self.text.len();
            let reason = "too many broken rows; the rest was not read".to_owned();
            return Some(Err(Broken { line, reason }));
        }
        // Give up this physical line only.
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at = start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        self.line = line;
        self.skip_line_end();
        Some(Err(Broken { line, reason: reason.to_owned() }))
    }
}

fn unescaped(inner: &str) -> Cow<'_, str> {
    if inner.contains('"') { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) }
}

/// `\r\n`, `\n` and `\r` each end a line.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut previous = b' ';
    for &byte in bytes {
        count += u64::from(byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        previous = byte;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        Rows::new(text, b',')
            .map(|row| match row {
                Ok(row) => format!("{}: {}", row.line, row.cells.join("|")),
                Err(broken) => format!("{}! {}", broken.line, broken.reason),
            })
            .collect()
    }

    #[test]
    fn quotes_and_line_ends() {
        assert_eq!(
            rows("a,b\r\n\"x\"\"y\",\"1\n2\"\r\"\",\n,z"),
            ["1: a|b", "2: x\"y|1\n2", "4: |", "5: |z"]
        );
    }

    #[test]
    fn a_stray_quote_costs_one_line() {
        assert_eq!(rows("a,b\n\"c,d\ne,f\n"), ["1: a|b", "2! a quote never closes", "3: e|f"]);
        assert_eq!(rows("\"a\"b,c\nd,e"), ["1! text follows a closing quote", "2: d|e"]);
    }

    #[test]
    fn blank_rows_keep_their_numbers() {
        let (sheet, broken) = read_text("a,,b\n\n , \nc,\"d\ne\"\n", b',', 100);
        assert_eq!(broken, []);
        let rows: Vec<_> = sheet.rows.iter().map(|r| (r.number, r.line, r.width, r.cells.len())).collect();
        assert_eq!(rows, [(1, Some(1), Some(3), 2), (4, Some(4), Some(2), 2)]);
        assert_eq!(sheet.rows[0].cell(2).map(|cell| cell.text.as_str()), Some("b"));
        assert_eq!(sheet.rows[0].cell(1), None);
    }

    #[test]
    fn too_many_columns_end_the_reading() {
        let (sheet, broken) = read_text(&format!("a\n{}x\nb", ",".repeat(1_000)), b',', 100);
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!((broken.len(), broken[0].line), (1, 2));
    }

    #[test]
    fn hostile_quotes_end_early() {
        let text = "\"a\"b\n".repeat(5_000);
        let rows = rows(&text);
        assert_eq!(rows.len(), BROKEN + 1);
        assert!(rows.last().is_some_and(|row| row.contains("too many")));
        let long = format!("{}\nb", "x".repeat(CELL + 1));
        assert_eq!(super::tests::rows(&long), ["1! cell too long", "2: b"]);
    }
}
