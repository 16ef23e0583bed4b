//! Use case `report changes --since`: what changed within a span of the ledger. The digest that is sent to people is made from the
//! same answer.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use shindan_domain::calendar::{day, start_of};
use shindan_domain::case::{Case, CaseEvent};
use shindan_domain::collect::{
    CellState, CheckFacts, CheckOutcome, Notice, NoticeEvent, PlanSpan, Source, SourceCheck,
    SourceCheckEvent, calendar,
};
use shindan_domain::comparison::{ComparisonEvent, Comparisons, KeptPart};
use shindan_domain::ledger::{Entry, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Process, decode};
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_report::since::{
    AlarmLine, CaseLine, CaseMove, ChangesSince, FailedLine, GenerationLine, MissedLine, NoticeLine,
};
use uuid::Uuid;

use super::{Entered, Records, RecordsError};

/// So many entries are read at a time.
const PART: usize = 4096;

/// From where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From the beginning of a day in Japan.
    Day(Date),
    /// After an entry of the ledger ([`ChangesSince::last`] of the answer before). Days missed are told from `at` on.
    Entry {
        /// Its number.
        sequence: u64,
        /// When the answer before was made.
        at: Timestamp,
    },
}

/// What changed up to now.
///
/// # Errors
/// Refused without a role that reads; [`RecordsError::Invalid`] for a day that has not come; those of reading.
pub fn changes_since(
    records: &Records,
    who: &Entered,
    since: Since,
    now: Timestamp,
) -> Result<ChangesSince, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let (from, after) = match since {
        Since::Day(date) if date > day(now) => {
            return Err(RecordsError::Invalid { field: "--since".to_owned(), value: date.to_string() });
        }
        Since::Day(date) => {
            let from = start_of(date);
            let before = from.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN);
            (from, records.store().last_until(before)?)
        }
        Since::Entry { sequence, at } => (at, sequence),
    };
    let mut told = Told::default();
    let mut last = after;
    loop {
        let part = records.store().entries(last, PART)?;
        let Some(end) = part.last().map(|stored| stored.entry.sequence) else { break };
        for stored in &part {
            told.take(&stored.entry)?;
        }
        last = end;
    }
    let sources: BTreeMap<Uuid, Source> = records.all::<Source>()?.into_iter().collect();
    Ok(ChangesSince {
        since: from,
        until: now,
        after,
        last,
        notices: notices(records, told.notices, &sources)?,
        checks_done: told.checks_done,
        failed: told.failed.into_iter().map(|line| called(records, line)).collect(),
        missed: missed(records, &sources, (from, now))?,
        alarms: told.alarms.into_iter().map(|line| called_alarm(records, line)).collect(),
        cases: cases(records, told.cases)?,
        generations: told.generations,
        comparisons: told.comparisons,
    })
}

/// What the entries tell.
#[derive(Default)]
struct Told {
    notices: BTreeMap<Stream, NoticeMoves>,
    checks_done: u64,
    failed: Vec<FailedLine>,
    alarms: Vec<AlarmLine>,
    cases: BTreeMap<Stream, CaseMoves>,
    generations: Vec<GenerationLine>,
    comparisons: u64,
}

struct NoticeMoves {
    at: Timestamp,
    received: bool,
    updated: bool,
    judged: Option<shindan_domain::collect::Concerns>,
}

struct CaseMoves {
    moves: Vec<CaseMove>,
    surged: Vec<String>,
    at: Timestamp,
}

fn event<P: Process>(entry: &Entry) -> Result<P::Event, RecordsError> {
    decode::<P>(&entry.event, entry.version, &entry.payload).map_err(RecordsError::stored)
}

impl Told {
    fn take(&mut self, entry: &Entry) -> Result<(), RecordsError> {
        match entry.stream.kind {
            Kind::Case => self.case(entry, &event::<Case>(entry)?),
            Kind::Notice => self.notice(entry, &event::<Notice>(entry)?),
            Kind::SourceCheck => self.check(entry, event::<SourceCheck>(entry)?),
            Kind::Installation => match event::<Comparisons>(entry)? {
                ComparisonEvent::Compared(_) => self.comparisons += 1,
                ComparisonEvent::Kept(kept) if kept.part == KeptPart::Knowledge => {
                    self.generations.push(GenerationLine { generation: kept.number, at: entry.at });
                }
                ComparisonEvent::Kept(_) | ComparisonEvent::BundleMade { .. } => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn case(&mut self, entry: &Entry, event: &CaseEvent) {
        let mut surged = Vec::new();
        let happened = match event {
            CaseEvent::Opened(_) => CaseMove::Opened,
            CaseEvent::Reopened { because, .. } => CaseMove::Reopened(*because),
            CaseEvent::Closed => CaseMove::Closed,
            CaseEvent::Refreshed(refreshed) if !refreshed.surged.is_empty() => {
                surged.extend(refreshed.surged.iter().cloned());
                CaseMove::Surged
            }
            CaseEvent::Refreshed(_) => CaseMove::Changed,
            _ => return,
        };
        let fresh = || CaseMoves { moves: Vec::new(), surged: Vec::new(), at: entry.at };
        let moves = self.cases.entry(entry.stream).or_insert_with(fresh);
        moves.at = entry.at;
        if !moves.moves.contains(&happened) {
            moves.moves.push(happened);
        }
        surged.retain(|id| !moves.surged.contains(id));
        moves.surged.extend(surged);
    }

    fn notice(&mut self, entry: &Entry, event: &NoticeEvent) {
        let fresh = || NoticeMoves { at: entry.at, received: false, updated: false, judged: None };
        let moves = self.notices.entry(entry.stream).or_insert_with(fresh);
        match event {
            NoticeEvent::Received { .. } => moves.received = true,
            NoticeEvent::Updated { .. } => moves.updated = true,
            NoticeEvent::Judged { concerns, .. } => moves.judged = Some(*concerns),
        }
    }

    fn check(&mut self, entry: &Entry, event: SourceCheckEvent) {
        let SourceCheckEvent::CarriedOut(draft) = event else { return };
        let (stream, at) = (entry.stream, draft.ended);
        match draft.outcome {
            CheckOutcome::Failed { failure, .. } => self.failed.push(FailedLine {
                stream,
                number: None,
                source: draft.source,
                name: draft.name.clone(),
                failure,
                at,
            }),
            CheckOutcome::NewItems { .. } | CheckOutcome::NothingNew => self.checks_done += 1,
        }
        let name = draft.name;
        let line = |alarm| AlarmLine { stream, number: None, name: name.clone(), alarm, at };
        self.alarms.extend(draft.alarms.into_iter().map(line));
    }
}

fn called(records: &Records, line: FailedLine) -> FailedLine {
    FailedLine { number: records.called(line.stream), ..line }
}

fn called_alarm(records: &Records, line: AlarmLine) -> AlarmLine {
    AlarmLine { number: records.called(line.stream), ..line }
}

fn notices(
    records: &Records,
    moves: BTreeMap<Stream, NoticeMoves>,
    sources: &BTreeMap<Uuid, Source>,
) -> Result<Vec<NoticeLine>, RecordsError> {
    let mut lines = Vec::new();
    for (stream, moves) in moves {
        let (_, notice) = records
            .state::<Notice>(stream.id)?
            .ok_or_else(|| RecordsError::stored("a notice with entries and without a state"))?;
        let known = sources.get(&notice.source.0).map(|source| source.draft.name.clone());
        lines.push(NoticeLine {
            stream,
            number: records.called(stream),
            source: known.unwrap_or_else(|| notice.source.0.to_string()),
            state: notice.state(),
            title: notice.content.title,
            link: notice.content.link,
            class: notice.content.class,
            received: moves.received,
            updated: moves.updated,
            judged: moves.judged,
            at: moves.at,
        });
    }
    lines.sort_by_key(|one| (one.at, one.stream));
    Ok(lines)
}

fn cases(records: &Records, moves: BTreeMap<Stream, CaseMoves>) -> Result<Vec<CaseLine>, RecordsError> {
    let mut lines = Vec::new();
    for (stream, moves) in moves {
        let (_, case) = records
            .state::<Case>(stream.id)?
            .ok_or_else(|| RecordsError::stored("a case with entries and without a state"))?;
        lines.push(CaseLine {
            stream,
            number: records.called(stream),
            title: case.title(),
            priority: case.priority,
            state: case.state(),
            moves: moves.moves,
            surged: moves.surged,
            at: moves.at,
        });
    }
    lines.sort_by(|one, other| {
        (one.priority, one.at, one.stream).cmp(&(other.priority, other.at, other.stream))
    });
    Ok(lines)
}

/// Days of the span on which a source was due and nobody looked, as the month grid shows them.
fn missed(
    records: &Records,
    sources: &BTreeMap<Uuid, Source>,
    (from, now): (Timestamp, Timestamp),
) -> Result<Vec<MissedLine>, RecordsError> {
    let plans: Vec<(SourceId, Vec<PlanSpan>)> =
        sources.iter().map(|(id, source)| (SourceId(*id), source.plan())).collect();
    // No source has a plan before it was added; days before that need no month.
    let Some(first) = plans.iter().flat_map(|(_, plan)| plan).map(|span| span.from).min() else {
        return Ok(Vec::new());
    };
    let checks: Vec<CheckFacts> =
        records.all::<SourceCheck>()?.into_iter().map(|(id, check)| check.facts(SourceCheckId(id))).collect();
    let span = day(from.max(first))..=day(now);
    let mut lines = Vec::new();
    let mut month = span.start().first_of_month();
    while month <= *span.end() {
        for row in calendar(month, &plans, &checks, now).rows {
            let name = sources.get(&row.source.0).map(|source| source.draft.name.clone()).unwrap_or_default();
            let days = row.cells.iter().filter(|cell| cell.state == CellState::Missed);
            let days = days.filter(|cell| span.contains(&cell.date));
            let line = |cell: &shindan_domain::collect::Cell| MissedLine {
                date: cell.date,
                name: name.clone(),
                source: row.source,
            };
            lines.extend(days.map(line));
        }
        let Ok(next) = month.checked_add(1.month()) else { break };
        month = next;
    }
    lines.sort();
    Ok(lines)
}
