//! Records that belong to one thing – a system with what stands in it – looked up once, for all lists and counts of a page.
//!
//! Counting passes over an index and asks for each entry whether it is among them, so that no record is looked at.

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;

use crate::filing::{day_number, groups_of};
use crate::read::Count;
use crate::store::integer;
use crate::{Store, StoreError};

/// Up to so many records are looked up one by one to count them; of more, the index is passed over.
const FEW: usize = 2_000;

/// Records that are in one of several relations, by their first entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Among {
    /// In their order, each once.
    firsts: Arc<Vec<i64>>,
    known: Arc<Known>,
}

impl Among {
    pub(crate) fn of(mut firsts: Vec<i64>) -> Among {
        firsts.sort_unstable();
        firsts.dedup();
        let known = Arc::new(Known::of(&firsts));
        Among { firsts: Arc::new(firsts), known }
    }

    pub(crate) fn firsts(&self) -> &[i64] {
        &self.firsts
    }

    pub(crate) fn has(&self, first: i64) -> bool {
        self.known.has(first)
    }
}

/// First entries, of which it is asked for each record of a list whether it is among them: one bit for each entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known(Vec<u64>);

impl Known {
    pub(crate) fn of(sorted: &[i64]) -> Known {
        let words = sorted.last().map_or(0, |last| last.unsigned_abs() / 64 + 1);
        let mut bits = vec![0; usize::try_from(words).unwrap_or(0)];
        for first in sorted {
            if let Some(word) = bits.get_mut(Known::word(*first)) {
                *word |= Known::bit(*first);
            }
        }
        Known(bits)
    }

    pub(crate) fn has(&self, first: i64) -> bool {
        self.0.get(Known::word(first)).is_some_and(|word| word & Known::bit(first) != 0)
    }

    fn word(first: i64) -> usize {
        usize::try_from(first.unsigned_abs() / 64).unwrap_or(usize::MAX)
    }

    fn bit(first: i64) -> u64 {
        1 << (first.unsigned_abs() % 64)
    }
}

impl Store {
    /// The records that are in one of these relations to an identifier or record ([`shindan_domain::process::Link::record`]), and
    /// these `own` ones.
    ///
    /// # Errors
    /// Those of the database.
    pub fn among(&self, relations: &[(Relation, String)], own: &[Stream]) -> Result<Among, StoreError> {
        let sql = "SELECT record FROM link WHERE relation = ?1 AND target = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut firsts = Vec::new();
        for (relation, target) in relations {
            let mut rows = statement.query((relation.as_str(), target))?;
            while let Some(row) = rows.next()? {
                firsts.push(row.get(0)?);
            }
        }
        let mut statement =
            self.connection.prepare_cached("SELECT first FROM record WHERE id = ?1 AND kind = ?2")?;
        for stream in own {
            let values = (stream.id.as_bytes(), stream.kind.as_str());
            let found: Option<i64> = statement.query_row(values, |row| row.get(0)).optional()?;
            firsts.extend(found);
        }
        Ok(Among::of(firsts))
    }

    /// What records of a kind that are in a relation to `of` are themselves in the relation `to` to; each once. `open`: only records in
    /// which something is to be done, or which have not ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn targets_of(
        &self,
        (kind, open): (Kind, bool),
        (relation, of): (Relation, &str),
        to: Relation,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT further.target FROM link CROSS JOIN record CROSS JOIN list_group CROSS JOIN link AS further
             WHERE link.relation = ?1 AND link.target = ?2 AND record.first = link.record AND record.kind = ?3
             AND list_group.id = record.list_group AND list_group.open >= ?5
             AND further.record = record.first AND further.relation = ?4 ORDER BY further.target";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_map((relation.as_str(), of, kind.as_str(), to.as_str(), open), |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// How many open records there are among these, by kind and state; states that none of them is in are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_counts_among(&self, among: &Among) -> Result<Vec<Count>, StoreError> {
        let few = match among.firsts().len() <= FEW {
            true => Some(by_group(&self.connection, among)?),
            false => None,
        };
        let mut counts = Vec::new();
        for group in groups_of(&self.connection)?.into_iter().filter(|group| group.open) {
            let records = match &few {
                Some(few) => few.iter().find(|(id, _)| *id == group.id).map_or(0, |(_, records)| *records),
                None => {
                    let sql = "SELECT first FROM record INDEXED BY list_by_opened WHERE list_group = ?1";
                    counted(&self.connection, among, sql, [group.id])?
                }
            };
            if records > 0 {
                counts.push(Count { kind: group.kind, open: true, status: group.status, records });
            }
        }
        Ok(counts)
    }

    /// As [`Store::overdue`], among these.
    ///
    /// # Errors
    /// Those of the database.
    pub fn overdue_among(&self, kind: Kind, day: Date, among: &Among) -> Result<u64, StoreError> {
        let mut count = 0;
        for group in groups_of(&self.connection)?.iter().filter(|group| group.open && group.kind == kind) {
            let sql = "SELECT first FROM record INDEXED BY list_by_due WHERE list_group = ?1 AND due < ?2";
            count += counted(&self.connection, among, sql, (group.id, day_number(day)))?;
        }
        Ok(count)
    }

    /// As [`Store::counts_since`], among these.
    ///
    /// # Errors
    /// Those of the database.
    pub fn counts_since_among(
        &self,
        kind: Kind,
        after: u64,
        among: &Among,
    ) -> Result<(u64, u64), StoreError> {
        let (mut begun, mut changed) = (0, 0);
        let begun_sql =
            "SELECT first FROM record INDEXED BY list_by_opened WHERE list_group = ?1 AND first > ?2";
        let changed_sql =
            "SELECT first FROM record INDEXED BY list_by_changed WHERE list_group = ?1 AND changed > ?2";
        for group in groups_of(&self.connection)?.iter().filter(|group| group.kind == kind) {
            begun += counted(&self.connection, among, begun_sql, (group.id, integer(after)))?;
            changed += counted(&self.connection, among, changed_sql, (group.id, integer(after)))?;
        }
        Ok((begun, changed))
    }
}

/// How many of the records whose first entries a query gives are among these.
fn counted(
    connection: &Connection,
    among: &Among,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += u64::from(among.has(row.get(0)?));
    }
    Ok(count)
}

/// How many of these few are in each group.
fn by_group(connection: &Connection, among: &Among) -> Result<Vec<(i64, u64)>, StoreError> {
    let sql = "SELECT list_group, count(*) FROM record NOT INDEXED
         WHERE first IN (SELECT value FROM json_each(?1)) GROUP BY list_group";
    let firsts: Vec<String> = among.firsts().iter().map(i64::to_string).collect();
    let mut statement = connection.prepare_cached(sql)?;
    let found =
        statement.query_map([format!("[{}]", firsts.join(","))], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_are_known_are_told_from_others() {
        let known = Known::of(&[1, 63, 64, 1_000]);
        let found: Vec<i64> = (0..2_000).filter(|first| known.has(*first)).collect();
        assert_eq!(found, [1, 63, 64, 1_000]);
        assert!(!Known::of(&[]).has(0));
    }
}
