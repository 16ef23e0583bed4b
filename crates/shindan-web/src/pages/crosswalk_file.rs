//! The crosswalk as a file: what the page shows, row by row; nothing that its details hold is left out.

use shindan_report::paper::Tone;
use shindan_server::problem::Problem;

use super::crosswalk::{Demand, Group, Page, Row, Said, Standing};
use crate::listing::{Cell, Column, Columns, Listing, Piece};
use crate::visit::Visit;

/// What it is called in addresses.
pub(crate) const LIST: &str = "crosswalk";

/// Controls, and requirements.
///
/// # Errors
/// Status 400 if the address names a column that there is none of.
pub(super) fn lists(visit: &Visit<'_, '_>, page: &Page) -> Result<Vec<Listing>, Problem> {
    let w = visit.w;
    let of = |id, key: &str, class, share| Column::new(id, w.t(key), class, share);
    let shown = || {
        [
            of("verdict", "web-evid-verdict", "", 3),
            of("count", "web-evid-how-many", "n", 2),
            of("statements", "web-evid-shows", "", 9),
            of("records", "web-evid-count", "", 5),
        ]
    };
    let mut controls = vec![
        of("guideline", "web-evid-guideline", "", 4),
        of("group", "web-evid-group", "", 4),
        of("number", "web-col-number", "number", 2),
        of("mark", "web-evid-mark", "", 2),
        of("text", "web-evid-control", "", 8),
        of("risk", "web-evid-risk", "", 6),
    ];
    controls.extend(shown());
    controls.push(of("demands", "web-evid-demands", "", 6));
    let mut demands = vec![
        of("number", "web-col-number", "number", 2),
        of("title", "web-evid-demand", "", 5),
        of("text", "web-evid-text", "", 8),
        of("item", "web-evid-item", "", 3),
    ];
    demands.extend(shown());
    demands.push(of("controls", "web-evid-controls", "", 4));
    let (controls, demands) = (Columns::of(visit, LIST, controls)?, Columns::fixed(LIST, demands));
    let mut rows = Vec::new();
    for table in &page.tables {
        for group in &table.groups {
            rows.extend(group.rows.iter().map(|row| control(&controls, &table.title, group, row)));
        }
    }
    let of_demands = page.demands.iter().map(|one| demand(&demands, one)).collect();
    Ok(vec![
        Listing::new(visit.asked, w.t("web-nav-crosswalk"), controls, rows),
        Listing::new(visit.asked, w.t("web-evid-requirements"), demands, of_demands),
    ])
}

fn said(said: &Said) -> Cell {
    Cell::text(said.text.clone()).with(Piece::small(said.mark.word.clone()))
}

fn control(columns: &Columns, guideline: &str, group: &Group, row: &Row) -> Vec<Cell> {
    columns.row(|id| match id {
        "guideline" => Cell::text(guideline),
        "group" => Cell::text(format!("{} {}", group.number, group.title.text).trim()),
        "number" => Cell::text(row.number.clone()),
        "mark" => said(&row.mark),
        "text" => said(&row.text),
        "risk" => said(&row.risk),
        "demands" => {
            let texts = row.demands.iter().map(|one| {
                let sure = if one.certainty.word.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", one.certainty.word)
                };
                format!("{}{sure} {}", one.number, one.title.text)
            });
            pieces(texts)
        }
        shown => standing(shown, &row.standing),
    })
}

fn demand(columns: &Columns, one: &Demand) -> Vec<Cell> {
    columns.row(|id| match id {
        "number" => Cell::text(one.number.clone()),
        "title" => said(&one.title),
        "text" => one.variants.iter().fold(said(&one.text), |cell, variant| {
            cell.with(Piece::toned(variant.text.clone(), Tone::Plain))
                .with(Piece::small(variant.mark.word.clone()))
        }),
        "item" => said(&one.item),
        "controls" => pieces(one.controls.iter().map(|link| link.text.clone())),
        shown => standing(shown, &one.standing),
    })
}

/// What the records show: the columns that controls and requirements share.
fn standing(id: &str, one: &Standing) -> Cell {
    match id {
        "verdict" => {
            let tone = Tone::ALL.into_iter().find(|tone| tone.as_str() == one.tone);
            Cell::toned(one.word.clone(), tone.unwrap_or_default())
        }
        "count" => Cell::number(one.evidence as u64),
        "statements" => pieces(one.statements.iter().map(|line| format!("{}: {}", line.label, line.text))),
        _ => pieces(one.statements.iter().flat_map(|line| {
            let records = line.records.iter().map(|record| record.text.clone());
            records.chain(Some(line.more.clone()))
        })),
    }
}

fn pieces(texts: impl Iterator<Item = String>) -> Cell {
    texts.fold(Cell::default(), |cell, text| cell.with(Piece::toned(text, Tone::Plain)))
}
