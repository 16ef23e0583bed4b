//! What comes: looking at a sealed file, accepting it, receipts. A refusal is kept in the log of refusals and, where the
//! partner is known, in their record.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::evidence::Document;
use shindan_domain::exchange::{Arrival, CheckMade, Exchange, KeptContent, SealedCheck, checks};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::ExchangeId;
use shindan_exchange::{
    Limits, Opened, ReceiptStatement, Recognised, Statement, Trouble, check_name, open, read_signed,
    recognise,
};
use shindan_report::exchange::{SealedHead, SealedPage};

use super::scratch::Scratch;
use super::sealing::create_new;
use super::told;
use crate::records::step::nothing;
use crate::records::{Act, Call, DOCUMENT_LIMIT, Done, Entered, Records, RecordsError};

/// What the form of a sealed file and its encryption add at most, in bytes.
const AROUND: u64 = 64 << 20;

/// The largest sealed file that is read, in bytes.
pub fn sealed_limit(limits: &Limits) -> u64 {
    limits.total.saturating_add(limits.envelope).saturating_add(AROUND)
}

/// Looks at a sealed file: nothing is taken in, nothing is recorded.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unreadable`].
pub fn examine(
    records: &Records,
    who: &Entered,
    path: &Path,
    limits: &Limits,
    now: Timestamp,
) -> Result<SealedPage, RecordsError> {
    records.look(who, now, Action::Read, None, || examined(records, path, limits, now))
}

fn examined(
    records: &Records,
    path: &Path,
    limits: &Limits,
    now: Timestamp,
) -> Result<SealedPage, RecordsError> {
    let file = File::open(path).map_err(|error| RecordsError::unreadable(path, &error))?;
    let identity = records.store.exchange_identity()?;
    let unread = |reason| SealedPage {
        head: None,
        checks: SealedCheck::ALL.iter().map(|check| (*check, CheckMade::NotMade)).collect(),
        refused: Some(reason),
    };
    let opened = match open(std::io::BufReader::new(file), identity.as_deref(), limits) {
        Ok(opened) => opened,
        Err(Trouble::Refused(reason)) => return Ok(unread(reason)),
        Err(Trouble::Io(error)) => return Err(RecordsError::unreadable(path, &error)),
    };
    let arrival = opened.arrival();
    let head = head(&opened);
    let whole = match opened.finish() {
        Ok(_) => Ok(()),
        Err(Trouble::Refused(reason)) => Err(reason),
        Err(Trouble::Io(error)) => return Err(RecordsError::unreadable(path, &error)),
    };
    let own = records.own()?;
    let partner = records.partner_of(arrival.sender)?.map(|(_, exchange)| exchange);
    let checks = checks(&arrival, whole.is_ok(), partner.as_ref(), &own, now);
    let judged = match &partner {
        Some(partner) => partner.judge(&arrival, &own, now).map(drop),
        None => Err(arrival.from_nobody(&own)),
    };
    Ok(SealedPage { head: Some(head), checks, refused: whole.and(judged).err() })
}

fn head(opened: &Opened<'_>) -> SealedHead {
    let manifest = &opened.manifest;
    SealedHead {
        party: manifest.sender.party.clone(),
        sender: manifest.sender.installation,
        receiver: manifest.receiver.installation,
        sequence: manifest.sequence,
        created: manifest.created,
        expires: manifest.expires,
        encrypted: opened.encrypted,
        contents: manifest.contents.clone(),
        void: manifest.void.clone(),
    }
}

/// What was taken in.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What was recorded.
    pub done: Done,
    /// Number of the sealed file; `None` for a receipt.
    pub sequence: Option<u64>,
}

/// An import that is refused, for the partner's record.
struct Noted {
    id: ExchangeId,
    arrival: Arrival,
    document: Document,
}

/// Takes a sealed file, or a receipt, in.
///
/// # Errors
/// Refused with what is wrong; the refusal is recorded. [`RecordsError::Unreadable`].
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    path: &Path,
    limits: &Limits,
) -> Result<Imported, RecordsError> {
    let mut noted = None;
    let mut sequence = None;
    let done = records.act(who, call, Action::Operate, None, |act| {
        let at = act.occurrence.at;
        let document = act.records().take_in_up_to(path, sealed_limit(limits), at)?;
        match beginning(act.records(), &document, limits)? {
            (Recognised::Receipt, bytes) => acknowledge(act, &bytes, document, limits),
            (Recognised::Card, _) => {
                Err(RecordsError::refused(None, Refusal::new(ReasonCode::SealedUnrecognised)))
            }
            (Recognised::Sealed | Recognised::Encrypted, _) => {
                let (stream, number) = accept(act, document, limits, &mut noted)?;
                sequence = Some(number);
                Ok(stream)
            }
        }
    });
    match done {
        Ok(done) if done.repeated => Ok(Imported { sequence: records.number_of(&done, path, limits)?, done }),
        Ok(done) => Ok(Imported { done, sequence }),
        Err(RecordsError::Refused { about, refusal }) => {
            if let Some(noted) = noted {
                note(records, who, call, noted, &refusal.reason)?;
            }
            Err(RecordsError::Refused { about, refusal })
        }
        Err(error) => Err(error),
    }
}

/// What the file is; for small files that are not sealed, all of its bytes.
fn beginning(
    records: &Records,
    document: &Document,
    limits: &Limits,
) -> Result<(Recognised, Vec<u8>), RecordsError> {
    let mut bytes = Vec::new();
    let name = PathBuf::from(&document.name);
    let file = records.store.open_document(&document.sha256)?;
    file.take(limits.envelope + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| RecordsError::unreadable(&name, &error))?;
    let recognised = recognise(&bytes).map_err(|reason| RecordsError::refused(None, reason.into()))?;
    Ok((recognised, bytes))
}

fn acknowledge(
    act: &mut Act<'_>,
    bytes: &[u8],
    document: Document,
    limits: &Limits,
) -> Result<Stream, RecordsError> {
    let refused = |reason: Reason| RecordsError::refused(None, reason.into());
    let receipt = read_signed::<ReceiptStatement>(bytes, limits).map_err(refused)?.statement.given();
    let partner = act.records().partner_of(receipt.from)?;
    let unknown = || refused(Reason::new(ReasonCode::SealedUnknownKey).with("key", &receipt.key));
    let (id, _) = partner.ok_or_else(unknown)?;
    let own = act.records().store.installation().id;
    act.change::<Exchange>(id, |state, _| state.acknowledge(&receipt, own, document))?;
    Ok(Stream::new(Kind::Exchange, id))
}

fn accept(
    act: &mut Act<'_>,
    document: Document,
    limits: &Limits,
    noted: &mut Option<Noted>,
) -> Result<(Stream, u64), RecordsError> {
    let name = PathBuf::from(&document.name);
    let identity = act.records().store.exchange_identity()?;
    let own = act.records().own()?;
    let file = act.records().store.open_document(&document.sha256)?;
    let opened = open(std::io::BufReader::new(file), identity.as_deref(), limits);
    let mut opened = opened.map_err(|trouble| told(trouble, &name))?;
    let arrival = opened.arrival();
    let Some((id, partner)) = act.records().partner_of(arrival.sender)? else {
        return Err(RecordsError::refused(None, arrival.from_nobody(&own).into()));
    };
    let stream = Stream::new(Kind::Exchange, id);
    *noted = Some(Noted { id, arrival: arrival.clone(), document: document.clone() });
    // Before its contents are unpacked; the command asks again.
    let judged = partner.judge(&arrival, &own, act.occurrence.at);
    judged.map_err(|reason| RecordsError::refused(Some(stream), reason.into()))?;
    let kept = unpack(act, &mut opened, &name).map_err(|error| error.about(stream))?;
    opened.finish().map_err(|trouble| told(trouble, &name).about(stream))?;
    let sequence = arrival.sequence;
    act.change::<Exchange>(id, |state, by| Ok(vec![state.receive(arrival, &own, kept, document, by)?]))?;
    Ok((stream, sequence))
}

/// Keeps every file, one after another.
fn unpack(act: &Act<'_>, opened: &mut Opened<'_>, name: &Path) -> Result<Vec<KeptContent>, RecordsError> {
    let records = act.records();
    let mut kept = Vec::new();
    loop {
        let mut scratch = Scratch::new(records.root(), act.new_id()?)?;
        let content = opened.next_file(&mut scratch.file).map_err(|trouble| told(trouble, name))?.cloned();
        let Some(content) = content else { return Ok(kept) };
        let document =
            records.store.keep(scratch.rewind()?, &content.path, DOCUMENT_LIMIT, act.occurrence.at)?;
        kept.push(KeptContent { content, document });
    }
}

/// Records in the partner's record that an import was refused.
fn note(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    noted: Noted,
    reason: &Reason,
) -> Result<(), RecordsError> {
    let own = records.own()?;
    let Noted { id, arrival, document } = noted;
    let stream = Stream::new(Kind::Exchange, id);
    // Not under the caller's key: asked again, the same import is to be refused again.
    let call = Call::at(call.now);
    records.act(who, &call, Action::Operate, Some(stream), |act| {
        act.change::<Exchange>(id, |state, by| {
            let reason = reason.clone();
            Ok(vec![state.refuse_import(reason, Some(&arrival), document, &own, by.at)?])
        })?;
        Ok(stream)
    })?;
    Ok(())
}

/// An approver's decision not to wait for missing files, up to the number `through`.
///
/// # Errors
/// Refused without a reason, and where nothing shows that they are missing.
pub fn accept_gap(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ExchangeId,
    through: u64,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Exchange, _>(who, call, Action::Approve, id, nothing, |state, (), _| {
        state.accept_gap(through, reason)
    })
}

/// The signed receipt for a file that was accepted; the same one as often as it is asked for.
///
/// # Errors
/// Refused if the person may not operate, or no such file was accepted.
pub fn receipt_of(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
    now: Timestamp,
) -> Result<Vec<u8>, RecordsError> {
    let about = Some(Stream::new(Kind::Exchange, id));
    records.look(who, now, Action::Operate, about, || receipt(records, id, sequence))
}

fn receipt(records: &Records, id: ExchangeId, sequence: u64) -> Result<Vec<u8>, RecordsError> {
    let (state, file) = records.received_file(id, sequence)?;
    let receipt = ReceiptStatement {
        format: ReceiptStatement::FORMAT,
        from: records.store.installation().id,
        key: records.store.public_key()?.to_string(),
        manifest: file.manifest,
        received: file.at,
        sequence,
        to: state.installation,
    };
    Ok(records.signed(&receipt)?.1)
}

/// Writes the contents of an accepted file into a folder; answers where they are.
///
/// # Errors
/// Refused if the person may not read, or no such file was accepted; [`RecordsError::FilePresent`]: nothing is overwritten.
pub fn extract(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
    folder: &Path,
    now: Timestamp,
) -> Result<Vec<PathBuf>, RecordsError> {
    let about = Some(Stream::new(Kind::Exchange, id));
    records.look(who, now, Action::Read, about, || extracted(records, id, sequence, folder))
}

fn extracted(
    records: &Records,
    id: ExchangeId,
    sequence: u64,
    folder: &Path,
) -> Result<Vec<PathBuf>, RecordsError> {
    let refused = |refusal: Refusal| RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal);
    let (_, file) = records.received_file(id, sequence)?;
    let mut written = Vec::new();
    for kept in file.contents {
        check_name(&kept.content.path).map_err(|reason| refused(reason.into()))?;
        let path = folder.join(&kept.content.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| RecordsError::unreadable(parent, &error))?;
        }
        let mut from = records.store.open_document(&kept.document.sha256)?;
        let mut out = create_new(&path)?;
        std::io::copy(&mut from, &mut out).map_err(|error| RecordsError::unreadable(&path, &error))?;
        written.push(path);
    }
    Ok(written)
}

impl Records {
    fn received_file(
        &self,
        id: ExchangeId,
        sequence: u64,
    ) -> Result<(Exchange, shindan_domain::exchange::ReceivedFile), RecordsError> {
        let state: Exchange = self.existing(id)?;
        let unknown = || {
            let refusal = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Sequence.as_str());
            RecordsError::refused(Some(Stream::new(Kind::Exchange, id)), refusal.with("value", sequence))
        };
        let file = state.received(sequence).cloned().ok_or_else(unknown)?;
        Ok((state, file))
    }

    /// The number of a file that was accepted by the same request before.
    fn number_of(&self, done: &Done, path: &Path, limits: &Limits) -> Result<Option<u64>, RecordsError> {
        let Some((_, state)) = self.state::<Exchange>(done.stream.id)? else { return Ok(None) };
        let at = state.receiving.files.last().map_or(Timestamp::MIN, |file| file.at);
        let document = self.take_in_up_to(path, sealed_limit(limits), at)?;
        let same = state.receiving.files.iter().find(|file| file.document.sha256 == document.sha256);
        Ok(same.map(|file| file.sequence))
    }
}
