//! Looks at sources: fetches, reads, records, and brings the knowledge base up to date.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use shindan_domain::collect::{
    Alarm, CheckBy, CheckDraft, CheckOutcome, Counts, Failure, FetchMade, Source, SourceCheck, SourceState,
    alarms,
};
use shindan_domain::comparison::KeptPart;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_fetch::{Client, FetchError, Fetched, Request, Settings, SettingsError, Surroundings};

use super::content::{self, Content};
use super::files::{self, Files};
use super::notices::{self, News};
use super::plan::{self, Use, Wanted};
use super::{checks, standing};
use crate::data_folder::DataFolder;
use crate::error::AppError;
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
/// ([`ReasonCode::SourceKindNotFetched`]), and for settings of the network that cannot be used.
pub fn sync(
    records: &mut Records,
    who: &Entered,
    (folder, reach): (&DataFolder, &Reach),
    asked: &SyncAsked,
    progress: &dyn Progress,
    cancelled: &AtomicBool,
) -> Result<SyncDone, RecordsError> {
    let settings =
        Settings { proxy: reach.proxy.clone(), ca_files: reach.ca_files.clone(), ..Settings::default() };
    let client = Client::new(settings, surroundings()).map_err(|error| unusable(&error))?;
    sync_with(records, who, (folder, &client), asked, progress, cancelled)
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
    progress.stage(Stage::Reading, Some(chosen.len() as u64));
    let mut sources = Vec::new();
    for (id, source, used) in chosen {
        let started = clock::now();
        let mut look =
            Look { folder, client, source: &source, used, cancelled, fetches: Vec::new(), skew: None };
        let seen = look.look(records, id)?;
        let reason = asked.reason.clone();
        let made = Made { id, started, reason, fetches: look.fetches, skew: look.skew };
        sources.push(record(records, who, &source, made, seen)?);
        progress.advance(1);
    }
    let built = bring_up_to_date(records, who, folder, progress)?;
    progress.stage(Stage::Done, None);
    Ok(SyncDone { sources, built })
}

/// The clock, the sleep and the chance of this machine.
fn surroundings() -> Surroundings {
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

fn named(records: &Records, id: SourceId) -> Result<(SourceId, Source, Use), RecordsError> {
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

/// What a source told.
enum Seen {
    News(News, Counts),
    Knowledge(u64, Counts),
    Failed(Failure, Vec<(&'static str, String)>),
}

/// Looking at one source.
struct Look<'a> {
    folder: &'a DataFolder,
    client: &'a Client,
    source: &'a Source,
    used: Use,
    cancelled: &'a AtomicBool,
    fetches: Vec<FetchMade>,
    skew: Option<i64>,
}

/// A file that came.
struct Came {
    wanted: Wanted,
    fetched: Fetched,
    bytes: Vec<u8>,
}

impl Look<'_> {
    /// Fetches everything, reads everything, and only then puts it in force.
    fn look(&mut self, records: &Records, id: SourceId) -> Result<Seen, RecordsError> {
        let mut files = Files::of(self.folder, &self.source.draft.name)?;
        let came = match self.fetch_all(&mut files)? {
            Ok(came) => came,
            Err((failure, params)) => return Ok(Seen::Failed(failure, params)),
        };
        match self.used {
            Use::News => self.news(records, id, &mut files, came),
            Use::Knowledge => self.knowledge(&mut files, came),
        }
    }

    fn fetch_all(&mut self, files: &mut Files) -> Result<Result<Vec<Came>, Unseen>, AppError> {
        let mut all = Vec::new();
        for wanted in plan::first(&self.source.draft) {
            let came = match self.fetch(files, wanted)? {
                Ok(came) => came,
                Err(unseen) => return Ok(Err(unseen)),
            };
            if !came.wanted.is_list {
                all.push(came);
                continue;
            }
            let listed = match plan::listed(&came.wanted, &came.bytes) {
                Ok(listed) => listed,
                Err(problem) => {
                    files.forget(&came.wanted.file)?;
                    return Ok(Err(unread(&problem, &came.wanted.url)));
                }
            };
            for wanted in listed {
                match self.fetch(files, wanted)? {
                    Ok(came) => all.push(came),
                    Err(unseen) => return Ok(Err(unseen)),
                }
            }
        }
        Ok(Ok(all))
    }

    fn fetch(&mut self, files: &mut Files, wanted: Wanted) -> Result<Result<Came, Unseen>, AppError> {
        let request = Request {
            url: wanted.url.clone(),
            known: files.known(&wanted.file, &wanted.url),
            partial: Some(files.partial(&wanted.file)),
            ..Request::default()
        };
        let into = files.fetched(&wanted.file);
        let fetched = match self.client.get(&request, &into, &mut |_, _| {}, self.cancelled) {
            Ok(fetched) => fetched,
            Err(error) => {
                self.fetches.push(not_fetched(&wanted.url, &error));
                return Ok(Err((failure(&error), vec![("reason", error.to_string())])));
            }
        };
        self.fetches.push(made(&fetched, &wanted.url));
        self.skew = self.skew.or(fetched.skew_seconds);
        let bytes = std::fs::read(&into).map_err(AppError::io(&into))?;
        if let Some(expected) = wanted.sha256.as_ref().filter(|expected| **expected != fetched.sha256) {
            files.forget(&wanted.file)?;
            let params =
                vec![("file", wanted.file), ("expected", expected.clone()), ("found", fetched.sha256)];
            return Ok(Err((Failure::Checksum, params)));
        }
        Ok(Ok(Came { wanted, fetched, bytes }))
    }

    fn news(
        &mut self,
        records: &Records,
        id: SourceId,
        files: &mut Files,
        came: Vec<Came>,
    ) -> Result<Seen, RecordsError> {
        let mut items = Vec::new();
        let mut counts = Counts { clock_skew_seconds: self.skew, ..Counts::default() };
        for one in &came {
            match content::news(&one.bytes, &one.wanted.url) {
                Ok(read) => {
                    counts.newest = counts.newest.max(read.newest);
                    counts.format.get_or_insert(read.format);
                    items.extend(read.items);
                }
                Err(problem) => {
                    files.forget(&one.wanted.file)?;
                    let (failure, params) = unread(&problem, &one.wanted.url);
                    return Ok(Seen::Failed(failure, params));
                }
            }
        }
        // One item may stand in two lists of a source; the first one counts.
        let mut seen = BTreeSet::new();
        items.retain(|item| seen.insert(item.id.clone()));
        counts.records = Some(items.len() as u64);
        let news = notices::news(records, id, items)?;
        put_in_force(files, came)?;
        Ok(Seen::News(news, counts))
    }

    fn knowledge(&mut self, files: &mut Files, came: Vec<Came>) -> Result<Seen, RecordsError> {
        let mut counts = Counts { records: Some(0), clock_skew_seconds: self.skew, ..Counts::default() };
        let mut fresh = 0;
        for one in &came {
            let read = match content::knowledge(&one.bytes, &one.wanted.file) {
                Ok(read) => read,
                Err(problem) => {
                    files.forget(&one.wanted.file)?;
                    let (failure, params) = unread(&problem, &one.wanted.url);
                    return Ok(Seen::Failed(failure, params));
                }
            };
            let before = files.bytes_in_force(&one.wanted.file)?;
            let same = before.as_ref().is_some_and(|before| *before == one.bytes);
            if !same {
                // What was in force was read when it came; if it cannot be any more, everything counts as new.
                let read_before =
                    before.and_then(|before| content::knowledge(&before, &one.wanted.file).ok());
                fresh += read.new_since(&read_before.unwrap_or_default());
            }
            add(&mut counts, &read);
        }
        put_in_force(files, came)?;
        Ok(Seen::Knowledge(fresh, counts))
    }
}

fn add(counts: &mut Counts, read: &Content) {
    counts.records = counts.records.map(|sum| sum + read.records);
    counts.newest = counts.newest.max(read.newest);
    if counts.format.is_none() {
        counts.format.clone_from(&read.format);
    }
}

fn put_in_force(files: &mut Files, came: Vec<Came>) -> Result<(), AppError> {
    let names: Vec<String> = came.iter().map(|one| one.wanted.file.clone()).collect();
    for Came { wanted, fetched, bytes } in came {
        files.put_in_force(&wanted.file, &wanted.url, &bytes, fetched.validators)?;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    files.keep_only(&names).map(drop)
}

type Unseen = (Failure, Vec<(&'static str, String)>);

/// What came could not be read.
fn unread(problem: &Diagnostic, url: &str) -> Unseen {
    let failure = match problem.code {
        Code::PageInsteadOfData => Failure::Html,
        Code::FeedEmpty | Code::FileEmpty => Failure::Empty,
        Code::FileTooLarge => Failure::TooLarge,
        Code::SourceReportedError => Failure::SourceError,
        _ => Failure::Unreadable,
    };
    (
        failure,
        vec![("reason", problem.code.as_str().to_owned()), ("value", shindan_domain::collect::redacted(url))],
    )
}

fn failure(error: &FetchError) -> Failure {
    match error.code() {
        "timeout" => Failure::Timeout,
        "dns" => Failure::Dns,
        "connect" => Failure::Connect,
        "proxy" => Failure::Proxy,
        "tls" => Failure::Tls,
        "status" => Failure::Status,
        "rate-limited" => Failure::RateLimited,
        "redirect-loop" | "too-many-redirects" => Failure::RedirectLoop,
        "redirect-unreadable" | "redirect-insecure" => Failure::RedirectRefused,
        "too-large" => Failure::TooLarge,
        "cut" | "other-part" => Failure::Cut,
        "html" => Failure::Html,
        "empty" => Failure::Empty,
        "cancelled" => Failure::Cancelled,
        "file" => Failure::Write,
        "protocol" => Failure::Unreadable,
        _ => Failure::AddressRefused,
    }
}

fn made(fetched: &Fetched, url: &str) -> FetchMade {
    FetchMade {
        url: shindan_domain::collect::redacted(url),
        status: Some(fetched.status),
        etag: fetched.validators.etag.clone(),
        // Without a digest the record of the check is refused: it would show no answer.
        sha256: fetched.sha256.parse::<Hash>().ok(),
        bytes: Some(fetched.bytes),
        fetched_at: fetched.fetched_at,
        not_modified: fetched.not_modified,
    }
}

fn not_fetched(url: &str, error: &FetchError) -> FetchMade {
    let status = match error {
        FetchError::Status { status, .. } => Some(*status),
        FetchError::RateLimited { .. } => Some(429),
        _ => None,
    };
    FetchMade {
        url: shindan_domain::collect::redacted(url),
        status,
        etag: None,
        sha256: None,
        bytes: None,
        fetched_at: clock::now(),
        not_modified: false,
    }
}

/// A check as it was made.
struct Made {
    id: SourceId,
    started: Timestamp,
    reason: Option<String>,
    fetches: Vec<FetchMade>,
    skew: Option<i64>,
}

/// Records a check with what it brought, in one act.
fn record(
    records: &mut Records,
    who: &Entered,
    source: &Source,
    made: Made,
    seen: Seen,
) -> Result<Synced, RecordsError> {
    let now = clock::now();
    let (outcome, counts, news) = match seen {
        Seen::News(news, counts) => (told(news.count()), counts, news),
        Seen::Knowledge(fresh, counts) => (told(fresh), counts, News::default()),
        Seen::Failed(failure, params) => {
            let params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let counts = Counts { clock_skew_seconds: made.skew, ..Counts::default() };
            (CheckOutcome::Failed { failure, params }, counts, News::default())
        }
    };
    let by = CheckBy::Person;
    let Made { id, started, reason, fetches, .. } = made;
    let name = source.draft.name.clone();
    let mut draft = CheckDraft {
        source: id,
        name: name.clone(),
        reason,
        by,
        started,
        ended: now,
        outcome,
        fetches,
        by_hand: None,
        counts,
        alarms: Vec::new(),
    };
    let mut history = standing::history(records, id)?;
    let (mut outcome, mut found) = (draft.outcome.clone(), Vec::new());
    let done =
        records.act(who, &Call::at(now), Action::Operate, Some(Stream::new(Kind::Source, id)), |act| {
            checks::looked_at(act, id)?;
            let check = SourceCheckId(act.new_id()?);
            draft.ended = draft.ended.min(act.occurrence.at);
            draft.started = draft.started.min(draft.ended);
            let this = SourceCheck { draft: draft.clone(), recorded_by: who.person(), confirmed: None };
            history.push(this.facts(check));
            draft.alarms = alarms(&history, &source.draft.thresholds, act.occurrence.at);
            (outcome, found) = (draft.outcome.clone(), draft.alarms.clone());
            checks::record(act, check, draft)?;
            news.take_in(act, id, check)?;
            Ok(Stream::new(Kind::SourceCheck, check))
        })?;
    Ok(Synced { source: id, name, check: done.number, outcome, alarms: found })
}

fn told(count: u64) -> CheckOutcome {
    if count == 0 { CheckOutcome::NothingNew } else { CheckOutcome::NewItems { count } }
}

/// Builds the knowledge base anew if it does not hold what is in force. What ended or is paused stays in it: known weaknesses do not
/// go away because nobody asks any more.
fn bring_up_to_date(
    records: &mut Records,
    who: &Entered,
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
    let now = clock::now();
    let built = kept::keep(records, who, &Call::at(now), KeptPart::Knowledge, |_| {
        knowledge::build_collected(folder, &paths, now, progress)
    })?;
    Ok(Some(built))
}
