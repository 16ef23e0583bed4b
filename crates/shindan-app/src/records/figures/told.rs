//! What an entry tells about how a case goes: of its bytes no more is read than that.
//!
//! An opened case holds every place and vulnerability; figures need its priority and two days. So the three large events are read by
//! the fields that count, as long as the form is the one that is known here. Everything else goes the way of every other reader.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shindan_domain::case::{Case, CaseEvent};
use shindan_domain::priority::Decision;
use shindan_domain::process::decode;
use shindan_store::Passed;

use super::super::RecordsError;

/// What an entry tells about a case.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// It was opened.
    Opened { priority: Decision, due: Option<(Date, Date)> },
    /// Priority or last days changed, or neither.
    Filed { priority: Option<Decision>, due: Option<(Date, Date)> },
    /// Something else happened.
    Event(Box<CaseEvent>),
}

#[derive(Deserialize)]
struct Entry<P> {
    payload: P,
}

#[derive(Deserialize)]
struct Days {
    decide: Date,
    done: Date,
}

#[derive(Deserialize)]
struct Opened {
    priority: Decision,
    due: Option<Days>,
}

#[derive(Deserialize)]
struct Refreshed {
    priority: Option<Decision>,
    due: Option<Days>,
}

#[derive(Deserialize)]
struct Analysed {
    inputs: Inputs,
    due: Option<Days>,
}

#[derive(Deserialize)]
struct Inputs {
    outcome: Decision,
    departs: Option<Departs>,
}

#[derive(Deserialize)]
struct Departs {
    priority: Decision,
}

impl Days {
    fn pair(self) -> (Date, Date) {
        (self.decide, self.done)
    }
}

/// How canonical bytes of an entry end whose event has its first form: `version` is the last field.
const FIRST_FORM: &[u8] = br#","version":1}"#;

impl Told {
    /// What an entry about a case tells.
    ///
    /// # Errors
    /// Entries that this program cannot have written.
    pub(super) fn of(passed: &Passed<'_>) -> Result<Told, RecordsError> {
        let bytes = passed.bytes()?;
        Ok(match passed.event()? {
            "case.opened" if bytes.ends_with(FIRST_FORM) => {
                let Opened { priority, due } = read(bytes)?;
                Told::Opened { priority, due: due.map(Days::pair) }
            }
            "case.refreshed" if bytes.ends_with(FIRST_FORM) => {
                let Refreshed { priority, due } = read(bytes)?;
                Told::Filed { priority, due: due.map(Days::pair) }
            }
            "case.analysed" if bytes.ends_with(FIRST_FORM) => {
                let Analysed { inputs: Inputs { outcome, departs }, due } = read(bytes)?;
                let priority = departs.map_or(outcome, |departs| departs.priority);
                Told::Filed { priority: Some(priority), due: due.map(Days::pair) }
            }
            _ => {
                let entry = passed.entry()?;
                let event = decode::<Case>(&entry.event, entry.version, &entry.payload);
                Told::from(event.map_err(RecordsError::stored)?)
            }
        })
    }
}

fn read<P: DeserializeOwned>(bytes: &[u8]) -> Result<P, RecordsError> {
    let entry: Entry<P> = serde_json::from_slice(bytes).map_err(RecordsError::stored)?;
    Ok(entry.payload)
}

impl From<CaseEvent> for Told {
    fn from(event: CaseEvent) -> Told {
        match event {
            CaseEvent::Opened(opened) => {
                Told::Opened { priority: opened.priority, due: opened.due.map(|due| (due.decide, due.done)) }
            }
            CaseEvent::Refreshed(refreshed) => Told::Filed {
                priority: refreshed.priority,
                due: refreshed.due.map(|due| (due.decide, due.done)),
            },
            CaseEvent::DueSet { due } => Told::Filed { priority: None, due: Some((due.decide, due.done)) },
            CaseEvent::Analysed { inputs, due } => {
                Told::Filed { priority: Some(inputs.priority()), due: due.map(|due| (due.decide, due.done)) }
            }
            other => Told::Event(Box::new(other)),
        }
    }
}
