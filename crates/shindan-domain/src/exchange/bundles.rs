//! Bundles for closed networks that came from the partner: taken in once and in their order, with a key that counts, complete, and
//! in time – or refused with what is wrong (SPEC.md section 4, ④-2, closed networks). A refusal is recorded, too.
//!
//! Unlike sealed files, bundles are for nobody in particular, and one that was lost need not be waited for: one that holds
//! everything follows any earlier one, and one that holds what changed says since when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Exchange, ExchangeEvent};
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{InstallationId, PersonId};

/// So many bundles of a partner are shown; all of them stand in the ledger.
const SHOWN: usize = 100;
/// A bundle that was made so much later than now shows that one of the clocks is wrong.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// A bundle, as another one names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleRef {
    /// SHA-256 of the payload of its manifest.
    pub manifest: Hash,
    /// Its number.
    pub sequence: u64,
}

/// A bundle whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleArrival {
    /// Who made it.
    pub sender: InstallationId,
    /// The key that signed it: 64 hexadecimal digits.
    pub key: String,
    /// Its number among all bundles of the sender.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// The bundle before it.
    pub previous: Option<BundleRef>,
    /// It holds what changed since this one; `None`: everything.
    pub since: Option<BundleRef>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is old.
    pub expires: Timestamp,
}

/// Whether a bundle that may be taken in is in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InTime {
    /// It is.
    Yes,
    /// Its time is over, for this reason: only a person can decide to take it in all the same.
    NeedsPerson(Reason),
}

/// A bundle that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBundle {
    /// Which.
    pub bundle: BundleRef,
    /// Fingerprint of the card whose key signed it.
    pub fingerprint: Hash,
    /// When it was made.
    pub created: Timestamp,
    /// Why it was taken in although its time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_because: Option<String>,
    /// Its manifest.
    pub document: Document,
    /// Who took it in.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A bundle that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedBundle {
    /// Which.
    pub bundle: BundleRef,
    /// Why.
    pub reason: Reason,
    /// Who tried.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Bundles that came from the partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundles {
    /// Those that were taken in last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<TakenBundle>,
    /// Those that were refused last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedBundle>,
}

impl Bundles {
    /// The one that was taken in last.
    pub fn last(&self) -> Option<&TakenBundle> {
        self.taken.last()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.refused.is_empty()
    }

    pub(super) fn changed(&mut self, event: &ExchangeEvent, when: &Occurrence) -> bool {
        let (by, at) = (when.actor.person, when.at);
        match event {
            ExchangeEvent::BundleTaken { bundle, fingerprint, created, expired_because, document } => {
                if self.last().is_some_and(|last| last.bundle.sequence >= bundle.sequence) {
                    return false;
                }
                self.taken.push(TakenBundle {
                    bundle: *bundle,
                    fingerprint: *fingerprint,
                    created: *created,
                    expired_because: expired_because.clone(),
                    document: document.clone(),
                    by,
                    at,
                });
                let surplus = self.taken.len().saturating_sub(SHOWN);
                self.taken.drain(..surplus);
                true
            }
            ExchangeEvent::BundleRefused { bundle, reason } => {
                self.refused.push(RefusedBundle { bundle: *bundle, reason: reason.clone(), by, at });
                let surplus = self.refused.len().saturating_sub(SHOWN);
                self.refused.drain(..surplus);
                true
            }
            _ => false,
        }
    }
}

impl BundleArrival {
    /// How other bundles name it.
    pub fn bundle(&self) -> BundleRef {
        BundleRef { manifest: self.manifest, sequence: self.sequence }
    }
}

impl Exchange {
    /// Whether a bundle may be taken in now.
    ///
    /// # Errors
    /// In this order: those of [`Exchange::counting_key`], [`ReasonCode::BundleReplay`], [`ReasonCode::SealedChainDiffers`],
    /// [`ReasonCode::BundleGap`], [`ReasonCode::BundleFromFuture`].
    pub fn judge_bundle(&self, arrival: &BundleArrival, now: Timestamp) -> Result<InTime, Reason> {
        if arrival.sender != self.installation {
            return Err(Reason::new(ReasonCode::SealedUnknownKey).with("key", &arrival.key));
        }
        self.counting_key(&arrival.key)?;
        let number = arrival.sequence;
        let last = self.bundles.last().map_or(0, |taken| taken.bundle.sequence);
        if number <= last {
            return Err(Reason::new(ReasonCode::BundleReplay).with("number", number).with("last", last));
        }
        // A number that was taken in and has another hash now: the sender was restored, or is not who we think.
        let differs = |named: &BundleRef| {
            let known = self.bundles.taken.iter().find(|taken| taken.bundle.sequence == named.sequence);
            known.is_some_and(|taken| taken.bundle != *named)
        };
        if arrival.previous.iter().chain(&arrival.since).any(differs) {
            return Err(Reason::new(ReasonCode::SealedChainDiffers).with("number", number));
        }
        if let Some(since) = arrival.since.filter(|since| since.sequence > last) {
            let reason = Reason::new(ReasonCode::BundleGap).with("number", number);
            return Err(reason.with("since", since.sequence).with("last", last));
        }
        if arrival.created > now.checked_add(SKEW).unwrap_or(Timestamp::MAX) {
            let reason = Reason::new(ReasonCode::BundleFromFuture).with("number", number);
            return Err(reason.with("date", arrival.created).with("now", now));
        }
        if now >= arrival.expires {
            let reason = Reason::new(ReasonCode::BundleExpired).with("number", number);
            return Ok(InTime::NeedsPerson(reason.with("date", arrival.expires)));
        }
        Ok(InTime::Yes)
    }

    /// Takes a bundle in. `expired_because`: why, if its time is over; kept only then. `document`: its manifest.
    ///
    /// # Errors
    /// Those of [`Exchange::judge_bundle`]; [`ReasonCode::BundleExpired`] without a reason, [`ReasonCode::TextMissing`] for a blank
    /// one; [`ReasonCode::SealedTampered`] if what was kept is not the manifest.
    pub fn take_bundle(
        &self,
        arrival: &BundleArrival,
        expired_because: Option<String>,
        document: Document,
        by: &Occurrence,
    ) -> Result<ExchangeEvent, Refusal> {
        let expired_because = match (self.judge_bundle(arrival, by.at)?, expired_because) {
            (InTime::Yes, _) => None,
            (InTime::NeedsPerson(reason), None) => return Err(reason.into()),
            (InTime::NeedsPerson(_), Some(because)) => {
                text_given(Label::Reason.as_str(), &because)?;
                Some(because)
            }
        };
        document.check()?;
        if document.sha256 != arrival.manifest {
            return Err(Refusal::new(ReasonCode::SealedTampered).with("part", "manifest"));
        }
        let fingerprint = self.counting_key(&arrival.key)?.card.fingerprint();
        let (bundle, created) = (arrival.bundle(), arrival.created);
        Ok(ExchangeEvent::BundleTaken { bundle, fingerprint, created, expired_because, document })
    }

    /// Records that a bundle which is signed with this partner's key was refused.
    pub fn refuse_bundle(&self, arrival: &BundleArrival, reason: Reason) -> ExchangeEvent {
        ExchangeEvent::BundleRefused { bundle: arrival.bundle(), reason }
    }
}
