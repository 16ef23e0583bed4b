//! Whose key counts: cards are taken in by one person and confirmed by another, who compared the fingerprint.

use super::{Card, Compared, Exchange, ExchangeEvent, KeyConfirmed, KeyRevoked, KeyState, PartnerKey};
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{InstallationId, PartyId, PersonId};
use crate::step::{Step, apart, out_of_order};

impl Exchange {
    /// Takes a partner's first card in. `own`: this installation, which is nobody's partner.
    ///
    /// # Errors
    /// [`ReasonCode::PartnerIsOurselves`], [`ReasonCode::TextMissing`] for a card without a name.
    pub fn add(
        party: PartyId,
        card: Card,
        document: Document,
        own: InstallationId,
    ) -> Result<ExchangeEvent, Refusal> {
        if card.installation == own {
            return Err(Refusal::new(ReasonCode::PartnerIsOurselves));
        }
        text_given(Label::Name.as_str(), &card.party)?;
        document.check()?;
        Ok(ExchangeEvent::PartnerAdded { party, card, document })
    }

    /// Takes a further card in: a new key. The one that counts goes on counting until the new one is confirmed.
    ///
    /// # Errors
    /// [`ReasonCode::OtherInstallation`], [`ReasonCode::NothingChanges`] for a card that is here already,
    /// [`ReasonCode::KeyWasRevoked`] and [`ReasonCode::KeyWasReplaced`]: such a key never comes back, under no recipient.
    pub fn change_card(&self, card: Card, document: Document) -> Result<ExchangeEvent, Refusal> {
        if card.installation != self.installation {
            return Err(Refusal::new(ReasonCode::OtherInstallation));
        }
        text_given(Label::Name.as_str(), &card.party)?;
        document.check()?;
        self.given_up(&card)?;
        match self.key_of(card.fingerprint()).map(PartnerKey::state) {
            None => Ok(ExchangeEvent::CardChanged { card, document }),
            Some(KeyState::Proposed | KeyState::Confirmed) => Err(Refusal::new(ReasonCode::NothingChanges)),
            Some(KeyState::Replaced) => Err(Refusal::new(ReasonCode::KeyWasReplaced)),
            Some(KeyState::Revoked) => Err(Refusal::new(ReasonCode::KeyWasRevoked)),
        }
    }

    /// Refuses a card whose key was revoked, or gave way to another key. A key that counts may have another recipient.
    fn given_up(&self, card: &Card) -> Result<(), Refusal> {
        let states: Vec<KeyState> =
            self.keys.iter().filter(|known| known.card.key == card.key).map(PartnerKey::state).collect();
        let in_use = states.contains(&KeyState::Confirmed);
        match () {
            () if states.contains(&KeyState::Revoked) => Err(Refusal::new(ReasonCode::KeyWasRevoked)),
            () if states.contains(&KeyState::Replaced) && !in_use => {
                Err(Refusal::new(ReasonCode::KeyWasReplaced))
            }
            () => Ok(()),
        }
    }

    /// Confirms the newest card: `typed` is the fingerprint as it was learnt by another way. Who took the card in does not
    /// confirm it: alone they could make the partner say anything.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] if no card waits, [`ReasonCode::FingerprintDiffers`], [`ReasonCode::SamePerson`],
    /// [`ReasonCode::KeyWasRevoked`] for a key that was revoked while its card waited under another recipient.
    pub fn confirm(
        &self,
        typed: &str,
        compared: Compared,
        word: Word,
        by: &Occurrence,
    ) -> Result<ExchangeEvent, Refusal> {
        let Some(key) = self.proposed_key() else { return Err(self.out_of_order(Step::ConfirmCard)) };
        if !key.card.is_called(typed) {
            return Err(Refusal::new(ReasonCode::FingerprintDiffers));
        }
        self.given_up(&key.card)?;
        apart(&word, by, [key.added_by], Step::AddCard, Step::ConfirmCard)?;
        Ok(ExchangeEvent::KeyConfirmed { fingerprint: key.card.fingerprint(), compared, word })
    }

    /// Revokes the card with the fingerprint that is named, else the one that counts. A card that waits is never meant unless
    /// it is named: whoever reports a stolen key means the one in use.
    ///
    /// # Errors
    /// [`ReasonCode::RevokeUnknownCard`] for a fingerprint of no card here, [`ReasonCode::KeyWasRevoked`] for one that was
    /// revoked before; [`ReasonCode::RevokeNamesNone`] if none counts and none is named; [`ReasonCode::TextMissing`] without
    /// a reason.
    pub fn revoke(&self, named: Option<&str>, reason: String) -> Result<ExchangeEvent, Refusal> {
        let key = match named {
            Some(typed) => {
                let mut called = self.keys.iter().filter(|key| key.card.is_called(typed));
                let unknown = || Refusal::new(ReasonCode::RevokeUnknownCard).with("fingerprint", typed);
                called.next().ok_or_else(unknown)?
            }
            None => self.current_key().ok_or_else(|| Refusal::new(ReasonCode::RevokeNamesNone))?,
        };
        if key.state() == KeyState::Revoked {
            return Err(Refusal::new(ReasonCode::KeyWasRevoked));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ExchangeEvent::KeyRevoked { fingerprint: key.card.fingerprint(), reason })
    }

    /// The card that counts.
    pub fn current_key(&self) -> Option<&PartnerKey> {
        self.keys.iter().rev().find(|key| key.state() == KeyState::Confirmed)
    }

    /// The card that waits to be confirmed.
    pub fn proposed_key(&self) -> Option<&PartnerKey> {
        self.keys.iter().rev().find(|key| key.state() == KeyState::Proposed)
    }

    /// The card with this fingerprint.
    pub fn key_of(&self, fingerprint: Hash) -> Option<&PartnerKey> {
        self.keys.iter().find(|key| key.card.fingerprint() == fingerprint)
    }

    /// The card whose key counts, if `key` is that key.
    ///
    /// # Errors
    /// [`ReasonCode::SealedUnknownKey`], [`ReasonCode::SealedUnconfirmedKey`], [`ReasonCode::SealedRevokedKey`] (also for a
    /// key that was replaced).
    pub fn counting_key(&self, key: &str) -> Result<&PartnerKey, Reason> {
        let mut same: Vec<&PartnerKey> = self.keys.iter().filter(|known| known.card.key == key).collect();
        if let Some(at) = same.iter().position(|known| known.state() == KeyState::Confirmed) {
            return Ok(same.swap_remove(at));
        }
        let code = match same.iter().map(|known| known.state()).max() {
            None => ReasonCode::SealedUnknownKey,
            Some(KeyState::Proposed | KeyState::Confirmed) => ReasonCode::SealedUnconfirmedKey,
            Some(KeyState::Replaced | KeyState::Revoked) => ReasonCode::SealedRevokedKey,
        };
        Err(Reason::new(code).with("key", key))
    }

    /// The word of the partner's sealed file: one that was accepted, signed with a key that still counts. Answers the
    /// fingerprint of the card.
    ///
    /// # Errors
    /// [`ReasonCode::SealedNotAccepted`] if no such file was accepted; [`ReasonCode::SealedRevokedKey`];
    /// [`ReasonCode::KeyPinnedByRecorder`] with `party` for who recorded that the card was compared.
    pub fn word_of(&self, sealed: &Hash, recorder: PersonId, party: &str) -> Result<Hash, Refusal> {
        let file = self.receiving.files.iter().find(|file| file.document.sha256 == *sealed);
        let file = file.ok_or_else(|| Refusal::new(ReasonCode::SealedNotAccepted))?;
        let key = self.key_of(file.fingerprint);
        let key = key.ok_or_else(|| Refusal::new(ReasonCode::SealedUnknownKey))?;
        self.counting_key(&key.card.key)?;
        let confirmed_by = key.confirmed.as_ref().map(|confirmed| confirmed.given.recorded_by);
        if confirmed_by == Some(recorder) {
            return Err(Refusal::new(ReasonCode::KeyPinnedByRecorder).with("party", party));
        }
        Ok(file.fingerprint)
    }

    pub(super) fn out_of_order(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step)
    }

    pub(super) fn key_changed(&mut self, event: &ExchangeEvent, when: &Occurrence) -> bool {
        let find = |keys: &mut Vec<PartnerKey>, fingerprint: &Hash| -> Option<usize> {
            keys.iter().position(|key| key.card.fingerprint() == *fingerprint)
        };
        match event {
            ExchangeEvent::CardChanged { card, document } => {
                // A card that nobody confirmed gives way to the newer one.
                self.keys.retain(|key| key.state() != KeyState::Proposed);
                self.keys.push(PartnerKey::added(card, document, when));
                true
            }
            ExchangeEvent::KeyConfirmed { fingerprint, compared, word } => {
                let Some(at) = find(&mut self.keys, fingerprint) else { return false };
                for (place, key) in self.keys.iter_mut().enumerate() {
                    match key.state() {
                        KeyState::Confirmed => key.replaced = Some(when.at),
                        KeyState::Proposed if place == at => {
                            let given = word.clone().given(when);
                            key.confirmed = Some(KeyConfirmed { compared: *compared, given });
                        }
                        KeyState::Proposed | KeyState::Replaced | KeyState::Revoked => {}
                    }
                }
                true
            }
            ExchangeEvent::KeyRevoked { fingerprint, reason } => {
                let Some(at) = find(&mut self.keys, fingerprint) else { return false };
                let Some(key) = self.keys.get_mut(at) else { return false };
                key.revoked = Some(KeyRevoked { reason: reason.clone(), by: when.actor.person, at: when.at });
                true
            }
            _ => false,
        }
    }
}
