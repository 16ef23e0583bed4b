//! What stands in a cell: pieces with their links and colours; a number or a time is known as such.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::process::Shown;
use shindan_report::paper::{self, Tone, When};
use shindan_report::records::{Names, shown_text};
use shindan_report::words::{Words, grouped};

use crate::address::address;

/// A cell of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// What it says, one below the other.
    pub pieces: Vec<Piece>,
    /// It is a number.
    pub number: bool,
    /// The time that its first piece says.
    when: Option<When>,
}

/// A part of what a cell says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Piece {
    pub text: String,
    pub address: Option<String>,
    pub tone: Tone,
    /// Said more quietly.
    pub small: bool,
}

impl Piece {
    /// A text that is said more quietly.
    pub(crate) fn small(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), small: true, ..Piece::default() }
    }

    /// A text with a colour.
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Piece {
        Piece { text: text.into(), tone, ..Piece::default() }
    }

    /// The name of its colour; empty if it has none.
    pub(crate) fn class(&self) -> &'static str {
        if self.tone == Tone::Plain { "" } else { self.tone.as_str() }
    }
}

impl Cell {
    /// A text; an empty one says nothing.
    pub(crate) fn text(text: impl Into<String>) -> Cell {
        Cell::toned(text, Tone::Plain)
    }

    /// A text with a colour.
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        let text = text.into();
        let pieces = if text.is_empty() { Vec::new() } else { vec![Piece::toned(text, tone)] };
        Cell { pieces, ..Cell::default() }
    }

    /// A text that leads to another page.
    pub(crate) fn link(text: impl Into<String>, address: impl Into<String>) -> Cell {
        let piece = Piece { text: text.into(), address: Some(address.into()), ..Piece::default() };
        Cell { pieces: vec![piece], ..Cell::default() }
    }

    /// A number.
    pub(crate) fn number(number: u64) -> Cell {
        Cell { number: true, ..Cell::text(grouped(number)) }
    }

    /// A day.
    pub(crate) fn day(day: Date, w: &Words) -> Cell {
        Cell::of_paper(paper::Cell::day(day, w))
    }

    /// A moment, to the minute.
    pub(crate) fn minute(time: Timestamp, w: &Words) -> Cell {
        Cell::of_paper(paper::Cell::minute(time, w))
    }

    /// A text that may be a day as programs write it.
    pub(crate) fn day_or_text(text: &str, w: &Words) -> Cell {
        match text.parse() {
            Ok(day) if text.len() == 10 => Cell::day(day, w),
            _ => Cell::text(text),
        }
    }

    fn of_paper(cell: paper::Cell) -> Cell {
        Cell { when: cell.when, ..Cell::text(cell.text) }
    }

    /// A value of a record.
    pub(crate) fn shown(value: &Shown, names: &Names, w: &Words) -> Cell {
        match value {
            Shown::Day(day) => Cell::day(*day, w),
            Shown::Time(time) => Cell::minute(*time, w),
            Shown::Number(number) => match u64::try_from(*number) {
                Ok(number) => Cell::number(number),
                Err(_) => Cell { number: true, ..Cell::text(number.to_string()) },
            },
            Shown::Record(stream) => Cell::link(shown_text(value, names, w), address(*stream)),
            Shown::List(all) => {
                let cells = all.iter().map(|one| Cell::shown(one, names, w));
                Cell { pieces: cells.flat_map(|cell| cell.pieces).collect(), ..Cell::default() }
            }
            other => Cell::text(shown_text(other, names, w)),
        }
    }

    /// The same, leading to another page.
    pub(crate) fn leading(mut self, address: impl Into<String>) -> Cell {
        if let Some(first) = self.pieces.first_mut() {
            first.address = Some(address.into());
        }
        self
    }

    /// The same with a further piece.
    pub(crate) fn with(mut self, piece: Piece) -> Cell {
        if !piece.text.is_empty() {
            self.pieces.push(piece);
        }
        self
    }

    /// The same with a colour on its first piece.
    pub(crate) fn with_tone(mut self, tone: Tone) -> Cell {
        if let Some(first) = self.pieces.first_mut() {
            first.tone = tone;
        }
        self
    }

    /// Whether it is a time with something beside it: a file has a column of its own for that, so that the time stays one.
    pub(super) fn is_remarked(&self) -> bool {
        self.when.is_some() && self.pieces.len() > 1
    }

    /// The cell of a file.
    pub(super) fn on_paper(&self) -> paper::Cell {
        let tone = self.pieces.iter().map(|piece| piece.tone).find(|tone| *tone != Tone::Plain);
        let tone = tone.unwrap_or_default();
        match (self.when, self.pieces.first()) {
            (Some(when), Some(first)) => paper::Cell { text: first.text.clone(), tone, when: Some(when) },
            _ => paper::Cell::toned(self.joined(0), tone),
        }
    }

    /// What stands beside a time.
    pub(super) fn remark(&self) -> paper::Cell {
        let from = if self.is_remarked() { 1 } else { self.pieces.len() };
        paper::Cell::from(self.joined(from))
    }

    fn joined(&self, from: usize) -> String {
        let texts = self.pieces.iter().skip(from).map(|piece| piece.text.as_str());
        texts.collect::<Vec<_>>().join("\n")
    }
}
