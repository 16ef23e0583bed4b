//! When the running program looks by itself.

use super::{DAY, facts};
use crate::collect::CheckResult::{Failed, NewItems, NothingNew};
use crate::collect::{PlanSpan, next_look};
use crate::model::minute;

fn plan(interval_hours: Option<u32>) -> Vec<PlanSpan> {
    vec![PlanSpan { from: minute(0), until: None, interval_hours }]
}

#[test]
fn a_source_is_looked_at_at_once_and_then_by_its_interval() {
    let plan = plan(Some(24));
    assert_eq!(next_look(&plan, &[], minute(5)), Some(minute(0)));
    let looked = [facts(1, 5, NewItems)];
    assert_eq!(next_look(&plan, &looked, minute(6)), Some(minute(5 + DAY)));
    // What was missed while the program did not run is due once, not once for each day.
    assert_eq!(next_look(&plan, &looked, minute(5 * DAY)), Some(minute(5 + DAY)));
    let again = [facts(1, 5, NewItems), facts(2, 5 * DAY, NothingNew)];
    assert_eq!(next_look(&plan, &again, minute(5 * DAY + 1)), Some(minute(6 * DAY)));
}

#[test]
fn failures_are_waited_for_longer_and_longer_up_to_the_interval() {
    let (plan, mut checks) = (plan(Some(24)), vec![facts(1, 0, NothingNew)]);
    let mut waits = Vec::new();
    for number in 0..8_u32 {
        let at = DAY + i64::from(number);
        checks.push(facts(u64::from(number) + 2, at, Failed));
        let next = next_look(&plan, &checks, minute(at)).unwrap();
        waits.push(next.duration_since(minute(at)).as_mins());
    }
    assert_eq!(waits, [15, 30, 60, 120, 240, 360, 360, 360]);
    checks.push(facts(99, 2 * DAY, NothingNew));
    assert_eq!(next_look(&plan, &checks, minute(2 * DAY)), Some(minute(3 * DAY)));
    let hourly = [PlanSpan { from: minute(0), until: None, interval_hours: Some(1) }];
    assert_eq!(next_look(&hourly, &checks[..6], minute(DAY + 5)), Some(minute(DAY + 4 + 60)));
    // A check that failed before its time came does not put off the time.
    let early = [facts(1, 0, NothingNew), facts(2, 60, Failed)];
    assert_eq!(next_look(&plan, &early, minute(61)), Some(minute(DAY)));
}

#[test]
fn what_is_not_planned_is_left_to_a_person() {
    assert_eq!(next_look(&plan(None), &[], minute(5)), None);
    assert_eq!(next_look(&[], &[], minute(5)), None);
    let paused = [
        PlanSpan { from: minute(0), until: Some(minute(10)), interval_hours: Some(24) },
        PlanSpan { from: minute(30), until: None, interval_hours: Some(24) },
    ];
    assert_eq!(next_look(&paused, &[], minute(20)), None);
    let looked = [facts(1, 5, NothingNew)];
    assert_eq!(next_look(&paused, &looked, minute(31)), Some(minute(5 + DAY)));
}
