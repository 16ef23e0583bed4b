//! 収集実施記録: a month of checks, one cell for each source and day in Japan. Derived from plans and checks.

use jiff::Timestamp;
use jiff::civil::Date;

use super::timing::{PlanSpan, due_at};
use super::{CheckFacts, CheckResult};
use crate::calendar::{day, start_of};
use crate::record_id::{SourceCheckId, SourceId};
use crate::terms;

terms! {
    /// What a day of a source shows.
    pub enum CellState ("month-cell") {
        /// Looked at, and something was new.
        DoneNew = "done-new",
        /// Looked at, and nothing was new.
        DoneNothing = "done-nothing",
        /// Everything that was tried on the day failed.
        Failed = "day-failed",
        /// It was due, and nobody looked.
        Missed = "missed",
        /// Nothing was due.
        NonePlanned = "none-planned",
        /// To be looked at on the day.
        Ahead = "ahead",
    }
}

/// A check of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedOn {
    /// Which.
    pub check: SourceCheckId,
    /// What came of it.
    pub result: CheckResult,
}

/// A source and a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The day, in Japan.
    pub date: Date,
    /// What it shows.
    pub state: CellState,
    /// New items of all checks of the day that did not fail.
    pub new_items: u64,
    /// Checks of the day, in their order, also those that failed before one that did not.
    pub checks: Vec<CheckedOn>,
}

/// A source and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// Which source.
    pub source: SourceId,
    /// One cell for each day of the month.
    pub cells: Vec<Cell>,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthGrid {
    /// Its first day.
    pub first: Date,
    /// The sources, in the order in which they were given.
    pub rows: Vec<MonthRow>,
}

/// The month in which `month` lies. `sources`: each with its plan ([`Source::plan`](super::Source::plan)). `checks`: of these
/// sources, also those before the month, or a day cannot be called missed; in any order; of other sources are left out.
pub fn calendar(
    month: Date,
    sources: &[(SourceId, Vec<PlanSpan>)],
    checks: &[CheckFacts],
    now: Timestamp,
) -> MonthGrid {
    let first = month.first_of_month();
    let rows = sources.iter().map(|(source, plan)| {
        let mut own: Vec<&CheckFacts> = checks.iter().filter(|check| check.source == *source).collect();
        own.sort_by_key(|check| (check.ended, check.check));
        let cells = dates(first).map(|date| cell(date, plan, &own, now)).collect();
        MonthRow { source: *source, cells }
    });
    MonthGrid { first, rows: rows.collect() }
}

fn dates(first: Date) -> impl Iterator<Item = Date> {
    (1..=first.days_in_month()).filter_map(move |day| Date::new(first.year(), first.month(), day).ok())
}

fn cell(date: Date, plan: &[PlanSpan], checks: &[&CheckFacts], now: Timestamp) -> Cell {
    let on: Vec<&CheckFacts> = checks.iter().filter(|check| day(check.ended) == date).copied().collect();
    let good = || on.iter().filter(|check| check.succeeded());
    let new_items = good().fold(0, |sum: u64, check| sum.saturating_add(check.new_items));
    let state = if good().any(|check| check.result == CheckResult::NewItems) {
        CellState::DoneNew
    } else if good().next().is_some() {
        CellState::DoneNothing
    } else if !on.is_empty() {
        CellState::Failed
    } else {
        without_checks(date, plan, checks, now)
    };
    let checks = on.iter().map(|check| CheckedOn { check: check.check, result: check.result }).collect();
    Cell { date, state, new_items, checks }
}

/// A day that is not over is not missed.
fn without_checks(date: Date, plan: &[PlanSpan], checks: &[&CheckFacts], now: Timestamp) -> CellState {
    let (begin, end) = (start_of(date), date.tomorrow().map_or(Timestamp::MAX, start_of));
    let (over, to_come) = (date < day(now), date > day(now));
    let on_day = |span: &&PlanSpan| span.from < end && span.until.is_none_or(|until| until > begin);
    let good = checks.iter().filter(|check| check.succeeded() && check.ended < end);
    let checked = good.map(|check| check.informed()).max();
    let due_on = |span: &PlanSpan| {
        let ends = span.until.map_or(end, |until| until.min(end));
        let due = if to_come {
            // As if every check before it were made in time.
            let since = checked.or(plan.first().map(|first| first.from));
            since.and_then(|since| next_from(since, span, begin))
        } else {
            due_at(plan, span, checked)
        };
        due.is_some_and(|due| due < ends)
    };
    let planned = plan.iter().filter(on_day).any(due_on);
    match (planned, over) {
        (true, true) => CellState::Missed,
        (true, false) => CellState::Ahead,
        (false, _) => CellState::NonePlanned,
    }
}

/// The first moment of the plan from `begin` on, if it is reckoned from `since`; `None` without an interval.
fn next_from(since: Timestamp, span: &PlanSpan, begin: Timestamp) -> Option<Timestamp> {
    let step = span.interval_hours.map(|hours| i64::from(hours) * 3600).filter(|step| *step > 0)?;
    let passed = begin.max(span.from).as_second().saturating_sub(since.as_second()).max(1);
    let steps = passed.div_euclid(step) + i64::from(passed.rem_euclid(step) > 0);
    Timestamp::from_second(since.as_second().saturating_add(steps.saturating_mul(step))).ok()
}
