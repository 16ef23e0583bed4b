//! What is kept and how it stands, read once by a process for as long as it stays as it is. A server is asked with every page of a
//! vulnerability, and reading and verifying what stands takes longer than the answer itself.

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rayon::prelude::*;
use shindan_match::portfolio::Outline;

use super::lists::{self, Lists};
use super::segment;
use super::state::{Loaded, StoredList};
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
    /// The outline of each list of it, in order; `None` for those that cannot be read. Empty if it was opened for one answer.
    pub outlines: Vec<Option<Outline>>,
}

/// By what it is known to be the same: the bytes that name the lists, and the file in force, which is never changed in place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    root: PathBuf,
    lists: Option<Vec<u8>>,
    file: Option<(u64, u64, Option<SystemTime>)>,
}

/// Those that were asked for last.
static KEPT: Mutex<VecDeque<Arc<Opened>>> = Mutex::new(VecDeque::new());
/// Held by who reads one.
static MAKING: Mutex<()> = Mutex::new(());
/// So many are kept: those of the two sides of the demo.
const MOST: usize = 2;

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
    /// What is kept in a data folder now, and how it stands, for one answer.
    ///
    /// # Errors
    /// As [`Lists::load`] and [`Loaded::open`].
    pub fn once(folder: &DataFolder) -> Result<Opened, AppError> {
        let known = known(folder)?;
        let lists = lists::read(folder, known.lists.as_deref())?;
        Ok(Opened { known, lists, loaded: Loaded::open(folder)?, outlines: Vec::new() })
    }

    /// As [`Opened::once`], for many answers: every list is read and verified the first time, and kept in outline.
    ///
    /// # Errors
    /// As [`Opened::once`]; [`AppError::Index`] if a list is damaged.
    pub fn kept(folder: &DataFolder) -> Result<Arc<Opened>, AppError> {
        let known = known(folder)?;
        let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let found = || kept().iter().find(|one| one.known == known).map(Arc::clone);
        if let Some(found) = found() {
            return Ok(found);
        }
        // Whoever else asks meanwhile waits for the same instead of reading it all as well.
        let _made_by_one = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = found() {
            return Ok(found);
        }
        let once = Opened::once(folder)?;
        let Some(loaded) = &once.loaded else { return Ok(Arc::new(once)) };
        let outlines = outlines(loaded)?;
        // Mapped anew: what was touched only for the outlines does not stay in the memory of this process.
        let Some(loaded) = loaded.verified(folder)? else { return Ok(Arc::new(once)) };
        let opened = Arc::new(Opened { loaded: Some(loaded), outlines, ..once });
        let mut kept = kept();
        kept.retain(|one| one.known.root != opened.known.root);
        kept.truncate(MOST - 1);
        kept.push_front(Arc::clone(&opened));
        Ok(opened)
    }
}

fn outlines(loaded: &Loaded) -> Result<Vec<Option<Outline>>, AppError> {
    let all: Vec<&StoredList> = loaded.standing.groups.iter().flat_map(|group| &group.lists).collect();
    let outline = |list: &&StoredList| {
        let StoredList::Read { base, top } = list else { return Ok(None) };
        let read = loaded.list(*base, *top).and_then(|list| list.outline());
        read.map(Some).map_err(|error| loaded.error(*base, None, error))
    };
    all.par_iter().map(outline).collect()
}

/// Reads what stands before anybody asks. What is wrong with it is told to whoever asks.
pub fn read_ahead(folder: &DataFolder) {
    drop(Opened::kept(folder));
}
