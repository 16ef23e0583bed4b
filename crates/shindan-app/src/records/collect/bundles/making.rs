//! Making a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use shindan_domain::calendar;
use shindan_domain::collect::{CheckFacts, Source, SourceState, SourceTiming, timing};
use shindan_domain::comparison::{ComparisonEvent, Comparisons, MadeBundle};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::SourceId;
use shindan_exchange::bundle::{
    BundleFile, BundleManifest, BundleSource, LastCheck, RemovedFile, pack, write_bundle,
};
use shindan_exchange::{ManifestSender, Statement};

use super::alone;
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::progress::{Progress, Stage};
use crate::records::collect::{checks, files, plan};
use crate::records::exchange::scratch::Scratch;
use crate::records::exchange::sealing::{create_new, end_of};
use crate::records::exchange::{own_name, told};
use crate::records::{Act, Call, Done, Entered, Records, RecordsError};

/// Why a source is left out, as the manifest says it.
const TERMS_UNCLEAR: &str = "terms-unclear";

/// What bundle is to be made.
#[derive(Debug, Clone)]
pub struct BundleOrder {
    /// Where it is written; nothing is there yet.
    pub out: PathBuf,
    /// Only what changed since the bundle with this number.
    pub since: Option<u64>,
    /// Sources whose terms are unclear and whose files are not to be passed on.
    pub leave_out: BTreeSet<SourceId>,
    /// For so many days it can be taken in without a reason.
    pub days: u16,
    /// Our name, if it is not that of the party for which the person works.
    pub name: Option<String>,
}

/// A bundle that was made.
#[derive(Debug, Clone)]
pub struct BundleMade {
    /// What was recorded.
    pub done: Done,
    /// What it says of itself.
    pub manifest: BundleManifest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What is about to be written.
struct Packed {
    manifest: BundleManifest,
    envelope: Vec<u8>,
    stream: Scratch,
}

/// Makes a bundle of the files in force of all sources that are fetched, and of how the sources stand.
///
/// # Errors
/// Refused without the role, without a source, for a number of which no bundle was made, and if a source is to be left out
/// whose terms are not noted as unclear. [`RecordsError::FilePresent`]; [`RecordsError::Unreadable`]. If the file cannot be
/// written, its number is recorded all the same, and the next bundle has the next one.
pub fn export(
    records: &mut Records,
    (who, call): (&Entered, &Call),
    folder: &DataFolder,
    order: &BundleOrder,
    progress: &dyn Progress,
) -> Result<BundleMade, RecordsError> {
    if order.out.exists() {
        return Err(RecordsError::FilePresent(order.out.clone()));
    }
    let _alone = alone(folder)?;
    let installation = records.store.installation().id;
    let mut packed = None;
    let done = records.act(who, call, Action::Operate, None, |act| {
        let (made, event) = put_together(act, who, folder, order, progress)?;
        act.note::<Comparisons>(installation, &[event])?;
        packed = Some(made);
        Ok(Stream::new(Kind::Installation, installation))
    })?;
    let mut packed = packed.ok_or_else(|| RecordsError::stored("a bundle that was not made"))?;
    progress.stage(Stage::Writing, None);
    let bytes = write(&mut packed, &order.out)?;
    progress.stage(Stage::Done, None);
    Ok(BundleMade { done, manifest: packed.manifest, bytes })
}

fn put_together(
    act: &Act<'_>,
    who: &Entered,
    folder: &DataFolder,
    order: &BundleOrder,
    progress: &dyn Progress,
) -> Result<(Packed, ComparisonEvent), RecordsError> {
    let records = act.records();
    let installation = records.store.installation().id;
    let made = records.state::<Comparisons>(installation)?.map(|(_, state)| state).unwrap_or_default();
    let since = order.since.map(|number| built_upon(&made, number)).transpose()?;
    let sources = sources(records, order, act.occurrence.at)?;
    let listed = listed(folder, &sources)?;
    let before = since.map(|since| manifest_of(records, since)).transpose()?;
    let (files, unchanged, removed) = compared(listed, before.as_ref(), &sources);
    progress.stage(Stage::Reading, Some(files.len() as u64));
    let (stream, packed) = packed(act, folder, &files, progress)?;
    let created = act.occurrence.at;
    let manifest = BundleManifest {
        created,
        expires: end_of(calendar::after(calendar::day(created), order.days))?,
        files,
        format: BundleManifest::FORMAT,
        packed,
        previous: made.bundles.last().map(|made| made.bundle),
        removed,
        sender: ManifestSender {
            installation,
            key: records.store.public_key()?.to_string(),
            party: own_name(records, who, order.name.as_deref())?,
        },
        sequence: made.next_bundle(),
        since: since.map(|since| since.bundle),
        sources,
        unchanged,
    };
    let (payload, envelope) = records.signed_payload(&manifest)?;
    let name = format!("bundle-{:06}.json", manifest.sequence);
    let document = records.take_in_bytes(&payload, &name, created)?;
    let event = ComparisonEvent::BundleMade {
        bundle: manifest.arrival(&payload).bundle(),
        since: manifest.since,
        expires: manifest.expires,
        document,
    };
    Ok((Packed { manifest, envelope, stream }, event))
}

fn refused(refusal: Refusal) -> RecordsError {
    RecordsError::refused(None, refusal)
}

fn built_upon(made: &Comparisons, number: u64) -> Result<&MadeBundle, RecordsError> {
    let last = made.next_bundle().saturating_sub(1);
    let unknown = || Refusal::new(ReasonCode::BundleSinceUnknown).with("number", number).with("last", last);
    made.bundles.iter().find(|made| made.bundle.sequence == number).ok_or_else(|| refused(unknown()))
}

fn manifest_of(records: &Records, made: &MadeBundle) -> Result<BundleManifest, RecordsError> {
    let mut bytes = Vec::new();
    let mut file = records.store.open_document(&made.document.sha256)?;
    let name = Path::new(&made.document.name);
    file.read_to_end(&mut bytes).map_err(|error| RecordsError::unreadable(name, &error))?;
    serde_json::from_slice(&bytes).map_err(RecordsError::stored)
}

/// The sources that are fetched, by name, as they stand.
fn sources(
    records: &Records,
    order: &BundleOrder,
    now: jiff::Timestamp,
) -> Result<Vec<BundleSource>, RecordsError> {
    let history = checks::all(records)?;
    let mut sources = Vec::new();
    for (id, source) in records.all::<Source>()? {
        let id = SourceId(id);
        let leave_out = order.leave_out.contains(&id);
        let fetched = plan::used(source.draft.kind).is_some() && source.state() != SourceState::Ended;
        if leave_out && !(fetched && source.draft.may_leave_out) {
            let refusal = Refusal::new(ReasonCode::BundleCannotLeaveOut);
            return Err(refused(refusal.with("value", &source.draft.name)));
        }
        if fetched {
            let own = history.iter().map(|(_, facts)| facts).filter(|facts| facts.source == id);
            let own: Vec<&CheckFacts> = own.collect();
            sources.push(stands(&source, &own, leave_out, now));
        }
    }
    if sources.is_empty() {
        return Err(refused(Refusal::new(ReasonCode::BundleWithoutSources)));
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sources)
}

fn stands(source: &Source, checks: &[&CheckFacts], leave_out: bool, now: jiff::Timestamp) -> BundleSource {
    let draft = source.draft.clone();
    let last = checks.last();
    let good = || checks.iter().rev().filter(|check| check.succeeded());
    let last_good = good().map(|check| check.informed()).max();
    let overdue = timing(&source.plan(), draft.reminder_days, last_good, now) == SourceTiming::Overdue;
    let is_old = |check: &&&CheckFacts| check.carried.as_ref().is_some_and(|carried| carried.stale);
    let stale = overdue
        || source.state() != SourceState::Active
        || last.is_none_or(|check| !check.succeeded())
        || last.filter(is_old).is_some();
    BundleSource {
        addresses: draft.addresses,
        interval_hours: draft.interval_hours,
        kind: draft.kind,
        last_check: last.map(|check| LastCheck {
            at: check.ended,
            failure: check.failure,
            result: check.result,
        }),
        last_good,
        left_out: leave_out.then(|| TERMS_UNCLEAR.to_owned()),
        licence: draft.licence,
        may_leave_out: draft.may_leave_out,
        name: draft.name,
        newest: good().find_map(|check| check.counts.newest),
        records: good().find_map(|check| check.counts.records),
        stale,
        title: draft.title,
    }
}

/// The files in force of the sources that are not left out, sorted.
fn listed(folder: &DataFolder, sources: &[BundleSource]) -> Result<Vec<BundleFile>, RecordsError> {
    let mut listed = Vec::new();
    for source in sources.iter().filter(|source| source.left_out.is_none()) {
        for path in files::in_force(folder, &source.name)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let (sha256, size) = digest(&path)?;
            listed.push(BundleFile { path: name, sha256, size, source: source.name.clone() });
        }
    }
    listed.sort_by_key(BundleFile::name);
    Ok(listed)
}

pub(super) fn digest(path: &Path) -> Result<(Hash, u64), RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            return Ok((Hash(hasher.finalize().into()), size));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        size += read as u64;
    }
}

/// What is carried, what the receiver has, what is gone.
fn compared(
    listed: Vec<BundleFile>,
    before: Option<&BundleManifest>,
    sources: &[BundleSource],
) -> (Vec<BundleFile>, Vec<BundleFile>, Vec<RemovedFile>) {
    let Some(before) = before else { return (listed, Vec::new(), Vec::new()) };
    let known: BTreeMap<String, &BundleFile> =
        before.files.iter().chain(&before.unchanged).map(|file| (file.name(), file)).collect();
    let names: BTreeSet<String> = listed.iter().map(BundleFile::name).collect();
    let brought =
        |name: &String| sources.iter().any(|source| source.name == *name && source.left_out.is_none());
    let removed = known.iter().filter(|(name, file)| !names.contains(*name) && brought(&file.source));
    let removed = removed
        .map(|(_, file)| RemovedFile { path: file.path.clone(), source: file.source.clone() })
        .collect();
    let same = |file: &BundleFile| known.get(&file.name()).is_some_and(|before| *before == file);
    let (unchanged, files) = listed.into_iter().partition(same);
    (files, unchanged, removed)
}

fn packed(
    act: &Act<'_>,
    folder: &DataFolder,
    listed: &[BundleFile],
    progress: &dyn Progress,
) -> Result<(Scratch, shindan_exchange::bundle::Packed), RecordsError> {
    let mut scratch = Scratch::new(act.records().root(), act.new_id()?)?;
    let path = scratch.path().to_owned();
    let mut out = BufWriter::new(&mut scratch.file);
    let mut part = |file: &BundleFile| {
        progress.advance(1);
        let path = folder.collected().join(&file.source).join(&file.path);
        let open = File::open(path)?;
        Ok(Box::new(BufReader::new(open)) as Box<dyn Read>)
    };
    let packed = pack(listed, &mut part, &mut out).map_err(|trouble| told(trouble, &path))?;
    out.flush().map_err(|error| RecordsError::unreadable(&path, &error))?;
    drop(out);
    Ok((scratch, packed))
}

/// Writes the file. One that could not be written is taken away again.
fn write(packed: &mut Packed, to: &Path) -> Result<u64, RecordsError> {
    let Packed { manifest, envelope, stream } = packed;
    let file = create_new(to)?;
    let mut out = BufWriter::new(file);
    let from = stream.rewind()?;
    let written = write_bundle(envelope, &manifest.packed, &mut BufReader::new(from), &mut out)
        .map_err(|trouble| told(trouble, to));
    let written = written.and_then(|()| {
        let failed = |error: &std::io::Error| RecordsError::unreadable(to, error);
        let file = out.into_inner().map_err(|error| failed(error.error()))?;
        file.sync_all().map_err(|error| failed(&error))?;
        Ok(file.metadata().map_err(|error| failed(&error))?.len())
    });
    if written.is_err() {
        std::fs::remove_file(to).map_err(AppError::io(to))?;
    }
    written
}
