//! The columns by which lists find and sort a record. They are derived from the state and can be rebuilt.

use jiff::civil::Date;

use crate::ledger::Stream;
use crate::term::Term;
use crate::terms;

terms! {
    /// How a record concerns another one or an identifier.
    pub enum Relation ("relation") {
        /// It is about this system, release or deployment.
        Subject = "subject",
        /// It concerns this asset (key of the register) or component.
        Asset = "asset",
        /// It concerns this vulnerability (any of its identifiers).
        Vulnerability = "vulnerability",
        /// It belongs to this case.
        Case = "case",
        /// It applies this patch.
        Patch = "patch",
        /// This party is asked, answers or is responsible.
        Party = "party",
        /// This person is responsible for the next step.
        Responsible = "responsible",
        /// It follows this policy.
        Policy = "policy",
        /// It is a part of this record (site of a party, release of a product …).
        PartOf = "part-of",
    }
}

/// One relation of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// How.
    pub relation: Relation,
    /// To what: an identifier such as `CVE-2024-21762`, or [`Link::record`]'s text for records.
    pub target: String,
}

impl Link {
    /// A relation to an identifier.
    pub fn to(relation: Relation, target: impl Into<String>) -> Self {
        Link { relation, target: target.into() }
    }

    /// A relation to another record: the target is its id.
    pub fn record(relation: Relation, stream: Stream) -> Self {
        Link { relation, target: stream.id.hyphenated().to_string() }
    }
}

/// The columns of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// State, as a term.
    pub status: Term,
    /// True while something is to be done: open lists show it.
    pub open: bool,
    /// What the record is called in lists (an identifier or a name given by people; no prose of ours).
    pub title: String,
    /// 0 is the most urgent; `None`: no priority.
    pub priority: Option<u8>,
    /// When the next step is due, as a day in Japan.
    pub due: Option<Date>,
    /// Relations, each once.
    pub links: Vec<Link>,
}

impl Filed {
    /// Columns with a status and a title, and nothing else.
    pub fn new(status: Term, open: bool, title: impl Into<String>) -> Self {
        Filed { status, open, title: title.into(), priority: None, due: None, links: Vec::new() }
    }
}
