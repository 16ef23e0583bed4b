//! Use cases on sightings: files of what is on a network are read, kept and compared with register and dossiers; each
//! discrepancy has a record (SPEC.md section 4, ⑤-1 and システム運用編 8).
//!
//! *Read the files → what is known → compare (pure, in the domain) → one transaction.* The same file twice writes nothing. A
//! device that must not be there is told to its dossier in the same act, so that its disconnection is open again.

mod files;
mod known;
mod whereabouts;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::calendar::{day, not_in_future};
use shindan_domain::device::{Device, Seen};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{SightingId, SightingImportId};
use shindan_domain::sighting::{
    Absence, Comparison, ComparisonCounts, IpRange, KnownDevice, KnownState, Plan, ReadFile, Resolution,
    Sight, Sighting, SightingEvent, SightingImport, SightingImportEvent, SightingKind, absent,
    compare as compared_with, refresh,
};

use self::files::{File, Taken};
pub(super) use self::known::not_of_former;
pub(super) use self::whereabouts::whereabouts;
use super::facts::end_of;
use super::{Act, Call, Done, Entered, Records, RecordsError};

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportOrder {
    /// The files.
    pub files: Vec<PathBuf>,
    /// On which network they were taken, by the name that the register uses.
    pub network: Option<String>,
    /// Addresses that were looked at as a whole, besides those that a scan names itself.
    pub ranges: Vec<IpRange>,
    /// When they were taken, for files that do not say it themselves.
    pub taken: Option<TakenWhen>,
    /// After how many days without a sighting a registered device counts as missing; not asked unless given.
    pub absent_days: Option<u16>,
}

/// When files were taken, as a person says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenWhen {
    /// At this time.
    At(Timestamp),
    /// On this day in Japan: taken as its end, so that no sighting seems older than it may be.
    On(Date),
}

impl FromStr for TakenWhen {
    type Err = jiff::Error;

    /// Reads `2026-11-26T09:00:00+09:00` and `2026-11-26`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().parse::<Timestamp>() {
            Ok(at) => Ok(TakenWhen::At(at)),
            Err(_) => text.trim().parse::<Date>().map(TakenWhen::On),
        }
    }
}

impl TakenWhen {
    fn at(self, by: &Occurrence) -> Result<Timestamp, RecordsError> {
        match self {
            TakenWhen::At(at) => Ok(at),
            TakenWhen::On(date) if date > day(by.at) => {
                let reason = Reason::new(ReasonCode::DateInFuture).with("field", Label::TakenAt.as_str());
                Err(RecordsError::refused(None, reason.with("date", date).into()))
            }
            TakenWhen::On(date) => Ok(end_of(date, by.at)),
        }
    }
}

/// Reads files, keeps them, and compares what was seen with what is known. The second value: what could not be read in them.
///
/// # Errors
/// Refused if a file does not say when it was taken and nobody did ([`ReasonCode::SightingTakenMissing`]), for a time in the
/// future, and if nothing is known to compare with ([`ReasonCode::SightingRegisterEmpty`]).
/// [`AppError::FilesUnreadable`](crate::error::AppError::FilesUnreadable) for a file that holds nothing that can be read;
/// nothing is written then.
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    order: &ImportOrder,
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let mut diagnostics = Vec::new();
    let done = records.act(who, call, Action::Operate, None, |act| {
        let at = order.taken.map(|taken| taken.at(&act.occurrence)).transpose()?;
        let taken = Taken { network: order.network.clone(), ranges: order.ranges.clone(), at };
        let files = files::read(&order.files, &taken, &act.occurrence)?;
        diagnostics.extend(files.iter().flat_map(|file| file.report.diagnostics.iter().cloned()));
        let imports = act.records().all::<SightingImport>()?;
        let devices = known::devices(act.records())?;
        if !devices.iter().any(KnownDevice::is_recognisable) {
            return Err(RecordsError::refused(None, Refusal::new(ReasonCode::SightingRegisterEmpty)));
        }
        let id = record(act, &files, order, &imports)?;
        let others: Vec<SightingImport> =
            imports.into_iter().filter(|(other, _)| *other != id.0).map(|(_, import)| import).collect();
        follow(act, id, &files, &others, &devices, order.absent_days)?;
        Ok(Stream::new(Kind::SightingImport, id))
    })?;
    Ok((done, diagnostics))
}

/// Compares the last import of each network again: the register changed, or days went by.
///
/// # Errors
/// Refused if nothing was imported yet.
pub fn compare(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    absent_days: Option<u16>,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        let imports = act.records().all::<SightingImport>()?;
        let mut last: BTreeMap<Option<&str>, (Timestamp, usize)> = BTreeMap::new();
        for (at, (_, import)) in imports.iter().enumerate() {
            let taken = import.files.iter().map(|file| file.taken).max().unwrap_or(import.at);
            let known = last.entry(import.network.as_deref()).or_insert((taken, at));
            *known = (*known).max((taken, at));
        }
        let newest = last.values().max().and_then(|(_, at)| imports.get(*at));
        let Some((id, _)) = newest else {
            return Err(RecordsError::refused(None, Refusal::new(ReasonCode::SightingNothingImported)));
        };
        let mut files = Vec::new();
        for (_, import) in last.values().filter_map(|(_, at)| imports.get(*at)) {
            files.extend(files::again(act.records(), import)?);
        }
        let devices = known::devices(act.records())?;
        let id = SightingImportId(*id);
        let others: Vec<SightingImport> = imports.iter().map(|(_, import)| import.clone()).collect();
        follow(act, id, &files, &others, &devices, absent_days)?;
        Ok(Stream::new(Kind::SightingImport, id))
    })
}

/// Records that the files were read; the import that there is, if all of them were read before.
fn record(
    act: &mut Act<'_>,
    files: &[File],
    order: &ImportOrder,
    imports: &[(uuid::Uuid, SightingImport)],
) -> Result<SightingImportId, RecordsError> {
    // The same table at another time is another look at the network.
    let same = |file: &File, import: &SightingImport| {
        let read = |read: &ReadFile| read.document.sha256 == file.sha256 && read.taken == file.taken;
        import.network == order.network && import.files.iter().any(read)
    };
    let before = |file: &File| imports.iter().find(|(_, import)| same(file, import)).map(|(id, _)| *id);
    let mut new = Vec::new();
    let mut known = None;
    for file in files {
        match before(file) {
            Some(id) => known = Some(id),
            None => new.push(file.kept(act.records(), act.occurrence.at)?),
        }
    }
    match known {
        Some(id) if new.is_empty() => Ok(SightingImportId(id)),
        _ => {
            let id = SightingImportId(act.new_id()?);
            let recorded = SightingImportEvent::Recorded { network: order.network.clone(), files: new };
            act.begin::<SightingImport>(id, &[recorded], true)?;
            Ok(id)
        }
    }
}

/// Compares, and brings the records up to date.
fn follow(
    act: &mut Act<'_>,
    id: SightingImportId,
    files: &[File],
    others: &[SightingImport],
    devices: &[KnownDevice],
    absent_days: Option<u16>,
) -> Result<(), RecordsError> {
    let when = act.occurrence;
    let sights: Vec<Sight<'_>> = files.iter().flat_map(|file| file.sights(when.at)).collect();
    let comparison = compared_with(&sights, devices);
    let absence = match absent_days {
        None => None,
        Some(days) => Some(missing(act.records(), files, others, devices, days, &when)?),
    };
    let existing = act.records().all::<Sighting>()?;
    let existing: Vec<(SightingId, &Sighting)> =
        existing.iter().map(|(id, one)| (SightingId(*id), one)).collect();
    let plan = refresh(&existing, &comparison, absence.as_ref(), devices, &when);
    let plan = plan.map_err(|error: OutOfOrder| RecordsError::stored(error))?;
    let mut counts = counts(&comparison, absence.as_ref(), devices, absent_days);
    carry_out(act, &plan, devices, &mut counts)?;
    let import = act.state::<SightingImport>(id)?;
    let last = import.compared.as_ref().map(|(counts, _, _)| counts);
    if last.is_some_and(|last| is_nothing_new(last, &counts)) {
        return Ok(());
    }
    act.change::<SightingImport>(id, |_, _| Ok(vec![SightingImportEvent::Compared(counts)]))?;
    Ok(())
}

/// The same answer as the last time, and no record was touched.
fn is_nothing_new(last: &ComparisonCounts, counts: &ComparisonCounts) -> bool {
    let untouched = counts.opened.is_empty() && counts.reopened.is_empty() && counts.resolved.is_empty();
    let bare = |counts: &ComparisonCounts| ComparisonCounts {
        opened: Vec::new(),
        reopened: Vec::new(),
        resolved: Vec::new(),
        ..counts.clone()
    };
    untouched && bare(last) == bare(counts)
}

fn counts(
    comparison: &Comparison,
    absence: Option<&Absence>,
    devices: &[KnownDevice],
    absent_days: Option<u16>,
) -> ComparisonCounts {
    let missing = absence.map_or(0, |absence| absence.discrepancies.len());
    let mut doubts = comparison.doubts.clone();
    match absence {
        Some(absence) => doubts.extend(absence.doubts.iter().cloned()),
        None => doubts.push(Reason::new(ReasonCode::SightingAbsenceNotAsked)),
    }
    ComparisonCounts {
        seen: comparison.seen,
        known: comparison.known,
        devices: devices.len() as u64,
        absent_days,
        found: (comparison.discrepancies.len() + missing) as u64,
        doubts,
        ..ComparisonCounts::default()
    }
}

/// Registered devices that were not seen on networks that were watched: in all files of the last days.
fn missing(
    records: &Records,
    files: &[File],
    others: &[SightingImport],
    devices: &[KnownDevice],
    days: u16,
    when: &Occurrence,
) -> Result<Absence, RecordsError> {
    let mut watches: Vec<_> = files.iter().map(File::watch).collect();
    watches.extend(others.iter().flat_map(files::watches));
    let last = watches.iter().map(|watch| watch.at).max().unwrap_or(when.at);
    let window = jiff::SignedDuration::from_hours(i64::from(days) * 24);
    let from = last.checked_sub(window).unwrap_or(Timestamp::MIN);
    let mut earlier = Vec::new();
    for import in others.iter().filter(|import| import.files.iter().any(|file| file.taken > from)) {
        earlier.extend(files::again(records, import)?);
    }
    let sights: Vec<Sight<'_>> = files.iter().chain(&earlier).flat_map(|file| file.sights(when.at)).collect();
    let seen = compared_with(&sights, devices).last_seen;
    Ok(absent(devices, &watches, &seen, days))
}

fn carry_out(
    act: &mut Act<'_>,
    plan: &Plan,
    devices: &[KnownDevice],
    counts: &mut ComparisonCounts,
) -> Result<(), RecordsError> {
    for (id, event) in &plan.change {
        let sighting = act.change::<Sighting>(*id, |_, _| Ok(vec![event.clone()]))?;
        match event {
            SightingEvent::Reopened { .. } => counts.reopened.push(*id),
            SightingEvent::Resolved { .. } => counts.resolved.push(*id),
            _ => {}
        }
        tell_dossier(act, *id, &sighting, devices)?;
    }
    for event in &plan.open {
        let id = SightingId(act.new_id()?);
        let sighting = act.begin::<Sighting>(id, std::slice::from_ref(event), true)?;
        counts.opened.push(id);
        tell_dossier(act, id, &sighting, devices)?;
    }
    Ok(())
}

/// Tells the dossier of a device that it was seen, if it was seen after its disconnection had been confirmed.
fn tell_dossier(
    act: &mut Act<'_>,
    id: SightingId,
    sighting: &Sighting,
    devices: &[KnownDevice],
) -> Result<(), RecordsError> {
    let found = &sighting.found;
    let device = sighting.device(devices).and_then(|device| device.stream);
    let dossier = device.filter(|stream| stream.kind == Kind::Device);
    let (Some(dossier), Some(at), SightingKind::RetiredSeen, true) =
        (dossier, found.evidence.last_seen, found.kind, sighting.is_open())
    else {
        return Ok(());
    };
    let evidence = &found.evidence;
    let mac = evidence.mac.map(|mac| mac.to_string());
    let by_what = mac.or_else(|| evidence.names.first().cloned()).unwrap_or_else(|| sighting.title());
    let seen = Seen { at, by_what, sighting: Some(id), document: None };
    act.change::<Device>(dossier.id, |state, by| match state.seen_again(seen, by) {
        Ok(event) => Ok(vec![event]),
        // Its alarm is open already, or was settled by a later look: the dossier knows as much.
        Err(refusal)
            if matches!(refusal.reason.code, ReasonCode::NothingChanges | ReasonCode::DeviceSeenBefore) =>
        {
            Ok(Vec::new())
        }
        Err(refusal) => Err(refusal),
    })?;
    Ok(())
}

/// Explains a discrepancy until a day.
///
/// # Errors
/// Refused for a retired device, without a reason, and for a day that is not in the future.
pub fn explain(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SightingId,
    (reason, until): (String, Date),
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Sighting, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents: Vec<Document>, by| state.explain(reason, until, documents, by),
    )
}

/// Says which registered device an unknown one is. `asset`: its key in the register, its number or its name; the device whose
/// name it has unless given.
///
/// # Errors
/// Refused if the register has no such device; [`RecordsError::Ambiguous`].
pub fn register(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SightingId,
    asset: Option<&str>,
) -> Result<Done, RecordsError> {
    records.step::<Sighting, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| match asset {
            Some(asset) => known::called(records, asset),
            None => match records.existing::<Sighting>(id)?.found.device {
                // Which of two it is, the old or the new one, is not guessed.
                Some(device) if is_former(records, device.stream)? => Ok(None),
                Some(device) => known::called(records, &device.key),
                None => Ok(None),
            },
        },
        |state, device, _| state.register(device),
    )
}

/// True for a device whose place in the register another one has taken.
fn is_former(records: &Records, device: Option<Stream>) -> Result<bool, RecordsError> {
    let devices = known::devices(records)?;
    Ok(device.is_some() && devices.iter().any(|known| known.stream == device && known.is_former()))
}

/// Closes the sighting of a retired device by its disconnection, which its dossier tells.
///
/// # Errors
/// Refused unless the disconnection was confirmed after the device was last seen.
pub fn close(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SightingId,
) -> Result<Done, RecordsError> {
    let prepare = |records: &Records, _: &Occurrence| {
        let devices = known::devices(records)?;
        Ok(records.existing::<Sighting>(id)?.device(&devices).cloned())
    };
    records.step::<Sighting, _>(who, call, Action::Operate, id, prepare, |state, device, _| {
        match device.map(|device| device.state) {
            Some(KnownState::Retired { disconnected, .. }) => state.disconnected(disconnected),
            Some(KnownState::InUse) => state.resolve(Resolution::InUseAgain, None),
            None => state.disconnected(None),
        }
    })
}

/// Records the version that was seen in the dossier of the device. One act: neither is ahead of the other.
///
/// # Errors
/// Refused unless a changed version is open, and without a dossier.
pub fn accept_version(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: SightingId,
    reason: &str,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Sighting, id);
    records.act(who, call, Action::Operate, Some(stream), |act| {
        let sighting = act.state::<Sighting>(id)?;
        let found = &sighting.found;
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        let event = sighting.resolve(Resolution::AsRegistered, found.evidence.last_seen).map_err(refused)?;
        let devices = known::devices(act.records())?;
        let device = sighting.device(&devices);
        let dossier = device.and_then(|device| device.stream).filter(|stream| stream.kind == Kind::Device);
        let (Some(dossier), Some(version)) = (dossier, found.evidence.version.clone()) else {
            let refusal =
                Refusal::from(Reason::new(ReasonCode::SightingNoDossier).with("asset", sighting.title()));
            return Err(refused(refusal));
        };
        act.change::<Sighting>(id, |_, _| Ok(vec![event]))?;
        act.change::<Device>(dossier.id, |device, _| {
            let mut particulars = device.particulars();
            particulars.network.firmware = Some(version);
            Ok(vec![device.change(particulars, reason.to_owned())?])
        })?;
        Ok(stream)
    })
}

/// Keeps discrepancies up with a disconnection that was confirmed in the same act: whoever looked and found the device
/// disconnected has closed its sightings, if they are older.
///
/// # Errors
/// Refused if it was seen after somebody looked: then it was not disconnected. Those of reading and writing.
pub(super) fn after_disconnection(
    act: &mut Act<'_>,
    dossier: Stream,
    checked: Timestamp,
) -> Result<(), RecordsError> {
    let devices = known::devices(act.records())?;
    let open = act.records().all::<Sighting>()?.into_iter().filter(|(_, one)| {
        one.is_open()
            && one.found.kind == SightingKind::RetiredSeen
            && one.device(&devices).is_some_and(|device| device.stream == Some(dossier))
    });
    for (id, sighting) in open.collect::<Vec<_>>() {
        act.change::<Sighting>(id, |_, _| Ok(vec![sighting.disconnected(Some(checked))?]))?;
    }
    Ok(())
}

/// Refuses a time after the present.
fn in_past(at: Timestamp, by: &Occurrence) -> Result<(), RecordsError> {
    not_in_future(Label::TakenAt, at, by).map_err(|refusal| RecordsError::refused(None, refusal))
}
