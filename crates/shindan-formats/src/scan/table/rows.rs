//! Rows with headings, of a text or of a sheet.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::scan::collected::Collected;
use crate::sheet::{Broken, DELIMITERS, MOST_COLUMNS, Rows, Sheet, TextRow};

/// Rows one after the other.
pub(super) type Lines<'a> = Box<dyn Iterator<Item = Result<TextRow<'a>, Broken>> + 'a>;

pub(super) fn of_text(text: &str, delimiter: u8) -> Lines<'_> {
    Box::new(Rows::new(text, delimiter))
}

/// The rows of a sheet, with empty cells where it has none. `line` is the number at the edge of the sheet.
pub(super) fn of_sheet(sheet: &Sheet) -> Lines<'_> {
    let width = sheet.rows.iter().flat_map(|row| row.cells.last()).map(|(column, _)| column + 1).max();
    let width = width.unwrap_or(0).min(MOST_COLUMNS) as usize;
    Box::new(sheet.rows.iter().map(move |row| {
        let mut cells = vec![Cow::Borrowed(""); width];
        for (column, cell) in &row.cells {
            if let Some(place) = cells.get_mut(*column as usize) {
                *place = Cow::Borrowed(cell.text.as_str());
            }
        }
        Ok(TextRow { line: u64::from(row.number), cells })
    }))
}

/// What stands between cells: the sign that makes several of the first row that can be split, and the most of them. A title may
/// stand above the table.
pub(super) fn delimiter(text: &str) -> u8 {
    let split = |delimiter: &u8| {
        let first = Rows::new(text, *delimiter).take(20).flatten().find(|row| row.cells.len() > 1)?;
        Some((Reverse(first.line), first.cells.len()))
    };
    // The first of several that split alike.
    DELIMITERS.into_iter().rev().max_by_key(split).unwrap_or(b',')
}

/// The headings of a table.
pub(super) struct Head {
    names: Vec<String>,
}

impl Head {
    pub(super) fn new(row: &TextRow<'_>) -> Self {
        Head { names: row.cells.iter().map(|cell| folded(cell)).collect() }
    }

    /// True if the table has a column of this name. Names are compared without case and blanks around them.
    pub(super) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let name = folded(name);
        self.names.iter().position(|heading| *heading == name)
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// One row, whose cells are asked for by their headings.
pub(super) struct Record<'r, 'a> {
    head: &'r Head,
    row: &'r TextRow<'a>,
}

impl<'r> Record<'r, '_> {
    pub(super) fn line(&self) -> u64 {
        self.row.line
    }

    /// The first of these columns that is not empty; an empty text if all are.
    pub(super) fn first(&self, names: &[&str]) -> &'r str {
        let cells = names.iter().filter_map(|name| self.head.column(name)).map(|column| self.cell(column));
        cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    pub(super) fn get(&self, name: &str) -> &'r str {
        self.first(&[name])
    }

    pub(super) fn cell(&self, column: usize) -> &'r str {
        self.row.cells.get(column).map(|cell| cell.trim()).unwrap_or_default()
    }
}

/// Calls `each` for every row with content. Rows that cannot be read, or have another number of cells than there are headings, are
/// told: they may be cut off in the middle of a value.
pub(super) fn each(
    head: &Head,
    lines: Lines<'_>,
    found: &mut Collected,
    mut each: impl FnMut(&Record<'_, '_>, &mut Collected),
) {
    for line in lines {
        let row = match line {
            Ok(row) if row.is_blank() => continue,
            Ok(row) => row,
            Err(broken) => {
                found.unreadable(broken.line, "row", &broken.reason);
                continue;
            }
        };
        let beyond = row.cells.iter().skip(head.width()).any(|cell| !cell.trim().is_empty());
        if row.cells.len() < head.width() || beyond {
            let reason = format!("{} cells under {} headings", row.cells.len(), head.width());
            found.unreadable(row.line, "row", &reason);
            continue;
        }
        each(&Record { head, row: &row }, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_between_cells_is_found() {
        assert_eq!(delimiter("a,b,c\n1,2,3"), b',');
        assert_eq!(delimiter("\n\na;b;c,d\n"), b';');
        assert_eq!(delimiter("a\tb,x\tc"), b'\t');
        assert_eq!(delimiter("a"), b',');
        assert_eq!(delimiter("title\n\na;b\n1,2,3;4"), b';');
    }
}
