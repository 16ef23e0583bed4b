//! A paper as the data that the template reads.

use serde_json::{Value, json};
use shindan_report::Words;
use shindan_report::paper::{Block, Cell, Layout, Paper, Table, Tone};

use crate::writing::Writing;

/// Points of a millimetre.
const MM: f64 = 72.0 / 25.4;
/// So many characters that the font lacks are named; the rest is counted.
const NAMED: usize = 12;

/// A word that is wider than this share of the page does not make its column wider; it goes on in the next line.
const WIDEST_WORD: f64 = 0.25;

/// Sizes in points, as `template.typ` sets them.
mod size {
    pub(super) const TITLE: f64 = 17.0;
    pub(super) const HEADING: f64 = 13.0;
    pub(super) const TEXT: f64 = 11.0;
    pub(super) const FACTS: f64 = 9.0;
    pub(super) const ROWS: f64 = 8.5;
    pub(super) const FOOT: f64 = 8.0;
    /// Left and right of what stands in a cell, together.
    pub(super) const INSET: f64 = 8.0;
    /// Line and space below it, of the size.
    pub(super) const LINE: f64 = 1.7;
}

/// What the template reads.
pub(crate) fn of(paper: &Paper, words: &Words, writing: &mut Writing) -> Value {
    let (width, height) = match paper.layout {
        Layout::Portrait => (182.0 * MM, 263.0 * MM),
        Layout::Landscape => (269.0 * MM, 176.0 * MM),
    };
    let mut input = Input { writing, words, width, height, level: 0 };
    let shown = |input: &mut Input<'_>, text: &str, size| input.writing.text(text, width, size);
    let title = input.writing.line(&paper.title);
    let title_shown = shown(&mut input, &paper.title, size::TITLE);
    let subject = (!paper.subject.is_empty()).then(|| shown(&mut input, &paper.subject, size::TEXT));
    // Both stand in full at the top of the first page.
    let foot = format!("{}  {}", paper.title, paper.subject);
    let foot = input.writing.beginning(foot.trim_end(), width * 0.8, size::FOOT);
    let about: Vec<String> = paper.about.iter().map(|line| shown(&mut input, line, size::TEXT)).collect();
    let blocks: Vec<Value> = paper
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| input.block(paper, index, block))
        .collect();
    let mut cautions: Vec<String> =
        paper.cautions.iter().map(|line| shown(&mut input, line, size::TEXT)).collect();
    if !input.writing.missing().is_empty() {
        cautions.push(glyphs(input.writing, words));
    }
    json!({
        "lang": words.lang().as_str(),
        "layout": paper.layout.as_str(),
        "title": title,
        "title-shown": title_shown,
        "subject": subject,
        "foot": foot,
        "about": about,
        "cautions": cautions,
        "cautions-label": words.t("paper-cautions"),
        "blocks": blocks,
    })
}

/// That characters stand as another one, and which.
fn glyphs(writing: &Writing, words: &Words) -> String {
    let missing = writing.missing();
    let mut codes: Vec<String> =
        missing.iter().take(NAMED).map(|one| format!("U+{:04X}", u32::from(*one))).collect();
    if missing.len() > NAMED {
        codes.push(words.get("paper-glyphs-more", &[("count", (missing.len() - NAMED).into())]));
    }
    words.get("paper-glyphs", &[("codes", (&codes.join(", ")).into())])
}

struct Input<'a> {
    writing: &'a mut Writing,
    words: &'a Words,
    /// Of what is printed on, in points.
    width: f64,
    height: f64,
    /// Of the last heading.
    level: u8,
}

impl Input<'_> {
    fn block(&mut self, paper: &Paper, index: usize, block: &Block) -> Option<Value> {
        let (wide, framed) = (self.width, self.width - 16.0);
        Some(match block {
            Block::Heading(level, text) => {
                self.level = (*level).clamp(1, 4);
                json!({"kind": "heading", "level": self.level, "text": self.writing.text(text, wide, size::HEADING)})
            }
            Block::Text(text) => {
                // What introduces a table stays on its page.
                let leads = matches!(
                    paper.blocks.get(index + 1),
                    Some(Block::Facts(_) | Block::Table(_) | Block::Signatures(_))
                );
                json!({"kind": "text", "text": self.writing.text(text, wide, size::TEXT), "leads": leads})
            }
            Block::Notice(said) => {
                let text = self.writing.text(&said.text, framed, size::TEXT);
                json!({"kind": "notice", "text": text, "tone": said.tone.as_str()})
            }
            Block::Facts(facts) if facts.is_empty() => return None,
            Block::Facts(facts) => {
                let rows: Vec<Value> = facts.iter().map(|(label, value)| self.fact(label, value)).collect();
                json!({"kind": "facts", "rows": rows})
            }
            Block::Table(table) => self.table(table, paper.is_titled_above(index)),
            Block::Signatures(fields) if fields.is_empty() => return None,
            Block::Signatures(fields) => {
                let half = self.width / 2.0 - 25.0;
                let fields: Vec<String> =
                    fields.iter().map(|field| self.writing.text(field, half, size::TEXT)).collect();
                let labels =
                    ["paper-sign-date", "paper-sign-title", "paper-sign-name"].map(|key| self.words.t(key));
                json!({"kind": "signatures", "fields": fields, "labels": labels})
            }
            Block::NewPage => json!({"kind": "new-page"}),
        })
    }

    fn fact(&mut self, label: &str, value: &Cell) -> Value {
        let label = self.writing.text(label, self.width * 0.26 - 9.0, size::FACTS);
        let text = self.writing.text(&value.text, self.width * 0.74 - 9.0, size::FACTS);
        json!([label, text, value.tone.as_str()])
    }

    fn table(&mut self, table: &Table, titled: bool) -> Value {
        let widths = self.widths(table);
        let room: Vec<f64> = widths.iter().map(|width| width - size::INSET).collect();
        let mut columns = Vec::new();
        for (index, width) in widths.iter().enumerate() {
            let known = table.columns.get(index);
            let title = known.map(|column| column.title.as_str()).unwrap_or_default();
            let title = self.writing.text(title, width - size::INSET, size::ROWS);
            let numbers = known.is_some_and(|column| column.numbers);
            columns.push(json!({"title": title, "width": width, "numbers": numbers}));
        }
        let rows: Vec<Value> = table.rows.iter().map(|row| self.row(row, &room)).collect();
        let title = (!titled && !table.title.is_empty())
            .then(|| self.writing.text(&table.title, self.width, size::HEADING));
        json!({
            "kind": "table",
            "title": title,
            "level": (self.level + 1).min(4),
            "columns": columns,
            "rows": rows,
            "empty": self.writing.text(&table.empty, self.width, size::TEXT),
        })
    }

    /// The width of each column in points: its share, but room for its longest word, as long as the others have theirs.
    fn widths(&self, table: &Table) -> Vec<f64> {
        let share = |index: usize| table.columns.get(index).map_or(1, |column| column.share.max(1));
        let shares: Vec<f64> = (0..table.width()).map(|index| f64::from(share(index))).collect();
        let most = self.width * WIDEST_WORD;
        let least = |index: usize| {
            let title = table.columns.get(index).map(|column| column.title.as_str());
            let texts = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.as_str());
            let words =
                title.into_iter().chain(texts).map(|text| self.writing.longest_word(text, size::ROWS));
            // A little more, or rounding would break what just fits.
            let widest = words.filter(|width| width * 1.05 + 2.0 <= most).fold(0.0, f64::max);
            widest * 1.05 + 2.0 + size::INSET
        };
        let least: Vec<f64> = (0..table.width()).map(least).collect();
        shared_out(self.width, &shares, &least)
    }

    fn row(&mut self, row: &[Cell], room: &[f64]) -> Value {
        let mut highest = 0;
        let nothing = Cell::default();
        let cells = row.iter().chain(std::iter::repeat(&nothing)).zip(room);
        let cell = |(cell, room): (&Cell, &f64)| {
            highest = highest.max(self.writing.lines(&cell.text, *room, size::ROWS));
            let text = self.writing.text(&cell.text, *room, size::ROWS);
            match cell.tone {
                Tone::Plain => json!(text),
                tone => json!({"text": text, "tone": tone.as_str()}),
            }
        };
        let cells: Vec<Value> = cells.map(cell).collect();
        // A row that would not fit on a page must be divided, or it would be cut off.
        json!({"cells": cells, "breakable": highest as f64 * size::ROWS * size::LINE > self.height * 0.5})
    }
}

/// Shares a width out, and gives no part less than its least if that is possible.
fn shared_out(width: f64, shares: &[f64], least: &[f64]) -> Vec<f64> {
    let mut fixed = vec![false; shares.len()];
    loop {
        let taken: f64 = least.iter().zip(&fixed).filter(|(_, fixed)| **fixed).map(|(least, _)| least).sum();
        let open: f64 = shares.iter().zip(&fixed).filter(|(_, fixed)| !**fixed).map(|(share, _)| share).sum();
        let left = width - taken;
        if left <= 0.0 || open <= 0.0 {
            // Not all can have what they need: as they were asked for.
            let all: f64 = shares.iter().sum();
            return shares.iter().map(|share| width * share / all).collect();
        }
        let wanted = |index: usize| left * shares[index] / open;
        let short = (0..shares.len()).filter(|index| !fixed[*index] && wanted(*index) < least[*index]);
        let short: Vec<usize> = short.collect();
        if short.is_empty() {
            return (0..shares.len())
                .map(|index| if fixed[index] { least[index] } else { wanted(index) })
                .collect();
        }
        for index in short {
            fixed[index] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shared_out;

    #[test]
    fn a_width_is_shared_out_whole_and_nobody_gets_less_than_needed_if_that_is_possible() {
        for (shares, least, wanted) in [
            (vec![1.0, 1.0], vec![10.0, 10.0], vec![50.0, 50.0]),
            (vec![1.0, 9.0], vec![40.0, 10.0], vec![40.0, 60.0]),
            (vec![1.0, 1.0, 8.0], vec![5.0, 30.0, 10.0], vec![70.0 / 9.0, 30.0, 560.0 / 9.0]),
            // The second is short only after the first has taken its part.
            (vec![1.0, 4.0, 5.0], vec![50.0, 35.0, 0.0], vec![50.0, 35.0, 15.0]),
            (vec![1.0, 3.0], vec![80.0, 90.0], vec![25.0, 75.0]),
            (vec![], vec![], vec![]),
        ] {
            let made = shared_out(100.0, &shares, &least);
            assert_eq!(made.len(), wanted.len());
            for (made, wanted) in made.iter().zip(&wanted) {
                assert!((made - wanted).abs() < 1e-9, "{made} for {wanted} of {shares:?} {least:?}");
            }
        }
    }
}
