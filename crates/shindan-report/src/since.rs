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

/// Days on end on which a source was missed: a year of them is one line for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedSpan<'c> {
    /// Short name of the source.
    pub name: &'c str,
    /// The first day in Japan.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl MissedSpan<'_> {
    /// The days as text, each as `day` writes it.
    pub fn days(&self, day: impl Fn(Date) -> String) -> String {
        if self.first == self.last {
            return day(self.first);
        }
        format!("{} – {}", day(self.first), day(self.last))
    }
}

impl ChangesSince {
    /// Missed days, those on end of one source together, by their first day and name.
    pub fn missed_spans(&self) -> Vec<MissedSpan<'_>> {
        let mut days: Vec<(&str, Date)> =
            self.missed.iter().map(|one| (one.name.as_str(), one.date)).collect();
        days.sort_unstable();
        let mut spans: Vec<MissedSpan<'_>> = Vec::new();
        for (name, day) in days {
            match spans.last_mut() {
                Some(open) if open.name == name && open.last.tomorrow().is_ok_and(|next| next >= day) => {
                    open.last = day;
                }
                _ => spans.push(MissedSpan { name, first: day, last: day }),
            }
        }
        spans.sort_by_key(|span| (span.first, span.name));
        spans
    }
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn days_on_end_are_one_line_and_none_is_lost() {
        let missed = |name: &str, day: i8| MissedLine {
            date: date(2026, 11, day),
            name: name.to_owned(),
            source: SourceId(Uuid::from_u128(1)),
        };
        let all = [("nco", 4), ("jpcert", 1), ("jpcert", 3), ("nco", 3), ("jpcert", 2), ("jpcert", 9)];
        let changes =
            ChangesSince { missed: all.iter().map(|(name, day)| missed(name, *day)).collect(), ..quiet() };
        let spans = changes.missed_spans();
        let shown: Vec<String> =
            spans.iter().map(|one| format!("{} {}", one.name, one.days(|day| day.to_string()))).collect();
        let expected = ["jpcert 2026-11-01 – 2026-11-03", "nco 2026-11-03 – 2026-11-04", "jpcert 2026-11-09"];
        assert_eq!(shown, expected);
    }

    fn quiet() -> ChangesSince {
        ChangesSince {
            since: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
            after: 0,
            last: 0,
            notices: Vec::new(),
            checks_done: 0,
            failed: Vec::new(),
            missed: Vec::new(),
            alarms: Vec::new(),
            cases: Vec::new(),
            generations: Vec::new(),
            comparisons: 0,
        }
    }
}
