//! The partner's sealed file as their signed word: an approval, a consent, a confirmation from their installation.
//!
//! It was accepted before – in its turn, once, for us, signed with the key of a confirmed card – and is looked up by its bytes.
//! What binds every partner's file binds it, too: it names the record, it is a word about a record only once, and who recorded
//! that the card was compared does not record what it signs.

use std::path::Path;

use jiff::Timestamp;
use shindan_domain::approval::Word;
use shindan_domain::evidence::Document;
use shindan_domain::exchange::Exchange;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Occurrence, ReasonCode, Refusal};
use shindan_domain::record_id::{ExchangeId, PartyId};

use super::sealed_limit;
use crate::records::{Records, RecordsError, find};

/// A sealed file that was accepted, and from whom.
pub(in crate::records) struct SealedBy {
    /// Whose installation sealed it.
    pub party: PartyId,
    id: ExchangeId,
    exchange: Exchange,
    document: Document,
}

impl Records {
    /// Who sealed a file that was accepted.
    ///
    /// # Errors
    /// [`ReasonCode::SealedNotAccepted`], [`ReasonCode::OtherParty`] if it is not from the party that is named;
    /// [`RecordsError::Unreadable`].
    pub(in crate::records) fn sealed_by(
        &self,
        file: &Path,
        party: Option<&String>,
        at: Timestamp,
    ) -> Result<SealedBy, RecordsError> {
        let document = self.take_in_up_to(file, sealed_limit(&shindan_exchange::Limits::default()), at)?;
        let accepted = |exchange: &Exchange| {
            exchange.receiving.files.iter().any(|file| file.document.sha256 == document.sha256)
        };
        let found = self.all::<Exchange>()?.into_iter().find(|(_, exchange)| accepted(exchange));
        let refused = |code| RecordsError::refused(None, Refusal::new(code));
        let (id, exchange) = found.ok_or_else(|| refused(ReasonCode::SealedNotAccepted))?;
        if let Some(party) = party
            && PartyId(find(self, Kind::Party, party)?.id) != exchange.party
        {
            return Err(refused(ReasonCode::OtherParty));
        }
        Ok(SealedBy { party: exchange.party, id: ExchangeId(id), exchange, document })
    }

    /// The word of a sealed file about a record.
    ///
    /// # Errors
    /// Those of [`Exchange::word_of`] and of every partner's file.
    pub(in crate::records) fn sealed_word(
        &self,
        sealed: SealedBy,
        signer: Option<&str>,
        about: Stream,
        by: &Occurrence,
    ) -> Result<Word, RecordsError> {
        let SealedBy { party, id, exchange, document } = sealed;
        let name = self.called(Stream::new(Kind::Party, party)).unwrap_or_else(|| party.to_string());
        let refused = |refusal| RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal);
        let sha256 = document.sha256;
        let fingerprint = exchange.word_of(&sha256, by.actor.person, &name).map_err(refused)?;
        let said = exchange.receiving.files.iter().filter(|file| file.document.sha256 == sha256);
        let said: Vec<Document> =
            said.flat_map(|file| file.contents.iter().map(|kept| kept.document.clone())).collect();
        self.check_about(&said, &document, party, about)?;
        let card = exchange.key_of(fingerprint).map(|key| key.card.party.clone());
        let signer = signer.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        let signer = signer.or(card).unwrap_or_default();
        Ok(Word::PartnerFile { party, signer, key: fingerprint.to_string(), document })
    }
}
