//! A paper as CSV: everything that it says, one below the other, for spreadsheets.

use std::io::{self, Write};

use super::{Block, Paper, Table, head_line};
use crate::csv::row;
use crate::words::Words;

/// Writes a paper: UTF-8 with a byte order mark and CRLF, so that Excel shows Japanese; an empty row between the parts. All rows
/// have as many cells as the widest one, which strict readers ask for.
///
/// # Errors
/// Only what `writer` reports.
pub fn csv<W: Write>(paper: &Paper, words: &Words, mut writer: W) -> io::Result<()> {
    let widest = paper.tables().map(Table::width).max().unwrap_or(0).max(2);
    let mut out = Rows { text: String::from("\u{feff}"), widest };
    out.line([head_line(paper).as_str()]);
    for (key, lines) in [("paper-about", &paper.about), ("paper-cautions", &paper.cautions)] {
        for line in lines {
            out.line([words.t(key).as_str(), line]);
        }
    }
    for (index, block) in paper.blocks.iter().enumerate() {
        match block {
            Block::Heading(_, text) => {
                out.line([""]);
                out.line([text.as_str()]);
            }
            Block::Text(text) => out.line([text.as_str()]),
            Block::Notice(said) => out.line([said.text.as_str()]),
            Block::Facts(facts) => {
                for (label, value) in facts {
                    out.line([label.as_str(), &value.text]);
                }
            }
            Block::Table(table) => out.table(table, paper.is_titled_above(index)),
            Block::Signatures(fields) => {
                for field in fields {
                    out.line([words.t("paper-sign").as_str(), field]);
                }
            }
            Block::NewPage => {}
        }
    }
    writer.write_all(out.text.as_bytes())?;
    writer.flush()
}

struct Rows {
    text: String,
    widest: usize,
}

impl Rows {
    fn line<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let padded = cells.into_iter().chain(std::iter::repeat("")).take(self.widest);
        row(&mut self.text, padded);
    }

    fn table(&mut self, table: &Table, titled: bool) {
        if !titled {
            self.line([""]);
            self.line([table.title.as_str()]);
        }
        self.line(table.columns.iter().map(|column| column.title.as_str()));
        for row in &table.rows {
            self.line(row.iter().map(|cell| cell.text.as_str()));
        }
        if table.rows.is_empty() {
            self.line([table.empty.as_str()]);
        }
    }
}
