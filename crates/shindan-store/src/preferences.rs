//! How a person wants pages: language, calendar, columns of lists. Beside the ledger, because it says nothing about a record.

use std::collections::BTreeMap;

use shindan_domain::record_id::PersonId;

use crate::{Store, StoreError};

impl Store {
    /// What a person wants, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub fn preferences(&self, person: PersonId) -> Result<BTreeMap<String, String>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT name, value FROM preference WHERE person = ?1")?;
        let all = statement.query_map([person.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// Keeps what a person wants, or forgets it (`None`).
    ///
    /// # Errors
    /// Those of writing.
    pub fn prefer(&self, person: PersonId, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let transaction = self.writing()?;
        match value {
            Some(value) => transaction.execute(
                "INSERT INTO preference (person, name, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person, name) DO UPDATE SET value = ?3",
                (person.0.as_bytes(), name, value),
            )?,
            None => transaction.execute(
                "DELETE FROM preference WHERE person = ?1 AND name = ?2",
                (person.0.as_bytes(), name),
            )?,
        };
        Ok(transaction.commit()?)
    }
}
