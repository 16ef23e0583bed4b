//! Files that hold layers of many lists: what one change of knowledge leads to is written and synced once, however many lists it
//! concerns.
//!
//! ```text
//! DIR/portfolio/standing-000007.sl
//! layers, each at a multiple of 8 | head: a record of JSON | offset of the head u64 | magic
//! ```
//!
//! The file of the highest number is in force; its head names the layers, which may stand in older files. A file is written beside,
//! synced, and gets its name as a whole: readers see the state before or the one after. Layers verify themselves
//! ([`shindan_match::portfolio`]).

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use shindan_match::index::layout::{IndexError, push_record, record, u64_at};

use crate::data_folder::{DataFolder, TEMPORARY, map_immutable, sync_folder};
use crate::error::AppError;

/// Last bytes of every file; the last one is raised whenever the layout changes.
const MAGIC: &[u8; 8] = b"SHSTAND1";
/// What they begin with in every version.
const MAGIC_OF_ANY_VERSION: &[u8] = b"SHSTAND";

/// Where a layer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LayerAt {
    /// Number of the file.
    #[serde(rename = "f")]
    pub file: u64,
    /// First byte in it.
    #[serde(rename = "o")]
    offset: u64,
    /// Bytes.
    #[serde(rename = "l")]
    pub length: u64,
}

/// A mapped file.
#[derive(Debug)]
pub(super) struct Segment {
    pub path: PathBuf,
    map: Mmap,
}

pub(super) fn path_of(folder: &DataFolder, number: u64) -> PathBuf {
    folder.portfolio().join(format!("standing-{number:06}.sl"))
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("standing-")?.strip_suffix(".sl")?.parse().ok()
}

/// The number of the file in force; `None` if there is none.
pub(super) fn newest(folder: &DataFolder) -> Option<u64> {
    let entries = fs::read_dir(folder.portfolio()).into_iter().flatten().flatten();
    entries.filter_map(|entry| number_of(entry.file_name().to_str()?)).max()
}

/// Takes away files but these, what an interrupted change left, and those of earlier versions of this program. The caller holds the lock.
pub(super) fn remove_but(folder: &DataFolder, keep: &[u64]) {
    let entries = fs::read_dir(folder.portfolio()).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_useless = match number_of(&name) {
            Some(number) => !keep.contains(&number),
            None => {
                let earlier = name == "STANDING" || (name.starts_with("list-") && name.ends_with(".sl"));
                earlier || (name.starts_with("standing-") && name.contains(TEMPORARY))
            }
        };
        if is_useless {
            // Still mapped by another process, perhaps; the next change tries again, and nothing depends on it.
            drop(fs::remove_file(entry.path()));
        }
    }
}

impl Segment {
    /// Maps a file; `None` if it is not there.
    pub fn map(folder: &DataFolder, number: u64) -> Result<Option<Segment>, AppError> {
        let path = path_of(folder, number);
        let map = map_immutable(&path).map_err(AppError::io(&path))?;
        Ok(map.map(|map| Segment { path, map }))
    }

    /// The head; `None` if another version of this program wrote it.
    pub fn head(&self) -> Result<Option<&[u8]>, IndexError> {
        let cut = IndexError::Stored("cut off");
        let end = self.map.len().checked_sub(16).ok_or(cut.clone())?;
        let magic = self.map.get(end + 8..).unwrap_or_default();
        if magic != MAGIC {
            let other = magic.starts_with(MAGIC_OF_ANY_VERSION);
            return if other { Ok(None) } else { Err(cut) };
        }
        let damaged = |_| IndexError::Stored("head of the standing");
        let offset = u64_at(&self.map, end).map_err(damaged)?;
        record(&self.map, offset).map(Some).map_err(damaged)
    }

    /// The bytes of a layer of this file.
    pub fn layer(&self, at: LayerAt) -> Result<&[u8], IndexError> {
        // A place that this machine cannot address lies beyond the file: the answer below is an error, as for any other.
        let start = usize::try_from(at.offset).ok();
        let end = usize::try_from(at.length).ok().zip(start).and_then(|(length, at)| at.checked_add(length));
        let bytes = start.zip(end).and_then(|(start, end)| self.map.get(start..end));
        bytes.ok_or(IndexError::Stored("a layer is cut off"))
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.map.len() as u64
    }
}

/// Writes a file; nothing is there before it is finished.
pub(super) struct Writer {
    /// Its number.
    pub number: u64,
    path: PathBuf,
    temporary: PathBuf,
    file: Option<BufWriter<File>>,
    offset: u64,
}

impl Writer {
    /// A file of the next number; not made before something is added.
    pub fn new(folder: &DataFolder) -> Writer {
        let number = newest(folder).unwrap_or(0).saturating_add(1);
        let path = path_of(folder, number);
        let temporary = path.with_extension(format!("{TEMPORARY}{}", std::process::id()));
        Writer { number, path, temporary, file: None, offset: 0 }
    }

    /// True if nothing was added.
    pub fn is_empty(&self) -> bool {
        self.offset == 0
    }

    /// Adds a layer.
    pub fn add(&mut self, bytes: &[u8]) -> Result<LayerAt, AppError> {
        let padding = self.offset.next_multiple_of(8) - self.offset;
        self.put(&[0; 8][..padding as usize])?;
        let at = LayerAt { file: self.number, offset: self.offset, length: bytes.len() as u64 };
        self.put(bytes)?;
        Ok(at)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let failed = |path: &Path, error| AppError::Io { path: path.to_owned(), error };
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let made = File::create(&self.temporary).map_err(|error| failed(&self.temporary, error))?;
                self.file.insert(BufWriter::with_capacity(1 << 20, made))
            }
        };
        file.write_all(bytes).map_err(|error| failed(&self.path, error))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Adds the head, syncs all of it once, and puts it in force.
    pub fn finish(mut self, head: &[u8]) -> Result<(), AppError> {
        let mut end = Vec::with_capacity(head.len() + 32);
        push_record(&mut end, head);
        end.extend_from_slice(&self.offset.to_le_bytes());
        end.extend_from_slice(MAGIC);
        self.put(&end)?;
        if let Some(file) = self.file.take() {
            let written = file.into_inner().map_err(std::io::IntoInnerError::into_error);
            let written = written.and_then(|file| file.sync_all());
            let named = written.and_then(|()| fs::rename(&self.temporary, &self.path));
            named.map_err(AppError::io(&self.path))?;
            self.temporary.clear();
        }
        sync_folder(self.path.parent())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A part of a file is of no use; the error that led here is the one that matters.
        if self.offset > 0 && !self.temporary.as_os_str().is_empty() {
            drop(fs::remove_file(&self.temporary));
        }
    }
}
