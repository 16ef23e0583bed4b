//! A list as pages show it: which columns there are, which of them are shown, and cells that are the same on the page, in CSV and in
//! Excel.
//!
//! A page makes its [`Columns`] from the address (`columns=a,b`), else from what the person chose before, else as usual; then a
//! [`Listing`] of the rows of the page, or, if the address asks for a file (`as=csv`, `as=xlsx`), of all rows, which [`file`] writes.
//!
//! To make a list of a page one of these: name its columns, give a cell for each of them, and use `listing.html`.

mod cell;
mod file;
pub(crate) mod records;

use shindan_report::words::Words;
use shindan_server::problem::Problem;

pub(crate) use cell::{Cell, Piece};
pub(crate) use file::{Format, MOST, room, wanted, written};

use crate::address::address_with;
use crate::asked::Asked;
use crate::visit::Visit;

/// What a preference is called that holds the columns of a list.
const PREFERENCE: &str = "columns.";

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its name in addresses and preferences.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// Its class in the style sheet: `number`, `day`, `n` or nothing.
    pub class: &'static str,
    /// Its share of the width on paper.
    pub share: u8,
    /// Shown unless the person chose otherwise.
    pub usual: bool,
}

impl Column {
    /// A column that is usually shown.
    pub(crate) fn new(id: &'static str, title: String, class: &'static str, share: u8) -> Column {
        Column { id, title, class, share, usual: true }
    }

    /// The same, shown only to those who want it.
    pub(crate) fn aside(self) -> Column {
        Column { usual: false, ..self }
    }
}

/// The columns of a list, and which of them are shown.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// What the list is called in addresses and preferences.
    pub list: String,
    all: Vec<Column>,
    shown: Vec<usize>,
}

impl Columns {
    /// Chosen by the address, else by the person, else as usual.
    ///
    /// # Errors
    /// Status 400 if the address names a column that the list does not have.
    pub(crate) fn of(visit: &Visit<'_, '_>, list: &str, all: Vec<Column>) -> Result<Columns, Problem> {
        let place = |id: &str| all.iter().position(|column| column.id == id);
        let in_address = visit.asked.query("columns").filter(|_| is_about(visit.asked, list));
        let mut shown = Vec::new();
        if let Some(text) = &in_address {
            for id in text.split(',').filter(|id| !id.is_empty()) {
                let known = place(id).ok_or_else(|| {
                    Problem::new("query-invalid", 400).with("name", "columns").with("value", id)
                })?;
                shown.push(known);
            }
        } else if let Some(text) = visit.prefers.get(&preference(list)) {
            // A column that an older version had is passed over.
            shown.extend(text.split(',').filter_map(place));
        }
        shown.dedup();
        if shown.is_empty() {
            shown = (0..all.len()).filter(|index| all.get(*index).is_some_and(|one| one.usual)).collect();
        }
        Ok(Columns { list: list.to_owned(), all, shown })
    }

    /// All of them, for a list whose columns are not chosen.
    pub(crate) fn fixed(list: &str, all: Vec<Column>) -> Columns {
        Columns { list: list.to_owned(), shown: (0..all.len()).collect(), all }
    }

    /// Those that are shown, in their order.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Column> {
        self.shown.iter().filter_map(|index| self.all.get(*index))
    }

    /// Whether one of the columns that are shown is of this kind.
    pub(crate) fn shows(&self, mut which: impl FnMut(&str) -> bool) -> bool {
        self.shown().any(|column| which(column.id))
    }

    /// The cells of a row: one for each column that is shown.
    pub(crate) fn row(&self, mut cell: impl FnMut(&'static str) -> Cell) -> Vec<Cell> {
        self.shown().map(|column| cell(column.id)).collect()
    }

    fn ids(&self) -> String {
        self.shown().map(|column| column.id).collect::<Vec<_>>().join(",")
    }
}

/// What a preference is called that holds the columns of this list.
pub(crate) fn preference(list: &str) -> String {
    format!("{PREFERENCE}{list}")
}

/// Whether what the address says of columns and files is about this list: a page with several lists names one.
fn is_about(asked: &Asked, list: &str) -> bool {
    asked.query("list").is_none_or(|named| named == list)
}

/// A list as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub title: String,
    pub columns: Columns,
    pub rows: Vec<Vec<Cell>>,
    pub empty: String,
    /// How many there are, in words; empty: not known.
    pub count: String,
    /// Where files of exactly this are.
    pub csv: String,
    pub excel: String,
    /// The page, to come back after a choice of columns.
    pub back: String,
}

/// A column that can be chosen.
pub(crate) struct Choice<'c> {
    pub id: &'static str,
    pub title: &'c str,
    pub here: bool,
}

impl Listing {
    /// A list of the page that is asked for.
    pub(crate) fn new(asked: &Asked, title: String, columns: Columns, rows: Vec<Vec<Cell>>) -> Listing {
        let here = asked.here();
        let ids = columns.ids();
        let file = |format| {
            let with = [("list", columns.list.as_str()), ("columns", ids.as_str()), ("as", format)];
            address_with(&here, &["after", "page", "before", "told"], &with)
        };
        Listing {
            csv: file("csv"),
            excel: file("xlsx"),
            back: address_with(&here, &["columns", "list", "as", "told"], &[]),
            count: String::new(),
            empty: String::new(),
            title,
            columns,
            rows,
        }
    }

    /// Says so where there is no row.
    pub(crate) fn or_else(mut self, empty: String) -> Listing {
        self.empty = empty;
        self
    }

    /// Says how many there are.
    pub(crate) fn counted(mut self, count: String) -> Listing {
        self.count = count;
        self
    }

    /// What can be chosen.
    pub(crate) fn choices(&self) -> Vec<Choice<'_>> {
        let all = self.columns.all.iter().enumerate();
        all.map(|(index, column)| Choice {
            id: column.id,
            title: &column.title,
            here: self.columns.shown.contains(&index),
        })
        .collect()
    }

    /// Columns that are shown.
    pub(crate) fn shown(&self) -> Vec<&Column> {
        self.columns.shown().collect()
    }

    /// Rows with the columns of their cells.
    pub(crate) fn lines(&self) -> impl Iterator<Item = impl Iterator<Item = (&Column, &Cell)>> {
        self.rows.iter().map(|row| self.columns.shown().zip(row))
    }
}

/// The heading of a column that a label names.
pub(crate) fn labelled(label: shindan_domain::process::Label, w: &Words) -> Column {
    Column::new(label.as_str(), w.label_of(label), "", 3)
}

#[cfg(test)]
pub(crate) fn sample() -> Listing {
    let text = || "<運用>".to_owned();
    let columns = Columns {
        list: "sample".to_owned(),
        all: vec![
            Column::new("number", text(), "number", 1),
            Column::new("due", text(), "day", 1).aside(),
            Column::new("count", text(), "n", 1),
        ],
        shown: vec![0, 2],
    };
    let rows = vec![vec![Cell::link(text(), "/cases").with(Piece::small(text())), Cell::number(3)]];
    Listing {
        title: text(),
        columns,
        rows,
        empty: text(),
        count: text(),
        csv: "/cases?as=csv".to_owned(),
        excel: "/cases?as=xlsx".to_owned(),
        back: "/cases".to_owned(),
    }
}
