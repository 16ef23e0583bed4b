//! Where the records of the register are kept.
//!
//! ```text
//! DIR/register/CURRENT             "record 3 <sha256 of its file>\n"
//! DIR/register/record-000003.json  one event; names the hash of the record before it
//! DIR/register/mapping-<hash>.toml what the columns of a ledger with these headings mean
//! DIR/register/LOCK                held while a record is added
//! ```
//!
//! A record is written beside the others and synced; then the pointer is replaced atomically. What a killed process left
//! behind is not named by the pointer, counts for nothing, and is replaced by the next record. Records are never changed
//! and never removed; a record that does not have the hash that its successor (or the pointer) names is damage, and is told.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shindan_domain::ledger::Hash;
use shindan_domain::register::{Register, RegisterEvent, RegisterRecord};

use crate::author::Author;
use crate::data_folder::{DataFolder, write_synced};
use crate::error::AppError;

/// The type of [`RegisterEvent::Imported`] as it is written.
const IMPORTED: &str = "inventory.imported";

/// The records of a data folder.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// In order, from number 1.
    pub records: Vec<RegisterRecord>,
    /// Hash of the last one.
    last: Option<String>,
}

impl Records {
    /// What they add up to.
    pub fn register(&self) -> Register {
        Register::of(&self.records)
    }

    /// Number and hash of the last one; `None` if there are none.
    pub(super) fn head(&self, folder: &DataFolder) -> Result<Option<(u64, Hash)>, AppError> {
        let Some(last) = &self.last else { return Ok(None) };
        let damaged =
            |_| AppError::Register { path: folder.register(), reason: "the hash is no SHA-256".to_owned() };
        Ok(Some((self.records.len() as u64, last.parse().map_err(damaged)?)))
    }
}

/// While it lives, no other process adds records to the same register.
#[derive(Debug)]
pub struct RegisterLock {
    _file: File,
}

/// Waits until no other process adds records here.
///
/// # Errors
/// [`AppError::Io`] if the folder cannot be made or written to.
pub fn lock(folder: &DataFolder) -> Result<RegisterLock, AppError> {
    let root = folder.register();
    fs::create_dir_all(&root).map_err(AppError::io(&root))?;
    let path = root.join("LOCK");
    let file = File::create(&path).map_err(AppError::io(&path))?;
    file.lock().map_err(AppError::io(&path))?;
    Ok(RegisterLock { _file: file })
}

/// Reads and verifies all records. A folder without a register has none.
///
/// # Errors
/// [`AppError::Register`] if the pointer or a record is damaged or missing, [`AppError::Io`] if one cannot be read.
pub fn load(folder: &DataFolder) -> Result<Records, AppError> {
    let Some((number, hash)) = pointer(folder)? else { return Ok(Records::default()) };
    let mut records = Vec::new();
    let mut before: Option<String> = None;
    for wanted in 1..=number {
        let path = record_path(folder, wanted);
        let damaged = |reason: &str| AppError::Register { path: path.clone(), reason: reason.to_owned() };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(damaged("the record is missing"));
            }
            Err(error) => return Err(AppError::Io { path, error }),
        };
        let record: RegisterRecord =
            serde_json::from_slice(&bytes).map_err(|error| damaged(&error.to_string()))?;
        if record.number != wanted || record.previous != before {
            return Err(damaged("the record does not continue the one before it"));
        }
        before = Some(sha256(&bytes));
        records.push(record);
    }
    if before.as_deref() != Some(hash.as_str()) {
        let path = record_path(folder, number);
        return Err(AppError::Register {
            path,
            reason: "the record was changed after it was made".to_owned(),
        });
    }
    Ok(Records { records, last: before })
}

/// True if the last record, which the pointer names, is an import. Nothing else of it is kept.
///
/// # Errors
/// [`AppError::Register`] if it is damaged or not the one that the pointer names, [`AppError::Io`] if it cannot be read.
pub fn ends_with_import(folder: &DataFolder, (number, hash): &(u64, String)) -> Result<bool, AppError> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type")]
        kind: String,
    }
    let path = record_path(folder, *number);
    let bytes = fs::read(&path).map_err(AppError::io(&path))?;
    if sha256(&bytes) != *hash {
        return Err(AppError::Register {
            path,
            reason: "the record was changed after it was made".to_owned(),
        });
    }
    let kind: Kind = serde_json::from_slice(&bytes)
        .map_err(|error| AppError::Register { path, reason: error.to_string() })?;
    Ok(kind.kind == IMPORTED)
}

/// Adds a record and puts it in force. The lock shows that nobody else does so.
///
/// # Errors
/// [`AppError::Io`]; the register stays what it was.
pub fn append(
    folder: &DataFolder,
    _lock: &RegisterLock,
    records: &mut Records,
    event: RegisterEvent,
    by: &Author,
    at: Timestamp,
) -> Result<u64, AppError> {
    let number = records.records.len() as u64 + 1;
    let record =
        RegisterRecord { number, previous: records.last.clone(), at, by: by.recorded().to_owned(), event };
    let mut bytes = serde_json::to_vec(&record)?;
    bytes.push(b'\n');
    let hash = sha256(&bytes);
    write_synced(&record_path(folder, number), &bytes)?;
    let pointer = format!("record {number} {hash}\n");
    write_synced(&folder.register().join("CURRENT"), pointer.as_bytes())?;
    records.records.push(record);
    records.last = Some(hash);
    Ok(number)
}

fn record_path(folder: &DataFolder, number: u64) -> PathBuf {
    folder.register().join(format!("record-{number:06}.json"))
}

/// Number and hash of the last record; `None` if there is no register.
///
/// # Errors
/// [`AppError::Register`] if the pointer is damaged, [`AppError::Io`] if it cannot be read.
pub(crate) fn pointer(folder: &DataFolder) -> Result<Option<(u64, String)>, AppError> {
    let path = folder.register().join("CURRENT");
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(AppError::Io { path, error }),
    };
    let text = String::from_utf8_lossy(&bytes);
    let parts = text.trim().strip_prefix("record ").and_then(|rest| rest.split_once(' '));
    let named = parts.and_then(|(number, hash)| Some((number.parse().ok()?, hash.to_owned())));
    match named {
        Some(named) => Ok(Some(named)),
        None => Err(AppError::Register { path, reason: "it is no pointer to a record".to_owned() }),
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the mapping for these headings is remembered.
pub(super) fn mapping_path(folder: &DataFolder, fingerprint: &str) -> PathBuf {
    let hash = sha256(fingerprint.as_bytes());
    folder.register().join(format!("mapping-{}.toml", hash.get(..32).unwrap_or(&hash)))
}
