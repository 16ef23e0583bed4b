//! The data folder: numbered index generations and a pointer to the one in force.
//!
//! ```text
//! DIR/kb/CURRENT           "generation 7\n"
//! DIR/kb/index-000007.kb   immutable; mapped, never replaced (Windows cannot replace a mapped file)
//! ```
//!
//! A new generation is written beside the old one and synced; then the pointer is replaced atomically. Whoever has the
//! old generation mapped keeps it. Generations before the previous one are removed when that is possible.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use shindan_match::index::build::Meta;
use shindan_match::index::read::Index;

use crate::error::AppError;

/// A data folder; it need not exist yet.
#[derive(Debug, Clone)]
pub struct DataFolder {
    root: PathBuf,
}

/// A mapped generation of the index.
#[derive(Debug)]
pub struct MappedIndex {
    path: PathBuf,
    map: Mmap,
}

impl DataFolder {
    /// The data folder at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        DataFolder { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn knowledge(&self) -> PathBuf {
        self.root.join("kb")
    }

    fn generation_path(&self, number: u64) -> PathBuf {
        self.knowledge().join(format!("index-{number:06}.kb"))
    }

    /// The number of the generation in force; `None` if there is no knowledge base.
    ///
    /// # Errors
    /// [`AppError::Io`] if the pointer cannot be read or is not a pointer.
    pub fn current(&self) -> Result<Option<u64>, AppError> {
        let path = self.knowledge().join("CURRENT");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AppError::Io { path, error }),
        };
        let number = text.trim().strip_prefix("generation ").and_then(|n| n.parse().ok());
        number.map(Some).ok_or_else(|| AppError::Io {
            path,
            error: std::io::Error::other("not a pointer to a generation; build the knowledge base again"),
        })
    }

    /// Maps the generation in force.
    ///
    /// # Errors
    /// [`AppError::KnowledgeMissing`] if there is none, [`AppError::Io`] if it cannot be mapped.
    pub fn map(&self) -> Result<MappedIndex, AppError> {
        let Some(number) = self.current()? else {
            return Err(AppError::KnowledgeMissing(self.root.clone()));
        };
        let path = self.generation_path(number);
        let file = File::open(&path).map_err(AppError::io(&path))?;
        // SAFETY: generations are immutable once the pointer names them: this program writes a new file for a new
        // generation and never changes one in place. If something else does, checksums fail on the bytes as read.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.map_err(AppError::io(&path))?;
        Ok(MappedIndex { path, map })
    }

    /// Writes `bytes` as the generation `number`, syncs it, and puts it in force.
    ///
    /// # Errors
    /// [`AppError::Io`]; the generation in force stays what it was.
    pub fn commit(&self, number: u64, bytes: &[u8]) -> Result<(), AppError> {
        let folder = self.knowledge();
        fs::create_dir_all(&folder).map_err(AppError::io(&folder))?;
        write_synced(&self.generation_path(number), bytes)?;
        write_synced(&folder.join("CURRENT"), format!("generation {number}\n").as_bytes())?;
        self.remove_old(number);
        Ok(())
    }

    /// Keeps the generation in force and the one before it. What is still mapped on Windows stays until next time.
    fn remove_old(&self, number: u64) {
        let Ok(entries) = fs::read_dir(self.knowledge()) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let found = name
                .to_str()
                .and_then(|n| n.strip_prefix("index-")?.strip_suffix(".kb")?.parse::<u64>().ok());
            if found.is_some_and(|n| n + 1 < number) && fs::remove_file(entry.path()).is_err() {
                // Still mapped by another process; the next build tries again.
                continue;
            }
        }
    }
}

/// Writes beside the target, syncs, renames: readers see the old bytes or the new ones, never a part.
fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // The part that was written is of no use; the error that matters is the first one.
        drop(fs::remove_file(&temporary));
        return Err(AppError::Io { path: path.to_owned(), error });
    }
    sync_folder(path.parent())
}

#[cfg(unix)]
fn sync_folder(folder: Option<&Path>) -> Result<(), AppError> {
    let Some(folder) = folder else { return Ok(()) };
    File::open(folder).and_then(|f| f.sync_all()).map_err(AppError::io(folder))
}

#[cfg(not(unix))]
fn sync_folder(_: Option<&Path>) -> Result<(), AppError> {
    // A folder cannot be opened and synced there; the rename is journalled by the file system.
    Ok(())
}

impl MappedIndex {
    /// Opens the index and reads its summary.
    ///
    /// # Errors
    /// [`AppError::Index`] if it is damaged or of another version.
    pub fn open(&self) -> Result<(Index<'_>, Meta), AppError> {
        let index = Index::open(&self.map).map_err(|e| self.error(e))?;
        let meta = index.meta().map_err(|e| self.error(e))?;
        Ok((index, meta))
    }

    /// Adds the path of the file to an index error.
    pub fn error(&self, error: shindan_match::index::layout::IndexError) -> AppError {
        AppError::Index { path: self.path.clone(), error }
    }
}
