//! What comes from the partner: accepted in its order, once, in time, for us, with a key that counts – or refused with what
//! is wrong. A refusal is recorded, too.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Content, Exchange, ExchangeEvent};
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{InstallationId, PersonId};
use crate::terms;

/// So many refused imports are shown; all of them stand in the ledger.
const REFUSED_SHOWN: usize = 50;
/// So many missing numbers are named in a refusal.
const MISSING_NAMED: u64 = 20;
/// So many numbers can be given up in one step.
const VOID_AT_ONCE: u64 = 1000;

/// What came from the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiving {
    /// Number of the file that is expected next.
    pub next: u64,
    /// SHA-256 of the manifest before it; `None` at the beginning, and where the file before it is void and was never seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Hash>,
    /// Accepted files, in order.
    pub files: Vec<ReceivedFile>,
    /// Numbers that are not waited for.
    pub void: Vec<VoidNumber>,
    /// The last number that may be called void here: a later one, or itself too late, has come.
    pub voidable: u64,
    /// The last refused imports, the oldest first.
    pub refused: Vec<RefusedImport>,
}

impl Default for Receiving {
    fn default() -> Self {
        let (files, void, refused) = (Vec::new(), Vec::new(), Vec::new());
        Receiving { next: 1, last: None, files, void, voidable: 0, refused }
    }
}

/// A file of a sealed file, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptContent {
    /// As the manifest lists it.
    pub content: Content,
    /// The kept document.
    pub document: Document,
}

/// A sealed file that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedFile {
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// Fingerprint of the card whose key signed it.
    pub fingerprint: Hash,
    /// What was in it.
    pub contents: Vec<KeptContent>,
    /// When it was made.
    pub created: Timestamp,
    /// The sealed file.
    pub document: Document,
    /// Manifest of our file that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Hash>,
    /// Who took it in.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A number that is not waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidNumber {
    /// The number.
    pub sequence: u64,
    /// Why; `None`: the partner's own signed file says that it is void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// An import that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedImport {
    /// Why.
    pub reason: Reason,
    /// The file, as it came.
    pub document: Document,
    /// Who tried.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A sealed file whose signature holds and whose contents have the hashes that it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Who made it.
    pub sender: InstallationId,
    /// The key that signed it: 64 hexadecimal digits.
    pub key: String,
    /// For whom it is.
    pub receiver: InstallationId,
    /// The card of the receiver that the sender knows.
    pub receiver_fingerprint: Hash,
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of the manifest before it.
    pub previous: Option<Hash>,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
    /// Earlier numbers that are not to be waited for.
    pub void: Vec<u64>,
    /// Manifest of our file that it answers.
    pub reply_to: Option<Hash>,
    /// What is in it.
    pub contents: Vec<Content>,
}

/// Who we are to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// This installation.
    pub installation: InstallationId,
    /// Fingerprint of its card.
    pub fingerprint: Hash,
}

impl Arrival {
    /// Whether it is for us.
    ///
    /// # Errors
    /// [`ReasonCode::SealedWrongReceiver`].
    pub fn check_receiver(&self, own: &Own) -> Result<(), Reason> {
        if (self.receiver, self.receiver_fingerprint) == (own.installation, own.fingerprint) {
            return Ok(());
        }
        Err(Reason::new(ReasonCode::SealedWrongReceiver).with("receiver", self.receiver))
    }

    /// Why it cannot be accepted if nobody knows its sender.
    pub fn from_nobody(&self, own: &Own) -> Reason {
        let unknown = Reason::new(ReasonCode::SealedUnknownKey).with("key", &self.key);
        self.check_receiver(own).err().unwrap_or(unknown)
    }
}

impl Exchange {
    /// Whether a file may be accepted now; answers the missing numbers before it that it calls void.
    ///
    /// # Errors
    /// In this order: [`ReasonCode::SealedWrongReceiver`], those of [`Exchange::counting_key`],
    /// [`ReasonCode::SealedReplay`], [`ReasonCode::SealedGap`] with what is missing, [`ReasonCode::SealedChainDiffers`],
    /// [`ReasonCode::SealedExpired`].
    pub fn judge(&self, arrival: &Arrival, own: &Own, now: Timestamp) -> Result<Vec<u64>, Reason> {
        arrival.check_receiver(own)?;
        if arrival.sender != self.installation {
            return Err(Reason::new(ReasonCode::SealedUnknownKey).with("key", &arrival.key));
        }
        self.counting_key(&arrival.key)?;
        let Receiving { next, last, .. } = &self.receiving;
        let number = arrival.sequence;
        if number < *next {
            return Err(Reason::new(ReasonCode::SealedReplay).with("number", number).with("next", next));
        }
        let told: BTreeSet<u64> = arrival.void.iter().copied().collect();
        let told_void = (*next..number).take_while(|missing| told.contains(missing)).collect::<Vec<u64>>();
        if told_void.len() as u64 != number - next {
            let missing = (*next..number).filter(|missing| !told.contains(missing));
            let missing: Vec<String> =
                missing.take(MISSING_NAMED as usize).map(|missing| missing.to_string()).collect();
            let reason = Reason::new(ReasonCode::SealedGap).with("number", number).with("next", next);
            return Err(reason.with("missing", missing.join(", ")));
        }
        // Behind a file that was never seen, what it follows cannot be compared.
        let unseen = !told_void.is_empty() || (last.is_none() && *next > 1);
        if !unseen && arrival.previous != *last {
            return Err(Reason::new(ReasonCode::SealedChainDiffers).with("number", number));
        }
        if now >= arrival.expires {
            let reason = Reason::new(ReasonCode::SealedExpired).with("number", number);
            return Err(reason.with("date", arrival.expires));
        }
        Ok(told_void)
    }

    /// Accepts a file. `kept`: what was in it.
    ///
    /// # Errors
    /// Those of [`Exchange::judge`]; [`ReasonCode::SealedTampered`] if what was kept is not what the manifest lists.
    pub fn receive(
        &self,
        arrival: Arrival,
        own: &Own,
        kept: Vec<KeptContent>,
        document: Document,
        by: &Occurrence,
    ) -> Result<ExchangeEvent, Refusal> {
        let void = self.judge(&arrival, own, by.at)?;
        let same = |kept: &KeptContent, listed: &Content| {
            let Document { sha256, size, .. } = &kept.document;
            kept.content == *listed && (*sha256, *size) == (listed.sha256, listed.size)
        };
        let whole = kept.len() == arrival.contents.len();
        if !whole || !kept.iter().zip(&arrival.contents).all(|(kept, listed)| same(kept, listed)) {
            return Err(Refusal::new(ReasonCode::SealedTampered).with("part", Label::SealedContents.as_str()));
        }
        document.check()?;
        let key = self.counting_key(&arrival.key)?;
        let Arrival { sequence, manifest, previous, created, expires, reply_to, .. } = arrival;
        Ok(ExchangeEvent::Received {
            sequence,
            manifest,
            previous,
            fingerprint: key.card.fingerprint(),
            contents: kept,
            created,
            expires,
            void,
            reply_to,
            document,
        })
    }

    /// Records that a file which says it is from this partner was refused. `arrival`: as far as its signature holds.
    ///
    /// # Errors
    /// [`ReasonCode::DocumentMissing`].
    pub fn refuse_import(
        &self,
        reason: Reason,
        arrival: Option<&Arrival>,
        document: Document,
        own: &Own,
        now: Timestamp,
    ) -> Result<ExchangeEvent, Refusal> {
        document.check()?;
        let voidable = arrival.and_then(|arrival| {
            let judged = self.judge(arrival, own, now).err()?;
            match judged.code {
                ReasonCode::SealedGap => arrival.sequence.checked_sub(1),
                ReasonCode::SealedExpired => Some(arrival.sequence),
                _ => None,
            }
        });
        Ok(ExchangeEvent::ImportRefused { reason, document, voidable })
    }

    /// Gives missing files up, up to the number `through`: an approver's decision, so that a lost medium does not block for
    /// ever. Only what a later file, or its own expiry, proves to be missing can be given up.
    ///
    /// # Errors
    /// [`ReasonCode::NoGap`] with what could be given up, [`ReasonCode::TextMissing`] without a reason.
    pub fn accept_gap(&self, through: u64, reason: String) -> Result<ExchangeEvent, Refusal> {
        let Receiving { next, voidable, .. } = &self.receiving;
        let count = through.checked_sub(*next).unwrap_or(u64::MAX);
        if through > *voidable || count >= VOID_AT_ONCE {
            let refusal = Refusal::new(ReasonCode::NoGap).with("number", through).with("next", next);
            return Err(refusal.with("until", voidable));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ExchangeEvent::GapAccepted { through, reason })
    }

    /// The accepted file of a number.
    pub fn received(&self, sequence: u64) -> Option<&ReceivedFile> {
        self.receiving.files.iter().find(|file| file.sequence == sequence)
    }
}

impl Receiving {
    pub(super) fn changed(&mut self, event: &ExchangeEvent, when: &Occurrence) -> bool {
        let (by, at) = (when.actor.person, when.at);
        match event {
            ExchangeEvent::Received {
                sequence,
                manifest,
                previous: _,
                fingerprint,
                contents,
                created,
                expires: _,
                void,
                reply_to,
                document,
            } => {
                let Some(after) = sequence.checked_add(1).filter(|_| *sequence >= self.next) else {
                    return false;
                };
                let told =
                    void.iter().map(|sequence| VoidNumber { sequence: *sequence, reason: None, by, at });
                self.void.extend(told);
                self.next = after;
                self.last = Some(*manifest);
                self.files.push(ReceivedFile {
                    sequence: *sequence,
                    manifest: *manifest,
                    fingerprint: *fingerprint,
                    contents: contents.clone(),
                    created: *created,
                    document: document.clone(),
                    reply_to: *reply_to,
                    by,
                    at,
                });
                true
            }
            ExchangeEvent::ImportRefused { reason, document, voidable } => {
                self.voidable = voidable.unwrap_or_default().max(self.voidable);
                self.refused.push(RefusedImport {
                    reason: reason.clone(),
                    document: document.clone(),
                    by,
                    at,
                });
                let surplus = self.refused.len().saturating_sub(REFUSED_SHOWN);
                self.refused.drain(..surplus);
                true
            }
            ExchangeEvent::GapAccepted { through, reason } => {
                let Some(after) = through.checked_add(1).filter(|_| *through >= self.next) else {
                    return false;
                };
                let given_up = (self.next..=*through).take(VOID_AT_ONCE as usize);
                self.void.extend(given_up.map(|sequence| VoidNumber {
                    sequence,
                    reason: Some(reason.clone()),
                    by,
                    at,
                }));
                self.next = after;
                self.last = None;
                true
            }
            _ => false,
        }
    }
}

terms! {
    /// What is looked at before a sealed file is accepted.
    pub enum SealedCheck ("sealed-check") {
        /// The manifest was signed with the key that it names.
        Signature = "signature",
        /// Every file has the hash that the manifest states.
        Contents = "contents",
        /// It is for this installation.
        Receiver = "receiver",
        /// The key is that of a confirmed card.
        Key = "key",
        /// It is the next one, and follows the one before.
        Order = "order",
        /// Its time is not over.
        Expiry = "expiry",
    }
}

terms! {
    /// What a check came to.
    pub enum CheckMade ("check-made") {
        /// As it should be.
        Passed = "passed",
        /// It is not as it should be.
        Failed = "failed",
        /// It could not be made: what it needs is not known.
        NotMade = "not-made",
    }
}

/// The checks of a file whose signature holds. `partner`: the exchange with its sender, if there is one; `whole`: whether its
/// files have their hashes.
pub fn checks(
    arrival: &Arrival,
    whole: bool,
    partner: Option<&Exchange>,
    own: &Own,
    now: Timestamp,
) -> Vec<(SealedCheck, CheckMade)> {
    let made = |passed| if passed { CheckMade::Passed } else { CheckMade::Failed };
    let key = partner.map(|partner| partner.counting_key(&arrival.key).is_ok());
    // For another receiver the numbers are counted elsewhere.
    let ours = arrival.check_receiver(own).is_ok();
    let order = partner.filter(|_| ours && key == Some(true)).map(|partner| {
        match partner.judge(arrival, own, now).map_err(|reason| reason.code) {
            Ok(_) | Err(ReasonCode::SealedExpired) => CheckMade::Passed,
            Err(_) => CheckMade::Failed,
        }
    });
    vec![
        (SealedCheck::Signature, CheckMade::Passed),
        (SealedCheck::Contents, made(whole)),
        (SealedCheck::Receiver, made(ours)),
        (SealedCheck::Key, key.map_or(CheckMade::NotMade, made)),
        (SealedCheck::Order, order.unwrap_or(CheckMade::NotMade)),
        (SealedCheck::Expiry, made(now < arrival.expires)),
    ]
}
