//! A paper: what a report says, in one language, before it has a form. Written as page, PDF, spreadsheet or rows, it says the
//! same in each of them.
//!
//! A report is made as a [`Paper`] by a function that gets its data and [`Words`]; writers know nothing of
//! what it is about. To add a report: such a function, and its name in `shindan_app::records::reports`.
//!
//! - [`html`]: one self-contained page, or the fragment that a page of the web application holds.
//! - [`excel()`]: a workbook; a sheet for each table, and a first one for what is not in a table.
//! - [`csv()`]: rows for spreadsheets; [`write_json`] for programs; [`paper_table`] for the terminal.
//! - PDF is written by the crate `shindan-pdf`, which holds the typesetting and the fonts.
//!
//! Invariants, stated as absences: no writer leaves a block out, none shortens a text; a colour ([`Tone`]) never says what does
//! not stand in words beside it.

mod csv;
pub mod html;
mod json;
#[cfg(test)]
mod tests;
mod text;

pub use crate::excel::paper::workbook as excel;
pub use csv::csv;
pub use json::write_json;
pub use text::paper_table;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::dates;
use crate::words::Words;

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// What it is called: `収集実施記録`.
    pub title: String,
    /// What it is about: month, system, plan.
    pub subject: String,
    /// Where, when and from what it was made, one line each.
    pub about: Vec<String>,
    /// What a reader must know before trusting it; empty if nothing.
    pub cautions: Vec<String>,
    /// Its contents in reading order.
    pub blocks: Vec<Block>,
    /// How it lies on paper.
    pub layout: Layout,
}

/// How a paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// A4, upright.
    #[default]
    Portrait,
    /// A4, lying: for wide tables.
    Landscape,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the highest level below the title.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A paragraph in a frame: what must be seen where it stands. Its tone is that of the frame.
    Notice(Cell),
    /// Labelled values, one below the other.
    Facts(Vec<(String, Cell)>),
    /// A table.
    Table(Table),
    /// Fields to be signed or stamped by hand: what each is for.
    Signatures(Vec<String>),
    /// What follows begins on a new page.
    NewPage,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows; in a workbook the name of its sheet.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, one cell a column. Cells without a column are written too, below an empty heading.
    pub rows: Vec<Vec<Cell>>,
    /// What is said where it has no rows.
    pub empty: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its share of the width, beside those of the others.
    pub share: u8,
    /// Whether it holds numbers, which are set to the right.
    pub numbers: bool,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text; lines are kept.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
    /// The time that the text says: a workbook holds it as such, so that it can be sorted and counted with.
    pub when: Option<When>,
}

/// A time in a cell, in the zone of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(Date),
    /// A moment, to the minute.
    Minute(DateTime),
}

/// What a colour says, beside the text that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// Immediate, or blocked.
    Immediate,
    /// Out of cycle, or overdue.
    Late,
    /// Scheduled.
    Scheduled,
    /// Deferred, or closed.
    Quiet,
    /// Undetermined.
    Undetermined,
    /// Proven.
    Proven,
}

impl Tone {
    /// All of them.
    pub const ALL: [Tone; 7] = [
        Tone::Plain,
        Tone::Immediate,
        Tone::Late,
        Tone::Scheduled,
        Tone::Quiet,
        Tone::Undetermined,
        Tone::Proven,
    ];

    /// Its name in style sheets and in `docs/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Immediate => "immediate",
            Tone::Late => "late",
            Tone::Scheduled => "scheduled",
            Tone::Quiet => "quiet",
            Tone::Undetermined => "undetermined",
            Tone::Proven => "proven",
        }
    }
}

impl Layout {
    /// Its name in `docs/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Portrait => "portrait",
            Layout::Landscape => "landscape",
        }
    }
}

impl Table {
    /// How many columns it has, those included that only rows have.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.columns.len())
    }

    /// The share of each column of the width, in hundredths; none is nothing, however little it asked for.
    pub fn percentages(&self) -> Vec<u8> {
        let all: u32 = self.columns.iter().map(|column| u32::from(column.share.max(1))).sum();
        let part = |column: &Column| u32::from(column.share.max(1)) * 100 / all.max(1);
        self.columns.iter().map(|column| u8::try_from(part(column).clamp(1, 100)).unwrap_or(100)).collect()
    }
}

impl Column {
    /// A column of texts.
    pub fn text(title: impl Into<String>, share: u8) -> Column {
        Column { title: title.into(), share, numbers: false }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>, share: u8) -> Column {
        Column { title: title.into(), share, numbers: true }
    }
}

impl Cell {
    /// A text with a colour.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), tone, when: None }
    }

    /// A day.
    pub fn day(day: Date, words: &Words) -> Cell {
        Cell { text: dates::short(day, words), tone: Tone::Plain, when: Some(When::Day(day)) }
    }

    /// A moment, to the minute.
    pub fn minute(time: Timestamp, words: &Words) -> Cell {
        let when = Some(When::Minute(dates::local(time, words).datetime()));
        Cell { text: dates::minute(time, words), tone: Tone::Plain, when }
    }

    /// The same with a colour.
    #[must_use]
    pub fn with_tone(self, tone: Tone) -> Cell {
        Cell { tone, ..self }
    }
}

/// The separator between the title of a paper and what it is about.
fn head_line(paper: &Paper) -> String {
    if paper.subject.is_empty() { paper.title.clone() } else { format!("{}  {}", paper.title, paper.subject) }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.into(), tone: Tone::Plain, when: None }
    }
}

impl Paper {
    /// A paper without contents.
    pub fn new(title: impl Into<String>, subject: impl Into<String>) -> Paper {
        Paper { title: title.into(), subject: subject.into(), ..Paper::default() }
    }

    /// Adds a part.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Its tables.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// Whether the title of the table at this place is that of the heading it stands under, and need not be set twice.
    pub fn is_titled_above(&self, block: usize) -> bool {
        let Some(Block::Table(table)) = self.blocks.get(block) else { return false };
        let mut above = self.blocks.iter().take(block).rev();
        let found = above.find(|one| matches!(one, Block::Heading(..) | Block::Table(_) | Block::NewPage));
        matches!(found, Some(Block::Heading(_, heading)) if *heading == table.title)
    }
}
