//! The month grid: every day of the month exactly one cell, and a failed check never shows as done.

use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::{DAY, SOURCE, facts};
use crate::calendar::{day, start_of};
use crate::collect::{CellState, CheckFacts, CheckResult, PlanSpan, calendar};
use crate::model::minute;
use crate::record_id::SourceId;

/// The clock of the tests begins on 2026-11-26 at 9:00 in Japan.
fn cells(plan: &[PlanSpan], checks: &[CheckFacts], now: i64) -> Vec<(i8, CellState)> {
    let grid = calendar(date(2026, 11, 15), &[(SOURCE, plan.to_vec())], checks, minute(now));
    assert_eq!(grid.first, date(2026, 11, 1));
    grid.rows[0].cells.iter().map(|cell| (cell.date.day(), cell.state)).collect()
}

fn daily(from: i64) -> PlanSpan {
    PlanSpan { from: minute(from), until: None, interval_hours: Some(24) }
}

#[test]
fn a_month_shows_what_was_done_missed_and_is_ahead() {
    let plan = [daily(-6 * DAY)];
    let checks = [
        facts(1, -6 * DAY + 60, CheckResult::NewItems),
        facts(2, -5 * DAY + 60, CheckResult::NothingNew),
        facts(3, -4 * DAY + 60, CheckResult::Failed),
        facts(4, -2 * DAY + 60, CheckResult::Failed),
        facts(5, -2 * DAY + 90, CheckResult::NewItems),
    ];
    let shown = cells(&plan, &checks, 0);
    assert_eq!(shown.len(), 30);
    assert!(shown[..19].iter().all(|(_, state)| *state == CellState::NonePlanned), "not there yet");
    let expected = [
        (20, CellState::DoneNew),
        (21, CellState::DoneNothing),
        (22, CellState::Failed),
        (23, CellState::Missed),
        (24, CellState::DoneNew),
        (25, CellState::Missed),
        (26, CellState::Ahead),
        (27, CellState::Ahead),
        (28, CellState::Ahead),
        (29, CellState::Ahead),
        (30, CellState::Ahead),
    ];
    assert_eq!(shown[19..], expected);
    let grid = calendar(date(2026, 11, 1), &[(SOURCE, plan.to_vec())], &checks, minute(0));
    let cell = &grid.rows[0].cells[23];
    assert_eq!((cell.new_items, cell.checks.len()), (1, 2), "what failed before is not hidden");
    assert_eq!(cell.checks[0].result, CheckResult::Failed);
}

#[test]
fn a_weekly_source_is_missed_from_its_day_until_somebody_looks() {
    let plan = [PlanSpan { interval_hours: Some(168), ..daily(-20 * DAY) }];
    let checks = [facts(1, -16 * DAY, CheckResult::NothingNew), facts(2, -6 * DAY, CheckResult::NothingNew)];
    let shown = cells(&plan, &checks, 0);
    let of = |state| shown.iter().filter(|(_, one)| *one == state).map(|(day, _)| *day).collect::<Vec<_>>();
    assert_eq!(of(CellState::DoneNothing), [10, 20]);
    assert_eq!(of(CellState::Missed), [17, 18, 19]);
    assert_eq!(of(CellState::Ahead), [27]);
}

#[test]
fn what_is_overdue_today_is_to_be_done_today() {
    let plan = [PlanSpan { interval_hours: Some(168), ..daily(-20 * DAY) }];
    let shown = cells(&plan, &[facts(1, -10 * DAY, CheckResult::NothingNew)], 0);
    assert_eq!(shown[24].1, CellState::Missed);
    assert_eq!(shown[25].1, CellState::Ahead);
}

#[test]
fn pauses_and_sources_by_hand_have_no_missed_days() {
    let paused = [PlanSpan { until: Some(minute(-5 * DAY)), ..daily(-6 * DAY) }];
    let check = facts(1, -6 * DAY, CheckResult::NothingNew);
    assert!(cells(&paused, &[check], 0)[21..].iter().all(|(_, state)| *state == CellState::NonePlanned));
    let by_hand = [PlanSpan { interval_hours: None, ..daily(-20 * DAY) }];
    assert!(cells(&by_hand, &[], 0).iter().all(|(_, state)| *state == CellState::NonePlanned));
    let failed = [facts(1, -DAY, CheckResult::Failed)];
    assert_eq!(cells(&by_hand, &failed, 0)[24].1, CellState::Failed, "unplanned, and failed all the same");
}

#[test]
fn a_source_that_was_never_looked_at_is_missed_after_one_interval() {
    let shown = cells(&[daily(-3 * DAY)], &[], 0);
    assert_eq!(shown[22].1, CellState::NonePlanned, "the day on which it was added");
    assert_eq!(shown[23].1, CellState::Missed);
    assert_eq!(shown[24].1, CellState::Missed);
    assert_eq!(shown[25].1, CellState::Ahead);
}

proptest! {
    #[test]
    fn every_day_has_one_cell_and_no_failure_shows_as_done(
        month in 1..=12_i8,
        spans in proptest::collection::vec((0..40_i64, 1..40_i64, proptest::option::of(1..1000_u32)), 0..5),
        done in proptest::collection::vec((-60_000..120_000_i64, 0..3_usize, any::<bool>()), 0..60),
        now in -60_000..120_000_i64,
    ) {
        let mut from = -60_000;
        let plan: Vec<PlanSpan> = spans.iter().map(|(gap, length, interval_hours)| {
            let begin = from + gap * 700;
            from = begin + length * 1000;
            PlanSpan { from: minute(begin), until: Some(minute(from)), interval_hours: *interval_hours }
        }).collect();
        let other = SourceId(Uuid::from_u128(99));
        let checks: Vec<CheckFacts> = done.iter().zip(1..).map(|((at, result, ours), number)| {
            let check = facts(number, *at, CheckResult::ALL[*result]);
            if *ours { check } else { CheckFacts { source: other, ..check } }
        }).collect();
        let asked = date(2026, month, 1);
        let sources = [(SOURCE, plan.clone()), (other, Vec::new())];
        let grid = calendar(asked, &sources, &checks, minute(now));
        prop_assert_eq!(grid.rows.len(), 2);
        for row in &grid.rows {
            let dates: Vec<_> = row.cells.iter().map(|cell| cell.date).collect();
            let expected: Vec<_> =
                asked.series(jiff::Span::new().days(1)).take_while(|day| day.month() == month).collect();
            prop_assert_eq!(dates, expected);
            for cell in &row.cells {
                let on: Vec<_> = checks
                    .iter()
                    .filter(|check| check.source == row.source && day(check.ended) == cell.date)
                    .collect();
                prop_assert_eq!(cell.checks.len(), on.len());
                let any = |result| on.iter().any(|check| check.result == result);
                match cell.state {
                    CellState::DoneNew => prop_assert!(any(CheckResult::NewItems)),
                    CellState::DoneNothing => {
                        prop_assert!(any(CheckResult::NothingNew) && !any(CheckResult::NewItems));
                    }
                    CellState::Failed => {
                        prop_assert!(!on.is_empty() && on.iter().all(|check| !check.succeeded()));
                    }
                    CellState::Missed => prop_assert!(on.is_empty() && cell.date < day(minute(now))),
                    CellState::Ahead => prop_assert!(on.is_empty() && cell.date >= day(minute(now))),
                    CellState::NonePlanned => prop_assert!(on.is_empty()),
                }
                let planned = plan.iter().any(|span| {
                    let (begin, end) = (start_of(cell.date), start_of(cell.date.tomorrow().unwrap()));
                    let holds = span.from < end && span.until.is_none_or(|until| until > begin);
                    row.source == SOURCE && holds && span.interval_hours.is_some()
                });
                let of_plan = matches!(cell.state, CellState::Missed | CellState::Ahead);
                prop_assert!(planned || !of_plan, "{cell:?}");
            }
        }
    }
}
