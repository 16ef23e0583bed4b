//! Taking a backup: everything is checked beside, and only what is whole becomes the ledger.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use shindan_domain::ledger::{Chain, Checkpoint, Hash};
use zip::ZipArchive;

use crate::account_key::account_key_file;
use crate::backup::{ACCOUNTS, DATABASE, DOCUMENTS, FORMAT, IDENTITY, KEY, Listed, MANIFEST, Manifest};
use crate::documents::{document_file, kept};
use crate::identity::identity_file;
use crate::signing::key_file;
use crate::store::{database_file, ledger_folder};
use crate::{BackupFault, Installation, Store, StoreError, beside, files};

/// The list of a backup is no larger than this: some million documents.
const LARGEST_MANIFEST: u64 = 1 << 30;
/// Key files are 65 and 75 bytes long.
const LARGEST_KEY: u64 = 1 << 10;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Which installation it is.
    pub installation: Installation,
    /// When the backup was made.
    pub made_at: Timestamp,
    /// The last entry.
    pub last: Chain,
    /// Documents.
    pub documents: u64,
    /// True if the signing key was in it; otherwise [`Store::set_key`] makes a new one.
    pub key: bool,
    /// How many people's authenticator apps cannot be read here, because the key of accounts was not in it: they log in with a
    /// recovery code, or an administrator takes the app away.
    pub unreadable_apps: u64,
    /// Documents that were missing or damaged already when the backup was made.
    pub left_out: Vec<Hash>,
}

impl Store {
    /// Restores a backup into a data folder that holds no ledger. Every hash, the whole chain, its kept checkpoints and the
    /// `supplied` ones are verified first; nothing appears in the folder if anything is wrong.
    ///
    /// # Errors
    /// [`StoreError::Present`], [`StoreError::Backup`] with what is wrong, and those of reading and writing.
    pub fn restore(file: &Path, data_folder: &Path, supplied: &[Checkpoint]) -> Result<Restored, StoreError> {
        let ledger = ledger_folder(data_folder);
        if holds_something(&ledger)? {
            return Err(StoreError::Present { folder: data_folder.to_owned() });
        }
        std::fs::create_dir_all(data_folder).map_err(StoreError::io(data_folder))?;
        let staging = data_folder.join("ledger.restoring");
        remove_folder(&staging)?;
        let restored = unpack(file, &staging)
            .and_then(|manifest| examine(file, &staging, manifest, supplied))
            .and_then(|restored| beside::put_in_place(file, &staging, data_folder).map(|()| restored))
            .and_then(|restored| put_in_place(&staging, &ledger).map(|()| restored));
        if restored.is_err() {
            remove_folder(&staging)?;
        }
        restored
    }
}

fn holds_something(folder: &Path) -> Result<bool, StoreError> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::io(folder)(error)),
    }
}

fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(folder)(error)),
        _ => Ok(()),
    }
}

/// Where a file of a backup belongs; `None` for anything that a backup does not hold.
fn place_of(name: &str, staging: &Path) -> Option<PathBuf> {
    match name {
        DATABASE => Some(database_file(staging)),
        KEY => Some(key_file(staging)),
        _ if beside::staged(name, staging).is_some() => beside::staged(name, staging),
        IDENTITY => Some(identity_file(staging)),
        ACCOUNTS => Some(account_key_file(staging)),
        _ => {
            let hash: Hash = name.strip_prefix(DOCUMENTS)?.replacen('/', "", 1).parse().ok()?;
            let file = document_file(staging, &hash);
            // Upper-case digits or a slash elsewhere name no document.
            (name == format!("{DOCUMENTS}{}", crate::documents::relative_name(&hash))).then_some(file)
        }
    }
}

type Archive = ZipArchive<BufReader<File>>;

fn unpack(file: &Path, staging: &Path) -> Result<Manifest, StoreError> {
    let fault = |fault| StoreError::backup(file, fault);
    let opened = File::open(file).map_err(StoreError::io(file))?;
    let mut archive: Archive = ZipArchive::new(BufReader::new(opened))
        .map_err(|error| fault(BackupFault::NotABackup(error.to_string())))?;
    let manifest = read_manifest(file, &mut archive)?;
    let mut listed: BTreeMap<&str, &Listed> =
        manifest.files.iter().map(|listed| (listed.name.as_str(), listed)).collect();
    for index in 0..archive.len() {
        let mut entry =
            archive.by_index(index).map_err(|error| fault(BackupFault::NotABackup(error.to_string())))?;
        let name =
            entry.name().map_err(|error| fault(BackupFault::NotABackup(error.to_string())))?.into_owned();
        if name == MANIFEST {
            continue;
        }
        let unlisted = || fault(BackupFault::Unlisted { name: name.clone() });
        let expected = listed.remove(name.as_str()).ok_or_else(unlisted)?;
        let place = place_of(&name, staging).ok_or_else(unlisted)?;
        if !write_checked(&mut entry, &place, expected)? {
            return Err(fault(BackupFault::Changed { name }));
        }
    }
    let missing = listed.into_keys().next().map(str::to_owned);
    match missing {
        Some(name) => Err(fault(BackupFault::Missing { name })),
        None => Ok(manifest),
    }
}

fn read_manifest(file: &Path, archive: &mut Archive) -> Result<Manifest, StoreError> {
    let not = |error: String| StoreError::backup(file, BackupFault::NotABackup(error));
    let entry = archive.by_name(MANIFEST).map_err(|error| not(error.to_string()))?;
    let mut text = Vec::new();
    entry.take(LARGEST_MANIFEST).read_to_end(&mut text).map_err(|error| not(error.to_string()))?;
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(|error| not(error.to_string()))?;
    let found = value.get("shindan_backup").and_then(serde_json::Value::as_u64);
    let found = found.and_then(|found| u32::try_from(found).ok()).ok_or_else(|| not(MANIFEST.to_owned()))?;
    if found > FORMAT {
        return Err(StoreError::backup(file, BackupFault::Newer { found, known: FORMAT }));
    }
    serde_json::from_value(value).map_err(|error| not(error.to_string()))
}

/// Writes a file of the archive; false if it is not what is listed, whatever the reason.
fn write_checked(entry: &mut impl Read, place: &Path, expected: &Listed) -> Result<bool, StoreError> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let is_key = matches!(expected.name.as_str(), KEY | IDENTITY | ACCOUNTS);
    if is_key && expected.size > LARGEST_KEY {
        return Ok(false);
    }
    files::write_private(place, b"")?;
    let output = File::options().write(true).open(place).map_err(StoreError::io(place))?;
    let mut output = BufWriter::new(output);
    let mut hasher = Sha256::new();
    let mut left = expected.size;
    let mut buffer = vec![0; 128 * 1024];
    loop {
        // A damaged archive is not a damaged disk: its errors are of the entry.
        let Ok(read) = entry.read(&mut buffer) else { return Ok(false) };
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let Some(rest) = left.checked_sub(bytes.len() as u64) else { return Ok(false) };
        left = rest;
        hasher.update(bytes);
        output.write_all(bytes).map_err(StoreError::io(place))?;
    }
    let output = output.into_inner().map_err(|error| StoreError::io(place)(error.into_error()))?;
    output.sync_all().map_err(StoreError::io(place))?;
    Ok(left == 0 && Hash(hasher.finalize().into()) == expected.sha256)
}

/// Verifies the unpacked ledger.
fn examine(
    file: &Path,
    staging: &Path,
    manifest: Manifest,
    supplied: &[Checkpoint],
) -> Result<Restored, StoreError> {
    let chain = |text: String| StoreError::backup(file, BackupFault::Chain(text));
    if !database_file(staging).exists() {
        return Err(StoreError::backup(file, BackupFault::Missing { name: DATABASE.to_owned() }));
    }
    let store = Store::open_ledger(staging.to_owned())?;
    let verified = store.verify(supplied)?;
    if let Some(problem) = verified.problems.first() {
        return Err(chain(problem.to_string()));
    }
    if (verified.last.sequence, verified.last.hash) != (manifest.sequence, manifest.hash) {
        return Err(chain(format!(
            "it ends with entry {}, not {}",
            verified.last.sequence, manifest.sequence
        )));
    }
    if store.installation().id != manifest.installation {
        return Err(chain(format!("it is of the installation {}", store.installation().id)));
    }
    let mut documents = 0;
    for (hash, _) in kept(&store.connection)? {
        let there = document_file(staging, &hash).exists();
        if !there && !manifest.left_out.contains(&hash) {
            let name = format!("{DOCUMENTS}{}", crate::documents::relative_name(&hash));
            return Err(StoreError::backup(file, BackupFault::Missing { name }));
        }
        documents += u64::from(there);
    }
    store.connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    let restored = Restored {
        installation: store.installation().clone(),
        made_at: manifest.made_at,
        last: verified.last,
        documents,
        key: key_file(staging).exists(),
        unreadable_apps: if account_key_file(staging).exists() { 0 } else { store.apps()? },
        left_out: manifest.left_out,
    };
    store.connection.close().map_err(|(_, error)| error)?;
    Ok(restored)
}

fn put_in_place(staging: &Path, ledger: &Path) -> Result<(), StoreError> {
    if ledger.exists() {
        // Empty: looked at before. Another process that put something there makes this fail.
        std::fs::remove_dir(ledger).map_err(StoreError::io(ledger))?;
    }
    files::rename(staging, ledger)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_unpacked_elsewhere() {
        let staging = Path::new("staging");
        let digits = Hash::of(b"x").to_string();
        let (folder, rest) = digits.split_at(2);
        let place = place_of(&format!("{DOCUMENTS}{folder}/{rest}"), staging).unwrap();
        assert!(place.starts_with(staging));
        for wrong in [
            "../shindan.db".to_owned(),
            "/etc/passwd".to_owned(),
            "ledger/documents/../keys/installation.key".to_owned(),
            format!("{DOCUMENTS}{digits}"),
            format!("{DOCUMENTS}{folder}/{}", rest.to_uppercase()),
            format!("{DOCUMENTS}{folder}\\{rest}"),
        ] {
            assert_eq!(place_of(&wrong, staging), None, "{wrong}");
        }
    }
}
