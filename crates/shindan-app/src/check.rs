//! Use cases `check` and `who`: inventories against the knowledge base.

use std::collections::BTreeSet;
use std::ops::{Deref, Range};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use shindan_domain::cvss;
use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::finding::{
    CheckResult, Decided, Finding, InputReport, NotAffected, Undetermined, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, Inventory};
use shindan_domain::knowledge::KnowledgeSummary;
use shindan_domain::priority::{PriorityInputs, decide};
use shindan_domain::same_host;
use shindan_formats::inventory::{self, Beside};
use shindan_formats::limits::Limits;
use shindan_match::check::{Judge, OneVulnerability, Outcome, Question};
use shindan_match::index::layout::IndexError;
use shindan_match::index::read::Index;
use shindan_match::prepared::Prepared;

use crate::clock;
use crate::data_folder::{DataFolder, MappedIndex};
use crate::embedded::{self, Prioritisation};
use crate::error::AppError;
use crate::records::collect::remarks::remarks;
use crate::{file_bytes, ingest, register};

/// How to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// The time the answer holds for.
    pub now: Timestamp,
    /// The newest document may be this old.
    pub max_age_days: Option<u32>,
    /// Use older knowledge all the same, and say so.
    pub allow_stale: bool,
    /// Ask about one vulnerability only (`who`): any identifier of it.
    pub only: Option<String>,
    /// Check the register of the data folder, too.
    pub register: bool,
}

/// The answer, and whether all inputs could be read.
#[derive(Debug)]
pub struct Checked {
    /// The answer.
    pub result: CheckResult,
    /// True if some input, or a part of it, could not be read.
    pub unreadable: bool,
    /// True if the knowledge is older than allowed.
    pub stale: bool,
}

/// Checks inventories: files, or folders of them.
///
/// # Errors
/// [`AppError::KnowledgeMissing`], [`AppError::Index`], [`AppError::NotFound`] for an unknown `only`, or
/// [`AppError::RegisterMissing`] if there is nothing to check; those of reading the register.
pub fn check(folder: &DataFolder, paths: &[PathBuf], options: &CheckOptions) -> Result<Checked, AppError> {
    check_by(folder, paths, options, &embedded::prioritisation()?)
}

/// Checks inventories, with priorities by rules that an institution has approved.
///
/// # Errors
/// As [`check()`].
pub fn check_by(
    folder: &DataFolder,
    paths: &[PathBuf],
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Checked, AppError> {
    let mapped = folder.map()?;
    let (inputs, passed_over) = inputs(folder, paths, options)?;
    check_inputs(folder, &mapped, (inputs, passed_over), options, prioritisation)
}

/// Hears of what a check finds while it is still looking.
pub trait Listener: Sync {
    /// With which knowledge inputs with these paths are going to be judged.
    fn begin(&self, as_of: Timestamp, knowledge: &KnowledgeSummary, paths: Vec<String>);

    /// What was found in a part of the inventories. Parts are counted from 0 in the order of the inventories and their components; several
    /// threads tell of them, each as soon as it is done.
    fn part(&self, number: usize, found: Found);
}

/// What was found in a part of the inventories.
#[derive(Debug)]
pub struct Found {
    /// What hits.
    pub findings: Vec<Finding>,
    /// What would hit, and is denied by somebody who knows the product.
    pub not_affected: Vec<NotAffected>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
}

/// Checks inventories, and tells `listener` what is found as it is found. Findings of one part are ordered by urgency; the answer's own
/// lists of findings and open questions are empty.
///
/// # Errors
/// As [`check()`]. Parts that were told before an error are not all there are.
pub fn check_telling(
    folder: &DataFolder,
    paths: &[PathBuf],
    options: &CheckOptions,
    listener: &dyn Listener,
) -> Result<Checked, AppError> {
    let mapped = folder.map()?;
    let (inputs, passed_over) = inputs(folder, paths, options)?;
    let asked = Asked { options, prioritisation: &embedded::prioritisation()?, listener: Some(listener) };
    answer(folder, &mapped, (inputs, passed_over), asked)
}

/// Checks one inventory that was put together here.
///
/// # Errors
/// As [`check()`].
pub(crate) fn check_inventory(
    folder: &DataFolder,
    inventory: Inventory,
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Checked, AppError> {
    let mapped = folder.map()?;
    let input = InputRead { path: PathBuf::from(&inventory.path), inventory: Ok(inventory) };
    check_inputs(folder, &mapped, (vec![input], None), options, prioritisation)
}

pub(crate) fn check_inputs(
    folder: &DataFolder,
    mapped: &MappedIndex,
    (inputs, passed_over): (Vec<InputRead>, Option<Diagnostic>),
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Checked, AppError> {
    answer(folder, mapped, (inputs, passed_over), Asked { options, prioritisation, listener: None })
}

/// How inventories are to be judged, and who hears of it meanwhile.
#[derive(Clone, Copy)]
struct Asked<'a> {
    options: &'a CheckOptions,
    prioritisation: &'a Prioritisation,
    listener: Option<&'a dyn Listener>,
}

fn answer(
    folder: &DataFolder,
    mapped: &MappedIndex,
    (inputs, passed_over): (Vec<InputRead>, Option<Diagnostic>),
    Asked { options, prioritisation, listener }: Asked<'_>,
) -> Result<Checked, AppError> {
    let (index, meta) = mapped.open()?;
    let prepared = prepare(&inputs, &index).map_err(|e| mapped.error(e))?;
    let only = match &options.only {
        None => None,
        Some(id) => {
            let known = index.find(id).map_err(|e| mapped.error(e))?;
            if known.is_none() && !prepared.iter().any(|(_, inventory)| !inventory.find(id).is_empty()) {
                return Err(AppError::NotFound(id.clone()));
            }
            let numbers = known.map(|found| found.vulnerabilities).unwrap_or_default();
            Some(OneVulnerability { identifier: id.clone(), numbers })
        }
    };
    let prioritise =
        |facts: &VulnerabilityFacts, asset: Option<&Asset>| prioritise(prioritisation, facts, asset);
    let (confirmed, unusable) = register::confirmed(folder, mapped, &index)?;
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: only.as_ref(),
        confirmed: &confirmed,
        today: clock::day_in_japan(options.now),
    };
    let paths = || inputs.iter().map(|input| input.path.display().to_string()).collect();
    if let Some(listener) = listener {
        listener.begin(options.now, &meta.summary, paths());
    }
    let mut outcome = judge(question, &prepared, listener).map_err(|e| mapped.error(e))?;
    let result = CheckResult {
        as_of: options.now,
        knowledge: meta.summary,
        inputs: inputs.into_iter().map(InputRead::report).collect(),
        findings: outcome.take_findings(),
        not_affected: outcome.take_not_affected(),
        undetermined: outcome.undetermined,
        coverage: outcome.coverage,
        remarks: passed_over.into_iter().chain(unusable).collect(),
    };
    Ok(finished(folder, result, outcome.notes, options))
}

/// Adds what is told of an answer as a whole: sources, support that ends soon, the age of the knowledge.
pub(crate) fn finished(
    folder: &DataFolder,
    mut result: CheckResult,
    notes: Vec<(usize, Diagnostic)>,
    options: &CheckOptions,
) -> Checked {
    result.remarks.extend(remarks(folder, options.now));
    note_support_ends(&mut result, notes);
    let stale = remark_on_age(&mut result, options);
    let unreadable = is_unreadable(&result);
    Checked { result, unreadable, stale }
}

/// What is to be judged: the files and, if it is asked for, the register; and a remark about what was passed over.
///
/// # Errors
/// [`AppError::RegisterMissing`] if there is no register that could be asked for; those of reading it.
pub(crate) fn inputs(
    folder: &DataFolder,
    paths: &[PathBuf],
    options: &CheckOptions,
) -> Result<(Vec<InputRead>, Option<Diagnostic>), AppError> {
    let (mut inputs, passed_over) = read_inventories(paths);
    if options.register {
        let registered = register::load(folder)?;
        if registered.last == 0 {
            return Err(AppError::RegisterMissing(folder.root().to_owned()));
        }
        let inventory = register::inventory(folder, &registered);
        inputs.push(InputRead { path: PathBuf::from(&inventory.path), inventory: Ok(inventory) });
    }
    Ok((inputs, passed_over))
}

/// True if some input, or a part of it, could not be read.
pub(crate) fn is_unreadable(result: &CheckResult) -> bool {
    let unreadable =
        |i: &InputReport| i.kind.is_none() || i.diagnostics.iter().any(|d| d.severity() == Severity::Error);
    result.inputs.iter().any(unreadable)
}

/// The least number of components for which a part of its own pays.
const SMALLEST_PART: usize = 8192;
/// Parts of a large inventory for each core, so that no core waits long for another.
const PARTS_PER_CORE: usize = 8;

/// The inventories that could be read, by the number of their input.
pub(crate) fn prepare<'i>(
    inputs: &'i [InputRead],
    index: &Index<'_>,
) -> Result<Vec<(usize, Prepared<'i>)>, IndexError> {
    let mut prepared = Vec::with_capacity(inputs.len());
    for (number, input) in inputs.iter().enumerate() {
        if let Ok(inventory) = &input.inventory {
            prepared.push((number, Prepared::new(inventory, index)?));
        }
    }
    Ok(prepared)
}

/// Judges all inventories, large ones in parts, on all cores. The answer does not depend on who judges which part.
fn judge(
    question: Question<'_>,
    inventories: &[(usize, Prepared<'_>)],
    listener: Option<&dyn Listener>,
) -> Result<Outcome, IndexError> {
    // One without components may still state something about its subject.
    let counts = |inventory: &Prepared<'_>| inventory.inventory().components.len().max(1);
    if let [(number, inventory)] = inventories
        && counts(inventory) <= SMALLEST_PART
    {
        // Starting threads, even asking how many there could be, takes longer than judging one small inventory.
        let mut outcome = Judge::new(question, inventory, *number)?.part(0..counts(inventory))?;
        tell(listener, 0, &mut outcome);
        return Ok(outcome);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut parts = Vec::new();
    for (number, inventory) in inventories {
        let count = counts(inventory);
        // Who listens is not kept waiting for a large part, nor has it in memory.
        let part = match listener {
            Some(_) => SMALLEST_PART,
            None => count.div_ceil(PARTS_PER_CORE * cores).max(SMALLEST_PART),
        };
        parts.extend(
            (0..count).step_by(part).map(|start| (inventory, *number, start..count.min(start + part))),
        );
    }
    let next = AtomicUsize::new(0);
    let judged: Vec<Vec<(usize, Outcome)>> = (0..cores)
        .into_par_iter()
        .map(|_| judge_in_turn(question, &parts, &next, listener))
        .collect::<Result<_, IndexError>>()?;
    let mut judged: Vec<(usize, Outcome)> = judged.into_iter().flatten().collect();
    judged.sort_unstable_by_key(|(turn, _)| *turn);
    let mut total = Outcome::default();
    total.undetermined.reserve_exact(judged.iter().map(|(_, outcome)| outcome.undetermined.len()).sum());
    for (_, outcome) in judged {
        total.join(outcome);
    }
    Ok(total)
}

/// An inventory with its number, and the components of it that are judged in one turn.
type Part<'p> = (&'p Prepared<'p>, usize, Range<usize>);

/// Judges parts until none is left, each with its turn. What parts of one inventory have in common is made once.
fn judge_in_turn(
    question: Question<'_>,
    parts: &[Part<'_>],
    next: &AtomicUsize,
    listener: Option<&dyn Listener>,
) -> Result<Vec<(usize, Outcome)>, IndexError> {
    let mut judged = Vec::new();
    let mut judge: Option<(usize, Judge<'_>)> = None;
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        let Some((inventory, number, part)) = parts.get(turn) else { return Ok(judged) };
        let made = match &mut judge {
            Some((of, judge)) if of == number => judge.part(part.clone()),
            other => Judge::new(question, inventory, *number)
                .and_then(|judge| other.insert((*number, judge)).1.part(part.clone())),
        };
        // Without one part there is no answer: nobody takes another one.
        let mut outcome = made.inspect_err(|_| next.store(parts.len(), Ordering::Relaxed))?;
        tell(listener, turn, &mut outcome);
        judged.push((turn, outcome));
    }
}

/// Hands over what was found in a part, if somebody listens.
fn tell(listener: Option<&dyn Listener>, part: usize, outcome: &mut Outcome) {
    let Some(listener) = listener else { return };
    let found = Found {
        findings: outcome.take_findings(),
        not_affected: outcome.take_not_affected(),
        undetermined: std::mem::take(&mut outcome.undetermined),
    };
    listener.part(part, found);
}

pub(crate) struct InputRead {
    pub(crate) path: PathBuf,
    pub(crate) inventory: Result<Inventory, Vec<Diagnostic>>,
}

impl InputRead {
    pub(crate) fn report(self) -> InputReport {
        let path = self.path.display().to_string();
        match self.inventory {
            Ok(inventory) => InputReport {
                path,
                kind: Some(inventory.kind),
                subject: inventory.subject,
                components: inventory.components.len(),
                assets: inventory.assets,
                diagnostics: inventory.diagnostics,
            },
            Err(diagnostics) => InputReport {
                path,
                kind: None,
                subject: None,
                components: 0,
                assets: Vec::new(),
                diagnostics,
            },
        }
    }
}

/// The inputs, and a remark about the files of folders that were not read because they only describe them.
fn read_inventories(paths: &[PathBuf]) -> (Vec<InputRead>, Option<Diagnostic>) {
    let limits = Limits::DEFAULT;
    let (files, diagnostics) = ingest::files(paths);
    // Each by itself from the disk to the inventory: the bytes of a file are kept no longer than that takes.
    let read = |path: PathBuf| {
        let bytes = file_bytes::read(&path, &limits).map_err(|d| vec![d]);
        read_one(path, bytes, &limits)
    };
    // For a single file, starting threads would take longer than they save.
    let mut inputs: Vec<InputRead> = match <[PathBuf; 1]>::try_from(files) {
        Ok([only]) => vec![read(only)],
        Err(files) => files.into_par_iter().map(read).collect(),
    };
    join(&mut inputs);
    let (notes, problems): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|d| d.code == Code::FileSkipped);
    for diagnostic in problems {
        inputs.push(InputRead {
            path: PathBuf::from(&diagnostic.place.path),
            inventory: Err(vec![diagnostic]),
        });
    }
    (inputs, passed_over(&notes))
}

/// Bytes of a file with its path, or why there are none.
pub(crate) type NamedBytes = (PathBuf, Result<Vec<u8>, Vec<Diagnostic>>);

/// Inventories from bytes that were read, each with the path that it is called by.
pub(crate) fn read_named(files: Vec<NamedBytes>) -> Vec<InputRead> {
    let limits = Limits::DEFAULT;
    let mut inputs: Vec<InputRead> =
        files.into_par_iter().map(|(path, bytes)| read_one(path, bytes, &limits)).collect();
    join(&mut inputs);
    inputs
}

fn read_one(
    path: PathBuf,
    bytes: Result<impl Deref<Target = [u8]>, Vec<Diagnostic>>,
    limits: &Limits,
) -> InputRead {
    let beside: &Beside<'_> =
        &|make| rayon::scope_fifo(|scope| make(&mut |work| scope.spawn_fifo(move |_| work())));
    let called = path.display().to_string();
    let inventory = bytes.and_then(|bytes| inventory::read_beside(&bytes, &called, limits, beside));
    InputRead { path, inventory }
}

/// Several files may tell of one host, each of them a part.
fn join(inputs: &mut [InputRead]) {
    let mut read: Vec<&mut Inventory> = inputs.iter_mut().filter_map(|i| i.inventory.as_mut().ok()).collect();
    same_host::join(&mut read);
}

fn passed_over(notes: &[Diagnostic]) -> Option<Diagnostic> {
    let names: BTreeSet<&str> =
        notes.iter().filter_map(|n| n.params.get("hint")).map(String::as_str).collect();
    let first: Vec<&str> = names.into_iter().take(5).collect();
    let hint = format!("{}: {}", notes.len(), first.join(", "));
    (!notes.is_empty()).then(|| Diagnostic::new(Code::FileSkipped, Place::default()).with("hint", hint))
}

pub(crate) fn prioritise(
    prioritisation: &Prioritisation,
    facts: &VulnerabilityFacts,
    asset: Option<&Asset>,
) -> Decided {
    // A vector that cannot be read was reported when the knowledge base was built; then the policy's default applies.
    let attack = facts.cvss.as_ref().and_then(|c| cvss::vector_points(&c.vector).ok());
    let inputs = PriorityInputs {
        kind: facts.kind,
        kev: facts.kev.as_ref(),
        epss: facts.epss.as_ref().map(|e| e.score.as_str()),
        ssvc: facts.ssvc.as_ref(),
        attack: attack.as_ref(),
        asset_kind: asset.and_then(|a| a.kind),
        asset_kind_text: asset.and_then(|a| a.kind_text.as_deref()),
        exposure: asset.and_then(|a| a.exposure),
        exposure_text: asset.and_then(|a| a.exposure_text.as_deref()),
    };
    let (priority, path) = decide(&inputs, &prioritisation.policy, &prioritisation.table);
    Decided { priority, path }
}

/// Puts each note to its input, and one remark in front of the answer.
fn note_support_ends(result: &mut CheckResult, mut notes: Vec<(usize, Diagnostic)>) {
    let date = |note: &Diagnostic| note.params.get("date").cloned().unwrap_or_default();
    notes.sort_by_cached_key(|(input, note)| (date(note), *input, note.place.clone()));
    if let Some((_, first)) = notes.first() {
        let named = notes.iter().take(3).filter_map(|(_, note)| note.params.get("name").cloned());
        let mut names: Vec<String> = named.collect();
        names.dedup();
        result.remarks.push(
            Diagnostic::new(Code::SupportEndsSoonSummary, Place::default())
                .with("count", notes.len())
                .with("date", date(first))
                .with("names", names.join(", ")),
        );
    }
    for (input, note) in notes {
        if let Some(report) = result.inputs.get_mut(input) {
            report.diagnostics.push(note);
        }
    }
}

/// Compares the newest document with `now`. Knowledge without any date is as good as old.
pub(crate) fn remark_on_age(result: &mut CheckResult, options: &CheckOptions) -> bool {
    let Some(limit) = options.max_age_days else { return false };
    let newest = result.knowledge.newest;
    let age = age(&result.knowledge, options.now);
    if age.is_some_and(|age| age <= SignedDuration::from_hours(24 * i64::from(limit))) {
        return false;
    }
    let code = if options.allow_stale { Code::KnowledgeStaleAllowed } else { Code::KnowledgeStale };
    let days = age.map_or_else(|| "?".to_owned(), |age| (age.as_hours() / 24).to_string());
    let newest = newest.map_or_else(|| "?".to_owned(), |t| t.to_string());
    result.remarks.push(
        Diagnostic::new(code, Place::default())
            .with("newest", newest)
            .with("days", days)
            .with("limit", limit),
    );
    !options.allow_stale
}

fn age(knowledge: &KnowledgeSummary, now: Timestamp) -> Option<SignedDuration> {
    knowledge.newest.map(|newest| now.duration_since(newest))
}
