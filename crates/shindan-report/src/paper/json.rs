//! Schema `shindan.paper/1`.

use std::io::Write;

use serde_json::{Error, Value, json};

use super::{Block, Cell, Paper, Table};
use crate::json::write_line;
use crate::words::Words;

/// Writes a paper for programs. Its texts are in the language in which it was made.
///
/// # Errors
/// What writing reports.
pub fn write_json<W: Write>(writer: W, paper: &Paper, words: &Words) -> Result<(), Error> {
    write_line(
        writer,
        &json!({
            "schema": "shindan.paper/1",
            "lang": words.lang().as_str(),
            "title": paper.title,
            "subject": paper.subject,
            "about": paper.about,
            "cautions": paper.cautions,
            "layout": paper.layout.as_str(),
            "blocks": paper.blocks.iter().map(block).collect::<Vec<_>>(),
        }),
    )
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(level, text) => json!({"kind": "heading", "level": level, "text": text}),
        Block::Text(text) => json!({"kind": "text", "text": text}),
        Block::Notice(said) => json!({"kind": "notice", "text": said.text, "tone": said.tone.as_str()}),
        Block::Facts(facts) => {
            let fact = |(label, value): &(String, Cell)| json!({"label": label, "text": value.text, "tone": value.tone.as_str()});
            json!({"kind": "facts", "facts": facts.iter().map(fact).collect::<Vec<_>>()})
        }
        Block::Table(one) => table(one),
        Block::Signatures(fields) => json!({"kind": "signatures", "fields": fields}),
        Block::NewPage => json!({"kind": "new-page"}),
    }
}

fn table(table: &Table) -> Value {
    let column =
        |one: &super::Column| json!({"title": one.title, "share": one.share, "numbers": one.numbers});
    let row = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>();
    json!({
        "kind": "table",
        "title": table.title,
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "empty": table.empty,
    })
}

fn cell(cell: &Cell) -> Value {
    json!({"text": cell.text, "tone": cell.tone.as_str()})
}
