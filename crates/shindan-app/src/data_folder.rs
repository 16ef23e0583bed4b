//! The data folder: numbered index generations and a pointer to the one in force.
//!
//! ```text
//! DIR/kb/CURRENT           "generation 7\n"
//! DIR/kb/index-000007.kb   immutable; mapped, never replaced (Windows cannot replace a mapped file)
//! DIR/kb/LOCK              held while a base is built, so that two builds follow each other
//! ```
//!
//! A new generation is written beside the old one and synced; then the pointer is replaced atomically. Whoever has the
//! old generation mapped keeps it. Generations before the previous one are removed when that is possible, and so is
//! what a build that was killed left behind.

use std::collections::VecDeque;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use memmap2::Mmap;
use shindan_match::index::build::Meta;
use shindan_match::index::layout::IndexError;
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
    map: Arc<Mmap>,
}

/// By what a file is known again: its path, its length, and when it was written.
type FileKnown = (PathBuf, u64, Option<SystemTime>);

/// Generations that were mapped last. A server asks for the same one with every page. A file is mapped anew if it is another one, or was
/// written since.
static MAPPED: Mutex<VecDeque<(FileKnown, Arc<Mmap>)>> = Mutex::new(VecDeque::new());
/// So many are kept: those of the two sides of the demo.
const KEPT: usize = 2;

/// Maps a file of a generation, or answers the mapping that there is.
fn mapping(path: &Path, file: &File) -> Result<Arc<Mmap>, std::io::Error> {
    let metadata = file.metadata()?;
    let known = (path.to_owned(), metadata.len(), metadata.modified().ok());
    let mut mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, map)) = mapped.iter().find(|(one, _)| *one == known) {
        return Ok(Arc::clone(map));
    }
    // SAFETY: generations are immutable once the pointer names them: this program writes a new file for a new generation and never
    // changes one in place. If something else does, checksums fail on the bytes as read.
    #[allow(unsafe_code)]
    let map = Arc::new(unsafe { Mmap::map(file) }?);
    // An older generation of the same knowledge base is asked for no more.
    mapped.retain(|((one, ..), _)| one.parent() != path.parent());
    mapped.truncate(KEPT - 1);
    mapped.push_front((known, Arc::clone(&map)));
    Ok(map)
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

    /// Where what was imported for the guideline packs is kept.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.root.join("catalog")
    }

    /// Where the records of the register are kept.
    pub(crate) fn register(&self) -> PathBuf {
        self.root.join("register")
    }

    /// Where files that were collected from sources are kept: a folder for each source.
    pub(crate) fn collected(&self) -> PathBuf {
        self.root.join("sources")
    }

    /// Where lists of software and devices are kept.
    pub(crate) fn portfolio(&self) -> PathBuf {
        self.root.join("portfolio")
    }

    fn knowledge(&self) -> PathBuf {
        self.root.join("kb")
    }

    /// Where a generation of the index is, or would be.
    pub(crate) fn generation_path(&self, number: u64) -> PathBuf {
        self.knowledge().join(format!("index-{number:06}.kb"))
    }

    /// The number of the generation in force; `None` if there is no knowledge base.
    ///
    /// # Errors
    /// [`AppError::Index`] if the pointer is damaged, [`AppError::KnowledgeUnreadable`] if it cannot be read.
    pub fn current(&self) -> Result<Option<u64>, AppError> {
        let path = self.knowledge().join("CURRENT");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AppError::KnowledgeUnreadable { path, error }),
        };
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let number = text.trim().strip_prefix("generation ").and_then(|n| n.parse().ok());
        number.map(Some).ok_or(AppError::Index {
            path,
            error: IndexError::Damaged("not a pointer to a generation of the index"),
        })
    }

    /// Maps the generation in force.
    ///
    /// # Errors
    /// [`AppError::KnowledgeMissing`] if there is none, [`AppError::Index`] if the pointer is damaged or points to
    /// nothing, [`AppError::KnowledgeUnreadable`] if the file cannot be mapped.
    pub fn map(&self) -> Result<MappedIndex, AppError> {
        let mut number = self.current()?;
        loop {
            let Some(wanted) = number else {
                return Err(AppError::KnowledgeMissing(self.root.clone()));
            };
            let path = self.generation_path(wanted);
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    // Two builds may have ended since the pointer was read; then it names a newer file by now.
                    number = self.current()?;
                    if number != Some(wanted) {
                        continue;
                    }
                    let error = IndexError::Damaged("the generation in force is missing");
                    return Err(AppError::Index { path, error });
                }
                Err(error) => return Err(AppError::KnowledgeUnreadable { path, error }),
            };
            let map = mapping(&path, &file)
                .map_err(|error| AppError::KnowledgeUnreadable { path: path.clone(), error })?;
            return Ok(MappedIndex { path, map });
        }
    }

    /// Maps a generation; `None` if it is no longer there.
    ///
    /// # Errors
    /// [`AppError::KnowledgeUnreadable`] if the file cannot be mapped.
    pub(crate) fn map_generation(&self, number: u64) -> Result<Option<MappedIndex>, AppError> {
        let path = self.generation_path(number);
        let unreadable = |error| AppError::KnowledgeUnreadable { path: path.clone(), error };
        let map = map_immutable(&path).map_err(unreadable)?;
        Ok(map.map(|map| MappedIndex { path: path.clone(), map: Arc::new(map) }))
    }

    /// Waits until no other process builds here, and keeps others waiting while the answer lives.
    ///
    /// # Errors
    /// [`AppError::Io`] if the folder cannot be made or written to.
    pub fn lock(&self) -> Result<BuildLock, AppError> {
        let folder = self.knowledge();
        fs::create_dir_all(&folder).map_err(AppError::io(&folder))?;
        let path = folder.join("LOCK");
        let file = File::create(&path).map_err(AppError::io(&path))?;
        file.lock().map_err(AppError::io(&path))?;
        Ok(BuildLock { _file: file })
    }

    /// Keeps others from looking at sources while the answer lives; `None`: another process is at it.
    ///
    /// # Errors
    /// [`AppError::Io`] if the folder cannot be made or written to.
    pub(crate) fn lock_collected(&self) -> Result<Option<BuildLock>, AppError> {
        self.lock_at_once(".LOCK")
    }

    /// Keeps others from telling people of changes while the answer lives; `None`: another process is at it.
    ///
    /// # Errors
    /// [`AppError::Io`] if the folder cannot be made or written to.
    pub(crate) fn lock_notifying(&self) -> Result<Option<BuildLock>, AppError> {
        self.lock_at_once(".LOCK-NOTIFY")
    }

    fn lock_at_once(&self, name: &str) -> Result<Option<BuildLock>, AppError> {
        let folder = self.collected();
        fs::create_dir_all(&folder).map_err(AppError::io(&folder))?;
        let path = folder.join(name);
        let file = File::create(&path).map_err(AppError::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(BuildLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(AppError::io(&path)(error)),
        }
    }

    /// The number of the next generation: above the one in force, and above every file that is there, because a
    /// file that somebody may have mapped is never replaced. A damaged pointer keeps nobody from building anew.
    pub fn next_generation(&self) -> u64 {
        let in_force = self.current().ok().flatten();
        self.generations().map(|(number, _)| number).chain(in_force).max().unwrap_or(0).saturating_add(1)
    }

    /// The index files that are there, in no order.
    fn generations(&self) -> impl Iterator<Item = (u64, PathBuf)> {
        let entries = fs::read_dir(self.knowledge()).into_iter().flatten().flatten();
        entries.filter_map(|entry| {
            let number = generation_of(entry.file_name().to_str()?)?;
            Some((number, entry.path()))
        })
    }

    /// Writes the pieces one behind the other as the generation `number`, syncs it, and puts it in force. The lock shows that nobody else
    /// does so.
    ///
    /// # Errors
    /// [`AppError::Io`]; the generation in force stays what it was.
    pub fn commit<'b>(
        &self,
        _lock: &BuildLock,
        number: u64,
        pieces: impl Iterator<Item = &'b [u8]>,
    ) -> Result<(), AppError> {
        let folder = self.knowledge();
        let before = self.current().ok().flatten();
        write_pieces_synced(&self.generation_path(number), pieces)?;
        write_synced(&folder.join("CURRENT"), format!("generation {number}\n").as_bytes())?;
        self.remove_old(&[Some(number), before]);
        Ok(())
    }

    /// Keeps the generation in force and the one before it. What is still mapped on Windows stays until next time.
    fn remove_old(&self, keep: &[Option<u64>]) {
        let old = self.generations().filter(|(number, _)| !keep.contains(&Some(*number)));
        let mut useless: Vec<PathBuf> = old.map(|(_, path)| path).collect();
        let entries = fs::read_dir(self.knowledge()).into_iter().flatten().flatten();
        // Under the lock no other build is alive: a part of a file is what a killed build left.
        useless.extend(
            entries
                .map(|e| e.path())
                .filter(|p| p.extension().and_then(|e| e.to_str()).is_some_and(|e| e.starts_with(TEMPORARY))),
        );
        for path in useless {
            // Still mapped by another process, perhaps; the next build tries again, and nothing depends on it.
            drop(fs::remove_file(path));
        }
    }
}

/// Maps a file that this program never changes in place; `None` if it is not there.
pub(crate) fn map_immutable(path: &Path) -> Result<Option<Mmap>, std::io::Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // SAFETY: files of generations are written once under a name of their own and never changed. If something else does, checksums
    // fail on the bytes as read.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(&file) }?;
    Ok(Some(map))
}

/// While it lives, no other process builds in the same data folder. The system frees it when a process dies.
#[derive(Debug)]
pub struct BuildLock {
    _file: File,
}

/// Beginning of the extension of files that are being written.
pub(crate) const TEMPORARY: &str = "tmp-";

fn generation_of(name: &str) -> Option<u64> {
    name.strip_prefix("index-")?.strip_suffix(".kb")?.parse().ok()
}

/// Writes beside the target, syncs, renames: readers see the old bytes or the new ones, never a part.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    write_pieces_synced(path, std::iter::once(bytes))
}

/// As [`write_synced`], of what is in several pieces.
fn write_pieces_synced<'b>(path: &Path, mut pieces: impl Iterator<Item = &'b [u8]>) -> Result<(), AppError> {
    let temporary = path.with_extension(format!("{TEMPORARY}{}", std::process::id()));
    let written = File::create(&temporary)
        .and_then(|mut file| {
            pieces.try_for_each(|piece| file.write_all(piece)).and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // The part that was written is of no use; the error that matters is the first one.
        drop(fs::remove_file(&temporary));
        return Err(AppError::Io { path: path.to_owned(), error });
    }
    sync_folder(path.parent())
}

#[cfg(unix)]
pub(crate) fn sync_folder(folder: Option<&Path>) -> Result<(), AppError> {
    let Some(folder) = folder else { return Ok(()) };
    // A bare file name stands in the present folder.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|f| f.sync_all()).map_err(AppError::io(folder))
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: Option<&Path>) -> Result<(), AppError> {
    // A folder cannot be opened and synced there; the rename is journalled by the file system.
    Ok(())
}

impl MappedIndex {
    /// Opens the index and reads its summary.
    ///
    /// # Errors
    /// [`AppError::Index`] if it is damaged or of another version.
    pub fn open(&self) -> Result<(Index<'_>, Meta), AppError> {
        self.read().map_err(|e| self.error(e))
    }

    /// As [`Self::open`], with the bare error.
    pub(crate) fn read(&self) -> Result<(Index<'_>, Meta), IndexError> {
        let index = Index::open(&self.map)?;
        let meta = index.meta()?;
        Ok((index, meta))
    }

    /// Adds the path of the file to an index error.
    pub fn error(&self, error: IndexError) -> AppError {
        AppError::Index { path: self.path.clone(), error }
    }
}
