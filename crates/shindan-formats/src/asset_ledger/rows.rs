//! The rows of a table: which are assets, and what each of them says.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::asset_ledger::{LedgerColumn, LedgerRow, LeftOut, LeftOutReason};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::inventory::Asset;

use super::assign::Assigned;
use super::find::{self, Table};
use super::heading::folded;
use super::mapping::LedgerMapping;
use super::values::{Context, Values};
use super::words;
use crate::sheet::{Address, Cell, Content, Row, Sheet};
use crate::text::shorten;

/// Most cells that merged regions may fill together.
const MOST_FILLED: usize = 3_000_000;
/// Most problems of single cells that are kept; the rest is counted.
const MOST_PROBLEMS: usize = 10_000;

/// What the rows of a table gave.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) rows: Vec<LedgerRow>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) cells: Vec<Diagnostic>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the rows below the headings.
pub(super) fn read(
    path: &str,
    sheet: &Sheet,
    table: &Table,
    assigned: &Assigned,
    mapping: Option<&LedgerMapping>,
) -> Read {
    let own = table.headings.iter().map(|h| (h.column, h.path.last().map(|p| folded(p)).unwrap_or_default()));
    let mut reader = Reader {
        path,
        sheet,
        assigned,
        mapping,
        own: own.collect(),
        width: table.headings.last().map_or(0, |h| h.column as usize + 1),
        merged: merged(sheet, table, assigned),
        filled_down: filled_down(sheet, table, assigned, mapping),
        wide: wide(sheet),
        above: BTreeMap::new(),
        section: None,
        applied: BTreeMap::new(),
        blank_filled: BTreeMap::new(),
        ids: BTreeSet::new(),
        read: Read::default(),
    };
    reader.outside(table);
    for row in sheet.rows.get(table.behind..table.end).unwrap_or_default() {
        reader.row(row);
    }
    reader.finish(table)
}

struct Reader<'a> {
    path: &'a str,
    sheet: &'a Sheet,
    assigned: &'a Assigned,
    mapping: Option<&'a LedgerMapping>,
    /// Folded headings by column.
    own: BTreeMap<u32, String>,
    /// Columns up to the last heading.
    width: usize,
    /// Cells that belong to a merged region above: row number and column → the cell that holds the value.
    merged: BTreeMap<(u32, u32), &'a Cell>,
    /// Columns in which a value holds for the blank cells below.
    filled_down: BTreeSet<u32>,
    /// First cells (row, column) of merged regions over three columns or more.
    wide: BTreeSet<(u32, u32)>,
    /// The value above, by column.
    above: BTreeMap<u32, Cell>,
    section: Option<String>,
    /// How often a default or section was applied: what for, with which value, from where.
    applied: BTreeMap<(LedgerColumn, String, bool), usize>,
    blank_filled: BTreeMap<u32, usize>,
    ids: BTreeSet<String>,
    read: Read,
}

impl Reader<'_> {
    /// Rows above the headings and below the table.
    fn outside(&mut self, table: &Table) {
        let above = self.sheet.rows.get(..table.first).unwrap_or_default();
        above.iter().for_each(|row| self.leave_out(row, LeftOutReason::AboveHeadings));
        let below = self.sheet.rows.get(table.end..).unwrap_or_default();
        below.iter().for_each(|row| self.leave_out(row, LeftOutReason::OtherTable));
    }

    fn leave_out(&mut self, row: &Row, reason: LeftOutReason) {
        let texts: Vec<&str> = row.cells.iter().map(|(_, cell)| cell.text.as_str()).collect();
        let text = shorten(&texts.join(" "), 100);
        self.read.left_out.push(LeftOut { row: row.number, reason, text });
    }

    fn row(&mut self, row: &Row) {
        if let Some(reason) = self.no_asset(row) {
            if reason == LeftOutReason::Section {
                self.section = row.cells.first().map(|(_, cell)| section_title(&cell.text));
                // A section begins anew: what was written for the block above ends here.
                let filled_down = &self.filled_down;
                self.above.retain(|column, _| !filled_down.contains(column));
            }
            return self.leave_out(row, reason);
        }
        if !self.fits(row) {
            return self.leave_out(row, LeftOutReason::TooWide);
        }
        let cells = self.effective(row);
        let own_content = row.cells.iter().any(|(column, _)| {
            self.assigned.by_column.contains_key(column) && !self.filled_down.contains(column)
        });
        let context =
            Context { sheet: self.sheet, mapping: self.mapping, place: self.place(row), headings: &self.own };
        let mut values = Values::new(&context, row.number);
        for (column, meaning, cell) in &cells {
            values.put(*meaning, *column, cell);
        }
        let (mut asset, problems) = values.finish();
        if !own_content || asset == Asset::default() {
            return self.leave_out(row, LeftOutReason::Unused);
        }
        for (column, _, cell) in cells {
            self.above.insert(column, cell.into_owned());
        }
        self.complete(&mut asset);
        for problem in problems {
            if self.read.cells.len() < MOST_PROBLEMS {
                self.read.cells.push(problem);
            } else if let Some(last) = self.read.cells.last_mut() {
                let further: u64 = last.params.get("further").and_then(|n| n.parse().ok()).unwrap_or(0);
                last.params.insert("further".to_owned(), (further + 1).to_string());
            }
        }
        self.report(row, &asset);
        self.read.rows.push(LedgerRow { row: row.number, line: row.line, asset });
    }

    /// Where the row stands, for diagnostics.
    fn place(&self, row: &Row) -> Place {
        match row.line {
            Some(line) => Place::file(self.path).at_line(line),
            None => Place { member: Some(self.sheet.name.clone()), ..Place::file(self.path) },
        }
    }

    /// Why the row is no asset, if it is none.
    fn no_asset(&self, row: &Row) -> Option<LeftOutReason> {
        if find::again(row, &self.own) {
            return Some(LeftOutReason::HeadingsAgain);
        }
        let (first_column, first) = row.cells.first()?;
        let few = row.cells.len() * 2 <= self.width.max(2);
        let folded = words::folded(&first.text);
        if few && row.cells.iter().any(|(_, cell)| words::is_total(&words::folded(&cell.text))) {
            return Some(LeftOutReason::Total);
        }
        if (row.cells.len() <= 2 && words::is_note(&folded)) || words::is_example(&folded) {
            return Some(LeftOutReason::Note);
        }
        let merged = self.merged.range((row.number, 0)..=(row.number, u32::MAX)).next().is_some();
        let alone = row.cells.len() == 1 && !merged;
        (alone && self.is_section(row.number, *first_column, &first.text)).then_some(LeftOutReason::Section)
    }

    /// A lone cell is the heading of a section unless it is the number or the name of an asset.
    fn is_section(&self, row: u32, column: u32, text: &str) -> bool {
        let marks = ['■', '□', '●', '○', '◆', '◇', '【', '〔', '▼', '▲', '▽', '<', '＜', '〈', '★', '('];
        if text.trim_start().starts_with(marks) {
            return true;
        }
        if self.wide.contains(&(row, column)) {
            return true;
        }
        let like_a_number = text.chars().any(|c| c.is_ascii_digit())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | '#'));
        match self.assigned.by_column.get(&column) {
            Some(LedgerColumn::AssetId) | None => !like_a_number,
            _ => false,
        }
    }

    /// Reports a row of a text that has another width. A longer row is not used: its values stand in the wrong columns.
    fn fits(&mut self, row: &Row) -> bool {
        let Some(width) = row.width else { return true };
        let filled = row.cells.last().map_or(0, |(column, _)| *column as usize + 1);
        let known = self.assigned.by_column.keys().next_back().map_or(0, |column| *column as usize + 1);
        let longer = filled > self.width.max(known);
        if longer || width < self.width {
            let used = if longer { "row not used" } else { "missing cells taken as empty" };
            let reason = format!("{width} cells, header has {}; {used}", self.width);
            let told = Diagnostic::new(Code::CsvInvalid, self.place(row)).with("reason", reason);
            self.read.diagnostics.push(told);
        }
        !longer
    }

    /// The cells with a meaning: own ones, those of merged regions, values that hold from above, and ditto marks resolved.
    fn effective<'r>(&mut self, row: &'r Row) -> Vec<(u32, LedgerColumn, Cow<'r, Cell>)> {
        let mut cells = Vec::new();
        for (column, meaning) in &self.assigned.by_column {
            let above = self.above.get(column);
            let cell = match row.cell(*column) {
                Some(cell) if words::is_ditto(&cell.text) => match above {
                    Some(above) if may_repeat(*meaning) => Cow::Owned(above.clone()),
                    _ => Cow::Borrowed(cell),
                },
                Some(cell) => Cow::Borrowed(cell),
                None => match self.merged.get(&(row.number, *column)) {
                    Some(cell) => Cow::Owned((*cell).clone()),
                    None if self.filled_down.contains(column) => match above {
                        Some(above) => {
                            *self.blank_filled.entry(*column).or_default() += 1;
                            Cow::Owned(above.clone())
                        }
                        None => continue,
                    },
                    None => continue,
                },
            };
            cells.push((*column, *meaning, cell));
        }
        cells
    }

    /// Takes from the section and from the defaults what the row leaves blank.
    fn complete(&mut self, asset: &mut Asset) {
        if let Some(section) = self.section.clone() {
            if asset.kind_text.is_none()
                && let Some(kind) = words::kind(&section)
            {
                asset.kind = Some(kind);
                asset.kind_text = Some(section.clone());
                *self.applied.entry((LedgerColumn::Kind, section, true)).or_default() += 1;
            } else if asset.place.is_none() && words::kind(&section).is_none() {
                asset.place = Some(section.clone());
                *self.applied.entry((LedgerColumn::Place, section, true)).or_default() += 1;
            }
        }
        let Some(mapping) = self.mapping else { return };
        for (column, text) in &mapping.defaults {
            let target = match column {
                LedgerColumn::Kind if asset.kind_text.is_none() => {
                    asset.kind = words::kind(text);
                    &mut asset.kind_text
                }
                LedgerColumn::Exposure if asset.exposure_text.is_none() => {
                    asset.exposure = words::exposure(text);
                    &mut asset.exposure_text
                }
                LedgerColumn::Maker => &mut asset.maker,
                LedgerColumn::Os => &mut asset.os,
                LedgerColumn::Place => &mut asset.place,
                LedgerColumn::Zone => &mut asset.zone,
                LedgerColumn::PatchedBy => &mut asset.patched_by,
                LedgerColumn::Owner => &mut asset.owner,
                _ => continue,
            };
            if target.is_none() {
                *target = Some(text.clone());
                *self.applied.entry((*column, text.clone(), false)).or_default() += 1;
            }
        }
    }

    /// Gaps and repetitions of one asset.
    fn report(&mut self, row: &Row, asset: &Asset) {
        if !asset.asset_id.is_empty() && !self.ids.insert(asset.asset_id.clone()) {
            let told = Diagnostic::new(Code::DuplicateIdentifier, self.place(row));
            let told = told.with("field", super::title(LedgerColumn::AssetId)).with("value", &asset.asset_id);
            self.read.diagnostics.push(told);
        }
        // What has an operating system is judged by it, and what is gone is not judged.
        if asset.os.is_some() || asset.retired {
            return;
        }
        let values = [&asset.maker, &asset.model, &asset.firmware];
        for (column, value) in super::NEEDED.into_iter().zip(values) {
            if value.is_none() && self.assigned.has(column) {
                let told = Diagnostic::new(Code::DeviceFieldMissing, self.place(row));
                let number = row.line.unwrap_or(u64::from(row.number));
                self.read.diagnostics.push(told.with("row", number).with("field", super::title(column)));
            }
        }
    }

    fn finish(mut self, table: &Table) -> Read {
        let place = match self.sheet.name.is_empty() {
            true => Place::file(self.path),
            false => Place { member: Some(self.sheet.name.clone()), ..Place::file(self.path) },
        };
        let mut told = Vec::new();
        for ((column, value, section), count) in &self.applied {
            let code = if *section { Code::SectionApplied } else { Code::DefaultApplied };
            let name = if *section { "section" } else { "value" };
            let diagnostic = Diagnostic::new(code, place.clone()).with("field", super::title(*column));
            told.push(diagnostic.with(name, shorten(value, 100)).with("count", count));
        }
        for (column, count) in &self.blank_filled {
            let title =
                table.headings.iter().find(|h| h.column == *column).map(|h| h.title()).unwrap_or_default();
            let diagnostic = Diagnostic::new(Code::ColumnFilledDown, place.clone());
            told.push(diagnostic.with("column", title).with("count", count));
        }
        for reason in LeftOutReason::ALL {
            let rows: Vec<u32> =
                self.read.left_out.iter().filter(|l| l.reason == reason).map(|l| l.row).collect();
            if rows.is_empty() || reason == LeftOutReason::TooWide {
                continue;
            }
            let shown: Vec<String> = rows.iter().take(20).map(u32::to_string).collect();
            let more = if rows.len() > 20 { ", …" } else { "" };
            told.push(
                Diagnostic::new(Code::RowsLeftOut, place.clone())
                    .with("why", reason.as_str())
                    .with("count", rows.len())
                    .with("rows", format!("{}{more}", shown.join(", "))),
            );
        }
        if self.sheet.hidden_rows > 0 {
            told.push(Diagnostic::new(Code::HiddenRowsRead, place).with("count", self.sheet.hidden_rows));
        }
        self.read.diagnostics.extend(told);
        self.read.left_out.sort_by_key(|left| left.row);
        self.read
    }
}

/// 「【３階病棟】」 → 「3階病棟」
fn section_title(text: &str) -> String {
    let marks = |c: char| !c.is_alphanumeric() && !matches!(c, ')' | '）' | '・' | 'ー');
    shorten(text.trim_matches(marks), 100)
}

/// A mark for "as above" makes sense where two assets may have the same.
fn may_repeat(column: LedgerColumn) -> bool {
    use LedgerColumn as C;
    !matches!(column, C::AssetId | C::Serial | C::Mac | C::Host)
}

fn wide(sheet: &Sheet) -> BTreeSet<(u32, u32)> {
    let wide = sheet.merged.iter().filter(|region| region.right >= region.left.saturating_add(2));
    wide.map(|region| (region.top, region.left)).collect()
}

/// Cells below the first row of a merged region: they have its value. Regions over several columns are titles.
fn merged<'s>(sheet: &'s Sheet, table: &Table, assigned: &Assigned) -> BTreeMap<(u32, u32), &'s Cell> {
    let mut filled = BTreeMap::new();
    // Regions may overlap, so that what is filled says little about what it costs.
    let mut work = 0;
    let rows = sheet.rows.get(table.behind..table.end).unwrap_or_default();
    for region in &sheet.merged {
        if region.bottom == region.top || !assigned.by_column.contains_key(&region.left) {
            continue;
        }
        let start = rows.partition_point(|row| row.number < region.top);
        let Some(first) = rows.get(start).filter(|row| row.number == region.top) else { continue };
        let Some(cell) = first.cell(region.left) else { continue };
        for row in rows.get(start + 1..).unwrap_or_default() {
            work += 1;
            if row.number > region.bottom || work > MOST_FILLED {
                break;
            }
            filled.insert((row.number, region.left), cell);
        }
    }
    filled
}

/// Columns in which a value is written once for a block of rows: places and departments of which each stands there once,
/// with blank cells below.
fn filled_down(
    sheet: &Sheet,
    table: &Table,
    assigned: &Assigned,
    mapping: Option<&LedgerMapping>,
) -> BTreeSet<u32> {
    let rows = sheet.rows.get(table.behind..table.end).unwrap_or_default();
    let wanted = |meaning: &LedgerColumn| mapping.is_some_and(|mapping| mapping.fill_down.contains(meaning));
    let blocks = |column: u32| {
        let data = rows.iter().filter(|row| row.cells.len() > 1);
        let texts: Vec<Option<&str>> = data
            .map(|row| {
                row.cell(column).filter(|cell| cell.content == Content::Text).map(|cell| cell.text.trim())
            })
            .collect();
        let filled: Vec<&str> = texts.iter().copied().flatten().collect();
        let distinct: BTreeSet<&str> = filled.iter().copied().collect();
        let merged = sheet.merged.iter().any(|region| region.left == column && region.bottom > region.top);
        // Whoever writes marks for "as above" leaves nothing blank for that.
        !merged
            && !filled.iter().any(|text| words::is_ditto(text))
            && texts.first().is_some_and(Option::is_some)
            && filled.len() >= 2
            && distinct.len() == filled.len()
            && filled.len() * 2 < texts.len()
    };
    let guessed = |meaning: &LedgerColumn| {
        matches!(meaning, LedgerColumn::Place | LedgerColumn::Zone | LedgerColumn::Owner | LedgerColumn::Kind)
    };
    assigned
        .by_column
        .iter()
        .filter(|(column, meaning)| wanted(meaning) || (guessed(meaning) && blocks(**column)))
        .map(|(column, _)| *column)
        .collect()
}

/// The address of a cell of a row.
pub(super) fn address(row: u32, column: u32) -> String {
    Address { row, column }.to_string()
}
