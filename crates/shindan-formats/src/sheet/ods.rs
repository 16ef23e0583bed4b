//! OpenDocument spreadsheets (ods).
//!
//! Source: OpenDocument 1.3 part 3, chapters 9 (tables) and 19 (attributes). Repeated rows and cells are counted, not
//! believed: only those with content are kept, within the limits.

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::markup::{Markup, Piece, Tag};
use super::{
    Budget, Cell, Content, Exceeded, MOST_REGIONS, MOST_SHEETS, Region, Row, Sheet, WORKBOOK, Workbook,
    inside, invalid,
};
use crate::archive::Archive;
use crate::xml;

/// Reads a spreadsheet.
pub(super) fn read(bytes: &[u8], path: &str) -> Result<Workbook, Diagnostic> {
    let archive = Archive::open(bytes, path, &WORKBOOK)?;
    let part = |name: &str| -> Result<Option<String>, Diagnostic> {
        let Some(index) = archive.find(name) else { return Ok(None) };
        let entry = archive.entry(index)?;
        Ok(Some(xml::decode(&entry.bytes, path)?.into_owned()))
    };
    if part("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Diagnostic::new(Code::WorkbookEncrypted, Place::file(path)));
    }
    let Some(text) = part("content.xml")? else {
        return Err(invalid(Place::file(path), "content.xml is missing"));
    };
    let mut reader = Reader {
        markup: Markup::new(&text, inside(path, "content.xml")),
        path,
        budget: Budget::default(),
        hidden_styles: BTreeSet::new(),
        workbook: Workbook::default(),
    };
    reader.document()?;
    Ok(reader.workbook)
}

struct Reader<'t> {
    markup: Markup<'t>,
    path: &'t str,
    budget: Budget,
    hidden_styles: BTreeSet<String>,
    workbook: Workbook,
}

/// A cell with what its tag says of its place.
struct Placed {
    cell: Option<Cell>,
    repeated: u32,
    rows: u32,
    columns: u32,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Diagnostic> {
        let mut style = String::new();
        while let Some(piece) = self.markup.next()? {
            let Piece::Start(tag) = piece else { continue };
            match tag.name() {
                "style" => style = tag.attribute("name").unwrap_or_default(),
                "table-properties" if tag.attribute("display").as_deref() == Some("false") => {
                    self.hidden_styles.insert(style.clone());
                }
                "table" => {
                    if self.workbook.sheets.len() >= MOST_SHEETS {
                        let exceeded = Exceeded { unit: "sheets", limit: MOST_SHEETS };
                        self.workbook.diagnostics.push(exceeded.at(Place::file(self.path)));
                        return Ok(());
                    }
                    let hidden = tag.attribute("style-name").is_some_and(|s| self.hidden_styles.contains(&s));
                    let name = tag.attribute("name").unwrap_or_default();
                    if !self.table(Sheet { name, hidden, ..Sheet::default() })? {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads up to the end of the table. False if a limit was reached.
    fn table(&mut self, mut sheet: Sheet) -> Result<bool, Diagnostic> {
        let mut number = 1_u32;
        // Tables can stand inside cells; those are not read.
        while let Some(piece) = self.markup.next()? {
            match piece {
                Piece::Start(tag) if tag.name() == "table-row" => {
                    let repeated = tag.number("number-rows-repeated").unwrap_or(1).max(1);
                    let hidden = tag.attribute("visibility").is_some_and(|v| v != "visible");
                    let kept = match self.row(number, &mut sheet)? {
                        Ok(row) => self.keep(row, repeated, hidden, &mut sheet),
                        Err(exceeded) => Err(exceeded),
                    };
                    if let Err(exceeded) = kept {
                        self.workbook.diagnostics.push(exceeded.at(inside(self.path, &sheet.name)));
                        self.workbook.sheets.push(sheet);
                        return Ok(false);
                    }
                    number = number.saturating_add(repeated);
                }
                Piece::End(name) if name == "table" => break,
                _ => {}
            }
        }
        self.workbook.sheets.push(sheet);
        Ok(true)
    }

    fn keep(&mut self, row: Row, repeated: u32, hidden: bool, sheet: &mut Sheet) -> Result<(), Exceeded> {
        if row.cells.is_empty() {
            return Ok(());
        }
        for further in 0..repeated {
            self.budget.row()?;
            if further > 0 {
                for (column, cell) in &row.cells {
                    self.budget.cell(*column, &cell.text)?;
                }
            }
            sheet.hidden_rows += usize::from(hidden);
            let number = row.number.saturating_add(further);
            sheet.rows.push(Row { number, ..row.clone() });
        }
        Ok(())
    }

    fn row(&mut self, number: u32, sheet: &mut Sheet) -> Result<Result<Row, Exceeded>, Diagnostic> {
        let mut row = Row { number, ..Row::default() };
        let mut column = 0_u32;
        while let Some(piece) = self.markup.next()? {
            match piece {
                Piece::Start(tag) if matches!(tag.name(), "table-cell" | "covered-table-cell") => {
                    let covered = tag.name() == "covered-table-cell";
                    let name = if covered { "covered-table-cell" } else { "table-cell" };
                    let placed = self.cell(&tag, name)?;
                    if (placed.rows > 1 || placed.columns > 1) && sheet.merged.len() < MOST_REGIONS {
                        sheet.merged.push(Region {
                            top: number,
                            bottom: number.saturating_add(placed.rows - 1),
                            left: column,
                            right: column.saturating_add(placed.columns - 1),
                        });
                    }
                    if let Some(cell) = placed.cell.filter(|_| !covered) {
                        for further in 0..placed.repeated {
                            let column = column.saturating_add(further);
                            if let Err(exceeded) = self.budget.cell(column, &cell.text) {
                                return Ok(Err(exceeded));
                            }
                            row.cells.push((column, cell.clone()));
                        }
                    }
                    column = column.saturating_add(placed.repeated);
                }
                Piece::End(name) if name == "table-row" => break,
                _ => {}
            }
        }
        Ok(Ok(row))
    }

    /// Everything up to the end of the cell.
    fn cell(&mut self, tag: &Tag<'_>, name: &str) -> Result<Placed, Diagnostic> {
        let text = self.text(name)?;
        let span = |name: &str| tag.number(name).unwrap_or(1).max(1);
        Ok(Placed {
            cell: valued(tag, text),
            repeated: span("number-columns-repeated"),
            rows: span("number-rows-spanned"),
            columns: span("number-columns-spanned"),
        })
    }

    /// The paragraphs of a cell, joined by line breaks. Comments and drawings are left out.
    fn text(&mut self, end: &str) -> Result<String, Diagnostic> {
        let mut text = String::new();
        let (mut paragraphs, mut inside, mut aside) = (0_usize, false, 0_usize);
        while let Some(piece) = self.markup.next()? {
            match piece {
                Piece::Start(tag) => match tag.name() {
                    "annotation" | "frame" | "custom-shape" | "table" => aside += 1,
                    "p" if aside == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        inside = true;
                    }
                    "s" if inside && aside == 0 => {
                        let count = tag.number("c").unwrap_or(1).min(1_000);
                        text.extend(std::iter::repeat_n(' ', count as usize));
                    }
                    "tab" if inside && aside == 0 => text.push('\t'),
                    "line-break" if inside && aside == 0 => text.push('\n'),
                    _ => {}
                },
                Piece::Text(part) if inside && aside == 0 => text.push_str(&part),
                Piece::Text(_) => {}
                Piece::End(name) => match name.as_str() {
                    "annotation" | "frame" | "custom-shape" | "table" => aside = aside.saturating_sub(1),
                    "p" if aside == 0 => inside = false,
                    name if name == end && aside == 0 => break,
                    _ => {}
                },
            }
        }
        Ok(text)
    }
}

fn valued(tag: &Tag<'_>, text: String) -> Option<Cell> {
    // LibreOffice marks errors with a type of its own beside the standard one.
    let content = match tag.attribute("value-type").as_deref() {
        _ if text.starts_with('#') && tag.attribute("formula").is_some() => Content::Error,
        Some("date") => {
            let value = tag.attribute("date-value").unwrap_or_default();
            let date = value.trim().replace('T', " ");
            let date = date.strip_suffix(" 00:00:00").unwrap_or(&date).to_owned();
            return Some(Cell { text: date, content: Content::Date });
        }
        Some("float" | "percentage" | "currency") => {
            let value = tag.attribute("value").and_then(|value| value.trim().parse::<f64>().ok());
            match value.filter(|value| value.is_finite()) {
                Some(value) => Content::Number { value, exact: value.fract() == 0.0 },
                None => Content::Error,
            }
        }
        Some("boolean") => Content::Boolean,
        _ if text.is_empty() && tag.attribute("formula").is_some() => Content::Uncalculated,
        _ => Content::Text,
    };
    let blank = text.trim().is_empty() && !matches!(content, Content::Uncalculated);
    (!blank).then_some(Cell { text, content })
}
