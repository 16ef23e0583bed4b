//! 収集実施記録 of a month as a report: every look at every source, the days on which nobody looked, alarms, who confirmed what, and
//! notices with their judgement. For the terminal, as a page for paper, as a workbook, as CSV and as JSON.
//!
//! All forms are made of the same lines, so that none tells less than another.

mod csv;
mod html;
mod json;
mod lines;
mod paper;
mod table;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::collect::{CellState, MonthGrid, MonthRow, Notice, Source, SourceCheck};
use shindan_domain::record_id::{InstallationId, NoticeId, PersonId, SourceCheckId, SourceId};

pub use csv::collection_csv;
pub use html::collection_html;
pub use json::write_collection;
pub use paper::collection_paper;
pub use table::collection_table;

pub(crate) use lines::{Line, SUMMARY, checks, notices, summary};
pub(crate) use table::head;

use crate::words::Words;

/// 収集実施記録 of a month.
#[derive(Debug, Clone)]
pub struct CollectionReport {
    /// The first day of the month, in Japan.
    pub month: Date,
    /// As of when, which is when it was made.
    pub made: Timestamp,
    /// Prefix of the installation's display numbers.
    pub prefix: String,
    /// The installation.
    pub installation: InstallationId,
    /// The last entry of the ledger that was looked at.
    pub entries: u64,
    /// Each source and each day.
    pub grid: MonthGrid,
    /// The sources, in the order of the rows of the grid.
    pub sources: Vec<CollectedSource>,
    /// What was looked at in the month, oldest first.
    pub checks: Vec<CollectedCheck>,
    /// What was received, changed or judged in the month, and what was received before and is still to be judged; oldest first.
    pub notices: Vec<CollectedNotice>,
}

/// A person, with the name if it was not erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPerson {
    /// Who.
    pub id: PersonId,
    /// As they are called now.
    pub name: Option<String>,
}

/// A source of the month.
#[derive(Debug, Clone)]
pub struct CollectedSource {
    /// Which.
    pub id: SourceId,
    /// Its display number.
    pub number: String,
    /// The source as it stands now.
    pub source: Source,
    /// Who answers for it.
    pub responsible: Option<NamedPerson>,
}

/// A look at a source.
#[derive(Debug, Clone)]
pub struct CollectedCheck {
    /// Which.
    pub id: SourceCheckId,
    /// Its display number.
    pub number: String,
    /// The record.
    pub check: SourceCheck,
    /// Who recorded it.
    pub recorded_by: NamedPerson,
    /// Who confirmed it.
    pub confirmed_by: Option<NamedPerson>,
}

/// A notice.
#[derive(Debug, Clone)]
pub struct CollectedNotice {
    /// Which.
    pub id: NoticeId,
    /// Its display number.
    pub number: String,
    /// The record.
    pub notice: Notice,
    /// Who judged it as it is now.
    pub judged_by: Option<NamedPerson>,
    /// Display numbers of the cases in which it is dealt with.
    pub cases: Vec<String>,
}

/// How often what came of looking at a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Looks that brought something new.
    pub new: u64,
    /// Looks that brought nothing new.
    pub nothing: u64,
    /// Looks that failed.
    pub failed: u64,
    /// Days on which it was due and nobody looked.
    pub missed: u64,
    /// Looks with an alarm.
    pub alarms: u64,
    /// Looks that a person still has to confirm.
    pub unconfirmed: u64,
}

impl CollectionReport {
    /// How often what came of looking at a source in the month.
    pub fn tally(&self, source: SourceId) -> Tally {
        use shindan_domain::collect::CheckResult as R;
        let own = || self.checks.iter().map(|one| &one.check).filter(|check| check.draft.source == source);
        let with = |result: R| own().filter(|check| check.result() == result).count() as u64;
        let row = self.grid.rows.iter().find(|row| row.source == source);
        Tally {
            new: with(R::NewItems),
            nothing: with(R::NothingNew),
            failed: with(R::Failed),
            missed: row.map_or(0, missed),
            alarms: own().filter(|check| !check.draft.alarms.is_empty()).count() as u64,
            unconfirmed: own().filter(|check| check.is_to_be_confirmed()).count() as u64,
        }
    }

    /// Notices that somebody still has to judge.
    pub fn unjudged(&self) -> u64 {
        self.notices.iter().filter(|one| one.notice.is_open()).count() as u64
    }

    fn total(&self, part: fn(&Tally) -> u64) -> u64 {
        self.sources.iter().map(|one| part(&self.tally(one.id))).sum()
    }

    fn month_text(&self) -> String {
        self.month.strftime("%Y-%m").to_string()
    }

    fn titles(&self) -> Vec<(SourceId, String)> {
        self.sources.iter().map(|one| (one.id, one.source.draft.title.clone())).collect()
    }

    fn title_of(&self, source: SourceId) -> String {
        let found = self.sources.iter().find(|one| one.id == source);
        found.map_or_else(|| source.0.to_string(), |one| one.source.draft.title.clone())
    }
}

fn missed(row: &MonthRow) -> u64 {
    row.cells.iter().filter(|cell| cell.state == CellState::Missed).count() as u64
}

fn name(person: &NamedPerson, words: &Words) -> String {
    person.name.clone().unwrap_or_else(|| words.t("records-name-erased"))
}
