//! Finding entries: by record kind, event, person and time, the last first.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params};
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

/// What restricts entries beside kind and event.
const OTHERWISE: &str = "(:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until) \
    AND (:person IS NULL OR json_extract(CAST(bytes AS TEXT), '$.actor.person') = :person)";

impl Store {
    /// Entries as they are sought, the last first, `limit` at most. [`Sighted::before`] says where to go on: a page that is full, or
    /// the end of what is looked at for one answer.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if stored bytes are no entry.
    pub fn search(&self, sought: &Sought, limit: usize) -> Result<Sighted, StoreError> {
        let end = self.head()?.sequence.saturating_add(1).min(sought.before.unwrap_or(u64::MAX));
        let by_index = sought.kind.is_some() || sought.event.is_some();
        // Kind and event are found in their index; for anything else each entry is looked at.
        let exact = by_index && sought.person.is_none() && sought.from.is_none() && sought.until.is_none();
        let begin = if exact { 0 } else { end.saturating_sub(WINDOW) };
        let mut found: Vec<u64> = Vec::new();
        if by_index {
            for (kind, event) in self.runs(sought)? {
                let sql = format!(
                    "SELECT sequence FROM entry INDEXED BY entry_by_event WHERE kind = :kind AND type = :event \
                     AND sequence >= :begin AND sequence < :end AND {OTHERWISE} ORDER BY sequence DESC LIMIT :limit"
                );
                found.extend(self.sequences(&sql, Some((&kind, &event)), sought, (begin, end), limit)?);
            }
            found.sort_unstable_by(|a, b| b.cmp(a));
            found.truncate(limit);
        } else {
            let sql = format!(
                "SELECT sequence FROM entry WHERE sequence >= :begin AND sequence < :end AND {OTHERWISE} \
                 ORDER BY sequence DESC LIMIT :limit"
            );
            found = self.sequences(&sql, None, sought, (begin, end), limit)?;
        }
        let entries: Vec<Stored> =
            found.into_iter().map(|sequence| self.numbered(sequence)).collect::<Result<_, _>>()?;
        let full = entries.len() == limit && limit > 0;
        let before = match entries.last() {
            Some(last) if full => Some(last.entry.sequence),
            _ => Some(begin),
        };
        Ok(Sighted { entries, before: before.filter(|before| *before > 1) })
    }

    /// Kinds and types of entries that there are and that are sought, one step in the index each.
    fn runs(&self, sought: &Sought) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT kind, type FROM entry WHERE (kind, type) > (?1, ?2) ORDER BY kind, type LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut last = (sought.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(), String::new());
        let mut runs = Vec::new();
        while let Some(next) = statement
            .query_row((&last.0, &last.1), |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .optional()?
        {
            if sought.kind.is_some_and(|kind| kind.as_str() != next.0) {
                break;
            }
            if sought.event.as_ref().is_none_or(|event| *event == next.1) {
                runs.push(next.clone());
            }
            last = next;
        }
        Ok(runs)
    }

    fn sequences(
        &self,
        sql: &str,
        run: Option<(&str, &str)>,
        sought: &Sought,
        (begin, end): (u64, u64),
        limit: usize,
    ) -> Result<Vec<u64>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let (since, until) = (sought.from.map(milliseconds), sought.until.map(milliseconds));
        let person = sought.person.map(|person| person.0.to_string());
        let (begin, end, limit) = (integer(begin), integer(end), integer(limit as u64));
        let of_row = |row: &rusqlite::Row<'_>| row.get::<_, u64>(0);
        let rows = match run {
            Some((kind, event)) => statement.query_map(
                named_params! {":kind": kind, ":event": event, ":begin": begin, ":end": end, ":since": since,
                ":until": until, ":person": person, ":limit": limit},
                of_row,
            )?,
            None => statement.query_map(
                named_params! {":begin": begin, ":end": end, ":since": since, ":until": until,
                ":person": person, ":limit": limit},
                of_row,
            )?,
        };
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn numbered(&self, sequence: u64) -> Result<Stored, StoreError> {
        let sql = "SELECT sequence, hash, bytes FROM entry WHERE sequence = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([integer(sequence)])?;
        let missing = || StoreError::Damaged { detail: format!("entry {sequence} is in an index only") };
        stored_in(rows.next()?.ok_or_else(missing)?)
    }
}
