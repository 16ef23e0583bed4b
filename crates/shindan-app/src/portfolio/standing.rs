//! Brings what is derived from the kept lists up to date: only components that a change of knowledge concerns are judged again.

use std::collections::BTreeMap;

use rayon::prelude::*;
use shindan_domain::case::Subject;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::finding::Decided;
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
use super::segment::{LayerAt, Writer};
use super::state::{Group, Loaded, Standing, StoredList};
use crate::check::InputRead;
use crate::data_folder::{DataFolder, MappedIndex};
use crate::error::AppError;
use crate::progress::{Progress, Stage};
use crate::register;

/// So many components are judged by one thread at a time.
const PART: usize = 4096;

/// So many subjects are held in memory at a time.
const TOGETHER: usize = 32;

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

    /// Adds what concerns another list.
    fn join(&mut self, other: Concerned) {
        self.components += other.components;
        self.anew |= other.anew;
        self.dated |= other.dated;
        self.unreadable += other.unreadable;
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
    let before = if anew { None } else { readable(folder)? };
    let stood = before.as_ref().map(|before| &before.standing);
    let register = register::pointer(folder)?;
    let confirmations = match stood {
        Some(stood) if stood.register == register => stood.confirmations.clone(),
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
        before: before.as_ref(),
        changed: changed(folder, stood, &confirmations, (knowledge, &index))?,
    };
    let mut done = Renewed {
        before: stood.map(|stood| stood.knowledge),
        knowledge,
        changed_keys: renewal.changed.as_ref().map(|keys| keys.len() as u64),
        groups: BTreeMap::new(),
    };
    let mut writer = Writer::new(folder);
    let mut groups = renewal.groups(&kept, register.as_ref(), &mut writer, &mut done)?;
    if let Some(before) = &before {
        before.gather(&mut groups, &mut writer)?;
    }
    let standing = Standing { knowledge, register, confirmations, groups };
    if !writer.is_empty() || stood != Some(&standing) {
        progress.stage(Stage::Writing, None);
        standing.put(folder, writer)?;
    }
    drop(lock);
    Ok(done)
}

/// What was derived before; `None` if that is nothing, or unreadable: everything is derived anew then.
fn readable(folder: &DataFolder) -> Result<Option<Loaded>, AppError> {
    match Loaded::open(folder) {
        Err(AppError::Index { .. } | AppError::Portfolio { .. }) => Ok(None),
        loaded => loaded,
    }
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
    before: Option<&'a Loaded>,
    changed: Option<Vec<u64>>,
}

/// Lists that are read together: whose, of which originals, and how they stood before.
type Task<'a> = (Option<Subject>, &'a [KeptList], Option<&'a Group>);

/// What becomes of one list.
enum Made {
    /// It stands as before.
    Same(StoredList),
    /// All of it is written.
    Base(Vec<u8>),
    /// A layer above this base is.
    Top(LayerAt, Vec<u8>),
}

impl Renewal<'_> {
    fn groups(
        &self,
        kept: &Lists,
        register: Option<&(u64, String)>,
        writer: &mut Writer,
        done: &mut Renewed,
    ) -> Result<Vec<Group>, AppError> {
        let stood = self.before.map(|before| &before.standing);
        let known: BTreeMap<Option<Subject>, &Group> =
            stood.iter().flat_map(|stood| &stood.groups).map(|group| (group.subject, group)).collect();
        let mut tasks: Vec<Task<'_>> = Vec::with_capacity(kept.holdings.len() + 1);
        for holding in &kept.holdings {
            let known = known.get(&Some(holding.subject)).copied();
            let known = known.filter(|group| group.of == holding.lists);
            tasks.push((Some(holding.subject), &holding.lists, known));
        }
        if register.is_some() {
            let same = stood.is_some_and(|stood| stood.register.as_ref() == register);
            tasks.push((None, &[], known.get(&None).copied().filter(|_| same)));
        }
        let mut groups = Vec::with_capacity(tasks.len());
        for part in tasks.chunks(TOGETHER) {
            let made: Vec<(Vec<Made>, Concerned)> =
                part.par_iter().map(|task| self.group(*task)).collect::<Result<_, _>>()?;
            for ((subject, of, _), (lists, concerned)) in part.iter().zip(made) {
                let lists = lists.into_iter().map(|made| keep(made, writer)).collect::<Result<_, _>>()?;
                done.groups.insert(*subject, concerned);
                groups.push(Group { subject: *subject, of: of.to_vec(), lists });
            }
        }
        Ok(groups)
    }

    fn group(&self, (subject, of, known): Task<'_>) -> Result<(Vec<Made>, Concerned), AppError> {
        if let (Some(known), Some(changed), Some(before)) = (known, &self.changed, self.before) {
            let again = |list: &StoredList| self.again(before, list, changed);
            let again: Result<Vec<(Made, Concerned)>, IndexError> =
                known.lists.par_iter().map(again).collect();
            match again {
                Ok(again) => {
                    let mut all = Concerned::default();
                    again.iter().for_each(|(_, concerned)| all.join(*concerned));
                    return Ok((again.into_iter().map(|(made, _)| made).collect(), all));
                }
                // What is derived and cannot be read is derived anew from the originals.
                Err(IndexError::Stored(_)) => {}
                Err(error) => return Err(self.mapped.error(error)),
            }
        }
        let mut concerned = Concerned { anew: true, ..Concerned::default() };
        let mut lists = Vec::new();
        for input in self.inputs(subject, of)? {
            lists.push(self.anew(input, &mut concerned)?);
        }
        Ok((lists, concerned))
    }

    fn inputs(&self, subject: Option<Subject>, of: &[KeptList]) -> Result<Vec<InputRead>, AppError> {
        if subject.is_some() {
            return lists::inputs_of(self.folder, of);
        }
        let inventory = register::inventory(self.folder, &register::load(self.folder)?);
        Ok(vec![InputRead { path: inventory.path.clone().into(), inventory: Ok(inventory) }])
    }

    fn anew(&self, input: InputRead, concerned: &mut Concerned) -> Result<Made, AppError> {
        let inventory = match input.inventory {
            Ok(inventory) => inventory,
            Err(diagnostics) => {
                concerned.unreadable += 1;
                let path = input.path.display().to_string();
                return Ok(Made::Same(StoredList::Unreadable { path, diagnostics }));
            }
        };
        concerned.components += inventory.components.len() as u64;
        let failed = |error| self.mapped.error(error);
        let prepared = Prepared::new(&inventory, &self.index).map_err(failed)?;
        let count = inventory.components.len();
        let starts: Vec<usize> = (0..count).step_by(PART).collect();
        let part = |start| self.ask(|q| stored::stand(q, &prepared, start..count.min(start + PART)));
        let standings: Vec<_> = starts.into_par_iter().map(part).collect::<Result<_, _>>().map_err(failed)?;
        let whole = self.ask(|question| stored::stand_whole(question, &prepared)).map_err(failed)?;
        let bytes = stored::base(&prepared, &standings.concat(), whole)?;
        concerned.dated |= Stored::open(&bytes, None).map_err(failed)?.is_dated();
        Ok(Made::Base(bytes))
    }

    fn again(
        &self,
        before: &Loaded,
        list: &StoredList,
        changed: &[u64],
    ) -> Result<(Made, Concerned), IndexError> {
        let mut concerned = Concerned::default();
        let StoredList::Read { base, top } = list else {
            concerned.unreadable += 1;
            return Ok((Made::Same(list.clone()), concerned));
        };
        let known = before.list(*base, *top)?;
        let numbers = if changed.is_empty() { Vec::new() } else { known.consulting(changed)? };
        concerned.components += numbers.len() as u64;
        concerned.dated |= known.is_dated();
        if numbers.is_empty() {
            return Ok((Made::Same(list.clone()), concerned));
        }
        let part = |part: &[u32]| self.ask(|question| stored::stand_again(question, &known, part));
        let parts: Vec<_> = numbers.par_chunks(PART).map(part).collect::<Result<_, _>>()?;
        let mut whole = stored::Whole::default();
        let mut standings = Vec::with_capacity(numbers.len());
        for (part, of_whole) in parts {
            standings.extend(part);
            whole = of_whole;
        }
        let made = if (numbers.len() + known.renewed()) * FOLD > known.count() {
            Made::Base(stored::folded(&known, &standings, whole)?)
        } else {
            Made::Top(*base, stored::top(&known, &standings, whole)?)
        };
        Ok((made, concerned))
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

/// Adds what was made of a list to the file that is written.
fn keep(made: Made, writer: &mut Writer) -> Result<StoredList, AppError> {
    Ok(match made {
        Made::Same(list) => list,
        Made::Base(bytes) => StoredList::Read { base: writer.add(&bytes)?, top: None },
        Made::Top(base, bytes) => StoredList::Read { base, top: Some(writer.add(&bytes)?) },
    })
}
