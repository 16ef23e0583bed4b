//! 通知: who hears of what changed, how often, and that they were told (SPEC.md section 4, ④-1 and ④-2).
//!
//! ```text
//! Subscription 通知設定 ── something changed ──► told (a digest per interval, urgent at once) ──► recorded up to which entry
//!                                                  └── not delivered ──► recorded, told again later, shown as failing
//! ```
//!
//! What was told is an entry of the ledger: nothing is told twice, and nobody can say they were told who was not. Addresses are not
//! in here, because an entry cannot be taken back: the settings of the program know which address a name means.

mod event;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use event::SubscriptionEvent;

use crate::ledger::Kind;
use crate::priority::Decision;
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::PersonId;
use crate::step::ended;
use crate::term::Term;
use crate::terms;

terms! {
    /// What somebody wants to hear of.
    pub enum Topic ("notify-topic") {
        /// Cases that were opened, or opened again.
        Cases = "new-cases",
        /// Cases one of whose vulnerabilities is newly exploited, or far more likely to be.
        Surges = "surges",
        /// Checks of sources that failed.
        FailedChecks = "failed-checks",
        /// Days on which a source was due and nobody looked.
        MissedChecks = "missed-checks",
        /// What is suspicious about a source.
        Alarms = "alarms",
        /// Notices that are to be judged.
        Notices = "notices",
    }
}

terms! {
    /// Whether somebody is told.
    pub enum SubscriptionState ("subscription-state") {
        /// They are.
        Active = "subscription-active",
        /// The last message did not reach them.
        Failing = "subscription-failing",
        /// They are not any more.
        Ended = "subscription-ended",
    }
}

terms! {
    /// The language of a message.
    pub enum MessageLanguage ("message-language") {
        /// 日本語
        Japanese = "ja",
        /// English
        English = "en",
    }
}

terms! {
    /// Why a message did not reach somebody.
    pub enum DeliveryFailure ("delivery-failure") {
        /// The settings name no such receiver, or say nothing that can be used.
        Settings = "delivery-settings",
        /// The address of the receiver is none.
        Recipient = "delivery-recipient",
        /// There was no connection.
        Connect = "delivery-connect",
        /// No answer came in time.
        Timeout = "delivery-timeout",
        /// The connection ended too early; the message may have arrived.
        Cut = "delivery-cut",
        /// The connection could not be secured.
        Tls = "delivery-tls",
        /// User and password were not accepted.
        Login = "delivery-login",
        /// The server asked to come back later.
        Later = "delivery-later",
        /// The server refused the message.
        Refused = "delivery-refused",
        /// What answered does not take messages.
        Protocol = "delivery-protocol",
        /// Somebody stopped it.
        Cancelled = "delivery-cancelled",
    }
}

/// How urgent a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The digest of an interval.
    Digest,
    /// At once.
    Urgent,
}

/// The longest interval: a month.
const MOST_HOURS: u32 = 31 * 24;

/// Urgent messages are at least so far apart.
const URGENT_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// The wait after a message that was not delivered. It doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// Who hears of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionDraft {
    /// Short name, `[a-z0-9-]`: the settings of the program say which address it means.
    pub name: String,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What they hear of; at least one.
    pub topics: BTreeSet<Topic>,
    /// Cases from this priority on.
    pub least: Decision,
    /// A digest after so many hours.
    pub interval_hours: u32,
    /// In which language.
    pub language: MessageLanguage,
}

impl SubscriptionDraft {
    fn check(&self) -> Result<(), Refusal> {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=64).contains(&self.name.len()) || !self.name.bytes().all(letters) {
            return Err(Refusal::new(ReasonCode::SubscriptionNameInvalid).with("value", &self.name));
        }
        if self.topics.is_empty() {
            return Err(Refusal::new(ReasonCode::SubscriptionWithoutTopic));
        }
        if !(1..=MOST_HOURS).contains(&self.interval_hours) {
            let refusal = Refusal::new(ReasonCode::SourceSettingInvalid);
            let refusal =
                refusal.with("field", Label::IntervalHours.as_str()).with("value", self.interval_hours);
            return Err(refusal.with("least", 1).with("most", MOST_HOURS));
        }
        Ok(())
    }
}

/// That a message did not reach somebody, and those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Why the last one did not.
    pub failure: DeliveryFailure,
    /// How many in a row.
    pub count: u32,
    /// When the last one failed.
    pub at: Timestamp,
}

/// 通知設定
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Who hears of what.
    pub draft: SubscriptionDraft,
    /// The last entry of the ledger that was told, or that was there when it began.
    pub told_up_to: u64,
    /// When that was.
    pub told_at: Timestamp,
    /// How many messages were delivered.
    pub messages: u64,
    /// The last message did not reach them.
    pub undelivered: Option<Undelivered>,
    /// Why it ended.
    pub ended: Option<String>,
}

impl Subscription {
    /// Begins to tell somebody of what comes after the entry `up_to`. `names` are those of all others that have not ended.
    ///
    /// # Errors
    /// [`ReasonCode::SubscriptionNameInvalid`], [`ReasonCode::SubscriptionNameTaken`], [`ReasonCode::SubscriptionWithoutTopic`],
    /// [`ReasonCode::SourceSettingInvalid`].
    pub fn begin<'a>(
        draft: SubscriptionDraft,
        up_to: u64,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<SubscriptionEvent, Refusal> {
        draft.check()?;
        if names.into_iter().any(|name| name == draft.name) {
            return Err(Refusal::new(ReasonCode::SubscriptionNameTaken).with("value", &draft.name));
        }
        Ok(SubscriptionEvent::Begun { draft, up_to })
    }

    /// Notes that a message was taken: everything up to the entry `up_to` was told.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`]; [`ReasonCode::NothingChanges`] if that was told before.
    pub fn told(&self, up_to: u64, items: u64, urgency: Urgency) -> Result<SubscriptionEvent, Refusal> {
        self.going_on()?;
        if up_to < self.told_up_to {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(SubscriptionEvent::Told { up_to, items, urgent: urgency == Urgency::Urgent })
    }

    /// Notes that a message was not taken. What it told stays untold.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`].
    pub fn not_told(&self, failure: DeliveryFailure) -> Result<SubscriptionEvent, Refusal> {
        self.going_on()?;
        Ok(SubscriptionEvent::NotTold { failure })
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<SubscriptionEvent, Refusal> {
        self.going_on()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(SubscriptionEvent::Ended { reason })
    }

    fn going_on(&self) -> Result<(), Refusal> {
        if self.ended.is_some() { Err(ended(self.state().term())) } else { Ok(()) }
    }

    /// Whether they are told.
    pub fn state(&self) -> SubscriptionState {
        match (&self.ended, &self.undelivered) {
            (Some(_), _) => SubscriptionState::Ended,
            (None, Some(_)) => SubscriptionState::Failing,
            (None, None) => SubscriptionState::Active,
        }
    }

    /// Whether a message is to be sent now, if there is something to tell (`urgent`: something that must not wait). After a message that
    /// was not delivered there is a growing wait, so that nobody is flooded when their server is back.
    pub fn due(&self, urgent: bool, now: Timestamp) -> Option<Urgency> {
        if self.ended.is_some() {
            return None;
        }
        if let Some(failed) = &self.undelivered {
            let doublings = failed.count.saturating_sub(1).min(16);
            let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
            if now.duration_since(failed.at) < wait {
                return None;
            }
        }
        let passed = now.duration_since(self.told_at);
        let interval = SignedDuration::from_hours(i64::from(self.draft.interval_hours));
        // The very first message need not wait: nothing was told yet.
        if urgent && (passed >= URGENT_PAUSE.min(interval) || self.messages == 0) {
            return Some(Urgency::Urgent);
        }
        (passed >= interval).then_some(Urgency::Digest)
    }

    pub(crate) fn missing(&self) -> Vec<Reason> {
        match (&self.ended, &self.undelivered) {
            (None, Some(failed)) => {
                let reason = Reason::new(ReasonCode::MessageNotDelivered).with("delivery", failed.failure);
                vec![reason.with("count", failed.count)]
            }
            _ => Vec::new(),
        }
    }

    fn changed(mut self, event: &SubscriptionEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match event {
            SubscriptionEvent::Told { up_to, .. } => {
                self.told_up_to = *up_to;
                self.told_at = when.at;
                self.messages = self.messages.saturating_add(1);
                self.undelivered = None;
            }
            SubscriptionEvent::NotTold { failure } => {
                let before = self.undelivered.as_ref().map_or(0, |failed| failed.count);
                let count = before.saturating_add(1);
                self.undelivered = Some(Undelivered { failure: *failure, count, at: when.at });
            }
            SubscriptionEvent::Ended { reason } if self.ended.is_none() => {
                self.ended = Some(reason.clone());
            }
            SubscriptionEvent::Ended { .. } | SubscriptionEvent::Begun { .. } => {
                return Err(OutOfOrder::new(event, self.state()));
            }
        }
        Ok(self)
    }
}

impl Process for Subscription {
    const KIND: Kind = Kind::Subscription;
    type Event = SubscriptionEvent;

    fn apply(state: Option<Self>, event: &SubscriptionEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, SubscriptionEvent::Begun { draft, up_to }) => Ok(Subscription {
                draft: draft.clone(),
                told_up_to: *up_to,
                told_at: when.at,
                messages: 0,
                undelivered: None,
                ended: None,
            }),
            (Some(subscription), event) => subscription.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}

/// Every term that subscriptions can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = Topic::terms().collect();
    all.extend(SubscriptionState::terms());
    all.extend(MessageLanguage::terms());
    all.extend(DeliveryFailure::terms());
    all
}
