//! Which lists are kept, and their originals.
//!
//! ```text
//! DIR/portfolio/LISTS              JSON: what is kept for which subject
//! DIR/portfolio/originals/<sha256> the files as they were given
//! DIR/portfolio/LOCK               held while something is written
//! ```

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use shindan_domain::case::Subject;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::inventory::Inventory;
use shindan_domain::ledger::Hash;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

use crate::author::Author;
use crate::check::{InputRead, read_named};
use crate::data_folder::{DataFolder, write_synced};
use crate::error::AppError;
use crate::ingest;

/// A list that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptList {
    /// Path as it was given.
    pub path: String,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
}

impl KeptList {
    /// By what it is called in comparisons.
    pub fn name(&self) -> String {
        let name = Path::new(&self.path).file_name();
        name.map_or_else(|| self.path.clone(), |name| name.to_string_lossy().into_owned())
    }
}

/// The lists of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Whose.
    pub subject: Subject,
    /// In the order in which they were given.
    pub lists: Vec<KeptList>,
}

/// Everything that is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    /// How often it was changed.
    pub number: u64,
    /// By subject, each once, sorted.
    pub holdings: Vec<Holding>,
}

/// While it lives, no other process writes to the portfolio.
#[derive(Debug)]
pub(super) struct PortfolioLock {
    _file: File,
}

pub(super) fn lock(folder: &DataFolder) -> Result<PortfolioLock, AppError> {
    let root = folder.portfolio();
    fs::create_dir_all(&root).map_err(AppError::io(&root))?;
    let path = root.join("LOCK");
    let file = File::create(&path).map_err(AppError::io(&path))?;
    file.lock().map_err(AppError::io(&path))?;
    Ok(PortfolioLock { _file: file })
}

fn lists_path(folder: &DataFolder) -> PathBuf {
    folder.portfolio().join("LISTS")
}

fn original(folder: &DataFolder, hash: &Hash) -> PathBuf {
    folder.portfolio().join("originals").join(hash.to_string())
}

/// The bytes that name what is kept; `None` if nothing ever was.
pub(super) fn bytes(folder: &DataFolder) -> Result<Option<Vec<u8>>, AppError> {
    let path = lists_path(folder);
    match fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).map_err(AppError::io(&path)),
    }
}

/// What is kept, of these bytes.
pub(super) fn read(folder: &DataFolder, bytes: Option<&[u8]>) -> Result<Lists, AppError> {
    let Some(bytes) = bytes else { return Ok(Lists::default()) };
    let damaged = |error: serde_json::Error| AppError::Portfolio {
        path: lists_path(folder),
        reason: error.to_string(),
    };
    serde_json::from_slice(bytes).map_err(damaged)
}

impl Lists {
    /// What is kept in a data folder.
    ///
    /// # Errors
    /// [`AppError::Portfolio`] if it is damaged, [`AppError::Io`] if it cannot be read.
    pub fn load(folder: &DataFolder) -> Result<Lists, AppError> {
        read(folder, bytes(folder)?.as_deref())
    }

    /// The lists of a subject; none if nothing is kept.
    pub fn of(&self, subject: Subject) -> &[KeptList] {
        let found = self.holdings.iter().find(|holding| holding.subject == subject);
        found.map_or(&[], |holding| &holding.lists)
    }

    fn set(&mut self, subject: Subject, lists: Vec<KeptList>) {
        self.holdings.retain(|holding| holding.subject != subject);
        if !lists.is_empty() {
            self.holdings.push(Holding { subject, lists });
            self.holdings.sort_by_key(|holding| holding.subject);
        }
    }
}

/// Number of changes, and the hash of what is kept; `None` if nothing ever was.
///
/// # Errors
/// As [`Lists::load`].
pub(crate) fn kept_hash(folder: &DataFolder) -> Result<Option<(u64, Hash)>, AppError> {
    let Some(bytes) = bytes(folder)? else { return Ok(None) };
    Ok(Some((read(folder, Some(&bytes))?.number, Hash::of(&bytes))))
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// True if that changed what is kept.
    pub changed: bool,
    /// Files that could not be read: what was kept under their names stays.
    pub unread: Vec<Diagnostic>,
}

/// Keeps the lists of a subject: those of the same file name are replaced, others stay unless these are `all` there are. The author
/// may do so.
///
/// # Errors
/// Those of reading and writing the portfolio.
pub fn hold(
    folder: &DataFolder,
    subject: Subject,
    paths: &[PathBuf],
    all: bool,
    _author: &Author,
) -> Result<Held, AppError> {
    let (files, diagnostics) = ingest::files(paths);
    let mut unread: Vec<Diagnostic> =
        diagnostics.into_iter().filter(|told| told.severity() == Severity::Error).collect();
    let lock = lock(folder)?;
    let mut fresh = Vec::new();
    for path in files {
        match ingest::read_file(&path, &Limits::DEFAULT) {
            Ok(bytes) => fresh.push(keep(folder, &path, &bytes)?),
            Err(diagnostic) => unread.push(diagnostic),
        }
    }
    let lists = Lists::load(folder)?;
    let all = all && unread.is_empty();
    let mut own: Vec<KeptList> = if all { Vec::new() } else { lists.of(subject).to_vec() };
    own.retain(|known| fresh.iter().all(|new| new.name() != known.name()));
    own.extend(fresh);
    let changed = put(folder, &lock, lists, subject, own)?;
    Ok(Held { changed, unread })
}

/// No longer keeps these lists of a subject, by path or file name; all of them if none is named. True if something was kept. The author
/// may do so.
///
/// # Errors
/// Those of reading and writing.
pub fn release(
    folder: &DataFolder,
    subject: Subject,
    names: &[String],
    _author: &Author,
) -> Result<bool, AppError> {
    let lock = lock(folder)?;
    let lists = Lists::load(folder)?;
    let mut own = lists.of(subject).to_vec();
    own.retain(|list| {
        !names.is_empty() && !names.iter().any(|name| *name == list.path || *name == list.name())
    });
    put(folder, &lock, lists, subject, own)
}

fn keep(folder: &DataFolder, path: &Path, bytes: &[u8]) -> Result<KeptList, AppError> {
    let sha256 = Hash::of(bytes);
    let target = original(folder, &sha256);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(AppError::io(parent))?;
    }
    if !target.exists() {
        write_synced(&target, bytes)?;
    }
    Ok(KeptList { path: path.display().to_string(), sha256, size: bytes.len() as u64 })
}

/// Writes what is kept now, and takes away originals that nobody names any more.
fn put(
    folder: &DataFolder,
    _lock: &PortfolioLock,
    mut lists: Lists,
    subject: Subject,
    own: Vec<KeptList>,
) -> Result<bool, AppError> {
    if lists.of(subject) == own {
        return Ok(false);
    }
    lists.set(subject, own);
    lists.number += 1;
    write_synced(&lists_path(folder), &serde_json::to_vec(&lists)?)?;
    let named = |path: &PathBuf| {
        let kept = lists.holdings.iter().flat_map(|holding| &holding.lists);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        kept.into_iter().any(|list| list.sha256.to_string() == name)
    };
    let entries = fs::read_dir(folder.portfolio().join("originals")).into_iter().flatten().flatten();
    for useless in entries.map(|entry| entry.path()).filter(|path| !named(path)) {
        // Perhaps still read by another process; nothing depends on it being gone.
        drop(fs::remove_file(useless));
    }
    Ok(true)
}

/// Verifies that the originals are there as they were given.
///
/// # Errors
/// [`AppError::Portfolio`] if one is missing or is no longer what it was.
pub(super) fn verify(folder: &DataFolder, lists: &[KeptList]) -> Result<(), AppError> {
    lists.iter().try_for_each(|list| bytes_of(folder, list).map(drop))
}

fn bytes_of(folder: &DataFolder, list: &KeptList) -> Result<Vec<u8>, AppError> {
    let path = original(folder, &list.sha256);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(AppError::Portfolio { path, reason: "the original is missing".to_owned() });
        }
        Err(error) => return Err(AppError::io(path)(error)),
    };
    if Hash::of(&bytes) != list.sha256 {
        let reason = "the original was changed after it was kept".to_owned();
        return Err(AppError::Portfolio { path, reason });
    }
    Ok(bytes)
}

/// Kept lists, read anew from their originals, each under the path that it was given by.
///
/// # Errors
/// [`AppError::Portfolio`] if an original is missing or is no longer what it was.
pub(crate) fn inputs_of(folder: &DataFolder, lists: &[KeptList]) -> Result<Vec<InputRead>, AppError> {
    let mut files = Vec::with_capacity(lists.len());
    for list in lists {
        files.push((PathBuf::from(&list.path), Ok(bytes_of(folder, list)?)));
    }
    Ok(read_named(files))
}

/// A kept list, read anew from its original.
///
/// # Errors
/// [`AppError::FilesUnreadable`] with why nothing can be read of it; as [`Lists::load`] for an original that is damaged.
pub fn read_kept(folder: &DataFolder, list: &KeptList) -> Result<Inventory, AppError> {
    read_list(&bytes_of(folder, list)?, &list.name()).map_err(AppError::FilesUnreadable)
}

/// What a file lists, for somebody who looks at it before it is kept.
///
/// # Errors
/// Why nothing can be read of it.
pub fn read_list(bytes: &[u8], name: &str) -> Result<Inventory, Vec<Diagnostic>> {
    inventory::read(bytes, name, &Limits::DEFAULT)
}
