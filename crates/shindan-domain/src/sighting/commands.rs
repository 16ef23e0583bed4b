//! What can be asked of a discrepancy, and what follows from what happened.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Discrepancy, Evidence, Resolution, Sighting, SightingEvent, SightingKind, SightingStage};
use crate::calendar::{day, in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal, text_given};
use crate::step::{Step, out_of_order};

impl Sighting {
    /// A discrepancy was found for the first time.
    pub fn open(found: Discrepancy) -> SightingEvent {
        SightingEvent::Opened(found)
    }

    /// The same discrepancy was found by a comparison. `None`: nothing new. While it is open, a later day or another
    /// particular is news; of a retired device each later sighting, because its disconnection must come after it. After it was
    /// settled, only what was seen after that opens it again; an explanation counts up to its last day.
    pub fn found_again(&self, found: &Discrepancy) -> Option<SightingEvent> {
        let evidence = &found.evidence;
        let (old, new) = (self.found.evidence.last_seen, evidence.last_seen);
        let reopened =
            || SightingEvent::Reopened { evidence: evidence.clone(), registered: found.registered.clone() };
        match &self.stage {
            SightingStage::Open { .. } => {
                let later = if self.found.kind == SightingKind::RetiredSeen {
                    new > old
                } else {
                    new.map(day) > old.map(day)
                };
                let news = later || (new >= old && self.is_news(found));
                let (evidence, registered) = (evidence.clone(), found.registered.clone());
                news.then_some(SightingEvent::SeenAgain { evidence, registered })
            }
            SightingStage::Explained { until, .. } => {
                // What is missing is missing still; what is there was seen after the day.
                let after = new.is_some_and(|at| day(at) > *until);
                after.then(reopened)
            }
            SightingStage::Registered { at, .. } => new.is_some_and(|new| new > *at).then(reopened),
            SightingStage::Resolved { shown_at, at, .. } => {
                let settled = shown_at.unwrap_or(*at);
                let after = new.is_none_or(|new| new > settled || self.found.kind == SightingKind::NotSeen);
                after.then(reopened)
            }
        }
    }

    /// What is missing is missing after the last day of its explanation. Asked with the day of the comparison, because a
    /// device that is not there has no time at which it was seen.
    pub fn missing_after(&self, found: &Discrepancy, today: Date) -> Option<SightingEvent> {
        match &self.stage {
            SightingStage::Explained { until, .. }
                if found.kind == SightingKind::NotSeen && today > *until =>
            {
                let (evidence, registered) = (found.evidence.clone(), found.registered.clone());
                Some(SightingEvent::Reopened { evidence, registered })
            }
            SightingStage::Explained { .. } if found.kind == SightingKind::NotSeen => None,
            _ => self.found_again(found),
        }
    }

    /// Particulars by which somebody would look for it. Addresses are none: leases change.
    fn is_news(&self, found: &Discrepancy) -> bool {
        let known = &self.found.evidence;
        let next = known.followed_by(&found.evidence);
        let of = |evidence: &Evidence| Evidence {
            addresses: BTreeSet::new(),
            last_seen: None,
            ..evidence.clone()
        };
        of(known) != of(&next) || self.found.registered != found.registered
    }

    /// Explains it: right as it is, until a day. It is opened again if it is seen after that day.
    ///
    /// # Errors
    /// [`ReasonCode::SightingNeedsDisconnection`] for a retired device: nothing but its disconnection closes it;
    /// [`ReasonCode::StepOutOfOrder`] unless it is open; [`ReasonCode::TextMissing`], [`ReasonCode::DateNotInFuture`],
    /// [`ReasonCode::DocumentMissing`].
    pub fn explain(
        &self,
        reason: String,
        until: Date,
        documents: Vec<Document>,
        by: &Occurrence,
    ) -> Result<SightingEvent, Refusal> {
        self.only_open(Step::ExplainSighting)?;
        if self.found.kind == SightingKind::RetiredSeen {
            return Err(self.needs_disconnection().into());
        }
        text_given(Label::Reason.as_str(), &reason)?;
        in_future(Label::Until, until, by)?;
        documents.iter().try_for_each(Document::check)?;
        Ok(SightingEvent::Explained { reason, until, documents })
    }

    /// Says which device of the register it is. From then on its hardware address or name counts as that device's.
    ///
    /// `device`: key and label as the register has them; `None`: it has no such device.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] unless it is open; [`ReasonCode::SightingNotUnknown`] for a device that is known;
    /// [`ReasonCode::SightingAssetUnknown`].
    pub fn register(&self, device: Option<(String, String)>) -> Result<SightingEvent, Refusal> {
        self.only_open(Step::RegisterSighting)?;
        if !self.found.kind.is_unregistered() {
            return Err(Refusal::new(ReasonCode::SightingNotUnknown));
        }
        let (key, label) = device.ok_or_else(|| Refusal::new(ReasonCode::SightingAssetUnknown))?;
        Ok(SightingEvent::Registered { key, label })
    }

    /// Closes it by the device's disconnection. `confirmed`: when somebody last confirmed it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] unless it is open; [`ReasonCode::SightingNotRetired`] for another kind;
    /// [`ReasonCode::SightingNeedsDisconnection`] if nothing was confirmed, or not after the device was last seen.
    pub fn disconnected(&self, confirmed: Option<Timestamp>) -> Result<SightingEvent, Refusal> {
        self.only_open(Step::CloseSighting)?;
        if self.found.kind != SightingKind::RetiredSeen {
            return Err(Refusal::new(ReasonCode::SightingNotRetired));
        }
        match confirmed {
            Some(at) if self.found.evidence.last_seen.is_none_or(|seen| at > seen) => {
                Ok(SightingEvent::Resolved { how: Resolution::Disconnected, at: Some(at) })
            }
            _ => Err(self.needs_disconnection().into()),
        }
    }

    /// The comparison shows that it is no more.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] if it was resolved before; [`ReasonCode::SightingNeedsDisconnection`] for a way in which
    /// its kind does not end.
    pub fn resolve(&self, how: Resolution, at: Option<Timestamp>) -> Result<SightingEvent, Refusal> {
        if let SightingStage::Resolved { .. } | SightingStage::Registered { .. } = self.stage {
            return Err(out_of_order(self.state().term(), Step::CloseSighting));
        }
        if how == Resolution::Disconnected {
            return self.disconnected(at);
        }
        if !ends_so(self.found.kind, how) {
            return Err(self.needs_disconnection().into());
        }
        Ok(SightingEvent::Resolved { how, at })
    }

    fn only_open(&self, step: Step) -> Result<(), Refusal> {
        match self.stage {
            SightingStage::Open { .. } => Ok(()),
            _ => Err(out_of_order(self.state().term(), step)),
        }
    }

    fn needs_disconnection(&self) -> Reason {
        let reason = Reason::new(ReasonCode::SightingNeedsDisconnection);
        match self.found.evidence.last_seen {
            Some(last) => reason.with("last", last),
            None => reason.with("last", "-"),
        }
    }

    /// What is missing for the next step.
    pub(super) fn missing(&self) -> Vec<Reason> {
        if !self.is_open() {
            return Vec::new();
        }
        let code = match self.found.kind {
            SightingKind::RetiredSeen => return vec![self.needs_disconnection()],
            SightingKind::UnknownDevice | SightingKind::RandomisedDevice => ReasonCode::SightingToRegister,
            SightingKind::NotSeen => ReasonCode::SightingToFind,
            SightingKind::FirmwareChanged | SightingKind::AddressChanged => ReasonCode::SightingToRecord,
        };
        let evidence = &self.found.evidence;
        let seen = match self.found.kind {
            SightingKind::FirmwareChanged => evidence.version.clone().unwrap_or_default(),
            _ => evidence.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        vec![Reason::new(code).with("seen", seen)]
    }

    pub(super) fn changed(self, event: &SightingEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let state = self.state();
        let (by, at) = (when.actor.person, when.at);
        let kind = self.found.kind;
        let Sighting { mut found, mut first_seen, stage, mut past } = self;
        let mut take = |evidence: &Evidence, registered: &Option<String>| {
            // Older files may come later.
            first_seen = [first_seen, evidence.last_seen].into_iter().flatten().min();
            if evidence.last_seen >= found.evidence.last_seen {
                found.evidence = found.evidence.followed_by(evidence);
                found.registered.clone_from(registered);
            }
        };
        let stage = match (stage, event) {
            (open @ SightingStage::Open { .. }, SightingEvent::SeenAgain { evidence, registered }) => {
                take(evidence, registered);
                open
            }
            (SightingStage::Open { .. }, SightingEvent::Explained { reason, until, documents })
                if kind != SightingKind::RetiredSeen =>
            {
                let (reason, documents) = (reason.clone(), documents.clone());
                SightingStage::Explained { reason, until: *until, documents, by, at }
            }
            (SightingStage::Open { .. }, SightingEvent::Registered { key, label })
                if kind.is_unregistered() =>
            {
                SightingStage::Registered { key: key.clone(), label: label.clone(), by, at }
            }
            (
                before @ (SightingStage::Open { .. } | SightingStage::Explained { .. }),
                SightingEvent::Resolved { how, at: shown_at },
            ) if ends_so(kind, *how) => {
                if let SightingStage::Explained { .. } = before {
                    past.push(before);
                }
                SightingStage::Resolved { how: *how, shown_at: *shown_at, by, at }
            }
            (
                before @ (SightingStage::Explained { .. }
                | SightingStage::Registered { .. }
                | SightingStage::Resolved { .. }),
                SightingEvent::Reopened { evidence, registered },
            ) => {
                past.push(before);
                take(evidence, registered);
                SightingStage::Open { since: at }
            }
            _ => return Err(OutOfOrder::new(event, state)),
        };
        Ok(Sighting { found, first_seen, stage, past })
    }
}

/// Which kinds end in which way.
fn ends_so(kind: SightingKind, how: Resolution) -> bool {
    match how {
        Resolution::Known | Resolution::SameDevice => kind.is_unregistered(),
        Resolution::InUseAgain | Resolution::Disconnected => kind == SightingKind::RetiredSeen,
        Resolution::Seen => kind == SightingKind::NotSeen,
        Resolution::AsRegistered => {
            matches!(kind, SightingKind::FirmwareChanged | SightingKind::AddressChanged)
        }
        Resolution::NotInUse => {
            matches!(
                kind,
                SightingKind::NotSeen | SightingKind::FirmwareChanged | SightingKind::AddressChanged
            )
        }
    }
}
