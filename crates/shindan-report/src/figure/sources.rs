//! Sources and days: the strip of the last days, and the month. One cell for a day, with the sign of what was done.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::collect::{Cell as Day, CellState};

use super::Figure;
use super::drawing::{Anchor, Drawing, SMALL, Sample, fitting};
use crate::collect::day_sign as sign_of;
use crate::dates;
use crate::paper::{Cell, Column, Table, Tone};
use crate::words::Words;

/// A source and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// What it is called.
    pub title: String,
    /// The days, the earliest first; the same days for every source.
    pub days: Vec<Day>,
    /// The last check that did not fail; `None` if there is none.
    pub last: Option<Timestamp>,
    /// Whether it is late: it was due and nobody looked, or the last check failed.
    pub late: bool,
}

/// Sources and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDays {
    /// As of when.
    pub as_of: Timestamp,
    /// The sources.
    pub rows: Vec<SourceRow>,
}

/// Room for what a source is called.
const LEFT: i64 = 216;
/// Days beside each other.
const BESIDE: usize = 16;
const CELL: i64 = 26;
const ROW: i64 = 34;

/// The last days, one strip for each source.
pub fn freshness(data: &SourceDays, id: &str, words: &Words) -> Figure {
    made(data, id, words.t("fig-freshness-title"), words)
}

/// A month: days of more new items are darker.
pub fn month(data: &SourceDays, first: Date, id: &str, words: &Words) -> Figure {
    let month = dates::month(first, words);
    made(data, id, words.get("fig-month-title", &[("month", (&month).into())]), words)
}

fn made(data: &SourceDays, id: &str, title: String, words: &Words) -> Figure {
    let days = data.rows.iter().map(|row| row.days.len()).max().unwrap_or(0);
    let mut said: Vec<String> = data.rows.iter().filter(|row| row.late).map(|row| late(row, words)).collect();
    let description = if days == 0 {
        words.t("fig-no-sources")
    } else {
        let late = data.rows.iter().filter(|row| row.late).count();
        let counts = [("sources", data.rows.len().into()), ("late", late.into())];
        words.get("fig-sources-description", &counts)
    };
    if days == 0 {
        said.push(words.t("fig-no-sources"));
    }
    said.push(words.get("fig-as-of", &[("time", (&dates::minute(data.as_of, words)).into())]));
    let svg = (days > 0).then(|| drawn(data, days, id, &title, &description, words));
    Figure { table: table(data, &title, words), title, description, svg, said }
}

fn late(row: &SourceRow, words: &Words) -> String {
    let last = row.last.map_or_else(|| words.t("fig-never"), |at| dates::minute(at, words));
    words.get("fig-source-late", &[("source", (&row.title).into()), ("last", (&last).into())])
}

fn drawn(data: &SourceDays, days: usize, id: &str, title: &str, description: &str, words: &Words) -> String {
    let mut drawing = Drawing::new(id);
    let most = data.rows.iter().flat_map(|row| &row.days).map(|day| day.new_items).max().unwrap_or(0);
    let mut y = 0;
    for begin in (0..days).step_by(BESIDE) {
        let block =
            |row: &SourceRow| -> Vec<Day> { row.days.iter().skip(begin).take(BESIDE).cloned().collect() };
        for (place, day) in (0..).zip(data.rows.first().map(block).unwrap_or_default()) {
            let x = LEFT + place * CELL + CELL / 2;
            drawing.text((x, y + 18), Anchor::Middle, SMALL, &day.date.day().to_string());
        }
        y += 26;
        for row in &data.rows {
            let called = fitting(&row.title, LEFT - 12, SMALL);
            drawing.text((0, y + 22), Anchor::Start, SMALL, &called);
            for (place, day) in (0..).zip(block(row)) {
                let x = LEFT + place * CELL;
                drawing.frame((x + 1, y + 1), (CELL - 2, ROW - 4), class(&day, most));
                let sign = sign_of(day.state, words);
                drawing.text((x + CELL / 2, y + 22), Anchor::Middle, SMALL, &sign);
            }
            y += ROW;
        }
        y += 10;
    }
    let legend = CellState::ALL.iter().map(|state| {
        let sign = sign_of(*state, words);
        let sign = if sign.is_empty() { "□".to_owned() } else { sign };
        (Sample::Sign(sign), words.term(state.term()))
    });
    let end = drawing.legend(y + 4, &legend.collect::<Vec<_>>());
    drawing.finish(end + 6, title, description)
}

/// The class of a cell; new items in four steps of the largest number.
fn class(day: &Day, most: u64) -> &'static str {
    match day.state {
        CellState::DoneNew => match super::over_time::scaled(day.new_items, most, 4) {
            0 | 1 => "fig-cell fig-scheduled fig-heat-1",
            2 => "fig-cell fig-scheduled fig-heat-2",
            3 => "fig-cell fig-scheduled fig-heat-3",
            _ => "fig-cell fig-scheduled fig-heat-4",
        },
        CellState::DoneNothing => "fig-cell fig-defer",
        CellState::Failed => "fig-cell fig-immediate",
        CellState::Missed => "fig-cell fig-out-of-cycle",
        CellState::NonePlanned | CellState::Ahead => "fig-cell",
    }
}

fn table(data: &SourceDays, title: &str, words: &Words) -> Table {
    let columns = vec![
        Column::text(words.t("fig-source"), 4),
        Column::text(words.t("fig-day"), 2),
        Column::text(words.t("fig-state"), 3),
        Column::number(words.t("fig-new-items"), 2),
        Column::number(words.t("fig-checks"), 2),
    ];
    let of_row = |row: &SourceRow| -> Vec<Vec<Cell>> {
        let cells = row.days.iter().map(|day| {
            let tone = match day.state {
                CellState::Failed => Tone::Immediate,
                CellState::Missed => Tone::Late,
                CellState::NonePlanned | CellState::Ahead => Tone::Quiet,
                CellState::DoneNew | CellState::DoneNothing => Tone::Plain,
            };
            vec![
                (&row.title).into(),
                dates::short(day.date, words).into(),
                Cell::toned(words.term(day.state.term()), tone),
                day.new_items.to_string().into(),
                day.checks.len().to_string().into(),
            ]
        });
        cells.collect()
    };
    let rows = data.rows.iter().flat_map(of_row).collect();
    Table { title: title.to_owned(), columns, rows, empty: words.t("fig-no-sources") }
}
