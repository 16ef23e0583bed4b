//! 期限 and times: published → noticed → decided → done (SPEC.md ④-1 "Prompt = measured").

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Case, CaseState, Stage};
use crate::calendar::{after, day, hours_between};
use crate::policy::{DuePolicy, PolicyRef};
use crate::priority::Decision;

/// Until when a case is to be decided and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The approved policy that says so.
    pub policy: PolicyRef,
    /// Last day for an approved decision.
    pub decide: Date,
    /// Last day for closing.
    pub done: Date,
}

impl Due {
    /// Due dates of a case of this priority that was noticed then; `None` for *defer*.
    pub fn of(policy: &DuePolicy, priority: Decision, noticed: Timestamp) -> Option<Due> {
        let from = day(noticed);
        let days = policy.days();
        Some(Due {
            policy: policy.reference(),
            decide: after(from, days.decide.of(priority)?),
            done: after(from, days.done.of(priority)?),
        })
    }

    /// The same policy's dates, each the earlier one: a surge never gives more time.
    #[must_use]
    pub fn sooner(self, other: Due) -> Due {
        Due { policy: other.policy, decide: self.decide.min(other.decide), done: self.done.min(other.done) }
    }
}

/// When what happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The first of its vulnerabilities was published.
    pub published: Option<Timestamp>,
    /// The case was opened.
    pub noticed: Timestamp,
    /// The decision was approved.
    pub decided: Option<Timestamp>,
    /// It was closed.
    pub done: Option<Timestamp>,
}

impl Times {
    /// Whole hours from publication to notice; negative if it was noticed before.
    pub fn hours_to_notice(&self) -> Option<i64> {
        self.published.map(|published| hours_between(published, self.noticed))
    }

    /// Whole hours from notice to the approved decision.
    pub fn hours_to_decide(&self) -> Option<i64> {
        self.decided.map(|decided| hours_between(self.noticed, decided))
    }

    /// Whole hours from notice to closing.
    pub fn hours_to_done(&self) -> Option<i64> {
        self.done.map(|done| hours_between(self.noticed, done))
    }
}

impl Case {
    /// When what happened.
    pub fn times(&self) -> Times {
        let done = match &self.stage {
            Stage::Closed { at, .. } => Some(*at),
            _ => None,
        };
        Times {
            published: self.vulnerabilities.values().filter_map(|fact| fact.published).min(),
            noticed: self.noticed,
            decided: self.decided_at,
            done,
        }
    }

    /// The day of the next step: decision, closing, end of an acceptance or review. `None`: no policy, or nothing to do.
    pub fn next_due(&self) -> Option<Date> {
        match &self.stage {
            Stage::Closed { review, .. } => *review,
            Stage::Accepted { until, .. } => Some(*until),
            stage => {
                let due = self.due.map(|due| if stage.settled().is_some() { due.done } else { due.decide });
                let alternative = self.alternative.as_ref().map(|alternative| alternative.until);
                [due, alternative].into_iter().flatten().min()
            }
        }
    }

    /// True if the next step should have been taken before this day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.next_due().is_some_and(|due| due < today)
    }

    /// True while something is to be done about it. An acceptance is open: it ends.
    pub fn is_open(&self) -> bool {
        self.state() != CaseState::Closed
    }
}
