//! Looks at one source: fetches everything, reads everything, and only then puts it in force.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use shindan_domain::collect::{Counts, Failure, FetchMade, Source};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::SourceId;
use shindan_fetch::{Client, FetchError, Fetched, Request};

use super::content::{self, Content};
use super::files::Files;
use super::notices;
use super::outcome::Seen;
use super::plan::{self, Use, Wanted};
use crate::clock;
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::records::{Records, RecordsError};

/// Looking at one source.
pub(super) struct Look<'a> {
    pub folder: &'a DataFolder,
    pub client: &'a Client,
    pub source: &'a Source,
    pub used: Use,
    pub cancelled: &'a AtomicBool,
    pub fetches: Vec<FetchMade>,
    pub skew: Option<i64>,
}

/// A file that came.
struct Came {
    wanted: Wanted,
    fetched: Fetched,
    bytes: Vec<u8>,
}

impl Look<'_> {
    /// Fetches everything, reads everything, and only then puts it in force.
    pub(super) fn look(&mut self, records: &Records, id: SourceId) -> Result<Seen, RecordsError> {
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

pub(super) type Unseen = (Failure, Vec<(&'static str, String)>);

/// What came could not be read.
pub(super) fn unread(problem: &Diagnostic, url: &str) -> Unseen {
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
