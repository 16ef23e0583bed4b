//! Looks at sources: fetches, reads, records, and brings the knowledge base up to date.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use shindan_domain::collect::{Alarm, CheckBy, CheckOutcome, Failure, Source, SourceState};
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::SourceId;
use shindan_fetch::{Client, Settings, SettingsError, Surroundings};

use super::files;
use super::look::Look;
use super::outcome::{Made, Seen, record};
use super::plan::{self, Use};
use crate::data_folder::DataFolder;
use crate::progress::{Progress, Stage};
use crate::records::{Call, Entered, Records, RecordsError, kept, random};
use crate::{clock, knowledge};

/// Which sources are looked at, and why.
#[derive(Debug, Clone, Default)]
pub struct SyncAsked {
    /// The sources; all that are active and fetched if none are named.
    pub sources: Vec<SourceId>,
    /// Why outside of the plan.
    pub reason: Option<String>,
    /// By the schedule of the running program; if not, by a person.
    pub scheduled: bool,
}

/// How the network is reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// `http://proxy.example:8080`
    pub proxy: Option<String>,
    /// Certificates of authorities that are trusted besides those that are built in, PEM.
    pub ca_files: Vec<PathBuf>,
}

/// A source that was looked at.
#[derive(Debug, Clone)]
pub struct Synced {
    /// Which.
    pub source: SourceId,
    /// Its short name.
    pub name: String,
    /// Display number of the record of the check.
    pub check: Option<String>,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What is suspicious.
    pub alarms: Vec<Alarm>,
}

/// What was done.
#[derive(Debug)]
pub struct SyncDone {
    /// The sources in the order in which they were looked at.
    pub sources: Vec<Synced>,
    /// The knowledge base, if it was built anew.
    pub built: Option<knowledge::Built>,
}

/// Looks at sources. A source that fails keeps what it had, is recorded as failed, and keeps no other from being looked at.
///
/// # Errors
/// Refused without the role, for a source that ended or is paused, for a kind that this program does not fetch
/// ([`ReasonCode::SourceKindNotFetched`]), for settings of the network that cannot be used, and while another process looks at
/// sources ([`ReasonCode::SyncUnderWay`]).
pub fn sync(
    records: &mut Records,
    who: &Entered,
    (folder, reach): (&DataFolder, &Reach),
    asked: &SyncAsked,
    progress: &dyn Progress,
    cancelled: &AtomicBool,
) -> Result<SyncDone, RecordsError> {
    let client = client(reach)?;
    sync_with(records, who, (folder, &client), asked, progress, cancelled)
}

/// The client that looks at sources.
///
/// # Errors
/// Refused for settings of the network that cannot be used.
pub(super) fn client(reach: &Reach) -> Result<Client, RecordsError> {
    let settings =
        Settings { proxy: reach.proxy.clone(), ca_files: reach.ca_files.clone(), ..Settings::default() };
    Client::new(settings, surroundings()).map_err(|error| unusable(&error))
}

/// As [`sync`], with a client that is there already.
///
/// # Errors
/// As [`sync`].
pub fn sync_with(
    records: &mut Records,
    who: &Entered,
    (folder, client): (&DataFolder, &Client),
    asked: &SyncAsked,
    progress: &dyn Progress,
    cancelled: &AtomicBool,
) -> Result<SyncDone, RecordsError> {
    let chosen = chosen(records, who, asked)?;
    let Some(_alone) = folder.lock_collected()? else {
        return Err(RecordsError::refused(None, Reason::new(ReasonCode::SyncUnderWay).into()));
    };
    progress.stage(Stage::Reading, Some(chosen.len() as u64));
    let mut sources = Vec::new();
    for one in chosen {
        sources.push(look_at(records, who, (folder, client), one, asked, cancelled)?);
        progress.advance(1);
    }
    let built = bring_up_to_date(records, (who, Action::Operate, clock::now()), folder, progress)?;
    progress.stage(Stage::Done, None);
    Ok(SyncDone { sources, built })
}

/// Looks at one source and records what came of it; also that the disk did not take it.
pub(super) fn look_at(
    records: &mut Records,
    who: &Entered,
    (folder, client): (&DataFolder, &Client),
    (id, source, used): (SourceId, Source, Use),
    asked: &SyncAsked,
    cancelled: &AtomicBool,
) -> Result<Synced, RecordsError> {
    let started = clock::now();
    let mut look = Look { folder, client, source: &source, used, cancelled, fetches: Vec::new(), skew: None };
    let seen = match look.look(records, id) {
        Err(RecordsError::App(error)) => Seen::Failed(Failure::Write, vec![("reason", error.to_string())]),
        seen => seen?,
    };
    let reason = asked.reason.clone();
    let by = if asked.scheduled { CheckBy::Schedule } else { CheckBy::Person };
    let made = Made { id, by, started, reason, fetches: look.fetches, skew: look.skew };
    record(records, who, &source, made, seen)
}

/// The clock, the sleep and the chance of this machine.
pub fn surroundings() -> Surroundings {
    Surroundings {
        now: Box::new(clock::now),
        sleep: Box::new(std::thread::sleep),
        // Without randomness all installations wait equally long, which is no fault of this check.
        chance: Box::new(|| {
            random::bytes::<4>().map_or(0.5, |four| f64::from(u32::from_le_bytes(four)) / f64::from(u32::MAX))
        }),
    }
}

fn unusable(error: &SettingsError) -> RecordsError {
    let reason = Reason::new(ReasonCode::SourceReachInvalid).with("value", error.code());
    RecordsError::refused(None, reason.with("reason", error).into())
}

fn chosen(
    records: &Records,
    who: &Entered,
    asked: &SyncAsked,
) -> Result<Vec<(SourceId, Source, Use)>, RecordsError> {
    // Nothing is connected to before it is known that it may be.
    records.look(who, clock::now(), Action::Operate, None, || {
        let mut all = records.all::<Source>()?;
        all.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
        if asked.sources.is_empty() {
            let fetched = |(id, source): (_, Source)| {
                let used = plan::used(source.draft.kind).filter(|_| source.state() == SourceState::Active)?;
                Some((SourceId(id), source, used))
            };
            return Ok(all.into_iter().filter_map(fetched).collect());
        }
        asked.sources.iter().map(|id| named(records, *id)).collect()
    })
}

pub(super) fn named(records: &Records, id: SourceId) -> Result<(SourceId, Source, Use), RecordsError> {
    let source = records.existing::<Source>(id)?;
    let about = Stream::new(Kind::Source, id);
    if source.state() != SourceState::Active {
        let refusal = shindan_domain::step::ended(source.state().term());
        return Err(RecordsError::refused(Some(about), refusal));
    }
    let Some(used) = plan::used(source.draft.kind) else {
        let reason = Reason::new(ReasonCode::SourceKindNotFetched).with("kind", source.draft.kind);
        return Err(RecordsError::refused(Some(about), reason.into()));
    };
    Ok((id, source, used))
}

/// Builds the knowledge base anew if it does not hold what is in force. What ended or is paused stays in it: known weaknesses do not
/// go away because nobody asks any more. `action`: what permitted the step that brought something.
pub(super) fn bring_up_to_date(
    records: &mut Records,
    (who, action, now): (&Entered, Action, Timestamp),
    folder: &DataFolder,
    progress: &dyn Progress,
) -> Result<Option<knowledge::Built>, RecordsError> {
    let mut paths = Vec::new();
    for (_, source) in records.all::<Source>()? {
        if plan::used(source.draft.kind) == Some(Use::Knowledge) {
            paths.extend(files::in_force(folder, &source.draft.name)?);
        }
    }
    paths.sort();
    if paths.is_empty() || knowledge::holds_collected(folder, &paths)? {
        return Ok(None);
    }
    let part = (KeptPart::Knowledge, action);
    let built = kept::keep_as(records, who, &Call::at(now), part, |_| {
        knowledge::build_collected(folder, &paths, now, progress)
    })?;
    Ok(Some(built))
}
