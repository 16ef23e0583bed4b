//! The answer that the cases of a subject follow, from what is stored: nothing is matched, and no original is read.

use rayon::prelude::*;
use shindan_domain::case::Subject;
use shindan_domain::finding::{CheckResult, InputReport, VulnerabilityFacts};
use shindan_domain::inventory::Asset;
use shindan_match::check::{Outcome, Question};
use shindan_match::index::layout::IndexError;
use shindan_match::portfolio as stored;

use super::lists::Lists;
use super::standing::confirmed;
use super::state::{Loaded, StoredList};
use crate::check::{self, CheckOptions, Checked, InputRead};
use crate::clock;
use crate::data_folder::{DataFolder, MappedIndex};
use crate::embedded::Prioritisation;
use crate::error::AppError;

/// The answer about what is kept for a subject and, but for software, about the register. It is the one that judging all of it gives,
/// without what somebody denies, which no case follows. Priorities and days are those of the call.
///
/// `None` if that is not stored, is behind or cannot be read: then the originals must be judged.
///
/// # Errors
/// [`AppError::KnowledgeMissing`], [`AppError::Index`] if the knowledge base is damaged; those of reading what is kept.
pub(crate) fn told(
    folder: &DataFolder,
    subject: Subject,
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Option<Checked>, AppError> {
    let mapped = folder.map()?;
    let (_, meta) = mapped.open()?;
    let loaded = match Loaded::open(folder) {
        Ok(Some(loaded)) => loaded,
        Ok(None) | Err(AppError::Index { .. } | AppError::Portfolio { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let lists = Lists::load(folder)?;
    if !loaded.standing.is_current(folder, &lists, meta.summary.generation)? {
        return Ok(None);
    }
    let software = matches!(subject, Subject::Release(_) | Subject::Deployment(_));
    let mut all: Vec<&StoredList> = Vec::new();
    for of in [Some(subject), None] {
        let group = loaded.standing.groups.iter().find(|group| group.subject == of);
        let meant = group.filter(|_| of.is_some() || !software);
        all.extend(meant.iter().flat_map(|group| &group.lists));
    }
    if all.is_empty() || software && lists.of(subject).is_empty() {
        // What is needed then, or missing, is told where the originals are read.
        return Ok(None);
    }
    match from_stored((folder, &mapped), &loaded, &all, options, prioritisation) {
        Ok(checked) => Ok(Some(checked)),
        // Damage of what is derived never keeps a case from following.
        Err(IndexError::Stored(_)) => Ok(None),
        Err(error) => Err(mapped.error(error)),
    }
}

fn from_stored(
    (folder, mapped): (&DataFolder, &MappedIndex),
    loaded: &Loaded,
    all: &[&StoredList],
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Checked, IndexError> {
    let (index, meta) = mapped.read()?;
    let prioritise =
        |facts: &VulnerabilityFacts, asset: Option<&Asset>| check::prioritise(prioritisation, facts, asset);
    let (confirmed, unusable) = confirmed(&index, &loaded.standing.confirmations)?;
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: clock::day_in_japan(options.now),
    };
    let one = |(input, list): (usize, &&StoredList)| of_list(loaded, question, (input, list));
    let answered: Vec<(InputReport, Outcome)> =
        all.par_iter().enumerate().map(one).collect::<Result<_, _>>()?;
    let mut outcome = Outcome::default();
    let mut inputs = Vec::with_capacity(answered.len());
    for (report, part) in answered {
        inputs.push(report);
        outcome.join(part);
    }
    let result = CheckResult {
        as_of: options.now,
        knowledge: meta.summary,
        inputs,
        findings: outcome.take_findings(),
        not_affected: Vec::new(),
        undetermined: outcome.undetermined,
        coverage: outcome.coverage,
        remarks: unusable,
    };
    Ok(check::finished(folder, result, outcome.notes, options))
}

fn of_list(
    loaded: &Loaded,
    question: Question<'_>,
    (input, list): (usize, &StoredList),
) -> Result<(InputReport, Outcome), IndexError> {
    let (base, top) = match list {
        StoredList::Read { base, top } => (*base, *top),
        StoredList::Unreadable { path, diagnostics } => {
            let read = InputRead { path: path.into(), inventory: Err(diagnostics.clone()) };
            return Ok((read.report(), Outcome::default()));
        }
    };
    let list = loaded.list(base, top)?;
    let outcome = stored::tell(question, &list, input)?;
    let report = InputReport {
        path: list.path().to_owned(),
        kind: Some(list.kind()),
        subject: list.subject().map(str::to_owned),
        components: list.count(),
        assets: list.assets()?,
        diagnostics: list.diagnostics().to_vec(),
    };
    Ok((report, outcome))
}
