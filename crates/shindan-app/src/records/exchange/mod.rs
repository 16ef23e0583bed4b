//! Use cases on the exchange of sealed files with another installation (SPEC.md section 4, "Exchange between parties").
//!
//! ```text
//! card ─► their `partner add` ─► fingerprint read aloud ─► their `partner confirm`        (and the same the other way round)
//! seal ─► network, mail or USB stick ─► their import ─► receipt ─► our import
//! ```
//!
//! Nothing here needs a network. Cryptography is in `shindan-exchange`, gates are in `shindan_domain::exchange`.

mod arrivals;
mod contents;
mod given_out;
mod partner_word;
pub(in crate::records) mod scratch;
pub(in crate::records) mod sealing;

pub use arrivals::{Imported, accept_gap, examine, extract, import, receipt_of, sealed_limit};
pub use given_out::{card_made, received_content, received_file, sent_file};
pub use sealing::{SealOrder, SealedNow, copy_sealed, seal, void_sent};
pub use shindan_exchange::Limits;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use shindan_domain::comparison::KeptPart;
use shindan_domain::exchange::{Card, Compared, Exchange, ExchangeEvent, Own};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{MasterData, Party};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{Reason, ReasonCode, Refusal, Relation};
use shindan_domain::record_id::{ExchangeId, InstallationId, PartyId};
use shindan_exchange::{CardStatement, Statement, Trouble, enclose, encryption, read_signed, to_sign};
use shindan_store::Query;

use super::step::nothing;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// This installation's card, and the file that says so.
#[derive(Debug, Clone)]
pub struct OwnCard {
    /// The card.
    pub card: Card,
    /// The signed file for the partner.
    pub file: Vec<u8>,
}

/// This installation's card. The secret for encrypted files is made with the first one, and noted in the ledger by its public
/// half. `name`: of the organisation; else
/// that of the party for which the person works, else the prefix of display numbers.
///
/// # Errors
/// Refused if the person may not keep the organisation; those of the installation's key.
pub fn card(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    name: Option<&str>,
) -> Result<OwnCard, RecordsError> {
    let installation = records.store.installation().id;
    records.act(who, call, Action::KeepOrganisation, None, |act| {
        if act.records().store.exchange_identity()?.is_none() {
            act.records().store.set_exchange_identity(&encryption::new_identity())?;
        }
        act.note_kept(KeptPart::ExchangeKey)?;
        Ok(Stream::new(Kind::Installation, installation))
    })?;
    made_card(records, who, name)?.ok_or_else(|| RecordsError::stored("exchange.key"))
}

/// The card, once its secret was made.
fn made_card(records: &Records, who: &Entered, name: Option<&str>) -> Result<Option<OwnCard>, RecordsError> {
    let Some(card) = records.own_card(own_name(records, who, name)?)? else { return Ok(None) };
    let file = records.signed(&CardStatement { card: card.clone(), format: CardStatement::FORMAT })?.1;
    Ok(Some(OwnCard { card, file }))
}

/// Takes a partner's card in: unconfirmed, until another person has compared its fingerprint. A second card of the same
/// installation is a new key.
///
/// # Errors
/// Refused for what is no card ([`ReasonCode::SealedUnrecognised`], [`ReasonCode::SealedTampered`] …), for our own, for one
/// that is here already or was revoked, and if the installation belongs to another party ([`ReasonCode::OtherParty`]).
pub fn add_partner(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    party: PartyId,
    file: &Path,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::KeepOrganisation, None, |act| {
        let refused = |refusal| RecordsError::refused(None, refusal);
        let (card, document) = act.records().read_card(file, act.occurrence.at)?;
        act.records().existing::<MasterData<Party>>(party)?;
        if let Some((id, known)) = act.records().partner_of(card.installation)? {
            if known.party != party {
                return Err(refused(Refusal::new(ReasonCode::OtherParty)));
            }
            let stream = Stream::new(Kind::Exchange, id);
            act.change::<Exchange>(id, |state, _| Ok(vec![state.change_card(card, document)?]))?;
            return Ok(stream);
        }
        let own = act.records().store.installation().id;
        let event = Exchange::add(party, card, document, own).map_err(refused)?;
        let stream = Stream::new(Kind::Exchange, act.new_id()?);
        act.begin::<Exchange>(stream.id, &[event], true)?;
        Ok(stream)
    })
}

/// Confirms a partner's card by its fingerprint, which was learnt by another way than the file.
///
/// # Errors
/// Refused for another fingerprint, and for who took the card in.
pub fn confirm_partner(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ExchangeId,
    (typed, compared): (&str, Compared),
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    let action = Action::KeepOrganisation;
    records.step::<Exchange, _>(
        who,
        call,
        word.action(action),
        id,
        |records, by| records.word(word, action, Stream::new(Kind::Exchange, id), by),
        |state, word, by| state.confirm(typed, compared, word, by),
    )
}

/// Revokes a partner's card: the one whose fingerprint is named, else the one that counts. Answers the fingerprint of the
/// card that was revoked.
///
/// # Errors
/// Refused without a reason, and as [`Exchange::revoke`].
pub fn revoke_partner(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ExchangeId,
    fingerprint: Option<&str>,
    reason: String,
) -> Result<(Done, Option<Hash>), RecordsError> {
    let mut revoked = None;
    let done =
        records.step::<Exchange, _>(who, call, Action::KeepOrganisation, id, nothing, |state, (), _| {
            let event = state.revoke(fingerprint, reason)?;
            if let ExchangeEvent::KeyRevoked { fingerprint, .. } = &event {
                revoked = Some(*fingerprint);
            }
            Ok(event)
        })?;
    Ok((done, revoked))
}

/// The name under which a person's organisation is known.
pub(in crate::records) fn own_name(
    records: &Records,
    who: &Entered,
    given: Option<&str>,
) -> Result<String, RecordsError> {
    if let Some(name) = given.map(str::trim).filter(|name| !name.is_empty()) {
        return Ok(name.to_owned());
    }
    let person = records.state::<Person>(who.person())?;
    let party = person.and_then(|(_, person)| person.party);
    let name = party.and_then(|party| records.called(Stream::new(Kind::Party, party)));
    Ok(name.unwrap_or_else(|| records.store.installation().prefix.clone()))
}

impl Records {
    /// The public half of the key of encrypted files; `None` before the first card was made.
    pub(super) fn exchange_recipient(&self) -> Result<Option<String>, RecordsError> {
        let Some(identity) = self.store.exchange_identity()? else { return Ok(None) };
        let recipient = encryption::recipient_of(&identity);
        recipient.map(Some).ok_or_else(|| RecordsError::stored("exchange.key"))
    }

    /// Our card with this name; `None` before the first one was made.
    fn own_card(&self, party: String) -> Result<Option<Card>, RecordsError> {
        let Some(recipient) = self.exchange_recipient()? else { return Ok(None) };
        let installation = self.store.installation().id;
        let key = self.store.public_key()?.to_string();
        Ok(Some(Card { installation, key, party, recipient }))
    }

    /// Who we are to partners. Without a card of ours nothing can be for us.
    fn own(&self) -> Result<Own, RecordsError> {
        let card = self.own_card(String::new())?;
        let fingerprint = card.map_or(Hash::NONE, |card| card.fingerprint());
        Ok(Own { installation: self.store.installation().id, fingerprint })
    }

    /// The SHA-256 of a statement's payload, and its envelope with this installation's signature.
    fn signed<S: Statement>(&self, statement: &S) -> Result<(Hash, Vec<u8>), RecordsError> {
        let (payload, envelope) = self.signed_payload(statement)?;
        Ok((Hash::of(&payload), envelope))
    }

    /// A statement's payload, and its envelope with this installation's signature.
    pub(in crate::records) fn signed_payload<S: Statement>(
        &self,
        statement: &S,
    ) -> Result<(Vec<u8>, Vec<u8>), RecordsError> {
        let (payload, bytes) = to_sign(statement).map_err(RecordsError::stored)?;
        let signature = self.store.sign(&bytes)?.0;
        let envelope = enclose::<S>(&payload, statement.key(), &signature).map_err(RecordsError::stored)?;
        Ok((payload, envelope))
    }

    /// The record of a partner installation.
    pub(in crate::records) fn partner_of(
        &self,
        installation: InstallationId,
    ) -> Result<Option<(ExchangeId, Exchange)>, RecordsError> {
        let query = Query {
            kind: Some(Kind::Exchange),
            linked: Some((Relation::PartOf, installation.to_string())),
            limit: 1,
            ..Query::default()
        };
        let Some(row) = self.store.list(&query)?.rows.into_iter().next() else { return Ok(None) };
        let id = ExchangeId(row.stream.id);
        Ok(Some((id, self.existing(id)?)))
    }

    fn read_card(
        &self,
        path: &Path,
        at: jiff::Timestamp,
    ) -> Result<(Card, shindan_domain::evidence::Document), RecordsError> {
        let limits = Limits::default();
        let mut bytes = Vec::new();
        let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        file.take(limits.envelope + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let refused = |reason: Reason| RecordsError::refused(None, reason.into());
        let card = read_signed::<CardStatement>(&bytes, &limits).map_err(refused)?.statement.card;
        if !encryption::is_recipient(&card.recipient) {
            return Err(refused(Reason::new(ReasonCode::SealedTampered).with("part", "recipient")));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((card, self.take_in_bytes(&bytes, &name, at)?))
    }
}

/// What is wrong with a file, or with reading it.
pub(in crate::records) fn told(trouble: Trouble, path: &Path) -> RecordsError {
    match trouble {
        Trouble::Refused(reason) => RecordsError::refused(None, reason.into()),
        Trouble::Io(error) => RecordsError::unreadable(path, &error),
    }
}
