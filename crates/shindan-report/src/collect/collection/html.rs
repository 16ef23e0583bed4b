//! 収集実施記録 as one self-contained page that prints on A4: no network, no script.

use askama::Template;

use super::{CollectionReport, Line, SUMMARY, checks, head, notices, summary};
use crate::collect::month::{legend, sign};
use crate::words::Words;

#[derive(Template)]
#[template(path = "collection.html")]
struct Page<'a> {
    w: &'a Words,
    month: String,
    head: [String; 2],
    days: Vec<String>,
    grid: Vec<GridRow>,
    legend: String,
    summary_columns: Vec<String>,
    summary: Vec<Vec<String>>,
    columns: Vec<String>,
    parts: Vec<Part>,
}

struct GridRow {
    title: String,
    cells: Vec<Day>,
}

struct Day {
    class: &'static str,
    sign: String,
    word: String,
}

struct Part {
    title: String,
    lines: Vec<Line>,
}

/// The record of a month as one HTML file.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn collection_html(report: &CollectionReport, words: &Words) -> Result<String, askama::Error> {
    let days = report.grid.rows.first().map(|row| row.cells.iter().map(|cell| cell.date.day().to_string()));
    let source = |one: &super::CollectedSource| {
        let (texts, counts) = summary(report, one, words);
        texts.into_iter().chain(counts.map(|count| count.to_string())).collect()
    };
    let part = |key: &str, lines: Vec<Line>| Part { title: words.t(key), lines };
    Page {
        w: words,
        month: report.month_text(),
        head: head(report, words),
        days: days.map(Iterator::collect).unwrap_or_default(),
        grid: grid(report, words),
        legend: legend(words),
        summary_columns: SUMMARY.map(|key| words.t(key)).into(),
        summary: report.sources.iter().map(source).collect(),
        columns: Line::COLUMNS.map(|key| words.t(key)).into(),
        parts: vec![
            part("collection-checks", checks(report, words)),
            part("collection-notices", notices(report, words)),
        ],
    }
    .render()
}

fn grid(report: &CollectionReport, words: &Words) -> Vec<GridRow> {
    use shindan_domain::collect::CellState as S;
    let day = |cell: &shindan_domain::collect::Cell| Day {
        class: match cell.state {
            S::Failed | S::Missed => "bad",
            S::Ahead => "ahead",
            S::DoneNew | S::DoneNothing | S::NonePlanned => "",
        },
        sign: sign(cell.state, words),
        word: words.term(cell.state.term()),
    };
    let row = |row: &shindan_domain::collect::MonthRow| GridRow {
        title: report.title_of(row.source),
        cells: row.cells.iter().map(day).collect(),
    };
    report.grid.rows.iter().map(row).collect()
}
