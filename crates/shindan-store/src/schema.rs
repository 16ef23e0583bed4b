//! Opening the database: settings, version of the tables.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::StoreError;

/// Version of the tables, in the file's `user_version`.
pub(crate) const VERSION: i64 = 5;
/// "SDAN" in the file's header, so that `file` and people can tell what it is.
const APPLICATION: i64 = 0x5344_414E;
const TABLES: &str = include_str!("schema.sql");
/// What version 2 added.
const ACCOUNTS: &str = include_str!("accounts.sql");
/// What version 3 changed: every character of a text begins a run of three in its index.
const TEXTS: &str = "INSERT INTO record_text (record_text) VALUES ('delete-all');
    INSERT INTO record_text (rowid, text) SELECT first, search || '  ' FROM record;";
/// The runs of three characters that there are, for this connection; nothing of it is stored.
const RUNS: &str = "CREATE VIRTUAL TABLE temp.record_run USING fts5vocab (main, record_text, row)";
/// What version 4 added.
const PREFERENCES: &str = include_str!("preferences.sql");
/// What version 5 added: entries of a kind and event are found in an index.
const EVENTS: &str = "CREATE INDEX entry_by_event ON entry (kind, type);";
/// How long a writer waits for another one.
const WAIT: Duration = Duration::from_secs(5);

/// Makes the database. The file must not exist.
pub(crate) fn create(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags() | OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    settle(&connection)?;
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {TABLES} {ACCOUNTS} {PREFERENCES} {EVENTS} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))?;
    connection.execute_batch(RUNS)?;
    Ok(connection)
}

/// Opens the database and looks at the version of its tables, which are brought up to date; nothing else is read.
pub(crate) fn open(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags())?;
    settle(&connection)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > VERSION {
        return Err(StoreError::Newer { found, known: VERSION });
    }
    if found < 1 {
        return Err(StoreError::Damaged { detail: format!("its tables have the version {found}") });
    }
    if found < VERSION {
        bring_up_to_date(&connection)?;
    }
    connection.execute_batch(RUNS)?;
    Ok(connection)
}

/// Adds the tables of later versions. Entries are never touched. Another process may be doing the same: who comes second finds it done.
fn bring_up_to_date(connection: &Connection) -> Result<(), StoreError> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found < 2 {
        transaction.execute_batch(ACCOUNTS)?;
    }
    if found < 3 {
        transaction.execute_batch(TEXTS)?;
    }
    if found < 4 {
        transaction.execute_batch(PREFERENCES)?;
    }
    if found < 5 {
        transaction.execute_batch(EVENTS)?;
    }
    transaction.execute_batch(&format!("PRAGMA user_version = {VERSION};"))?;
    Ok(transaction.commit()?)
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(WAIT)?;
    connection.set_prepared_statement_cache_capacity(64);
    // FULL: an acknowledged entry survives loss of power.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(())
}
