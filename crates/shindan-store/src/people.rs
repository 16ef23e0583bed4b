//! Names of people and who holds a token. Names are not in the ledger: they can be erased, and the ledger stays whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::PersonId;

use crate::store::{milliseconds, uuid_in};
use crate::{Store, StoreError};

impl Store {
    /// Sets or changes a person's name.
    ///
    /// # Errors
    /// Those of writing.
    pub fn set_name(&self, person: PersonId, name: &str, at: Timestamp) -> Result<(), StoreError> {
        self.overwriting(|store| {
            store.connection.execute(
                "INSERT INTO person_name (person, name, changed_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person) DO UPDATE SET name = ?2, changed_at = ?3",
                (person.0.as_bytes(), name, milliseconds(at)),
            )
        })?;
        Ok(())
    }

    /// A person's name, unless it was erased.
    ///
    /// # Errors
    /// Those of the database.
    pub fn name(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT name FROM person_name WHERE person = ?1")?;
        Ok(statement.query_row([person.0.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// All names.
    ///
    /// # Errors
    /// Those of the database.
    pub fn names(&self) -> Result<BTreeMap<PersonId, String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT person, name FROM person_name")?;
        let names = statement.query_map([], |row| Ok((PersonId(uuid_in(row, 0)?), row.get(1)?)))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Erases a person's name, also from the file's free space and from the write-ahead log as soon as nobody reads it any
    /// more; returns whether there was one. Backups that were made before still hold it.
    ///
    /// # Errors
    /// Those of writing.
    pub fn erase_name(&self, person: PersonId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM person_name WHERE person = ?1";
        let erased = self.overwriting(|store| store.connection.execute(sql, [person.0.as_bytes()]))?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(erased > 0)
    }

    /// Who holds the token with this digest; whether it can still be used, their state says.
    ///
    /// # Errors
    /// Those of the database.
    pub fn person_of_token(&self, digest: &Hash) -> Result<Option<PersonId>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT person FROM token WHERE digest = ?1")?;
        Ok(statement.query_row([digest.0], |row| Ok(PersonId(uuid_in(row, 0)?))).optional()?)
    }

    /// Does something that leaves nothing of what is deleted in the file.
    fn overwriting<T>(&self, work: impl FnOnce(&Store) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.connection.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
        let done = work(self);
        self.connection.query_row("PRAGMA secure_delete = OFF", [], |_| Ok(()))?;
        Ok(done?)
    }
}
