//! How the kept lists stand with the knowledge base: derived, replaceable, and for one generation of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shindan_domain::case::Subject;
use shindan_domain::devices::Confirmation;
use shindan_domain::diagnostic::Diagnostic;
use shindan_match::index::layout::IndexError;
use shindan_match::portfolio::Stored;

use super::lists::{KeptList, Lists};
use super::segment::{LayerAt, Segment, Writer, newest, path_of, remove_but};
use crate::data_folder::{DataFolder, MappedIndex};
use crate::error::AppError;
use crate::register;

/// No more older files than these are read together; of what is in more of them, the least is written again.
const FILES: usize = 8;

/// A file of which no more than this part is named any more is written again without the rest.
const USED: u64 = 4;

/// How everything stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// Generation of the knowledge base.
    pub knowledge: u64,
    /// Last record of the register, with its hash: it also tells what makers and models are.
    pub register: Option<(u64, String)>,
    /// What a person said about makers and models.
    pub confirmations: Vec<Confirmation>,
    /// The lists of each subject, in the order of subjects; those of the register last.
    pub groups: Vec<Group>,
}

/// Lists that are read together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    /// Whose; `None`: the register itself.
    pub subject: Option<Subject>,
    /// The lists they were made of; none for the register.
    pub of: Vec<KeptList>,
    /// In the same order.
    pub lists: Vec<StoredList>,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StoredList {
    /// It could be read.
    Read {
        /// The layer with all of it.
        base: LayerAt,
        /// The layer with what was judged anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        top: Option<LayerAt>,
    },
    /// It could not.
    Unreadable {
        /// Path as given.
        path: String,
        /// Why.
        diagnostics: Vec<Diagnostic>,
    },
}

/// What is derived, with the files that it is in.
#[derive(Debug)]
pub(super) struct Loaded {
    pub standing: Standing,
    segments: BTreeMap<u64, Segment>,
    /// The tables of every list were verified by this process, and the files are the same.
    verified: bool,
}

impl Loaded {
    /// `None` if nothing was derived yet, or by another version of this program.
    ///
    /// # Errors
    /// [`AppError::Index`], [`AppError::Portfolio`] if it is damaged; [`AppError::Io`].
    pub fn open(folder: &DataFolder) -> Result<Option<Loaded>, AppError> {
        loop {
            let Some(number) = newest(folder) else { return Ok(None) };
            let read = Loaded::at(folder, number);
            // Another process may have replaced it since.
            if read.is_ok() || newest(folder) == Some(number) {
                return read;
            }
        }
    }

    fn at(folder: &DataFolder, number: u64) -> Result<Option<Loaded>, AppError> {
        let missing = |number| AppError::Portfolio {
            path: path_of(folder, number),
            reason: "stored lists are missing".to_owned(),
        };
        let newest = Segment::map(folder, number)?.ok_or_else(|| missing(number))?;
        let failed = |error| AppError::Index { path: newest.path.clone(), error };
        let Some(head) = newest.head().map_err(failed)? else { return Ok(None) };
        let unreadable = |_| failed(IndexError::Stored("standing unreadable"));
        let standing: Standing = serde_json::from_slice(head).map_err(unreadable)?;
        let mut segments = BTreeMap::from([(number, newest)]);
        let named: BTreeSet<u64> = standing.layers().map(|at| at.file).collect();
        for file in named.into_iter().filter(|file| *file != number) {
            segments.insert(file, Segment::map(folder, file)?.ok_or_else(|| missing(file))?);
        }
        Ok(Some(Loaded { standing, segments, verified: false }))
    }

    /// The same, with its files mapped anew, after every list of it was opened: tables are not verified again, and what was touched
    /// only for that does not stay in the memory of this process. `None` if a file is no longer there.
    ///
    /// # Errors
    /// [`AppError::Io`]
    pub fn verified(&self, folder: &DataFolder) -> Result<Option<Loaded>, AppError> {
        let mut segments = BTreeMap::new();
        for number in self.segments.keys() {
            let Some(segment) = Segment::map(folder, *number)? else { return Ok(None) };
            segments.insert(*number, segment);
        }
        Ok(Some(Loaded { standing: self.standing.clone(), segments, verified: true }))
    }

    fn bytes(&self, at: LayerAt) -> Result<&[u8], IndexError> {
        let segment = self.segments.get(&at.file);
        segment.ok_or(IndexError::Stored("no file of this layer"))?.layer(at)
    }

    /// Opens a list.
    ///
    /// # Errors
    /// [`IndexError::Stored`] if it is damaged.
    pub fn list(&self, base: LayerAt, top: Option<LayerAt>) -> Result<Stored<'_>, IndexError> {
        let (base, top) = (self.bytes(base)?, top.map(|at| self.bytes(at)).transpose()?);
        if self.verified { Stored::open_again(base, top) } else { Stored::open(base, top) }
    }

    /// Adds the path to an error: of the file with the list, or of the index that it was judged with.
    pub fn error(&self, base: LayerAt, index: Option<&MappedIndex>, error: IndexError) -> AppError {
        match index {
            Some(index) if !matches!(error, IndexError::Stored(_)) => index.error(error),
            _ => {
                let segment = self.segments.get(&base.file).or(self.segments.values().next_back());
                let path = segment.map(|segment| segment.path.clone()).unwrap_or_default();
                AppError::Index { path, error }
            }
        }
    }

    /// Writes layers of files of which little is left, or of too many, into the one that is written now.
    pub fn gather(&self, groups: &mut [Group], writer: &mut Writer) -> Result<(), AppError> {
        let mut used: BTreeMap<u64, u64> = BTreeMap::new();
        for at in groups.iter().flat_map(Group::layers).filter(|at| at.file != writer.number) {
            *used.entry(at.file).or_default() += at.length;
        }
        let mut least: Vec<(u64, u64)> = used.into_iter().map(|(file, used)| (used, file)).collect();
        least.sort_unstable();
        let beyond = least.len().saturating_sub(FILES);
        let size = |file: &u64| self.segments.get(file).map_or(0, Segment::size);
        let moved: BTreeSet<u64> = (0..)
            .zip(&least)
            .filter(|(place, (used, file))| *place < beyond || used * USED < size(file))
            .map(|(_, (_, file))| *file)
            .collect();
        for list in groups.iter_mut().flat_map(|group| &mut group.lists) {
            let StoredList::Read { base, top } = list else { continue };
            for at in std::iter::once(base).chain(top) {
                if moved.contains(&at.file) {
                    let bytes = self.bytes(*at).map_err(|error| self.error(*at, None, error))?;
                    *at = writer.add(bytes)?;
                }
            }
        }
        Ok(())
    }
}

impl Group {
    fn layers(&self) -> impl Iterator<Item = LayerAt> + '_ {
        self.lists
            .iter()
            .flat_map(|list| match list {
                StoredList::Read { base, top } => [Some(*base), *top],
                StoredList::Unreadable { .. } => [None, None],
            })
            .flatten()
    }
}

impl Standing {
    fn layers(&self) -> impl Iterator<Item = LayerAt> + '_ {
        self.groups.iter().flat_map(Group::layers)
    }

    /// Puts it in force, with the layers that were written for it, and takes away files that it does not name.
    pub fn put(&self, folder: &DataFolder, writer: Writer) -> Result<(), AppError> {
        let number = writer.number;
        writer.finish(&serde_json::to_vec(self)?)?;
        let mut keep: Vec<u64> = self.layers().map(|at| at.file).collect();
        keep.push(number);
        keep.sort_unstable();
        keep.dedup();
        remove_but(folder, &keep);
        Ok(())
    }

    /// True if it is what follows from what is kept, the register and this generation of the knowledge base.
    pub fn is_current(&self, folder: &DataFolder, lists: &Lists, knowledge: u64) -> Result<bool, AppError> {
        let register = register::pointer(folder)?;
        let mut groups = self.groups.iter().filter_map(|group| Some((group.subject?, &group.of)));
        let kept = lists.holdings.iter().map(|holding| (holding.subject, &holding.lists));
        let same = kept.into_iter().all(|kept| groups.next() == Some(kept)) && groups.next().is_none();
        Ok(same && self.register == register && self.knowledge == knowledge)
    }
}

/// What is kept, and how it stands.
#[derive(Debug)]
pub struct Status {
    /// True if it stands with the present knowledge base and register.
    pub current: bool,
    /// The generation of the knowledge base with which it stands; `None` if nothing was derived.
    pub knowledge: Option<u64>,
    /// By subject; the register last.
    pub groups: Vec<GroupStatus>,
}

/// The lists of a subject.
#[derive(Debug)]
pub struct GroupStatus {
    /// Whose; `None`: the register itself.
    pub subject: Option<Subject>,
    /// What is kept.
    pub lists: Vec<KeptList>,
    /// Components, if they were derived.
    pub components: Option<u64>,
    /// Lists that cannot be read.
    pub unreadable: u64,
    /// Components that were judged anew since their list was stored.
    pub renewed: u64,
}

/// Tells what is kept and verifies that all of it can be read.
///
/// # Errors
/// [`AppError::Portfolio`], [`AppError::Index`] if something is damaged; [`AppError::Io`].
pub fn status(folder: &DataFolder) -> Result<Status, AppError> {
    let lists = Lists::load(folder)?;
    // Originals are verified by reading them.
    for holding in &lists.holdings {
        super::lists::verify(folder, &holding.lists)?;
    }
    let loaded = Loaded::open(folder)?;
    let knowledge = folder.current()?;
    let current = match (&loaded, knowledge) {
        (Some(loaded), Some(knowledge)) => loaded.standing.is_current(folder, &lists, knowledge)?,
        _ => false,
    };
    let mut groups: Vec<GroupStatus> = Vec::new();
    for holding in &lists.holdings {
        let found = loaded.iter().flat_map(|loaded| &loaded.standing.groups);
        let found = found
            .into_iter()
            .find(|group| group.subject == Some(holding.subject) && group.of == holding.lists);
        groups.push(group_status(loaded.as_ref().zip(found), Some(holding.subject), &holding.lists)?);
    }
    if register::pointer(folder)?.is_some() {
        let found = loaded.iter().flat_map(|loaded| &loaded.standing.groups);
        let found = found.into_iter().find(|group| group.subject.is_none());
        groups.push(group_status(loaded.as_ref().zip(found), None, &[])?);
    }
    Ok(Status { current, knowledge: loaded.map(|loaded| loaded.standing.knowledge), groups })
}

fn group_status(
    found: Option<(&Loaded, &Group)>,
    subject: Option<Subject>,
    lists: &[KeptList],
) -> Result<GroupStatus, AppError> {
    let mut status =
        GroupStatus { subject, lists: lists.to_vec(), components: None, unreadable: 0, renewed: 0 };
    let Some((loaded, group)) = found else { return Ok(status) };
    for list in &group.lists {
        match list {
            StoredList::Unreadable { .. } => status.unreadable += 1,
            StoredList::Read { base, top } => {
                let stored = loaded.list(*base, *top).map_err(|error| loaded.error(*base, None, error))?;
                *status.components.get_or_insert(0) += stored.count() as u64;
                status.renewed += stored.renewed() as u64;
            }
        }
    }
    Ok(status)
}
