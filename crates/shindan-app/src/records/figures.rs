//! The data of figures over time: from the ledger, entry by entry, never read twice.
//!
//! A ledger only grows. [`CaseTimes`] is what was told by its entries up to one of them, a few dozen bytes for each case; whoever
//! keeps it between two questions (a server) reads only what came since. Each call reads at most as many entries as its caller
//! permits; until it is at the end, figures are *as of* the last entry read, and say so.

mod lives;
mod told;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shindan_domain::calendar::{day, hours_between};
use shindan_domain::case::{Case, CaseEvent, Treatment};
use shindan_domain::collect::CheckFacts;
use shindan_domain::comparison::{ComparisonEvent, Comparisons};
use shindan_domain::ledger::Kind;
use shindan_domain::people::Action;
use shindan_domain::priority::Decision;
use shindan_domain::process::decode;
use shindan_domain::record_id::CaseId;
use shindan_report::figure::{
    Measured, OverTime, SourceDays, SourceRow, SsvcTree, Strip, Taken, Times, Week,
};
use shindan_store::Passed;
use uuid::Uuid;

use self::lives::{Life, Lives, When};
use self::told::Told;
use super::collect;
use super::policies::InForce;
use super::{Entered, Records, RecordsError};

pub use super::today::freshness;

/// So many entries are read at a time.
const PART: usize = 4096;

/// What the entries of the ledger up to one of them tell about cases.
#[derive(Debug, Clone, Default)]
pub struct CaseTimes {
    /// Number of the last entry that was read.
    after: u64,
    /// When it was made.
    at: Option<Timestamp>,
    complete: bool,
    cases: Lives,
    /// By how many the open cases of each priority changed on a day.
    changes: BTreeMap<Date, [i64; 4]>,
    /// What the last comparison of each subject could not judge, and the sum of that after the comparisons of a day.
    latest: BTreeMap<String, u64>,
    undetermined: BTreeMap<Date, u64>,
}

impl CaseTimes {
    /// Reads on, at most so many entries; true once everything is read.
    ///
    /// # Errors
    /// Refused if the person may not read; entries that this program cannot have written.
    pub fn go_on(&mut self, records: &Records, who: &Entered, entries: usize) -> Result<bool, RecordsError> {
        may_read(who)?;
        self.read_ahead(records, entries)
    }

    /// As [`CaseTimes::go_on`], before anybody asks: nothing is told to anybody by it.
    ///
    /// # Errors
    /// Entries that this program cannot have written.
    pub fn read_ahead(&mut self, records: &Records, entries: usize) -> Result<bool, RecordsError> {
        let mut left = entries;
        self.complete = false;
        while left > 0 {
            // What is taken moves on where it stands.
            let from = self.after;
            let part = (from, PART.min(left));
            let kinds = [Kind::Case, Kind::Installation];
            let last = records.store().pass_entries(&kinds, part, &mut |passed| self.take(passed))?;
            if last == from {
                self.complete = true;
                self.cases.settle();
                break;
            }
            left = left.saturating_sub(usize::try_from(last - from).unwrap_or(usize::MAX));
            self.after = last;
        }
        if !self.complete {
            self.complete = records.store().head()?.sequence == self.after;
        }
        Ok(self.complete)
    }

    /// Number of the last entry that was read.
    pub fn after(&self) -> u64 {
        self.after
    }

    /// As of when it tells: now if everything is read, else the time of the last entry about a case that was.
    pub fn as_of(&self, now: Timestamp) -> Timestamp {
        if self.complete { now } else { self.at.unwrap_or(Timestamp::UNIX_EPOCH) }
    }

    fn take(&mut self, passed: &Passed<'_>) -> Result<(), RecordsError> {
        // What was taken is not taken again, if a later one of the same part fails.
        if passed.sequence <= self.after {
            return Ok(());
        }
        let at = passed.at;
        if passed.kind == Kind::Installation {
            self.compared(passed)?;
        } else {
            self.went_on(passed.id, at, &Told::of(passed)?)?;
        }
        (self.at, self.after) = (Some(at), passed.sequence);
        Ok(())
    }

    fn compared(&mut self, passed: &Passed<'_>) -> Result<(), RecordsError> {
        let entry = passed.entry()?;
        let event = decode::<Comparisons>(&entry.event, entry.version, &entry.payload);
        if let ComparisonEvent::Compared(compared) = event.map_err(RecordsError::stored)? {
            self.latest.insert(format!("{:?}", compared.subject), compared.undetermined);
            self.undetermined.insert(day(entry.at), self.latest.values().sum());
        }
        Ok(())
    }

    fn went_on(&mut self, id: Uuid, at: Timestamp, told: &Told) -> Result<(), RecordsError> {
        let before = self.cases.get(id);
        let after = match (before, told) {
            (None, Told::Opened { priority, due }) => Life {
                noticed: When::at(at),
                priority: *priority,
                due: *due,
                decided: When::NEVER,
                done: When::NEVER,
                treated: false,
                accepting: false,
                accepted: false,
            },
            (Some(life), told) => life.after(told, at),
            (None, _) => return Err(RecordsError::stored("a case that begins with another event")),
        };
        let changed = self.changes.entry(day(at)).or_default();
        let open = |life: &Life| life.done.is_never().then(|| life.priority.rank());
        if let Some(count) = before.and_then(|life| open(&life)).and_then(|rank| changed.get_mut(rank)) {
            *count -= 1;
        }
        if let Some(count) = open(&after).and_then(|rank| changed.get_mut(rank)) {
            *count += 1;
        }
        self.cases.put(id, after);
        Ok(())
    }

    /// Open cases by priority at the end of each of the last weeks; the last one ends now.
    pub fn over_time(&self, weeks: u16, now: Timestamp) -> OverTime {
        let as_of = self.as_of(now);
        let last = day(as_of);
        let ends = (0..i64::from(weeks)).rev().filter_map(|back| last.checked_sub((7 * back).days()).ok());
        let mut changes = self.changes.iter().peekable();
        let mut open = [0_i64; 4];
        let week = |until: Date| {
            while let Some((_, change)) = changes.next_if(|(on, _)| **on <= until) {
                open.iter_mut().zip(change).for_each(|(count, change)| *count += change);
            }
            let undetermined = self.undetermined.range(..=until).next_back().map(|(_, sum)| *sum);
            Week { until, open: open.map(|count| u64::try_from(count).unwrap_or(0)), undetermined }
        };
        OverTime { as_of, weeks: ends.map(week).collect() }
    }

    /// How long cases took, against the limits that held for each, and the limits of the policy in force.
    ///
    /// # Errors
    /// Those of reading the policies.
    pub fn times(
        &self,
        records: &Records,
        measured: Measured,
        now: Timestamp,
    ) -> Result<Times, RecordsError> {
        let as_of = self.as_of(now);
        let today = day(as_of);
        let policy = InForce::read(records)?.due;
        let limit = |priority| {
            let days = policy.as_ref()?.days();
            match measured {
                Measured::Decide => days.decide.of(priority),
                Measured::Fix => days.done.of(priority),
            }
        };
        let mut strips = Vec::new();
        for priority in Decision::ALL {
            let limit_days = limit(priority);
            let mut strip = Strip { priority, taken: Vec::new(), limit_days, waiting: 0, waiting_late: 0 };
            let lives = self.cases.all().filter(|life| life.priority == priority);
            let mut any = false;
            for life in lives {
                any = true;
                let (through, due) = match measured {
                    Measured::Decide => (life.decided, life.due.map(|due| due.0)),
                    Measured::Fix => (life.done, life.due.map(|due| due.1)),
                };
                if let Some((noticed, at)) = life.noticed.time().zip(through.time()) {
                    let hours = u64::try_from(hours_between(noticed, at)).unwrap_or(0);
                    strip.taken.push(Taken { hours, kept: due.map(|due| day(at) <= due) });
                } else if life.done.is_never() && !(measured == Measured::Fix && life.accepted) {
                    strip.waiting += 1;
                    strip.waiting_late += u64::from(due.is_some_and(|due| due < today));
                }
            }
            if any {
                strips.push(strip);
            }
        }
        Ok(Times { as_of, measured, strips })
    }
}

impl Life {
    /// As [`Case`] folds the event, of what figures need.
    fn after(mut self, told: &Told, at: Timestamp) -> Life {
        let event = match told {
            Told::Event(event) => event,
            Told::Filed { priority, due } => {
                self.priority = priority.unwrap_or(self.priority);
                self.due = due.or(self.due);
                return self;
            }
            // An open case is not opened again.
            Told::Opened { .. } => return self,
        };
        match &**event {
            CaseEvent::Judged(_) => (self.treated, self.accepting) = (false, false),
            CaseEvent::Decided(order) => {
                (self.treated, self.accepting) = (true, order.treatment == Treatment::Accept);
            }
            CaseEvent::Approved { .. } => {
                self.decided = self.decided.or(at);
                self.accepted = self.accepting;
            }
            CaseEvent::Inherited { settled, .. } => {
                self.decided = When::at(at);
                self.treated = settled.decision().is_some();
                self.accepted = settled.treatment() == Some(Treatment::Accept);
            }
            CaseEvent::Closed => self.done = When::at(at),
            CaseEvent::Reopened { .. } | CaseEvent::Overridden { .. } => {
                (self.decided, self.done, self.accepted) = (When::NEVER, When::NEVER, false);
                (self.treated, self.accepting) = (false, false);
            }
            // A decided measure is taken back; a judgement that nothing is to be treated stands.
            CaseEvent::AlternativeAgreed { .. } if self.treated => {
                (self.decided, self.treated, self.accepting) = (When::NEVER, false, false);
            }
            CaseEvent::AlternativeAgreed { .. }
            | CaseEvent::Opened(_)
            | CaseEvent::Refreshed(_)
            | CaseEvent::DueSet { .. }
            | CaseEvent::Analysed { .. }
            | CaseEvent::Declined { .. }
            | CaseEvent::Progressed { .. }
            | CaseEvent::PatchProven { .. }
            | CaseEvent::EffectShown { .. }
            | CaseEvent::Replaced { .. }
            | CaseEvent::Confirmed { .. } => {}
        }
        self
    }
}

fn may_read(who: &Entered) -> Result<(), RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))
}

/// The month of checks, for its figure. It reads all checks.
///
/// # Errors
/// Refused if the person may not read.
pub fn month(
    records: &Records,
    who: &Entered,
    first: Date,
    now: Timestamp,
) -> Result<SourceDays, RecordsError> {
    let month = collect::month(records, who, first, now)?;
    let standing = collect::standing(records, who, now)?;
    let row = |(row, (id, title)): (shindan_domain::collect::MonthRow, _)| {
        let stands = standing.iter().find(|one| one.id == id);
        let failed =
            stands.and_then(|one| one.last.as_ref()).is_some_and(|(_, last)| !CheckFacts::succeeded(last));
        SourceRow {
            title,
            days: row.cells,
            last: stands.and_then(|one| one.last_good),
            late: failed
                || stands.is_some_and(|one| one.timing == shindan_domain::collect::SourceTiming::Overdue),
        }
    };
    let rows = month.grid.rows.into_iter().zip(month.sources).map(row).collect();
    Ok(SourceDays { as_of: now, rows })
}

/// The way to the priority of a case, as it was analysed; `None` before its analysis.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`].
pub fn case_tree(records: &Records, who: &Entered, case: CaseId) -> Result<Option<SsvcTree>, RecordsError> {
    may_read(who)?;
    let Some((_, state)) = records.state::<Case>(case)? else {
        return Err(RecordsError::Unknown(case.0.to_string()));
    };
    let Some(analysis) = state.stage.analysis() else { return Ok(None) };
    let inputs = &analysis.inputs;
    let (read, used) = InForce::read(records)?.prioritisation()?;
    let mut tree = SsvcTree::of(&read.table, &inputs.path, inputs.outcome);
    // What another answer would give is told by the table that was used, or not at all.
    if used.table_id != inputs.rules.table_id {
        tree.table.clone_from(&inputs.rules.table_id);
        for question in &mut tree.questions {
            question.branches.retain(|branch| branch.value == question.taken.value);
        }
    }
    Ok(Some(tree))
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
