//! 収集実施記録 on the terminal: one row for each source, one column for each day, and a legend.

use shindan_domain::collect::{CellState, MonthGrid};
use shindan_domain::record_id::SourceId;
use unicode_width::UnicodeWidthStr;

use crate::table::Style;
use crate::table::layout::{Meaning, clean, line, paint};
use crate::words::Words;

/// Columns of a day: two for the symbol, one between.
const DAY: usize = 3;
/// A title that is wider stands on a line of its own.
const WIDEST_TITLE: usize = 24;
/// Columns to use when nobody knows how wide the terminal is: a month of 31 days fits beside the widest title.
const DEFAULT_WIDTH: usize = WIDEST_TITLE + 31 * DAY;
/// So many days stand beside each other however narrow the terminal is.
const FEWEST_DAYS: usize = 7;

/// A month for the terminal. `titles`: what the sources are called.
pub fn calendar(grid: &MonthGrid, titles: &[(SourceId, String)], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let month = grid.first.strftime("%Y-%m").to_string();
    line(&mut out, &words.get("collect-calendar-head", &[("month", (&month).into())]));
    if grid.rows.is_empty() {
        line(&mut out, &words.t("collect-no-sources"));
        return out;
    }
    let title = |id: SourceId| {
        let found = titles.iter().find(|(one, _)| *one == id);
        found.map_or_else(|| id.0.to_string(), |(_, title)| clean(title).replace('\n', " "))
    };
    let titles: Vec<String> = grid.rows.iter().map(|row| title(row.source)).collect();
    let widest = titles.iter().map(|title| title.width()).filter(|width| *width <= WIDEST_TITLE).max();
    let left = widest.unwrap_or(0);
    let width = style.width.map_or(DEFAULT_WIDTH, usize::from);
    let beside = (width.saturating_sub(left) / DAY).max(FEWEST_DAYS);
    let days = grid.rows.first().map_or(0, |row| row.cells.len());
    for begin in (0..days).step_by(beside) {
        let end = (begin + beside).min(days);
        let mut head = " ".repeat(left);
        (begin..end).for_each(|day| head.push_str(&format!(" {:02}", day + 1)));
        line(&mut out, &head);
        for (row, title) in grid.rows.iter().zip(&titles) {
            let cells = row.cells.get(begin..end).unwrap_or_default();
            let states = cells.iter().map(|cell| symbol(cell.state, words, style));
            out.push_str(&beside_title(title, left));
            out.push_str(&states.collect::<String>());
            out.push('\n');
        }
    }
    line(&mut out, &legend(words));
    out
}

/// The title, filled up to `left` columns; a wider one with a line break and `left` columns below.
fn beside_title(title: &str, left: usize) -> String {
    match left.checked_sub(title.width()) {
        Some(rest) => format!("{title}{}", " ".repeat(rest)),
        None => format!("{title}\n{}", " ".repeat(left)),
    }
}

/// A blank and the symbol. In Japanese all symbols are of those that every terminal shows two columns wide: the plain circle and
/// cross are narrow in some and wide in others, and no column would stay in line.
fn symbol(state: CellState, words: &Words, style: &Style) -> String {
    let text = sign(state, words);
    let filled = format!(" {}{text}", " ".repeat((DAY - 1).saturating_sub(text.width())));
    match state {
        CellState::Failed | CellState::Missed => paint(&filled, Meaning::Immediate, style),
        CellState::Ahead => paint(&filled, Meaning::Defer, style),
        CellState::DoneNew | CellState::DoneNothing | CellState::NonePlanned => filled,
    }
}

pub(crate) fn sign(state: CellState, words: &Words) -> String {
    match state {
        CellState::NonePlanned => String::new(),
        state => words.t(&format!("collect-sign-{}", state.as_str())),
    }
}

pub(super) fn legend(words: &Words) -> String {
    let one = |state: &CellState| {
        let (sign, word) = (sign(*state, words), words.term(state.term()));
        if sign.is_empty() {
            words.get("collect-legend-blank", &[("word", (&word).into())])
        } else {
            words.get("collect-legend", &[("sign", (&sign).into()), ("word", (&word).into())])
        }
    };
    CellState::ALL.iter().map(one).collect::<Vec<_>>().join("  ")
}
