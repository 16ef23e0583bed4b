//! The cells of one sheet (ECMA-376 part 1, 18.3).

use shindan_domain::diagnostic::Diagnostic;

use super::{Package, strings};
use crate::sheet::address::Address;
use crate::sheet::markup::{Markup, Piece, Tag};
use crate::sheet::number::{DateSystem, Format};
use crate::sheet::{Budget, Cell, Content, MOST_REGIONS, Region, Row, Sheet, inside, invalid};

/// What all sheets of a workbook share.
pub(super) struct Context<'w> {
    pub(super) strings: &'w [String],
    pub(super) formats: &'w [Format],
    pub(super) system: DateSystem,
}

/// Reads a sheet. What goes beyond the limits is left out and told.
pub(super) fn read(
    package: &Package<'_>,
    part: &str,
    name: &str,
    context: &Context<'_>,
    budget: &mut Budget,
) -> Result<(Sheet, Vec<Diagnostic>), Diagnostic> {
    let place = inside(package.path, name);
    let Some(text) = package.part(part)? else {
        return Err(invalid(place, "the sheet is listed and not there"));
    };
    let mut reader = SheetReader {
        markup: Markup::new(&text, place.clone()),
        context,
        sheet: Sheet { name: name.to_owned(), system: context.system, ..Sheet::default() },
        problems: Vec::new(),
    };
    while let Some(piece) = reader.markup.next()? {
        let Piece::Start(tag) = piece else { continue };
        match tag.name() {
            "row" => {
                let number = tag.number("r").unwrap_or_else(|| reader.last_row() + 1);
                let hidden = tag.is_set("hidden");
                let row = match reader.row(number, budget)? {
                    Ok(row) => row,
                    Err(exceeded) => {
                        reader.problems.push(exceeded.at(place));
                        break;
                    }
                };
                reader.keep(row, hidden);
            }
            "mergeCell" => reader.merged(&tag),
            _ => {}
        }
    }
    let (mut sheet, problems) = (reader.sheet, reader.problems);
    sheet.rows.sort_by_key(|row| row.number);
    Ok((sheet, problems))
}

struct SheetReader<'t, 'w> {
    markup: Markup<'t>,
    context: &'w Context<'w>,
    sheet: Sheet,
    problems: Vec<Diagnostic>,
}

impl SheetReader<'_, '_> {
    fn last_row(&self) -> u32 {
        self.sheet.rows.last().map_or(0, |row| row.number)
    }

    fn keep(&mut self, mut row: Row, hidden: bool) {
        if row.cells.is_empty() {
            return;
        }
        row.cells.sort_by_key(|(column, _)| *column);
        row.cells.dedup_by_key(|(column, _)| *column);
        self.sheet.hidden_rows += usize::from(hidden);
        self.sheet.rows.push(row);
    }

    fn merged(&mut self, tag: &Tag<'_>) {
        let reference = tag.attribute("ref").unwrap_or_default();
        let region = reference.split_once(':').and_then(|(first, last)| {
            let (first, last) = (Address::parse(first)?, Address::parse(last)?);
            Some(Region {
                top: first.row.min(last.row),
                bottom: first.row.max(last.row),
                left: first.column.min(last.column),
                right: first.column.max(last.column),
            })
        });
        if let Some(region) = region
            && self.sheet.merged.len() < MOST_REGIONS
        {
            self.sheet.merged.push(region);
        }
    }

    /// The cells up to the end of the row.
    fn row(
        &mut self,
        number: u32,
        budget: &mut Budget,
    ) -> Result<Result<Row, crate::sheet::Exceeded>, Diagnostic> {
        let mut row = Row { number, ..Row::default() };
        let mut next = 0;
        while let Some(piece) = self.markup.next()? {
            match piece {
                Piece::Start(tag) if tag.name() == "c" => {
                    let address = tag.attribute("r").and_then(|r| Address::parse(&r));
                    let column = address.map_or(next, |address| address.column);
                    next = column + 1;
                    let kind = tag.attribute("t");
                    let style = tag.number("s").unwrap_or(0);
                    let Some(cell) = self.cell(kind.as_deref().unwrap_or("n"), style)? else { continue };
                    if cell.text.trim().is_empty() && cell.content == Content::Text {
                        continue;
                    }
                    if let Err(exceeded) = budget.cell(column, &cell.text) {
                        return Ok(Err(exceeded));
                    }
                    row.cells.push((column, cell));
                }
                Piece::End(name) if name == "row" => break,
                _ => {}
            }
        }
        if !row.cells.is_empty()
            && let Err(exceeded) = budget.row()
        {
            return Ok(Err(exceeded));
        }
        Ok(Ok(row))
    }

    /// Everything up to the end of the cell. `None` if it is empty.
    fn cell(&mut self, kind: &str, style: u32) -> Result<Option<Cell>, Diagnostic> {
        let mut value: Option<String> = None;
        let mut inline = None;
        let mut formula = false;
        let mut inside_value = false;
        while let Some(piece) = self.markup.next()? {
            match piece {
                Piece::Start(tag) => match tag.name() {
                    "v" => inside_value = true,
                    "f" => formula = true,
                    "is" => inline = Some(strings::rich_text(&mut self.markup, "is")?),
                    _ => {}
                },
                Piece::Text(text) if inside_value => value.get_or_insert_default().push_str(&text),
                Piece::Text(_) => {}
                Piece::End(name) => match name.as_str() {
                    "v" => inside_value = false,
                    "c" => break,
                    _ => {}
                },
            }
        }
        if let Some(text) = inline {
            return Ok(Some(Cell::text(text)));
        }
        let Some(value) = value else {
            let uncalculated = Cell { text: String::new(), content: Content::Uncalculated };
            return Ok(formula.then_some(uncalculated));
        };
        Ok(Some(self.valued(kind, style, &value)))
    }

    fn valued(&self, kind: &str, style: u32, value: &str) -> Cell {
        let trimmed = value.trim();
        match kind {
            "s" => {
                let index = trimmed.parse::<usize>().ok();
                match index.and_then(|index| self.context.strings.get(index)) {
                    Some(text) => Cell::text(text.as_str()),
                    // A text that is not there is no empty cell.
                    None => Cell { text: "#REF!".to_owned(), content: Content::Error },
                }
            }
            "str" => Cell::text(strings::unescaped(value)),
            "e" => Cell { text: trimmed.to_owned(), content: Content::Error },
            "b" => {
                let text = if trimmed == "1" { "TRUE" } else { "FALSE" };
                Cell { text: text.to_owned(), content: Content::Boolean }
            }
            // ISO 8601, written by few programs.
            "d" => Cell { text: trimmed.replace('T', " "), content: Content::Date },
            _ => match trimmed.parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let format =
                        usize::try_from(style).ok().and_then(|style| self.context.formats.get(style));
                    format.unwrap_or(&Format::General).show(number, self.context.system)
                }
                _ => Cell { text: crate::text::shorten(trimmed, 100), content: Content::Error },
            },
        }
    }
}
