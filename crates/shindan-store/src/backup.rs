//! A backup: one ZIP file with the database as it was at one moment, the documents, and a list of hashes.
//!
//! ```text
//! ledger/shindan.db  register/…  catalog/…  ledger/documents/ab/cdef…  [ledger/keys/installation.key]
//! [ledger/keys/exchange.key]  manifest.json (last)
//! ```
//!
//! Made while others go on writing: the database is copied within one read transaction, and documents are only ever added. The
//! names of people are part of it, whether or not they are erased later; so are their passwords (as hashes), the secrets of their
//! authenticator apps and the log of log-ins. Sessions, known browsers, open invitations and counts of failures are not.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shindan_domain::ledger::{Chain, Hash};
use shindan_domain::record_id::InstallationId;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::account_key::account_key_file;
use crate::documents::{document_file, fault_of, kept, relative_name};
use crate::identity::identity_file;
use crate::signing::key_file;
use crate::store::{last_entry, truncated};
use crate::{BackupFault, DocumentFault, Store, StoreError, accounts, beside, files};

/// Format of backups.
pub(crate) const FORMAT: u32 = 1;
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const DATABASE: &str = "ledger/shindan.db";
pub(crate) const DOCUMENTS: &str = "ledger/documents/";
pub(crate) const KEY: &str = "ledger/keys/installation.key";
pub(crate) const IDENTITY: &str = "ledger/keys/exchange.key";
pub(crate) const ACCOUNTS: &str = "ledger/keys/accounts.key";

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The last entry in it.
    pub last: Chain,
    /// Documents in it.
    pub documents: u64,
    /// True if the signing key is in it.
    pub key: bool,
    /// Documents that are not in it, because they are missing or damaged here.
    pub faults: Vec<DocumentFault>,
    /// Size of the file in bytes.
    pub size: u64,
}

/// The list of what is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// [`FORMAT`].
    pub shindan_backup: u32,
    pub installation: InstallationId,
    pub made_at: Timestamp,
    /// Number and hash of the last entry.
    pub sequence: u64,
    pub hash: Hash,
    pub files: Vec<Listed>,
    /// Documents that were missing or damaged when the backup was made.
    pub left_out: Vec<Hash>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub name: String,
    pub size: u64,
    pub sha256: Hash,
}

impl Store {
    /// Writes a backup to `file`, which must not exist. A checkpoint is made first, if the signing key is here.
    ///
    /// # Errors
    /// [`BackupFault::Exists`], [`StoreError::Full`] and those of reading and writing; no file is left behind then.
    pub fn backup(&self, file: &Path, with_key: bool, at: Timestamp) -> Result<BackedUp, StoreError> {
        if file.exists() {
            return Err(StoreError::backup(file, BackupFault::Exists));
        }
        if with_key {
            self.public_key()?;
        }
        match self.checkpoint(at) {
            Ok(_) | Err(StoreError::KeyMissing) => {}
            Err(error) => return Err(error),
        }
        let database = beside(file, "database");
        let partial = beside(file, "partial");
        let made = self.copy_database(&database).and_then(|()| self.pack(&database, &partial, with_key, at));
        let made = made.and_then(|backed_up| files::rename(&partial, file).map(|()| backed_up));
        files::remove_if_there(&database)?;
        files::remove_if_there(&partial)?;
        made
    }

    /// Copies the database as it is at this moment, as one file without a log beside it.
    fn copy_database(&self, to: &Path) -> Result<(), StoreError> {
        files::write_private(to, b"")?;
        let mut copy = Connection::open(to)?;
        // All pages in one step: one moment, and no writer can make it begin anew.
        match rusqlite::backup::Backup::new(&self.connection, &mut copy)?.step(-1)? {
            rusqlite::backup::StepResult::Done => {}
            _ => return Err(StoreError::Locked),
        }
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        accounts::leave_out(&copy)?;
        copy.close().map_err(|(_, error)| error.into())
    }

    fn pack(
        &self,
        database: &Path,
        partial: &Path,
        with_key: bool,
        at: Timestamp,
    ) -> Result<BackedUp, StoreError> {
        let copy = Connection::open(database)?;
        let last = last_entry(&copy)?.map_or(Chain::EMPTY, |(chain, _)| chain);
        let documents = kept(&copy)?;
        copy.close().map_err(|(_, error)| error)?;
        files::write_private(partial, b"")?;
        let output = File::options().write(true).open(partial).map_err(StoreError::io(partial))?;
        let mut packer =
            Packer { path: partial, zip: ZipWriter::new(BufWriter::new(output)), files: Vec::new() };
        packer.add(DATABASE, database, CompressionMethod::Deflated)?;
        let data_folder = self.folder.parent().unwrap_or(&self.folder);
        // Pointers first, and then what is there: a pointer never names a record that is not in the backup.
        for is_pointer in [true, false] {
            let present = beside::present(data_folder)?.into_iter();
            for (name, path) in present.filter(|(name, _)| beside::is_pointer(name) == is_pointer) {
                packer.add(&name, &path, CompressionMethod::Deflated)?;
            }
        }
        let mut faults = Vec::new();
        for (hash, _) in &documents {
            match fault_of(&self.folder, hash)? {
                Some(fault) => faults.push(fault),
                // Scans, PDF files and patches are compressed already.
                None => packer.add(
                    &format!("{DOCUMENTS}{}", relative_name(hash)),
                    &document_file(&self.folder, hash),
                    CompressionMethod::Stored,
                )?,
            }
        }
        if with_key {
            packer.add(KEY, &key_file(&self.folder), CompressionMethod::Stored)?;
            let others =
                [(IDENTITY, identity_file(&self.folder)), (ACCOUNTS, account_key_file(&self.folder))];
            for (name, file) in others.into_iter().filter(|(_, file)| file.exists()) {
                packer.add(name, &file, CompressionMethod::Stored)?;
            }
        }
        let left_out = faults.iter().map(DocumentFault::document);
        let manifest = Manifest {
            shindan_backup: FORMAT,
            installation: self.installation().id,
            made_at: truncated(at),
            sequence: last.sequence,
            hash: last.hash,
            files: std::mem::take(&mut packer.files),
            left_out: left_out.collect(),
        };
        let size = packer.finish(&manifest)?;
        let documents = (documents.len() - faults.len()) as u64;
        Ok(BackedUp { last, documents, key: with_key, faults, size })
    }
}

/// `backup.zip.partial` for `backup.zip`.
fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

struct Packer<'p> {
    path: &'p Path,
    zip: ZipWriter<BufWriter<File>>,
    files: Vec<Listed>,
}

impl Packer<'_> {
    fn begin(&mut self, name: &str, method: CompressionMethod) -> Result<(), StoreError> {
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        let options = options.last_modified_time(zip::DateTime::default());
        self.zip.start_file(name, options).map_err(|error| self.fault(error.into()))
    }

    fn fault(&self, error: std::io::Error) -> StoreError {
        StoreError::io(self.path)(error)
    }

    /// Adds a file and lists its hash.
    fn add(&mut self, name: &str, path: &Path, method: CompressionMethod) -> Result<(), StoreError> {
        let mut file = File::open(path).map_err(StoreError::io(path))?;
        self.begin(name, method)?;
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut buffer = vec![0; 128 * 1024];
        loop {
            let read = file.read(&mut buffer).map_err(StoreError::io(path))?;
            let bytes = buffer.get(..read).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            hasher.update(bytes);
            size += bytes.len() as u64;
            self.zip.write_all(bytes).map_err(StoreError::io(self.path))?;
        }
        self.files.push(Listed { name: name.to_owned(), size, sha256: Hash(hasher.finalize().into()) });
        Ok(())
    }

    /// Adds the list and syncs the file; returns its size in bytes.
    fn finish(mut self, manifest: &Manifest) -> Result<u64, StoreError> {
        self.begin(MANIFEST, CompressionMethod::Deflated)?;
        serde_json::to_writer_pretty(&mut self.zip, manifest)
            .map_err(|error| StoreError::io(self.path)(error.into()))?;
        let path = self.path;
        let output = self.zip.finish().map_err(|error| StoreError::io(path)(error.into()))?;
        let output = output.into_inner().map_err(|error| StoreError::io(path)(error.into_error()))?;
        output.sync_all().map_err(StoreError::io(path))?;
        Ok(output.metadata().map_err(StoreError::io(path))?.len())
    }
}
