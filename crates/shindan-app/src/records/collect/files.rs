//! Where the files of a source are kept, and what it said about them.
//!
//! ```text
//! DIR/sources/NAME/FILE             in force: read, and a part of the knowledge base or of the notices
//! DIR/sources/.fetched/NAME/FILE    as it came last
//! DIR/sources/.fetched/NAME.json    what to ask with next time
//! ```
//!
//! A file comes into force only after it was read. One that could not be read is forgotten with its marks, so that the source is not
//! asked next time whether *it* changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shindan_fetch::Validators;

use crate::data_folder::{DataFolder, write_synced};
use crate::error::AppError;

/// The files of one source.
#[derive(Debug)]
pub(super) struct Files {
    in_force: PathBuf,
    fetched: PathBuf,
    marks_file: PathBuf,
    marks: Marks,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Marks {
    /// By the name of the file: from where it came, and what the source said about it.
    files: BTreeMap<String, (String, Validators)>,
    /// Where the next look goes on.
    #[serde(default)]
    position: Option<Position>,
}

/// Where the next look at a source goes on that is only asked for what changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The addresses that it is about: other ones begin anew.
    pub addresses: Vec<String>,
    /// What was changed before is in force.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The newest date that ever came.
    #[serde(default)]
    pub newest: Option<Timestamp>,
    /// Documents by address, with the time of their last change as the source lists it.
    #[serde(default)]
    pub documents: BTreeMap<String, Option<Timestamp>>,
    /// The files that were in force. If one is gone, everything is asked for anew.
    #[serde(default)]
    pub files: BTreeSet<String>,
}

impl Files {
    /// Those of the source that is called so.
    ///
    /// # Errors
    /// [`AppError::Io`] if folders cannot be made.
    pub(super) fn of(folder: &DataFolder, name: &str) -> Result<Files, AppError> {
        let root = folder.collected();
        let fetched = root.join(FETCHED).join(name);
        let in_force = root.join(name);
        for made in [&fetched, &in_force] {
            fs::create_dir_all(made).map_err(AppError::io(made))?;
        }
        let marks_file = root.join(FETCHED).join(format!("{name}.json"));
        // Without readable marks everything is fetched anew, which loses nothing.
        let marks = fs::read(&marks_file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Ok(Files { in_force, fetched, marks_file, marks: marks.unwrap_or_default() })
    }

    /// Where a file is fetched to.
    pub(super) fn fetched(&self, file: &str) -> PathBuf {
        self.fetched.join(file)
    }

    /// Where a download that was cut is kept.
    pub(super) fn partial(&self, file: &str) -> PathBuf {
        self.fetched.join(format!("{file}.part"))
    }

    /// What to ask with: only for a file that came from the same address and is in force.
    pub(super) fn known(&self, file: &str, url: &str) -> Option<Validators> {
        let (from, marks) = self.marks.files.get(file)?;
        (from == url && self.in_force.join(file).exists()).then(|| marks.clone())
    }

    /// The bytes in force; `None` if there are none.
    ///
    /// # Errors
    /// [`AppError::Io`] if they cannot be read.
    pub(super) fn bytes_in_force(&self, file: &str) -> Result<Option<Vec<u8>>, AppError> {
        let path = self.in_force.join(file);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(AppError::io(&path)(error)),
        }
    }

    /// Where the next look goes on, if it is about these addresses and everything that it rests on is there.
    pub(super) fn position(&self, addresses: &[String]) -> Option<Position> {
        let position = self.marks.position.as_ref().filter(|position| position.addresses == addresses)?;
        position.files.iter().all(|file| self.in_force.join(file).exists()).then(|| position.clone())
    }

    /// Says where the next look goes on.
    ///
    /// # Errors
    /// [`AppError::Io`].
    pub(super) fn go_on_at(&mut self, position: Option<Position>) -> Result<(), AppError> {
        self.marks.position = match position {
            None => None,
            Some(position) => Some(Position { files: self.names_in_force()?, ..position }),
        };
        self.write_marks()
    }

    /// The files in force by name.
    ///
    /// # Errors
    /// [`AppError::Io`].
    pub(super) fn names_in_force(&self) -> Result<BTreeSet<String>, AppError> {
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(list(&self.in_force)?.into_iter().filter_map(name).collect())
    }

    /// Puts a file in force that was read and will not be asked for under this name again: nothing is noted of it, and what was
    /// fetched is gone.
    ///
    /// # Errors
    /// [`AppError::Io`]; the one in force stays.
    pub(super) fn move_in_force(&self, file: &str) -> Result<(), AppError> {
        let from = self.fetched(file);
        fs::rename(&from, self.in_force.join(file)).map_err(AppError::io(&from))
    }

    /// Removes a file that was fetched and is not used. That it is not there is what is wanted.
    ///
    /// # Errors
    /// [`AppError::Io`].
    pub(super) fn discard(&self, file: &str) -> Result<(), AppError> {
        let path = self.fetched(file);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(AppError::io(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Puts a file in force that was read.
    ///
    /// # Errors
    /// [`AppError::Io`]; the one in force stays.
    pub(super) fn put_in_force(
        &mut self,
        file: &str,
        url: &str,
        bytes: &[u8],
        marks: Validators,
    ) -> Result<(), AppError> {
        // What is the same stays as it is: the knowledge base that was built of it holds.
        if self.bytes_in_force(file)?.as_deref() != Some(bytes) {
            write_synced(&self.in_force.join(file), bytes)?;
        }
        self.marks.files.insert(file.to_owned(), (url.to_owned(), marks));
        self.write_marks()
    }

    /// Puts a file in force that a bundle brought. No source said anything about it, so that the next look asks for the whole of it.
    ///
    /// # Errors
    /// [`AppError::Io`]; the one in force stays.
    pub(super) fn put_carried_in_force(&mut self, file: &str, bytes: &[u8]) -> Result<(), AppError> {
        if self.bytes_in_force(file)?.as_deref() == Some(bytes) {
            return Ok(());
        }
        write_synced(&self.in_force.join(file), bytes)?;
        if self.marks.files.remove(file).is_some() {
            self.write_marks()?;
        }
        Ok(())
    }

    /// Forgets a file that came and could not be read.
    ///
    /// # Errors
    /// [`AppError::Io`].
    pub(super) fn forget(&mut self, file: &str) -> Result<(), AppError> {
        self.marks.files.remove(file);
        self.discard(file)?;
        self.write_marks()
    }

    /// Takes files out of force that the source no longer has.
    ///
    /// # Errors
    /// [`AppError::Io`].
    pub(super) fn keep_only(&mut self, files: &[&str]) -> Result<bool, AppError> {
        let mut changed = false;
        for path in list(&self.in_force)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !files.contains(&name.as_str()) {
                fs::remove_file(&path).map_err(AppError::io(&path))?;
                changed = true;
            }
        }
        self.marks.files.retain(|name, _| files.contains(&name.as_str()));
        self.write_marks()?;
        Ok(changed)
    }

    fn write_marks(&self) -> Result<(), AppError> {
        write_synced(&self.marks_file, &serde_json::to_vec(&self.marks)?)
    }
}

/// Holds what came last; no source is called so, because names do not begin with a dot.
const FETCHED: &str = ".fetched";

/// The files in force of the source that is called so.
///
/// # Errors
/// [`AppError::Io`].
pub(super) fn in_force(folder: &DataFolder, name: &str) -> Result<Vec<PathBuf>, AppError> {
    list(&folder.collected().join(name))
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(AppError::io(folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(AppError::io(folder))?.path();
        // What was being written when the program was killed is no file of the source.
        let unfinished = path.extension().is_some_and(|end| end.to_string_lossy().starts_with("tmp-"));
        if path.is_file() && !unfinished {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
