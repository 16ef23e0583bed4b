//! Verifying the ledger: whether the entries are the ones that were made, all of them, in their order.
//!
//! One thread reads the rows and compares their columns with the bytes, another one follows the chain. What was cut off at
//! the end is found by checkpoints, and by records that know more entries than there are. `docs/audit.md` says what this
//! proves.

use std::borrow::Cow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use shindan_domain::ledger::{Actor, Break, Chain, Checkpoint, Hash, Stream};
use shindan_domain::record_id::InstallationId;

use crate::filing::groups_of;
use crate::signing::{NotSigned, check};
use crate::store::{hash_in, integer};
use crate::{Store, StoreError};

/// Problems are listed up to this number, so that a destroyed ledger does not fill the memory.
const LISTED: usize = 1_000;
/// Entries that go to the other thread at a time.
const PARCEL: usize = 1_024;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// Number and hash of the last one, as stored.
    pub last: Chain,
    /// When the first and the last one were made, as far as they can be read.
    pub times: Option<(Timestamp, Timestamp)>,
    /// How many checkpoints, kept and supplied, were compared.
    pub checkpoints: usize,
    /// The last entry that a valid checkpoint covers; what came after it stands on the chain alone.
    pub covered: u64,
    /// What is wrong, in the order of the ledger; at most 1000 are listed.
    pub problems: Vec<Problem>,
}

impl Verified {
    /// True if nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Something wrong in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Entries are missing here: removed, or moved elsewhere.
    #[error("entries {from} to {to} are missing")]
    Missing {
        /// The first that is missing.
        from: u64,
        /// The last that is missing.
        to: u64,
    },
    /// The bytes do not give the stored hash: this entry was changed, or the one before it was exchanged.
    #[error("entry {sequence} was changed, or does not follow the entry before it")]
    Hash {
        /// The entry.
        sequence: u64,
    },
    /// The bytes say that they belong elsewhere: inserted or moved.
    #[error("in the place of entry {sequence} stands the entry {found}")]
    Place {
        /// The place.
        sequence: u64,
        /// The number in the bytes.
        found: u64,
    },
    /// The bytes are no entry.
    #[error("entry {sequence} cannot be read: {error}")]
    Unreadable {
        /// The entry.
        sequence: u64,
        /// Why.
        error: String,
    },
    /// A column by which entries are found does not say what the bytes say.
    #[error("entry {sequence}: the column {column} does not agree with the bytes")]
    Column {
        /// The entry.
        sequence: u64,
        /// The column.
        column: &'static str,
    },
    /// A record knows of entries that are not there: the end was cut off.
    #[error("a record was changed by entry {sequence}, but the ledger ends with entry {last}")]
    RecordAhead {
        /// The entry that the record knows.
        sequence: u64,
        /// The last entry.
        last: u64,
    },
    /// A checkpoint knows of entries that are not there: the end was cut off.
    #[error("the checkpoint of {at} covers entry {sequence}, but the ledger ends with entry {last}")]
    Truncated {
        /// When the checkpoint was made.
        at: Timestamp,
        /// The entry that it covers.
        sequence: u64,
        /// The last entry.
        last: u64,
    },
    /// The ledger had another entry here when the checkpoint was made: it was written anew since.
    #[error("at the checkpoint of {at}, entry {sequence} was another one")]
    Rewritten {
        /// When the checkpoint was made.
        at: Timestamp,
        /// The entry.
        sequence: u64,
    },
    /// The checkpoint's signature does not hold: it proves nothing.
    #[error("the checkpoint of {at} over entry {sequence}: {reason}")]
    CheckpointNotSigned {
        /// When it says that it was made.
        at: Timestamp,
        /// The entry that it speaks of.
        sequence: u64,
        /// Why.
        reason: NotSigned,
    },
    /// Another key than this installation's signed the checkpoint.
    #[error(
        "the checkpoint of {at} over entry {sequence} was signed with the key {key}, which is not this installation's"
    )]
    CheckpointKey {
        /// When it says that it was made.
        at: Timestamp,
        /// The entry that it speaks of.
        sequence: u64,
        /// The key, 64 hexadecimal digits.
        key: String,
    },
    /// The checkpoint is another installation's.
    #[error("the checkpoint of {at} is of the installation {installation}")]
    CheckpointForeign {
        /// When it says that it was made.
        at: Timestamp,
        /// The installation.
        installation: InstallationId,
    },
}

impl Problem {
    /// The stable text form of the kind of problem; words stand under `ledger-problem-<code>` at the edge.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Missing { .. } => "missing",
            Problem::Hash { .. } => "hash",
            Problem::Place { .. } => "place",
            Problem::Unreadable { .. } => "unreadable",
            Problem::Column { .. } => "column",
            Problem::RecordAhead { .. } => "record-ahead",
            Problem::Truncated { .. } => "truncated",
            Problem::Rewritten { .. } => "rewritten",
            Problem::CheckpointNotSigned { .. } => "checkpoint-not-signed",
            Problem::CheckpointKey { .. } => "checkpoint-key",
            Problem::CheckpointForeign { .. } => "checkpoint-foreign",
        }
    }

    /// The particulars by name, for words.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Problem::Missing { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
            Problem::Hash { sequence } => vec![("sequence", sequence.to_string())],
            Problem::Place { sequence, found } => {
                vec![("sequence", sequence.to_string()), ("found", found.to_string())]
            }
            Problem::Unreadable { sequence, error } => {
                vec![("sequence", sequence.to_string()), ("error", error.clone())]
            }
            Problem::Column { sequence, column } => {
                vec![("sequence", sequence.to_string()), ("column", (*column).to_owned())]
            }
            Problem::RecordAhead { sequence, last } => {
                vec![("sequence", sequence.to_string()), ("last", last.to_string())]
            }
            Problem::Truncated { at, sequence, last } => {
                vec![("at", at.to_string()), ("sequence", sequence.to_string()), ("last", last.to_string())]
            }
            Problem::Rewritten { at, sequence } => {
                vec![("at", at.to_string()), ("sequence", sequence.to_string())]
            }
            Problem::CheckpointNotSigned { at, sequence, reason } => {
                vec![
                    ("at", at.to_string()),
                    ("sequence", sequence.to_string()),
                    ("reason", reason.to_string()),
                ]
            }
            Problem::CheckpointKey { at, sequence, key } => {
                vec![("at", at.to_string()), ("sequence", sequence.to_string()), ("key", key.clone())]
            }
            Problem::CheckpointForeign { at, installation } => {
                vec![("at", at.to_string()), ("installation", installation.to_string())]
            }
        }
    }

    /// The first entry that it concerns.
    pub fn sequence(&self) -> Option<u64> {
        match self {
            Problem::Missing { from, .. } => Some(*from),
            Problem::Hash { sequence }
            | Problem::Place { sequence, .. }
            | Problem::Unreadable { sequence, .. }
            | Problem::Column { sequence, .. }
            | Problem::RecordAhead { sequence, .. }
            | Problem::Truncated { sequence, .. }
            | Problem::Rewritten { sequence, .. }
            | Problem::CheckpointNotSigned { sequence, .. }
            | Problem::CheckpointKey { sequence, .. } => Some(*sequence),
            Problem::CheckpointForeign { .. } => None,
        }
    }
}

/// An entry without its payload, read where the bytes are.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(rename = "actor")]
    _actor: Actor,
    at: Timestamp,
    #[serde(rename = "payload")]
    _payload: IgnoredAny,
    revision: u64,
    sequence: u64,
    stream: Stream,
    #[serde(rename = "type", borrow)]
    event: Cow<'a, str>,
    #[serde(rename = "version")]
    _version: u16,
}

/// Several rows for the other thread: all bytes in one piece.
#[derive(Default)]
struct Parcel {
    bytes: Vec<u8>,
    rows: Vec<(u64, Hash, usize)>,
}

impl Store {
    /// Verifies the whole ledger, also against the kept checkpoints and those that are supplied (by the other party, from
    /// paper). A ledger with problems is an answer, not an error.
    ///
    /// # Errors
    /// Those of reading the database.
    pub fn verify(&self, supplied: &[Checkpoint]) -> Result<Verified, StoreError> {
        let snapshot = self.snapshot()?;
        let (rows, chain) = std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(8);
            let follower = scope.spawn(move || follow(&receiver));
            let rows = read(&snapshot, &sender);
            drop(sender);
            // The other thread holds nothing that can fail; a panic there would be a defect of SHA-256.
            let chain =
                follower.join().map_err(|_| StoreError::Database("verification was aborted".to_owned()));
            (rows, chain)
        });
        let (mut rows, chain) = (rows?, chain?);
        let mut verified = Verified {
            entries: rows.entries,
            last: rows.last,
            times: rows.times,
            checkpoints: 0,
            covered: 0,
            problems: chain,
        };
        verified.problems.append(&mut rows.problems);
        verified.problems.sort_by_key(Problem::sequence);
        self.records_within(&mut verified)?;
        let kept = self.checkpoints()?;
        for checkpoint in kept.iter().chain(supplied) {
            self.compare_checkpoint(checkpoint, &mut verified)?;
        }
        verified.problems.truncate(LISTED);
        Ok(verified)
    }

    /// Records must not know more entries than there are.
    fn records_within(&self, verified: &mut Verified) -> Result<(), StoreError> {
        let mut furthest = 0;
        for group in groups_of(&self.connection)? {
            let sql = "SELECT max(changed) FROM record WHERE list_group = ?1";
            let last: Option<u64> =
                self.connection.prepare_cached(sql)?.query_row([group.id], |row| row.get(0))?;
            furthest = furthest.max(last.unwrap_or(0));
        }
        let last = verified.last.sequence;
        if furthest > last {
            verified.problems.push(Problem::RecordAhead { sequence: furthest, last });
        }
        Ok(())
    }

    fn compare_checkpoint(&self, checkpoint: &Checkpoint, verified: &mut Verified) -> Result<(), StoreError> {
        verified.checkpoints += 1;
        let Checkpoint { installation, sequence, hash, at, key, .. } = checkpoint;
        let (sequence, at) = (*sequence, *at);
        if *installation != self.installation().id {
            verified.problems.push(Problem::CheckpointForeign { at, installation: *installation });
            return Ok(());
        }
        if let Err(reason) = check(checkpoint) {
            verified.problems.push(Problem::CheckpointNotSigned { at, sequence, reason });
            return Ok(());
        }
        if !self.is_own_key(key)? {
            verified.problems.push(Problem::CheckpointKey { at, sequence, key: key.clone() });
            return Ok(());
        }
        let last = verified.last.sequence;
        let there = match sequence {
            0 => Some(Hash::NONE),
            _ => self.hash_of(sequence)?,
        };
        match there {
            Some(there) if there == *hash => verified.covered = verified.covered.max(sequence),
            Some(_) => verified.problems.push(Problem::Rewritten { at, sequence }),
            None if sequence > last => verified.problems.push(Problem::Truncated { at, sequence, last }),
            // Missing in the middle: said already.
            None => {}
        }
        Ok(())
    }

    fn hash_of(&self, sequence: u64) -> Result<Option<Hash>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT hash FROM entry WHERE sequence = ?1")?;
        let mut rows = statement.query([integer(sequence)])?;
        Ok(match rows.next()? {
            Some(row) => Some(hash_in(row, 0)?),
            None => None,
        })
    }
}

/// What the rows themselves say.
struct Rows {
    entries: u64,
    last: Chain,
    times: Option<(Timestamp, Timestamp)>,
    problems: Vec<Problem>,
}

fn read(connection: &rusqlite::Connection, sender: &SyncSender<Parcel>) -> Result<Rows, StoreError> {
    let sql = "SELECT sequence, kind, id, revision, at, type, hash, bytes FROM entry ORDER BY sequence";
    let mut statement = connection.prepare(sql)?;
    let mut found = statement.query([])?;
    let mut rows = Rows { entries: 0, last: Chain::EMPTY, times: None, problems: Vec::new() };
    let mut parcel = Parcel::default();
    while let Some(row) = found.next()? {
        let sequence: u64 = row.get(0)?;
        let hash = hash_in(row, 6)?;
        let bytes =
            row.get_ref(7)?.as_blob().map_err(|error| StoreError::Damaged { detail: error.to_string() })?;
        rows.header(sequence, row, bytes)?;
        rows.entries += 1;
        rows.last = Chain { sequence, hash };
        parcel.bytes.extend_from_slice(bytes);
        parcel.rows.push((sequence, hash, parcel.bytes.len()));
        // The other thread ends only after this one: what cannot be sent is said when it is joined.
        if parcel.rows.len() == PARCEL && sender.send(std::mem::take(&mut parcel)).is_err() {
            break;
        }
    }
    if !parcel.rows.is_empty() {
        let _joined_later = sender.send(parcel);
    }
    Ok(rows)
}

impl Rows {
    /// Compares the columns of a row with its bytes.
    fn header(&mut self, sequence: u64, row: &rusqlite::Row<'_>, bytes: &[u8]) -> Result<(), StoreError> {
        let header: Header<'_> = match serde_json::from_slice(bytes) {
            Ok(header) => header,
            Err(error) => {
                self.problem(Problem::Unreadable { sequence, error: error.to_string() });
                return Ok(());
            }
        };
        self.times = Some((self.times.map_or(header.at, |(first, _)| first), header.at));
        if header.sequence != sequence {
            self.problem(Problem::Place { sequence, found: header.sequence });
        }
        let same = [
            ("kind", row.get_ref(1)?.as_bytes().ok() == Some(header.stream.kind.as_str().as_bytes())),
            ("id", row.get_ref(2)?.as_bytes().ok() == Some(header.stream.id.as_bytes())),
            ("revision", row.get_ref(3)?.as_i64().ok() == Some(integer(header.revision))),
            ("at", row.get_ref(4)?.as_i64().ok() == Some(header.at.as_millisecond())),
            ("type", row.get_ref(5)?.as_bytes().ok() == Some(header.event.as_bytes())),
        ];
        for (column, _) in same.into_iter().filter(|(_, same)| !same) {
            self.problem(Problem::Column { sequence, column });
        }
        Ok(())
    }

    fn problem(&mut self, problem: Problem) {
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }
}

/// Follows the chain. After a break it goes on from the stored hash, so that every break is found and none twice.
fn follow(receiver: &Receiver<Parcel>) -> Vec<Problem> {
    let mut chain = Chain::EMPTY;
    let mut problems = Vec::new();
    for Parcel { bytes, rows } in receiver {
        let mut start = 0;
        for (sequence, hash, end) in rows {
            let bytes = bytes.get(start..end).unwrap_or_default();
            start = end;
            let Err(found) = chain.follow(sequence, bytes, hash) else { continue };
            if problems.len() < LISTED {
                problems.push(match found {
                    Break::Sequence { expected, found } => {
                        Problem::Missing { from: expected, to: found.saturating_sub(1) }
                    }
                    Break::Hash { sequence } => Problem::Hash { sequence },
                });
            }
            chain = Chain { sequence, hash };
        }
    }
    problems
}
