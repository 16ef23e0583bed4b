//! Ledgers of assets (資産台帳) as hospitals keep them: Excel, OpenDocument, CSV, with any headings in Japanese or English.
//!
//! The table is found, its columns are guessed, and both are told with how sure they are; a mapping that a person made
//! once takes precedence. Cells that cannot be understood are told with their address, and the rest of their row is read.

mod assign;
mod content;
mod find;
mod heading;
mod mapping;
mod rows;
mod system;
mod values;
mod words;

use shindan_domain::asset_ledger::{LedgerColumn, LedgerReading, LedgerTable, MappedBy};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::inventory::{Asset, Component};

pub use self::mapping::{ColumnRef, LedgerMapping, MAPPING_SCHEMA, read_mapping, write_mapping};

use self::find::Table;
use crate::limits::Limits;
use crate::sheet::{self, DELIMITERS, MOST_ROWS, Sheet};
use crate::text::{self, Legacy, shorten};

/// The columns without which no device can be matched.
pub(crate) const NEEDED: [LedgerColumn; 3] =
    [LedgerColumn::Maker, LedgerColumn::Model, LedgerColumn::Firmware];
/// From this score on a table that was not read is told.
const WORTH_TELLING: u32 = 300;

/// `maker|メーカー`, as the contract names a column.
pub(crate) fn title(column: LedgerColumn) -> String {
    use LedgerColumn as C;
    let japanese = match column {
        C::AssetId => "管理番号",
        C::Name => "機器名",
        C::Host => "ホスト名",
        C::Kind => "種別",
        C::Maker => "メーカー",
        C::Model => "型番",
        C::Serial => "製造番号",
        C::Firmware => "バージョン",
        C::Os => "OS",
        C::OsVersion => "OSバージョン",
        C::Address => "IPアドレス",
        C::Mac => "MACアドレス",
        C::Place => "設置場所",
        C::Zone => "ネットワーク",
        C::Exposure => "公開範囲",
        C::PatchedBy => "更新責任者",
        C::SupportEnd => "サポート終了日",
        C::Introduced => "導入日",
        C::State => "状態",
        C::Owner => "担当者",
        C::Confirmed => "最終確認日",
        C::Remarks => "備考",
    };
    format!("{}|{japanese}", column.as_str())
}

/// A file that was opened: its sheets, and the tables on them that look like ledgers.
#[derive(Debug)]
pub struct LedgerFile {
    path: String,
    sheets: Vec<Sheet>,
    tables: Vec<Table>,
    diagnostics: Vec<Diagnostic>,
}

/// A table of a [`LedgerFile`].
#[derive(Debug)]
pub struct Chosen {
    table: Table,
    others: Vec<LedgerTable>,
}

impl Chosen {
    /// The headings in one form: the same ledger has the same ones next year.
    pub fn fingerprint(&self) -> String {
        self.table.fingerprint()
    }
}

/// How a text is a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextShape {
    /// What stands between cells.
    pub(crate) delimiter: u8,
    /// How many headings are understood.
    pub(crate) known: usize,
    /// The headings are about assets and about nothing else.
    pub(crate) certain: bool,
}

/// What a text would be as a ledger. `None` if none of its first rows has a heading that is understood.
pub(crate) fn recognise(text: &str) -> Option<TextShape> {
    let mut best: Option<(usize, u32, TextShape)> = None;
    for delimiter in DELIMITERS {
        // A table has more than one column.
        if memchr::memchr(delimiter, text.as_bytes()).is_none() {
            continue;
        }
        let (sheet, _) = sheet::read_text(text, delimiter, 150);
        let tables = find::tables(std::slice::from_ref(&sheet));
        let Some(table) = tables.first() else { continue };
        let shape = TextShape { delimiter, known: table.known(), certain: find::is_certain(&table.headings) };
        if best.as_ref().is_none_or(|(known, score, _)| (table.known(), table.score) > (*known, *score)) {
            best = Some((table.known(), table.score, shape));
        }
    }
    best.map(|(_, _, shape)| shape)
}

impl LedgerFile {
    /// Opens a workbook or a text in UTF-8, UTF-16 or CP932.
    ///
    /// # Errors
    /// What makes the file unreadable as a whole, `format-unsupported` for anything but a workbook or a text.
    pub fn open(bytes: &[u8], path: &str, limits: &Limits) -> Result<LedgerFile, Vec<Diagnostic>> {
        let refused = |code: Code| Diagnostic::new(code, Place::file(path));
        if bytes.trim_ascii().is_empty() {
            return Err(vec![refused(Code::FileEmpty)]);
        }
        let size = bytes.len() as u64;
        if size > limits.file_size {
            return Err(vec![refused(Code::FileTooLarge).with("size", size).with("limit", limits.file_size)]);
        }
        if let Some(kind) = sheet::workbook_kind(bytes) {
            let workbook = sheet::read_workbook(bytes, kind, path).map_err(|diagnostic| vec![diagnostic])?;
            return Ok(LedgerFile::of(path, workbook.sheets, workbook.diagnostics));
        }
        let text = text::decode(bytes, Legacy::Cp932, path).map_err(|diagnostic| vec![diagnostic])?;
        let Some(shape) = recognise(&text.text) else {
            return Err(vec![refused(Code::LedgerNotFound).with("sheets", "")]);
        };
        Ok(LedgerFile::of_text(&text.text, shape.delimiter, path))
    }

    /// Opens a text whose delimiter is known.
    pub(crate) fn of_text(text: &str, delimiter: u8, path: &str) -> LedgerFile {
        let (sheet, broken) = sheet::read_text(text, delimiter, MOST_ROWS * 2);
        let told = |row: &sheet::Broken| {
            let place = Place::file(path).at_line(row.line);
            Diagnostic::new(Code::CsvInvalid, place).with("reason", &row.reason)
        };
        LedgerFile::of(path, vec![sheet], broken.iter().map(told).collect())
    }

    fn of(path: &str, sheets: Vec<Sheet>, diagnostics: Vec<Diagnostic>) -> LedgerFile {
        let tables = find::tables(&sheets);
        LedgerFile { path: path.to_owned(), sheets, tables, diagnostics }
    }

    /// What is wrong with the file as a whole, although a part of it can be read.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The names of all sheets.
    pub fn sheet_names(&self) -> Vec<&str> {
        self.sheets.iter().map(|sheet| sheet.name.as_str()).collect()
    }

    /// Chooses the table: on the sheet and at the row that the mapping or the caller names, else the likeliest one.
    ///
    /// # Errors
    /// `sheet-missing`, `ledger-not-found`.
    pub fn choose(&self, sheet: Option<&str>, mapping: Option<&LedgerMapping>) -> Result<Chosen, Diagnostic> {
        let wanted = sheet.or_else(|| mapping.and_then(|mapping| mapping.sheet.as_deref()));
        let names = || self.sheet_names().join(", ");
        let index = match wanted {
            None => None,
            Some(name) => {
                let found = self.sheets.iter().position(|s| s.name == name).or_else(|| {
                    self.sheets.iter().position(|s| words::folded(&s.name) == words::folded(name))
                });
                // A text has no sheets: a mapping that was made for a workbook fits it all the same.
                match found {
                    None if self.sheets.iter().all(|s| s.name.is_empty()) => None,
                    None => {
                        return Err(Diagnostic::new(Code::SheetMissing, Place::file(&self.path))
                            .with("sheet", shorten(name, 100))
                            .with("sheets", names()));
                    }
                    found => found,
                }
            }
        };
        let row = mapping.and_then(|mapping| mapping.header_row);
        let rows = mapping.and_then(|mapping| mapping.header_rows).unwrap_or(1) as usize;
        let by_row = row.and_then(|row| {
            let index = index.or_else(|| self.tables.first().map(|table| table.sheet)).unwrap_or(0);
            find::table_at(index, self.sheets.get(index)?, row, rows)
        });
        let likeliest =
            || self.tables.iter().find(|table| index.is_none_or(|index| table.sheet == index)).cloned();
        let Some(table) = by_row.or_else(likeliest) else {
            return Err(
                Diagnostic::new(Code::LedgerNotFound, Place::file(&self.path)).with("sheets", names())
            );
        };
        let same = |other: &&Table| other.sheet == table.sheet && other.first == table.first;
        let others = self.tables.iter().filter(|other| !same(other));
        let others = others.map(|other| other.describe(&self.sheets)).collect();
        Ok(Chosen { table, others })
    }

    /// Reads the chosen table.
    pub fn read(&self, chosen: &Chosen, mapping: Option<(&LedgerMapping, MappedBy)>) -> LedgerReading {
        let table = &chosen.table;
        let empty = Sheet::default();
        let sheet = self.sheets.get(table.sheet).unwrap_or(&empty);
        let place = self.heading_place(sheet, table);
        let data = sheet.rows.get(table.behind..table.end).unwrap_or_default();
        let assigned = assign::assign(table, data, mapping, &place);
        let read = rows::read(&self.path, sheet, table, &assigned, mapping.map(|(mapping, _)| mapping));
        let mut diagnostics = self.diagnostics.clone();
        for other in chosen.others.iter().filter(|other| other.score >= WORTH_TELLING && other.rows > 0) {
            diagnostics.push(
                Diagnostic::new(Code::TableNotRead, Place::file(&self.path))
                    .with("sheet", other.sheet.as_deref().unwrap_or("-"))
                    .with("row", other.first_row)
                    .with("count", other.rows),
            );
        }
        if !assigned.has(LedgerColumn::Os) {
            for needed in NEEDED.into_iter().filter(|needed| !assigned.has(*needed)) {
                diagnostics
                    .push(Diagnostic::new(Code::FieldMissing, place.clone()).with("field", title(needed)));
            }
        }
        diagnostics.extend(assigned.diagnostics);
        diagnostics.extend(read.diagnostics);
        LedgerReading {
            path: self.path.clone(),
            table: table.describe(&self.sheets),
            others: chosen.others.clone(),
            columns: assigned.columns,
            fingerprint: table.fingerprint(),
            rows: read.rows,
            left_out: read.left_out,
            cells: read.cells,
            diagnostics,
        }
    }

    fn heading_place(&self, sheet: &Sheet, table: &Table) -> Place {
        let row = sheet.rows.get(table.behind.saturating_sub(1));
        match row.and_then(|row| row.line) {
            Some(line) => Place::file(&self.path).at_line(line),
            None => Place { member: Some(sheet.name.clone()), ..Place::file(&self.path) },
        }
    }
}

/// What an asset consists of for matching: the device itself, and its operating system if the ledger names one. Nothing
/// for an asset that is no longer there.
pub fn components(asset: &Asset, index: Option<u32>, pointer: &str) -> Vec<Component> {
    if asset.retired {
        return Vec::new();
    }
    let mut components = Vec::new();
    let parts: Vec<&str> = [&asset.maker, &asset.model].into_iter().flatten().map(String::as_str).collect();
    let name = match parts.as_slice() {
        [] => [&asset.name, &asset.host].into_iter().flatten().next().unwrap_or(&asset.asset_id).clone(),
        parts => parts.join(" "),
    };
    // A computer of which only the operating system is known has no hardware that could be judged.
    if asset.os.is_none() || !parts.is_empty() || asset.firmware.is_some() {
        components.push(Component {
            name,
            version: asset.firmware.clone(),
            maker: asset.maker.clone(),
            model: asset.model.clone(),
            firmware: asset.firmware.clone(),
            asset: index,
            pointer: pointer.to_owned(),
            ..Component::default()
        });
    }
    if let Some(os) = &asset.os {
        components.push(system::component(os, index, pointer));
    }
    components
}

/// Where a row stands, for people: `line 12` of a text, `機器一覧!12` of a workbook.
pub fn pointer(sheet: Option<&str>, row: u32, line: Option<u64>) -> String {
    match (line, sheet) {
        (Some(line), _) => format!("line {line}"),
        (None, Some(sheet)) => format!("{sheet}!{row}"),
        (None, None) => format!("row {row}"),
    }
}

#[cfg(test)]
mod tests;
