//! Deriving everything anew from the entries, and comparing what is there with what would be derived.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use shindan_domain::ledger::{Entry, Stream};
use shindan_domain::process::Filed;

use crate::filing::{Filer, Filing, groups_of, links_of};
use crate::store::{integer, milliseconds, stream_in};
use crate::{Store, StoreError, number};

/// What was derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Records.
    pub records: u64,
    /// Entries that they were derived from.
    pub entries: u64,
}

/// Something that is not what the entries give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The record; `None`: numbers of records, or the counter of display numbers.
    pub stream: Option<Stream>,
    /// The column, or `record` if it is missing or should not be there.
    pub what: &'static str,
}

/// State and columns of a record from all of its entries, in order; or why they do not follow one another.
type Fold<'f> = dyn FnMut(Stream, &[Entry]) -> Result<(Vec<u8>, Filed), String> + 'f;

impl Store {
    /// Derives states, lists, relations, tokens and the counters of display numbers anew from the entries, in one
    /// transaction. `fold` gives state (as JSON) and columns of one record from all of its entries.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if entries cannot be read or folded; nothing is changed then.
    pub fn rebuild(&mut self, fold: &mut Fold<'_>) -> Result<Rebuilt, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "DELETE FROM link; DELETE FROM token; INSERT INTO record_text (record_text) VALUES ('delete-all');
             DELETE FROM record; DELETE FROM list_group; DELETE FROM number_counter;",
        )?;
        let mut filer = Filer::new(&transaction)?;
        let mut counters = BTreeMap::new();
        let rebuilt = each_record(&transaction, fold, &mut |filing| {
            count_number(&mut counters, filing);
            filer.file(filing, None)
        })?;
        filer.finish()?;
        for (year, last) in counters {
            transaction.execute("INSERT INTO number_counter (year, last) VALUES (?1, ?2)", (year, last))?;
        }
        transaction.commit()?;
        Ok(rebuilt)
    }

    /// Says what [`Store::rebuild`] would change. Nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Entry`] if entries cannot be read or folded.
    pub fn compare(&self, fold: &mut Fold<'_>) -> Result<Vec<Difference>, StoreError> {
        let snapshot = self.snapshot()?;
        let mut differences = Vec::new();
        let mut counters = BTreeMap::new();
        let mut groups = BTreeMap::new();
        each_record(&snapshot, fold, &mut |filing| {
            count_number(&mut counters, filing);
            *groups.entry((filing.stream.kind, filing.filed.open, filing.filed.status)).or_insert(0_u64) += 1;
            for what in different(&snapshot, filing)? {
                differences.push(Difference { stream: Some(filing.stream), what });
            }
            Ok(())
        })?;
        for stream in without_entries(&snapshot)? {
            differences.push(Difference { stream: Some(stream), what: "record" });
        }
        let counted = groups_of(&snapshot)?.into_iter().filter(|group| group.records > 0);
        let counted: BTreeMap<_, _> =
            counted.map(|group| ((group.kind, group.open, group.status), group.records)).collect();
        if counted != groups {
            differences.push(Difference { stream: None, what: "list_group" });
        }
        if counters_of(&snapshot)? != counters {
            differences.push(Difference { stream: None, what: "number_counter" });
        }
        Ok(differences)
    }
}

fn count_number(counters: &mut BTreeMap<i16, i64>, filing: &Filing) {
    if let Some((year, count)) = filing.number.as_deref().and_then(number::parse) {
        let last = counters.entry(year).or_insert(count);
        *last = (*last).max(count);
    }
}

/// Gives every record as the entries give it.
fn each_record(
    connection: &Connection,
    fold: &mut Fold<'_>,
    file: &mut dyn FnMut(&Filing) -> Result<(), StoreError>,
) -> Result<Rebuilt, StoreError> {
    let mut statement =
        connection.prepare("SELECT sequence, bytes FROM entry ORDER BY id, kind, revision")?;
    let mut rows = statement.query([])?;
    let mut rebuilt = Rebuilt::default();
    let mut entries: Vec<Entry> = Vec::new();
    while let Some(row) = rows.next()? {
        let sequence: u64 = row.get(0)?;
        let bytes =
            row.get_ref(1)?.as_blob().map_err(|error| StoreError::Damaged { detail: error.to_string() })?;
        let entry = Entry::from_bytes(bytes)
            .map_err(|error| StoreError::Entry { sequence, error: error.to_string() })?;
        if entries.first().is_some_and(|first| first.stream != entry.stream) {
            file(&filing(fold, &entries)?)?;
            rebuilt.records += 1;
            entries.clear();
        }
        if entry.revision != entries.len() as u64 + 1 {
            let error = format!("revision {} where {} should be", entry.revision, entries.len() + 1);
            return Err(StoreError::Entry { sequence, error });
        }
        rebuilt.entries += 1;
        entries.push(entry);
    }
    if !entries.is_empty() {
        file(&filing(fold, &entries)?)?;
        rebuilt.records += 1;
    }
    Ok(rebuilt)
}

fn filing(fold: &mut Fold<'_>, entries: &[Entry]) -> Result<Filing, StoreError> {
    let ([first, ..], [.., last]) = (entries, entries) else {
        return Err(StoreError::Database("a record without entries".to_owned()));
    };
    let (state, filed) =
        fold(first.stream, entries).map_err(|error| StoreError::Entry { sequence: last.sequence, error })?;
    Ok(Filing {
        stream: first.stream,
        first: first.sequence,
        revision: last.revision,
        number: first.number.clone(),
        changed: last.sequence,
        opened_at: first.at,
        changed_at: last.at,
        state,
        filed,
    })
}

/// Names of what is stored otherwise than the entries give it.
fn different(connection: &Connection, filing: &Filing) -> Result<Vec<&'static str>, StoreError> {
    let sql = "SELECT record.first, revision, number, status_set, status, open, title, search, priority, due, urgency, changed,
                   opened_at, changed_at, state
               FROM record JOIN list_group ON list_group.id = list_group WHERE record.id = ?1 AND record.kind = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let stream = filing.stream;
    let filed = &filing.filed;
    let compared = statement
        .query_row((stream.id.as_bytes(), stream.kind.as_str()), |row| {
            let text = |column: usize| row.get::<_, Option<String>>(column);
            let number = |column: usize| row.get::<_, i64>(column);
            Ok([
                ("first", number(0)? == integer(filing.first)),
                ("revision", number(1)? == integer(filing.revision)),
                ("number", text(2)? == filing.number),
                ("status", text(3)?.as_deref() == Some(filed.status.set)),
                ("status", text(4)?.as_deref() == Some(filed.status.value)),
                ("open", row.get::<_, bool>(5)? == filed.open),
                ("title", text(6)?.as_deref() == Some(&filed.title)),
                ("search", text(7)? == Some(filing.search())),
                ("priority", row.get::<_, Option<u8>>(8)? == filed.priority),
                ("due", number(9)? == filing.due()),
                ("urgency", number(10)? == filing.urgency()),
                ("changed", number(11)? == integer(filing.changed)),
                ("opened_at", number(12)? == milliseconds(filing.opened_at)),
                ("changed_at", number(13)? == milliseconds(filing.changed_at)),
                ("state", row.get::<_, Vec<u8>>(14)? == filing.state),
            ])
        })
        .optional()?;
    let Some(compared) = compared else { return Ok(vec!["record"]) };
    let mut different: Vec<_> =
        compared.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect();
    let links = links_of(connection, filing.first)?;
    if !links.iter().map(|(relation, target)| (relation.as_str(), target.as_str())).eq(filing.links()) {
        different.push("links");
    }
    let mut statement =
        connection.prepare_cached("SELECT digest FROM token WHERE person = ?1 ORDER BY digest")?;
    let tokens = statement.query_map([stream.id.as_bytes()], |row| row.get::<_, [u8; 32]>(0))?;
    if tokens.collect::<Result<Vec<_>, _>>()? != filing.tokens()?.into_iter().collect::<Vec<_>>() {
        different.push("tokens");
    }
    Ok(different)
}

/// Records that no entry speaks of.
fn without_entries(connection: &Connection) -> Result<Vec<Stream>, StoreError> {
    let sql = "SELECT kind, id FROM record WHERE NOT EXISTS
                   (SELECT 1 FROM entry WHERE entry.id = record.id AND entry.kind = record.kind)";
    let mut statement = connection.prepare(sql)?;
    let streams = statement.query_map([], |row| stream_in(row, 0))?;
    Ok(streams.collect::<Result<_, _>>()?)
}

fn counters_of(connection: &Connection) -> Result<BTreeMap<i16, i64>, StoreError> {
    let mut statement = connection.prepare("SELECT year, last FROM number_counter")?;
    let counters = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counters.collect::<Result<_, _>>()?)
}
