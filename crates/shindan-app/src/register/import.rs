//! Use case `inventory import`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::asset_ledger::{LedgerColumn, LedgerReading, MappedBy};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::inventory::Asset;
use shindan_domain::register::{
    Changes, ImportReport, Imported, Keyed, LedgerSource, Register, RegisterEvent,
};
use shindan_formats::asset_ledger::{ColumnRef, LedgerFile, LedgerMapping, read_mapping, write_mapping};
use shindan_formats::limits::Limits;
use shindan_formats::sheet::column_number;
use shindan_match::register;

use super::store::{self, sha256};
use crate::author::Author;
use crate::data_folder::{DataFolder, write_synced};
use crate::error::AppError;
use crate::ingest;

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Refuse a ledger of which a cell cannot be understood.
    pub strict: bool,
    /// What the columns mean.
    pub mapping: Option<GivenMapping>,
    /// What the file is called, if not by its path: one that was sent lies where nobody knows it.
    pub name: Option<String>,
    /// Where to write what the columns were taken for.
    pub save_mapping: Option<PathBuf>,
    /// The sheet.
    pub sheet: Option<String>,
    /// The ledger that this is; found out if not said.
    pub ledger: Option<String>,
}

/// What the columns of a ledger mean, as somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenMapping {
    /// A mapping file.
    File(PathBuf),
    /// What was chosen on a page; words for kinds and the like are those that are remembered for these headings.
    Chosen(ChosenColumns),
}

/// Where the table stands and what its columns mean, as chosen on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChosenColumns {
    /// First row of the headings, from 1; `None`: as found.
    pub header_row: Option<u32>,
    /// How many rows the headings have; `None`: one.
    pub header_rows: Option<u32>,
    /// By the letters of each column what it means, `None`: not used. Columns that are not named are guessed.
    pub columns: BTreeMap<String, Option<LedgerColumn>>,
}

/// True if a cell of the ledger could not be understood, or a part of the file could not be read.
pub fn is_partial(report: &ImportReport) -> bool {
    let reading = &report.reading;
    reading.cells.iter().any(super::is_bad_cell)
        || reading.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// Reads a ledger and lays it beside the register; the outcome becomes a record of its author's. Without an author it is a
/// preview.
///
/// # Errors
/// [`AppError::Pack`] with what is wrong with the ledger or the mapping as a whole; [`AppError::Register`] if the register
/// is damaged; [`AppError::Io`] if something cannot be written: the register stays what it was.
pub fn import(
    folder: &DataFolder,
    path: &Path,
    options: &ImportOptions,
    author: Option<&Author>,
    now: Timestamp,
) -> Result<ImportReport, AppError> {
    let limits = Limits::DEFAULT;
    let name = options.name.clone().unwrap_or_else(|| path.display().to_string());
    let bytes = ingest::read_file(path, &limits).map_err(refused)?;
    let file = LedgerFile::open(&bytes, &name, &limits).map_err(AppError::Pack)?;
    let (reading, mapping) = read(folder, &file, options)?;
    let source = LedgerSource {
        path: name,
        sha256: sha256(&bytes),
        size: bytes.len() as u64,
        sheet: reading.table.sheet.clone(),
        first_row: reading.table.first_row,
        last_row: reading.table.last_row,
        fingerprint: reading.fingerprint.clone(),
    };
    if let Some(target) = &options.save_mapping {
        write_synced(target, write_mapping(&reading, mapping.as_ref()).as_bytes())?;
    }
    let Some(author) = author else {
        let register = store::load(folder)?.register();
        return Ok(compared(&register, reading, source, options));
    };
    // Reading first, so that a damaged register is told before anything is made.
    store::load(folder)?;
    let lock = store::lock(folder)?;
    let mut records = store::load(folder)?;
    let mut report = compared(&records.register(), reading, source, options);
    if (options.strict && is_partial(&report)) || report.reading.rows.is_empty() {
        return Ok(report);
    }
    if options.mapping.is_some() {
        let text = write_mapping(&report.reading, mapping.as_ref());
        write_synced(&store::mapping_path(folder, &report.reading.fingerprint), text.as_bytes())?;
    }
    let event = RegisterEvent::Imported(Box::new(imported(&report)));
    report.record = Some(store::append(folder, &lock, &mut records, event, author, now)?);
    Ok(report)
}

fn refused(diagnostic: Diagnostic) -> AppError {
    AppError::Pack(vec![diagnostic])
}

/// Reads with the mapping that is given, else with the one that is remembered for these headings, else by guessing.
fn read(
    folder: &DataFolder,
    file: &LedgerFile,
    options: &ImportOptions,
) -> Result<(LedgerReading, Option<LedgerMapping>), AppError> {
    let sheet = options.sheet.as_deref();
    if let Some(given) = &options.mapping {
        let mapping = match given {
            GivenMapping::File(path) => mapping_of(path)?,
            GivenMapping::Chosen(columns) => mapping_with(folder, file, sheet, columns)?,
        };
        let chosen = file.choose(sheet, Some(&mapping)).map_err(refused)?;
        return Ok((file.read(&chosen, Some((&mapping, MappedBy::MappingFile))), Some(mapping)));
    }
    let chosen = file.choose(sheet, None).map_err(refused)?;
    let path = store::mapping_path(folder, &chosen.fingerprint());
    if !path.exists() {
        return Ok((file.read(&chosen, None), None));
    }
    let mapping = mapping_of(&path)?;
    Ok((file.read(&chosen, Some((&mapping, MappedBy::Remembered))), Some(mapping)))
}

/// What is remembered for these headings, with the columns that were chosen instead of those that were known.
fn mapping_with(
    folder: &DataFolder,
    file: &LedgerFile,
    sheet: Option<&str>,
    chosen: &ChosenColumns,
) -> Result<LedgerMapping, AppError> {
    let place = LedgerMapping {
        sheet: sheet.map(str::to_owned),
        header_row: chosen.header_row,
        header_rows: chosen.header_rows,
        ..LedgerMapping::default()
    };
    let table = file.choose(sheet, Some(&place)).map_err(refused)?;
    let path = store::mapping_path(folder, &table.fingerprint());
    let known = if path.exists() { mapping_of(&path)? } else { LedgerMapping::default() };
    let mut mapping = LedgerMapping {
        sheet: place.sheet,
        header_row: place.header_row,
        header_rows: place.header_rows,
        ..known
    };
    if chosen.columns.is_empty() {
        return Ok(mapping);
    }
    mapping.columns.clear();
    mapping.ignored.clear();
    for (letters, meaning) in &chosen.columns {
        let invalid = || AppError::NotFound(letters.clone());
        let column = ColumnRef::Letters(column_number(letters).ok_or_else(invalid)?);
        match meaning {
            Some(meaning) => mapping.columns.entry(*meaning).or_default().push(column),
            None => mapping.ignored.push(column),
        }
    }
    Ok(mapping)
}

fn mapping_of(path: &Path) -> Result<LedgerMapping, AppError> {
    let bytes = ingest::read_file(path, &Limits::DEFAULT).map_err(refused)?;
    let read = read_mapping(&path.display().to_string(), &bytes);
    read.value.ok_or(AppError::Pack(read.diagnostics))
}

fn compared(
    register: &Register,
    reading: LedgerReading,
    source: LedgerSource,
    options: &ImportOptions,
) -> ImportReport {
    let stem = Path::new(&source.path)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let (ledger, follows) = match &options.ledger {
        Some(name) => (name.clone(), register.last_import_of(name).map(|import| import.number)),
        None => register::ledger_of(register, &reading.fingerprint, &reading.rows, &stem),
    };
    let changes = register::changes(register, &ledger, &reading.rows);
    ImportReport { reading, source, ledger, follows, changes, record: None }
}

fn imported(report: &ImportReport) -> Imported {
    let Changes { keys, added, changed, missing, returned, .. } = &report.changes;
    let rows = &report.reading.rows;
    let by_key: BTreeMap<&str, &Asset> =
        keys.iter().map(String::as_str).zip(rows.iter().map(|row| &row.asset)).collect();
    let keyed = |key: &String| {
        by_key.get(key.as_str()).map(|asset| Keyed { key: key.clone(), asset: (*asset).clone() })
    };
    Imported {
        version: 1,
        ledger: report.ledger.clone(),
        source: report.source.clone(),
        columns: report.reading.columns.clone(),
        rows: keys.iter().cloned().zip(rows.iter().map(|row| row.row)).collect(),
        added: added.iter().filter_map(|(key, _)| keyed(key)).collect(),
        changed: changed.iter().filter_map(|change| keyed(&change.key)).collect(),
        missing: missing.clone(),
        returned: returned.clone(),
        cells: report.reading.cells.clone(),
    }
}
