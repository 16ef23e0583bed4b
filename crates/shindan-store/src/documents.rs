//! 証跡: documents by the hash of their content.
//!
//! A document is written beside, hashed on the way, synced and renamed: half of one is never found under a hash. It is
//! compared with its hash whenever it is read.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::Hash;

use crate::store::{hash_in, integer, milliseconds};
use crate::{Store, StoreError, files};

/// A kept document that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentFault {
    /// Its file is not there.
    Missing(Hash),
    /// The bytes do not give its hash.
    Damaged(Hash),
}

impl DocumentFault {
    /// The document.
    pub fn document(&self) -> Hash {
        match self {
            DocumentFault::Missing(hash) | DocumentFault::Damaged(hash) => *hash,
        }
    }
}

/// What was cleaned up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Documents that no entry names.
    pub documents: u64,
    /// Files that were never taken in completely.
    pub incoming: u64,
}

/// Names files that are being taken in, besides the number of the process.
static INCOMING: AtomicU64 = AtomicU64::new(0);

pub(crate) fn documents_folder(ledger: &Path) -> PathBuf {
    ledger.join("documents")
}

/// `ab/cdef…` below the folder of documents.
pub(crate) fn relative_name(hash: &Hash) -> String {
    let text = hash.to_string();
    let (folder, file) = text.split_at(2);
    format!("{folder}/{file}")
}

pub(crate) fn document_file(ledger: &Path, hash: &Hash) -> PathBuf {
    documents_folder(ledger).join(relative_name(hash))
}

impl Store {
    /// Takes a document in, up to `limit` bytes. One that is kept already is not kept twice.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], [`StoreError::Full`] and those of reading and writing; nothing is left behind then.
    pub fn keep(
        &self,
        reader: &mut dyn Read,
        name: &str,
        limit: u64,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        let folder = documents_folder(&self.folder).join("incoming");
        std::fs::create_dir_all(&folder).map_err(StoreError::io(&folder))?;
        let (incoming, file) = create_incoming(&folder)?;
        let taken = take_in(reader, file, &incoming, limit);
        let kept = taken.and_then(|(sha256, size)| {
            self.settle_document(&incoming, &sha256)?;
            let sql = "INSERT INTO document (sha256, size, kept_at) VALUES (?1, ?2, ?3)
                       ON CONFLICT (sha256) DO UPDATE SET kept_at = ?3";
            self.connection.execute(sql, (sha256.0, integer(size), milliseconds(at)))?;
            Ok(Document { sha256, size, name: plain_name(name) })
        });
        if kept.is_err() {
            files::remove_if_there(&incoming)?;
        }
        kept
    }

    /// Gives a file that was taken in its name, unless the same document is there, whole.
    fn settle_document(&self, incoming: &Path, hash: &Hash) -> Result<(), StoreError> {
        let file = document_file(&self.folder, hash);
        if file.exists() && hash_of_file(&file)? == *hash {
            return files::remove_if_there(incoming);
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        files::rename(incoming, &file)
    }

    /// Opens a kept document after comparing its bytes with the hash.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`], [`StoreError::DocumentDamaged`].
    pub fn open_document(&self, hash: &Hash) -> Result<File, StoreError> {
        let path = document_file(&self.folder, hash);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::NoDocument(*hash));
            }
            Err(error) => return Err(StoreError::io(path)(error)),
        };
        if hash_of(&mut file).map_err(StoreError::io(&path))? != *hash {
            return Err(StoreError::DocumentDamaged(*hash));
        }
        file.seek(SeekFrom::Start(0)).map_err(StoreError::io(&path))?;
        Ok(file)
    }

    /// True if a document with this hash was taken in; its file is not looked at.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_document(&self, hash: &Hash) -> Result<bool, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT 1 FROM document WHERE sha256 = ?1")?;
        Ok(statement.query_row([hash.0], |_| Ok(())).optional()?.is_some())
    }

    /// Reads every kept document and compares it with its hash.
    ///
    /// # Errors
    /// Those of the database and of reading.
    pub fn verify_documents(&self) -> Result<Vec<DocumentFault>, StoreError> {
        let mut faults = Vec::new();
        for (hash, _) in kept(&self.connection)? {
            faults.extend(fault_of(&self.folder, &hash)?);
        }
        Ok(faults)
    }

    /// Documents that were taken in before `before` and that no entry names (a form that was never sent).
    ///
    /// # Errors
    /// Those of the database.
    pub fn documents_unreferenced(&self, before: Timestamp) -> Result<Vec<Hash>, StoreError> {
        unreferenced(&*self.snapshot()?, before)
    }

    /// Removes documents that were taken in before `before` and that no entry names, and what is left of files that were never
    /// taken in completely.
    ///
    /// # Errors
    /// Those of the database and of removing.
    pub fn remove_unreferenced(&mut self, before: Timestamp) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        // No entry can be made meanwhile.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for hash in unreferenced(&transaction, before)? {
            transaction.execute("DELETE FROM document WHERE sha256 = ?1", [hash.0])?;
            files::remove_if_there(&document_file(&self.folder, &hash))?;
            removed.documents += 1;
        }
        transaction.commit()?;
        let folder = documents_folder(&self.folder).join("incoming");
        if !folder.exists() {
            return Ok(removed);
        }
        for entry in std::fs::read_dir(&folder).map_err(StoreError::io(&folder))? {
            let path = entry.map_err(StoreError::io(&folder))?.path();
            let changed =
                std::fs::metadata(&path).and_then(|data| data.modified()).map_err(StoreError::io(&path))?;
            if Timestamp::try_from(changed).is_ok_and(|changed| changed < before) {
                files::remove_if_there(&path)?;
                removed.incoming += 1;
            }
        }
        Ok(removed)
    }
}

/// A new file whose name nobody else has: number of the process and a count.
fn create_incoming(folder: &Path) -> Result<(PathBuf, File), StoreError> {
    loop {
        let count = INCOMING.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{count}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            // Left by a process that had the same number.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::io(path)(error)),
        }
    }
}

/// Copies and hashes, and syncs what was written.
fn take_in(
    reader: &mut dyn Read,
    mut file: File,
    path: &Path,
    limit: u64,
) -> Result<(Hash, u64), StoreError> {
    let mut hasher = Sha256::new();
    let mut size = 0_u64;
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(StoreError::io(path)(error)),
        };
        size += read as u64;
        if size > limit {
            return Err(StoreError::TooLarge { limit });
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        hasher.update(bytes);
        file.write_all(bytes).map_err(StoreError::io(path))?;
    }
    file.sync_all().map_err(StoreError::io(path))?;
    Ok((Hash(hasher.finalize().into()), size))
}

/// SHA-256 of what is still to be read.
pub(crate) fn hash_of(reader: &mut impl Read) -> std::io::Result<Hash> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(Hash(hasher.finalize().into())),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hash_of_file(path: &Path) -> Result<Hash, StoreError> {
    File::open(path).and_then(|mut file| hash_of(&mut file)).map_err(StoreError::io(path))
}

/// What is wrong with a kept document, if anything is.
pub(crate) fn fault_of(ledger: &Path, hash: &Hash) -> Result<Option<DocumentFault>, StoreError> {
    let path = document_file(ledger, hash);
    if !path.exists() {
        return Ok(Some(DocumentFault::Missing(*hash)));
    }
    Ok((hash_of_file(&path)? != *hash).then_some(DocumentFault::Damaged(*hash)))
}

/// Kept documents with their size, by hash.
pub(crate) fn kept(connection: &Connection) -> Result<Vec<(Hash, u64)>, StoreError> {
    let mut statement = connection.prepare("SELECT sha256, size FROM document ORDER BY sha256")?;
    let kept = statement.query_map([], |row| Ok((hash_in(row, 0)?, row.get(1)?)))?;
    Ok(kept.collect::<Result<_, _>>()?)
}

fn unreferenced(connection: &Connection, before: Timestamp) -> Result<Vec<Hash>, StoreError> {
    let mut statement =
        connection.prepare("SELECT sha256 FROM document WHERE kept_at < ?1 ORDER BY sha256")?;
    let old = statement.query_map([milliseconds(before)], |row| hash_in(row, 0))?;
    let mut old: BTreeSet<Hash> = old.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare("SELECT bytes FROM entry")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if old.is_empty() {
            break;
        }
        let bytes =
            row.get_ref(0)?.as_blob().map_err(|error| StoreError::Damaged { detail: error.to_string() })?;
        for hash in named_in(bytes) {
            old.remove(&hash);
        }
    }
    Ok(old.into_iter().collect())
}

/// Every SHA-256 value that stands in an entry, whatever it is of: rather too many documents are kept than too few.
fn named_in(bytes: &[u8]) -> impl Iterator<Item = Hash> {
    let runs = bytes.split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    runs.filter(|run| run.len() == 64).filter_map(|run| std::str::from_utf8(run).ok()?.parse().ok())
}

/// The name without folders and without characters that confuse lists.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|character| !character.is_control()).collect();
    let plain = plain.trim();
    if plain.is_empty() { "document".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_folders() {
        assert_eq!(plain_name("C:\\記録\\試験 結果.pdf"), "試験 結果.pdf");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("a\u{0}b\n"), "ab");
        assert_eq!(plain_name("a/"), "document");
    }

    #[test]
    fn hashes_are_found_in_entries() {
        let hash = Hash::of(b"a");
        let bytes = format!("{{\"x\":\"{hash}\",\"y\":\"{hash}0\"}}");
        assert_eq!(named_in(bytes.as_bytes()).collect::<Vec<_>>(), [hash]);
    }
}
