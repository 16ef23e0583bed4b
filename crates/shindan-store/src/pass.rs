//! Passing over entries: what their columns tell, and their bytes only where somebody looks at them.

use jiff::Timestamp;
use rusqlite::Row as SqlRow;
use shindan_domain::ledger::{Entry, Kind};
use uuid::Uuid;

use crate::store::{integer, time_in, uuid_in};
use crate::{Store, StoreError};

/// An entry that is passed.
#[derive(Debug)]
pub struct Passed<'r> {
    /// Its number.
    pub sequence: u64,
    /// What its record is.
    pub kind: Kind,
    /// Which record it is about.
    pub id: Uuid,
    /// When it was made, UTC.
    pub at: Timestamp,
    row: &'r SqlRow<'r>,
}

impl Passed<'_> {
    /// What happened (`case.opened`).
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the column holds no text.
    pub fn event(&self) -> Result<&str, StoreError> {
        let event = self.row.get_ref(4)?.as_str();
        event.map_err(|error| StoreError::Damaged { detail: error.to_string() })
    }

    /// Its bytes, which are read now.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the column holds no bytes.
    pub fn bytes(&self) -> Result<&[u8], StoreError> {
        let bytes = self.row.get_ref(5)?.as_blob();
        bytes.map_err(|error| StoreError::Damaged { detail: error.to_string() })
    }

    /// All of it.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if stored bytes are no entry.
    pub fn entry(&self) -> Result<Entry, StoreError> {
        let sequence = self.sequence;
        Entry::from_bytes(self.bytes()?)
            .map_err(|error| StoreError::Entry { sequence, error: error.to_string() })
    }
}

impl Store {
    /// Passes the next `limit` entries after the one with the number `after`, looks at those of some kinds of records, and answers the
    /// number of the last one that was passed: a caller goes on from there, until it stays the same.
    ///
    /// # Errors
    /// Those of the database, and what `look` answers.
    pub fn pass_entries<E: From<StoreError>>(
        &self,
        kinds: &[Kind],
        (after, limit): (u64, usize),
        look: &mut dyn FnMut(&Passed<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let sql = "SELECT sequence, kind, id, at, type, bytes FROM entry WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(StoreError::from)?;
        let mut rows = statement.query((integer(after), integer(limit as u64))).map_err(StoreError::from)?;
        let mut last = after;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            last = row.get(0).map_err(StoreError::from)?;
            if let Some(passed) = passed(row, last, kinds)? {
                look(&passed)?;
            }
        }
        Ok(last)
    }
}

fn passed<'r>(row: &'r SqlRow<'r>, sequence: u64, kinds: &[Kind]) -> Result<Option<Passed<'r>>, StoreError> {
    let found = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let Some(kind) = kinds.iter().find(|kind| kind.as_str() == found) else { return Ok(None) };
    Ok(Some(Passed { sequence, kind: *kind, id: uuid_in(row, 2)?, at: time_in(row, 3)?, row }))
}
