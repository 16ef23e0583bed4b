//! One act of a person: commands on one or several records, committed in one transaction with their ledger entries.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::ledger::{Hash, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Encoded, Filed, Occurrence, Process, Refusal, encode, fold};
use shindan_domain::record_id::PersonId;
use shindan_store::{AccountWrite, Batch, Idempotency, RefusedStep, Write};
use uuid::Uuid;

use super::{Entered, Records, RecordsError, random};

/// When a use case is called, and what the caller expects.
#[derive(Debug, Clone)]
pub struct Call {
    /// The present time.
    pub now: Timestamp,
    /// Key and digest of the request: the same request sent twice is done once.
    pub once: Option<(String, Hash)>,
    /// The revision that the caller saw; another one is a conflict, never overwritten.
    pub seen: Option<u64>,
}

impl Call {
    /// A call now, with no expectation.
    pub fn at(now: Timestamp) -> Self {
        Call { now, once: None, seen: None }
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The record that the act was about.
    pub stream: Stream,
    /// Its display number, if it has one.
    pub number: Option<String>,
    /// Entries of the record after the act.
    pub revision: u64,
    /// First and last entry of the ledger that were written; `None` if there was nothing to write.
    pub entries: Option<(u64, u64)>,
    /// True if the same request was done before and nothing was written now.
    pub repeated: bool,
    /// Display numbers of the records that were begun.
    pub numbers: BTreeMap<Stream, String>,
}

/// An act that is being put together. Nothing is written before it is whole.
#[derive(Debug)]
pub struct Act<'r> {
    records: &'r mut Records,
    /// When, and who acts.
    pub occurrence: Occurrence,
    seen: Option<u64>,
    about: Option<Stream>,
    writes: Vec<Staged>,
    /// Where in `writes` a record stands.
    places: BTreeMap<Stream, usize>,
    names: Vec<(PersonId, Option<String>)>,
    accounts: Vec<AccountWrite>,
}

#[derive(Debug)]
struct Staged {
    stream: Stream,
    /// Entries of the record before this act.
    before: u64,
    events: Vec<Encoded>,
    state: Vec<u8>,
    filed: Filed,
    numbered: bool,
}

impl Records {
    /// Carries out an act. `about`: the record it is about, for the log of refusals; `work` puts it together and names the
    /// record that the answer is about.
    ///
    /// # Errors
    /// [`RecordsError::Refused`] (logged with who and why), [`RecordsError::Conflict`], those of reading and the store. After
    /// an error nothing is written.
    pub fn act(
        &mut self,
        who: &Entered,
        call: &Call,
        action: Action,
        about: Option<Stream>,
        work: impl FnOnce(&mut Act<'_>) -> Result<Stream, RecordsError>,
    ) -> Result<Done, RecordsError> {
        let done =
            who.permit(action).map_err(|refusal| RecordsError::refused(about, refusal)).and_then(|()| {
                if let Some(done) = self.done_before(who, call)? {
                    return Ok(done);
                }
                let occurrence = Occurrence { at: self.store.time_for(call.now)?, actor: who.actor };
                let mut act = Act {
                    records: self,
                    occurrence,
                    seen: call.seen,
                    about,
                    writes: Vec::new(),
                    places: BTreeMap::new(),
                    names: Vec::new(),
                    accounts: Vec::new(),
                };
                let main = work(&mut act)?;
                act.look_at_devices()?;
                act.commit(main, call)
            });
        if let Err(RecordsError::Refused { about, refusal }) = &done {
            self.log_refusal(who, call.now, action, *about, refusal)?;
        }
        done
    }

    /// Gives something out without writing: permitted as an act is, and a refusal is logged as that of an act.
    ///
    /// # Errors
    /// [`RecordsError::Refused`] (logged with who and why); those of `work`.
    pub(super) fn look<T>(
        &self,
        who: &Entered,
        now: Timestamp,
        action: Action,
        about: Option<Stream>,
        work: impl FnOnce() -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        let permitted = who.permit(action).map_err(|refusal| RecordsError::refused(about, refusal));
        let answer = permitted.and_then(|()| work());
        if let Err(RecordsError::Refused { about, refusal }) = &answer {
            self.log_refusal(who, now, action, *about, refusal)?;
        }
        answer
    }

    /// What came of the same request, if it was carried out before.
    ///
    /// # Errors
    /// Those of the store: the key was used for something else.
    pub(super) fn done_before(&self, who: &Entered, call: &Call) -> Result<Option<Done>, RecordsError> {
        let Some(asked) = call.asked() else { return Ok(None) };
        let Some(done) = self.store.done_before(who.person(), &asked)? else { return Ok(None) };
        let answer: Stream =
            serde_json::from_str(&done.answer.unwrap_or_default()).map_err(RecordsError::stored)?;
        self.done(answer, None).map(|done| Some(Done { repeated: true, ..done }))
    }

    pub(super) fn log_refusal(
        &self,
        who: &Entered,
        now: Timestamp,
        action: Action,
        about: Option<Stream>,
        refusal: &Refusal,
    ) -> Result<(), RecordsError> {
        let step = RefusedStep {
            at: now,
            person: Some(who.person()),
            action: action.as_str().to_owned(),
            stream: about,
            refusal: refusal.clone(),
        };
        self.store.log_refusal(&step)?;
        Ok(())
    }
}

impl Act<'_> {
    /// A new identifier (UUID version 7).
    ///
    /// # Errors
    /// [`RecordsError::Randomness`] if the system gives no random bytes.
    pub fn new_id(&self) -> Result<Uuid, RecordsError> {
        random::id(self.occurrence.at)
    }

    /// The records, for reading what is committed.
    pub fn records(&self) -> &Records {
        self.records
    }

    /// The state of a record as this act has left it so far.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`] if there is none.
    pub fn state<P: Process>(&self, id: impl Into<Uuid>) -> Result<P, RecordsError> {
        let stream = Stream::new(P::KIND, id);
        match self.staged(stream) {
            Some(staged) => serde_json::from_slice(&staged.state).map_err(RecordsError::stored),
            None => self
                .records
                .state::<P>(stream.id)?
                .map(|(_, state)| state)
                .ok_or_else(|| RecordsError::unknown(stream)),
        }
    }

    /// Begins a record with its first events. `numbered`: people see a display number.
    ///
    /// # Errors
    /// Those of coding events, which are defects.
    pub fn begin<P: Process>(
        &mut self,
        id: impl Into<Uuid>,
        events: &[P::Event],
        numbered: bool,
    ) -> Result<P, RecordsError> {
        let stream = Stream::new(P::KIND, id);
        self.stage(stream, 0, None, events, numbered)
    }

    /// Gives a command to a record.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`], [`RecordsError::Refused`], and [`RecordsError::Conflict`] if the caller saw another revision.
    pub fn change<P: Process>(
        &mut self,
        id: impl Into<Uuid>,
        command: impl FnOnce(&P, &Occurrence) -> Result<Vec<P::Event>, Refusal>,
    ) -> Result<P, RecordsError> {
        let stream = Stream::new(P::KIND, id);
        let (before, state) = self.held::<P>(stream)?;
        // What the caller saw is the record that the act is about, whatever else is changed before it.
        let is_meant = self.about.map_or(self.writes.is_empty(), |about| about == stream);
        if let (Some(seen), true) = (self.seen, is_meant)
            && seen != before
        {
            return Err(RecordsError::Conflict { stream, expected: seen, found: before });
        }
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        let events = command(&state, &self.occurrence).map_err(refused)?;
        if events.is_empty() {
            return Ok(state);
        }
        self.stage(stream, before, Some(state), &events, false)
    }

    /// Refuses to go on if the caller saw another revision of a record that the act is about and only reads, or adds to. 0: there was
    /// none.
    ///
    /// # Errors
    /// [`RecordsError::Conflict`].
    pub(super) fn is_as_seen(&self, stream: Stream) -> Result<(), RecordsError> {
        let Some(seen) = self.seen else { return Ok(()) };
        let found = self.records.store.record(stream)?.map_or(0, |record| record.row.revision);
        if seen == found { Ok(()) } else { Err(RecordsError::Conflict { stream, expected: seen, found }) }
    }

    /// Gives a person a name, which is kept beside the ledger.
    pub(super) fn name(&mut self, person: PersonId, name: String) {
        self.names.push((person, Some(name)));
    }

    /// Erases a person's name.
    pub(super) fn erase_name(&mut self, person: PersonId) {
        self.names.push((person, None));
    }

    /// Changes what a person logs in with, or ends sessions: beside the ledger, in the same transaction.
    pub(super) fn account(&mut self, write: AccountWrite) {
        self.accounts.push(write);
    }

    /// Adds what happened to a record whose state and revision the caller holds; for acts on thousands of records.
    pub(super) fn put<P: Process>(
        &mut self,
        id: impl Into<Uuid>,
        (before, state): (u64, P),
        events: &[P::Event],
    ) -> Result<P, RecordsError> {
        self.stage(Stream::new(P::KIND, id), before, Some(state), events, false)
    }

    /// Begins a record that there is one of, or adds to it.
    pub(super) fn note<P: Process>(
        &mut self,
        id: impl Into<Uuid>,
        events: &[P::Event],
    ) -> Result<(), RecordsError> {
        let stream = Stream::new(P::KIND, id);
        let (before, state) = match self.staged(stream) {
            Some(staged) => {
                (staged.before, Some(serde_json::from_slice(&staged.state).map_err(RecordsError::stored)?))
            }
            None => match self.records.state::<P>(stream.id)? {
                Some((before, state)) => (before, Some(state)),
                None => (0, None),
            },
        };
        self.stage(stream, before, state, events, false).map(drop)
    }

    /// Records of a process that this act begins or changes: as they are committed, if they are, and as it leaves them.
    ///
    /// # Errors
    /// [`RecordsError::Stored`] if a stored state is not one of this process.
    pub(super) fn touched<P: Process>(&self) -> Result<Vec<(Uuid, Option<P>, P)>, RecordsError> {
        let staged = self.writes.iter().filter(|staged| staged.stream.kind == P::KIND);
        let pair = |staged: &Staged| {
            let before = self.records.state::<P>(staged.stream.id)?.map(|(_, state)| state);
            Ok((
                staged.stream.id,
                before,
                serde_json::from_slice(&staged.state).map_err(RecordsError::stored)?,
            ))
        };
        staged.map(pair).collect()
    }

    fn staged(&self, stream: Stream) -> Option<&Staged> {
        self.places.get(&stream).and_then(|place| self.writes.get(*place))
    }

    /// A record's revision before this act and its state as this act has left it.
    fn held<P: Process>(&self, stream: Stream) -> Result<(u64, P), RecordsError> {
        if let Some(staged) = self.staged(stream) {
            let state = serde_json::from_slice(&staged.state).map_err(RecordsError::stored)?;
            return Ok((staged.before, state));
        }
        self.records.state::<P>(stream.id)?.ok_or_else(|| RecordsError::unknown(stream))
    }

    fn stage<P: Process>(
        &mut self,
        stream: Stream,
        before: u64,
        state: Option<P>,
        events: &[P::Event],
        numbered: bool,
    ) -> Result<P, RecordsError> {
        let state = fold(state, events, &self.occurrence).map_err(RecordsError::stored)?;
        let state = state.ok_or_else(|| RecordsError::unknown(stream))?;
        let encoded =
            events.iter().map(encode::<P>).collect::<Result<Vec<_>, _>>().map_err(RecordsError::stored)?;
        let bytes = serde_json::to_vec(&state).map_err(RecordsError::stored)?;
        let filed = state.filed();
        let known = self.places.get(&stream).and_then(|place| self.writes.get_mut(*place));
        match known {
            Some(staged) => {
                staged.events.extend(encoded);
                staged.state = bytes;
                staged.filed = filed;
            }
            None => {
                self.places.insert(stream, self.writes.len());
                self.writes.push(Staged { stream, before, events: encoded, state: bytes, filed, numbered });
            }
        }
        Ok(state)
    }

    fn commit(self, main: Stream, call: &Call) -> Result<Done, RecordsError> {
        let Act { records, occurrence, writes, names, accounts, .. } = self;
        let mut entries = None;
        let mut numbers = BTreeMap::new();
        if !writes.is_empty() || !accounts.is_empty() || call.once.is_some() {
            let batch = Batch {
                at: occurrence.at,
                actor: occurrence.actor,
                idempotency: call.asked(),
                writes: writes.into_iter().map(Staged::write).collect(),
                answer: Some(serde_json::to_string(&main).map_err(RecordsError::stored)?),
            };
            let committed = records.store.commit_with(batch, &accounts)?;
            entries = (committed.first <= committed.last).then_some((committed.first, committed.last));
            numbers = committed.numbers;
        }
        // Names are not in the ledger. A person whose name got lost here is shown without one and can be renamed.
        for (person, name) in names {
            match name {
                Some(name) => records.store.set_name(person, &name, occurrence.at)?,
                None => drop(records.store.erase_name(person)?),
            }
        }
        records.done(main, entries).map(|done| Done { numbers, ..done })
    }
}

impl Records {
    /// The answer about a record as it is now.
    pub(super) fn done(&self, stream: Stream, entries: Option<(u64, u64)>) -> Result<Done, RecordsError> {
        let record = self.store.record(stream)?;
        let (number, revision) = record.map_or((None, 0), |record| (record.row.number, record.row.revision));
        Ok(Done { stream, number, revision, entries, repeated: false, numbers: BTreeMap::new() })
    }
}

impl Call {
    fn asked(&self) -> Option<Idempotency> {
        self.once.as_ref().map(|(key, request)| Idempotency { key: key.clone(), request: *request })
    }
}

impl Staged {
    fn write(self) -> Write {
        let Staged { stream, before, events, state, filed, numbered } = self;
        Write { stream, expected_revision: before, events, state, filed, numbered }
    }
}
