//! What every process of the program has in common: state from events, events from commands, refusals that name what is
//! missing (SPEC.md section 4, STYLE.md rule 4).
//!
//! A *command* is a method of the state that takes what a person wants and answers with events or a [`Refusal`]; it
//! changes nothing. An *event* says what happened and is never refused. [`Process::apply`] folds events into the state.
//! The state after a command is the fold of its events, so that rebuilding from the ledger gives the same state.
//!
//! ```text
//! state ── command(by) ──► Result<Vec<Event>, Refusal>      pure; gates live here
//! state ── apply(event) ─► state                            total over what commands can answer
//! ```

mod filed;
mod label;
mod reason;
mod reason_code;
mod reason_code_accounts;
mod reason_code_assessments;
mod reason_code_collect;
mod reason_code_devices;
mod view;

pub use filed::{Filed, Link, Relation};
pub use label::Label;
pub use reason::{Reason, Refusal, text_given};
pub use reason_code::ReasonCode;
pub use view::{Column, Fact, Section, Shown, View};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::ledger::{Actor, Kind};

/// When something happened and who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// When, UTC.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
}

/// A kind of record whose state is the fold of its events.
pub trait Process: Sized + Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned {
    /// The kind of record.
    const KIND: Kind;
    /// What can happen to it.
    type Event: Event;

    /// The state after `event`.
    ///
    /// # Errors
    /// [`OutOfOrder`] if no command could have answered with this event in this state: the ledger was not written by this
    /// program, or the program has a defect.
    fn apply(state: Option<Self>, event: &Self::Event, when: &Occurrence) -> Result<Self, OutOfOrder>;

    /// The columns by which lists find and sort it.
    fn filed(&self) -> Filed;

    /// What a person is shown.
    fn view(&self) -> View;
}

/// Something that happened. As JSON: `{"type": …, "data": …}` (`#[serde(tag = "type", content = "data")]`), an object
/// or nothing as `data`.
pub trait Event: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned {
    /// Version of the form of its data, raised when the form changes; old forms stay readable.
    fn version(&self) -> u16 {
        1
    }
}

/// An event in a state in which it cannot happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot follow the state {state}")]
pub struct OutOfOrder {
    /// The event.
    pub event: String,
    /// The state; `nothing` before the first event.
    pub state: String,
}

impl OutOfOrder {
    /// The event's type and the state's name.
    pub fn new(event: &impl Event, state: impl std::fmt::Display) -> Self {
        let event = encode_value(event).map_or_else(|error| error.to_string(), |(name, _)| name);
        OutOfOrder { event, state: state.to_string() }
    }
}

/// An event in the form of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// `case.opened`
    pub event: String,
    /// Version of the payload's form.
    pub version: u16,
    /// The payload.
    pub payload: Value,
}

/// An event cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// No JSON, or none of the expected form.
    #[error("{event}: {error}")]
    Json {
        /// The event's type, as far as it is known.
        event: String,
        /// Why.
        error: serde_json::Error,
    },
    /// The event does not belong to the kind of record.
    #[error("{event} does not belong to records of the kind {kind}")]
    Foreign {
        /// The event's type.
        event: String,
        /// The kind of record.
        kind: Kind,
    },
    /// A newer version of the program wrote it.
    #[error("{event} has version {version}; this program reads up to {known}")]
    Newer {
        /// The event's type.
        event: String,
        /// Version of its form.
        version: u16,
        /// What this program knows.
        known: u16,
    },
}

fn encode_value(event: &impl Event) -> Result<(String, Value), CodingError> {
    let json = |error| CodingError::Json { event: String::new(), error };
    let mut value = serde_json::to_value(event).map_err(json)?;
    let fields = value.as_object_mut();
    let name =
        fields.as_ref().and_then(|fields| fields.get("type")).and_then(Value::as_str).map(str::to_owned);
    let name = name.ok_or_else(|| json(serde::de::Error::missing_field("type")))?;
    let data = fields.and_then(|fields| fields.remove("data")).unwrap_or_else(|| Value::Object(Map::new()));
    Ok((name, data))
}

/// Brings an event into the form of an entry.
///
/// # Errors
/// [`CodingError::Json`] if it is not of the form that [`Event`] asks for.
pub fn encode<P: Process>(event: &P::Event) -> Result<Encoded, CodingError> {
    let (name, payload) = encode_value(event)?;
    Ok(Encoded { event: format!("{}.{name}", P::KIND), version: event.version(), payload })
}

/// Reads an event from the form of an entry.
///
/// # Errors
/// [`CodingError`] if it belongs to another kind, is newer than this program, or is malformed.
pub fn decode<P: Process>(event: &str, version: u16, payload: &Value) -> Result<P::Event, CodingError> {
    let foreign = || CodingError::Foreign { event: event.to_owned(), kind: P::KIND };
    let name =
        event.strip_prefix(P::KIND.as_str()).and_then(|rest| rest.strip_prefix('.')).ok_or_else(foreign)?;
    let read = |data: Option<&Value>| {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), Value::String(name.to_owned()));
        fields.extend(data.map(|data| ("data".to_owned(), data.clone())));
        serde_json::from_value::<P::Event>(Value::Object(fields))
    };
    // An empty object is what an event without data is written as, and one whose optional data are all absent.
    let is_empty = payload.as_object().is_some_and(Map::is_empty);
    let decoded = if is_empty { read(None).or_else(|_| read(Some(payload))) } else { read(Some(payload)) };
    let decoded = decoded.map_err(|error| CodingError::Json { event: event.to_owned(), error })?;
    let known = decoded.version();
    if version > known {
        return Err(CodingError::Newer { event: event.to_owned(), version, known });
    }
    Ok(decoded)
}

/// The state after several events.
///
/// # Errors
/// As [`Process::apply`].
pub fn fold<P: Process>(
    state: Option<P>,
    events: &[P::Event],
    when: &Occurrence,
) -> Result<Option<P>, OutOfOrder> {
    events.iter().try_fold(state, |state, event| P::apply(state, event, when).map(Some))
}
