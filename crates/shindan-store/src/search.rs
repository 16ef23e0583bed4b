//! Finding entries: by record kind, event, person and time, the last first.

use jiff::Timestamp;
use rusqlite::named_params;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::PersonId;

use crate::read::stored_in;
use crate::store::{integer, milliseconds};
use crate::{Store, StoreError, Stored};

/// So many entries are looked at for one answer: a search that finds little does not keep others waiting.
const WINDOW: u64 = 200_000;

/// Which entries are sought. What is not said does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// About records of this kind.
    pub kind: Option<Kind>,
    /// Of this type (`case.opened`).
    pub event: Option<String>,
    /// By this person.
    pub person: Option<PersonId>,
    /// Made at this time or later.
    pub from: Option<Timestamp>,
    /// Made before this time.
    pub until: Option<Timestamp>,
    /// With a smaller number than this.
    pub before: Option<u64>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighted {
    /// The entries, the last first.
    pub entries: Vec<Stored>,
    /// There may be more before this number.
    pub before: Option<u64>,
}

impl Store {
    /// Entries as they are sought, the last first, `limit` at most. [`Sighted::before`] says where to go on: a page that is full, or
    /// the end of what is looked at for one answer.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if stored bytes are no entry.
    pub fn search(&self, sought: &Sought, limit: usize) -> Result<Sighted, StoreError> {
        let end = self.head()?.sequence.saturating_add(1).min(sought.before.unwrap_or(u64::MAX));
        let begin = end.saturating_sub(WINDOW);
        let sql = "SELECT sequence, hash, bytes FROM entry WHERE sequence >= :begin AND sequence < :end \
                   AND (:kind IS NULL OR kind = :kind) AND (:event IS NULL OR type = :event) \
                   AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until) \
                   AND (:person IS NULL OR json_extract(CAST(bytes AS TEXT), '$.actor.person') = :person) \
                   ORDER BY sequence DESC LIMIT :limit";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(named_params! {
            ":begin": integer(begin),
            ":end": integer(end),
            ":kind": sought.kind.map(Kind::as_str),
            ":event": sought.event.as_deref(),
            ":since": sought.from.map(milliseconds),
            ":until": sought.until.map(milliseconds),
            ":person": sought.person.map(|person| person.0.to_string()),
            ":limit": integer(limit as u64),
        })?;
        let mut entries: Vec<Stored> = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(stored_in(row)?);
        }
        let full = entries.len() == limit && limit > 0;
        let before = match entries.last() {
            Some(last) if full => Some(last.entry.sequence),
            _ => Some(begin),
        };
        Ok(Sighted { entries, before: before.filter(|before| *before > 1) })
    }
}
