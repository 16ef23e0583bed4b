//! What a file of a source holds: read before it comes into force, and compared with the one before.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher};

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::advisory::Advisory;
use shindan_domain::collect::SourceKind;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_formats::collect::{Emptiness, FeedItem, feed, myjvn_list};
use shindan_formats::limits::Limits;
use shindan_match::index::layout::IndexError;

use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::ingest;

/// Records for the knowledge base.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// How many.
    pub records: u64,
    /// The newest date.
    pub newest: Option<Timestamp>,
    /// As what it was recognised.
    pub format: Option<String>,
    /// What tells a record from any other and from its former self.
    prints: BTreeSet<u64>,
    /// The advisories: identifier and what tells one from its former self.
    pub advisories: Vec<(String, u64)>,
}

impl Content {
    /// How many records are new or changed, compared with what was there before.
    pub(super) fn new_since(&self, before: &Content) -> u64 {
        self.prints.difference(&before.prints).count() as u64
    }
}

/// How many of these advisories are new or changed, compared with the knowledge base, which holds all files of the source.
///
/// # Errors
/// [`AppError::Index`] if the knowledge base is damaged.
pub(super) fn new_beside(folder: &DataFolder, advisories: &[(String, u64)]) -> Result<u64, AppError> {
    if advisories.is_empty() || folder.current()?.is_none() {
        return Ok(advisories.len() as u64);
    }
    let mapped = folder.map()?;
    let (index, _) = mapped.open()?;
    let known = |(id, own): &(String, u64)| -> Result<bool, IndexError> {
        for number in index.find(id)?.into_iter().flat_map(|found| found.advisories) {
            if index.advisory_head(number)?.id.eq_ignore_ascii_case(id)
                && print_of(index.advisory(number)?) == *own
            {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let mut fresh = 0;
    for one in advisories {
        fresh += u64::from(!known(one).map_err(|error| mapped.error(error))?);
    }
    Ok(fresh)
}

/// Reads advisories and rows.
///
/// # Errors
/// The first thing that is wrong with a file of which nothing can be read, or with one single document that is refused.
pub(super) fn knowledge(bytes: &[u8], name: &str) -> Result<Content, Diagnostic> {
    let mut content = Content::default();
    let mut wrong = None;
    for reading in ingest::readings(bytes, name, &Limits::DEFAULT) {
        content.records += (reading.advisories.len() + reading.enrichments.len()) as u64;
        content.newest = content.newest.max(reading.newest);
        content.format = content.format.or_else(|| reading.format.map(|one| one.as_str().to_owned()));
        for advisory in reading.advisories {
            let (id, print) = (advisory.id.clone(), print_of(advisory));
            content.prints.insert(print);
            content.advisories.push((id, print));
        }
        content.prints.extend(reading.enrichments.iter().map(print));
        let error = reading.diagnostics.into_iter().find(|one| one.severity() == Severity::Error);
        wrong = wrong.or(error);
    }
    match wrong {
        Some(problem) if content.records == 0 => Err(problem),
        _ => Ok(content),
    }
}

/// What an advisory says, wherever it stands: the next list has it at another place.
fn print_of(advisory: Advisory) -> u64 {
    print(&Advisory { document: 0, pointer: Default::default(), ..advisory })
}

/// Only compared within one run of the program; equal records give equal prints.
fn print(record: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    // A record that cannot be written as JSON would count as new each time: told too often is no harm.
    serde_json::to_string(record).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

/// A list of news.
#[derive(Debug)]
pub(super) struct News {
    /// Its items.
    pub items: Vec<FeedItem>,
    /// The newest date.
    pub newest: Option<Timestamp>,
    /// As what it was recognised.
    pub format: String,
}

/// Reads a list of news.
///
/// # Errors
/// What is wrong with it; a list without items is wrong, because these sources always have some, but for lists of what changed.
pub(super) fn news(bytes: &[u8], name: &str, kind: SourceKind) -> Result<News, Diagnostic> {
    if kind == SourceKind::MyjvnOka {
        let read = myjvn_list::alerts(bytes, name, &Limits::DEFAULT)?;
        return Ok(News { newest: newest(&read.items), format: "myjvn".to_owned(), items: read.items });
    }
    let read = feed::read(bytes, name, Emptiness::NeverEmpty, &Limits::DEFAULT)?;
    let format = format!("{:?}", read.kind).to_lowercase();
    Ok(News { newest: newest(&read.items), format, items: read.items })
}

fn newest(items: &[FeedItem]) -> Option<Timestamp> {
    items.iter().flat_map(|item| [item.published, item.updated]).flatten().max()
}
