//! What a person is shown of a record: labelled values and lists, without words. One form for table, JSON, page and API.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Label, Reason};
use crate::evidence::Document;
use crate::ledger::Stream;
use crate::record_id::PersonId;
use crate::term::Term;

/// A value that is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A text that people or sources gave; shown as it is.
    Text(String),
    /// A term, for which there are words.
    Term(Term),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A moment, UTC.
    Time(Timestamp),
    /// A day in Japan.
    Day(Date),
    /// A person; the name is looked up at the edge.
    Person(PersonId),
    /// Another record; number and title are looked up at the edge.
    Record(Stream),
    /// A reason, for which there are words.
    Reason(Reason),
    /// A kept document.
    Document(Document),
    /// Several of them.
    List(Vec<Shown>),
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its name.
    pub label: Label,
    /// Its value.
    pub value: Shown,
}

/// A column of a list; the same as a label.
pub type Column = Label;

/// A list inside a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name.
    pub label: Label,
    /// Names of the columns.
    pub columns: Vec<Column>,
    /// Rows with one value a column; `None`: nothing there.
    pub rows: Vec<Vec<Option<Shown>>>,
}

/// What a person is shown of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The state.
    pub status: Term,
    /// Labelled values in reading order. Empty values are left out.
    pub facts: Vec<Fact>,
    /// Lists.
    pub sections: Vec<Section>,
    /// What is missing for the next step, each in words of its own; empty if nothing is to be done.
    pub next: Vec<Reason>,
}

impl View {
    /// A view that shows the state.
    pub fn new(status: Term) -> Self {
        View { status, facts: Vec::new(), sections: Vec::new(), next: Vec::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn fact(mut self, label: Label, value: impl Into<Shown>) -> Self {
        self.facts.push(Fact { label, value: value.into() });
        self
    }

    /// Adds a value if there is one.
    #[must_use]
    pub fn maybe(self, label: Label, value: Option<impl Into<Shown>>) -> Self {
        match value {
            Some(value) => self.fact(label, value),
            None => self,
        }
    }

    /// Adds a list unless it is empty.
    #[must_use]
    pub fn section(mut self, label: Label, columns: &[Column], rows: Vec<Vec<Option<Shown>>>) -> Self {
        if !rows.is_empty() {
            self.sections.push(Section { label, columns: columns.to_vec(), rows });
        }
        self
    }

    /// Says what is missing for the next step.
    #[must_use]
    pub fn next(mut self, missing: impl IntoIterator<Item = Reason>) -> Self {
        self.next.extend(missing);
        self
    }
}

macro_rules! shown_from {
    ($($from:ty => $variant:ident;)*) => {$(
        impl From<$from> for Shown {
            fn from(value: $from) -> Shown {
                Shown::$variant(value)
            }
        }
    )*};
}

shown_from! {
    String => Text;
    Term => Term;
    i64 => Number;
    bool => Flag;
    Timestamp => Time;
    Date => Day;
    PersonId => Person;
    Stream => Record;
    Reason => Reason;
    Document => Document;
    Vec<Shown> => List;
}

impl From<&str> for Shown {
    fn from(value: &str) -> Shown {
        Shown::Text(value.to_owned())
    }
}

impl From<&String> for Shown {
    fn from(value: &String) -> Shown {
        Shown::Text(value.clone())
    }
}
