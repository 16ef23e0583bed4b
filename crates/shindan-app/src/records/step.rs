//! The shape that most use cases share: one command to one record, with what it needs taken in before.

use shindan_domain::ledger::Stream;
use shindan_domain::people::Action;
use shindan_domain::process::{Occurrence, Process, Refusal};
use uuid::Uuid;

use super::{Act, Call, Done, Entered, Records, RecordsError};

impl Records {
    /// One command to one record. `prepare` reads and takes documents in; `command` is the domain's.
    pub(super) fn step<P: Process, T>(
        &mut self,
        who: &Entered,
        call: &Call,
        action: Action,
        id: impl Into<Uuid>,
        prepare: impl FnOnce(&Records, &Occurrence) -> Result<T, RecordsError>,
        command: impl FnOnce(&P, T, &Occurrence) -> Result<P::Event, Refusal>,
    ) -> Result<Done, RecordsError> {
        let stream = Stream::new(P::KIND, id);
        self.act(who, call, action, Some(stream), |act| {
            act.one(stream, prepare, command)?;
            Ok(stream)
        })
    }

    /// Begins a record with its first event.
    pub(super) fn begin<P: Process>(
        &mut self,
        who: &Entered,
        call: &Call,
        action: Action,
        first: impl FnOnce(&Records, &Occurrence) -> Result<P::Event, RecordsError>,
    ) -> Result<Done, RecordsError> {
        self.act(who, call, action, None, |act| {
            let event = first(act.records(), &act.occurrence)?;
            let stream = Stream::new(P::KIND, act.new_id()?);
            act.begin::<P>(stream.id, &[event], true)?;
            Ok(stream)
        })
    }

    /// The state of a record.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`] if there is none.
    pub(crate) fn existing<P: Process>(&self, id: impl Into<Uuid>) -> Result<P, RecordsError> {
        let stream = Stream::new(P::KIND, id);
        self.state::<P>(stream.id)?.map(|(_, state)| state).ok_or_else(|| RecordsError::unknown(stream))
    }
}

impl Act<'_> {
    /// As [`Records::step`], inside an act.
    pub(super) fn one<P: Process, T>(
        &mut self,
        stream: Stream,
        prepare: impl FnOnce(&Records, &Occurrence) -> Result<T, RecordsError>,
        command: impl FnOnce(&P, T, &Occurrence) -> Result<P::Event, Refusal>,
    ) -> Result<P, RecordsError> {
        let prepared = prepare(self.records(), &self.occurrence)?;
        self.change::<P>(stream.id, |state, by| Ok(vec![command(state, prepared, by)?]))
    }
}

/// Nothing is to be prepared.
pub(super) fn nothing(_: &Records, _: &Occurrence) -> Result<(), RecordsError> {
    Ok(())
}
