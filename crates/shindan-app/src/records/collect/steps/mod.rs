//! What is asked of a source, one step after another: what came tells what is asked next.
//!
//! ```text
//! first ─► a file comes ─► Steps::came ─► next files ─► … ─► Steps::end: what stays in force
//! ```
//!
//! A step never says that there is nothing where something should be: a page that does not follow the one before, a document whose
//! digest or signature is missing, a list that names nothing are failures.

mod csaf;
mod cve_list;
mod myjvn;
pub(super) mod nvd;
mod whole;

use std::time::Duration;

use jiff::Timestamp;
use shindan_domain::collect::{Failure, SourceDraft, SourceKind};
use shindan_domain::diagnostic::{Code, Diagnostic};

use super::files::Position;

/// Why nothing can be said about a source, with particulars.
pub(super) type Unseen = (Failure, Vec<(&'static str, String)>);

/// What a file of a source is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It tells what is asked next, or proves another one; it does not come into force.
    List,
    /// Its items are notices.
    News,
    /// It goes into the knowledge base.
    Knowledge,
}

/// A file that is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// From where.
    pub url: String,
    /// Under which name it is kept.
    pub file: String,
    /// The digest that the source publishes for it, 64 digits in lower case.
    pub sha256: Option<String>,
    /// What it is for.
    pub role: Role,
}

/// What follows from a file that came.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// What is asked next, before everything that was to be asked already.
    pub next: Vec<Wanted>,
    /// Files that came and do not count any more.
    pub dropped: Vec<String>,
    /// The file says nothing that is to be kept.
    pub says_nothing: bool,
    /// What is kept in place of what came: the inner one of two archives.
    pub in_place: Option<Vec<u8>>,
}

impl Step {
    /// These are asked next.
    pub(super) fn then(next: Vec<Wanted>) -> Step {
        Step { next, ..Step::default() }
    }
}

/// What stays in force beside what came.
#[derive(Debug, Default)]
pub(super) enum Remains {
    /// Nothing: what came is the whole source.
    #[default]
    Nothing,
    /// What was in force, but for these files.
    AllBut(Vec<String>),
}

/// What came of all steps.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// What stays in force.
    pub remains: Remains,
    /// Where the next look goes on; `None`: it asks for everything anew.
    pub position: Option<Position>,
    /// How many records the whole source has, where the source or its list says.
    pub records: Option<u64>,
    /// What a person should know although the look did not fail.
    pub told: Vec<Diagnostic>,
}

/// How a source wants to be asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Manners {
    /// Between two requests at least.
    pub pause: Duration,
    /// Statuses by which it says *not so fast*.
    pub busy: &'static [u16],
    /// The key that is sent if there is one.
    pub key: Option<&'static str>,
    /// Its files have new names each time: one that was cut is not taken up by a later look.
    pub in_one_go: bool,
}

/// The steps of looking at one source once.
pub(super) trait Steps {
    /// What is asked first.
    fn first(&mut self) -> Vec<Wanted>;

    /// What follows from a file that came.
    ///
    /// # Errors
    /// It is not what it should be.
    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen>;

    /// What came of all that was asked. After a failure it is asked only of steps [in parts](Steps::in_parts).
    ///
    /// # Errors
    /// Something is missing.
    fn end(&mut self) -> Result<Rest, Unseen>;

    /// How the source wants to be asked.
    fn manners(&self) -> Manners {
        Manners::default()
    }

    /// Only what changed is asked for: sizes tell nothing about the source, and nothing is asked twice under one name.
    fn asks_for_changes(&self) -> bool {
        false
    }

    /// Each document stands for itself: what came and was proven is used even if another one failed.
    fn in_parts(&self) -> bool {
        false
    }

    /// A file that came before a document belongs to it alone: without it, the document is passed over and no other one.
    fn passes_over(&mut self, _wanted: &Wanted) -> bool {
        false
    }

    /// A document that came could not be read, and is asked for again next time.
    fn unreadable(&mut self, _file: &str) {}
}

/// The steps for a source. `None`: sources of this kind are not fetched.
pub(super) fn of(draft: &SourceDraft, position: Option<Position>, now: Timestamp) -> Option<Box<dyn Steps>> {
    Some(match draft.kind {
        SourceKind::Nvd => Box::new(nvd::Nvd::new(draft, position, now)),
        SourceKind::Csaf => Box::new(csaf::Csaf::new(draft, position, now)),
        SourceKind::MyjvnHnd => Box::new(myjvn::Hnd::new(draft, position, now)),
        SourceKind::MyjvnOka => Box::new(myjvn::Oka::new(draft)),
        SourceKind::CveList => Box::new(cve_list::CveList::new(draft, position)),
        SourceKind::Mail | SourceKind::Hand => return None,
        _ => Box::new(whole::Whole::new(draft)),
    })
}

/// What came could not be read.
pub(super) fn unread(problem: &Diagnostic, url: &str) -> Unseen {
    let failure = match problem.code {
        Code::PageInsteadOfData => Failure::Html,
        Code::FeedEmpty | Code::FileEmpty => Failure::Empty,
        Code::FileTooLarge => Failure::TooLarge,
        Code::SourceReportedError => Failure::SourceError,
        Code::AddressRefused => Failure::AddressRefused,
        _ => Failure::Unreadable,
    };
    let mut params =
        vec![("reason", problem.code.as_str().to_owned()), ("value", shindan_domain::collect::redacted(url))];
    if let (Failure::SourceError, Some(message)) = (failure, problem.params.get("message")) {
        params.push(("message", message.clone()));
    }
    (failure, params)
}

/// An address with further fields of its query.
fn with_fields(address: &str, fields: &[(&str, String)]) -> String {
    let mut url = address.to_owned();
    for (name, value) in fields {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        url.push_str(value);
    }
    url
}

/// A time as a part of names of files: `20261127T084500.123Z`. No two looks at a source begin in the same millisecond.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%S%.3fZ").to_string()
}
