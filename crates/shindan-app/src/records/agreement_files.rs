//! Agreements as files: a template to begin with, what goes to the other side and comes from there, and the paper.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use shindan_domain::agreement::{
    Agreement, AgreementFile, AgreementStage, Content, Difference, Draft, Template, differences,
};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{MasterData, Party};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{AgreementId, PartyId, SystemId};
use shindan_formats::{agreement_file, duties};
use shindan_report::Words;
use shindan_report::agreement::{AgreementPage, agreement_html, agreement_paper};
use shindan_report::paper::Paper;

use super::partner::{in_either_language, says};
use super::{Call, Done, Entered, Records, RecordsError, find};
use crate::embedded;
use crate::error::AppError;

/// So far into a partner's file the hash of the content is looked for, in bytes.
const NAMED_WITHIN: u64 = 16 << 20;

/// A pack of duties: the one that ships, or one's own.
///
/// # Errors
/// [`RecordsError::Unreadable`]; [`AppError::Pack`] with everything that is wrong with it.
pub fn template(own: Option<&Path>) -> Result<Template, RecordsError> {
    let Some(path) = own else { return Ok(embedded::duties()?) };
    let bytes = read_small(path)?;
    let reading = duties::read_duties(&path.display().to_string(), &bytes);
    Ok(reading.value.ok_or(AppError::Pack(reading.diagnostics))?)
}

fn read_small(path: &Path) -> Result<Vec<u8>, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let limit = u64::try_from(agreement_file::LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(unreadable)?.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// An agreement as a file for the other side.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`].
pub fn export(
    records: &Records,
    who: &Entered,
    id: AgreementId,
    now: jiff::Timestamp,
) -> Result<Vec<u8>, RecordsError> {
    let (agreement, number) = readable(records, who, id)?;
    let mut bytes =
        serde_json::to_vec_pretty(&agreement.to_file(number, now)).map_err(RecordsError::stored)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// An agreement as it stands, and its display number.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`].
pub fn readable(
    records: &Records,
    who: &Entered,
    id: AgreementId,
) -> Result<(Agreement, Option<String>), RecordsError> {
    let stream = Stream::new(Kind::Agreement, id);
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    let agreement = records.existing::<Agreement>(id)?;
    Ok((agreement, records.store().record(stream)?.and_then(|record| record.row.number)))
}

/// An agreement on paper: one self-contained page that is printed and signed.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`].
pub fn print(
    records: &Records,
    who: &Entered,
    id: AgreementId,
    words: &Words,
    now: jiff::Timestamp,
) -> Result<String, RecordsError> {
    with_page(records, who, id, now, |page| agreement_html(page, words).map_err(RecordsError::stored))?
}

/// The same before it has a form.
///
/// # Errors
/// As [`print()`].
pub fn paper(
    records: &Records,
    who: &Entered,
    id: AgreementId,
    words: &Words,
    now: jiff::Timestamp,
) -> Result<Paper, RecordsError> {
    with_page(records, who, id, now, |page| agreement_paper(page, words))
}

fn with_page<T>(
    records: &Records,
    who: &Entered,
    id: AgreementId,
    now: jiff::Timestamp,
    make: impl FnOnce(&AgreementPage<'_>) -> T,
) -> Result<T, RecordsError> {
    let (agreement, number) = readable(records, who, id)?;
    let confirmed = agreement.versions.iter().flat_map(|version| version.confirmed.values());
    let working = agreement.confirmed().into_iter().flat_map(|confirmed| confirmed.values());
    let recorders = confirmed.chain(working.map(|one| &one.given)).map(|given| given.recorded_by);
    let people: BTreeMap<_, _> =
        recorders.filter_map(|person| Some((person, records.name(person)?))).collect();
    let page = AgreementPage { agreement: &agreement, number: number.as_deref(), people: &people, made: now };
    Ok(make(&page))
}

/// In what two versions differ: the last that was in force and the present content, unless others are named.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Invalid`] for a version that there is not.
pub fn diff(
    records: &Records,
    who: &Entered,
    id: AgreementId,
    from: Option<u32>,
    to: Option<u32>,
) -> Result<(u32, u32, Vec<Difference>), RecordsError> {
    let (agreement, _) = readable(records, who, id)?;
    let after = version(&agreement, to.unwrap_or(agreement.content.version))?;
    let before = match from {
        Some(number) => version(&agreement, number)?,
        None => {
            let earlier = agreement.versions.iter().rfind(|one| one.content.version < after.version);
            earlier.map_or(after, |version| &version.content)
        }
    };
    Ok((before.version, after.version, differences(before, after)))
}

fn version(agreement: &Agreement, number: u32) -> Result<&Content, RecordsError> {
    let past = agreement.versions.iter().map(|version| &version.content);
    let mut all = std::iter::once(&agreement.content).chain(past);
    let invalid =
        || RecordsError::Invalid { field: Label::Version.as_str().to_owned(), value: number.to_string() };
    all.find(|content| content.version == number).ok_or_else(invalid)
}

/// Where a file is taken in.
#[derive(Debug, Clone, Default)]
pub struct Taking {
    /// The agreement here that it is another version of; `None`: it is a new one.
    pub agreement: Option<AgreementId>,
    /// The system here; found by its name unless given.
    pub system: Option<SystemId>,
    /// Which party here a name means; found by the same name unless given.
    pub parties: BTreeMap<String, PartyId>,
}

/// Takes the other side's file in: as a proposal that is discussed and confirmed here.
///
/// # Errors
/// [`ReasonCode::AgreementFileChanged`] if its content has not the hash that it states; refused unless operator and provider of
/// the system here are among who signs; [`RecordsError::Unknown`] for a party or system that is not known here.
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    path: &Path,
    taking: &Taking,
) -> Result<Done, RecordsError> {
    let about = taking.agreement.map(|id| Stream::new(Kind::Agreement, id));
    let bytes = read_small(path)?;
    let file = read(&bytes, path)?;
    records.act(who, call, Action::Operate, about, |act| {
        check_hash(&file)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let document = act.records().take_in_bytes(&bytes, &name, act.occurrence.at)?;
        let bound = bound(act.records(), &file.content, &taking.parties)?;
        match taking.agreement {
            Some(id) => {
                let between = act.records().between_of(id)?;
                let content = file.content;
                act.change::<Agreement>(id, |state, _| {
                    Ok(vec![state.take(content, bound, document, between)?])
                })?;
                propose(act, id)
            }
            None => {
                let system = match taking.system {
                    Some(system) => system,
                    None => SystemId(find(act.records(), Kind::System, &file.content.system)?.id),
                };
                let between = act.records().between(system)?;
                let draft = Draft { system, bound, content: file.content, document: Some(document) };
                let refused = |refusal| RecordsError::refused(None, refusal);
                let event = Agreement::draft(draft, between).map_err(refused)?;
                let id = AgreementId(act.new_id()?);
                act.begin::<Agreement>(id, &[event], true)?;
                propose(act, id)
            }
        }
    })
}

/// What comes from the other side is a proposal.
fn propose(act: &mut super::Act<'_>, id: AgreementId) -> Result<Stream, RecordsError> {
    let between = act.records().between(act.state::<Agreement>(id)?.system)?;
    act.change::<Agreement>(id, |state, by| match state.stage {
        AgreementStage::Draft => Ok(vec![state.propose(between, by)?]),
        _ => Ok(Vec::new()),
    })?;
    Ok(Stream::new(Kind::Agreement, id))
}

fn read(bytes: &[u8], path: &Path) -> Result<AgreementFile, RecordsError> {
    agreement_file::read(bytes, &path.display().to_string())
        .map_err(|diagnostic| RecordsError::App(AppError::NothingReadable(vec![diagnostic])))
}

fn check_hash(file: &AgreementFile) -> Result<(), RecordsError> {
    let hash = file.content.hash();
    if hash == file.content_hash {
        return Ok(());
    }
    let refusal = Refusal::new(ReasonCode::AgreementFileChanged);
    let refusal = refusal.with("expected", file.content_hash).with("found", hash);
    Err(RecordsError::refused(None, refusal))
}

/// Which party here each name of a file means.
fn bound(
    records: &Records,
    content: &Content,
    chosen: &BTreeMap<String, PartyId>,
) -> Result<BTreeMap<String, PartyId>, RecordsError> {
    if let Some(unknown) = chosen.keys().find(|name| content.party(name).is_none()) {
        return Err(RecordsError::Invalid {
            field: Label::Party.as_str().to_owned(),
            value: unknown.clone(),
        });
    }
    let one = |name: &String| match chosen.get(name) {
        Some(party) => records.existing::<MasterData<Party>>(*party).map(|_| (name.clone(), *party)),
        None => find(records, Kind::Party, name).map(|stream| (name.clone(), PartyId(stream.id))),
    };
    content.parties.iter().map(|member| one(&member.name)).collect()
}

impl Records {
    /// Checks that a file which a party signed confirms the present content of an agreement: it is an agreement file with this
    /// content in which that party has confirmed it, or a letter with a line of its own that confirms this agreement (by its
    /// number here) with the hash of the content.
    ///
    /// # Errors
    /// [`ReasonCode::AgreementFileOtherContent`], [`ReasonCode::AgreementFileUnconfirmed`],
    /// [`ReasonCode::AgreementLetterUnclear`].
    pub(super) fn check_confirms(
        &self,
        document: &Document,
        signed_by: PartyId,
        id: AgreementId,
    ) -> Result<(), RecordsError> {
        let agreement = self.existing::<Agreement>(id)?;
        let hash = agreement.content.hash();
        let refused = |reason: Reason| {
            Err(RecordsError::refused(Some(Stream::new(Kind::Agreement, id)), reason.into()))
        };
        let mut bytes = Vec::new();
        let file = self.store().open_document(&document.sha256)?;
        file.take(NAMED_WITHIN)
            .read_to_end(&mut bytes)
            .map_err(|error| RecordsError::unreadable(Path::new(&document.name), &error))?;
        if let Ok(file) = agreement_file::read(&bytes, &document.name) {
            if file.content != agreement.content || file.content_hash != hash {
                return refused(Reason::new(ReasonCode::AgreementFileOtherContent).with("expected", hash));
            }
            let names = agreement.bound.iter().filter(|(_, party)| **party == signed_by);
            let names: Vec<&String> = names.map(|(name, _)| name).collect();
            if names.iter().any(|name| file.confirmed_by(name)) {
                return Ok(());
            }
            let called = names.first().map(|name| name.as_str()).unwrap_or_default();
            return refused(Reason::new(ReasonCode::AgreementFileUnconfirmed).with("party", called));
        }
        // An agreement file that this program does not read says nothing about who confirmed it.
        let is_other_form = bytes.windows(AGREEMENT_FILE.len()).any(|part| part == AGREEMENT_FILE.as_bytes());
        bytes.retain(|byte| *byte != 0);
        if is_other_form || !names_hash(&bytes, hash) {
            return refused(Reason::new(ReasonCode::AgreementFileOtherContent).with("expected", hash));
        }
        // A letter that names the hash may say anything about it.
        let number = self.store().record(Stream::new(Kind::Agreement, id))?.and_then(|one| one.row.number);
        let number = number.unwrap_or_else(|| id.to_string());
        let lines = in_either_language("letter-confirms", &format!("{number} {hash}"));
        match says(&bytes, &lines) {
            true => Ok(()),
            false => refused(Reason::new(ReasonCode::AgreementLetterUnclear).with("line", lines.join(" | "))),
        }
    }
}

/// What every agreement file says of itself, whichever version of the form it has.
const AGREEMENT_FILE: &str = "shindan.agreement/";

/// Whether a text names a hash.
fn names_hash(bytes: &[u8], hash: Hash) -> bool {
    let plain = bytes.to_ascii_lowercase();
    let wanted = hash.to_string();
    plain.windows(wanted.len()).any(|part| part == wanted.as_bytes())
}
