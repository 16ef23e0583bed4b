//! 診断実施報告 as a paper.

use super::AssessmentReport;
use super::blocks::{self, Block};
use super::report::{Form, content, facts, footer};
use crate::paper::{self, Cell, Column, Layout, Paper, Tone};
use crate::words::Words;

/// 診断実施報告 as a paper.
pub fn assessment_paper(report: &AssessmentReport<'_>, form: Form, words: &Words) -> Paper {
    let (name, blocks) = content(report, form, words);
    let mut paper = Paper::new(words.t("assessed-title"), format!("{}  {name}", report.service));
    paper.layout = match form {
        Form::Full => Layout::Landscape,
        Form::Short => Layout::Portrait,
    };
    paper.about = footer(report, words);
    let plain = |(label, value): (String, String)| (label, Cell::from(value));
    paper.push(paper::Block::Facts(facts(report, words).into_iter().map(plain).collect()));
    let mut heading = paper.title.clone();
    for block in blocks {
        match block {
            Block::Plan(text) => {
                paper.push(paper::Block::NewPage);
                heading = text.clone();
                paper.push(paper::Block::Heading(1, text));
            }
            Block::Heading(text) => {
                heading = text.clone();
                paper.push(paper::Block::Heading(2, text));
            }
            Block::Part(text) => {
                heading = text.clone();
                paper.push(paper::Block::Heading(3, text));
            }
            Block::Text(text) => paper.push(paper::Block::Text(text)),
            Block::Warning(text) => paper.push(paper::Block::Notice(Cell::toned(text, Tone::Immediate))),
            Block::Note(text) => paper.push(paper::Block::Notice(Cell::from(text))),
            Block::Facts(all) => paper.push(paper::Block::Facts(all.into_iter().map(plain).collect())),
            Block::Table(one) => paper.push(paper::Block::Table(table(one, heading.clone(), words))),
        }
    }
    paper
}

fn table(table: blocks::Table, title: String, words: &Words) -> paper::Table {
    let shares: &[u8] = match table.class {
        "matrix" => &[3, 2, 2, 2, 2, 2, 2],
        "findings" => &[8, 7, 7, 30, 14, 12, 9, 8],
        "checks" => &[40, 30, 30],
        "deliverables" => &[18, 37, 19, 13, 13],
        "short-runs" => &[11, 13, 12, 10, 20, 7, 8, 7, 12],
        "tools" => &[14, 14, 14, 14, 42],
        _ => &[],
    };
    let numbers = |index: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(index)).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.class.split(' ').any(|class| class == "n"))
    };
    let columns = table.columns.iter().enumerate().map(|(index, title)| Column {
        title: title.clone(),
        share: shares.get(index).copied().unwrap_or(10),
        numbers: numbers(index),
    });
    paper::Table {
        title,
        columns: columns.collect(),
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        empty: words.t("paper-none"),
    }
}

fn cell(cell: &blocks::Cell) -> Cell {
    let tone = match cell.class {
        "p0" => Tone::Immediate,
        "p1" => Tone::Late,
        "p2" => Tone::Scheduled,
        "p3" => Tone::Quiet,
        "un" => Tone::Undetermined,
        _ => Tone::Plain,
    };
    Cell::toned(cell.text.as_str(), tone)
}
