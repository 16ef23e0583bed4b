//! Colours, clean text and the one look of all tables.

use std::borrow::Cow;

use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use shindan_domain::diagnostic::Severity;
use shindan_domain::priority::Decision;

use super::Style;

/// Columns to use when nobody knows how wide the terminal is.
const DEFAULT_WIDTH: u16 = 110;

/// What a colour means; each has one meaning, as in the web pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Immediate,
    OutOfCycle,
    Scheduled,
    Defer,
    Undetermined,
}

impl From<Decision> for Meaning {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Immediate => Meaning::Immediate,
            Decision::OutOfCycle => Meaning::OutOfCycle,
            Decision::Scheduled => Meaning::Scheduled,
            Decision::Defer => Meaning::Defer,
        }
    }
}

/// Blocked input is red, what deserves a look is orange, remarks are grey.
impl From<Severity> for Meaning {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Meaning::Immediate,
            Severity::Warning => Meaning::OutOfCycle,
            Severity::Note => Meaning::Defer,
        }
    }
}

impl Meaning {
    /// The colour from the sixteen that every console has.
    fn color(self) -> Color {
        match self {
            Meaning::Immediate => Color::Red,
            Meaning::OutOfCycle => Color::Yellow,
            Meaning::Scheduled => Color::Blue,
            Meaning::Defer => Color::DarkGrey,
            Meaning::Undetermined => Color::Magenta,
        }
    }

    fn escape(self) -> &'static str {
        match self {
            Meaning::Immediate => "\u{1b}[31m",
            Meaning::OutOfCycle => "\u{1b}[33m",
            Meaning::Scheduled => "\u{1b}[34m",
            Meaning::Defer => "\u{1b}[90m",
            Meaning::Undetermined => "\u{1b}[35m",
        }
    }
}

/// `text` in the colour of `meaning`, if colours are wanted.
pub(crate) fn paint(text: &str, meaning: Meaning, style: &Style) -> String {
    if style.color { format!("{}{text}\u{1b}[0m", meaning.escape()) } else { text.to_owned() }
}

/// A cell in the colour of `meaning`.
pub(crate) fn colored(text: impl AsRef<str>, meaning: Meaning) -> Cell {
    plain(text).fg(meaning.color())
}

/// A cell.
pub(crate) fn plain(text: impl AsRef<str>) -> Cell {
    Cell::new(clean(text.as_ref()))
}

/// An empty table in the look of this program.
pub(crate) fn table<'a>(head: impl IntoIterator<Item = &'a String>, style: &Style) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(style.width.unwrap_or(DEFAULT_WIDTH).max(40));
    table.set_header(head.into_iter().map(plain));
    if style.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

/// Text without control characters and without marks that reorder the line; line breaks stay.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect())
}

/// Moves the cursor, or reorders the line it stands in.
pub(crate) fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A heading with an empty line before it.
pub(crate) fn heading(out: &mut String, text: &str) {
    out.push_str("\n■ ");
    out.push_str(text);
    out.push('\n');
}

/// Gives the column that holds sentences at least this share of the width, and the first one what it needs.
pub(crate) fn widen(table: &mut Table, column: usize, percent: u16) {
    for (index, constraint) in [
        (0, ColumnConstraint::ContentWidth),
        (column, ColumnConstraint::LowerBoundary(Width::Percentage(percent))),
    ] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(constraint);
        }
    }
}

/// A table. Its cells were cleaned when they were made, and its colours must stay.
pub(crate) fn put(out: &mut String, table: &Table) {
    out.push_str(&table.to_string());
    out.push('\n');
}

/// One line, cleaned.
pub(crate) fn line(out: &mut String, text: &str) {
    out.push_str(&clean(text));
    out.push('\n');
}
