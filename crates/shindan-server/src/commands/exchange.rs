//! Commands on the exchange of sealed files with a partner, and the import of what came.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use shindan_app::records::exchange::{self, Limits, SealOrder};
use shindan_app::records::{Done, RecordsError};
use shindan_domain::exchange::{Compared, ContentType};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{ExchangeId, PartyId};
use utoipa::ToSchema;

use super::given::{Paper, PartnerFile, commands, id};
use super::words;
use crate::command::{Command, Outcome, Session, Task, done_json};
use crate::give;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shapes::{CardShape, DoneShape, SealedFileShape};

/// Takes a partner's card in, unconfirmed. A further card of a known installation is a new key of its record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddPartner {
    /// Whose card it is: id or name of a party.
    party: String,
    /// SHA-256 of the upload: the card.
    #[schema(value_type = String)]
    card: Hash,
}

impl Command for AddPartner {
    const KIND: Kind = Kind::Exchange;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Take a partner's card in";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let party = PartyId(s.named(Kind::Party, &self.party)?);
        let card = s.upload(&self.card)?;
        exchange::add_partner(s.records, &s.who, &s.call, party, &card).map(Into::into)
    }
}

commands! {
    Exchange, ExchangeId;

    /// Confirms the partner's card by its fingerprint, which was learnt by another way than the file.
    ConfirmPartner ("confirm", "Confirm a partner's card") {
        /// The eight groups that were read aloud, or all 64 digits.
        fingerprint: String,
        /// By which way it was learnt.
        #[schema(schema_with = words::compared)]
        by: Compared,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, partner| {
        let word = s.word(b.paper, b.partner_file)?;
        exchange::confirm_partner(s.records, &s.who, &s.call, partner, (&b.fingerprint, b.by), &word)
    };

    /// Revokes the partner's card: the one whose fingerprint is named, else the one that counts.
    RevokePartner ("revoke", "Revoke a partner's card") {
        /// The fingerprint of the card: eight groups, or all 64 digits. The card that counts unless given.
        #[serde(default)]
        fingerprint: Option<String>,
        /// Why.
        reason: String,
    }
    |b, s, partner| {
        let named = b.fingerprint.as_deref();
        let revoked = exchange::revoke_partner(s.records, &s.who, &s.call, partner, named, b.reason);
        revoked.map(|(done, _)| done)
    };

    /// Tells the partner, with the next file, not to wait for one that was sent.
    VoidSent ("void-sent", "Call a sent file void") {
        /// Its number.
        number: u64,
        /// Why.
        reason: String,
    }
    |b, s, partner| exchange::void_sent(s.records, &s.who, &s.call, partner, b.number, b.reason);

    /// Gives the partner's missing files up, up to a number. An approver's decision.
    GiveUpReceived ("give-up", "Give missing files of a partner up") {
        /// The last number that is not waited for.
        number: u64,
        /// Why.
        reason: String,
    }
    |b, s, partner| exchange::accept_gap(s.records, &s.who, &s.call, partner, b.number, b.reason);
}

/// Seals uploads for the partner. The answer's `sealed` is the SHA-256 of the sealed file, which is downloaded as a document
/// of the record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealFiles {
    /// SHA-256 of uploads; they keep the names that they were uploaded with.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    files: Vec<Hash>,
    /// What all of them are; else SBOM, CSAF and VEX are recognised.
    #[serde(default, rename = "type")]
    #[schema(schema_with = words::content_type)]
    content_type: Option<ContentType>,
    /// The last day on which it is accepted, a day in Japan; 90 days unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    expires: Option<Date>,
    /// Only the partner can read it.
    #[serde(default)]
    encrypt: bool,
    /// Number of the partner's file that it answers.
    #[serde(default)]
    reply_to: Option<u64>,
    /// Name of the organisation; that of the party for which the person works unless given.
    #[serde(default)]
    name: Option<String>,
}

impl Command for SealFiles {
    const KIND: Kind = Kind::Exchange;
    const NAME: Option<&'static str> = Some("seal");
    const SUMMARY: &'static str = "Seal files for a partner";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        let partner = ExchangeId(id(about)?);
        let order = SealOrder {
            files: s.uploads(&self.files)?,
            content_type: self.content_type,
            last_day: self.expires,
            encrypt: self.encrypt,
            reply_to: self.reply_to,
            name: self.name,
        };
        let sealed = exchange::seal(s.records, &s.who, &s.call, partner, &order)?;
        Ok(Outcome::from(sealed.done).telling("sealed", json!(sealed.document)))
    }
}

/// Takes a sealed file, or a partner's receipt, in. The answer's `receipt` is the signed receipt for the partner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportSealed {
    /// SHA-256 of the upload.
    #[schema(value_type = String)]
    file: Hash,
}

impl ImportSealed {
    fn import(&self, s: &mut Session<'_>) -> Result<(Done, BTreeMap<&'static str, Value>), RecordsError> {
        let file = s.upload(&self.file)?;
        let imported = exchange::import(s.records, &s.who, &s.call, &file, &Limits::default())?;
        let mut told = BTreeMap::new();
        if let Some(number) = imported.sequence {
            let partner = ExchangeId(imported.done.stream.id);
            let receipt = exchange::receipt_of(s.records, &s.who, partner, number, s.call.now)?;
            let receipt =
                String::from_utf8(receipt).map_err(|error| RecordsError::Stored(error.to_string()))?;
            told.extend([("number", json!(number)), ("receipt", json!(receipt))]);
        }
        Ok((imported.done, told))
    }
}

impl Task for ImportSealed {
    const NAME: &'static str = "exchange-import";
    const SUMMARY: &'static str = "Take a sealed file or a receipt in";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let (done, told) = self.import(s).map_err(|error| s.problem(error))?;
        Ok(Reply { status: StatusCode::OK, ..Reply::of(&done_json(&done, told)) })
    }
}

/// Makes this installation's card: the secret for encrypted files with the first one. Made again, it is the same, under
/// another name if one is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeCard {
    /// Name of the organisation; that of the party for which the person works unless given.
    #[serde(default)]
    name: Option<String>,
}

impl Task for MakeCard {
    const NAME: &'static str = "exchange-card";
    const SUMMARY: &'static str = "Make the card of this installation";
    type Answer = CardShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let card = exchange::card(s.records, &s.who, &s.call, self.name.as_deref());
        give::card_json(card.map_err(|error| s.problem(error))?)
    }
}

/// Looks at a sealed file: nothing is taken in, nothing is recorded. That it would be refused is an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifySealed {
    /// SHA-256 of the upload.
    #[schema(value_type = String)]
    file: Hash,
}

impl Task for VerifySealed {
    const NAME: &'static str = "exchange-verification";
    const SUMMARY: &'static str = "Look at a sealed file, and take nothing in";
    type Answer = SealedFileShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let page = s
            .upload(&self.file)
            .and_then(|file| exchange::examine(s.records, &s.who, &file, &Limits::default(), s.call.now));
        let page = page.map_err(|error| s.problem(error))?;
        Ok(Reply::of(&shindan_report::exchange::sealed_file_json(&page)))
    }
}
