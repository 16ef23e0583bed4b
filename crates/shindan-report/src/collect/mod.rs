//! 情報収集: sources and whether they are looked at, 収集実施記録 of a month, what a synchronisation brought.
//!
//! A check that failed is never shown as *nothing new*, and every symbol of the month stands in its legend.

pub(crate) mod collection;
mod json;
mod month;
mod proposals;
mod status;
mod synced;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use shindan_domain::collect::{Alarm, CheckFacts, CheckOutcome, CheckResult, Failure, Source, SourceTiming};
use shindan_domain::diagnostic::Params;
use shindan_domain::record_id::{SourceCheckId, SourceId};

pub(crate) use collection::head as collection_head;
pub use collection::{
    CollectedCheck, CollectedNotice, CollectedSource, CollectionReport, NamedPerson, Tally, collection_csv,
    collection_html, collection_paper, collection_table, write_collection,
};
pub(crate) use json::synced_json;
pub use json::{write_calendar, write_proposals, write_status, write_synced};
pub use month::calendar;
pub(crate) use month::sign as day_sign;
pub use proposals::proposals;
pub use status::status;
pub use synced::synced;

use crate::words::Words;

/// A source and whether it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct SourceLine<'a> {
    /// Which.
    pub id: SourceId,
    /// What it is called: its display number.
    pub number: &'a str,
    /// The source.
    pub source: &'a Source,
    /// Whether it was looked at in time.
    pub timing: SourceTiming,
    /// Its last check, whatever came of it.
    pub last: Option<(SourceCheckId, &'a CheckFacts)>,
    /// When a check ended last that did not fail.
    pub last_good: Option<Timestamp>,
    /// What is suspicious about it.
    pub alarms: &'a [Alarm],
    /// Checks that no person confirmed.
    pub unconfirmed: u64,
}

/// What can be wrong with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// It was not looked at in time.
    Overdue,
    /// No look at it ever succeeded.
    Never,
    /// Its last check failed.
    Failed,
    /// It is suspicious.
    Alarm,
    /// A check is not confirmed.
    Unconfirmed,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Trouble; 5] =
        [Trouble::Overdue, Trouble::Never, Trouble::Failed, Trouble::Alarm, Trouble::Unconfirmed];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Trouble::Overdue => "overdue",
            Trouble::Never => "never",
            Trouble::Failed => "failed",
            Trouble::Alarm => "alarm",
            Trouble::Unconfirmed => "unconfirmed",
        }
    }
}

impl SourceLine<'_> {
    /// Whether this is wrong with it.
    pub fn has(&self, trouble: Trouble) -> bool {
        match trouble {
            Trouble::Overdue => self.timing == SourceTiming::Overdue,
            Trouble::Never => self.last_good.is_none(),
            Trouble::Failed => self.last.is_some_and(|(_, check)| check.result == CheckResult::Failed),
            Trouble::Alarm => !self.alarms.is_empty(),
            Trouble::Unconfirmed => self.unconfirmed > 0,
        }
    }

    /// What is wrong with it.
    pub fn troubles(&self) -> Vec<Trouble> {
        Trouble::ALL.into_iter().filter(|trouble| self.has(*trouble)).collect()
    }
}

/// What a synchronisation brought from a source.
#[derive(Debug, Clone, Copy)]
pub struct SyncedLine<'a> {
    /// Which source.
    pub id: SourceId,
    /// Its short name.
    pub name: &'a str,
    /// The check that was recorded, by its display number.
    pub check: Option<&'a str>,
    /// What came of it.
    pub outcome: &'a CheckOutcome,
    /// What is suspicious about it.
    pub alarms: &'a [Alarm],
}

/// What came of a check, in words.
fn outcome(
    result: CheckResult,
    new_items: u64,
    failure: Option<(Failure, &Params)>,
    words: &Words,
) -> String {
    match (result, failure) {
        (CheckResult::NewItems, _) => words.get("collect-outcome-new", &[("count", new_items.into())]),
        (CheckResult::Failed, Some((failure, params))) => {
            let why = words.term(failure.term());
            let particulars: Vec<String> =
                params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let text = words.get("collect-outcome-failed", &[("why", (&why).into())]);
            if particulars.is_empty() { text } else { format!("{text} ({})", particulars.join(", ")) }
        }
        (result, _) => words.term(result.term()),
    }
}
