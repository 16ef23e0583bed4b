//! Use cases on the ledger itself: verify, checkpoints, rebuild, refusals, backup and restore.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::ledger::{Checkpoint, Stream};
use shindan_domain::people::Action;
use shindan_store::{
    BackedUp, Difference, Rebuilt, Refused, Restored, Sighted, Sought, Store, Stored, Verified,
};

use super::kept::{self, KeptDifference};
use super::{Call, Entered, Records, RecordsError, fold};
use crate::data_folder::DataFolder;

/// What verifying found.
#[derive(Debug)]
pub struct Checked {
    /// The chain, held against checkpoints.
    pub verified: Verified,
    /// Records that are not what the entries give; `None` if that was not asked for.
    pub differences: Option<Vec<Difference>>,
    /// Files beside the ledger that are not what it noted.
    pub kept: Vec<KeptDifference>,
}

impl Checked {
    /// True if nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.verified.is_whole()
            && self.differences.as_ref().is_none_or(Vec::is_empty)
            && self.kept.is_empty()
    }
}

/// Verifies the chain; needs nobody's permission, because everybody who has the folder can do it with other programs, too.
///
/// # Errors
/// Those of reading.
pub fn verify(records: &Records, supplied: &[Checkpoint], states: bool) -> Result<Checked, RecordsError> {
    let verified = records.store.verify(supplied)?;
    let differences = match states && verified.is_whole() {
        true => Some(records.store.compare(&mut |stream, entries| fold::fold_entries(stream, entries))?),
        false => None,
    };
    let kept = if verified.is_whole() { kept::differences(records)? } else { Vec::new() };
    Ok(Checked { verified, differences, kept })
}

/// Reads a checkpoint that was kept elsewhere.
///
/// # Errors
/// [`RecordsError::Unreadable`] with the line that is not as it should be.
pub fn read_checkpoint(path: &Path) -> Result<Checkpoint, RecordsError> {
    let unreadable = |reason: String| RecordsError::Unreadable { path: path.to_owned(), reason };
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Checkpoint::from_text(&text).map_err(|error| unreadable(error.to_string()))
}

/// Makes a signed checkpoint.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn checkpoint(records: &Records, who: &Entered, call: &Call) -> Result<Checkpoint, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.checkpoint(call.now)?)
}

/// The last checkpoint that was made here, if it still covers the whole ledger. It is made by [`checkpoint`], not here.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn standing_checkpoint(records: &Records, who: &Entered) -> Result<Option<Checkpoint>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let head = records.store.head()?;
    let last = records.store.checkpoints()?.pop();
    Ok(last.filter(|last| last.sequence == head.sequence && last.hash == head.hash))
}

/// Builds all states anew from the entries.
///
/// # Errors
/// Refused without the role; those of the store, nothing is changed then.
pub fn rebuild(records: &mut Records, who: &Entered) -> Result<Rebuilt, RecordsError> {
    who.permit(Action::Administer).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.rebuild(&mut |stream, entries| fold::fold_entries(stream, entries))?)
}

/// Entries as they are stored.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn entries(
    records: &Records,
    who: &Entered,
    after: u64,
    limit: usize,
) -> Result<Vec<Stored>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.entries(after, limit)?)
}

/// The entries of one record as they are stored.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn entries_of(records: &Records, who: &Entered, stream: Stream) -> Result<Vec<Stored>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    Ok(records.store.entries_of(stream)?)
}

/// Entries as they are sought, the last first.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn search(
    records: &Records,
    who: &Entered,
    sought: &Sought,
    limit: usize,
) -> Result<Sighted, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.search(sought, limit)?)
}

/// Steps that were refused, the newest first.
///
/// # Errors
/// Refused without a role that reads; those of the store.
pub fn refusals(records: &Records, who: &Entered, limit: usize) -> Result<Vec<Refused>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.refusals(None, limit)?)
}

/// Copies ledger, documents and (if wanted) the key to one file, while others write.
///
/// # Errors
/// Refused without the role; those of the store.
pub fn backup(
    records: &Records,
    who: &Entered,
    file: &Path,
    with_key: bool,
    now: Timestamp,
) -> Result<BackedUp, RecordsError> {
    who.permit(Action::Administer).map_err(|refusal| RecordsError::refused(None, refusal))?;
    Ok(records.store.backup(file, with_key, now)?)
}

/// Opens a backup in a data folder without records. Hashes and chain are verified first.
///
/// # Errors
/// [`RecordsError::Present`], those of the backup.
pub fn restore(file: &Path, folder: &DataFolder, checkpoints: &[PathBuf]) -> Result<Restored, RecordsError> {
    let supplied = checkpoints.iter().map(|path| read_checkpoint(path)).collect::<Result<Vec<_>, _>>()?;
    Ok(Store::restore(file, folder.root(), &supplied)?)
}
