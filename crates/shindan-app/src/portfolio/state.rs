//! How the kept lists stand: derived files, and which of them are in force.
//!
//! ```text
//! DIR/portfolio/STANDING       JSON: for which knowledge, and which files
//! DIR/portfolio/list-000007.sl immutable; a base or a top layer (shindan_match::portfolio)
//! ```

use std::fs;
use std::path::PathBuf;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use shindan_domain::case::Subject;
use shindan_domain::devices::Confirmation;
use shindan_domain::diagnostic::Diagnostic;
use shindan_match::index::layout::IndexError;
use shindan_match::portfolio::Stored;

use super::lists::{KeptList, Lists, read_json};
use crate::data_folder::{DataFolder, MappedIndex, map_immutable, write_synced};
use crate::error::AppError;
use crate::register;

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
        /// Name of the file with all of it.
        base: String,
        /// Name of the file with what was judged anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        top: Option<String>,
    },
    /// It could not.
    Unreadable {
        /// Path as given.
        path: String,
        /// Why.
        diagnostics: Vec<Diagnostic>,
    },
}

/// The mapped files of a list.
pub(super) struct MappedList {
    base: (PathBuf, Mmap),
    top: Option<(PathBuf, Mmap)>,
}

fn standing_path(folder: &DataFolder) -> PathBuf {
    folder.portfolio().join("STANDING")
}

fn is_name(name: &str) -> bool {
    number_of(name).is_some()
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("list-")?.strip_suffix(".sl")?.parse().ok()
}

impl Standing {
    /// `None` if nothing was derived yet.
    pub fn load(folder: &DataFolder) -> Result<Option<Standing>, AppError> {
        read_json(&standing_path(folder))
    }

    /// Puts it in force and takes away files that it does not name.
    pub fn put(&self, folder: &DataFolder) -> Result<(), AppError> {
        write_synced(&standing_path(folder), &serde_json::to_vec(self)?)?;
        let named: Vec<&String> = self.groups.iter().flat_map(|group| &group.lists).flat_map(names).collect();
        let entries = fs::read_dir(folder.portfolio()).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_name(&name) && !named.contains(&&name) {
                // Still mapped by another process, perhaps; the next change tries again, and nothing depends on it.
                drop(fs::remove_file(entry.path()));
            }
        }
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

fn names(list: &StoredList) -> Vec<&String> {
    match list {
        StoredList::Read { base, top } => std::iter::once(base).chain(top).collect(),
        StoredList::Unreadable { .. } => Vec::new(),
    }
}

/// Writes a file of the next number.
pub(super) fn write(folder: &DataFolder, bytes: &[u8]) -> Result<String, AppError> {
    let entries = fs::read_dir(folder.portfolio()).into_iter().flatten().flatten();
    let last = entries.filter_map(|entry| number_of(entry.file_name().to_str()?)).max().unwrap_or(0);
    let name = format!("list-{:06}.sl", last + 1);
    write_synced(&folder.portfolio().join(&name), bytes)?;
    Ok(name)
}

impl MappedList {
    /// Maps the files of a list.
    pub fn map(folder: &DataFolder, base: &str, top: Option<&str>) -> Result<MappedList, AppError> {
        let one = |name: &str| {
            let path = folder.portfolio().join(name);
            let missing =
                |reason: &str| AppError::Portfolio { path: path.clone(), reason: reason.to_owned() };
            if !is_name(name) {
                return Err(missing("no name of a stored list"));
            }
            let map = map_immutable(&path).map_err(AppError::io(&path))?;
            let map = map.ok_or_else(|| missing("the stored list is missing"))?;
            Ok((path, map))
        };
        Ok(MappedList { base: one(base)?, top: top.map(one).transpose()? })
    }

    /// Opens it.
    pub fn open(&self) -> Result<Stored<'_>, AppError> {
        let top = self.top.as_ref().map(|(_, map)| &map[..]);
        Stored::open(&self.base.1, top).map_err(|error| self.error(error))
    }

    /// Adds the path to an error: of this list, or of the index that it was judged with.
    pub fn error_of(&self, index: &MappedIndex, error: IndexError) -> AppError {
        match error {
            IndexError::Stored(_) => self.error(error),
            _ => index.error(error),
        }
    }

    fn error(&self, error: IndexError) -> AppError {
        let path = self.top.as_ref().map_or(&self.base.0, |(path, _)| path);
        AppError::Index { path: path.clone(), error }
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
    let standing = Standing::load(folder)?;
    let knowledge = folder.current()?;
    let current = match (&standing, knowledge) {
        (Some(standing), Some(knowledge)) => standing.is_current(folder, &lists, knowledge)?,
        _ => false,
    };
    let mut groups: Vec<GroupStatus> = Vec::new();
    for holding in &lists.holdings {
        let found = standing.iter().flat_map(|standing| &standing.groups);
        let found = found
            .into_iter()
            .find(|group| group.subject == Some(holding.subject) && group.of == holding.lists);
        groups.push(group_status(folder, Some(holding.subject), &holding.lists, found)?);
    }
    if register::pointer(folder)?.is_some() {
        let found = standing.iter().flat_map(|standing| &standing.groups);
        let found = found.into_iter().find(|group| group.subject.is_none());
        groups.push(group_status(folder, None, &[], found)?);
    }
    Ok(Status { current, knowledge: standing.map(|standing| standing.knowledge), groups })
}

fn group_status(
    folder: &DataFolder,
    subject: Option<Subject>,
    lists: &[KeptList],
    found: Option<&Group>,
) -> Result<GroupStatus, AppError> {
    let mut status =
        GroupStatus { subject, lists: lists.to_vec(), components: None, unreadable: 0, renewed: 0 };
    for list in found.iter().flat_map(|group| &group.lists) {
        match list {
            StoredList::Unreadable { .. } => status.unreadable += 1,
            StoredList::Read { base, top } => {
                let mapped = MappedList::map(folder, base, top.as_deref())?;
                let stored = mapped.open()?;
                *status.components.get_or_insert(0) += stored.count() as u64;
                status.renewed += stored.renewed() as u64;
            }
        }
    }
    Ok(status)
}
