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

mod coding;
mod filed;
mod label;
mod reason;
mod reason_code;
mod reason_code_accounts;
mod reason_code_assessments;
mod reason_code_collect;
mod reason_code_devices;
mod view;

pub use coding::{CodingError, Encoded, decode, encode};
pub use filed::{Filed, Link, Relation};
pub use label::Label;
pub use reason::{Reason, Refusal, text_given};
pub use reason_code::ReasonCode;
pub use view::{Column, Fact, Section, Shown, View};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

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

/// Something that happened: an enum in serde's own form, each of its variants with an object as data or with none. An entry of the ledger holds name and
/// data apart ([`encode`]).
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
        let event = coding::name_and_data(event).map_or_else(|error| error.to_string(), |(name, _)| name);
        OutOfOrder { event, state: state.to_string() }
    }
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
