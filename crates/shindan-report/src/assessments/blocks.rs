//! What a printed report is made of.

use crate::words::Words;

/// One part of a page, in reading order.
pub(super) enum Block {
    /// A heading of a plan; begins a new page in print, except for the first.
    Plan(String),
    /// A heading.
    Heading(String),
    /// A heading below it.
    Part(String),
    /// A paragraph.
    Text(String),
    /// Something to look at: framed.
    Warning(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
}

/// A table of a page.
pub(super) struct Table {
    /// CSS class that gives the widths.
    pub(super) class: &'static str,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A cell; its class repeats what its word says.
pub(super) struct Cell {
    pub(super) class: &'static str,
    pub(super) text: String,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell { class: "", text }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::from(text.to_owned())
    }
}

/// A count; nought is written lightly, so that the others are seen.
pub(super) fn number(count: u64) -> Cell {
    Cell { class: if count == 0 { "n z" } else { "n" }, text: crate::words::grouped(count) }
}

/// The same for what is counted here.
pub(super) fn counted(count: usize) -> Cell {
    number(u64::try_from(count).unwrap_or(u64::MAX))
}

pub(super) fn table(class: &'static str, keys: &[&str], rows: Vec<Vec<Cell>>, words: &Words) -> Block {
    Block::Table(Table { class, columns: keys.iter().map(|key| words.t(key)).collect(), rows })
}

/// Pairs of a key of words and a value, without those that have none.
pub(super) fn facts<const N: usize>(all: [(&str, Option<String>); N], words: &Words) -> Block {
    Block::Facts(all.into_iter().filter_map(|(key, value)| Some((words.t(key), value?))).collect())
}

/// Between several things in one line.
pub(super) fn separator(words: &Words) -> &'static str {
    match words.lang() {
        crate::words::Lang::Ja => "、",
        crate::words::Lang::En => ", ",
    }
}
