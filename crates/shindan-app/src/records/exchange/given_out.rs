//! What is given out for who asks over HTTP: the card that was made, a sealed file, what was in one. Nothing is written.

use std::fs::File;

use shindan_domain::evidence::Document;
use shindan_domain::exchange::{Exchange, ReceivedFile};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, ReasonCode, Refusal};
use shindan_domain::record_id::ExchangeId;

use super::{OwnCard, made_card};
use crate::records::{Entered, Records, RecordsError};

/// This installation's card, if one was made before ([`super::card`]).
///
/// # Errors
/// As for [`super::card`].
pub fn card_made(
    records: &Records,
    who: &Entered,
    name: Option<&str>,
) -> Result<Option<OwnCard>, RecordsError> {
    who.permit(Action::KeepOrganisation).map_err(|refusal| RecordsError::refused(None, refusal))?;
    made_card(records, who, name)
}

fn readable(records: &Records, who: &Entered, id: ExchangeId) -> Result<Exchange, RecordsError> {
    let stream = Stream::new(Kind::Exchange, id);
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    records.existing(id)
}

/// A sealed file as it was sealed, byte for byte.
///
/// # Errors
/// Refused if the person may not read, or no such file was sealed.
pub fn sent_file(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
) -> Result<(Document, File), RecordsError> {
    let state = readable(records, who, id)?;
    let refused = |refusal| RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal);
    let document = state.sent(sequence).map_err(refused)?.document.clone();
    let file = records.store.open_document(&document.sha256)?;
    Ok((document, file))
}

/// What was in a sealed file that was accepted.
///
/// # Errors
/// Refused if the person may not read, or no such file was accepted.
pub fn received_file(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
) -> Result<ReceivedFile, RecordsError> {
    let state = readable(records, who, id)?;
    let unknown = || {
        let refusal = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Sequence.as_str());
        RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal.with("value", sequence))
    };
    state.received(sequence).cloned().ok_or_else(unknown)
}

/// One of the files that were in a sealed file, by its place in the list from 1; answers its name, too.
///
/// # Errors
/// Refused if the person may not read, and for a file that there is not.
pub fn received_content(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
    place: usize,
) -> Result<(String, File), RecordsError> {
    let file = received_file(records, who, id, sequence)?;
    let unknown = || {
        let refusal = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::SealedContents.as_str());
        RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal.with("value", place))
    };
    let kept = place.checked_sub(1).and_then(|before| file.contents.get(before)).ok_or_else(unknown)?;
    Ok((kept.content.path.clone(), records.store.open_document(&kept.document.sha256)?))
}
