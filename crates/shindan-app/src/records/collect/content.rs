//! What a file of a source holds: read before it comes into force, and compared with the one before.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher};

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_formats::collect::{Emptiness, FeedItem, feed};
use shindan_formats::limits::Limits;

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
}

impl Content {
    /// How many records are new or changed, compared with what was there before.
    pub(super) fn new_since(&self, before: &Content) -> u64 {
        self.prints.difference(&before.prints).count() as u64
    }
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
        content.prints.extend(reading.advisories.iter().map(print));
        content.prints.extend(reading.enrichments.iter().map(print));
        let error = reading.diagnostics.into_iter().find(|one| one.severity() == Severity::Error);
        wrong = wrong.or(error);
    }
    match wrong {
        Some(problem) if content.records == 0 => Err(problem),
        _ => Ok(content),
    }
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
/// What is wrong with it; a list without items is wrong, because these sources always have some.
pub(super) fn news(bytes: &[u8], name: &str) -> Result<News, Diagnostic> {
    let read = feed::read(bytes, name, Emptiness::NeverEmpty, &Limits::DEFAULT)?;
    let dates = read.items.iter().flat_map(|item| [item.published, item.updated]).flatten();
    let newest = dates.max();
    Ok(News { newest, format: format!("{:?}", read.kind).to_lowercase(), items: read.items })
}
