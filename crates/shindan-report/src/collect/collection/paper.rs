//! 収集実施記録 as a paper.

use shindan_domain::collect::CellState;

use super::{CollectionReport, Line, SUMMARY, checks, head, notices, summary};
use crate::collect::month::{legend, sign};
use crate::paper::{Block, Cell, Column, Layout, Paper, Table, Tone};
use crate::words::Words;

/// The shares of the columns of [`Line`] on lying paper.
const SHARES: [u8; 11] = [7, 9, 14, 9, 11, 10, 24, 10, 10, 9, 18];

/// The record of a month as a paper.
pub fn collection_paper(report: &CollectionReport, words: &Words) -> Paper {
    let mut paper = Paper::new(words.t("collection-title"), report.month_text());
    paper.layout = Layout::Landscape;
    paper.about = head(report, words).into();
    paper.push(Block::Text(words.t("collection-lead")));
    if report.sources.is_empty() {
        paper.push(Block::Notice(Cell::toned(words.t("collect-no-sources"), Tone::Late)));
    } else {
        paper.push(Block::Heading(1, words.t("collection-grid")));
        paper.push(Block::Table(grid(report, words)));
        paper.push(Block::Text(legend(words)));
        paper.push(Block::Heading(1, words.t("collection-sources")));
        paper.push(Block::Table(sources(report, words)));
    }
    for (key, lines) in
        [("collection-checks", checks(report, words)), ("collection-notices", notices(report, words))]
    {
        paper.push(Block::Heading(1, words.t(key)));
        paper.push(Block::Table(part(words.t(key), &lines, words)));
    }
    paper.push(Block::Heading(1, words.t("collection-signed")));
    paper.push(Block::Signatures(vec![words.t("paper-sign-confirmed")]));
    paper
}

fn grid(report: &CollectionReport, words: &Words) -> Table {
    let days = report.grid.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let mut columns = vec![Column::text(words.t("collection-col-source"), 9)];
    columns.extend(days.iter().map(|cell| Column::text(cell.date.day().to_string(), 1)));
    let rows = report.grid.rows.iter().map(|row| {
        let mut cells = vec![Cell::from(report.title_of(row.source))];
        cells.extend(row.cells.iter().map(|cell| {
            let tone = match cell.state {
                CellState::Failed | CellState::Missed => Tone::Immediate,
                CellState::Ahead => Tone::Quiet,
                CellState::DoneNew | CellState::DoneNothing | CellState::NonePlanned => Tone::Plain,
            };
            Cell::toned(sign(cell.state, words), tone)
        }));
        cells
    });
    Table {
        title: words.t("collection-grid"),
        columns,
        rows: rows.collect(),
        empty: words.t("collect-no-sources"),
    }
}

fn sources(report: &CollectionReport, words: &Words) -> Table {
    let columns = SUMMARY.iter().zip([9, 6, 5, 5, 3, 3, 3, 3, 3, 3]).enumerate();
    let columns =
        columns.map(|(index, (key, share))| Column { title: words.t(key), share, numbers: index >= 4 });
    let rows = report.sources.iter().map(|one| {
        let (texts, counts) = summary(report, one, words);
        let mut cells: Vec<Cell> = texts.into_iter().map(Cell::from).collect();
        // New, nothing new; what follows is to be looked after.
        cells.extend(counts.into_iter().enumerate().map(|(index, count)| {
            let tone = if index >= 2 && count > 0 { Tone::Late } else { Tone::Plain };
            Cell::toned(count.to_string(), tone)
        }));
        cells
    });
    Table {
        title: words.t("collection-sources"),
        columns: columns.collect(),
        rows: rows.collect(),
        empty: words.t("collect-no-sources"),
    }
}

fn part(title: String, lines: &[Line], words: &Words) -> Table {
    let columns = Line::COLUMNS.iter().zip(SHARES).map(|(key, share)| Column::text(words.t(key), share));
    let row = |line: &Line| -> Vec<Cell> {
        let cells = line.cells().into_iter().enumerate();
        cells
            .map(|(index, text)| {
                let tone = match index {
                    4 if line.is_grave => Tone::Immediate,
                    8 if line.is_open => Tone::Late,
                    _ => Tone::Plain,
                };
                Cell::toned(text, tone)
            })
            .collect()
    };
    Table {
        title,
        columns: columns.collect(),
        rows: lines.iter().map(row).collect(),
        empty: words.t("collection-none"),
    }
}
