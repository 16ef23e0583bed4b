//! Looks at one source: fetches everything, reads everything, and only then puts it in force.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use shindan_domain::collect::{Counts, Failure, FetchMade, Source, SourceKind};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::SourceId;
use shindan_fetch::{Client, FetchError, Fetched, Request};
use shindan_formats::collect::FeedItem;

use super::content::{self, Content};
use super::files::{Files, Position};
use super::notices;
use super::outcome::Seen;
use super::steps::{self, Remains, Rest, Role, Steps, Unseen, Wanted, unread};
use crate::clock;
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::progress::Progress;
use crate::records::{Records, RecordsError};

/// Files of one look at most, and the bytes of them: what goes beyond is asked for next time, and this look is recorded as incomplete.
const MOST_FILES: usize = 6_000;
const MOST_BYTES: u64 = 16 << 30;

/// Looking at one source.
pub(super) struct Look<'a> {
    pub folder: &'a DataFolder,
    pub client: &'a Client,
    pub source: &'a Source,
    pub cancelled: &'a AtomicBool,
    pub progress: &'a dyn Progress,
    pub fetches: Vec<FetchMade>,
    pub skew: Option<i64>,
}

/// A file that came. Its bytes are on the disk: a source may have more of them than there is memory.
struct Came {
    wanted: Wanted,
    fetched: Fetched,
}

/// What came, by the names of files.
type All = BTreeMap<String, Came>;

impl Look<'_> {
    /// Fetches everything, reads everything, and only then puts it in force.
    pub(super) fn look(&mut self, records: &Records, id: SourceId) -> Result<Seen, RecordsError> {
        let mut files = Files::of(self.folder, &self.source.draft.name)?;
        let position = files.position(&self.source.draft.addresses);
        let newest = position.as_ref().and_then(|position| position.newest);
        let Some(mut steps) = steps::of(&self.source.draft, position, clock::now()) else {
            return Ok(Seen::Failed(Failure::Defect, Vec::new()));
        };
        let mut all = All::new();
        let wrong = self.fetch_all(&mut files, steps.as_mut(), &mut all)?;
        let taken = Taken::new(self.skew, newest);
        let seen = match wrong {
            Some(unseen) if !steps.in_parts() => Err(unseen),
            wrong => self.take_in(&mut files, steps.as_mut(), &mut all, (taken, wrong))?,
        };
        match seen {
            Ok((taken, told)) => {
                let news = notices::news(records, id, taken.items)?;
                Ok(Seen::Came { news, fresh: taken.fresh, counts: taken.counts, told })
            }
            Err((failure, params)) => {
                if steps.asks_for_changes() {
                    all.keys().try_for_each(|file| files.discard(file))?;
                }
                Ok(Seen::Failed(failure, params))
            }
        }
    }

    /// Reads what came and puts it in force. What was wrong while it came matters only where documents stand for themselves: those
    /// that are right are used, and it is told all the same.
    fn take_in(
        &self,
        files: &mut Files,
        steps: &mut dyn Steps,
        all: &mut All,
        (mut taken, wrong): (Taken, Option<Unseen>),
    ) -> Result<Result<(Taken, Vec<Diagnostic>), Unseen>, AppError> {
        let refused = self.read_all(files, steps, all, &mut taken)?;
        let wrong = match wrong.or(refused) {
            Some(unseen) if !steps.in_parts() => return Ok(Err(unseen)),
            wrong => wrong,
        };
        let rest = match steps.end() {
            Ok(rest) => rest,
            Err(unseen) => return Ok(Err(wrong.unwrap_or(unseen))),
        };
        let told = self.put_in_force(files, steps, all, rest, &mut taken)?;
        Ok(wrong.map_or(Ok((taken, told)), Err))
    }

    /// Fetches one file after another. What is wrong ends it, but for single documents that stand for themselves: they are passed
    /// over, and what was wrong first is told at the end.
    fn fetch_all(
        &mut self,
        files: &mut Files,
        steps: &mut dyn Steps,
        all: &mut All,
    ) -> Result<Option<Unseen>, AppError> {
        let mut wrong = None;
        let mut bytes = 0;
        let mut queue = VecDeque::from(steps.first());
        while let Some(wanted) = queue.pop_front() {
            if self.fetches.len() >= MOST_FILES || bytes > MOST_BYTES {
                let limit = if bytes > MOST_BYTES { MOST_BYTES } else { MOST_FILES as u64 };
                let params = vec![("reason", "list-too-long".to_owned()), ("limit", limit.to_string())];
                return Ok(wrong.or(Some((Failure::Incomplete, params))));
            }
            let came = match self.fetch(files, steps, wanted.clone())? {
                Ok((came, read)) => steps.came(&wanted, &read).map(|step| (came, step)),
                Err(unseen) => Err(unseen),
            };
            // What came and is not what it should be: the source is not asked next time whether *that* changed.
            if came.is_err() && self.fetches.last().is_some_and(|fetch| fetch.sha256.is_some()) {
                files.forget(&wanted.file)?;
            }
            match came {
                Ok((came, step)) => {
                    bytes += came.fetched.bytes;
                    step.next.into_iter().rev().for_each(|next| queue.push_front(next));
                    if let Some(inner) = step.in_place {
                        let path = files.fetched(&came.wanted.file);
                        std::fs::write(&path, inner).map_err(AppError::io(&path))?;
                    }
                    if came.wanted.role != Role::List && !step.says_nothing {
                        all.insert(came.wanted.file.clone(), came);
                    }
                    for file in step.dropped {
                        all.remove(&file);
                        files.discard(&file)?;
                    }
                }
                Err(unseen) => {
                    if !steps.in_parts()
                        || wanted.role == Role::List && !steps.passes_over(&wanted)
                        || ends(unseen.0)
                    {
                        return Ok(wrong.or(Some(unseen)));
                    }
                    steps.unreadable(&wanted.file);
                    wrong = wrong.or(Some(unseen));
                }
            }
        }
        Ok(wrong)
    }

    fn fetch(
        &mut self,
        files: &Files,
        steps: &dyn Steps,
        wanted: Wanted,
    ) -> Result<Result<(Came, Vec<u8>), Unseen>, AppError> {
        let manners = steps.manners();
        let request = Request {
            url: wanted.url.clone(),
            known: files.known(&wanted.file, &wanted.url),
            partial: (!manners.in_one_go).then(|| files.partial(&wanted.file)),
            key: manners.key,
            pause: manners.pause,
            busy: manners.busy,
            ..Request::default()
        };
        let into = files.fetched(&wanted.file);
        let mut coming = |bytes, total| self.progress.fetching(&self.source.draft.name, bytes, total);
        let fetched = match self.client.get(&request, &into, &mut coming, self.cancelled) {
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
            let params =
                vec![("file", wanted.file), ("expected", expected.clone()), ("found", fetched.sha256)];
            return Ok(Err((Failure::Checksum, params)));
        }
        Ok(Ok((Came { wanted, fetched }, bytes)))
    }

    /// Reads what came, a file at a time. What cannot be read does not count, and is asked for again.
    fn read_all(
        &self,
        files: &mut Files,
        steps: &mut dyn Steps,
        all: &mut All,
        taken: &mut Taken,
    ) -> Result<Option<Unseen>, AppError> {
        let mut wrong = None;
        let names: Vec<String> = all.keys().cloned().collect();
        for name in names {
            let Some(came) = all.get(&name) else { continue };
            let path = files.fetched(&name);
            let bytes = std::fs::read(&path).map_err(AppError::io(&path))?;
            let read = match came.wanted.role {
                Role::News => taken.news(&bytes, &came.wanted, self.source.draft.kind),
                _ => match content::knowledge(&bytes, &name) {
                    Ok(read) if steps.asks_for_changes() => {
                        taken.add(&read);
                        taken.advisories.extend(read.advisories);
                        Ok(())
                    }
                    Ok(read) => {
                        taken.fresh += since_before(files, &name, &bytes, &read)?;
                        taken.add(&read);
                        Ok(())
                    }
                    Err(problem) => Err(problem),
                },
            };
            if let Err(problem) = read {
                let unseen = unread(&problem, &came.wanted.url);
                all.remove(&name);
                files.forget(&name)?;
                steps.unreadable(&name);
                wrong = wrong.or(Some(unseen));
                if !steps.in_parts() {
                    return Ok(wrong);
                }
            }
        }
        taken.fresh += content::new_beside(self.folder, &taken.advisories)?;
        // One item may stand in two lists of a source; the first one counts.
        let mut seen = BTreeSet::new();
        taken.items.retain(|item| seen.insert(item.id.clone()));
        Ok(wrong)
    }

    /// Puts what was read in force, takes out what does not remain, and notes where the next look goes on.
    fn put_in_force(
        &self,
        files: &mut Files,
        steps: &dyn Steps,
        all: &mut All,
        rest: Rest,
        taken: &mut Taken,
    ) -> Result<Vec<Diagnostic>, AppError> {
        let mut names: BTreeSet<String> = all.keys().cloned().collect();
        for (name, came) in std::mem::take(all) {
            if steps.asks_for_changes() {
                files.move_in_force(&name)?;
                continue;
            }
            let path = files.fetched(&name);
            let bytes = std::fs::read(&path).map_err(AppError::io(&path))?;
            files.put_in_force(&name, &came.wanted.url, &bytes, came.fetched.validators)?;
        }
        if let Remains::AllBut(gone) = &rest.remains {
            let stays = files.names_in_force()?.into_iter().filter(|name| !gone.contains(name));
            names.extend(stays);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        files.keep_only(&names)?;
        if steps.asks_for_changes() {
            taken.counts.records = rest.records;
            taken.counts.changes_only = true;
        } else if taken.counts.records.is_none() {
            taken.counts.records = Some(taken.items.len() as u64);
        }
        let newest = taken.counts.newest;
        files.go_on_at(rest.position.map(|position| Position { newest, ..position }))?;
        Ok(rest.told)
    }
}

/// How many records are new in a file, compared with the file that it takes the place of.
fn since_before(files: &Files, name: &str, bytes: &[u8], read: &Content) -> Result<u64, AppError> {
    let before = files.bytes_in_force(name)?;
    if before.as_deref() == Some(bytes) {
        return Ok(0);
    }
    // What was in force was read when it came; if it cannot be any more, everything counts as new.
    let before = before.and_then(|before| content::knowledge(&before, name).ok());
    Ok(read.new_since(&before.unwrap_or_default()))
}

/// What was read.
struct Taken {
    items: Vec<FeedItem>,
    /// Of a source that is asked for changes: identifiers, and what tells an advisory from its former self.
    advisories: Vec<(String, u64)>,
    fresh: u64,
    counts: Counts,
}

impl Taken {
    fn new(skew: Option<i64>, newest: Option<Timestamp>) -> Taken {
        let counts = Counts { clock_skew_seconds: skew, newest, ..Counts::default() };
        Taken { items: Vec::new(), advisories: Vec::new(), fresh: 0, counts }
    }

    fn news(&mut self, bytes: &[u8], wanted: &Wanted, kind: SourceKind) -> Result<(), Diagnostic> {
        let read = content::news(bytes, &wanted.url, kind)?;
        self.counts.newest = self.counts.newest.max(read.newest);
        self.counts.format.get_or_insert(read.format);
        self.items.extend(read.items);
        Ok(())
    }

    fn add(&mut self, read: &Content) {
        self.counts.records = Some(self.counts.records.unwrap_or(0) + read.records);
        self.counts.newest = self.counts.newest.max(read.newest);
        if self.counts.format.is_none() {
            self.counts.format.clone_from(&read.format);
        }
    }
}

/// After these, nothing else of the source is asked for.
fn ends(failure: Failure) -> bool {
    !matches!(
        failure,
        Failure::Status
            | Failure::Checksum
            | Failure::Signature
            | Failure::Unreadable
            | Failure::Html
            | Failure::Empty
            | Failure::TooLarge
            | Failure::AddressRefused
            | Failure::Incomplete
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
