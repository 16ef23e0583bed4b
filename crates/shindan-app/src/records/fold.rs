//! Every kind of record by its process: rebuilding states from the ledger, and showing a state of which only the kind is known.

use shindan_domain::ledger::{Entry, Kind, Stream};
use shindan_domain::people::Person;
use shindan_domain::process::{Filed, Occurrence, Process, View, decode};

/// Calls `$call::<P>` with the process of `$kind`; the one list of all kinds.
macro_rules! with_process {
    ($kind:expr, $call:ident ( $($argument:expr),* )) => {
        match $kind {
            Kind::Person => $call::<Person>($($argument),*),
            other => Err(format!("no process keeps records of the kind {other}")),
        }
    };
}

/// The state after all entries of a record, and its columns; for rebuilding and comparing.
///
/// # Errors
/// In words for the log: entries that this program cannot have written.
pub(super) fn fold_entries(stream: Stream, entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    with_process!(stream.kind, fold_all(entries))
}

/// What is shown of a stored state.
///
/// # Errors
/// In words for the log: a state that this program cannot have written.
pub(super) fn view(kind: Kind, state: &[u8]) -> Result<View, String> {
    with_process!(kind, view_one(state))
}

fn fold_all<P: Process>(entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    let mut state: Option<P> = None;
    for entry in entries {
        let words = |error: &dyn std::fmt::Display| format!("entry {}: {error}", entry.sequence);
        let event =
            decode::<P>(&entry.event, entry.version, &entry.payload).map_err(|error| words(&error))?;
        let occurrence = Occurrence { at: entry.at, actor: entry.actor };
        state = Some(P::apply(state, &event, &occurrence).map_err(|error| words(&error))?);
    }
    let state = state.ok_or_else(|| "a record without entries".to_owned())?;
    let bytes = serde_json::to_vec(&state).map_err(|error| error.to_string())?;
    Ok((bytes, state.filed()))
}

fn view_one<P: Process>(state: &[u8]) -> Result<View, String> {
    serde_json::from_slice::<P>(state).map(|state| state.view()).map_err(|error| error.to_string())
}
