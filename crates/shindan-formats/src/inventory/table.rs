//! Rows and cells of a CSV text, with the line on which each row starts.
//!
//! Source: RFC 4180, section 2, with any of `,` `;` and tab between cells and with any line end. Unlike general CSV
//! readers it notices a quote that never closes: otherwise one stray quote would swallow the rest of a ledger.

use std::borrow::Cow;

/// Longest cell, in bytes. A longer one means that a quote is missing somewhere.
const CELL: usize = 64 * 1024;
/// How many rows with a broken quote are passed over before the rest of the file is given up.
const BROKEN: usize = 100;

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// Line on which it starts, from 1.
    pub(super) line: u64,
    /// Cells, unquoted.
    pub(super) cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// True if no cell holds anything but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a row could not be read. The rows after it are still read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Line on which the row starts, from 1.
    pub(super) line: u64,
    /// What is wrong with it.
    pub(super) reason: &'static str,
}

/// The rows of `text`, in order.
pub(super) struct Rows<'a> {
    text: &'a str,
    delimiter: u8,
    at: usize,
    line: u64,
    broken: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
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
            return Some(Err(Broken { line, reason: "too many broken rows; the rest was not read" }));
        }
        // Give up this physical line only.
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at = start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        self.line = line;
        self.skip_line_end();
        Some(Err(Broken { line, reason }))
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
    fn hostile_quotes_end_early() {
        let text = "\"a\"b\n".repeat(5_000);
        let rows = rows(&text);
        assert_eq!(rows.len(), BROKEN + 1);
        assert!(rows.last().is_some_and(|row| row.contains("too many")));
        let long = format!("{}\nb", "x".repeat(CELL + 1));
        assert_eq!(super::tests::rows(&long), ["1! cell too long", "2: b"]);
    }
}
