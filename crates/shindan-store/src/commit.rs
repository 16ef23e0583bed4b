//! One change: entries, states, lists and the answer to the request, in one transaction.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, TransactionBehavior};
use shindan_domain::ledger::{Actor, Chain, Entry, Hash, Stream};
use shindan_domain::process::{Encoded, Filed};
use shindan_domain::record_id::PersonId;

use crate::filing::{Filer, Filing};
use crate::store::{hash_in, integer, last_entry, milliseconds, stream_in, time_in, truncated};
use crate::{AccountWrite, Store, StoreError, number};

/// A clock that is behind the latest entry by no more than this is taken to be the same clock, set right.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

/// A change that was decided and is to be kept as a whole.
#[derive(Debug, Clone)]
pub struct Batch {
    /// When; kept to milliseconds.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The request that asked for it, if asking again must not do it again.
    pub idempotency: Option<Idempotency>,
    /// Records that change, in order. None: only the answer is kept.
    pub writes: Vec<Write>,
    /// What the request is answered with, kept for when it is asked again.
    pub answer: Option<String>,
}

/// A request that can be repeated without being done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key that the client made up; counts per person.
    pub key: String,
    /// Digest of what was asked, so that the key cannot be used for something else.
    pub request: Hash,
}

/// The change of one record.
#[derive(Debug, Clone)]
pub struct Write {
    /// The record.
    pub stream: Stream,
    /// The revision on which the change was decided; 0: there is no such record yet.
    pub expected_revision: u64,
    /// What happened, at least one.
    pub events: Vec<Encoded>,
    /// The state after them, as JSON.
    pub state: Vec<u8>,
    /// The columns of lists after them.
    pub filed: Filed,
    /// Whether a new record gets a display number.
    pub numbered: bool,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Number of the first entry.
    pub first: u64,
    /// Number of the last entry; `first - 1` if there was none.
    pub last: u64,
    /// When, as it was kept.
    pub at: Timestamp,
    /// Display numbers that records got.
    pub numbers: BTreeMap<Stream, String>,
    /// The answer that was kept with the request.
    pub answer: Option<String>,
    /// True if the request had been done before: nothing was written now.
    pub replayed: bool,
}

impl Store {
    /// Keeps a change: all of it or nothing. When this returns, it survives loss of power.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if a record was changed meanwhile, [`StoreError::ClockBackwards`],
    /// [`StoreError::KeyReused`], [`StoreError::Locked`], [`StoreError::Full`] and others; nothing is written then.
    pub fn commit(&mut self, batch: Batch) -> Result<Committed, StoreError> {
        self.commit_with(batch, &[])
    }

    /// As [`Store::commit`], together with what is kept of accounts beside the ledger.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn commit_with(&mut self, batch: Batch, accounts: &[AccountWrite]) -> Result<Committed, StoreError> {
        let prefix = self.installation().prefix.clone();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let person = batch.actor.person;
        if let Some(asked) = &batch.idempotency
            && let Some(done) = done_before(&transaction, person, asked)?
        {
            return Ok(done);
        }
        let at = settled(batch.at, latest(&transaction)?)?;
        let chain = last_entry(&transaction)?.map_or(Chain::EMPTY, |(chain, _)| chain);
        let mut committed = Committed {
            first: chain.sequence + 1,
            last: chain.sequence,
            at,
            numbers: BTreeMap::new(),
            answer: batch.answer,
            replayed: false,
        };
        let mut writer = Writer {
            connection: &transaction,
            prefix: &prefix,
            at,
            actor: batch.actor,
            chain,
            filer: Filer::new(&transaction)?,
        };
        for write in batch.writes {
            let stream = write.stream;
            if let Some(number) = writer.write(write)? {
                committed.numbers.insert(stream, number);
            }
        }
        committed.last = writer.chain.sequence;
        writer.filer.finish()?;
        for account in accounts {
            account.write(&transaction)?;
        }
        if let Some(asked) = &batch.idempotency {
            keep_answer(&transaction, person, asked, &committed)?;
        }
        transaction.commit()?;
        Ok(committed)
    }

    /// The time at which a change that is made now is kept: milliseconds. States are folded with it, so that deriving them
    /// again gives the same.
    ///
    /// # Errors
    /// [`StoreError::ClockBackwards`].
    pub fn time_for(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        settled(now, latest(&self.connection)?)
    }

    /// What a request was answered with, if it was done before; to ask before deciding anything anew.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] if the key was used for another request.
    pub fn done_before(
        &self,
        person: PersonId,
        asked: &Idempotency,
    ) -> Result<Option<Committed>, StoreError> {
        done_before(&*self.snapshot()?, person, asked)
    }

    /// Forgets the answers to requests that were made before `before`; returns how many.
    ///
    /// # Errors
    /// Those of writing.
    pub fn forget_answers(&self, before: Timestamp) -> Result<usize, StoreError> {
        Ok(self.connection.execute("DELETE FROM answer WHERE at < ?1", [milliseconds(before)])?)
    }
}

/// The time at which entries are kept. Two processes that write at the same moment may be some milliseconds out of order:
/// each keeps its own time, as its states were folded with it. The order of entries is given by their numbers.
fn settled(now: Timestamp, latest: Option<Timestamp>) -> Result<Timestamp, StoreError> {
    let now = truncated(now);
    match latest {
        Some(last) if last.duration_since(now) > TOLERANCE => Err(StoreError::ClockBackwards { last, now }),
        _ => Ok(now),
    }
}

/// The latest time of any entry.
fn latest(connection: &rusqlite::Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT at FROM entry ORDER BY at DESC LIMIT 1")?;
    Ok(statement.query_row([], |row| time_in(row, 0)).optional()?)
}

struct Writer<'c> {
    connection: &'c rusqlite::Connection,
    prefix: &'c str,
    at: Timestamp,
    actor: Actor,
    chain: Chain,
    filer: Filer<'c>,
}

impl Writer<'_> {
    /// Writes one record; answers with the display number if it got one.
    fn write(&mut self, write: Write) -> Result<Option<String>, StoreError> {
        let Write { stream, expected_revision, events, state, filed, numbered } = write;
        let found = self.filer.filed_before(stream)?;
        let revision = found.as_ref().map_or(0, |found| found.revision);
        if revision != expected_revision {
            return Err(StoreError::Conflict { stream, expected: expected_revision, found: revision });
        }
        if events.is_empty() {
            return Err(StoreError::NoEvent { stream });
        }
        let given = match numbered && found.is_none() {
            true => Some(number::next(self.connection, self.prefix, self.at)?),
            false => None,
        };
        let mut number = given.clone();
        let first = self.chain.sequence + 1;
        for (event, revision) in events.into_iter().zip(revision + 1..) {
            self.append(stream, revision, number.take(), event)?;
        }
        let filing = Filing {
            stream,
            first: found.as_ref().map_or(first, |found| found.first),
            revision: revision + (self.chain.sequence + 1 - first),
            number: given.clone().or_else(|| found.as_ref().and_then(|found| found.number.clone())),
            changed: self.chain.sequence,
            opened_at: found.as_ref().map_or(self.at, |found| found.opened_at),
            changed_at: self.at,
            state,
            filed,
        };
        self.filer.file(&filing, found.as_ref())?;
        Ok(given)
    }

    /// Adds one entry to the chain.
    fn append(
        &mut self,
        stream: Stream,
        revision: u64,
        number: Option<String>,
        event: Encoded,
    ) -> Result<(), StoreError> {
        let sequence = self.chain.sequence + 1;
        let Encoded { event, version, payload } = event;
        let entry = Entry {
            actor: self.actor,
            at: self.at,
            number,
            payload,
            revision,
            sequence,
            stream,
            event,
            version,
        };
        let bytes = entry.to_bytes().map_err(|error| StoreError::NotCanonical { stream, error })?;
        let hash = self.chain.hash.then(&bytes);
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO entry (sequence, kind, id, revision, at, type, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        statement.execute((
            integer(sequence),
            stream.kind.as_str(),
            stream.id.as_bytes(),
            integer(revision),
            milliseconds(self.at),
            &entry.event,
            &hash.0,
            &bytes,
        ))?;
        self.chain = Chain { sequence, hash };
        Ok(())
    }
}

fn done_before(
    connection: &rusqlite::Connection,
    person: PersonId,
    asked: &Idempotency,
) -> Result<Option<Committed>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT request, first_entry, last_entry, at, answer FROM answer WHERE person = ?1 AND key = ?2",
    )?;
    let found = statement
        .query_row((person.0.as_bytes(), &asked.key), |row| {
            let (request, at) = (hash_in(row, 0)?, time_in(row, 3)?);
            Ok((request, row.get::<_, u64>(1)?, row.get::<_, u64>(2)?, at, row.get::<_, Option<String>>(4)?))
        })
        .optional()?;
    let Some((request, first, last, at, answer)) = found else { return Ok(None) };
    if request != asked.request {
        return Err(StoreError::KeyReused { key: asked.key.clone() });
    }
    let mut numbers = connection.prepare_cached(
        "SELECT kind, id, number FROM record WHERE first BETWEEN ?1 AND ?2 AND number IS NOT NULL",
    )?;
    let numbers = numbers
        .query_map((integer(first), integer(last)), |row| Ok((stream_in(row, 0)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    Ok(Some(Committed { first, last, at, numbers, answer, replayed: true }))
}

fn keep_answer(
    connection: &rusqlite::Connection,
    person: PersonId,
    asked: &Idempotency,
    committed: &Committed,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO answer (person, key, request, first_entry, last_entry, at, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            person.0.as_bytes(),
            &asked.key,
            &asked.request.0,
            integer(committed.first),
            integer(committed.last),
            milliseconds(committed.at),
            &committed.answer,
        ),
    )?;
    Ok(())
}
