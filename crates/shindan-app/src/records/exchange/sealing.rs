//! Sealing: files become one file for one partner, which is kept, so that a lost medium is simply written again.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use shindan_domain::calendar;
use shindan_domain::evidence::Document;
use shindan_domain::exchange::{Content, ContentType, Exchange, SealDraft};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::ExchangeId;
use shindan_exchange::{
    Limits, Manifest, ManifestReceiver, ManifestSender, Statement, check_name, encryption, write_sealed,
};

use super::contents::recognise;
use super::scratch::Scratch;
use super::{own_name, told};
use crate::records::step::nothing;
use crate::records::{Act, Call, DOCUMENT_LIMIT, Done, Entered, Records, RecordsError};

/// So long a file can be accepted unless something else is said.
const DAYS: u16 = 90;

/// What is to be sealed.
#[derive(Debug, Clone, Default)]
pub struct SealOrder {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What all of them are; else they are recognised.
    pub content_type: Option<ContentType>,
    /// The last day in Japan on which it can be accepted; 90 days unless said.
    pub last_day: Option<Date>,
    /// Only the partner can read it.
    pub encrypt: bool,
    /// Number of the partner's file that it answers.
    pub reply_to: Option<u64>,
    /// Our name, if it is not that of the party for which the person works.
    pub name: Option<String>,
}

/// What was sealed.
#[derive(Debug, Clone)]
pub struct SealedNow {
    /// What was recorded.
    pub done: Done,
    /// The number of the file; `None` if the same request was done before.
    pub sequence: Option<u64>,
    /// SHA-256 of the sealed file; `None` if the same request was done before.
    pub document: Option<Hash>,
}

/// Seals files for a partner. [`copy_sealed`] writes the sealed file.
///
/// # Errors
/// Refused while no card of the partner counts, without files (unless a void number is to be told), for two files of one
/// name, for a last day that has passed.
pub fn seal(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ExchangeId,
    order: &SealOrder,
) -> Result<SealedNow, RecordsError> {
    let stream = Stream::new(Kind::Exchange, id);
    let (mut sequence, mut document) = (None, None);
    let done = records.act(who, call, Action::Operate, Some(stream), |act| {
        let state: Exchange = act.state(id)?;
        let draft = draft(act, who, &state, order).map_err(|error| error.about(stream))?;
        (sequence, document) = (Some(draft.sequence), Some(draft.document.sha256));
        act.change::<Exchange>(id, |state, by| Ok(vec![state.seal(draft, by)?]))?;
        Ok(stream)
    })?;
    Ok(SealedNow { done, sequence, document })
}

fn draft(
    act: &Act<'_>,
    who: &Entered,
    state: &Exchange,
    order: &SealOrder,
) -> Result<SealDraft, RecordsError> {
    let refused = |refusal| RecordsError::refused(None, refusal);
    state.check_sealable().map_err(refused)?;
    let partner = state.current_key().map(|key| key.card.clone());
    let partner = partner.ok_or_else(|| refused(Refusal::new(ReasonCode::PartnerKeyMissing)))?;
    let records = act.records();
    let created = act.occurrence.at;
    let (contents, documents) = listed(records, order, created)?;
    let reply_to = order.reply_to.map(|number| answered(state, number)).transpose().map_err(refused)?;
    let last_day = order.last_day.unwrap_or_else(|| calendar::after(calendar::day(created), DAYS));
    let sender = ManifestSender {
        installation: records.store.installation().id,
        key: records.store.public_key()?.to_string(),
        party: own_name(records, who, order.name.as_deref())?,
    };
    let fingerprint = partner.fingerprint();
    let manifest = Manifest {
        contents,
        created,
        expires: end_of(last_day)?,
        format: Manifest::FORMAT,
        id: act.new_id()?,
        previous: state.sending.last,
        receiver: ManifestReceiver { fingerprint, installation: partner.installation },
        reply_to,
        sender,
        sequence: state.sending.next,
        void: state.void_to_tell(),
    };
    let (hash, envelope) = records.signed(&manifest)?;
    let recipient = order.encrypt.then_some(partner.recipient.as_str());
    let document = written(act, &manifest, &envelope, &documents, recipient)?;
    let Manifest { contents, expires, previous, sequence, void, .. } = manifest;
    Ok(SealDraft {
        sequence,
        previous,
        manifest: hash,
        fingerprint,
        contents,
        created,
        expires,
        encrypted: order.encrypt,
        void,
        reply_to,
        document,
    })
}

/// The files, kept, and how the manifest lists them.
fn listed(
    records: &Records,
    order: &SealOrder,
    at: jiff::Timestamp,
) -> Result<(Vec<Content>, Vec<Document>), RecordsError> {
    let (mut contents, mut documents) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for path in &order.files {
        let content_type = match order.content_type {
            Some(content_type) => content_type,
            None => recognise(path)?,
        };
        let document = records.take_in_up_to(path, DOCUMENT_LIMIT, at)?;
        let name = document.name.clone();
        let unsafe_name = || Reason::new(ReasonCode::SealedUnsafeName).with("name", &name);
        let twice = (!names.insert(name.to_lowercase())).then(unsafe_name);
        if let Some(reason) = check_name(&name).err().or(twice) {
            return Err(RecordsError::refused(None, reason.into()));
        }
        contents.push(Content { path: name, sha256: document.sha256, size: document.size, content_type });
        documents.push(document);
    }
    let total: u64 = contents.iter().map(|content| content.size).sum();
    let Limits { total: limit, contents: most, .. } = Limits::default();
    if total > limit || contents.len() > most {
        let reason = Reason::new(ReasonCode::SealedOversize).with("part", "total").with("limit", limit);
        return Err(RecordsError::refused(None, reason.into()));
    }
    Ok((contents, documents))
}

fn answered(state: &Exchange, number: u64) -> Result<Hash, Refusal> {
    let unknown = || {
        let refusal = Refusal::new(ReasonCode::ItemUnknown).with("field", Label::Sequence.as_str());
        refusal.with("value", number)
    };
    state.received(number).map(|file| file.manifest).ok_or_else(unknown)
}

/// The moment at which a day in Japan is over.
pub(in crate::records) fn end_of(day: Date) -> Result<jiff::Timestamp, RecordsError> {
    let next = calendar::after(day, 1).at(0, 0, 0, 0);
    jiff::tz::Offset::constant(9).to_timestamp(next).map_err(RecordsError::stored)
}

/// Writes the sealed file and keeps it.
fn written(
    act: &Act<'_>,
    manifest: &Manifest,
    envelope: &[u8],
    documents: &[Document],
    recipient: Option<&str>,
) -> Result<Document, RecordsError> {
    let records = act.records();
    let mut scratch = Scratch::new(records.root(), act.new_id()?)?;
    let mut parts: Vec<Box<dyn Read>> = Vec::new();
    for document in documents {
        parts.push(Box::new(records.store.open_document(&document.sha256)?));
    }
    let path = scratch.path().to_owned();
    let mut out = BufWriter::new(&mut scratch.file);
    let sealed = match recipient {
        None => write_sealed(envelope, &manifest.contents, &mut parts, &mut out),
        Some(recipient) => encryption::encrypt(recipient, &mut out, |out| {
            write_sealed(envelope, &manifest.contents, &mut parts, out)
        }),
    };
    sealed.map_err(|trouble| told(trouble, &path))?;
    out.flush().map_err(|error| RecordsError::unreadable(&path, &error))?;
    drop(out);
    let name = format!("{}-{:06}.shindan", records.store.installation().prefix, manifest.sequence);
    let limit = super::sealed_limit(&Limits::default());
    Ok(records.store.keep(scratch.rewind()?, &name, limit, act.occurrence.at)?)
}

/// Writes a sealed file as it was sealed, byte for byte: the first time, or again for a lost medium.
///
/// # Errors
/// Refused if the person may not read, or no such file was sealed; [`RecordsError::FilePresent`].
pub fn copy_sealed(
    records: &Records,
    who: &Entered,
    id: ExchangeId,
    sequence: u64,
    to: &Path,
    now: jiff::Timestamp,
) -> Result<Document, RecordsError> {
    let stream = Stream::new(Kind::Exchange, id);
    records.look(who, now, Action::Read, Some(stream), || {
        let state: Exchange = records.existing(id)?;
        let sent = state.sent(sequence).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
        let document = sent.document.clone();
        let mut from = records.store.open_document(&document.sha256)?;
        let mut out = create_new(to)?;
        std::io::copy(&mut from, &mut out).map_err(|error| RecordsError::unreadable(to, &error))?;
        out.sync_all().map_err(|error| RecordsError::unreadable(to, &error))?;
        Ok(document)
    })
}

/// A file that was not there.
pub(in crate::records) fn create_new(path: &Path) -> Result<std::fs::File, RecordsError> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => RecordsError::FilePresent(path.to_owned()),
        _ => RecordsError::unreadable(path, &error),
    })
}

/// Says that the partner is not to wait for a file: the next one tells them.
///
/// # Errors
/// Refused without a reason, and for a file that is acknowledged or void.
pub fn void_sent(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ExchangeId,
    sequence: u64,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Exchange, _>(who, call, Action::Operate, id, nothing, |state, (), _| {
        state.void_sent(sequence, reason)
    })
}
