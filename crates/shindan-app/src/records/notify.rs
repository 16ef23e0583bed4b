//! Use cases on notifications: who hears of what, and telling them (SPEC.md section 4, ④-1 and ④-2).
//!
//! ```text
//! what changed since the entry that was told last ─► what this receiver hears of ─► due? ─► delivered ─► recorded as told
//!                                                                                      └─► not delivered: recorded, told later
//! ```
//!
//! Nothing is sent from here: whoever can send implements [`Deliver`]. A message is recorded as told after it was taken, so that a crash
//! between the two tells something twice rather than never.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::collect::NoticeState;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::notify::{
    DeliveryFailure, MessageLanguage, Subscription, SubscriptionDraft, Topic, Urgency,
};
use shindan_domain::people::{Action, Person};
use shindan_domain::priority::Decision;
use shindan_domain::record_id::{SourceId, SubscriptionId};
use shindan_report::notification::message;
use shindan_report::since::{CaseMove, ChangesSince};
use shindan_report::{Lang, Words};

use super::changes_since::{Since, changes_since};
use super::step::nothing;
use super::{Call, Done, Entered, Records, RecordsError};
use crate::data_folder::DataFolder;

/// A message to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The receiver and the last entry that it tells: the same message has the same number. ASCII letters, digits and hyphens.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Who can send messages.
pub trait Deliver {
    /// Hands a message to the receiver with this short name.
    ///
    /// # Errors
    /// Why it was not taken, or why nobody knows whether it was.
    fn deliver(&self, to: &str, message: &Message) -> Result<(), DeliveryFailure>;
}

/// A receiver for whom there was something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which.
    pub receiver: SubscriptionId,
    /// Their short name.
    pub name: String,
    /// How many things were told.
    pub items: u64,
    /// At once, or after the interval.
    pub urgency: Urgency,
    /// Why the message was not taken, if it was not.
    pub failure: Option<DeliveryFailure>,
}

/// Lets somebody hear of what changes from now on.
///
/// # Errors
/// Refused for a short name that is none or is taken, without a topic, and for an interval out of bounds.
pub fn begin(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    draft: SubscriptionDraft,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        if let Some(person) = draft.person {
            act.records().existing::<Person>(person)?;
        }
        let others = act.records().all::<Subscription>()?;
        let going_on = others.iter().filter(|(_, other)| other.ended.is_none());
        let names: Vec<&str> = going_on.map(|(_, other)| other.draft.name.as_str()).collect();
        let up_to = act.records().store().last_until(Timestamp::MAX)?;
        let event = Subscription::begin(draft, up_to, names)
            .map_err(|refusal| RecordsError::refused(None, refusal))?;
        let stream = Stream::new(Kind::Subscription, act.new_id()?);
        act.begin::<Subscription>(stream.id, &[event], true)?;
        Ok(stream)
    })
}

/// Lets somebody hear of nothing any more.
///
/// # Errors
/// Refused without a reason, and if it ended already.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SubscriptionId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Subscription, _>(who, call, Action::Operate, id, nothing, |subscription, (), _| {
        subscription.end(reason)
    })
}

/// Tells everybody who is to be told now. One who cannot be reached keeps no other from hearing. While another process tells, nothing
/// is done.
///
/// # Errors
/// Refused without the role, and if the records cannot be read or written.
pub fn tell(
    records: &mut Records,
    who: &Entered,
    deliver: &dyn Deliver,
    now: Timestamp,
) -> Result<Vec<Told>, RecordsError> {
    who.permit(Action::Operate).map_err(|refusal| RecordsError::refused(None, refusal))?;
    if records.all::<Subscription>()?.is_empty() {
        return Ok(Vec::new());
    }
    let Some(_alone) = DataFolder::new(&records.root).lock_notifying()? else { return Ok(Vec::new()) };
    let mut told = Vec::new();
    for (id, subscription) in records.all::<Subscription>()? {
        if let Some(one) = tell_one(records, who, deliver, (SubscriptionId(id), &subscription), now)? {
            told.push(one);
        }
    }
    Ok(told)
}

fn tell_one(
    records: &mut Records,
    who: &Entered,
    deliver: &dyn Deliver,
    (id, subscription): (SubscriptionId, &Subscription),
    now: Timestamp,
) -> Result<Option<Told>, RecordsError> {
    // What need not be told whatever changed is not looked for.
    if subscription.due(true, now).is_none() {
        return Ok(None);
    }
    let since = Since::Entry { sequence: subscription.told_up_to, at: subscription.told_at };
    let changes = wanted(changes_since(records, who, since, now)?, &subscription.draft);
    let due = subscription.due(is_urgent(&changes), now);
    let Some(urgency) = due.filter(|_| !changes.is_quiet()) else { return Ok(None) };
    let words = Words::new(match subscription.draft.language {
        MessageLanguage::Japanese => Lang::Ja,
        MessageLanguage::English => Lang::En,
    });
    let text = message(&changes, urgency == Urgency::Urgent, &words);
    let name = subscription.draft.name.clone();
    let letter =
        Message { id: format!("{}-{}", id.0, changes.last), at: now, subject: text.subject, text: text.text };
    let failure = deliver.deliver(&name, &letter).err();
    records.step::<Subscription, _>(
        who,
        &Call::at(now),
        Action::Operate,
        id,
        nothing,
        |subscription, (), _| match failure {
            None => subscription.told(changes.last, text.items, urgency),
            Some(failure) => subscription.not_told(failure),
        },
    )?;
    Ok(Some(Told { receiver: id, name, items: text.items, urgency, failure }))
}

/// What a receiver hears of.
fn wanted(mut changes: ChangesSince, draft: &SubscriptionDraft) -> ChangesSince {
    let topic = |topic| draft.topics.contains(&topic);
    changes.cases.retain_mut(|line| {
        line.moves.retain(|happened| match happened {
            CaseMove::Surged => topic(Topic::Surges),
            CaseMove::Opened | CaseMove::Reopened(_) => topic(Topic::Cases),
            CaseMove::Changed | CaseMove::Closed => false,
        });
        if !line.moves.contains(&CaseMove::Surged) {
            line.surged.clear();
        }
        // The most urgent priority is the smallest.
        line.priority <= draft.least && !line.moves.is_empty()
    });
    changes.notices.retain(|line| {
        let open = matches!(line.state, NoticeState::ToBeJudged | NoticeState::Updated);
        topic(Topic::Notices) && open && (line.received || line.updated)
    });
    changes.failed.retain(|_| topic(Topic::FailedChecks));
    changes.missed.retain(|_| topic(Topic::MissedChecks));
    changes.alarms.retain(|_| topic(Topic::Alarms));
    changes
}

/// A case that surges or is of the most urgent priority, and a source that failed again and again.
fn is_urgent(changes: &ChangesSince) -> bool {
    let mut failures: BTreeMap<SourceId, usize> = BTreeMap::new();
    for line in &changes.failed {
        *failures.entry(line.source).or_default() += 1;
    }
    let urgent = |line: &shindan_report::since::CaseLine| {
        line.priority == Decision::Immediate || line.moves.contains(&CaseMove::Surged)
    };
    changes.cases.iter().any(urgent) || failures.values().any(|count| *count >= 2)
}
