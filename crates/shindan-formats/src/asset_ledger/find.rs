//! Finding the table: which sheet, which rows are the headings, and where the table ends.
//!
//! Every row among the first ones may be the headings, alone or with one or two rows below it (merged headings:
//! 「機器情報」 over 「メーカー」 and 「型番」). Points are given for headings that are understood; the table with most points is
//! read, and the others are told.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::asset_ledger::{LedgerColumn, LedgerTable};

use super::heading::{self, CERTAIN, Meaning, UNDERSTOOD};
use crate::sheet::{Region, Row, Sheet};
use crate::text::shorten;

/// How many rows of a sheet may stand above the headings.
const LOOKED_AT: usize = 100;
/// Most rows of headings.
const MOST_HEADING_ROWS: usize = 3;
/// Most columns whose headings are compared.
const MOST_HEADINGS: u32 = 300;

/// One heading with everything that may be meant by it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    /// Column, from 0.
    pub(super) column: u32,
    /// Texts over one another, the upper one first; never empty.
    pub(super) path: Vec<String>,
    /// What it may mean, the likeliest first.
    pub(super) meanings: Vec<Meaning>,
}

impl Heading {
    /// `機器情報 / メーカー`
    pub(super) fn title(&self) -> String {
        self.path.iter().map(|part| shorten(part, 100)).collect::<Vec<_>>().join(" / ")
    }
}

/// A table of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// Index of the sheet.
    pub(super) sheet: usize,
    /// Index of the first row of the headings among the rows of the sheet.
    pub(super) first: usize,
    /// Index behind the last row of the headings.
    pub(super) behind: usize,
    /// Index behind the last row of the table.
    pub(super) end: usize,
    pub(super) headings: Vec<Heading>,
    pub(super) score: u32,
}

impl Table {
    /// How many different meanings its headings have.
    pub(super) fn known(&self) -> usize {
        meanings_of(&self.headings).len()
    }

    /// The headings in one form. Columns that are added, removed or renamed change it; rows do not.
    pub(super) fn fingerprint(&self) -> String {
        let folded =
            self.headings.iter().map(|h| h.path.iter().map(|part| heading::folded(part)).collect::<Vec<_>>());
        folded.map(|path| path.join("/")).collect::<Vec<_>>().join("|")
    }

    pub(super) fn describe(&self, sheets: &[Sheet]) -> LedgerTable {
        let sheet = sheets.get(self.sheet);
        let number = |index: usize| sheet.and_then(|sheet| sheet.rows.get(index)).map_or(0, |row| row.number);
        LedgerTable {
            sheet: sheet.map(|sheet| sheet.name.clone()).filter(|name| !name.is_empty()),
            hidden: sheet.is_some_and(|sheet| sheet.hidden),
            first_row: number(self.first),
            last_row: number(self.behind.saturating_sub(1)),
            rows: self.end - self.behind,
            known: self.known(),
            score: self.score,
        }
    }
}

/// All tables of a workbook that look like ledgers, the likeliest first.
pub(super) fn tables(sheets: &[Sheet]) -> Vec<Table> {
    let mut found: Vec<Table> = (0..).zip(sheets).flat_map(|(index, sheet)| of_sheet(index, sheet)).collect();
    found.sort_by(|a, b| b.score.cmp(&a.score).then(a.sheet.cmp(&b.sheet)).then(a.first.cmp(&b.first)));
    found
}

/// The table whose headings begin in this row (from 1), whatever they say.
pub(super) fn table_at(index: usize, sheet: &Sheet, row: u32, rows: usize) -> Option<Table> {
    let first = sheet.rows.iter().position(|candidate| candidate.number == row)?;
    let headings = headings(sheet, first, rows.clamp(1, MOST_HEADING_ROWS))?;
    let score = points(&headings);
    let behind = first + rows.clamp(1, MOST_HEADING_ROWS);
    let mut table = Table { sheet: index, first, behind, end: sheet.rows.len(), headings, score };
    table.end = end(sheet, &table);
    Some(table)
}

/// The tables of one sheet: the best one, and what is above and below it.
fn of_sheet(index: usize, sheet: &Sheet) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut from = 0;
    // A sheet with many tables is looked at in full only as far as people look.
    while let Some(mut table) = best(index, sheet, from).filter(|_| tables.len() < 20) {
        table.end = end(sheet, &table);
        let rows = table.end - table.behind;
        let rows_points = u32::try_from(rows.min(200)).unwrap_or(200);
        table.score += rows_points;
        if rows == 0 {
            table.score /= 4;
        }
        if is_explanation(&sheet.name) {
            table.score /= 3;
        }
        if sheet.hidden {
            table.score /= 10;
        }
        from = table.end.max(table.behind);
        tables.push(table);
    }
    tables
}

/// Sheets that explain the ledger or hold lists for its cells.
fn is_explanation(name: &str) -> bool {
    let folded = heading::folded(name);
    let words = [
        "記入例",
        "記入要領",
        "記入方法",
        "説明",
        "凡例",
        "見本",
        "マスタ",
        "選択肢",
        "リスト用",
        "sample",
        "example",
        "readme",
    ];
    words.iter().any(|word| folded.contains(word))
}

/// The likeliest headings from a row on.
fn best(index: usize, sheet: &Sheet, from: usize) -> Option<Table> {
    let mut best: Option<Table> = None;
    for first in from..sheet.rows.len().min(from + LOOKED_AT) {
        for rows in 1..=MOST_HEADING_ROWS {
            // Rows of data are the most: they are passed over for the price of a look.
            if !sheet.rows.get(first + rows - 1).is_some_and(has_words) {
                continue;
            }
            let Some(headings) = headings(sheet, first, rows) else { continue };
            // A single cell above is a title.
            let title = sheet.rows.get(first).is_none_or(|row| row.cells.len() < 2);
            if rows > 1 && (title || !last_row_is_heading(sheet, first + rows - 1)) {
                continue;
            }
            // Another row of headings must tell more than it costs.
            let cost = 10 * u32::try_from(rows - 1).unwrap_or(0);
            let score = points(&headings).saturating_sub(cost);
            if score > best.as_ref().map_or(0, |table| table.score) && is_ledger(&headings) {
                let behind = first + rows;
                best = Some(Table { sheet: index, first, behind, end: behind, headings, score });
            }
        }
    }
    best
}

/// True if the row has several cells, and one of them is one of the words of headings.
fn has_words(row: &Row) -> bool {
    row.cells.len() > 1
        && row.cells.iter().take(MOST_HEADINGS as usize).any(|(_, cell)| heading::is_word(&cell.text))
}

/// A second or third row of headings has headings itself: a row of data has none by accident.
fn last_row_is_heading(sheet: &Sheet, index: usize) -> bool {
    let Some(row) = sheet.rows.get(index) else { return false };
    let known = row.cells.iter().filter(|(_, cell)| heading::certain(&cell.text).is_some()).count();
    known >= 2 && known * 3 >= row.cells.len()
}

/// The headings of `rows` rows from the index `first` on. `None` if the rows do not follow one another.
fn headings(sheet: &Sheet, first: usize, rows: usize) -> Option<Vec<Heading>> {
    let rows = sheet.rows.get(first..first.checked_add(rows)?)?;
    let follow = rows.windows(2).all(|pair| matches!(pair, [a, b] if a.number + 1 == b.number));
    if !follow {
        return None;
    }
    let mut paths: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let columns: BTreeSet<u32> = rows
        .iter()
        .flat_map(|row| row.cells.iter().map(|(column, _)| *column))
        .filter(|c| *c < MOST_HEADINGS)
        .collect();
    let regions = regions_over(sheet, rows);
    for (level, row) in rows.iter().enumerate() {
        let last = level + 1 == rows.len();
        for column in &columns {
            let own = row.cell(*column).map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
            let below =
                rows.get(level + 1..).is_some_and(|below| below.iter().any(|r| r.cell(*column).is_some()));
            let text = match own {
                Some(text) => Some(text),
                // A heading over several columns stands in the first of them.
                None if !last && below => over(&regions, row, *column),
                None => None,
            };
            if let Some(text) = text {
                let path = paths.entry(*column).or_default();
                // A heading over several rows says the same in each.
                if path.last().is_none_or(|above| above != text) {
                    path.push(text.to_owned());
                }
            }
        }
    }
    let headings = paths.into_iter().map(|(column, path)| {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        Heading { column, meanings: heading::meanings(&parts), path }
    });
    Some(headings.collect())
}

/// The heading to the left that also stands over this column.
fn over<'r>(regions: &[&Region], row: &'r Row, column: u32) -> Option<&'r str> {
    let (left, cell) = row.cells.iter().rev().find(|(left, _)| *left < column)?;
    let covers = |region: &Region| {
        (region.top..=region.bottom).contains(&row.number) && region.left == *left && region.right >= column
    };
    // A text has no merged cells, and some people centre headings over several columns without merging them.
    let told = regions.iter().any(|region| (region.top..=region.bottom).contains(&row.number));
    (!told || regions.iter().any(|region| covers(region))).then(|| cell.text.trim())
}

/// The merged regions that touch these rows; no more than headings can have.
fn regions_over<'s>(sheet: &'s Sheet, rows: &[Row]) -> Vec<&'s Region> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Vec::new() };
    let touches = |region: &&Region| region.top <= last.number && region.bottom >= first.number;
    sheet.merged.iter().filter(touches).take(2 * MOST_HEADINGS as usize).collect()
}

/// The best meaning of each kind among headings.
fn meanings_of(headings: &[Heading]) -> BTreeMap<LedgerColumn, u32> {
    let mut best: BTreeMap<LedgerColumn, u32> = BTreeMap::new();
    for heading in headings {
        if let Some((column, weight)) = heading.meanings.first().filter(|(_, weight)| *weight >= UNDERSTOOD) {
            let known = best.entry(*column).or_default();
            *known = (*known).max(*weight);
        }
    }
    best
}

fn points(headings: &[Heading]) -> u32 {
    let meanings = meanings_of(headings);
    let points = meanings.iter().map(|(column, weight)| match column {
        LedgerColumn::Maker | LedgerColumn::Model | LedgerColumn::Firmware | LedgerColumn::Serial => {
            weight * 2
        }
        _ => *weight,
    });
    // Long texts are sentences, not headings.
    let sentences = headings.iter().filter(|h| h.path.iter().any(|part| part.chars().count() > 40)).count();
    points.sum::<u32>().saturating_sub(u32::try_from(sentences).unwrap_or(u32::MAX).saturating_mul(100))
}

/// True if a table with these headings is about assets.
fn is_ledger(headings: &[Heading]) -> bool {
    use LedgerColumn as C;
    let known = meanings_of(headings);
    let about = [C::Maker, C::Model, C::Firmware, C::Os, C::Serial, C::Host, C::AssetId, C::Name, C::Mac];
    known.keys().any(|column| about.contains(column))
}

/// True if the headings are about assets and could hardly be about anything else: a report of a scanner lists hosts and
/// products, too.
pub(super) fn is_certain(headings: &[Heading]) -> bool {
    use LedgerColumn as C;
    let known = meanings_of(headings);
    let has = |columns: &[LedgerColumn]| columns.iter().any(|column| known.contains_key(column));
    let names_it = [C::AssetId, C::Name, C::Host, C::Serial];
    let about = has(&[C::Maker])
        || known.get(&C::Model).is_some_and(|weight| *weight >= CERTAIN)
        || (has(&[C::Firmware, C::Os]) && has(&names_it))
        || (has(&[C::AssetId]) && has(&[C::Kind, C::Place]));
    let findings = |text: &String| {
        let folded = heading::folded(text);
        ["cve", "cvss", "severity", "脆弱性", "plugin"].iter().any(|word| folded.contains(word))
    };
    about && !headings.iter().any(|h| h.path.iter().any(findings))
}

/// Where the table ends: at the headings of another one, or at the end of the sheet.
fn end(sheet: &Sheet, table: &Table) -> usize {
    let own: BTreeMap<u32, String> = table
        .headings
        .iter()
        .map(|h| (h.column, h.path.last().map(|part| heading::folded(part)).unwrap_or_default()))
        .collect();
    for (index, row) in sheet.rows.iter().enumerate().skip(table.behind) {
        if starts_another(row, &own) {
            return index;
        }
    }
    sheet.rows.len()
}

/// True if the row has headings and they are not the ones of this table once more.
fn starts_another(row: &Row, own: &BTreeMap<u32, String>) -> bool {
    if row.cells.len() < 3 {
        return false;
    }
    let cells = row.cells.iter().take(MOST_HEADINGS as usize);
    let known: BTreeSet<LedgerColumn> = cells.filter_map(|(_, cell)| heading::certain(&cell.text)).collect();
    known.len() >= 3 && known.len() * 3 >= row.cells.len() * 2 && !again(row, own)
}

/// True if most cells of the row say what the headings say.
pub(super) fn again(row: &Row, own: &BTreeMap<u32, String>) -> bool {
    let same = |(column, cell): &&(u32, crate::sheet::Cell)| {
        let heading = own.get(column).filter(|heading| !heading.is_empty());
        heading.is_some_and(|heading| cell.text.len() < 1_000 && *heading == heading::folded(&cell.text))
    };
    let count = row.cells.iter().filter(same).count();
    count >= 2 && count * 10 >= row.cells.len() * 6
}
