//! Reading records and entries.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use shindan_domain::ledger::{Entry, Hash, Kind, Stream};
use shindan_domain::process::{Link, Relation};
use shindan_domain::term::Term;
use uuid::Uuid;

use crate::filing::{Group, day_number, day_of, groups_of, links_of, term};
use crate::folded::folded;
use crate::store::{hash_in, integer, milliseconds, stream_in, time_in};
use crate::{Store, StoreError};

/// So many are counted one by one; whether there are more is seen then.
const FEW: u64 = 1_000;

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The record.
    pub stream: Stream,
    /// How many entries it has.
    pub revision: u64,
    /// Its display number.
    pub number: Option<String>,
    /// State, as a term.
    pub status: Term,
    /// True while something is to be done.
    pub open: bool,
    /// What it is called.
    pub title: String,
    /// 0 is the most urgent.
    pub priority: Option<u8>,
    /// When the next step is due, as a day in Japan.
    pub due: Option<Date>,
    /// When its first entry was made.
    pub opened_at: Timestamp,
    /// When its last entry was made.
    pub changed_at: Timestamp,
}

/// A record with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// As lists show it.
    pub row: Row,
    /// Its state, as JSON.
    pub state: Vec<u8>,
    /// Its relations.
    pub links: Vec<Link>,
}

/// How many records are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What they are.
    pub kind: Kind,
    /// True while something is to be done.
    pub open: bool,
    /// Their state.
    pub status: Term,
    /// How many.
    pub records: u64,
}

/// An entry with its hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// Its hash, which fixes it and everything before it.
    pub hash: Hash,
}

/// Columns of [`row_in`], with the group of the record joined.
pub(crate) const ROW: &str = "record.kind, record.id, record.revision, record.number, list_group.status_set, list_group.status, \
     list_group.open, record.title, record.priority, record.due, record.opened_at, record.changed_at";
const RECORD: &str = "record JOIN list_group ON list_group.id = record.list_group";

/// A row of a list from the columns of [`ROW`].
pub(crate) fn row_in(row: &SqlRow<'_>) -> Result<Row, StoreError> {
    let text = |column| -> Result<&str, StoreError> {
        let value = row.get_ref(column)?;
        value.as_str().map_err(|error| StoreError::Damaged { detail: error.to_string() })
    };
    Ok(Row {
        stream: stream_in(row, 0)?,
        revision: row.get(2)?,
        number: row.get(3)?,
        status: term(text(4)?, text(5)?)?,
        open: row.get(6)?,
        title: row.get(7)?,
        priority: row.get(8)?,
        due: day_of(row.get(9)?),
        opened_at: time_in(row, 10)?,
        changed_at: time_in(row, 11)?,
    })
}

impl Store {
    /// A record, if there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn record(&self, stream: Stream) -> Result<Option<Record>, StoreError> {
        let snapshot = self.snapshot()?;
        let sql = format!(
            "SELECT {ROW}, record.first, record.state FROM {RECORD} WHERE record.id = ?1 AND record.kind = ?2"
        );
        let mut statement = snapshot.prepare_cached(&sql)?;
        let mut rows = statement.query((stream.id.as_bytes(), stream.kind.as_str()))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let links = typed_links(links_of(&snapshot, row.get(12)?)?)?;
        Ok(Some(Record { row: row_in(row)?, state: row.get(13)?, links }))
    }

    /// Records with this display number, or whose id begins with this text (at least four digits of it); at most `limit`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Row>, StoreError> {
        let text = text.trim();
        let number = rows(
            &self.connection,
            &format!("SELECT {ROW} FROM {RECORD} WHERE record.number = ?1"),
            [folded(text).to_ascii_uppercase()],
        )?;
        if !number.is_empty() {
            return Ok(number);
        }
        let Some((low, high)) = id_range(text) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT {ROW} FROM {RECORD} WHERE record.id BETWEEN ?1 AND ?2 ORDER BY record.id, record.kind LIMIT ?3"
        );
        rows(&self.connection, &sql, (low, high, integer(limit as u64)))
    }

    /// Records that are in a relation to an identifier or a record ([`Link::record`]), in the order in which they began.
    ///
    /// # Errors
    /// Those of the database.
    pub fn linked(&self, relation: Relation, target: &str) -> Result<Vec<Row>, StoreError> {
        let sql = format!(
            "SELECT {ROW} FROM link JOIN {RECORD} WHERE link.relation = ?1 AND link.target = ?2
             AND record.first = link.record ORDER BY link.record"
        );
        rows(&self.connection, &sql, (relation.as_str(), target))
    }

    /// How many open records of a kind are in this relation to each of these identifiers; those without any are left out. One step in
    /// the index for each, and for each record that is found.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_linked<'t>(
        &self,
        kind: Kind,
        relation: Relation,
        targets: impl Iterator<Item = &'t str>,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let groups = groups_of(&self.connection)?;
        let open: Vec<i64> =
            groups.iter().filter(|group| group.open && group.kind == kind).map(|group| group.id).collect();
        let mut counts = BTreeMap::new();
        if open.is_empty() {
            return Ok(counts);
        }
        let mut links =
            self.connection.prepare_cached("SELECT record FROM link WHERE relation = ?1 AND target = ?2")?;
        let mut group = self.connection.prepare_cached("SELECT list_group FROM record WHERE first = ?1")?;
        for target in targets {
            let mut rows = links.query((relation.as_str(), target))?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                let of: i64 = group.query_row([row.get::<_, i64>(0)?], |row| row.get(0))?;
                count += u64::from(open.contains(&of));
            }
            if count > 0 {
                counts.insert(target.to_owned(), count);
            }
        }
        Ok(counts)
    }

    /// How many records there are, by kind and state; states that no record is in are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn counts(&self, kind: Option<Kind>) -> Result<Vec<Count>, StoreError> {
        let groups = groups_of(&self.connection)?.into_iter();
        let wanted = groups.filter(|group| group.records > 0 && kind.is_none_or(|kind| kind == group.kind));
        let mut counts: Vec<Count> = wanted
            .map(|group| Count {
                kind: group.kind,
                open: group.open,
                status: group.status,
                records: group.records,
            })
            .collect();
        counts.sort_by_key(|count| (count.kind, !count.open, count.status));
        Ok(counts)
    }

    /// How many open records were due before `day`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn overdue(&self, kind: Option<Kind>, day: Date) -> Result<u64, StoreError> {
        let mut count = 0;
        for group in groups_of(&self.connection)? {
            if group.open && kind.is_none_or(|kind| kind == group.kind) {
                let sql = "SELECT count(*) FROM record WHERE list_group = ?1 AND due < ?2";
                let mut statement = self.connection.prepare_cached(sql)?;
                count += statement.query_row((group.id, day_number(day)), |row| row.get::<_, u64>(0))?;
            }
        }
        Ok(count)
    }

    /// Looks at the state of every record of a kind, in the order in which they began, without holding them all.
    ///
    /// # Errors
    /// Those of the database.
    pub fn each_state(&self, kind: Kind, look: &mut dyn FnMut(Stream, &[u8])) -> Result<(), StoreError> {
        // By the index of lists: a kind of few records is read without passing over those of the others.
        let sql = "SELECT id, state FROM record NOT INDEXED WHERE first IN (
                 SELECT listed.first FROM list_group CROSS JOIN record AS listed INDEXED BY list_by_opened
                 WHERE list_group.kind = ?1 AND listed.list_group = list_group.id
             ) ORDER BY first";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([kind.as_str()])?;
        while let Some(row) = rows.next()? {
            let id = crate::store::uuid_in(row, 0)?;
            let state = row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?;
            look(Stream { id, kind }, state);
        }
        Ok(())
    }

    /// Looks at the display number of every record of a kind that has one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn each_number(&self, kind: Kind, look: &mut dyn FnMut(Uuid, &str)) -> Result<(), StoreError> {
        let sql =
            "SELECT record.id, record.number FROM list_group JOIN record ON record.list_group = list_group.id
             WHERE list_group.kind = ?1 AND record.number IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([kind.as_str()])?;
        while let Some(row) = rows.next()? {
            let id = crate::store::uuid_in(row, 0)?;
            look(id, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// Looks at every record of a kind that is in a relation to a target: its revision and state, in the order in which they
    /// began.
    ///
    /// # Errors
    /// Those of the database.
    pub fn each_linked_state(
        &self,
        kind: Kind,
        (relation, target): (Relation, &str),
        look: &mut dyn FnMut(Stream, u64, &[u8]),
    ) -> Result<(), StoreError> {
        let sql = "SELECT record.id, record.revision, record.state FROM link JOIN record
             WHERE link.relation = ?1 AND link.target = ?2 AND record.first = link.record AND record.kind = ?3
             ORDER BY record.first";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((relation.as_str(), target, kind.as_str()))?;
        while let Some(row) = rows.next()? {
            let id = crate::store::uuid_in(row, 0)?;
            let state = row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?;
            look(Stream { id, kind }, row.get(1)?, state);
        }
        Ok(())
    }

    /// Looks at records of a kind that are in a relation to a target, the last begun first, until `look` answers false: as many as
    /// are needed, however many there are.
    ///
    /// # Errors
    /// Those of the database.
    pub fn latest_linked_states(
        &self,
        kind: Kind,
        (relation, target): (Relation, &str),
        look: &mut dyn FnMut(Stream, &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let sql = "SELECT record.id, record.state FROM link CROSS JOIN record
             WHERE link.relation = ?1 AND link.target = ?2 AND record.first = link.record AND record.kind = ?3
             ORDER BY link.record DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((relation.as_str(), target, kind.as_str()))?;
        while let Some(row) = rows.next()? {
            let id = crate::store::uuid_in(row, 0)?;
            let state = row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?;
            if !look(Stream { id, kind }, state) {
                break;
            }
        }
        Ok(())
    }

    /// How many records of a kind began, and how many were changed, after the entry with the number `after`. Counted in the index,
    /// from the end that is nearer.
    ///
    /// # Errors
    /// Those of the database.
    pub fn counts_since(&self, kind: Kind, after: u64) -> Result<(u64, u64), StoreError> {
        let (mut begun, mut changed) = (0, 0);
        for group in groups_of(&self.connection)?.iter().filter(|group| group.kind == kind) {
            begun += self.later(group, "list_by_opened", "first", after)?;
            changed += self.later(group, "list_by_changed", "changed", after)?;
        }
        Ok((begun, changed))
    }

    /// How many records of a group have a greater number in a column. After an import nearly all are new, after a quiet week nearly
    /// none: a few are counted at the end, then the others at the beginning, whose rest is known.
    fn later(&self, group: &Group, index: &str, column: &str, after: u64) -> Result<u64, StoreError> {
        let counted = |condition: &str| -> Result<u64, StoreError> {
            let sql = format!(
                "SELECT count(*) FROM (SELECT 1 FROM record INDEXED BY {index}
                 WHERE list_group = ?1 AND {column} {condition} ?2 LIMIT ?3)"
            );
            let limit = if condition == ">" { FEW } else { u64::MAX >> 1 };
            let mut statement = self.connection.prepare_cached(&sql)?;
            Ok(statement.query_row((group.id, integer(after), integer(limit)), |row| row.get(0))?)
        };
        match counted(">")? {
            few if few < FEW => Ok(few),
            _ => Ok(group.records.saturating_sub(counted("<=")?)),
        }
    }

    /// The entries of a record, in order.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if stored bytes are no entry.
    pub fn entries_of(&self, stream: Stream) -> Result<Vec<Stored>, StoreError> {
        let sql = "SELECT sequence, hash, bytes FROM entry WHERE id = ?1 AND kind = ?2 ORDER BY revision";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((stream.id.as_bytes(), stream.kind.as_str()))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(stored_in(row)?);
        }
        Ok(entries)
    }

    /// At most `limit` entries after the one with the number `after` (0: from the first).
    ///
    /// # Errors
    /// [`StoreError::Entry`] if stored bytes are no entry.
    pub fn entries(&self, after: u64, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let sql = "SELECT sequence, hash, bytes FROM entry WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((integer(after), integer(limit as u64)))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(stored_in(row)?);
        }
        Ok(entries)
    }

    /// Number of the latest entry that was made at `at` or before; 0 if there is none. The entries up to it are the ledger as of
    /// that time.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_until(&self, at: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT sequence FROM entry WHERE at <= ?1 ORDER BY at DESC, sequence DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([milliseconds(at)], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

pub(crate) fn rows(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(row_in(row)?);
    }
    Ok(rows)
}

/// An entry from the columns sequence, hash, bytes.
pub(crate) fn stored_in(row: &SqlRow<'_>) -> Result<Stored, StoreError> {
    let sequence = row.get(0)?;
    let bytes =
        row.get_ref(2)?.as_blob().map_err(|error| StoreError::Damaged { detail: error.to_string() })?;
    let entry =
        Entry::from_bytes(bytes).map_err(|error| StoreError::Entry { sequence, error: error.to_string() })?;
    Ok(Stored { entry, hash: hash_in(row, 1)? })
}

fn typed_links(links: Vec<(String, String)>) -> Result<Vec<Link>, StoreError> {
    let typed = |(relation, target): (String, String)| {
        let relation: Relation =
            relation.parse().map_err(|error| StoreError::Damaged { detail: format!("{error}") })?;
        Ok(Link { relation, target })
    };
    links.into_iter().map(typed).collect()
}

/// The smallest and the largest id that begin with these hexadecimal digits.
fn id_range(text: &str) -> Option<([u8; 16], [u8; 16])> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    if !(4..=32).contains(&digits.len()) {
        return None;
    }
    let mut nibbles = Vec::with_capacity(32);
    for digit in digits {
        nibbles.push(u8::try_from(char::from(digit).to_digit(16)?).ok()?);
    }
    let filled = |with: u8| {
        let mut id = [0; 16];
        for (place, byte) in id.iter_mut().enumerate() {
            let nibble = |place: usize| nibbles.get(place).copied().unwrap_or(with);
            *byte = nibble(2 * place) << 4 | nibble(2 * place + 1);
        }
        id
    };
    Some((filled(0), filled(0xf)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_by_its_beginning() {
        assert_eq!(
            id_range("0189"),
            Some(([1, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], {
                let mut high = [0xff; 16];
                (high[0], high[1]) = (1, 0x89);
                high
            }))
        );
        assert_eq!(id_range("018"), None);
        assert_eq!(id_range("018g"), None);
        let whole = id_range("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        assert_eq!(whole.0, whole.1);
    }
}
