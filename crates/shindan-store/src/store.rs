//! The store: where its files are, and what every part of it needs.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use shindan_domain::ledger::{Chain, Hash, Kind, Stream};
use shindan_domain::record_id::InstallationId;
use uuid::Uuid;

use crate::{StoreError, files, number, schema, signing};

/// What an installation is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Which one; made by the caller.
    pub id: InstallationId,
    /// What its display numbers begin with: 1 to 8 letters `A` to `Z` or digits, a letter first (`MED`).
    pub prefix: String,
    /// When it was set up.
    pub at: Timestamp,
}

/// The ledger and what is derived from it, in one data folder. One per process and thread; any number of processes may
/// have the same folder open.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) folder: PathBuf,
    installation: Installation,
}

/// `ledger` in a data folder.
pub(crate) fn ledger_folder(data_folder: &Path) -> PathBuf {
    data_folder.join("ledger")
}

pub(crate) fn database_file(ledger: &Path) -> PathBuf {
    ledger.join("shindan.db")
}

impl Store {
    /// Sets up a ledger in `data_folder` with a signing key from 32 random bytes.
    ///
    /// # Errors
    /// [`StoreError::Present`], [`StoreError::Prefix`], and those of writing.
    pub fn create(
        data_folder: &Path,
        installation: Installation,
        seed: [u8; 32],
    ) -> Result<Store, StoreError> {
        number::check_prefix(&installation.prefix)?;
        let folder = ledger_folder(data_folder);
        let file = database_file(&folder);
        if file.exists() {
            return Err(StoreError::Present { folder: data_folder.to_owned() });
        }
        std::fs::create_dir_all(&folder).map_err(StoreError::io(&folder))?;
        // Made beside, and renamed as the last step: a half-made ledger is none.
        let half = folder.join("shindan.db.new");
        for left in [half.clone(), folder.join("shindan.db.new-wal"), folder.join("shindan.db.new-shm")] {
            files::remove_if_there(&left)?;
        }
        let connection = schema::create(&half)?;
        connection.execute(
            "INSERT INTO installation (one, id, prefix, made_at) VALUES (1, ?1, ?2, ?3)",
            (installation.id.0.as_bytes(), &installation.prefix, milliseconds(installation.at)),
        )?;
        signing::make_key(&connection, &folder, seed, installation.at)?;
        connection.close().map_err(|(_, error)| error)?;
        files::rename(&half, &file)?;
        Store::open_ledger(folder)
    }

    /// Opens the ledger of a data folder.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Newer`], [`StoreError::Damaged`].
    pub fn open(data_folder: &Path) -> Result<Store, StoreError> {
        let folder = ledger_folder(data_folder);
        if !database_file(&folder).exists() {
            return Err(StoreError::Absent { folder: data_folder.to_owned() });
        }
        Store::open_ledger(folder)
    }

    /// Opens a folder that holds the files themselves.
    pub(crate) fn open_ledger(folder: PathBuf) -> Result<Store, StoreError> {
        let connection = schema::open(&database_file(&folder))?;
        let installation =
            connection.query_row("SELECT id, prefix, made_at FROM installation", [], |row| {
                let (id, at) = (InstallationId(uuid_in(row, 0)?), time_in(row, 2)?);
                Ok(Installation { id, prefix: row.get(1)?, at })
            })?;
        Ok(Store { connection, folder, installation })
    }

    /// True if there is a ledger in the data folder.
    pub fn exists(data_folder: &Path) -> bool {
        database_file(&ledger_folder(data_folder)).exists()
    }

    /// What the installation was made with.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Bounds the size of the database file, for a quota on a shared disk. Holds while the store is open.
    ///
    /// # Errors
    /// Those of the database.
    pub fn limit_size(&self, bytes: u64) -> Result<(), StoreError> {
        let page: i64 = self.connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        self.connection.query_row(&format!("PRAGMA max_page_count = {}", pages.max(1)), [], |_| Ok(()))?;
        Ok(())
    }

    /// How long to wait for another process that writes; 5 seconds unless said otherwise.
    ///
    /// # Errors
    /// Those of the database.
    pub fn wait_at_most(&self, time: std::time::Duration) -> Result<(), StoreError> {
        Ok(self.connection.busy_timeout(time)?)
    }

    /// The last entry's number and hash.
    ///
    /// # Errors
    /// Those of the database.
    pub fn head(&self) -> Result<Chain, StoreError> {
        Ok(last_entry(&self.connection)?.map_or(Chain::EMPTY, |(chain, _)| chain))
    }

    /// A consistent view for several reads.
    pub(crate) fn snapshot(&self) -> Result<rusqlite::Transaction<'_>, StoreError> {
        Ok(self.connection.unchecked_transaction()?)
    }
}

/// The end of the chain and the time of the last entry.
pub(crate) fn last_entry(connection: &Connection) -> Result<Option<(Chain, Timestamp)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT sequence, hash, at FROM entry ORDER BY sequence DESC LIMIT 1")?;
    let found = statement
        .query_row([], |row| Ok((Chain { sequence: row.get(0)?, hash: hash_in(row, 1)? }, time_in(row, 2)?)))
        .optional()?;
    Ok(found)
}

/// Numbers of entries, revisions and bytes stay far below 2^63.
pub(crate) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970, UTC.
pub(crate) fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A time that is kept: milliseconds.
pub(crate) fn truncated(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn wrong<E: std::error::Error + Send + Sync + 'static>(column: usize, error: E) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, Box::new(error))
}

pub(crate) fn time_in(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| wrong(column, error))
}

pub(crate) fn uuid_in(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

pub(crate) fn hash_in(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Hash> {
    Ok(Hash(row.get(column)?))
}

/// A record in two columns: kind, id.
pub(crate) fn stream_in(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Stream> {
    let kind: Kind = row.get_ref(column)?.as_str()?.parse().map_err(|error| wrong(column, error))?;
    Ok(Stream { kind, id: uuid_in(row, column + 1)? })
}
