//! Files of sightings: read and kept, and read again from what was kept.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::Hash;
use shindan_domain::process::{Occurrence, Reason, ReasonCode};
use shindan_domain::sighting::{IpRange, ReadFile, Sight, SightingImport, SightingReport, Watch};
use shindan_formats::limits::Limits;
use shindan_formats::sighting;

use super::in_past;
use crate::error::AppError;
use crate::records::{DOCUMENT_LIMIT, Records, RecordsError};

/// What the person says about files.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub network: Option<String>,
    pub ranges: Vec<IpRange>,
    pub at: Option<Timestamp>,
}

/// A file with what stands in it.
#[derive(Debug)]
pub(super) struct File {
    /// Where it lies; `None` once it is kept.
    path: Option<PathBuf>,
    pub sha256: Hash,
    pub report: SightingReport,
    network: Option<String>,
    ranges: Vec<IpRange>,
    pub taken: Timestamp,
    dated: bool,
}

/// Reads files, each content once. All that cannot be read is told together.
pub(super) fn read(paths: &[PathBuf], taken: &Taken, by: &Occurrence) -> Result<Vec<File>, RecordsError> {
    let mut files: Vec<File> = Vec::new();
    let mut unreadable = Vec::new();
    for path in paths {
        let bytes = bytes(path)?;
        let sha256 = Hash::of(&bytes);
        if files.iter().any(|file| file.sha256 == sha256) {
            continue;
        }
        match sighting::read(&bytes, &path.display().to_string(), &limits()) {
            Ok(report) => files.push(file(path, sha256, report, taken, by)?),
            Err(diagnostics) => unreadable.extend(diagnostics),
        }
    }
    if unreadable.is_empty() { Ok(files) } else { Err(AppError::FilesUnreadable(unreadable).into()) }
}

fn limits() -> Limits {
    Limits { file_size: DOCUMENT_LIMIT, ..Limits::DEFAULT }
}

fn bytes(path: &Path) -> Result<Vec<u8>, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that the reader sees that it is too large.
    fs::File::open(path)
        .map_err(unreadable)?
        .take(DOCUMENT_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

fn file(
    path: &Path,
    sha256: Hash,
    report: SightingReport,
    taken: &Taken,
    by: &Occurrence,
) -> Result<File, RecordsError> {
    let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = report.taken_at;
    let Some(at) = own.or(taken.at).or_else(|| all_dated(&report)) else {
        let reason = Reason::new(ReasonCode::SightingTakenMissing).with("file", name());
        return Err(RecordsError::refused(None, reason.into()));
    };
    in_past(at, by)?;
    let mut ranges = report.ranges.clone();
    ranges.extend(&taken.ranges);
    ranges.sort();
    ranges.dedup();
    Ok(File {
        path: Some(path.to_owned()),
        sha256,
        network: taken.network.clone(),
        ranges,
        taken: at,
        dated: own.is_some(),
        report,
    })
}

/// The last time in a file in which each line has its own.
fn all_dated(report: &SightingReport) -> Option<Timestamp> {
    let times: Option<Vec<Timestamp>> = report.observed.iter().map(|observed| observed.seen_at).collect();
    times?.into_iter().max()
}

impl File {
    /// What was seen and when. A clock that goes ahead does not make anything seen in the future.
    pub fn sights(&self, now: Timestamp) -> impl Iterator<Item = Sight<'_>> {
        self.report.observed.iter().map(move |observed| Sight {
            observed,
            at: observed.seen_at.unwrap_or(self.taken).min(now),
            network: self.network.as_deref(),
        })
    }

    pub fn watch(&self) -> Watch {
        let (network, ranges) = (self.network.clone(), self.ranges.clone());
        Watch { network, ranges, shows: self.report.shows(), at: self.taken }
    }

    /// Keeps the file.
    pub fn kept(&self, records: &Records, at: Timestamp) -> Result<ReadFile, RecordsError> {
        let path =
            self.path.as_deref().ok_or_else(|| RecordsError::Stored("a file without a path".to_owned()))?;
        let document: Document = records.take_in(path, at)?;
        if document.sha256 != self.sha256 {
            return Err(RecordsError::unreadable(path, &"it changed while it was read"));
        }
        let skipped = self.report.skipped;
        Ok(ReadFile {
            document,
            format: self.report.format,
            taken: self.taken,
            dated: self.dated,
            observed: self.report.observed.len() as u64,
            skipped: skipped.groups + skipped.incomplete + skipped.ended + skipped.own,
            unreadable: self.report.unreadable() as u64,
            ranges: self.ranges.clone(),
            shows: self.report.shows(),
        })
    }
}

/// When and where the files of an import looked.
pub(super) fn watches(import: &SightingImport) -> impl Iterator<Item = Watch> {
    import.files.iter().map(|file| Watch {
        network: import.network.clone(),
        ranges: file.ranges.clone(),
        shows: file.shows.clone(),
        at: file.taken,
    })
}

/// The files of an import, read again from what was kept.
pub(super) fn again(records: &Records, import: &SightingImport) -> Result<Vec<File>, RecordsError> {
    let mut files = Vec::new();
    for read in &import.files {
        let document = &read.document;
        let unreadable =
            |error: &dyn std::fmt::Display| RecordsError::unreadable(Path::new(&document.name), error);
        let mut bytes = Vec::new();
        let mut kept = records.store().open_document(&document.sha256)?;
        kept.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        let report = sighting::read(&bytes, &document.name, &limits()).map_err(AppError::FilesUnreadable)?;
        files.push(File {
            path: None,
            sha256: document.sha256,
            report,
            network: import.network.clone(),
            ranges: read.ranges.clone(),
            taken: read.taken,
            dated: read.dated,
        });
    }
    Ok(files)
}
