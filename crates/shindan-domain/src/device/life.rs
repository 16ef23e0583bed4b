//! The life of a device: stopped, disconnected, disposed of, seen again, back in use.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    Device, DeviceEvent, DeviceStage, Disconnection, DisconnectionMeans, Disposal, LifeStep, Seen, Stop,
    StopKind,
};
use crate::approval::Word;
use crate::calendar::{day, not_in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::step::{Step, ended, out_of_order};

/// That somebody looked whether the device is disconnected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisconnectionOrder {
    /// How it was disconnected.
    pub means: DisconnectionMeans,
    /// How it was confirmed.
    pub how: String,
    /// What shows it.
    pub documents: Vec<Document>,
    /// When somebody looked.
    pub checked: Timestamp,
}

impl Device {
    /// Records that the device is no longer used. Its disconnection is to be confirmed from now on.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] unless it is in use; [`ReasonCode::TextMissing`] without a reason;
    /// [`ReasonCode::DateInFuture`].
    pub fn stop(
        &self,
        kind: StopKind,
        reason: String,
        since: Timestamp,
        by: &Occurrence,
    ) -> Result<DeviceEvent, Refusal> {
        if !matches!(self.stage, DeviceStage::InUse { .. }) {
            return Err(self.refused(Step::DeviceStop));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        not_in_future(Label::Since, since, by)?;
        Ok(DeviceEvent::Stopped { kind, reason, since })
    }

    /// Confirms that the device is disconnected: whose word it is, and how they know. Who reported that it stopped, or gave
    /// the word that a sighting refuted, may confirm it alone only with a document that shows it: somebody else's word
    /// needs none, and an institution with one person must not be driven to false accounts.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] while it is in use or once it was confirmed; [`ReasonCode::TextMissing`] without
    /// saying how; [`ReasonCode::DeviceCheckedTooEarly`] if somebody looked before it stopped or was last seen;
    /// [`ReasonCode::DateInFuture`]; [`ReasonCode::DeviceNeedsDocument`]; those of [`Word::check`].
    pub fn confirm_disconnected(
        &self,
        order: DisconnectionOrder,
        word: Word,
        by: &Occurrence,
    ) -> Result<DeviceEvent, Refusal> {
        let (since, doers) = match &self.stage {
            DeviceStage::Stopped { stop } => (stop.since, vec![stop.by]),
            DeviceStage::SeenAgain { stop, refuted, seen, .. } => {
                (seen.at, [Some(stop.by), refuted.confirmed.giver()].into_iter().flatten().collect())
            }
            _ => return Err(self.refused(Step::DeviceConfirmDisconnected)),
        };
        let DisconnectionOrder { means, how, documents, checked } = order;
        word.check()?;
        text_given(Label::DeviceHow.as_str(), &how)?;
        documents.iter().try_for_each(Document::check)?;
        not_in_future(Label::DeviceChecked, checked, by)?;
        if checked < since || (checked == since && matches!(self.stage, DeviceStage::SeenAgain { .. })) {
            let refusal = Refusal::new(ReasonCode::DeviceCheckedTooEarly);
            return Err(refusal.with("date", checked).with("since", since));
        }
        let giver = word.giver(by.actor.person);
        let own = giver.is_some_and(|giver| doers.contains(&giver));
        if own && documents.is_empty() && word == Word::Software {
            return Err(Refusal::new(ReasonCode::DeviceNeedsDocument));
        }
        Ok(DeviceEvent::DisconnectionConfirmed { means, how, documents, checked, word })
    }

    /// Records that the device is used again, repaired or needed. One that was disposed of comes back only if it was seen.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] while it is in use, [`ReasonCode::RecordEnded`] once it was disposed of;
    /// [`ReasonCode::TextMissing`] without a reason.
    pub fn back_in_use(&self, reason: String) -> Result<DeviceEvent, Refusal> {
        if matches!(self.stage, DeviceStage::InUse { .. } | DeviceStage::Disposed { .. }) {
            return Err(self.refused(Step::DeviceBackInUse));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(DeviceEvent::BackInUse { reason })
    }

    /// Records that the device is gone for good.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], which names that nobody confirmed the disconnection; [`ReasonCode::RecordEnded`];
    /// [`ReasonCode::TextMissing`] without saying how; [`ReasonCode::DateInFuture`]; [`ReasonCode::DeviceCheckedTooEarly`]
    /// for a day before its disconnection was looked at.
    pub fn dispose(
        &self,
        how: String,
        documents: Vec<Document>,
        on: Date,
        by: &Occurrence,
    ) -> Result<DeviceEvent, Refusal> {
        let DeviceStage::Disconnected { disconnection, .. } = &self.stage else {
            return Err(self.refused(Step::DeviceDispose));
        };
        text_given(Label::DeviceHow.as_str(), &how)?;
        documents.iter().try_for_each(Document::check)?;
        let future = || Refusal::new(ReasonCode::DateInFuture).with("field", Label::Date.as_str());
        if on > day(by.at) {
            return Err(future().with("date", on));
        }
        let checked = day(disconnection.checked);
        if on < checked {
            let refusal = Refusal::new(ReasonCode::DeviceDisposedTooEarly);
            return Err(refusal.with("date", on).with("since", checked));
        }
        Ok(DeviceEvent::Disposed { how, documents, on })
    }

    /// Records that the device was seen on a network although its disconnection was confirmed. It is an alarm until somebody
    /// looked later than that.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] while it is in use, while the alarm is open already, or for a sighting that is known;
    /// [`ReasonCode::DeviceSeenBefore`] for one from before somebody looked; [`ReasonCode::DateInFuture`];
    /// [`ReasonCode::TextMissing`] if it does not say by what the device was known; [`ReasonCode::DocumentMissing`].
    pub fn seen_again(&self, seen: Seen, by: &Occurrence) -> Result<DeviceEvent, Refusal> {
        let known = match &self.stage {
            DeviceStage::InUse { .. } | DeviceStage::Stopped { .. } => {
                return Err(Refusal::new(ReasonCode::NothingChanges));
            }
            DeviceStage::Disconnected { disconnection, .. } | DeviceStage::Disposed { disconnection, .. } => {
                disconnection.checked
            }
            DeviceStage::SeenAgain { seen: last, .. } if seen.at <= last.at => {
                return Err(Refusal::new(ReasonCode::NothingChanges));
            }
            DeviceStage::SeenAgain { refuted, .. } => refuted.checked,
        };
        text_given(Label::DeviceSeenAs.as_str(), &seen.by_what)?;
        not_in_future(Label::At, seen.at, by)?;
        seen.document.iter().try_for_each(Document::check)?;
        if seen.at <= known {
            let refusal = Refusal::new(ReasonCode::DeviceSeenBefore);
            return Err(refusal.with("date", seen.at).with("since", known));
        }
        Ok(DeviceEvent::SeenAgain { seen })
    }

    /// A refusal because the step does not follow the stage, with what is missing for the next one.
    pub(super) fn refused(&self, step: Step) -> Refusal {
        match &self.stage {
            DeviceStage::Disposed { .. } => ended(self.state().term()),
            _ => out_of_order(self.state().term(), step).missing(self.disconnection_missing()),
        }
    }

    /// That somebody has to look whether it is disconnected.
    pub(super) fn disconnection_missing(&self) -> Option<Reason> {
        match &self.stage {
            DeviceStage::Stopped { stop } => {
                Some(Reason::new(ReasonCode::DeviceDisconnectionOpen).with("date", day(stop.since)))
            }
            DeviceStage::SeenAgain { seen, .. } => {
                let reason = Reason::new(ReasonCode::DeviceWasSeenAgain).with("date", day(seen.at));
                Some(reason.with("value", &seen.by_what))
            }
            _ => None,
        }
    }

    /// The device after an event of its life; `None` if it cannot happen at this stage.
    pub(super) fn lived(mut self, event: &DeviceEvent, when: &Occurrence) -> Option<Device> {
        let (by, at) = (when.actor.person, when.at);
        let before = self.stage.clone();
        let mut why = None;
        self.stage = match (before.clone(), event) {
            (DeviceStage::InUse { .. }, DeviceEvent::Stopped { kind, reason, since }) => {
                why = Some(reason.clone());
                DeviceStage::Stopped { stop: Stop { kind: *kind, reason: reason.clone(), since: *since, by } }
            }
            (
                DeviceStage::Stopped { .. } | DeviceStage::SeenAgain { .. },
                DeviceEvent::DisconnectionConfirmed { means, how, documents, checked, word },
            ) => {
                let (how, documents) = (how.clone(), documents.clone());
                let confirmed = word.clone().given(when);
                disconnected(
                    before.clone(),
                    Disconnection { means: *means, how, documents, checked: *checked, confirmed },
                )?
            }
            (
                DeviceStage::Disconnected { stop, disconnection },
                DeviceEvent::Disposed { how, documents, on },
            ) => {
                let disposal = Disposal { how: how.clone(), documents: documents.clone(), on: *on, by };
                DeviceStage::Disposed { stop, disconnection, disposal }
            }
            (stage, DeviceEvent::SeenAgain { seen }) => seen_at(stage, seen)?,
            (DeviceStage::InUse { .. } | DeviceStage::Disposed { .. }, _) => return None,
            (_, DeviceEvent::BackInUse { reason }) => {
                why = Some(reason.clone());
                DeviceStage::InUse { since: at }
            }
            _ => return None,
        };
        self.past.push(LifeStep { stage: before, until: at, by, reason: why });
        Some(self)
    }
}

/// The stage after somebody looked: what had been disposed of is so again.
fn disconnected(stage: DeviceStage, disconnection: Disconnection) -> Option<DeviceStage> {
    match stage {
        DeviceStage::Stopped { stop } | DeviceStage::SeenAgain { stop, disposal: None, .. } => {
            Some(DeviceStage::Disconnected { stop, disconnection })
        }
        DeviceStage::SeenAgain { stop, disposal: Some(disposal), .. } => {
            Some(DeviceStage::Disposed { stop, disconnection, disposal })
        }
        _ => None,
    }
}

/// The stage after a sighting.
fn seen_at(stage: DeviceStage, seen: &Seen) -> Option<DeviceStage> {
    let (stop, refuted, disposal) = match stage {
        DeviceStage::Disconnected { stop, disconnection } => (stop, disconnection, None),
        DeviceStage::Disposed { stop, disconnection, disposal } => (stop, disconnection, Some(disposal)),
        DeviceStage::SeenAgain { stop, refuted, disposal, .. } => (stop, refuted, disposal),
        DeviceStage::InUse { .. } | DeviceStage::Stopped { .. } => return None,
    };
    Some(DeviceStage::SeenAgain { stop, refuted, disposal, seen: seen.clone() })
}
