//! What is kept and how it stands, read once by a process for as long as it stays as it is. A server is asked with every page of a
//! vulnerability, and reading and verifying what stands takes longer than the answer itself.

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::lists::{self, Lists};
use super::segment;
use super::state::Loaded;
use crate::data_folder::DataFolder;
use crate::error::AppError;

/// What is kept, and how it stands.
#[derive(Debug)]
pub(super) struct Opened {
    known: Known,
    /// What is kept.
    pub lists: Lists,
    /// How it stands; `None` if nothing was derived yet.
    pub loaded: Option<Loaded>,
}

/// By what it is known to be the same: the bytes that name the lists, and the file in force, which is never changed in place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    root: PathBuf,
    lists: Option<Vec<u8>>,
    file: Option<(u64, u64, Option<SystemTime>)>,
}

/// Those that were asked for last.
static OPENED: Mutex<VecDeque<Arc<Opened>>> = Mutex::new(VecDeque::new());
/// So many are kept: those of the two sides of the demo.
const KEPT: usize = 2;

fn known(folder: &DataFolder) -> Result<Known, AppError> {
    let lists = lists::bytes(folder)?;
    let file = segment::newest(folder).and_then(|number| {
        // A file that was replaced just now is looked for by who reads it; here it is only another one.
        let metadata = fs::metadata(segment::path_of(folder, number)).ok()?;
        Some((number, metadata.len(), metadata.modified().ok()))
    });
    Ok(Known { root: folder.root().to_owned(), lists, file })
}

impl Opened {
    /// What is kept in a data folder now, and how it stands.
    ///
    /// # Errors
    /// As [`Lists::load`] and [`Loaded::open`].
    pub fn of(folder: &DataFolder) -> Result<Arc<Opened>, AppError> {
        let known = known(folder)?;
        let opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = opened.iter().find(|one| one.known == known) {
            return Ok(Arc::clone(found));
        }
        drop(opened);
        let lists = lists::read(folder, known.lists.as_deref())?;
        Ok(Arc::new(Opened { known, lists, loaded: Loaded::open(folder)? }))
    }

    /// Keeps it for those who ask next. Every list of it was opened, which verified them.
    ///
    /// # Errors
    /// [`AppError::Io`] if a file cannot be mapped anew.
    pub fn keep(&self, folder: &DataFolder) -> Result<(), AppError> {
        let Some(loaded) = self.loaded.as_ref().filter(|loaded| !loaded.is_verified()) else { return Ok(()) };
        // What was replaced meanwhile is not what was verified.
        let Some(loaded) =
            loaded.verified(folder)?.filter(|_| known(folder).is_ok_and(|now| now == self.known))
        else {
            return Ok(());
        };
        let kept = Opened { known: self.known.clone(), lists: self.lists.clone(), loaded: Some(loaded) };
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|one| one.known.root != self.known.root);
        opened.truncate(KEPT - 1);
        opened.push_front(Arc::new(kept));
        Ok(())
    }
}
