//! After a change of the knowledge base, of the register or of the kept lists: cases of every subject follow. A subject that nothing
//! concerns is not judged again; that it was compared is noted all the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::case::{Case, Subject};
use shindan_domain::comparison::{Compared, Comparison, ComparisonEvent, Comparisons};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::Occurrence;
use shindan_report::cases::CaseRefresh;

use super::{Call, Entered, Records, RecordsError, refresh_kept};
use crate::clock::day_in_japan;
use crate::data_folder::DataFolder;
use crate::portfolio::{self, Lists, Renewed};
use crate::progress::Progress;

/// So many entries are read at a time.
const PART: usize = 4096;

/// A subject that nothing concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// Which.
    pub subject: Subject,
    /// What it is called; `None` for the register.
    pub called: Option<String>,
}

/// A subject that could not be compared.
#[derive(Debug)]
pub struct Failed {
    /// Which.
    pub subject: Subject,
    /// What it is called; `None` for the register.
    pub called: Option<String>,
    /// Why.
    pub error: RecordsError,
}

/// What followed.
#[derive(Debug)]
pub struct AfterChange {
    /// What was judged again of the kept lists.
    pub renewed: Renewed,
    /// Subjects that were judged, with what became of their cases.
    pub refreshed: Vec<CaseRefresh>,
    /// Compared, and nothing changed.
    pub unchanged: Vec<Unchanged>,
    /// Not compared. What stood before stands.
    pub failed: Vec<Failed>,
}

impl AfterChange {
    /// True if no subject follows yet: nothing was ever compared and nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.refreshed.is_empty() && self.unchanged.is_empty() && self.failed.is_empty()
    }
}

/// Lets cases follow a change: components that it concerns are judged anew, and the subjects that have them are compared. The result is
/// that of [`refresh_all`]. One subject that fails keeps no other from being compared.
///
/// # Errors
/// Refused without the role; [`crate::error::AppError::KnowledgeMissing`]; those of a damaged portfolio.
pub fn after_knowledge_change(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    progress: &dyn Progress,
) -> Result<AfterChange, RecordsError> {
    follow_all(records, who, call, false, progress)
}

/// Compares every subject by the originals of its kept lists and the register, whatever changed and whatever is stored.
///
/// # Errors
/// As [`after_knowledge_change`].
pub fn refresh_all(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    progress: &dyn Progress,
) -> Result<AfterChange, RecordsError> {
    follow_all(records, who, call, true, progress)
}

fn follow_all(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    all: bool,
    progress: &dyn Progress,
) -> Result<AfterChange, RecordsError> {
    // Nothing is derived before it is known that it may be.
    who.permit(Action::Operate).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let folder = DataFolder::new(records.root());
    let renewed = portfolio::renew(&folder, false, progress)?;
    let lists = Lists::load(&folder)?;
    let installation = records.store().installation().id;
    let compared = records.state::<Comparisons>(installation)?.map(|(_, state)| state.last);
    let compared: BTreeMap<Subject, Comparison> =
        compared.into_iter().flatten().map(|one| (one.compared.subject, one)).collect();
    let mut subjects: BTreeSet<Subject> = lists.holdings.iter().map(|holding| holding.subject).collect();
    // What was compared by lists that are not kept is told as left out, or that lists are needed.
    subjects.extend(compared.keys());
    let spared = if all { Vec::new() } else { spared(records, (&renewed, &lists), &compared, call.now)? };
    let mut after = AfterChange { renewed, refreshed: Vec::new(), unchanged: Vec::new(), failed: Vec::new() };
    for subject in subjects {
        if spared.contains(&subject) {
            continue;
        }
        match refresh_kept(records, who, &Call::at(call.now), (subject, all), progress) {
            Ok((_, report)) => after.refreshed.extend(report),
            Err(error) => after.failed.push(Failed { subject, called: called(records, subject), error }),
        }
    }
    note_unchanged(records, who, call, (&spared, after.renewed.knowledge), &compared)?;
    after.unchanged =
        spared.into_iter().map(|subject| Unchanged { subject, called: called(records, subject) }).collect();
    Ok(after)
}

fn called(records: &Records, subject: Subject) -> Option<String> {
    subject.stream().and_then(|stream| records.called(stream))
}

/// Notes that subjects were compared, with the numbers of the last time: they are the same.
fn note_unchanged(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (spared, knowledge): (&[Subject], u64),
    compared: &BTreeMap<Subject, Comparison>,
) -> Result<(), RecordsError> {
    let last = spared.iter().filter_map(|subject| compared.get(subject));
    let last: Vec<Compared> = last.map(|one| one.compared.clone()).collect();
    if last.is_empty() {
        return Ok(());
    }
    let installation = records.store().installation().id;
    records.act(who, call, Action::Operate, None, |act| {
        let as_of = act.occurrence.at;
        let again = |one: Compared| ComparisonEvent::Compared(Compared { knowledge, as_of, ..one });
        let events: Vec<ComparisonEvent> = last.into_iter().map(again).collect();
        act.note::<Comparisons>(installation, &events)?;
        Ok(Stream::new(Kind::Installation, installation))
    })?;
    Ok(())
}

/// Subjects for which judging everything again would give what stands: neither lists nor register nor what is known of their
/// components changed, nobody touched their cases, assets or policies since, and nothing ends by itself.
fn spared(
    records: &Records,
    (renewed, lists): (&Renewed, &Lists),
    compared: &BTreeMap<Subject, Comparison>,
    now: Timestamp,
) -> Result<Vec<Subject>, RecordsError> {
    let Some(before) = renewed.before.filter(|_| renewed.changed_keys.is_some()) else {
        return Ok(Vec::new());
    };
    let since = compared.values().map(|one| one.at).min().unwrap_or(now);
    let touched = Touched::since(records, since)?;
    let mut spared = Vec::new();
    for (subject, last) in compared {
        if last.compared.knowledge == before
            && is_whole(last, lists)
            && is_unconcerned(renewed, last, now)
            && !touched.concerns(*subject, last.at)
            && !ends_by_itself(records, *subject, last, now)?
        {
            spared.push(*subject);
        }
    }
    Ok(spared)
}

/// The last comparison read exactly what is kept now, and could read all of it.
fn is_whole(last: &Comparison, lists: &Lists) -> bool {
    let kept: BTreeSet<String> =
        lists.of(last.compared.subject).iter().map(portfolio::KeptList::name).collect();
    last.compared.lists == kept && last.compared.left_out.is_empty() && last.compared.unreadable == 0
}

fn is_unconcerned(renewed: &Renewed, last: &Comparison, now: Timestamp) -> bool {
    let own = renewed.of(Some(last.compared.subject));
    let with_register = matches!(last.compared.subject, Subject::Register | Subject::System(_));
    let register = if with_register { renewed.of(None) } else { portfolio::Concerned::default() };
    let same_day = day_in_japan(last.compared.as_of) == day_in_japan(now);
    own.is_spared() && register.is_spared() && (same_day || !(own.dated || register.dated))
}

/// An acceptance, an agreed alternative or a review whose day has come opens a case again.
fn ends_by_itself(
    records: &Records,
    subject: Subject,
    last: &Comparison,
    now: Timestamp,
) -> Result<bool, RecordsError> {
    let actor =
        shindan_domain::ledger::Actor { person: last.by, through: shindan_domain::ledger::Through::Setup };
    let when = Occurrence { at: now, actor };
    Ok(records.cases_of(subject)?.iter().any(|held| held.case.expire(&when).is_ok()))
}

/// What was written to the ledger that may lead to another answer.
#[derive(Default)]
struct Touched {
    /// When the cases of a subject were touched last.
    cases: BTreeMap<Subject, Timestamp>,
    /// When any case was.
    any_case: Option<Timestamp>,
    /// When something was changed that may concern every subject: policies, assets, systems, releases, deployments.
    all: Option<Timestamp>,
}

impl Touched {
    fn since(records: &Records, since: Timestamp) -> Result<Touched, RecordsError> {
        let mut touched = Touched::default();
        let mut after = records.store().last_until(since)?;
        loop {
            let part = records.store().entries(after, PART)?;
            let Some(end) = part.last().map(|stored| stored.entry.sequence) else { return Ok(touched) };
            for stored in &part {
                touched.take(records, stored.entry.stream, stored.entry.at)?;
            }
            after = end;
        }
    }

    fn take(&mut self, records: &Records, stream: Stream, at: Timestamp) -> Result<(), RecordsError> {
        match stream.kind {
            Kind::Case => {
                self.any_case = self.any_case.max(Some(at));
                if let Some((_, case)) = records.state::<Case>(stream.id)? {
                    let last = self.cases.entry(case.subject).or_insert(at);
                    *last = at.max(*last);
                }
            }
            Kind::Policy | Kind::Asset | Kind::System | Kind::Release | Kind::Deployment => {
                self.all = self.all.max(Some(at));
            }
            _ => {}
        }
        Ok(())
    }

    fn concerns(&self, subject: Subject, since: Timestamp) -> bool {
        let later = |at: Option<Timestamp>| at.is_some_and(|at| at > since);
        // A deployment takes over what is decided on its release.
        let inherited = matches!(subject, Subject::Deployment(_)) && later(self.any_case);
        later(self.all) || inherited || later(self.cases.get(&subject).copied())
    }
}
