//! The key with which secrets of authenticator apps are sealed: 32 random bytes. Kept as the signing key is: a file that only its owner may
//! read, in a backup if the keys are wanted in it. What is sealed with it, and how, is the caller's affair.

use std::path::{Path, PathBuf};

use rusqlite::{Transaction, TransactionBehavior};
use shindan_domain::record_id::PersonId;

use crate::store::uuid_in;
use crate::{Store, StoreError, files};

pub(crate) fn account_key_file(ledger: &Path) -> PathBuf {
    ledger.join("keys").join("accounts.key")
}

/// A secret as it is kept: of an app that counts, or of one that is being set up.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSecret {
    /// Whose.
    pub person: PersonId,
    /// The app is being set up.
    pub begun: bool,
    /// The bytes that are kept.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for KeptSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptSecret({}, begun {})", self.person, self.begun)
    }
}

impl Store {
    /// The key, if there is one.
    ///
    /// # Errors
    /// [`StoreError::KeyDamaged`] for a file that is none; those of reading.
    pub fn account_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        let file = account_key_file(&self.folder);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(StoreError::KeyDamaged);
            }
            Err(error) => return Err(StoreError::io(file)(error)),
        };
        // 64 hexadecimal digits, as of a SHA-256.
        let key = text.trim().parse::<shindan_domain::ledger::Hash>();
        key.map(|key| Some(key.0)).map_err(|_| StoreError::KeyDamaged)
    }

    /// Keeps a key where there is none.
    ///
    /// # Errors
    /// [`StoreError::KeyPresent`] if there is one: secrets are sealed with it. Those of writing.
    pub fn set_account_key(&self, key: &[u8; 32]) -> Result<(), StoreError> {
        let file = account_key_file(&self.folder);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        // Whole or not there, and never in the place of another one: a link fails where a name is taken.
        let beside = file.with_extension(format!("key.new-{}", std::process::id()));
        let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        files::write_private(&beside, format!("{digits}\n").as_bytes())?;
        let linked = std::fs::hard_link(&beside, &file);
        files::remove_if_there(&beside)?;
        match linked {
            Ok(()) => file.parent().map_or(Ok(()), files::sync_folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(StoreError::KeyPresent),
            Err(error) => Err(StoreError::io(file)(error)),
        }
    }

    /// Secrets that are kept with so many bytes.
    ///
    /// # Errors
    /// Those of the database.
    pub fn secrets_of_length(&self, bytes: usize) -> Result<Vec<KeptSecret>, StoreError> {
        let mut all = Vec::new();
        let sql = "SELECT person, secret, 0 FROM totp WHERE length(secret) = ?1
                   UNION ALL SELECT person, secret, 1 FROM totp_begun WHERE length(secret) = ?1";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([i64::try_from(bytes).unwrap_or(i64::MAX)], |row| {
            Ok(KeptSecret { person: PersonId(uuid_in(row, 0)?), secret: row.get(1)?, begun: row.get(2)? })
        })?;
        for row in rows {
            all.push(row?);
        }
        Ok(all)
    }

    /// Replaces secrets by what is to be kept instead, all or none; one that was changed meanwhile stays. The bytes before are
    /// overwritten, also in the log beside the database.
    ///
    /// # Errors
    /// Those of writing.
    pub fn replace_secrets(&self, all: &[(KeptSecret, Vec<u8>)]) -> Result<(), StoreError> {
        self.connection.execute_batch("PRAGMA secure_delete = ON")?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        for (before, after) in all {
            let table = if before.begun { "totp_begun" } else { "totp" };
            transaction.execute(
                &format!("UPDATE {table} SET secret = ?3 WHERE person = ?1 AND secret = ?2"),
                (before.person.0.as_bytes(), &before.secret, after),
            )?;
        }
        transaction.commit()?;
        // Others may be reading: then the log is emptied by the next one who can.
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// How many people have an authenticator app.
    pub(crate) fn apps(&self) -> Result<u64, StoreError> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM totp", [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
