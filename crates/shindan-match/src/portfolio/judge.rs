//! How components stand with a knowledge base, and the answer about those that are concerned.

use std::collections::BTreeMap;
use std::sync::Arc;

use shindan_domain::advisory::Advisory;
use shindan_domain::finding::{Coverage, EcosystemCoverage};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component};

use super::read::Stored;
use super::{Standing, State, Whole};
use crate::check::{Concerned, OneVulnerability, Outcome, Question, Run};
use crate::index::filing::Filing;
use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::index::table;
use crate::index::trace::Trace;
use crate::keys;
use crate::known::Known;
use crate::matcher::{Doubt, Judgement, Matcher, Surroundings};
use crate::prepared::Prepared;

/// How these components of an inventory stand, in their order.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn stand(
    question: Question<'_>,
    prepared: &Prepared<'_>,
    part: std::ops::Range<usize>,
) -> Result<Vec<Standing>, IndexError> {
    let inventory = prepared.inventory();
    let trace = Trace::default();
    let mut judge = Judge::new(question, prepared, &trace);
    let surroundings = Surroundings::new(inventory);
    judge.whole(&surroundings, false)?;
    let mut standings = Vec::with_capacity(part.len().min(inventory.components.len()));
    inventory.components.visit(part, |_, component| {
        standings.push(judge.stand(component, &surroundings)?);
        Ok::<(), IndexError>(())
    })?;
    Ok(standings)
}

/// How what the inventory describes as a whole stands.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn stand_whole(question: Question<'_>, prepared: &Prepared<'_>) -> Result<Whole, IndexError> {
    let trace = Trace::default();
    let mut judge = Judge::new(question, prepared, &trace);
    let unlisted = prepared.unlisted_whole().is_some();
    judge.whole(&Surroundings::new(prepared.inventory()), unlisted)
}

/// How components stand, each with its number.
pub type Numbered = Vec<(u32, Standing)>;

/// How some components of a stored list stand now, and how the whole does.
///
/// # Errors
/// [`IndexError`] if the index or the list is damaged where it is read.
pub fn stand_again(
    question: Question<'_>,
    stored: &Stored<'_>,
    numbers: &[u32],
) -> Result<(Numbered, Whole), IndexError> {
    beside(question, stored, |judge, surroundings| {
        let whole = judge.whole(surroundings, stored.head().unlisted)?;
        let mut standings = Vec::with_capacity(numbers.len());
        for &number in numbers {
            standings.push((number, judge.stand(&stored.component(number)?, surroundings)?));
        }
        Ok((standings, whole))
    })
}

/// The answer about one list: these components are judged, of the others what is known stands. For `who` these are all for
/// which a key of the vulnerability's statements was consulted ([`keys_of`]); then it is the answer about the whole list, but for
/// the ends of support that the list itself tells, about which nobody asks then.
///
/// # Errors
/// [`IndexError`] if the index or the list is damaged where it is read.
pub fn answer(
    question: Question<'_>,
    stored: &Stored<'_>,
    input: usize,
    numbers: &[u32],
) -> Result<Outcome, IndexError> {
    let mut all = stored.doubtful()?;
    all.extend_from_slice(numbers);
    all.sort_unstable();
    all.dedup();
    let mut outcome = beside(question, stored, |judge, surroundings| {
        let known = judge.known;
        let mut run = Run::new(question, known, judge.prepared.inventory(), input);
        if let Some(whole) = stored.head().about.as_deref() {
            let judgement = judge.matcher.judge_whole(whole, surroundings)?;
            if stored.head().unlisted {
                run.tell(&Concerned::alone(whole), None, judgement)?;
            }
        }
        let mut assets = Assets::default();
        for &number in &all {
            let component = stored.component(number)?;
            let judgement = if numbers.binary_search(&number).is_ok() {
                judge.matcher.judge(&component, surroundings)?
            } else {
                stands(&stored.component_record(number)?.standing()?)
            };
            let asset = assets.of(stored, &component)?;
            run.tell(&Concerned::alone(&component), asset.as_ref(), judgement)?;
        }
        Ok(run.outcome())
    })?;
    cover(&mut outcome, stored.state(), question);
    Ok(outcome)
}

/// What could not be judged about a component as a whole, as a judgement.
fn stands(standing: &Standing) -> Judgement<'static> {
    let doubt = |(code, params): &(_, _)| Doubt {
        vulnerability: None,
        advisory: None,
        code: *code,
        params: Arc::new(std::clone::Clone::clone(params)),
    };
    Judgement { doubts: standing.doubts.iter().map(doubt).collect(), ..Judgement::default() }
}

pub(super) fn cover(outcome: &mut Outcome, state: &State, question: Question<'_>) {
    outcome.coverage = coverage(state, question.ecosystems);
}

/// How much of a list an answer covers, whatever is asked.
pub(super) fn coverage(state: &State, ecosystems: &BTreeMap<String, u64>) -> Coverage {
    let ecosystem = |(name, components): (&String, &usize)| EcosystemCoverage {
        name: name.clone(),
        components: *components,
        advisories: ecosystems.get(name).copied().unwrap_or_default(),
    };
    Coverage {
        components: state.components,
        judged: state.judged,
        undetermined: state.undetermined,
        by_method: state.by_method.iter().map(|(method, count)| (method.as_str(), *count)).collect(),
        ecosystems: state.ecosystems.iter().map(ecosystem).collect(),
        patched_by_unsettled: state.unsettled,
    }
}

/// Assets as they are needed, each read once.
#[derive(Default)]
pub(super) struct Assets(rustc_hash::FxHashMap<u32, Option<Arc<Asset>>>);

impl Assets {
    /// Assets that were read already, by number.
    pub(super) fn holding(all: &[Arc<Asset>]) -> Assets {
        Assets((0..).zip(all.iter().cloned().map(Some)).collect())
    }

    pub(super) fn of(
        &mut self,
        stored: &Stored<'_>,
        component: &Component,
    ) -> Result<Option<Arc<Asset>>, IndexError> {
        let Some(number) = component.asset else { return Ok(None) };
        if let Some(known) = self.0.get(&number) {
            return Ok(known.clone());
        }
        let asset = stored.asset(number)?.map(Arc::new);
        self.0.insert(number, asset.clone());
        Ok(asset)
    }
}

/// A matcher over a list of which not all is at hand, with what it notes.
struct Judge<'a> {
    prepared: &'a Prepared<'a>,
    known: Known<'a>,
    matcher: Matcher<'a>,
    /// Puts what is told into the form that is kept.
    run: Run<'a>,
    trace: &'a Trace,
}

impl<'a> Judge<'a> {
    fn new(question: Question<'a>, prepared: &'a Prepared<'a>, trace: &'a Trace) -> Self {
        let known = prepared.known(question.index.traced(trace));
        let matcher = Matcher::new(known, question.ecosystems).with_confirmed(question.confirmed);
        // What is kept is told of no input in particular.
        let run = Run::new(question, known, prepared.inventory(), 0);
        Judge { prepared, known, matcher, run, trace }
    }

    /// Judges what the inventory describes; what is told of it is only kept if it is `unlisted`, not one of its components.
    fn whole(&mut self, surroundings: &Surroundings<'_>, unlisted: bool) -> Result<Whole, IndexError> {
        drop(self.trace.take());
        let mut whole = Whole::default();
        if let Some(about) = self.prepared.inventory().about.as_deref() {
            let judgement = self.matcher.judge_whole(about, surroundings)?;
            if unlisted {
                whole.told = self.run.told(about, judgement)?;
            }
        }
        whole.keys = self.trace.take();
        Ok(whole)
    }

    fn stand(
        &mut self,
        component: &Component,
        surroundings: &Surroundings<'_>,
    ) -> Result<Standing, IndexError> {
        drop(self.trace.take());
        let mut judgement = self.matcher.judge(component, surroundings)?;
        let mut ending = false;
        let about = judgement.hits.iter().map(|hit| hit.vulnerability);
        for number in about.chain(judgement.doubts.iter().filter_map(|doubt| doubt.vulnerability)) {
            ending |= self.known.vulnerability(number)?.kind == FindingKind::EndOfLife;
        }
        let of_the_whole = judgement.doubts.iter().filter(|doubt| doubt.vulnerability.is_none());
        Ok(Standing {
            undetermined: !judgement.doubts.is_empty(),
            doubts: of_the_whole.map(|doubt| (doubt.code, (*doubt.params).clone())).collect(),
            ending,
            ecosystem: std::mem::take(&mut judgement.ecosystem),
            methods: std::mem::take(&mut judgement.methods),
            keys: self.trace.take(),
            told: self.run.told(component, judgement)?,
        })
    }
}

/// Does the work with what is at hand. If a statement depends on what else the list holds, all of it is read, and the work done
/// again.
fn beside<T>(
    question: Question<'_>,
    stored: &Stored<'_>,
    work: impl Fn(&mut Judge<'_>, &Surroundings<'_>) -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    let skeleton = stored.skeleton();
    let prepared = Prepared::new(&skeleton, &question.index)?;
    let trace = Trace::default();
    let surroundings = Surroundings::new(&skeleton);
    let done = work(&mut Judge::new(question, &prepared, &trace), &surroundings)?;
    if !surroundings.was_asked() {
        return Ok(done);
    }
    let whole = stored.inventory()?;
    work(&mut Judge::new(question, &prepared, &trace), &Surroundings::new(&whole))
}

/// Hashes of all keys under which something is said of these vulnerabilities, ascending. They are found by filing the advisories that
/// name them once more, by the very functions that filed them.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn keys_of(index: &Index<'_>, asked: &OneVulnerability) -> Result<Vec<u64>, IndexError> {
    let mut advisories: Vec<u32> = Vec::new();
    for &number in &asked.numbers {
        let id = index.vulnerability(number)?.id;
        advisories.extend(index.find(&id)?.into_iter().flat_map(|found| found.advisories));
    }
    advisories.sort_unstable();
    advisories.dedup();
    let mut filing = Filing::new(&index.devices()?, |name| index.update_number(name).ok().flatten());
    for number in advisories {
        let mut advisory = index.advisory(number)?;
        keep_only(index, asked, &mut advisory)?;
        filing.file_advisory(number, &advisory, |_| &[]);
    }
    let filed = filing.finish().lists;
    // The names of a maker's products are no statements.
    let said = filed.iter().filter(|list| !keys::is_names(&list.key));
    let mut keys: Vec<u64> = said.map(|list| table::hash(&list.key)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Leaves of an advisory the statements about what is asked: a document may speak of thousands of others.
fn keep_only(index: &Index<'_>, asked: &OneVulnerability, advisory: &mut Advisory) -> Result<(), IndexError> {
    let mut meant = Vec::with_capacity(advisory.vulnerabilities.len());
    for vulnerability in &advisory.vulnerabilities {
        let found = index.find(&vulnerability.id)?.unwrap_or_default().vulnerabilities;
        meant.push(found.iter().any(|number| asked.numbers.contains(number)));
    }
    let about = |number: &u32| meant.get(*number as usize).copied().unwrap_or(true);
    advisory
        .affected
        .retain(|affected| affected.vulnerabilities.is_empty() || affected.vulnerabilities.iter().any(about));
    Ok(())
}
