//! Brings what is derived from the kept lists up to date: only components that a change of knowledge concerns are judged again.

use std::collections::BTreeMap;

use rayon::prelude::*;
use shindan_domain::case::Subject;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::finding::Decided;
use shindan_domain::inventory::Inventory;
use shindan_domain::priority::Decision;
use shindan_match::check::Question;
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::layout::IndexError;
use shindan_match::index::prints::changed_keys;
use shindan_match::index::read::Index;
use shindan_match::names::Dictionary;
use shindan_match::portfolio::{self as stored, Stored};
use shindan_match::prepared::Prepared;

use super::lists::{self, KeptList, Lists};
use super::state::{Group, MappedList, Standing, StoredList, write};
use crate::check::InputRead;
use crate::data_folder::{DataFolder, MappedIndex};
use crate::error::AppError;
use crate::progress::{Progress, Stage};
use crate::register;

/// So many components are judged by one thread at a time.
const PART: usize = 4096;

/// A top layer that holds more than this part of its list is folded into a new base.
const FOLD: usize = 8;

/// What concerns the lists of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Concerned {
    /// Components that were judged again.
    pub components: u64,
    /// The lists are new or were changed: all was read.
    pub anew: bool,
    /// Another day may lead to another answer.
    pub dated: bool,
    /// Lists that cannot be read.
    pub unreadable: u64,
}

impl Concerned {
    /// True if the answer is the one of before, on the same day.
    pub fn is_spared(self) -> bool {
        self.components == 0 && !self.anew
    }
}

/// What was brought up to date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewed {
    /// The generation of the knowledge base with which all stood before; `None` if that cannot be compared any more.
    pub before: Option<u64>,
    /// The present one.
    pub knowledge: u64,
    /// Keys of which the content differs; `None` if they could not be compared.
    pub changed_keys: Option<u64>,
    /// By subject; `None`: the register.
    pub groups: BTreeMap<Option<Subject>, Concerned>,
}

impl Renewed {
    /// What concerns the lists of a subject, or the register.
    pub fn of(&self, subject: Option<Subject>) -> Concerned {
        self.groups.get(&subject).copied().unwrap_or_default()
    }

    /// Components that were judged again.
    pub fn components(&self) -> u64 {
        self.groups.values().map(|group| group.components).sum()
    }
}

/// Brings everything up to date. With `anew`, nothing that was derived before is used.
///
/// # Errors
/// [`AppError::KnowledgeMissing`], [`AppError::Portfolio`], [`AppError::Index`] if something is damaged; those of writing.
pub fn renew(folder: &DataFolder, anew: bool, progress: &dyn Progress) -> Result<Renewed, AppError> {
    // Who keeps nothing gets no folder for it.
    if Lists::load(folder)?.holdings.is_empty() && register::pointer(folder)?.is_none() {
        return Ok(Renewed { knowledge: folder.current()?.unwrap_or_default(), ..Renewed::default() });
    }
    let lock = lists::lock(folder)?;
    progress.stage(Stage::Comparing, None);
    let knowledge = folder.current()?.ok_or_else(|| AppError::KnowledgeMissing(folder.root().to_owned()))?;
    let mapped = folder.map_generation(knowledge)?;
    let mapped = mapped.ok_or_else(|| AppError::KnowledgeMissing(folder.root().to_owned()))?;
    let kept = Lists::load(folder)?;
    let before = if anew { None } else { Standing::load(folder)? };
    let register = register::pointer(folder)?;
    let confirmations = match &before {
        Some(before) if before.register == register => before.confirmations.clone(),
        _ => register::load(folder)?.identities.into_iter().map(|entry| entry.confirmation).collect(),
    };
    let (index, meta) = mapped.open()?;
    let (confirmed, _) = confirmed(&index, &confirmations).map_err(|error| mapped.error(error))?;
    let renewal = Renewal {
        folder,
        mapped: &mapped,
        index,
        ecosystems: &meta.ecosystems,
        confirmed: &confirmed,
        changed: changed(folder, before.as_ref(), &confirmations, (knowledge, &index))?,
    };
    let mut done = Renewed {
        before: before.as_ref().map(|before| before.knowledge),
        knowledge,
        changed_keys: renewal.changed.as_ref().map(|keys| keys.len() as u64),
        groups: BTreeMap::new(),
    };
    let mut groups = Vec::new();
    for holding in &kept.holdings {
        let known = before.iter().flat_map(|before| &before.groups);
        let known = known.into_iter().find(|group| group.subject == Some(holding.subject));
        let known = known.filter(|group| group.of == holding.lists);
        let (group, concerned) = renewal.group(Some(holding.subject), &holding.lists, known)?;
        done.groups.insert(group.subject, concerned);
        groups.push(group);
    }
    if register.is_some() {
        let known = before.iter().filter(|before| before.register == register);
        let known = known.flat_map(|before| &before.groups).find(|group| group.subject.is_none());
        let (group, concerned) = renewal.group(None, &[], known)?;
        done.groups.insert(None, concerned);
        groups.push(group);
    }
    let standing = Standing { knowledge, register, confirmations, groups };
    if before.as_ref() != Some(&standing) {
        progress.stage(Stage::Writing, None);
        standing.put(folder)?;
    }
    drop(lock);
    Ok(done)
}

/// What a person said about makers and models, ready for matching, and what of it cannot be used.
pub(super) fn confirmed(
    index: &Index<'_>,
    confirmations: &[shindan_domain::devices::Confirmation],
) -> Result<(ConfirmedIdentities, Vec<Diagnostic>), IndexError> {
    if confirmations.is_empty() {
        return Ok(Default::default());
    }
    let dictionary = Dictionary::new(&index.devices()?);
    Ok(ConfirmedIdentities::new(&dictionary, confirmations))
}

/// Hashes of the keys that changed since, in ascending order; `None` if that cannot be told.
fn changed(
    folder: &DataFolder,
    before: Option<&Standing>,
    confirmations: &[shindan_domain::devices::Confirmation],
    (knowledge, index): (u64, &Index<'_>),
) -> Result<Option<Vec<u64>>, AppError> {
    let Some(before) = before.filter(|before| before.confirmations == confirmations) else {
        return Ok(None);
    };
    if before.knowledge == knowledge {
        return Ok(Some(Vec::new()));
    }
    // Two builds later the generation is gone; one of another version cannot be read. Then everything is judged again.
    let Some(old) = folder.map_generation(before.knowledge)? else { return Ok(None) };
    let Ok((old_index, _)) = old.open() else { return Ok(None) };
    let keys = changed_keys(&old_index, index).map_err(|error| old.error(error))?;
    Ok(Some(keys.all()))
}

struct Renewal<'a> {
    folder: &'a DataFolder,
    mapped: &'a MappedIndex,
    index: Index<'a>,
    ecosystems: &'a BTreeMap<String, u64>,
    confirmed: &'a ConfirmedIdentities,
    changed: Option<Vec<u64>>,
}

impl Renewal<'_> {
    fn group(
        &self,
        subject: Option<Subject>,
        of: &[KeptList],
        known: Option<&Group>,
    ) -> Result<(Group, Concerned), AppError> {
        let mut concerned = Concerned::default();
        let mut lists = Vec::new();
        match (known, &self.changed) {
            (Some(known), Some(changed)) => {
                for list in &known.lists {
                    lists.push(self.again(list, changed, &mut concerned)?);
                }
            }
            _ => {
                concerned.anew = true;
                for input in self.inputs(subject, of)? {
                    lists.push(self.anew(input, &mut concerned)?);
                }
            }
        }
        Ok((Group { subject, of: of.to_vec(), lists }, concerned))
    }

    fn inputs(&self, subject: Option<Subject>, of: &[KeptList]) -> Result<Vec<InputRead>, AppError> {
        if subject.is_some() {
            return lists::inputs_of(self.folder, of);
        }
        let inventory = register::inventory(self.folder, &register::load(self.folder)?);
        Ok(vec![InputRead { path: inventory.path.clone().into(), inventory: Ok(inventory) }])
    }

    fn anew(&self, input: InputRead, concerned: &mut Concerned) -> Result<StoredList, AppError> {
        let inventory = match input.inventory {
            Ok(inventory) => inventory,
            Err(diagnostics) => {
                concerned.unreadable += 1;
                return Ok(StoredList::Unreadable { path: input.path.display().to_string(), diagnostics });
            }
        };
        concerned.components += inventory.components.len() as u64;
        let base = self.store(&inventory)?;
        let mapped = MappedList::map(self.folder, &base, None)?;
        concerned.dated |= mapped.open()?.is_dated();
        Ok(StoredList::Read { base, top: None })
    }

    /// Writes the base of an inventory.
    fn store(&self, inventory: &Inventory) -> Result<String, AppError> {
        let failed = |error| self.mapped.error(error);
        let prepared = Prepared::new(inventory, &self.index).map_err(failed)?;
        let count = inventory.components.len();
        let starts: Vec<usize> = (0..count).step_by(PART).collect();
        let part = |start| self.ask(|q| stored::stand(q, &prepared, start..count.min(start + PART)));
        let standings: Vec<_> = starts.into_par_iter().map(part).collect::<Result<_, _>>().map_err(failed)?;
        let whole = self.ask(|question| stored::stand_whole(question, &prepared)).map_err(failed)?;
        write(self.folder, &stored::base(&prepared, &standings.concat(), whole)?)
    }

    fn again(
        &self,
        list: &StoredList,
        changed: &[u64],
        concerned: &mut Concerned,
    ) -> Result<StoredList, AppError> {
        let StoredList::Read { base, top } = list else {
            concerned.unreadable += 1;
            return Ok(list.clone());
        };
        let mapped = MappedList::map(self.folder, base, top.as_deref())?;
        let known = mapped.open()?;
        let failed = |error| mapped.error_of(self.mapped, error);
        let numbers = match changed {
            [] => Vec::new(),
            _ => known.consulting(changed).map_err(failed)?,
        };
        concerned.components += numbers.len() as u64;
        concerned.dated |= known.is_dated();
        if numbers.is_empty() {
            return Ok(list.clone());
        }
        if (numbers.len() + known.renewed()) * FOLD > known.count() {
            let inventory = known.inventory().map_err(failed)?;
            return Ok(StoredList::Read { base: self.store(&inventory)?, top: None });
        }
        let renewed = self.top(&known, &numbers).map_err(failed)?;
        Ok(StoredList::Read { base: base.clone(), top: Some(write(self.folder, &renewed)?) })
    }

    fn top(&self, known: &Stored<'_>, numbers: &[u32]) -> Result<Vec<u8>, IndexError> {
        let part = |part: &[u32]| self.ask(|question| stored::stand_again(question, known, part));
        let parts: Vec<_> = numbers.par_chunks(PART).map(part).collect::<Result<_, _>>()?;
        let mut whole = Vec::new();
        let mut standings = Vec::with_capacity(numbers.len());
        for (part, of_whole) in parts {
            standings.extend(part);
            whole = of_whole;
        }
        stored::top(known, &standings, whole)
    }

    fn ask<T>(&self, work: impl FnOnce(Question<'_>) -> T) -> T {
        // How components stand does not depend on priorities, and not on the day.
        let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Defer, path: Vec::new() };
        work(Question {
            index: self.index,
            ecosystems: self.ecosystems,
            prioritise: &prioritise,
            only: None,
            confirmed: self.confirmed,
            today: jiff::civil::Date::MIN,
        })
    }
}
