//! What lies beside the ledger and is changed with a personal token: the register of assets, the knowledge base, the wording of
//! guidelines. Each change is noted in the ledger with the hash of what is there then, so that a change past the program shows.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use shindan_domain::comparison::{ComparisonEvent, Comparisons, Kept, KeptPart};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;

use super::{Act, Call, Entered, Records, RecordsError};
use crate::author::Author;
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::{portfolio, register};

/// Which role may change a part.
fn action(part: KeptPart) -> Action {
    match part {
        KeptPart::Register | KeptPart::ExchangeKey => Action::KeepOrganisation,
        KeptPart::Knowledge | KeptPart::Portfolio => Action::Operate,
        KeptPart::Wording => Action::Manage,
    }
}

/// Changes what lies beside the ledger and notes it there.
///
/// The files are changed first, as the note holds their hash. A process that is killed in between leaves a change without a
/// note: `ledger verify` tells it, and the next change notes it with its own.
///
/// # Errors
/// Refused without the role (logged); those of `work`, as [`RecordsError::App`].
pub fn keep<T>(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    part: KeptPart,
    work: impl FnOnce(&Author) -> Result<T, AppError>,
) -> Result<T, RecordsError> {
    keep_as(records, who, call, (part, action(part)), work)
}

/// As [`keep`], permitted by the action of the step that it is a part of.
pub(super) fn keep_as<T>(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (part, action): (KeptPart, Action),
    work: impl FnOnce(&Author) -> Result<T, AppError>,
) -> Result<T, RecordsError> {
    let mut answer = None;
    let installation = records.store().installation().id;
    records.act(who, call, action, None, |act| {
        answer = Some(work(&Author::person(who.person()))?);
        act.note_kept(part)?;
        Ok(Stream::new(Kind::Installation, installation))
    })?;
    answer.ok_or_else(|| RecordsError::stored("a change that was not made"))
}

/// A part that is not what the ledger says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDifference {
    /// Which part.
    pub part: KeptPart,
    /// What the ledger noted last.
    pub noted: Kept,
    /// What is there; `None` if there is nothing.
    pub found: Option<Kept>,
}

/// Every part that is not as the ledger noted it last. What was never noted cannot be compared.
///
/// # Errors
/// Those of reading the files.
pub fn differences(records: &Records) -> Result<Vec<KeptDifference>, RecordsError> {
    let mut different = Vec::new();
    for noted in noted(records)? {
        let found = found(records, noted.part)?;
        // A knowledge base is built anew from its sources after a restore; without one nothing is judged at all. A lost key
        // reads nothing, and a new one is a new card.
        let rebuilt = matches!(noted.part, KeptPart::Knowledge | KeptPart::ExchangeKey) && found.is_none();
        if found.as_ref() != Some(&noted) && !rebuilt {
            different.push(KeptDifference { part: noted.part, noted, found });
        }
    }
    Ok(different)
}

fn noted(records: &Records) -> Result<Vec<Kept>, RecordsError> {
    let installation = records.store().installation().id;
    Ok(records.state::<Comparisons>(installation)?.map(|(_, state)| state.kept).unwrap_or_default())
}

impl Act<'_> {
    /// Notes a part as it is now, unless the ledger says so already.
    pub(super) fn note_kept(&mut self, part: KeptPart) -> Result<(), RecordsError> {
        let Some(found) = found(self.records(), part)? else { return Ok(()) };
        if noted(self.records())?.contains(&found) {
            return Ok(());
        }
        let installation = self.records().store().installation().id;
        self.note::<Comparisons>(installation, &[ComparisonEvent::Kept(found)])
    }
}

/// What is there of a part.
fn found(records: &Records, part: KeptPart) -> Result<Option<Kept>, RecordsError> {
    let folder = DataFolder::new(records.root());
    let kept = |(number, sha256)| Kept { part, number, sha256 };
    Ok(match part {
        KeptPart::Register => register::head(&folder)?.map(kept),
        KeptPart::Knowledge => match folder.current()? {
            None => None,
            Some(number) => hash_of(&folder.generation_path(number))?.map(|hash| kept((number, hash))),
        },
        KeptPart::Wording => wording(&folder)?.map(kept),
        KeptPart::Portfolio => portfolio::kept_hash(&folder)?.map(kept),
        KeptPart::ExchangeKey => records.exchange_recipient()?.map(|key| kept((1, Hash::of(key.as_bytes())))),
    })
}

/// The hash of a file; `None` if there is none.
fn hash_of(path: &Path) -> Result<Option<Hash>, RecordsError> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RecordsError::unreadable(path, &error)),
    };
    let mut digest = Sha256::new();
    std::io::copy(&mut file, &mut Hashing(&mut digest))
        .map_err(|error| RecordsError::unreadable(path, &error))?;
    Ok(Some(Hash(digest.finalize().into())))
}

/// Number of texts that were imported, and the hash of their names and hashes.
fn wording(folder: &DataFolder) -> Result<Option<(u64, Hash)>, RecordsError> {
    let kept = folder.catalog();
    let unreadable = |error: std::io::Error| RecordsError::unreadable(&kept, &error);
    let entries = match fs::read_dir(&kept) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut digest = Sha256::new();
    for file in &files {
        digest.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        digest.update(hash_of(file)?.map(|hash| hash.0).unwrap_or_default());
    }
    let count = files.len() as u64;
    Ok((count > 0).then(|| (count, Hash(digest.finalize().into()))))
}

struct Hashing<'d>(&'d mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
