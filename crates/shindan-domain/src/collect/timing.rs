//! Whether a source is looked at in time. Derived from its plan and its checks, never recorded.

use jiff::{SignedDuration, Timestamp};

use crate::terms;

terms! {
    /// Whether a source was looked at in time.
    pub enum SourceTiming ("source-timing") {
        /// 期限内
        InTime = "source-in-time",
        /// To be looked at now.
        Due = "source-due",
        /// Not looked at in time.
        Overdue = "source-overdue",
        /// Nothing is planned: paused, ended, or only when a person looks.
        NotPlanned = "not-planned",
    }
}

/// A time during which a source is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanSpan {
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive; `None`: still.
    pub until: Option<Timestamp>,
    /// After how many hours; `None`: only when a person looks.
    pub interval_hours: Option<u32>,
}

impl PlanSpan {
    /// Whether a moment lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// The moment that lies so much later; the end of time if there is none.
pub(super) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

pub(super) fn days(days: u16) -> SignedDuration {
    SignedDuration::from_hours(i64::from(days) * 24)
}

/// When a source is to be looked at next by the span `span` of its plan `plan`, if the last check that did *not* fail ended at
/// `checked`. A source that was never looked at has one interval from its beginning; one that was due during a pause is due with
/// its end. `None` without an interval.
pub fn due_at(plan: &[PlanSpan], span: &PlanSpan, checked: Option<Timestamp>) -> Option<Timestamp> {
    let hours = span.interval_hours?;
    let first = plan.first().map_or(span.from, |first| first.from);
    let since = checked.unwrap_or(first);
    Some(later(since, SignedDuration::from_hours(i64::from(hours))).max(span.from))
}

/// Whether a source is looked at in time. `checked`: when its last check ended that did not fail; a failed one is no check. One that
/// was never looked at is due at once, not in time: silence is no information.
pub fn timing(
    plan: &[PlanSpan],
    reminder_days: u16,
    checked: Option<Timestamp>,
    now: Timestamp,
) -> SourceTiming {
    let Some(span) = plan.iter().rev().find(|span| span.holds(now)) else { return SourceTiming::NotPlanned };
    let Some(due) = due_at(plan, span, checked) else { return SourceTiming::NotPlanned };
    if now > later(due, days(reminder_days)) {
        SourceTiming::Overdue
    } else if now >= due || checked.is_none() {
        SourceTiming::Due
    } else {
        SourceTiming::InTime
    }
}
