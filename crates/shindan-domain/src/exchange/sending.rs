//! What goes to the partner: numbered without gaps, each naming the hash of the one before, and acknowledged by a receipt.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Content, Exchange, ExchangeEvent};
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, ReasonCode, Refusal, text_given};
use crate::record_id::{InstallationId, PersonId};
use crate::terms;

terms! {
    /// What became of a file that was sent.
    pub enum SentState ("sent-state") {
        /// The receipt is outstanding.
        Sent = "sent",
        /// The partner's signed receipt is here.
        Acknowledged = "acknowledged",
        /// The partner is not to wait for it.
        Void = "void",
    }
}

/// What went to the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// Number of the next file.
    pub next: u64,
    /// SHA-256 of the last manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Hash>,
    /// All files, in order.
    pub files: Vec<SentFile>,
}

impl Default for Sending {
    fn default() -> Self {
        Sending { next: 1, last: None, files: Vec::new() }
    }
}

/// That the partner is not to wait for a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentVoid {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A partner's receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When they accepted the file.
    pub received: Timestamp,
    /// The receipt.
    pub document: Document,
    /// When it came here.
    pub at: Timestamp,
}

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// What is in it.
    pub contents: Vec<Content>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on the partner refuses it.
    pub expires: Timestamp,
    /// Whether only the partner can read it.
    pub encrypted: bool,
    /// The sealed file: it can be copied again, byte for byte.
    pub document: Document,
    /// Who sealed it.
    pub by: PersonId,
    /// That the partner is not to wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<SentVoid>,
    /// The partner's receipt. It counts more than a void: the file did arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl SentFile {
    /// What became of it.
    pub fn state(&self) -> SentState {
        match (&self.receipt, &self.void) {
            (Some(_), _) => SentState::Acknowledged,
            (None, Some(_)) => SentState::Void,
            (None, None) => SentState::Sent,
        }
    }
}

/// A file that is to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealDraft {
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of the manifest before it, as it states.
    pub previous: Option<Hash>,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// The partner's card that it is for.
    pub fingerprint: Hash,
    /// What is in it.
    pub contents: Vec<Content>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on the partner refuses it.
    pub expires: Timestamp,
    /// Whether only the partner can read it.
    pub encrypted: bool,
    /// Numbers that it calls void.
    pub void: Vec<u64>,
    /// Manifest of the file that it answers.
    pub reply_to: Option<Hash>,
    /// The sealed file.
    pub document: Document,
}

/// A receipt whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptGiven {
    /// Who signed it.
    pub from: InstallationId,
    /// Whose file it is about.
    pub to: InstallationId,
    /// The key that signed it.
    pub key: String,
    /// Number of the file.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest: Hash,
    /// When it was accepted.
    pub received: Timestamp,
}

impl Exchange {
    /// Files whose receipts are outstanding.
    pub fn unacknowledged(&self) -> impl Iterator<Item = &SentFile> {
        self.sending.files.iter().filter(|file| file.state() == SentState::Sent)
    }

    /// Numbers that the next file calls void: those that the partner may still wait for.
    pub fn void_to_tell(&self) -> Vec<u64> {
        let files = &self.sending.files;
        let acknowledged = files.iter().filter(|file| file.receipt.is_some()).map(|file| file.sequence).max();
        let void = files.iter().filter(|file| file.state() == SentState::Void).map(|file| file.sequence);
        void.filter(|sequence| acknowledged.is_none_or(|last| *sequence > last)).collect()
    }

    /// Whether a file can be sealed for the partner now.
    ///
    /// # Errors
    /// [`ReasonCode::PartnerKeyMissing`] if no card of theirs counts.
    pub fn check_sealable(&self) -> Result<(), Refusal> {
        match self.current_key() {
            Some(_) => Ok(()),
            None => Err(Refusal::new(ReasonCode::PartnerKeyMissing)),
        }
    }

    /// Records a file that was sealed for the partner.
    ///
    /// # Errors
    /// [`ReasonCode::PartnerKeyMissing`] if the card it is for does not count, [`ReasonCode::SealOutOfTurn`] if it is not the
    /// next one or does not follow the one before, [`ReasonCode::ContentsMissing`] for an empty file that tells nothing,
    /// [`ReasonCode::DateNotInFuture`] for its end.
    pub fn seal(&self, draft: SealDraft, by: &Occurrence) -> Result<ExchangeEvent, Refusal> {
        let counts = self.current_key().is_some_and(|key| key.card.fingerprint() == draft.fingerprint);
        if !counts {
            return Err(Refusal::new(ReasonCode::PartnerKeyMissing));
        }
        let Sending { next, last, .. } = &self.sending;
        if (draft.sequence, draft.previous) != (*next, *last) || draft.void != self.void_to_tell() {
            return Err(Refusal::new(ReasonCode::SealOutOfTurn).with("next", next));
        }
        if draft.contents.is_empty() && draft.void.is_empty() {
            return Err(Refusal::new(ReasonCode::ContentsMissing));
        }
        if draft.expires <= by.at {
            let refusal = Refusal::new(ReasonCode::DateNotInFuture).with("field", Label::Expires.as_str());
            return Err(refusal.with("date", draft.expires));
        }
        draft.document.check()?;
        let SealDraft { sequence, manifest, contents, created, expires, encrypted, .. } = draft;
        let (void, reply_to, document) = (draft.void, draft.reply_to, draft.document);
        Ok(ExchangeEvent::Sealed {
            sequence,
            manifest,
            contents,
            created,
            expires,
            encrypted,
            void,
            reply_to,
            document,
        })
    }

    /// Says that the partner is not to wait for a file: the next one tells them.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`], [`ReasonCode::FileSettled`] if it was acknowledged or is void,
    /// [`ReasonCode::TextMissing`] without a reason.
    pub fn void_sent(&self, sequence: u64, reason: String) -> Result<ExchangeEvent, Refusal> {
        let file = self.sent(sequence)?;
        if file.state() != SentState::Sent {
            return Err(Refusal::new(ReasonCode::FileSettled).with("number", sequence));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ExchangeEvent::SentVoided { sequence, reason })
    }

    /// Records the partner's receipt; nothing happens for one that is here already. `own`: this installation.
    ///
    /// # Errors
    /// [`ReasonCode::SealedWrongReceiver`] for a receipt that is not about our file; those of [`Exchange::counting_key`];
    /// [`ReasonCode::ItemUnknown`], [`ReasonCode::ReceiptOtherFile`] if the file that the partner has is not the one that we
    /// sent.
    pub fn acknowledge(
        &self,
        receipt: &ReceiptGiven,
        own: InstallationId,
        document: Document,
    ) -> Result<Vec<ExchangeEvent>, Refusal> {
        if receipt.to != own || receipt.from != self.installation {
            return Err(Refusal::new(ReasonCode::SealedWrongReceiver).with("receiver", receipt.to));
        }
        self.counting_key(&receipt.key)?;
        let file = self.sent(receipt.sequence)?;
        if file.manifest != receipt.manifest {
            return Err(Refusal::new(ReasonCode::ReceiptOtherFile).with("number", receipt.sequence));
        }
        if file.receipt.is_some() {
            return Ok(Vec::new());
        }
        document.check()?;
        let ReceiptGiven { sequence, manifest, received, .. } = *receipt;
        Ok(vec![ExchangeEvent::Acknowledged { sequence, manifest, received, document }])
    }

    /// A file that was sent.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`].
    pub fn sent(&self, sequence: u64) -> Result<&SentFile, Refusal> {
        let unknown = || {
            let refusal = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Sequence.as_str());
            refusal.with("value", sequence)
        };
        self.sending.files.iter().find(|file| file.sequence == sequence).ok_or_else(unknown)
    }
}

impl Sending {
    pub(super) fn changed(&mut self, event: &ExchangeEvent, when: &Occurrence) -> bool {
        match event {
            ExchangeEvent::Sealed {
                sequence,
                manifest,
                contents,
                created,
                expires,
                encrypted,
                document,
                void: _,
                reply_to: _,
            } => {
                let Some(after) = sequence.checked_add(1).filter(|_| *sequence == self.next) else {
                    return false;
                };
                self.next = after;
                self.last = Some(*manifest);
                self.files.push(SentFile {
                    sequence: *sequence,
                    manifest: *manifest,
                    contents: contents.clone(),
                    created: *created,
                    expires: *expires,
                    encrypted: *encrypted,
                    document: document.clone(),
                    by: when.actor.person,
                    void: None,
                    receipt: None,
                });
                true
            }
            ExchangeEvent::SentVoided { sequence, reason } => {
                let Some(file) = self.file(*sequence) else { return false };
                let void = SentVoid { reason: reason.clone(), by: when.actor.person, at: when.at };
                file.void = Some(void);
                true
            }
            ExchangeEvent::Acknowledged { sequence, received, document, .. } => {
                let Some(file) = self.file(*sequence) else { return false };
                let document = document.clone();
                file.receipt = Some(Receipt { received: *received, document, at: when.at });
                true
            }
            _ => false,
        }
    }

    fn file(&mut self, sequence: u64) -> Option<&mut SentFile> {
        self.files.iter_mut().find(|file| file.sequence == sequence)
    }
}
