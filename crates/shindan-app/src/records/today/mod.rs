//! What a person sees first: what waits for them, what is new, what is late (UI.md, page 1).
//!
//! Nothing here reads all records of a kind: lists are merges of sorted runs, counts stand in the groups of lists, and a few
//! states at the beginning of each list are asked whether they wait for this person. So the cost does not depend on how many
//! records there are. Where that means that a number is not exact, it says so ([`Count::exact`]).

mod gates;
mod rules;
mod strip;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use shindan_domain::calendar::start_of;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, Relation};
use shindan_domain::term::Term;
use shindan_report::figure::SourceDays;
use shindan_report::records::RecordRow;
use shindan_store::{Among, Query, Row, Sort};

use self::rules::{Rule, rules};
use super::of_system::{OfSystem, is_of_a_system};
use super::{Entered, Records, RecordsError, fold};
use crate::clock;
use crate::data_folder::DataFolder;

pub use strip::freshness;

/// So many records of a state are asked whether they wait for a person.
const ASKED: usize = 40;
/// So many are shown of each step; the lists have the rest.
const SHOWN: usize = 10;
/// Lines of each other list.
const LINES: usize = 20;
/// Days of the strip of sources.
const STRIP_DAYS: i64 = 7;
/// Acceptances that end within so many days.
const ACCEPTANCE_DAYS: i64 = 30;
/// Agreements that end within so many days.
const AGREEMENT_DAYS: i64 = 60;
/// Knowledge older than so many days is stale.
const KNOWLEDGE_DAYS: i64 = 7;

/// An area of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// 脆弱性: sources, notices.
    Vulnerabilities,
    /// 資産: devices, sightings.
    Assets,
    /// 対応: cases, patches, changes, inquiries.
    Cases,
    /// 証跡: assessments, reviews, confirmations, agreements, controls.
    Evidence,
    /// 設定: policies, partners.
    Settings,
}

impl Area {
    /// All, in the order of the navigation.
    pub const ALL: [Area; 5] =
        [Area::Vulnerabilities, Area::Assets, Area::Cases, Area::Evidence, Area::Settings];
}

/// How many wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// So many; where it is not exact, at most so many.
    pub records: u64,
    /// False if not each of them was asked whether it waits for this very person.
    pub exact: bool,
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// What.
    pub row: RecordRow,
    /// The step; for it there are words.
    pub step: Option<Term>,
    /// What the record says is to be done next.
    pub what: Vec<Reason>,
    /// Since when the record is as it is.
    pub since: Timestamp,
    /// Where it belongs.
    pub area: Area,
}

/// Numbers at the areas of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaCounts {
    /// All areas together.
    pub today: Count,
    /// Each area, in the order of [`Area::ALL`].
    pub areas: [Count; 5],
}

/// Rows of a list, and whether there are more.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    /// The first of them.
    pub rows: Vec<RecordRow>,
    /// True if the list goes on.
    pub more: bool,
}

/// What changed since the beginning of yesterday, in Japan.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Since when.
    pub since: Timestamp,
    /// Cases that were opened, the last one first.
    pub opened: Lines,
    /// How many were opened.
    pub opened_count: u64,
    /// Cases that are older and were changed, the last one first.
    pub changed: Lines,
    /// How many were changed, those opened included.
    pub changed_count: u64,
    /// Notices that came, the last one first.
    pub notices: Lines,
    /// How many came.
    pub notices_count: u64,
    /// Ledger entries of any kind.
    pub entries: u64,
}

/// How old the knowledge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnowledgeAge {
    /// The newest date in it; `None` if there is no knowledge base, or no date in it.
    pub newest: Option<Timestamp>,
    /// Whole days since; `None` if that is not known.
    pub days: Option<i64>,
    /// Older than a week, or of unknown age: silence proves nothing.
    pub stale: bool,
}

/// What a person sees first.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// As of when.
    pub as_of: Timestamp,
    /// What waits for this person: approvals and confirmations first, the most urgent of each first.
    pub waiting_for_me: Vec<Waiting>,
    /// Numbers for the navigation.
    pub counts: AreaCounts,
    /// What is new.
    pub changed: Changed,
    /// The last days of each source.
    pub sources: SourceDays,
    /// Cases that are overdue, the longest first.
    pub overdue: Lines,
    /// How many are.
    pub overdue_count: u64,
    /// Accepted risks whose acceptance ends within 30 days, or has ended.
    pub acceptances_ending: Lines,
    /// Agreements whose validity ends within 60 days, or has ended.
    pub agreements_expiring: Lines,
    /// Sightings of devices that should be gone.
    pub seen_again: Lines,
    /// How old the knowledge is.
    pub knowledge: KnowledgeAge,
}

/// What this person sees first; of one system alone, if it is given: records of kinds that belong to no single system stay.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn today(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    of: Option<&OfSystem>,
) -> Result<Today, RecordsError> {
    may_read(who)?;
    let found = waiting(records, who, now, (of, true))?;
    let today = clock::day_in_japan(now);
    let until = |days: i64| today.checked_add((days + 1).days()).unwrap_or(Date::MAX);
    let due = |kind, status: Option<&str>, before| Query {
        kind: Some(kind),
        open: Some(true),
        status: status.map(str::to_owned),
        due_before: Some(before),
        among: among(kind, of),
        sort: Sort::Due,
        limit: LINES,
        ..Query::default()
    };
    let seen = Query {
        kind: Some(Kind::Sighting),
        open: Some(true),
        status: Some("retired-seen".to_owned()),
        limit: LINES,
        ..Query::default()
    };
    Ok(Today {
        as_of: now,
        waiting_for_me: found.waiting,
        counts: found.counts,
        changed: changed(records, today, of)?,
        sources: freshness(records, who, STRIP_DAYS, now)?,
        overdue: lines(records, &due(Kind::Case, None, today))?,
        overdue_count: match of {
            Some(of) => records.store().overdue_among(Kind::Case, today, &of.records)?,
            None => records.store().overdue(Some(Kind::Case), today)?,
        },
        acceptances_ending: lines(records, &due(Kind::Case, Some("accepted"), until(ACCEPTANCE_DAYS)))?,
        agreements_expiring: lines(records, &due(Kind::Agreement, None, until(AGREEMENT_DAYS)))?,
        seen_again: lines(records, &seen)?,
        knowledge: knowledge_age(records, now)?,
    })
}

/// The numbers for the navigation alone, for every other page.
///
/// # Errors
/// As [`today`].
pub fn counts(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    of: Option<&OfSystem>,
) -> Result<AreaCounts, RecordsError> {
    may_read(who)?;
    Ok(waiting(records, who, now, (of, false))?.counts)
}

fn may_read(who: &Entered) -> Result<(), RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))
}

struct Found {
    waiting: Vec<Waiting>,
    counts: AreaCounts,
}

/// The records of this kind that are wanted; `None`: all.
fn among(kind: Kind, of: Option<&OfSystem>) -> Option<Among> {
    of.filter(|_| is_of_a_system(kind)).map(|of| of.records.clone())
}

/// How many there are, by kind and state; of one system alone, where records of the kind belong to one.
fn groups(records: &Records, of: Option<&OfSystem>) -> Result<Vec<shindan_store::Count>, RecordsError> {
    let mut groups = records.store().counts(None)?;
    if let Some(of) = of {
        groups.retain(|group| !is_of_a_system(group.kind));
        let own = records.store().open_counts_among(&of.records)?;
        groups.extend(own.into_iter().filter(|group| is_of_a_system(group.kind)));
    }
    Ok(groups)
}

/// What waits for a person. `rows`: whether the records are wanted, or their numbers alone.
fn waiting(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    (of, rows): (Option<&OfSystem>, bool),
) -> Result<Found, RecordsError> {
    let by = gates::occurrence(who.actor, now);
    let groups = groups(records, of)?;
    let mut found = Found { waiting: Vec::new(), counts: AreaCounts::default() };
    found.counts.areas.iter_mut().for_each(|count| count.exact = true);
    for rule in rules() {
        let of_rule = groups.iter().filter(|group| {
            group.open
                && group.kind == rule.kind
                && rule.status.is_none_or(|status| group.status.value == status)
        });
        let all: u64 = of_rule.map(|group| group.records).sum();
        if all == 0 || who.permit(rule.action).is_err() {
            continue;
        }
        let exact = all <= ASKED as u64;
        let mut mine = Vec::new();
        if exact || rows {
            mine = asked(records, (&rule, of), &by, if exact { ASKED } else { SHOWN })?;
        }
        found.counts.add(rule.area, Count { records: if exact { mine.len() as u64 } else { all }, exact });
        mine.truncate(SHOWN);
        for (row, state) in mine.into_iter().filter(|_| rows) {
            let waiting = waiting_one(records, row, &state, (rule.step, rule.area))?;
            found.waiting.push(waiting);
        }
    }
    responsible(records, who, of, &mut found)?;
    if !rows {
        found.waiting.clear();
    }
    found.counts.today = Count {
        records: found.counts.areas.iter().map(|count| count.records).sum(),
        exact: found.counts.areas.iter().all(|count| count.exact),
    };
    Ok(found)
}

impl AreaCounts {
    fn add(&mut self, area: Area, count: Count) {
        let place = Area::ALL.iter().position(|one| *one == area);
        if let Some(sum) = place.and_then(|place| self.areas.get_mut(place)) {
            sum.records += count.records;
            sum.exact &= count.exact;
        }
    }
}

/// Asks records of a rule whether they wait for the person, until `most` do, with their states.
fn asked(
    records: &Records,
    (rule, of): (&Rule, Option<&OfSystem>),
    by: &gates::By,
    most: usize,
) -> Result<Vec<(Row, Vec<u8>)>, RecordsError> {
    let query = Query {
        kind: Some(rule.kind),
        open: Some(true),
        status: rule.status.map(str::to_owned),
        among: among(rule.kind, of),
        // An emergency is young, and nothing in a list says that it is one.
        sort: if rule.is_rare() { Sort::Changed } else { Sort::Urgency },
        limit: ASKED,
        ..Query::default()
    };
    let mut mine = Vec::new();
    for row in records.store().list(&query)?.rows {
        let Some(record) = records.store().record(row.stream)? else { continue };
        if (rule.gate)(&record.state, by)? {
            mine.push((row, record.state));
            if mine.len() == most {
                break;
            }
        }
    }
    Ok(mine)
}

fn waiting_one(
    records: &Records,
    row: Row,
    state: &[u8],
    (step, area): (Option<Term>, Area),
) -> Result<Waiting, RecordsError> {
    let view = fold::view(row.stream.kind, state).map_err(RecordsError::Stored)?;
    let since = row.changed_at;
    Ok(Waiting { row: records.list_row(row)?, step, what: view.next, since, area })
}

/// What names the person: items of a confirmation to be answered, assessments to be made.
fn responsible(
    records: &Records,
    who: &Entered,
    of: Option<&OfSystem>,
    found: &mut Found,
) -> Result<(), RecordsError> {
    if who.permit(Action::Operate).is_err() {
        return Ok(());
    }
    let me = Stream::new(Kind::Person, who.person()).id.hyphenated().to_string();
    for (kind, status) in [(Kind::Instruction, "instructed"), (Kind::Assessment, "planned")] {
        let query = Query {
            kind: Some(kind),
            open: Some(true),
            status: Some(status.to_owned()),
            linked: Some((Relation::Responsible, me.clone())),
            among: among(kind, of),
            limit: ASKED,
            ..Query::default()
        };
        let page = records.store().list(&query)?;
        let count = Count { records: page.rows.len() as u64, exact: page.next.is_none() };
        found.counts.add(Area::Evidence, count);
        for row in page.rows.into_iter().take(SHOWN) {
            let Some(record) = records.store().record(row.stream)? else { continue };
            found.waiting.push(waiting_one(records, row, &record.state, (None, Area::Evidence))?);
        }
    }
    Ok(())
}

fn lines(records: &Records, query: &Query) -> Result<Lines, RecordsError> {
    let page = records.store().list(query)?;
    rows(records, page.rows, page.next.is_some())
}

fn rows(records: &Records, rows: Vec<Row>, more: bool) -> Result<Lines, RecordsError> {
    let rows = rows.into_iter().map(|row| records.list_row(row)).collect::<Result<_, _>>()?;
    Ok(Lines { rows, more })
}

fn changed(records: &Records, today: Date, of: Option<&OfSystem>) -> Result<Changed, RecordsError> {
    let store = records.store();
    let since = start_of(today.yesterday().unwrap_or(today));
    let before = since.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN);
    let after = store.last_until(before)?;
    let newest = |kind, sort| Query {
        kind: Some(kind),
        among: among(kind, of),
        sort,
        limit: LINES,
        ..Query::default()
    };
    let counts_since = |kind| match among(kind, of) {
        Some(among) => store.counts_since_among(kind, after, &among),
        None => store.counts_since(kind, after),
    };
    let opened_since = |kind, count| -> Result<(Vec<Row>, u64), RecordsError> {
        let mut found = if count == 0 { Vec::new() } else { store.list(&newest(kind, Sort::Opened))?.rows };
        found.retain(|row| row.opened_at >= since);
        Ok((found, count))
    };
    let (opened_count, changed_count) = counts_since(Kind::Case)?;
    let (opened, opened_count) = opened_since(Kind::Case, opened_count)?;
    let (came, notices_count) = opened_since(Kind::Notice, counts_since(Kind::Notice)?.0)?;
    let mut changed = Vec::new();
    if changed_count > opened_count {
        changed = store.list(&newest(Kind::Case, Sort::Changed))?.rows;
        changed.retain(|row| row.changed_at >= since && row.opened_at < since);
    }
    let more = |shown: usize, all: u64| (shown as u64) < all;
    let (more_opened, more_changed) =
        (more(opened.len(), opened_count), more(changed.len(), changed_count.saturating_sub(opened_count)));
    let more_notices = more(came.len(), notices_count);
    Ok(Changed {
        since,
        opened: rows(records, opened, more_opened)?,
        opened_count,
        changed: rows(records, changed, more_changed)?,
        changed_count,
        notices: rows(records, came, more_notices)?,
        notices_count,
        entries: store.head()?.sequence.saturating_sub(after),
    })
}

fn knowledge_age(records: &Records, now: Timestamp) -> Result<KnowledgeAge, RecordsError> {
    let folder = DataFolder::new(records.root());
    let newest = match folder.current()? {
        Some(_) => folder.map()?.open()?.1.summary.newest,
        None => None,
    };
    let days = newest.map(|newest| now.duration_since(newest).as_hours() / 24);
    Ok(KnowledgeAge { newest, days, stale: days.is_none_or(|days| days > KNOWLEDGE_DAYS) })
}

impl Today {
    /// The day in Japan for which this holds: what was due before it is overdue.
    pub fn overdue_day(&self) -> Date {
        clock::day_in_japan(self.as_of)
    }
}
