//! A list as a file: the same cells as on the page, of all rows, with the filter and the time that it has.

use shindan_report::paper::{self, Block, Column, Layout, Paper, Table};
use shindan_server::problem::Problem;

use super::Listing;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::visit::Visit;

/// Rows of a file at most. More are refused with a word rather than cut: a spreadsheet of more is of no use to anybody, and a narrower
/// filter is one click away.
pub(crate) const MOST: usize = 100_000;

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `as=csv`
    Csv,
    /// `as=xlsx`
    Excel,
}

/// Whether the address asks for a file of this list.
///
/// # Errors
/// Status 400 for a form that there is none of.
pub(crate) fn wanted(asked: &Asked, list: &str) -> Result<Option<Format>, Problem> {
    match asked.query("as").as_deref() {
        Some("csv") if super::is_about(asked, list) => Ok(Some(Format::Csv)),
        Some("xlsx") if super::is_about(asked, list) => Ok(Some(Format::Excel)),
        None | Some("csv" | "xlsx") => Ok(None),
        Some(other) => Err(Problem::new("query-invalid", 400).with("name", "as").with("value", other)),
    }
}

/// Refuses a file of more rows than [`MOST`].
///
/// # Errors
/// Status 422 that says how many a file can hold, and what to do.
pub(crate) fn room(rows: usize) -> Result<(), Problem> {
    if rows <= MOST {
        return Ok(());
    }
    Err(Problem::new("list-too-long", 422).with("limit", shindan_report::words::grouped(MOST as u64)))
}

/// As of when a file is, and what else its first lines say.
fn about(visit: &Visit<'_, '_>, rows: usize) -> Vec<String> {
    let w = visit.w;
    let at = shindan_report::dates::minute(visit.session.call.now, &w);
    vec![
        format!("{} {}", w.t("web-as-of"), w.get("web-zone", &[("at", (&at).into())])),
        w.get("web-file-rows", &[("count", rows.into())]),
    ]
}

/// The file of a list, or of several that a page shows together. `filter`: which rows and in which order, in words.
///
/// # Errors
/// Status 422 if it would be too long; what the writers report.
pub(crate) fn written(
    visit: &Visit<'_, '_>,
    format: Format,
    lists: &[Listing],
    filter: &[String],
) -> Result<Answer, Problem> {
    let rows = lists.iter().map(|list| list.rows.len()).sum();
    room(rows)?;
    let (w, now) = (visit.w, visit.session.call.now);
    let title = lists.first().map(|list| list.title.clone()).unwrap_or_default();
    let filter: Vec<&str> = filter.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let mut paper = Paper::new(title.clone(), filter.join(" · "));
    paper.about = about(visit, rows);
    paper.layout = Layout::Landscape;
    for list in lists {
        paper.push(Block::Table(table(list, &w.t("web-file-remark"))));
    }
    let (media, ending, bytes) = match format {
        Format::Excel => {
            let bytes = paper::excel(&paper, &w, now).map_err(|error| Problem::internal(&error))?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", bytes)
        }
        Format::Csv => {
            let mut bytes = Vec::new();
            paper::csv(&paper, &w, &mut bytes).map_err(|error| Problem::internal(&error))?;
            ("text/csv; charset=utf-8", "csv", bytes)
        }
    };
    let name = format!("{title}-{}.{ending}", shindan_domain::calendar::day(now));
    Ok(Answer::File { media, name, bytes, inline: false })
}

/// The table of a list; a time with something beside it has a further column for that.
fn table(list: &Listing, remark: &str) -> Table {
    let shown = list.shown();
    let of = |column: usize| list.rows.iter().filter_map(move |row| row.get(column));
    let remarked: Vec<bool> =
        (0..shown.len()).map(|column| of(column).any(super::Cell::is_remarked)).collect();
    let mut columns = Vec::new();
    for ((column, remarked), index) in shown.iter().zip(&remarked).zip(0..) {
        let mut cells = of(index).filter(|cell| !cell.pieces.is_empty()).peekable();
        let numbers = cells.peek().is_some() && cells.all(|cell| cell.number);
        columns.push(Column { title: column.title.clone(), share: column.share, numbers });
        if *remarked {
            columns.push(Column::text(format!("{} {remark}", column.title), 2));
        }
    }
    let line = |row: &Vec<super::Cell>| {
        let cells = row.iter().zip(&remarked);
        cells
            .flat_map(|(cell, remarked)| {
                std::iter::once(cell.on_paper()).chain(remarked.then(|| cell.remark()))
            })
            .collect()
    };
    Table {
        title: list.title.clone(),
        columns,
        rows: list.rows.iter().map(line).collect(),
        empty: list.empty.clone(),
    }
}
