//! What is derived from a record's entries: its state, the columns and relations by which lists find it, tokens of people.
//!
//! Used when a change is committed and when everything is derived again, so that both give the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Person;
use shindan_domain::process::{Filed, Link};
use shindan_domain::term::Term;
use shindan_domain::vocabulary::vocabulary;

use crate::StoreError;
use crate::folded::folded;
use crate::store::{integer, milliseconds, time_in};

/// In the column `due`: not due.
pub(crate) const NOT_DUE: i64 = 99_999_999;
/// In the column `urgency`: no priority.
const NO_PRIORITY: i64 = 256;

/// A record as it is filed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filing {
    pub stream: Stream,
    /// Number of its first entry.
    pub first: u64,
    pub revision: u64,
    pub number: Option<String>,
    /// Number of its last entry.
    pub changed: u64,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
    pub state: Vec<u8>,
    pub filed: Filed,
}

/// What is needed of a record as it was filed before.
#[derive(Debug, Clone)]
pub(crate) struct FiledBefore {
    pub first: u64,
    pub revision: u64,
    pub number: Option<String>,
    pub opened_at: Timestamp,
    group: i64,
    search: String,
}

/// A day as a number that sorts: 2026-11-26 is 20261126.
pub(crate) fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of a number, if it is one.
pub(crate) fn day_of(number: i64) -> Option<Date> {
    let part = |value: i64| i8::try_from(value).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
}

impl Filing {
    pub(crate) fn due(&self) -> i64 {
        self.filed.due.map_or(NOT_DUE, day_number)
    }

    pub(crate) fn urgency(&self) -> i64 {
        self.filed.priority.map_or(NO_PRIORITY, i64::from) * 100_000_000 + self.due()
    }

    pub(crate) fn search(&self) -> String {
        match &self.number {
            Some(number) => folded(&format!("{} {number}", self.filed.title)),
            None => folded(&self.filed.title),
        }
    }

    pub(crate) fn links(&self) -> BTreeSet<(&str, &str)> {
        self.filed
            .links
            .iter()
            .map(|Link { relation, target }| (relation.as_str(), target.as_str()))
            .collect()
    }

    /// Digests of the tokens that a person holds.
    pub(crate) fn tokens(&self) -> Result<BTreeSet<[u8; 32]>, StoreError> {
        if self.stream.kind != Kind::Person {
            return Ok(BTreeSet::new());
        }
        let person: Person = serde_json::from_slice(&self.state)
            .map_err(|error| StoreError::State { stream: self.stream, error: error.to_string() })?;
        Ok(person.tokens.values().map(|token| token.digest.0).collect())
    }
}

/// The term with this text, as a list shows it.
pub(crate) fn term(set: &str, value: &str) -> Result<Term, StoreError> {
    static TERMS: OnceLock<Vec<Term>> = OnceLock::new();
    let terms = TERMS.get_or_init(|| {
        let mut terms = vocabulary();
        terms.sort_unstable();
        terms
    });
    let unknown = || StoreError::UnknownStatus { set: set.to_owned(), value: value.to_owned() };
    let found = terms.binary_search_by(|term| (term.set, term.value).cmp(&(set, value)));
    found.ok().and_then(|found| terms.get(found)).copied().ok_or_else(unknown)
}

type GroupKey = (Kind, bool, Term);

/// Files records within one transaction; [`Filer::finish`] brings the numbers of records per group up to date.
pub(crate) struct Filer<'c> {
    connection: &'c Connection,
    groups: BTreeMap<GroupKey, i64>,
    changes: BTreeMap<i64, i64>,
}

impl<'c> Filer<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        let mut groups = BTreeMap::new();
        for group in groups_of(connection)? {
            groups.insert((group.kind, group.open, group.status), group.id);
        }
        Ok(Filer { connection, groups, changes: BTreeMap::new() })
    }

    pub(crate) fn filed_before(&self, stream: Stream) -> Result<Option<FiledBefore>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT first, revision, number, opened_at, list_group, search FROM record WHERE id = ?1 AND kind = ?2",
        )?;
        let found = statement.query_row((stream.id.as_bytes(), stream.kind.as_str()), |row| {
            Ok(FiledBefore {
                first: row.get(0)?,
                revision: row.get(1)?,
                number: row.get(2)?,
                opened_at: time_in(row, 3)?,
                group: row.get(4)?,
                search: row.get(5)?,
            })
        });
        Ok(found.optional()?)
    }

    pub(crate) fn file(&mut self, filing: &Filing, before: Option<&FiledBefore>) -> Result<(), StoreError> {
        let group = self.group(filing)?;
        *self.changes.entry(group).or_default() += 1;
        if let Some(before) = before {
            *self.changes.entry(before.group).or_default() -= 1;
        }
        let search = filing.search();
        self.row(filing, group, &search)?;
        if before.is_none_or(|before| before.search != search) {
            // Two spaces behind it: every character begins a run of three, by which words of one and two are found.
            let sql = "INSERT OR REPLACE INTO record_text (rowid, text) VALUES (?1, ?2 || '  ')";
            self.connection.prepare_cached(sql)?.execute((integer(filing.first), &search))?;
        }
        self.links(filing, before.is_some())?;
        if filing.stream.kind == Kind::Person {
            self.tokens(filing)?;
        }
        Ok(())
    }

    fn row(&self, filing: &Filing, group: i64, search: &str) -> Result<(), StoreError> {
        let Filing { stream, first, revision, number, changed, opened_at, changed_at, state, filed } = filing;
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO record (first, kind, id, revision, number, list_group, title, search, priority, due, urgency,
                 changed, opened_at, changed_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (first) DO UPDATE SET revision = ?4, list_group = ?6, title = ?7, search = ?8, priority = ?9,
                 due = ?10, urgency = ?11, changed = ?12, changed_at = ?14, state = ?15",
        )?;
        statement.execute((
            integer(*first),
            stream.kind.as_str(),
            stream.id.as_bytes(),
            integer(*revision),
            number,
            group,
            &filed.title,
            search,
            filed.priority,
            filing.due(),
            filing.urgency(),
            integer(*changed),
            milliseconds(*opened_at),
            milliseconds(*changed_at),
            state,
        ))?;
        Ok(())
    }

    /// The group of a record; made when it is the first.
    fn group(&mut self, filing: &Filing) -> Result<i64, StoreError> {
        let Filed { status, open, .. } = filing.filed;
        let key = (filing.stream.kind, open, status);
        if let Some(id) = self.groups.get(&key) {
            return Ok(*id);
        }
        term(status.set, status.value)?;
        self.connection.execute(
            "INSERT INTO list_group (kind, open, status_set, status, records) VALUES (?1, ?2, ?3, ?4, 0)",
            (filing.stream.kind.as_str(), open, status.set, status.value),
        )?;
        let id = self.connection.last_insert_rowid();
        self.groups.insert(key, id);
        Ok(id)
    }

    fn links(&self, filing: &Filing, was_filed: bool) -> Result<(), StoreError> {
        let first = integer(filing.first);
        let before = if was_filed { links_of(self.connection, filing.first)? } else { Vec::new() };
        let mut wanted = filing.links();
        for (relation, target) in &before {
            if !wanted.remove(&(relation.as_str(), target.as_str())) {
                let sql = "DELETE FROM link WHERE relation = ?1 AND target = ?2 AND record = ?3";
                self.connection.prepare_cached(sql)?.execute((relation, target, first))?;
            }
        }
        let sql = "INSERT INTO link (relation, target, record) VALUES (?1, ?2, ?3)";
        let mut insert = self.connection.prepare_cached(sql)?;
        for (relation, target) in wanted {
            insert.execute((relation, target, first))?;
        }
        Ok(())
    }

    fn tokens(&self, filing: &Filing) -> Result<(), StoreError> {
        let person = filing.stream.id;
        self.connection.execute("DELETE FROM token WHERE person = ?1", [person.as_bytes()])?;
        for digest in filing.tokens()? {
            let sql = "INSERT INTO token (digest, person) VALUES (?1, ?2)";
            self.connection.execute(sql, (digest, person.as_bytes()))?;
        }
        Ok(())
    }

    /// Brings the numbers of records per group up to date.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        for (group, change) in self.changes.into_iter().filter(|(_, change)| *change != 0) {
            let sql = "UPDATE list_group SET records = records + ?2 WHERE id = ?1";
            self.connection.execute(sql, (group, change))?;
        }
        Ok(())
    }
}

/// Relations of the record with this first entry, as texts.
pub(crate) fn links_of(connection: &Connection, first: u64) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT relation, target FROM link WHERE record = ?1 ORDER BY relation, target";
    let mut statement = connection.prepare_cached(sql)?;
    let links = statement.query_map([integer(first)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(links.collect::<Result<_, _>>()?)
}

/// A group of records that lists show together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub id: i64,
    pub kind: Kind,
    pub open: bool,
    pub status: Term,
    pub records: u64,
}

/// All groups, also those that no record is in at present.
pub(crate) fn groups_of(connection: &Connection) -> Result<Vec<Group>, StoreError> {
    let sql = "SELECT id, kind, open, status_set, status, records FROM list_group ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut groups = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let kind = kind.parse().map_err(|error| StoreError::Damaged { detail: format!("{error}") })?;
        let (set, value): (String, String) = (row.get(3)?, row.get(4)?);
        groups.push(Group {
            id: row.get(0)?,
            kind,
            open: row.get(2)?,
            status: term(&set, &value)?,
            records: row.get(5)?,
        });
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbers_that_sort() {
        let day = jiff::civil::date(2026, 11, 26);
        assert_eq!(day_number(day), 20_261_126);
        assert_eq!(day_of(20_261_126), Some(day));
        assert_eq!(day_of(NOT_DUE), None);
    }

    #[test]
    fn terms_are_found_by_their_text() {
        let active = shindan_domain::people::PersonState::Active.term();
        assert_eq!(term(active.set, active.value).unwrap(), active);
        assert!(matches!(term("person-state", "asleep"), Err(StoreError::UnknownStatus { .. })));
    }
}
