//! A file that somebody means to import, looked at before anything is decided: what it is, and what would come of it.

use std::path::Path;

use jiff::Timestamp;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::inventory::{Inventory, InventoryKind};
use shindan_domain::register::ImportReport;
use shindan_formats::asset_ledger::LedgerFile;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

use super::import::{ImportOptions, import};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::ingest;

/// What a file was recognised as.
#[derive(Debug)]
pub enum Looked {
    /// A ledger of assets.
    Ledger(Box<LedgerLooked>),
    /// A list of software: SBOM, lock file, packages, dump of Windows.
    List(Box<Inventory>),
    /// Nothing that can be imported, and why.
    Neither(Vec<Diagnostic>),
}

/// A ledger.
#[derive(Debug)]
pub struct LedgerLooked {
    /// Its sheets; one without a name in a text.
    pub sheets: Vec<String>,
    /// What its import would do; or why no table was found where it was looked for.
    pub report: Result<ImportReport, Vec<Diagnostic>>,
}

/// Looks at a file. With `as_ledger`, a list of software is read as a ledger if it can be.
///
/// # Errors
/// [`AppError::Register`] if the register is damaged, [`AppError::Io`] if it cannot be read.
pub fn look(
    folder: &DataFolder,
    path: &Path,
    options: &ImportOptions,
    as_ledger: bool,
    now: Timestamp,
) -> Result<Looked, AppError> {
    let limits = Limits::DEFAULT;
    let name = options.name.clone().unwrap_or_else(|| path.display().to_string());
    let bytes = match ingest::read_file(path, &limits) {
        Ok(bytes) => bytes,
        Err(diagnostic) => return Ok(Looked::Neither(vec![diagnostic])),
    };
    let list = inventory::read(&bytes, &name, &limits);
    match list {
        Ok(list) if list.kind != InventoryKind::DeviceList && !as_ledger => {
            return Ok(Looked::List(Box::new(list)));
        }
        _ => {}
    }
    let sheets = match (LedgerFile::open(&bytes, &name, &limits), list) {
        (Ok(file), _) => file.sheet_names().into_iter().map(str::to_owned).collect(),
        (Err(_), Ok(list)) => return Ok(Looked::List(Box::new(list))),
        // What the reader of lists says is about more formats.
        (Err(_), Err(diagnostics)) => return Ok(Looked::Neither(diagnostics)),
    };
    let report = match import(folder, path, options, None, now) {
        Ok(report) => Ok(report),
        Err(AppError::Pack(diagnostics)) => Err(diagnostics),
        Err(error) => return Err(error),
    };
    Ok(Looked::Ledger(Box::new(LedgerLooked { sheets, report })))
}
