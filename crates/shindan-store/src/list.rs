//! Lists: filtered, sorted, page by page, by index.
//!
//! Records are in few groups (kind × open × status), each of which is a sorted run of one index per order. A page is a merge
//! of the runs of the groups that are wanted, from where the page before ended: its cost does not depend on how many records
//! there are. A filter that few records pass (a relation, a text, a due date) is looked up first: a few thousand records are
//! fetched and sorted; up to a hundred thousand are passed over in the index, without looking at the records. Before that, the
//! first few thousand records of the list are looked at as they come: what many pass fills a page at once.

use jiff::civil::Date;
use rusqlite::Connection;
use rusqlite::types::Value;
use shindan_domain::ledger::Kind;
use shindan_domain::process::Relation;

use crate::among::{Among, Known};
use crate::filing::{Group, NOT_DUE, day_number, groups_of};
use crate::folded::{folded, three_letter_runs};
use crate::read::{ROW, Row, row_in};
use crate::{Store, StoreError};

/// Up to how many records that pass a filter are fetched and sorted.
const FEW: usize = 5_000;
/// Up to how many records that pass a filter are known before a list is read.
const MANY: usize = 1_000_000;
/// So many records are looked at as they come before a filter is looked up.
const TRIED: usize = 3_000;
/// So many runs of three characters that begin with a shorter word are looked up.
const RUNS: u64 = 200;
/// Rows of a page at most.
const PAGE: usize = 1_000;

/// Which records, in which order. What is not said does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What they are.
    pub kind: Option<Kind>,
    /// Their state, as the text of a term.
    pub status: Option<String>,
    /// Whether something is to be done.
    pub open: Option<bool>,
    /// They are in this relation to an identifier or record.
    pub linked: Option<(Relation, String)>,
    /// They are among these.
    pub among: Option<Among>,
    /// Title or number contain every word of this text; width and case do not matter.
    pub text: Option<String>,
    /// They are due before this day in Japan.
    pub due_before: Option<Date>,
    /// In which order.
    pub sort: Sort,
    /// Where the page before ended: [`Page::next`].
    pub cursor: Option<String>,
    /// Rows of the page, 1 to 1000.
    pub limit: usize,
}

/// The order of a list. Equal ones stand in the order in which they began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The most urgent first: by priority, then by due date.
    #[default]
    Urgency,
    /// The first due first.
    Due,
    /// The last changed first.
    Changed,
    /// The last opened first.
    Opened,
    /// By title.
    Title,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

impl Sort {
    /// Column, letter of the cursor, direction.
    fn form(self) -> (&'static str, char, bool) {
        match self {
            Sort::Urgency => ("urgency", 'u', true),
            Sort::Due => ("due", 'd', true),
            Sort::Changed => ("changed", 'c', false),
            Sort::Opened => ("first", 'o', false),
            Sort::Title => ("search", 't', true),
        }
    }

    fn index(self) -> &'static str {
        match self {
            Sort::Urgency => "list_by_urgency",
            Sort::Due => "list_by_due",
            Sort::Changed => "list_by_changed",
            Sort::Opened => "list_by_opened",
            Sort::Title => "list_by_title",
        }
    }
}

/// Where a row stands in the order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    key: Key,
    first: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    fn value(&self) -> Value {
        match self {
            Key::Number(number) => Value::Integer(*number),
            Key::Text(text) => Value::Text(text.clone()),
        }
    }
}

impl Place {
    /// From two columns: key, first entry.
    fn in_row(row: &rusqlite::Row<'_>, column: usize) -> Result<Place, StoreError> {
        let key = match row.get(column)? {
            Value::Integer(number) => Key::Number(number),
            Value::Text(text) => Key::Text(text),
            other => return Err(StoreError::Damaged { detail: format!("a sorted column holds {other:?}") }),
        };
        Ok(Place { key, first: row.get(column + 1)? })
    }

    /// `u2002026113000-17`; a title in hexadecimal digits, so that a cursor can stand in an address.
    fn to_cursor(&self, sort: Sort) -> String {
        let (_, letter, _) = sort.form();
        let key = match &self.key {
            Key::Number(number) => number.to_string(),
            Key::Text(text) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        };
        format!("{letter}{key}-{}", self.first)
    }

    fn from_cursor(cursor: &str, sort: Sort) -> Option<Place> {
        let (_, letter, _) = sort.form();
        let (key, first) = cursor.strip_prefix(letter)?.split_once('-')?;
        let key = match sort {
            Sort::Title => Key::Text(unhex(key)?),
            _ => Key::Number(key.parse().ok()?),
        };
        Some(Place { key, first: first.parse().ok()? })
    }
}

fn unhex(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

/// Conditions of a query beyond the group, as SQL with their values.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
    /// The bound of due dates, which is among them.
    due_before: Option<i64>,
}

impl Conditions {
    fn add(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn of(query: &Query, words: &[String]) -> Conditions {
        let mut conditions = Conditions::default();
        if let Some((relation, target)) = &query.linked {
            let sql = "EXISTS (SELECT 1 FROM link WHERE relation = ? AND target = ? AND link.record = record.first)";
            conditions.add(sql, [Value::Text(relation.as_str().to_owned()), Value::Text(target.clone())]);
        }
        for word in words {
            conditions.add("instr(record.search, ?) > 0", [Value::Text(word.clone())]);
        }
        if let Some(day) = query.due_before {
            conditions.add("record.due < ?", [Value::Integer(day_number(day))]);
            conditions.due_before = Some(day_number(day));
        }
        conditions
    }
}

impl Store {
    /// A page of a list.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] if the cursor belongs to another order.
    pub fn list(&self, query: &Query) -> Result<Page, StoreError> {
        let snapshot = self.snapshot()?;
        let after = match &query.cursor {
            Some(cursor) => {
                let place = Place::from_cursor(cursor, query.sort);
                Some(place.ok_or_else(|| StoreError::Cursor(cursor.clone()))?)
            }
            None => None,
        };
        let groups = groups_of(&snapshot)?.into_iter().filter(|group| {
            group.records > 0
                && query.kind.is_none_or(|kind| kind == group.kind)
                && query.open.is_none_or(|open| open == group.open)
                && query.status.as_ref().is_none_or(|status| status == group.status.value)
        });
        let groups: Vec<Group> = groups.collect();
        if groups.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let words: Vec<String> = query
            .text
            .iter()
            .flat_map(|text| folded(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let limit = query.limit.clamp(1, PAGE);
        let conditions = Conditions::of(query, &words);
        let merge = |known: Option<&[i64]>, most| {
            merged(&snapshot, query.sort, &groups, &conditions, known, after.as_ref(), (limit, most))
        };
        let tried = match conditions.sql.is_empty() || query.among.is_some() {
            true => None,
            false => merge(None, Some(TRIED))?,
        };
        let mut found = match tried {
            Some(found) => found,
            None => match candidates(&snapshot, query, &words, &groups)? {
                Some(known) if known.len() <= FEW => {
                    among(&snapshot, query.sort, &known, &groups, conditions, after, limit)?
                }
                known => merge(known.as_deref(), None)?.unwrap_or_default(),
            },
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(place, _)| place.to_cursor(query.sort));
        Ok(Page { rows: found.into_iter().map(|(_, row)| row).collect(), next })
    }
}

/// First entries of the records that can be in the list, in their order; `None`: any.
fn candidates(
    connection: &Connection,
    query: &Query,
    words: &[String],
    groups: &[Group],
) -> Result<Option<Vec<i64>>, StoreError> {
    let filtered = narrowest(connection, query, words, groups)?;
    Ok(match (&query.among, filtered) {
        (None, filtered) => filtered,
        (Some(among), None) => Some(among.firsts().to_vec()),
        (Some(among), Some(filtered)) => {
            Some(filtered.into_iter().filter(|first| among.has(*first)).collect())
        }
    })
}

/// First entries of the records that pass the narrowest filter, in their order, if they are not too many.
fn narrowest(
    connection: &Connection,
    query: &Query,
    words: &[String],
    groups: &[Group],
) -> Result<Option<Vec<i64>>, StoreError> {
    let mut narrowest: Option<Vec<i64>> = None;
    let mut consider = |found: Option<Vec<i64>>| {
        if let Some(found) = found
            && narrowest.as_ref().is_none_or(|narrowest| found.len() < narrowest.len())
        {
            narrowest = Some(found);
        }
    };
    if let Some((relation, target)) = &query.linked {
        let values = vec![Value::Text(relation.as_str().to_owned()), Value::Text(target.clone())];
        consider(up_to(
            MANY,
            connection,
            "SELECT record FROM link WHERE relation = ? AND target = ?",
            [values],
        )?);
    }
    let runs: Vec<String> = words.iter().filter_map(|word| three_letter_runs(word)).collect();
    if !runs.is_empty() {
        let values = vec![Value::Text(runs.join(" "))];
        consider(up_to(
            MANY,
            connection,
            "SELECT rowid FROM record_text WHERE record_text MATCH ?",
            [values],
        )?);
    }
    let short = words.iter().filter(|word| three_letter_runs(word).is_none());
    for word in if runs.is_empty() { short.collect::<Vec<_>>() } else { Vec::new() } {
        if let Some(beginnings) = runs_that_begin(connection, word)? {
            if beginnings.is_empty() {
                return Ok(Some(Vec::new()));
            }
            let sql = "SELECT rowid FROM record_text WHERE record_text MATCH ?";
            consider(up_to(MANY, connection, sql, [vec![Value::Text(beginnings.join(" OR "))]])?);
            continue;
        }
        // So many runs begin with it that many records have it: they are looked for in the index by title.
        let sql =
            "SELECT first FROM record INDEXED BY list_by_title WHERE list_group = ? AND instr(search, ?) > 0";
        let values = groups.iter().map(|group| vec![Value::Integer(group.id), Value::Text(word.clone())]);
        consider(up_to(FEW, connection, sql, values)?);
    }
    if let Some(day) = query.due_before
        && query.sort != Sort::Due
    {
        let sql = "SELECT first FROM record WHERE list_group = ? AND due < ?";
        let day = day_number(day).min(NOT_DUE);
        let values = groups.iter().map(|group| vec![Value::Integer(group.id), Value::Integer(day)]);
        consider(up_to(MANY, connection, sql, values)?);
    }
    Ok(narrowest)
}

/// The runs of three characters in the index of texts that begin with a word of one or two, as parts of a full-text query; `None` if
/// they are too many. Texts are indexed with two spaces behind them, so that every character begins a run.
fn runs_that_begin(connection: &Connection, word: &str) -> Result<Option<Vec<String>>, StoreError> {
    let sql = "SELECT term FROM temp.record_run WHERE term >= ?1 AND term <= ?2 LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let runs = statement.query_map((word, format!("{word}\u{10ffff}\u{10ffff}"), RUNS + 1), |row| {
        let run: String = row.get(0)?;
        Ok(format!("\"{}\"", run.replace('"', "\"\"")))
    })?;
    let runs: Vec<String> = runs.collect::<Result<_, _>>()?;
    Ok(if runs.len() as u64 <= RUNS { Some(runs) } else { None })
}

/// The numbers that a query gives for all of these values, sorted; `None` if they are more than `most`.
fn up_to(
    most: usize,
    connection: &Connection,
    sql: &str,
    values: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Option<Vec<i64>>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut all = Vec::new();
    for values in values {
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if all.len() == most {
                return Ok(None);
            }
            all.push(row.get(0)?);
        }
    }
    all.sort_unstable();
    Ok(Some(all))
}

type Placed = Vec<(Place, Row)>;

/// The rows after a place among a few records: they are fetched, filtered and sorted.
fn among(
    connection: &Connection,
    sort: Sort,
    candidates: &[i64],
    groups: &[Group],
    mut conditions: Conditions,
    after: Option<Place>,
    limit: usize,
) -> Result<Placed, StoreError> {
    let (column, _, ascending) = sort.form();
    if let Some(place) = after {
        let sql = format!("(record.{column}, record.first) {} (?, ?)", if ascending { ">" } else { "<" });
        conditions.add(&sql, [place.key.value(), Value::Integer(place.first)]);
    }
    let groups: Vec<i64> = groups.iter().map(|group| group.id).collect();
    let direction = if ascending { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT {ROW}, record.{column}, record.first FROM record NOT INDEXED CROSS JOIN list_group
         ON list_group.id = record.list_group
         WHERE record.first IN (SELECT value FROM json_each(?)) AND record.list_group IN (SELECT value FROM json_each(?))
         {} ORDER BY record.{column} {direction}, record.first {direction} LIMIT {}",
        conditions.sql,
        limit + 1
    );
    let json = |ids: &[i64]| {
        Value::Text(format!("[{}]", ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")))
    };
    let mut values = vec![json(candidates), json(&groups)];
    values.append(&mut conditions.values);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut found = statement.query(rusqlite::params_from_iter(values))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push((Place::in_row(row, 12)?, row_in(row)?));
    }
    Ok(rows)
}

/// A run: places of one group's records in their order, and the next one.
type Run<'s> = (rusqlite::Rows<'s>, Option<Place>);

/// The rows after a place, merged from the runs of the groups. Runs are read from the index alone, and only as far as they are
/// needed; a record is looked at when it is its turn. `None` if more than `most` would have to be looked at.
fn merged(
    connection: &Connection,
    sort: Sort,
    groups: &[Group],
    conditions: &Conditions,
    known: Option<&[i64]>,
    after: Option<&Place>,
    (limit, most): (usize, Option<usize>),
) -> Result<Option<Placed>, StoreError> {
    let ascending = sort.form().2;
    let mut looked_at = 0;
    let known = known.map(Known::of);
    let bound = conditions.due_before.filter(|_| sort == Sort::Due);
    let sql = run(sort, after.is_some(), bound.is_some());
    // Statements of equal text: the cache gives each only once, so that these are prepared anew.
    let mut statements = Vec::with_capacity(groups.len());
    for _ in groups {
        statements.push(connection.prepare(&sql)?);
    }
    let advance = |(rows, head): &mut Run<'_>| -> Result<(), StoreError> {
        *head = loop {
            let Some(row) = rows.next()? else { break None };
            let first: i64 = row.get(1)?;
            if known.as_ref().is_none_or(|known| known.has(first)) {
                break Some(Place::in_row(row, 0)?);
            }
        };
        Ok(())
    };
    let mut runs: Vec<Run<'_>> = Vec::with_capacity(groups.len());
    for (statement, group) in statements.iter_mut().zip(groups) {
        let mut run =
            (statement.query(rusqlite::params_from_iter(run_values(sort, group, after, bound)))?, None);
        advance(&mut run)?;
        runs.push(run);
    }
    let mut fetch = connection.prepare_cached(&format!(
        "SELECT {ROW} FROM record CROSS JOIN list_group ON list_group.id = record.list_group WHERE record.first = ?{}",
        conditions.sql
    ))?;
    let mut merged = Vec::new();
    while merged.len() <= limit {
        let heads = runs.iter_mut().filter(|(_, head)| head.is_some());
        let next = match ascending {
            true => heads.min_by(|one, other| one.1.cmp(&other.1)),
            false => heads.max_by(|one, other| one.1.cmp(&other.1)),
        };
        let Some(next) = next else { break };
        if let Some(place) = next.1.take() {
            if most.is_some_and(|most| looked_at == most) {
                return Ok(None);
            }
            looked_at += 1;
            let values =
                std::iter::once(Value::Integer(place.first)).chain(conditions.values.iter().cloned());
            let mut found = fetch.query(rusqlite::params_from_iter(values))?;
            if let Some(row) = found.next()? {
                merged.push((place, row_in(row)?));
            }
        }
        advance(next)?;
    }
    Ok(Some(merged))
}

/// The query for one group's run: key and first entry.
fn run(sort: Sort, continued: bool, bounded: bool) -> String {
    let (column, _, ascending) = sort.form();
    let (direction, beyond) = if ascending { ("ASC", ">") } else { ("DESC", "<") };
    let (from, order) = match column {
        "first" => (format!("first {beyond} ?"), format!("first {direction}")),
        _ => {
            (format!("({column}, first) {beyond} (?, ?)"), format!("{column} {direction}, first {direction}"))
        }
    };
    let from = if continued { format!(" AND {from}") } else { String::new() };
    // Where the order is the filter, the run ends where nothing more passes.
    let bound = if bounded { " AND due < ?" } else { "" };
    let index = sort.index();
    format!(
        "SELECT {column}, first FROM record INDEXED BY {index} WHERE list_group = ?{from}{bound} ORDER BY {order}"
    )
}

fn run_values(sort: Sort, group: &Group, after: Option<&Place>, bound: Option<i64>) -> Vec<Value> {
    let mut values = vec![Value::Integer(group.id)];
    if let Some(place) = after {
        if sort.form().0 != "first" {
            values.push(place.key.value());
        }
        values.push(Value::Integer(place.first));
    }
    values.extend(bound.map(Value::Integer));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_one_of_another_order_is_refused() {
        let place = Place { key: Key::Text("フォーティ".into()), first: 7 };
        let cursor = place.to_cursor(Sort::Title);
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{cursor}");
        assert_eq!(Place::from_cursor(&cursor, Sort::Title), Some(place));
        assert_eq!(Place::from_cursor(&cursor, Sort::Due), None);
        for wrong in ["", "t", "tzz-1", "tff-1", "u-1", "u1-", "u1"] {
            assert_eq!(Place::from_cursor(wrong, Sort::Title), None, "{wrong}");
            assert_eq!(Place::from_cursor(wrong, Sort::Urgency), None, "{wrong}");
        }
    }
}
