//! What is given out of the exchange and of agreements: cards, sealed files, receipts, contents, papers. A client names a record
//! and a number; where the answer is saved, and under which name, is the client's own affair.

use shindan_app::records::{RecordsError, agreement_files, exchange};
use shindan_domain::ledger::Stream;
use shindan_domain::record_id::{AgreementId, ExchangeId};
use shindan_report::agreement::difference_json;
use shindan_report::words::{Lang, Words};

use crate::command::Session;
use crate::document::{Document, Media};
use crate::problem::Problem;
use crate::query::{Pairs, invalid};
use crate::reply::Reply;

/// Names in the address of a card.
pub(crate) const CARD: &[&str] = &["name"];
/// Names in the address of the differences of two versions.
pub(crate) const DIFF: &[&str] = &["from", "to"];

/// What is called by a number in an address.
pub(crate) fn number<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::new("path-unknown", 404))
}

fn opened(opened: std::io::Result<Document>) -> Result<Document, Problem> {
    opened.map_err(|error| Problem::internal(&error))
}

fn made_card(session: &Session<'_>, query: &Pairs) -> Result<exchange::OwnCard, Problem> {
    let made = exchange::card_made(session.records, &session.who, query.text("name"));
    let made = made.map_err(|error| session.problem(error))?;
    made.ok_or_else(|| Problem::new("record-unknown", 404).with("called", "exchange-card"))
}

/// The card of this installation, what is read aloud, and the signed file as text.
pub(crate) fn card_json(made: exchange::OwnCard) -> Result<Reply, Problem> {
    let exchange::OwnCard { card, file } = made;
    let file = String::from_utf8(file).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::of(&serde_json::json!({
        "schema": "shindan.exchange-card/1",
        "installation": card.installation,
        "party": card.party,
        "key": card.key,
        "recipient": card.recipient,
        "fingerprint": card.fingerprint(),
        "read_aloud": card.read_aloud(),
        "path": null,
        "card": file,
    })))
}

/// `GET /api/v1/exchange-card`
pub(crate) fn card(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    card_json(made_card(session, query)?)
}

/// `GET /api/v1/exchange-card/file`
pub(crate) fn card_file(session: &mut Session<'_>, query: &Pairs) -> Result<Document, Problem> {
    let made = made_card(session, query)?;
    Ok(Document::made(made.file, "shindan.card", Media::Json))
}

/// `GET /api/v1/exchange/{record}/sent/{number}`
pub(crate) fn sent(session: &mut Session<'_>, partner: Stream, sequence: u64) -> Result<Document, Problem> {
    let found = exchange::sent_file(session.records, &session.who, ExchangeId(partner.id), sequence);
    let (document, file) = found.map_err(|error| session.problem(error))?;
    opened(Document::new(file, document.name))
}

/// `GET /api/v1/exchange/{record}/received/{number}`
pub(crate) fn received(session: &mut Session<'_>, partner: Stream, sequence: u64) -> Result<Reply, Problem> {
    let found = exchange::received_file(session.records, &session.who, ExchangeId(partner.id), sequence);
    let file = found.map_err(|error| session.problem(error))?;
    let contents: Vec<_> = file.contents.iter().map(|kept| &kept.content).collect();
    Ok(Reply::of(&serde_json::json!({
        "schema": "shindan.received-file/1",
        "number": file.sequence,
        "created": file.created,
        "received": file.at,
        "sealed": file.document.sha256,
        "contents": contents,
    })))
}

/// `GET /api/v1/exchange/{record}/received/{number}/receipt`
pub(crate) fn receipt(
    session: &mut Session<'_>,
    partner: Stream,
    sequence: u64,
) -> Result<Document, Problem> {
    let (id, now) = (ExchangeId(partner.id), session.call.now);
    let signed = exchange::receipt_of(session.records, &session.who, id, sequence, now);
    let signed = signed.map_err(|error| session.problem(error))?;
    Ok(Document::made(signed, format!("{sequence:06}.receipt"), Media::Json))
}

/// `GET /api/v1/exchange/{record}/received/{number}/contents/{place}`
pub(crate) fn content(
    session: &mut Session<'_>,
    partner: Stream,
    sequence: u64,
    place: usize,
) -> Result<Document, Problem> {
    let id = ExchangeId(partner.id);
    let found = exchange::received_content(session.records, &session.who, id, sequence, place);
    let (name, file) = found.map_err(|error| session.problem(error))?;
    opened(Document::new(file, name))
}

/// What a file of an agreement is called: its number, else its title.
fn called(session: &Session<'_>, agreement: Stream, ending: &str) -> String {
    let called = session.records.called(agreement).unwrap_or_else(|| agreement.id.to_string());
    format!("{}.{ending}", called.replace(['/', '\\'], "_"))
}

/// `GET /api/v1/agreement/{record}/print`
pub(crate) fn paper(session: &mut Session<'_>, agreement: Stream, lang: Lang) -> Result<Document, Problem> {
    let id = AgreementId(agreement.id);
    let now = session.call.now;
    let page = agreement_files::print(session.records, &session.who, id, &Words::new(lang), now);
    let page = page.map_err(|error| session.problem(error))?;
    Ok(Document::made(page.into_bytes(), called(session, agreement, "html"), Media::Page))
}

/// `GET /api/v1/agreement/{record}/export`
pub(crate) fn export(session: &mut Session<'_>, agreement: Stream) -> Result<Document, Problem> {
    let id = AgreementId(agreement.id);
    let file = agreement_files::export(session.records, &session.who, id, session.call.now);
    let file = file.map_err(|error| session.problem(error))?;
    Ok(Document::made(file, called(session, agreement, "json"), Media::Json))
}

/// `GET /api/v1/agreement/{record}/diff`
pub(crate) fn diff(session: &mut Session<'_>, agreement: Stream, query: &Pairs) -> Result<Reply, Problem> {
    let version = |name: &str| -> Result<Option<u32>, Problem> {
        let text = query.text(name);
        text.map(|text| text.parse().map_err(|_| invalid(name, text))).transpose()
    };
    let (from, to) = (version("from")?, version("to")?);
    let id = AgreementId(agreement.id);
    let found = agreement_files::diff(session.records, &session.who, id, from, to);
    let (from, to, all) = found.map_err(|error| match error {
        // A version that there is not.
        RecordsError::Invalid { field, value } => invalid(&field, &value),
        other => session.problem(other),
    })?;
    Ok(Reply::of(&difference_json((from, to), &all)))
}
