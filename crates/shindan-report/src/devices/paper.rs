//! 停止機器一覧 as a paper.

use super::DeviceReport;
use super::lists::{stopped_cells, stopped_columns, stopped_head};
use crate::dates;
use crate::paper::{Block, Cell, Column, Layout, Paper, Table, Tone};
use crate::words::Words;

/// 停止機器一覧 as a paper, with a place to confirm each device by hand.
pub fn stopped_paper(report: &DeviceReport, words: &Words) -> Paper {
    let mut paper = Paper::new(words.t("device-stopped-title"), dates::date(report.as_of, words));
    paper.layout = Layout::Landscape;
    let made = dates::moment(report.made, words);
    paper.about = vec![words.get("device-made", &[("made", made.as_str().into())])];
    paper.push(Block::Text(stopped_head(report, words)));
    paper.push(Block::Text(words.t("device-stopped-lead")));
    let mut columns: Vec<Column> = stopped_columns(words)
        .into_iter()
        .zip([7, 10, 7, 6, 9, 6, 3, 11])
        .enumerate()
        .map(|(index, (title, share))| Column { title, share, numbers: index == 6 })
        .collect();
    columns.push(Column::text(words.t("device-col-by-hand"), 10));
    let rows = report.lines.iter().map(|one| {
        let tone = if one.open_since.is_some() { Tone::Immediate } else { Tone::Plain };
        let texts = stopped_cells(one, report, words).into_iter().enumerate();
        let mut cells: Vec<Cell> = texts
            .map(|(index, text)| Cell::toned(text, if index == 3 { tone } else { Tone::Plain }))
            .collect();
        cells.push(Cell::default());
        cells
    });
    paper.push(Block::Table(Table {
        title: words.t("paper-devices-list"),
        columns,
        rows: rows.collect(),
        empty: words.t("paper-devices-none"),
    }));
    paper.push(Block::Signatures(vec![words.t("paper-sign-confirmed")]));
    paper
}
