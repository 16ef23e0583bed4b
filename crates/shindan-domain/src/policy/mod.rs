//! 方針: numbers and tables that an institution sets for itself (SPEC.md section 4, ②-2).
//!
//! ```text
//! proposed ──► approved ──► superseded (by the next approved version)
//!    └──► rejected            └──► withdrawn
//! ```
//!
//! One record is the whole line of versions. Only an approved version is in force, and who approves it is not who
//! proposed it. What follows a policy remembers its record and version ([`PolicyRef`]).

mod commands;
mod content;
mod event;
mod shown;
#[cfg(test)]
mod tests;

pub use content::{
    ConfirmationInterval, Content, DaysByPriority, DueDates, PolicyKind, PriorityRules, SecondFactor,
};
pub use event::PolicyEvent;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::calendar::{after, day};
use crate::ledger::Kind;
use crate::process::{Filed, Label, Occurrence, OutOfOrder, Process, ReasonCode, Refusal, View};
use crate::record_id::{PersonId, PolicyId};
use crate::terms;

terms! {
    /// State of one version of a policy, and of the policy as a whole.
    pub enum PolicyState ("policy-state") {
        /// Waits for approval.
        Proposed = "proposed",
        /// In force.
        Approved = "approved",
        /// Another version took its place.
        Superseded = "superseded",
        /// Was not approved.
        Rejected = "rejected",
        /// No longer in force, and nothing took its place.
        Withdrawn = "withdrawn",
    }
}

/// A version of a policy that something follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The record.
    pub policy: PolicyId,
    /// Its version, from 1.
    pub version: u32,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// From 1.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Why it was proposed.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Timestamp,
    /// State.
    pub state: PolicyState,
    /// The approval, once given. Stays when the version is superseded.
    pub approval: Option<Given>,
    /// When it ceased to be in force or to be proposed.
    pub ended_at: Option<Timestamp>,
}

/// A policy with all its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What people call it.
    pub title: String,
    /// What it is about; the same in every version.
    pub kind: PolicyKind,
    /// Versions in order; never empty.
    pub versions: Vec<PolicyVersion>,
}

/// Due dates of an approved version. There is no other way to one than [`Policy::due_policy`], so that nothing can have
/// due dates that nobody approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePolicy {
    reference: PolicyRef,
    days: DueDates,
}

impl DuePolicy {
    /// Which version.
    pub fn reference(&self) -> PolicyRef {
        self.reference
    }

    /// What it says.
    pub fn days(&self) -> &DueDates {
        &self.days
    }

    /// Refuses the end of an acceptance, or the review of a measure that is no patch, after the latest day that the policy
    /// gives for it, counted from the day of the step.
    ///
    /// # Errors
    /// [`ReasonCode::ReviewTooLate`] with the latest day.
    pub fn check_review(&self, field: Label, wanted: Date, by: &Occurrence) -> Result<(), Refusal> {
        let latest = after(day(by.at), self.days.review);
        if wanted <= latest {
            return Ok(());
        }
        let refusal = Refusal::new(ReasonCode::ReviewTooLate).with("field", field.as_str());
        Err(refusal.with("date", wanted).with("latest", latest))
    }
}

impl Policy {
    /// The version in force.
    pub fn in_force(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.state == PolicyState::Approved)
    }

    /// The version that was in force at a time.
    pub fn in_force_at(&self, at: Timestamp) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| {
            version.approval.as_ref().is_some_and(|given| given.at <= at)
                && version.ended_at.is_none_or(|end| at < end)
        })
    }

    /// The version that waits for approval.
    pub fn proposed(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.state == PolicyState::Proposed)
    }

    /// A version by its number.
    pub fn version(&self, number: u32) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// State of the whole: approved while a version is in force, else the state of the last version.
    pub fn state(&self) -> PolicyState {
        let last = self.versions.last().map_or(PolicyState::Withdrawn, |version| version.state);
        if self.in_force().is_some() { PolicyState::Approved } else { last }
    }

    /// The due dates in force, if the policy is about due dates; `id`: the record of this policy.
    pub fn due_policy(&self, id: PolicyId) -> Option<DuePolicy> {
        let version = self.in_force()?;
        let Content::DueDates(days) = &version.content else { return None };
        let reference = PolicyRef { policy: id, version: version.number };
        Some(DuePolicy { reference, days: days.clone() })
    }

    /// The rules for priorities in force, if the policy is about them.
    pub fn priority_rules(&self, id: PolicyId) -> Option<(PolicyRef, &PriorityRules)> {
        let version = self.in_force()?;
        let Content::DecisionTable(rules) = &version.content else { return None };
        Some((PolicyRef { policy: id, version: version.number }, rules))
    }

    /// Of whom a second factor is asked, if the policy is about that.
    pub fn second_factor(&self) -> Option<&SecondFactor> {
        match &self.in_force()?.content {
            Content::SecondFactor(asked) => Some(asked),
            _ => None,
        }
    }

    /// The intervals in force, if the policy is about them.
    pub fn intervals(&self, id: PolicyId) -> Option<(PolicyRef, &ConfirmationInterval)> {
        let version = self.in_force()?;
        let Content::ConfirmationInterval(days) = &version.content else { return None };
        Some((PolicyRef { policy: id, version: version.number }, days))
    }
}

impl Process for Policy {
    const KIND: Kind = Kind::Policy;
    type Event = PolicyEvent;

    fn apply(state: Option<Self>, event: &PolicyEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        event::apply(state, event, when)
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
