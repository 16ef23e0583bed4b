//! Use case `crosswalk import`: the official wording of a page, kept in the user's data folder.
//!
//! ```text
//! DATA/catalog/wording-<first half of the SHA-256>.json   one file for each text that was imported
//! ```

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use shindan_domain::crosswalk::Crosswalk;
use shindan_domain::crosswalk::wording::WordingRecord;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_formats::annex;
use shindan_formats::limits::Limits;

use crate::author::Author;
use crate::data_folder::{DataFolder, write_synced};
use crate::error::AppError;
use crate::ingest;

/// Reads a text, lays it beside the packs and keeps what it told; the author may do so. The same text again replaces what it told before.
///
/// # Errors
/// [`AppError::Pack`] with what is wrong with the text; [`AppError::Io`] if it cannot be kept.
pub fn import(
    folder: &DataFolder,
    path: &Path,
    crosswalk: &Crosswalk,
    _author: &Author,
    now: Timestamp,
) -> Result<WordingRecord, AppError> {
    let refused = |diagnostic: Diagnostic| AppError::Pack(vec![diagnostic]);
    let limits = Limits::DEFAULT;
    let bytes = ingest::read_file(path, &limits).map_err(refused)?;
    let name = path.display().to_string();
    let wording = annex::read(&bytes, &name, crosswalk, &limits).map_err(refused)?;
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let record = WordingRecord { path: name, sha256, imported_at: now, wording };
    let kept = folder.catalog();
    fs::create_dir_all(&kept).map_err(AppError::io(&kept))?;
    let half = record.sha256.get(..32).unwrap_or(&record.sha256);
    write_synced(&kept.join(format!("wording-{half}.json")), &serde_json::to_vec_pretty(&record)?)?;
    Ok(record)
}

/// Everything that was imported, in the order of time.
///
/// # Errors
/// [`AppError::Io`] if the folder cannot be read, [`AppError::Pack`] if a file in it is damaged.
pub fn load(folder: &DataFolder) -> Result<Vec<WordingRecord>, AppError> {
    let kept = folder.catalog();
    let entries = match fs::read_dir(&kept) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(AppError::Io { path: kept, error }),
    };
    let mut records = Vec::new();
    for entry in entries {
        let path = entry.map_err(AppError::io(&kept))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !(name.starts_with("wording-") && name.ends_with(".json")) {
            continue;
        }
        let bytes = ingest::read_file(&path, &Limits::DEFAULT).map_err(|d| AppError::Pack(vec![d]))?;
        let record: WordingRecord = serde_json::from_slice(&bytes).map_err(|error| {
            let place = Place::file(path.display().to_string()).at_line(error.line() as u64);
            AppError::Pack(vec![Diagnostic::new(Code::JsonInvalid, place).with("reason", error)])
        })?;
        records.push(record);
    }
    records.sort_by(|a, b| (a.imported_at, &a.sha256).cmp(&(b.imported_at, &b.sha256)));
    Ok(records)
}
