//! `who ID` without files: the portfolio and the register, of which only the components concerned are read.

use rayon::prelude::*;
use shindan_domain::finding::{CheckResult, InputReport, VulnerabilityFacts};
use shindan_domain::inventory::{Asset, Component};
use shindan_match::check::{OneVulnerability, Outcome, Question};
use shindan_match::index::layout::IndexError;
use shindan_match::portfolio::{self as stored, Outline, Stored};

use super::lists::{Lists, inputs_of};
use super::opened::Opened;
use super::standing::confirmed;
use super::state::{Loaded, StoredList};
use crate::check::{self, CheckOptions, Checked, InputRead};
use crate::clock;
use crate::data_folder::{DataFolder, MappedIndex};
use crate::embedded;
use crate::error::AppError;
use crate::register;

/// Who is hit by one vulnerability ([`CheckOptions::only`]), over all lists that are kept and the register.
///
/// The answer is the one that reading and judging everything gives, but for the assets of [`InputReport::assets`], of which only those of
/// findings are told. What is not derived, or behind, is judged in full.
///
/// # Errors
/// [`AppError::KnowledgeMissing`], [`AppError::NotFound`]; [`AppError::RegisterMissing`] if there is neither list nor register;
/// [`AppError::Portfolio`], [`AppError::Index`] if something is damaged.
pub fn who(folder: &DataFolder, options: &CheckOptions) -> Result<Checked, AppError> {
    let Some(id) = &options.only else { return check::check(folder, &[], options) };
    Ok(answered(folder, &Opened::once(folder)?, id, options)?.0)
}

/// As [`who`], for a process that is asked again and again (what stands is read once), with the components for which a statement about this
/// vulnerability was looked up, in the order of the lists: those that it hits, and those of the same product that it does not. `None` if
/// the portfolio does not stand with the present knowledge: then it is not known.
///
/// # Errors
/// As [`who`].
pub fn who_and_looked_at(
    folder: &DataFolder,
    id: &str,
    options: &CheckOptions,
) -> Result<(Checked, Option<Vec<LookedAt>>), AppError> {
    let options = CheckOptions { only: Some(id.to_owned()), ..options.clone() };
    answered(folder, &*Opened::kept(folder)?, id, &options)
}

type Answered = (Checked, Option<Vec<LookedAt>>);

fn answered(
    folder: &DataFolder,
    opened: &Opened,
    id: &str,
    options: &CheckOptions,
) -> Result<Answered, AppError> {
    let mapped = folder.map()?;
    let (_, meta) = mapped.open()?;
    if let Some(loaded) = &opened.loaded
        && loaded.standing.is_current(folder, &opened.lists, meta.summary.generation)?
        && let Some(answer) = from_stored((folder, &mapped), (opened, loaded), id, options)?
    {
        return Ok(answer);
    }
    Ok((in_full(folder, &mapped, &opened.lists, options)?, None))
}

fn in_full(
    folder: &DataFolder,
    mapped: &MappedIndex,
    lists: &Lists,
    options: &CheckOptions,
) -> Result<Checked, AppError> {
    let mut inputs = Vec::new();
    for holding in &lists.holdings {
        inputs.extend(inputs_of(folder, &holding.lists)?);
    }
    let register = CheckOptions { register: true, ..options.clone() };
    if inputs.is_empty() || register::pointer(folder)?.is_some() {
        inputs.extend(check::inputs(folder, &[], &register)?.0);
    }
    check::check_inputs(folder, mapped, (inputs, None), options, &embedded::prioritisation()?)
}

/// `None` if nothing at all is stored.
fn from_stored(
    (folder, mapped): (&DataFolder, &MappedIndex),
    (opened, loaded): (&Opened, &Loaded),
    id: &str,
    options: &CheckOptions,
) -> Result<Option<Answered>, AppError> {
    let failed = |error| mapped.error(error);
    let (index, meta) = mapped.open()?;
    let all: Vec<&StoredList> = loaded.standing.groups.iter().flat_map(|group| &group.lists).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let found = index.find(id).map_err(failed)?;
    // Only a list itself may know it; that it takes to read them all.
    let Some(found) = found else { return Ok(None) };
    let only = OneVulnerability { identifier: id.to_owned(), numbers: found.vulnerabilities };
    let keys = stored::keys_of(&index, &only).map_err(failed)?;
    let prioritisation = embedded::prioritisation()?;
    let prioritise =
        |facts: &VulnerabilityFacts, asset: Option<&Asset>| check::prioritise(&prioritisation, facts, asset);
    let (confirmed, unusable) = confirmed(&index, &loaded.standing.confirmations).map_err(failed)?;
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: Some(&only),
        confirmed: &confirmed,
        today: clock::day_in_japan(options.now),
    };
    let one = |(input, list): (usize, &&StoredList)| {
        let outline = opened.outlines.get(input).and_then(Option::as_ref);
        match outline.filter(|outline| !outline.may_concern(&keys)) {
            Some(outline) => Ok(OfList::untouched(outline, question)),
            None => of_list((loaded, mapped), question, &keys, (input, list)),
        }
    };
    let answered: Vec<OfList> = all.par_iter().enumerate().map(one).collect::<Result<_, _>>()?;
    let mut outcome = Outcome::default();
    let mut inputs = Vec::with_capacity(answered.len());
    let mut looked_at = Vec::new();
    for of_list in answered {
        inputs.push(of_list.report);
        outcome.join(of_list.outcome);
        looked_at.extend(of_list.looked_at);
    }
    let result = CheckResult {
        as_of: options.now,
        knowledge: meta.summary,
        inputs,
        findings: outcome.take_findings(),
        not_affected: outcome.take_not_affected(),
        undetermined: outcome.undetermined,
        coverage: outcome.coverage,
        remarks: unusable,
    };
    let checked = check::finished(folder, result, outcome.notes, options);
    Ok(Some((checked, Some(looked_at))))
}

/// A component that was looked at and is not meant.
#[derive(Debug, Clone, PartialEq)]
pub struct LookedAt {
    /// Which.
    pub component: Component,
    /// On which asset.
    pub asset: Option<Asset>,
    /// Path of the list.
    pub path: String,
}

/// What one list answers.
struct OfList {
    report: InputReport,
    outcome: Outcome,
    looked_at: Vec<LookedAt>,
}

impl OfList {
    /// Of a list that what is asked does not concern.
    fn untouched(outline: &Outline, question: Question<'_>) -> OfList {
        let coverage = outline.coverage(question.ecosystems);
        let report = InputReport {
            path: outline.path().to_owned(),
            kind: Some(outline.kind()),
            subject: outline.subject().map(str::to_owned),
            components: outline.count(),
            assets: Vec::new(),
            diagnostics: outline.diagnostics().to_vec(),
        };
        let mut outcome = Outcome::default();
        outcome.coverage = coverage;
        OfList { report, outcome, looked_at: Vec::new() }
    }
}

fn of_list(
    (loaded, index): (&Loaded, &MappedIndex),
    question: Question<'_>,
    keys: &[u64],
    (input, list): (usize, &StoredList),
) -> Result<OfList, AppError> {
    let (base, top) = match list {
        StoredList::Read { base, top } => (*base, *top),
        StoredList::Unreadable { path, diagnostics } => {
            let read = InputRead { path: path.into(), inventory: Err(diagnostics.clone()) };
            return Ok(OfList { report: read.report(), outcome: Outcome::default(), looked_at: Vec::new() });
        }
    };
    let failed = |error| loaded.error(base, Some(index), error);
    let list = loaded.list(base, top).map_err(failed)?;
    let numbers = list.consulting(keys).map_err(failed)?;
    let outcome = stored::answer(question, &list, input, &numbers).map_err(failed)?;
    let looked_at = looked_at(&list, &numbers).map_err(failed)?;
    let report = InputReport {
        path: list.path().to_owned(),
        kind: Some(list.kind()),
        subject: list.subject().map(str::to_owned),
        components: list.count(),
        assets: Vec::new(),
        diagnostics: list.diagnostics().to_vec(),
    };
    Ok(OfList { report, outcome, looked_at })
}

fn looked_at(list: &Stored<'_>, numbers: &[u32]) -> Result<Vec<LookedAt>, IndexError> {
    let one = |number: &u32| {
        let component = list.component(*number)?;
        let asset = component.asset.map(|asset| list.asset(asset)).transpose()?.flatten();
        Ok(LookedAt { component, asset, path: list.path().to_owned() })
    };
    numbers.iter().map(one).collect()
}
