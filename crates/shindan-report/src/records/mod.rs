//! Records of the ledger for people and programs: one record, lists of them, refusals.
//!
//! A record arrives as a [`View`] (labels and values without words) with the names that it refers to. One form serves the
//! terminal, JSON and pages, so that nothing is shown in one and hidden in another.

mod json;
mod shown;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::ledger::Stream;
use shindan_domain::process::{Reason, View};
use shindan_domain::record_id::PersonId;
use shindan_domain::term::Term;

pub use json::{reason_json, record_json, write_record, write_records, write_refusal};
pub use shown::{row_in_words, text as shown_text};
pub use table::{record, records, refusal};

/// Names that views refer to, as they are now. A person whose name was erased has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// Names of persons.
    pub people: BTreeMap<PersonId, String>,
    /// What records are called: display number, or title where there is none.
    pub records: BTreeMap<Stream, String>,
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPage {
    /// Which.
    pub stream: Stream,
    /// Display number, if it has one.
    pub number: Option<String>,
    /// What it is called, if people gave it a name.
    pub title: String,
    /// How many entries it has.
    pub revision: u64,
    /// What is shown of it.
    pub view: View,
    /// Names it refers to.
    pub names: Names,
    /// Its entries, the oldest first; empty if they were not asked for.
    pub history: Vec<HistoryLine>,
}

/// One entry of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLine {
    /// Its place in the ledger.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// What: `case.opened`.
    pub event: String,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// Which.
    pub stream: Stream,
    /// Display number, if it has one.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// State.
    pub status: Status,
    /// True while something is to be done.
    pub open: bool,
    /// 0 is the most urgent.
    pub priority: Option<u8>,
    /// When the next step is due.
    pub due: Option<Date>,
    /// Entries so far.
    pub revision: u64,
    /// When it was last changed.
    pub changed: Timestamp,
}

/// The state of a line, whose set is known by its kind of record only as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The set of terms.
    pub set: String,
    /// The value.
    pub value: String,
}

impl From<Term> for Status {
    fn from(term: Term) -> Self {
        Status { set: term.set.to_owned(), value: term.value.to_owned() }
    }
}

/// A list of records: one page of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordList {
    /// The lines.
    pub rows: Vec<RecordRow>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<String>,
    /// Today in Japan, to mark what is overdue.
    pub today: Date,
}

/// A step that was refused.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusalPage<'a> {
    /// The record, if it is about one: its number or name.
    pub record: Option<&'a str>,
    /// Why.
    pub reason: &'a Reason,
    /// Everything that is missing.
    pub missing: &'a [Reason],
}
