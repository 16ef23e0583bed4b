//! A paper on the terminal.

use super::{Block, Cell, Paper, Table, Tone};
use crate::table::Style;
use crate::table::layout::{self, Meaning, clean, colored, heading, paint, plain};

/// A table with more columns cannot be read on a terminal: its rows are written one below the other.
const COLUMNS: usize = 6;

/// A paper for the terminal.
pub fn paper_table(paper: &Paper, style: &Style) -> String {
    let mut out = String::new();
    line(&mut out, &clean(&format!("{}  {}", paper.title, paper.subject)));
    paper.about.iter().for_each(|text| line(&mut out, &clean(text)));
    for caution in &paper.cautions {
        line(&mut out, &paint(&clean(caution), Meaning::OutOfCycle, style));
    }
    for (index, block) in paper.blocks.iter().enumerate() {
        match block {
            Block::Heading(_, text) => heading(&mut out, &clean(text)),
            Block::Text(text) => {
                out.push('\n');
                line(&mut out, &clean(text));
            }
            Block::Notice(said) => line(&mut out, &shown(said, style)),
            Block::Facts(facts) => facts.iter().for_each(|fact| labelled(&mut out, fact, style)),
            Block::Table(table) => {
                if !paper.is_titled_above(index) {
                    heading(&mut out, &clean(&table.title));
                }
                rows(&mut out, table, style);
            }
            Block::Signatures(fields) => {
                out.push('\n');
                fields
                    .iter()
                    .for_each(|field| line(&mut out, &format!("{}: ____________________", clean(field))));
            }
            Block::NewPage => out.push('\n'),
        }
    }
    out
}

fn rows(out: &mut String, table: &Table, style: &Style) {
    if table.rows.is_empty() {
        line(out, &clean(&table.empty));
        return;
    }
    let heads: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    if heads.len() > COLUMNS {
        for row in &table.rows {
            out.push('\n');
            heads.iter().zip(row).for_each(|(head, cell)| {
                labelled(out, &(head.clone(), cell.clone()), style);
            });
        }
        return;
    }
    let mut lines = layout::table(&heads, style);
    for row in &table.rows {
        lines.add_row(row.iter().map(|cell| match meaning(cell.tone) {
            Some(meaning) => colored(&cell.text, meaning),
            None => plain(&cell.text),
        }));
    }
    line(out, &lines.to_string());
}

/// `label: value`; further lines of the value below, set in.
fn labelled(out: &mut String, (label, value): &(String, Cell), style: &Style) {
    let text = shown(value, style).replace('\n', "\n    ");
    line(out, &format!("{}: {text}", clean(label)));
}

fn shown(cell: &Cell, style: &Style) -> String {
    let text = clean(&cell.text);
    match meaning(cell.tone) {
        Some(meaning) => paint(&text, meaning, style),
        None => text.into_owned(),
    }
}

fn meaning(tone: Tone) -> Option<Meaning> {
    match tone {
        Tone::Plain | Tone::Proven => None,
        Tone::Immediate => Some(Meaning::Immediate),
        Tone::Late => Some(Meaning::OutOfCycle),
        Tone::Scheduled => Some(Meaning::Scheduled),
        Tone::Quiet => Some(Meaning::Defer),
        Tone::Undetermined => Some(Meaning::Undetermined),
    }
}

/// Adds a line, which may hold colours.
fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
