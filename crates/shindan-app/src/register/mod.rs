//! Use cases of `inventory`: import a ledger, take an import back, show what is registered, say what a model is.

mod identities;
mod import;
mod look;
mod store;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::inventory::{Components, Inventory, InventoryKind};
use shindan_domain::ledger::Hash;
use shindan_domain::register::{ImportEntry, Register, RegisterEvent, RegisteredAsset};
use shindan_formats::asset_ledger as ledger;

use crate::author::Author;
use crate::data_folder::DataFolder;
use crate::error::AppError;

pub(crate) use self::identities::confirmed;
pub use self::identities::{confirm, parse_product, unresolved, withdraw};
pub use self::import::{ChosenColumns, GivenMapping, ImportOptions, import, is_partial};
pub use self::look::{LedgerLooked, Looked, look};
pub use self::store::load as load_records;
pub(crate) use self::store::pointer;

/// True if the cell holds something that was lost for the register: it is listed, and the exit code says so.
fn is_bad_cell(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, Code::DateInvalid | Code::CellError | Code::CellInvalid | Code::VersionIsDate)
}

/// What is registered.
///
/// # Errors
/// [`AppError::Register`] if it is damaged, [`AppError::Io`] if it cannot be read.
pub fn load(folder: &DataFolder) -> Result<Register, AppError> {
    Ok(store::load(folder)?.register())
}

/// The register that was read last, by the folder and by the last of its records.
type Known = (PathBuf, (u64, String), Arc<Register>);

/// Registers of the folders that were asked for last: a server asks with every page, and reading all records takes longer than a page.
static KNOWN: Mutex<VecDeque<Known>> = Mutex::new(VecDeque::new());
/// So many are kept: those of the two sides of the demo.
const KEPT: usize = 2;

/// As [`load`], for whoever asks again and again: the records are read, and their chain verified, only if there is another last one.
///
/// # Errors
/// As [`load`].
pub fn shared(folder: &DataFolder) -> Result<Arc<Register>, AppError> {
    let Some(last) = store::pointer(folder)? else { return Ok(Arc::new(load(folder)?)) };
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known().iter().find(|(root, of, _)| root == folder.root() && *of == last).cloned();
    if let Some((.., register)) = found {
        return Ok(register);
    }
    let register = Arc::new(load(folder)?);
    let mut known = known();
    known.retain(|(root, ..)| root != folder.root());
    known.truncate(KEPT - 1);
    known.push_front((folder.root().to_owned(), last, Arc::clone(&register)));
    Ok(register)
}

/// Whether an import is in force, by the folder and by the last of its records.
type Told = (PathBuf, (u64, String), bool);

/// What was told of the folders that were asked for last.
static IMPORTED: Mutex<VecDeque<Told>> = Mutex::new(VecDeque::new());

/// True if an import is in force. The register is only held for it if its last record leaves that open.
///
/// # Errors
/// As [`load`].
pub fn is_imported(folder: &DataFolder) -> Result<bool, AppError> {
    let Some(last) = store::pointer(folder)? else { return Ok(false) };
    let told = || IMPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let found =
        told().iter().find(|(root, of, _)| root == folder.root() && *of == last).map(|(.., told)| *told);
    if let Some(found) = found {
        return Ok(found);
    }
    let imported = store::ends_with_import(folder, &last)? || shared(folder)?.last_import().is_some();
    let mut told = told();
    told.retain(|(root, ..)| root != folder.root());
    told.truncate(KEPT - 1);
    told.push_front((folder.root().to_owned(), last, imported));
    Ok(imported)
}

/// Number and hash of the last record of the register; `None` if there is no register. The hash covers all records before it.
///
/// # Errors
/// [`AppError::Register`] if the pointer or a record is damaged, [`AppError::Io`] if one cannot be read.
pub(crate) fn head(folder: &DataFolder) -> Result<Option<(u64, Hash)>, AppError> {
    store::load(folder)?.head(folder)
}

/// Takes the last import in force back. Its record stays, and the taking back is a record of its own.
///
/// # Errors
/// [`AppError::NothingToUndo`] if no import is in force; those of reading and writing.
pub fn undo(folder: &DataFolder, by: &Author, now: Timestamp) -> Result<ImportEntry, AppError> {
    // Nothing is made in a folder that has no register.
    if store::load(folder)?.register().last_import().is_none() {
        return Err(AppError::NothingToUndo);
    }
    let lock = store::lock(folder)?;
    let mut records = store::load(folder)?;
    let Some(mut last) = records.register().last_import().cloned() else {
        return Err(AppError::NothingToUndo);
    };
    let event = RegisterEvent::ImportUndone { version: 1, import: last.number };
    last.undone_by = Some(store::append(folder, &lock, &mut records, event, by, now)?);
    Ok(last)
}

/// Takes an asset off the register that is no longer in its ledger. `wanted` is its key or its number.
///
/// # Errors
/// [`AppError::AssetUnknown`], [`AppError::AssetStillThere`] if its ledger still has it; those of reading and writing.
pub fn remove(
    folder: &DataFolder,
    wanted: &str,
    reason: &str,
    by: &Author,
    now: Timestamp,
) -> Result<RegisteredAsset, AppError> {
    find(&load(folder)?, wanted)?;
    let lock = store::lock(folder)?;
    let mut records = store::load(folder)?;
    let asset = find(&records.register(), wanted)?;
    let event = RegisterEvent::AssetRemoved { version: 1, key: asset.key.clone(), reason: reason.to_owned() };
    store::append(folder, &lock, &mut records, event, by, now)?;
    Ok(asset)
}

fn find(register: &Register, wanted: &str) -> Result<RegisteredAsset, AppError> {
    let by_key = register.assets.get(wanted);
    let by_number = || register.assets.values().find(|asset| asset.asset.asset_id == wanted);
    match by_key.or_else(by_number) {
        None => Err(AppError::AssetUnknown(wanted.to_owned())),
        Some(asset) if asset.missing_since.is_none() => Err(AppError::AssetStillThere(asset.key.clone())),
        Some(asset) => Ok(asset.clone()),
    }
}

/// The register as an inventory for `check`. Assets that are no longer in their ledger are judged until somebody decides;
/// those that the ledger calls disposed of are not.
pub fn inventory(folder: &DataFolder, register: &Register) -> Inventory {
    let path = folder.register().display().to_string();
    let place = || Place::file(&path);
    let mut inventory = Inventory {
        path: path.clone(),
        kind: InventoryKind::Register,
        subject: None,
        about: None,
        components: Components::default(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: Vec::new(),
    };
    let (mut retired, mut missing) = (0, 0);
    for registered in register.assets.values() {
        retired += usize::from(registered.asset.retired);
        missing += usize::from(registered.missing_since.is_some());
        let sheet = registered.sheet.as_deref().unwrap_or(&registered.ledger);
        let pointer = ledger::pointer(Some(sheet), registered.row, None);
        let index = u32::try_from(inventory.assets.len()).ok();
        inventory.components.edit().extend(ledger::components(&registered.asset, index, &pointer));
        inventory.assets.push(registered.asset.clone());
    }
    for (code, count) in [(Code::AssetsRetired, retired), (Code::AssetsNotInLedger, missing)] {
        if count > 0 {
            inventory.diagnostics.push(Diagnostic::new(code, place()).with("count", count));
        }
    }
    if inventory.components.is_empty() {
        inventory.diagnostics.push(Diagnostic::new(Code::InventoryEmpty, place()));
    }
    inventory
}
