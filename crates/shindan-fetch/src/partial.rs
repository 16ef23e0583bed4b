//! The part of a file that is here already, and where it came from.
//!
//! A part is worth something only while it is known what it is a part of: the same address, and a validator with which the source
//! can say that the whole is still the same (If-Range). A part without that is begun anew, never guessed at.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;

use crate::error::{FetchError, FileStep};
use crate::request::Validators;

/// What a part is a part of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Origin {
    /// SHA-256 of the address that was asked for: the address itself may hold a secret.
    address: String,
    validators: Validators,
}

/// A file that is being written, beside the one that stands.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    path: PathBuf,
    /// The file goes when this does; `None`: it is kept to be taken up later.
    temporary: Option<TempPath>,
    origin: Origin,
    length: u64,
    hasher: Sha256,
}

impl Part {
    /// Opens the part that is kept at `kept`, or begins one beside `into`.
    pub(crate) fn open(url: &str, kept: Option<&Path>, into: &Path) -> Result<Part, FetchError> {
        let address = hex(&Sha256::digest(url.as_bytes()));
        let origin = Origin { address, ..Origin::default() };
        let Some(path) = kept else { return Part::begin(origin, into) };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| FetchError::file(path, FileStep::Open, &error))?;
        let known =
            origin_of(path)?.filter(|known| known.address == origin.address && resumable(&known.validators));
        let Some(known) = known else {
            let mut part = Part {
                file,
                path: path.to_owned(),
                temporary: None,
                origin,
                length: 0,
                hasher: Sha256::new(),
            };
            part.clear()?;
            return Ok(part);
        };
        let (hasher, length) = hash(&mut file, path)?;
        Ok(Part { file, path: path.to_owned(), temporary: None, origin: known, length, hasher })
    }

    fn begin(origin: Origin, into: &Path) -> Result<Part, FetchError> {
        let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let made = tempfile::Builder::new()
            .prefix(".fetch-")
            .tempfile_in(folder)
            .map_err(|error| FetchError::file(folder, FileStep::Open, &error))?;
        let (file, temporary) = made.into_parts();
        let path = temporary.to_path_buf();
        Ok(Part { file, path, temporary: Some(temporary), origin, length: 0, hasher: Sha256::new() })
    }

    /// Bytes that are here.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// From where to go on, and what the source must still confirm: a strong entity tag, or else a date.
    pub(crate) fn resume(&self) -> Option<(u64, &str)> {
        let validator = validator(&self.origin.validators)?;
        (self.length > 0).then_some((self.length, validator))
    }

    /// Whether what the source sends now may be the rest of this part.
    pub(crate) fn fits(&self, validators: &Validators) -> bool {
        match (&self.origin.validators.etag, &validators.etag) {
            (Some(had), Some(now)) => had == now,
            _ => true,
        }
    }

    /// Begins anew, with a file of which this is said.
    pub(crate) fn restart(&mut self, validators: &Validators) -> Result<(), FetchError> {
        self.clear()?;
        self.origin.validators = validators.clone();
        if self.temporary.is_none() && resumable(validators) {
            self.tell_origin()?;
        }
        Ok(())
    }

    /// Throws away what is here.
    pub(crate) fn clear(&mut self) -> Result<(), FetchError> {
        if self.temporary.is_none() {
            remove(&about(&self.path))?;
        }
        self.origin.validators = Validators::default();
        self.length = 0;
        self.hasher = Sha256::new();
        let cleared = self.file.set_len(0).and_then(|()| self.file.rewind());
        cleared.map_err(|error| self.failed(FileStep::Write, &error))
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|error| self.failed(FileStep::Write, &error))?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// The first bytes of the file, for a look at what it is.
    pub(crate) fn start(&mut self, most: u64) -> Result<Vec<u8>, FetchError> {
        let mut start = Vec::new();
        let read = self.file.rewind().and_then(|()| (&self.file).take(most).read_to_end(&mut start));
        read.and_then(|_| self.file.seek(SeekFrom::End(0)))
            .map_err(|error| self.failed(FileStep::Read, &error))?;
        Ok(start)
    }

    /// Puts the file in the place of the old one, whole and on the disk. Answers its SHA-256.
    pub(crate) fn finish(self, into: &Path) -> Result<String, FetchError> {
        self.file.sync_all().map_err(|error| self.failed(FileStep::Write, &error))?;
        let Part { file, path, temporary, hasher, .. } = self;
        // Windows moves no open file.
        drop(file);
        match temporary {
            Some(temporary) => temporary
                .persist(into)
                .map_err(|error| FetchError::file(into, FileStep::Replace, &error.error))?,
            None => {
                fs::rename(&path, into).map_err(|error| FetchError::file(into, FileStep::Replace, &error))?;
                remove(&about(&path))?;
            }
        }
        sync_folder(into)?;
        Ok(hex(&hasher.finalize()))
    }

    /// After the last attempt: a part that can be taken up later stays, any other goes.
    pub(crate) fn leave(mut self) -> Result<(), FetchError> {
        if self.temporary.is_some() {
            return Ok(());
        }
        if self.resume().is_none() {
            self.clear()?;
            return remove(&self.path);
        }
        self.file
            .flush()
            .and_then(|()| self.file.sync_all())
            .map_err(|error| self.failed(FileStep::Write, &error))
    }

    /// Nothing of this is wanted any more.
    pub(crate) fn discard(mut self) -> Result<(), FetchError> {
        self.clear()?;
        if self.temporary.is_some() { Ok(()) } else { remove(&self.path) }
    }

    fn tell_origin(&self) -> Result<(), FetchError> {
        let path = about(&self.path);
        let failed = |error: &std::io::Error| FetchError::file(&path, FileStep::Write, error);
        let text = serde_json::to_vec(&self.origin).map_err(|error| failed(&error.into()))?;
        fs::write(&path, text).map_err(|error| failed(&error))
    }

    fn failed(&self, step: FileStep, error: &std::io::Error) -> FetchError {
        FetchError::file(&self.path, step, error)
    }
}

/// A weak tag says "about the same", which is not enough to glue two halves together (RFC 9110, 13.1.5).
fn validator(validators: &Validators) -> Option<&str> {
    let strong = validators.etag.as_deref().filter(|tag| tag.starts_with('"'));
    strong.or(validators.last_modified.as_deref().filter(|_| validators.etag.is_none()))
}

fn resumable(validators: &Validators) -> bool {
    validator(validators).is_some()
}

fn about(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".about.json");
    PathBuf::from(name)
}

/// An origin that cannot be understood is none: the part is begun anew, which costs time and nothing else.
fn origin_of(path: &Path) -> Result<Option<Origin>, FetchError> {
    let path = about(path);
    match fs::read(&path) {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FetchError::file(&path, FileStep::Read, &error)),
    }
}

fn remove(path: &Path) -> Result<(), FetchError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(FetchError::file(path, FileStep::Write, &error))
        }
        _ => Ok(()),
    }
}

/// The name in the folder is on the disk too. (Windows knows no such thing.)
fn sync_folder(into: &Path) -> Result<(), FetchError> {
    #[cfg(unix)]
    {
        let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| FetchError::file(folder, FileStep::Replace, &error))?;
    }
    // A folder cannot be synced there; the parameter is used on Unix alone.
    #[cfg(not(unix))]
    let _ = into;
    Ok(())
}

fn hash(file: &mut File, path: &Path) -> Result<(Sha256, u64), FetchError> {
    let (mut hasher, mut length, mut buffer) = (Sha256::new(), 0_u64, vec![0_u8; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer).map_err(|error| FetchError::file(path, FileStep::Read, &error))?;
        if read == 0 {
            return Ok((hasher, length));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        length += read as u64;
    }
}

/// SHA-256 and size of a file that stands.
pub(crate) fn facts_of(path: &Path) -> Result<(String, u64), FetchError> {
    let mut file = File::open(path).map_err(|error| FetchError::file(path, FileStep::Open, &error))?;
    let (hasher, length) = hash(&mut file, path)?;
    Ok((hex(&hasher.finalize()), length))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
