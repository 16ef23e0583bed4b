//! Looks at sources: fetches, reads, records, and brings the knowledge base up to date.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use shindan_domain::collect::{CheckBy, Failure, Source, SourceState};
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::SourceId;
use shindan_fetch::{Client, Settings, SettingsError, Surroundings};

use super::files;
use super::look::Look;
use super::outcome::{Made, Seen, record};
use super::plan::{self, Use};
use super::steps;
use crate::data_folder::DataFolder;
use crate::progress::{Progress, Stage};
use crate::records::{Call, Entered, Records, RecordsError, kept, random};
use crate::{clock, knowledge};

pub use super::outcome::Synced;

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
    /// A file that holds nothing but the API key of NVD. The key is read when it is needed and stands in no record.
    pub nvd_key_file: Option<PathBuf>,
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
    let settings = Settings {
        proxy: reach.proxy.clone(),
        ca_files: reach.ca_files.clone(),
        keys: keys(reach)?,
        ..Settings::default()
    };
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
        sources.push(look_at(records, who, (folder, client), one, asked, (progress, cancelled))?);
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
    (id, source): (SourceId, Source),
    asked: &SyncAsked,
    (progress, cancelled): (&dyn Progress, &AtomicBool),
) -> Result<Synced, RecordsError> {
    let started = clock::now();
    let mut look =
        Look { folder, client, source: &source, cancelled, progress, fetches: Vec::new(), skew: None };
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

/// The keys of sources by the names that their steps use.
fn keys(reach: &Reach) -> Result<BTreeMap<&'static str, (&'static str, String)>, RecordsError> {
    let Some(path) = &reach.nvd_key_file else { return Ok(BTreeMap::new()) };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let reason = Reason::new(ReasonCode::SourceReachInvalid).with("value", path.display());
        RecordsError::refused(None, reason.with("reason", error).into())
    })?;
    Ok(BTreeMap::from([(steps::nvd::KEY, ("apiKey", text.trim().to_owned()))]))
}

fn unusable(error: &SettingsError) -> RecordsError {
    let reason = Reason::new(ReasonCode::SourceReachInvalid).with("value", error.code());
    RecordsError::refused(None, reason.with("reason", error).into())
}

fn chosen(
    records: &Records,
    who: &Entered,
    asked: &SyncAsked,
) -> Result<Vec<(SourceId, Source)>, RecordsError> {
    // Nothing is connected to before it is known that it may be.
    records.look(who, clock::now(), Action::Operate, None, || {
        let mut all = records.all::<Source>()?;
        all.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
        if asked.sources.is_empty() {
            let fetched = |(id, source): (_, Source)| {
                let looked_at =
                    plan::used(source.draft.kind).is_some() && source.state() == SourceState::Active;
                looked_at.then_some((SourceId(id), source))
            };
            return Ok(all.into_iter().filter_map(fetched).collect());
        }
        asked.sources.iter().map(|id| named(records, *id)).collect()
    })
}

pub(super) fn named(records: &Records, id: SourceId) -> Result<(SourceId, Source), RecordsError> {
    let source = records.existing::<Source>(id)?;
    let about = Stream::new(Kind::Source, id);
    let refusal = match source.state() {
        SourceState::Active => None,
        SourceState::Paused => Some(Refusal::new(ReasonCode::SourcePaused)),
        SourceState::Ended => Some(shindan_domain::step::ended(source.state().term())),
    };
    if let Some(refusal) = refusal {
        return Err(RecordsError::refused(Some(about), refusal));
    }
    if plan::used(source.draft.kind).is_none() {
        let reason = Reason::new(ReasonCode::SourceKindNotFetched).with("kind", source.draft.kind);
        return Err(RecordsError::refused(Some(about), reason.into()));
    }
    Ok((id, source))
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
