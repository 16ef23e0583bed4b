//! When the running program looks at a source by itself. Derived from its plan and its checks, never recorded.

use jiff::{SignedDuration, Timestamp};

use super::CheckFacts;
use super::timing::{PlanSpan, due_at, later};

/// The wait after the first failure. It doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// The longest wait after a failure; never longer than the interval of the source either.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// When a source is to be looked at next by the running program. `checks`: its own, oldest first. `None`: paused, ended, or only
/// when a person looks.
///
/// One that was never looked at is to be looked at once its plan begins. One whose checks failed since the last that did not is not asked
/// every minute: what is out of order does not get better by that.
pub fn next_look(plan: &[PlanSpan], checks: &[CheckFacts], now: Timestamp) -> Option<Timestamp> {
    let span = plan.iter().rev().find(|span| span.holds(now))?;
    let interval = SignedDuration::from_hours(i64::from(span.interval_hours?));
    let good = checks.iter().filter(|check| check.succeeded()).map(CheckFacts::informed).max();
    let due = match good {
        Some(_) => due_at(plan, span, good)?,
        None => span.from,
    };
    let mut failed = checks.iter().rev().take_while(|check| !check.succeeded());
    let Some(last) = failed.next() else { return Some(due) };
    let longest = LONGEST_WAIT.min(interval);
    let doubled = failed.take(16).fold(FIRST_WAIT, |wait, _| wait.saturating_mul(2).min(LONGEST_WAIT));
    Some(due.max(later(last.ended, doubled.min(longest))))
}
