//! What changed since a moment: what sources told, which checks failed or were missed, what became of cases, and which generations
//! of the knowledge base followed. The plain answer; digests and the report `report changes` are made from it.

mod shown;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::case::CaseState;
use shindan_domain::case::settle::ReopenReason;
use shindan_domain::collect::{Alarm, Concerns, Failure, NoticeClass, NoticeState};
use shindan_domain::ledger::Stream;
use shindan_domain::priority::Decision;
use shindan_domain::record_id::SourceId;

pub use shown::{changes, write_changes};

/// What changed within a span of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangesSince {
    /// From when on.
    pub since: Timestamp,
    /// Up to when.
    pub until: Timestamp,
    /// The last entry of the ledger before the span; 0: all entries.
    pub after: u64,
    /// The last entry of the ledger within it: where the next digest goes on.
    pub last: u64,
    /// Notices that were received, changed by their source or judged, oldest first.
    pub notices: Vec<NoticeLine>,
    /// Checks of sources that did not fail.
    pub checks_done: u64,
    /// Checks that failed, oldest first.
    pub failed: Vec<FailedLine>,
    /// Days on which a source was due and nobody looked.
    pub missed: Vec<MissedLine>,
    /// What was suspicious, oldest first.
    pub alarms: Vec<AlarmLine>,
    /// Cases that were opened, opened again, that surged, changed otherwise or were closed, the most urgent first.
    pub cases: Vec<CaseLine>,
    /// Generations of the knowledge base that were put in force, oldest first.
    pub generations: Vec<GenerationLine>,
    /// Comparisons with the knowledge base.
    pub comparisons: u64,
}

impl ChangesSince {
    /// True if nobody has to hear of it: nothing came, nothing failed, no case moved.
    pub fn is_quiet(&self) -> bool {
        self.notices.is_empty()
            && self.failed.is_empty()
            && self.missed.is_empty()
            && self.alarms.is_empty()
            && self.cases.is_empty()
    }

    /// Cases to which this happened.
    pub fn cases_with(&self, happened: CaseMove) -> impl Iterator<Item = &CaseLine> {
        self.cases.iter().filter(move |line| line.moves.contains(&happened))
    }
}

/// A notice of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// Which.
    pub stream: Stream,
    /// Its display number.
    pub number: Option<String>,
    /// Short name of the source; its id if it is not known.
    pub source: String,
    /// What it is called now.
    pub title: String,
    /// Where it stands.
    pub link: Option<String>,
    /// What kind it is.
    pub class: NoticeClass,
    /// Received within the span.
    pub received: bool,
    /// Changed by its source within the span.
    pub updated: bool,
    /// As it was judged last within the span.
    pub judged: Option<Concerns>,
    /// As it stands now.
    pub state: NoticeState,
    /// When the first of this happened.
    pub at: Timestamp,
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLine {
    /// Which.
    pub stream: Stream,
    /// Its display number.
    pub number: Option<String>,
    /// The source.
    pub source: SourceId,
    /// Its short name.
    pub name: String,
    /// Why.
    pub failure: Failure,
    /// When it ended.
    pub at: Timestamp,
}

/// A day on which a source was due and nobody looked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissedLine {
    /// The day in Japan.
    pub date: Date,
    /// Short name of the source.
    pub name: String,
    /// The source.
    pub source: SourceId,
}

/// Something suspicious about what a check brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmLine {
    /// The check.
    pub stream: Stream,
    /// Its display number.
    pub number: Option<String>,
    /// Short name of the source.
    pub name: String,
    /// What.
    pub alarm: Alarm,
    /// When the check ended.
    pub at: Timestamp,
}

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseMove {
    /// It was opened.
    Opened,
    /// It was opened again.
    Reopened(ReopenReason),
    /// One of its vulnerabilities is newly exploited, or far more likely to be.
    Surged,
    /// Findings, priority or what is known about them changed.
    Changed,
    /// It was closed with its proof.
    Closed,
}

impl CaseMove {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            CaseMove::Opened => "opened",
            CaseMove::Reopened(_) => "reopened",
            CaseMove::Surged => "surged",
            CaseMove::Changed => "changed",
            CaseMove::Closed => "closed",
        }
    }
}

/// A case to which something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Which.
    pub stream: Stream,
    /// Its display number.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its priority now.
    pub priority: Decision,
    /// Its state now.
    pub state: CaseState,
    /// What happened, each once, in the order in which it happened first.
    pub moves: Vec<CaseMove>,
    /// Vulnerabilities that surged.
    pub surged: Vec<String>,
    /// When the last of it happened.
    pub at: Timestamp,
}

/// A generation of the knowledge base that was put in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerationLine {
    /// Its number.
    pub generation: u64,
    /// When it was noted.
    pub at: Timestamp,
}
