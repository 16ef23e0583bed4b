//! What a bundle tells of one source: read before it comes into force, as what is fetched is.

use jiff::Timestamp;
use shindan_domain::calendar::day;
use shindan_domain::collect::{
    Carried, CheckOutcome, CheckResult, Counts, Failure, FetchMade, SourceDraft, SourceKind, Thresholds,
};
use shindan_domain::diagnostic::Params;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::SourceId;
use shindan_exchange::bundle::{BundleFile, BundleManifest, BundleSource};

use super::making::digest;
use super::unpacked::Unpacked;
use crate::data_folder::DataFolder;
use crate::records::collect::content::{self, Content};
use crate::records::collect::files::Files;
use crate::records::collect::notices::{self, News};
use crate::records::collect::outcome::outcome_of;
use crate::records::collect::plan::{self, Use};
use crate::records::collect::steps::{Unseen, unread};
use crate::records::{Records, RecordsError};

/// A bundle whose files are known to be what was signed.
pub(super) struct Carrying<'c> {
    pub manifest: &'c BundleManifest,
    pub unpacked: &'c Unpacked,
    pub folder: &'c DataFolder,
    /// When it is taken in.
    pub at: Timestamp,
    /// Its time is over.
    pub expired: bool,
}

/// What is told of a source.
pub(super) struct Told {
    pub source: SourceId,
    pub name: String,
    pub outcome: CheckOutcome,
    pub counts: Counts,
    pub fetches: Vec<FetchMade>,
    pub carried: Carried,
    pub news: News,
    /// Its files come into force.
    pub counts_now: bool,
}

/// What was read of the files of a source.
#[derive(Default)]
struct Read {
    fresh: u64,
    counts: Counts,
    news: News,
}

impl Carrying<'_> {
    /// Reads what is there of a source that is `id` here.
    pub(super) fn of(
        &self,
        records: &Records,
        (id, source): (SourceId, &BundleSource),
    ) -> Result<Told, RecordsError> {
        let whole: Vec<&BundleFile> = self.manifest.whole(&source.name).collect();
        let failed = |failure, params: Vec<(&str, String)>| {
            let params: Params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let outcome = CheckOutcome::Failed { failure, params };
            Told { outcome, ..self.nothing(id, source) }
        };
        if let Some(why) = &source.left_out {
            return Ok(failed(Failure::NotInBundle, vec![("reason", why.clone())]));
        }
        if source.last_check.is_none() || whole.is_empty() {
            let at_the_sender = source.last_check.and_then(|last| last.failure);
            return Ok(failed(at_the_sender.unwrap_or(Failure::NotInBundle), Vec::new()));
        }
        let read = match self.read(records, (id, source), &whole)? {
            Ok(read) => read,
            Err((failure, params)) => return Ok(failed(failure, params)),
        };
        Ok(Told {
            outcome: self.outcome(source, read.fresh),
            counts: read.counts,
            fetches: whole.into_iter().map(|file| self.fetched(file)).collect(),
            news: read.news,
            counts_now: true,
            ..self.nothing(id, source)
        })
    }

    fn nothing(&self, id: SourceId, source: &BundleSource) -> Told {
        Told {
            source: id,
            name: source.name.clone(),
            outcome: CheckOutcome::NothingNew,
            counts: Counts::default(),
            fetches: Vec::new(),
            carried: Carried {
                from: self.manifest.sender.installation,
                sequence: self.manifest.sequence,
                as_of: source.last_good,
                stale: source.stale || self.expired,
            },
            news: News::default(),
            counts_now: false,
        }
    }

    fn fetched(&self, file: &BundleFile) -> FetchMade {
        FetchMade {
            url: file.name(),
            status: None,
            etag: None,
            sha256: Some(file.sha256),
            bytes: Some(file.size),
            fetched_at: self.at,
            not_modified: false,
        }
    }

    /// What failed at the sender's failed. What was not recent there and brings nothing is no *nothing new*.
    fn outcome(&self, source: &BundleSource, fresh: u64) -> CheckOutcome {
        let date = |at: Option<Timestamp>| at.map(|at| ("date".to_owned(), day(at).to_string()));
        let last = source.last_check.filter(|last| last.result == CheckResult::Failed);
        if let Some(last) = last {
            let failure = last.failure.unwrap_or(Failure::NotInBundle);
            return CheckOutcome::Failed { failure, params: date(Some(last.at)).into_iter().collect() };
        }
        if fresh == 0 && (source.stale || self.expired) {
            let params = date(source.last_good).into_iter().collect();
            return CheckOutcome::Failed { failure: Failure::StaleAtSender, params };
        }
        outcome_of(fresh)
    }

    fn read(
        &self,
        records: &Records,
        (id, source): (SourceId, &BundleSource),
        whole: &[&BundleFile],
    ) -> Result<Result<Read, Unseen>, RecordsError> {
        let files = Files::of(self.folder, &source.name)?;
        for file in whole {
            if let Some(unseen) = self.misses(file)? {
                return Ok(Err(unseen));
            }
        }
        match plan::used(source.kind) {
            Some(Use::News) => self.news(records, (id, source.kind), (&files, whole)),
            Some(Use::Knowledge) => self.knowledge(source, (&files, whole)),
            None => {
                let reason = ReasonCode::SourceKindNotFetched.as_str().to_owned();
                Ok(Err((Failure::Unreadable, vec![("reason", reason)])))
            }
        }
    }

    /// A file that did not change at the sender's, and that is not here or is another one.
    fn misses(&self, file: &BundleFile) -> Result<Option<Unseen>, RecordsError> {
        if self.unpacked.holds(&file.name()) {
            return Ok(None);
        }
        let path = self.folder.collected().join(&file.source).join(&file.path);
        if path.is_file() && digest(&path)? == (file.sha256, file.size) {
            return Ok(None);
        }
        let reason = ReasonCode::BundleNeedsFull.as_str().to_owned();
        Ok(Some((Failure::Incomplete, vec![("file", file.name()), ("reason", reason)])))
    }

    fn news(
        &self,
        records: &Records,
        (id, kind): (SourceId, SourceKind),
        (files, whole): (&Files, &[&BundleFile]),
    ) -> Result<Result<Read, Unseen>, RecordsError> {
        let mut items = Vec::new();
        let mut counts = Counts::default();
        for file in whole {
            let bytes = match self.unpacked.bytes(&file.name())? {
                Some(bytes) => bytes,
                None => files.bytes_in_force(&file.path)?.unwrap_or_default(),
            };
            match content::news(&bytes, &file.name(), kind) {
                Ok(read) => {
                    counts.newest = counts.newest.max(read.newest);
                    counts.format.get_or_insert(read.format);
                    items.extend(read.items);
                }
                Err(problem) => return Ok(Err(unread(&problem, &file.name()))),
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        items.retain(|item| seen.insert(item.id.clone()));
        counts.records = Some(items.len() as u64);
        let news = notices::news(records, id, items)?;
        Ok(Ok(Read { fresh: news.count(), counts, news }))
    }

    fn knowledge(
        &self,
        source: &BundleSource,
        (files, whole): (&Files, &[&BundleFile]),
    ) -> Result<Result<Read, Unseen>, RecordsError> {
        let mut read = Read { counts: Counts { records: Some(0), ..Counts::default() }, ..Read::default() };
        let mut is_part = false;
        for file in whole {
            let Some(bytes) = self.unpacked.bytes(&file.name())? else {
                is_part = true;
                continue;
            };
            let now = match content::knowledge(&bytes, &file.path) {
                Ok(now) => now,
                Err(problem) => return Ok(Err(unread(&problem, &file.name()))),
            };
            read.fresh += fresh(files, file, &bytes, &now)?;
            read.counts.records = read.counts.records.map(|sum| sum + now.records);
            read.counts.newest = read.counts.newest.max(now.newest);
            read.counts.format = read.counts.format.take().or(now.format);
        }
        if is_part {
            // What did not change is not read again; the sender counted all of it.
            read.counts.records = source.records;
            read.counts.newest = source.newest;
        }
        Ok(Ok(read))
    }
}

/// How many records are new, compared with the file in force.
fn fresh(files: &Files, file: &BundleFile, bytes: &[u8], now: &Content) -> Result<u64, RecordsError> {
    let before = files.bytes_in_force(&file.path)?;
    if before.as_deref() == Some(bytes) {
        return Ok(0);
    }
    // What was in force was read when it came; if it cannot be any more, everything counts as new.
    let before = before.and_then(|before| content::knowledge(&before, &file.path).ok());
    Ok(now.new_since(&before.unwrap_or_default()))
}

/// A source that only the sender has, as it is added here.
pub(super) fn draft(source: &BundleSource, like: Option<&SourceDraft>) -> SourceDraft {
    // What nobody set here is as the program proposes it for the source, else as for one that is added by hand.
    let like = like.cloned();
    SourceDraft {
        name: source.name.clone(),
        title: source.title.clone(),
        kind: source.kind,
        addresses: source.addresses.clone(),
        interval_hours: source.interval_hours,
        responsible: None,
        reminder_days: like.as_ref().map_or(SourceDraft::REMINDER_DAYS, |like| like.reminder_days),
        confirm_days: like.as_ref().map_or(SourceDraft::CONFIRM_DAYS, |like| like.confirm_days),
        thresholds: like.map_or(Thresholds::USUAL, |like| like.thresholds),
        licence: source.licence.clone(),
        may_leave_out: source.may_leave_out,
    }
}
