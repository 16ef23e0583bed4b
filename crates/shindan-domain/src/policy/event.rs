//! What can happen to a policy.

use serde::{Deserialize, Serialize};

use super::{Content, Policy, PolicyState, PolicyVersion};
use crate::approval::Word;
use crate::process::{Event, Occurrence, OutOfOrder};

/// What can happen to a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyEvent {
    /// The first version was proposed.
    Proposed {
        /// What people call the policy.
        title: String,
        /// What it says.
        content: Content,
        /// Why.
        reason: String,
    },
    /// A further version was proposed.
    Revised {
        /// What it says.
        content: Content,
        /// Why.
        reason: String,
    },
    /// A version was approved, and took the place of the one in force.
    Approved {
        /// Which.
        version: u32,
        /// By whom.
        word: Word,
    },
    /// A proposed version was not approved.
    Rejected {
        /// Which.
        version: u32,
        /// Why.
        reason: String,
    },
    /// The version in force ceased to be.
    Withdrawn {
        /// Which.
        version: u32,
        /// Why.
        reason: String,
        /// By whom.
        word: Word,
    },
}

impl Event for PolicyEvent {}

fn proposal(number: u32, content: &Content, reason: &str, when: &Occurrence) -> PolicyVersion {
    PolicyVersion {
        number,
        content: content.clone(),
        reason: reason.to_owned(),
        proposed_by: when.actor.person,
        proposed_at: when.at,
        state: PolicyState::Proposed,
        approval: None,
        ended_at: None,
    }
}

pub(super) fn apply(
    state: Option<Policy>,
    event: &PolicyEvent,
    when: &Occurrence,
) -> Result<Policy, OutOfOrder> {
    match (state, event) {
        (None, PolicyEvent::Proposed { title, content, reason }) => Ok(Policy {
            title: title.clone(),
            kind: content.kind(),
            versions: vec![proposal(1, content, reason, when)],
        }),
        (None, event) => Err(OutOfOrder::new(event, "nothing")),
        (Some(policy), event) => changed(policy, event, when),
    }
}

fn changed(mut policy: Policy, event: &PolicyEvent, when: &Occurrence) -> Result<Policy, OutOfOrder> {
    let out_of_order = OutOfOrder::new(event, policy.state());
    match event {
        PolicyEvent::Proposed { .. } => return Err(out_of_order),
        PolicyEvent::Revised { content, reason } => {
            if policy.proposed().is_some() || content.kind() != policy.kind {
                return Err(out_of_order);
            }
            let number = policy.versions.last().map_or(1, |last| last.number.saturating_add(1));
            policy.versions.push(proposal(number, content, reason, when));
        }
        PolicyEvent::Approved { version, word } => {
            if policy.proposed().is_none_or(|proposed| proposed.number != *version) {
                return Err(out_of_order);
            }
            for known in &mut policy.versions {
                if known.state == PolicyState::Approved {
                    end(known, PolicyState::Superseded, when);
                } else if known.number == *version {
                    known.state = PolicyState::Approved;
                    known.approval = Some(word.clone().given(when));
                }
            }
        }
        PolicyEvent::Rejected { version, .. } => {
            let state = (PolicyState::Proposed, PolicyState::Rejected);
            ended(&mut policy, *version, state, when).ok_or(out_of_order)?;
        }
        PolicyEvent::Withdrawn { version, .. } => {
            let state = (PolicyState::Approved, PolicyState::Withdrawn);
            ended(&mut policy, *version, state, when).ok_or(out_of_order)?;
        }
    }
    Ok(policy)
}

fn end(version: &mut PolicyVersion, state: PolicyState, when: &Occurrence) {
    version.state = state;
    version.ended_at = Some(when.at);
}

fn ended(
    policy: &mut Policy,
    number: u32,
    (from, to): (PolicyState, PolicyState),
    when: &Occurrence,
) -> Option<()> {
    let version =
        policy.versions.iter_mut().find(|version| version.number == number && version.state == from)?;
    end(version, to, when);
    Some(())
}
