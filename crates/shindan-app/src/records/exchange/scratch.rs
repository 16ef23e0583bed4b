//! A file beside the records for what is being put together. Gone when it is done with.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::records::RecordsError;

/// A file of our own that nobody else reads.
pub(in crate::records) struct Scratch {
    path: PathBuf,
    /// The open file.
    pub file: File,
}

impl Scratch {
    /// Makes one in the data folder.
    pub fn new(folder: &Path, id: Uuid) -> Result<Scratch, RecordsError> {
        let path = folder.join(format!("exchange-{id}.partial"));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(&path).map_err(|error| RecordsError::unreadable(&path, &error))?;
        // Where an open file can lose its name, nothing is left behind, not even by a program that is killed.
        #[cfg(unix)]
        std::fs::remove_file(&path).map_err(|error| RecordsError::unreadable(&path, &error))?;
        Ok(Scratch { path, file })
    }

    /// Goes back to its beginning, to be read.
    pub fn rewind(&mut self) -> Result<&mut File, RecordsError> {
        let path = &self.path;
        self.file.seek(SeekFrom::Start(0)).map_err(|error| RecordsError::unreadable(path, &error))?;
        Ok(&mut self.file)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        #[cfg(not(unix))]
        // A drop cannot answer an error. What cannot be removed has a name that says what it is, and nothing reads it again.
        std::fs::remove_file(&self.path).ok();
    }
}
