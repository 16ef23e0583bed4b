//! What people log in with, their sessions, and who tried: beside the ledger, because none of it may stand there. What changes a person's
//! record is written in the transaction of its entry ([`Store::commit_with`]).
//!
//! Nothing here decides: how long a session lasts, how many failures are too many and what a password is good for are the caller's.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use shindan_domain::ledger::Hash;
use shindan_domain::people::throttle::Tally;
use shindan_domain::record_id::{PersonId, SessionId};

use crate::store::{hash_in, milliseconds, time_in, uuid_in};
use crate::{Store, StoreError};

/// A change of what a person logs in with.
#[derive(Clone)]
pub enum AccountWrite {
    /// A password, as a hash in PHC form. Invitations end.
    Password(PersonId, String),
    /// The SHA-256 of an invitation's code, and until when it can be used.
    Invitation(PersonId, Hash, Timestamp),
    /// The secret of an authenticator app, with the step whose code confirmed it. What was begun ends.
    Totp(PersonId, Vec<u8>, i64),
    /// No authenticator app any more, and no recovery codes.
    NoTotp(PersonId),
    /// The SHA-256 of each recovery code; those before end.
    RecoveryCodes(PersonId, Vec<Hash>),
    /// All sessions end, but one.
    EndSessions(PersonId, Option<SessionId>),
    /// No browser is known any more.
    ForgetDevices(PersonId),
    /// Nothing is left but the log: sessions, devices, password, second factor, invitation, preferences.
    Forget(PersonId),
}

impl std::fmt::Debug for AccountWrite {
    /// Names what is written, and for whom: never hashes or secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, person) = match self {
            AccountWrite::Password(person, _) => ("password", person),
            AccountWrite::Invitation(person, ..) => ("invitation", person),
            AccountWrite::Totp(person, ..) => ("totp", person),
            AccountWrite::NoTotp(person) => ("no-totp", person),
            AccountWrite::RecoveryCodes(person, _) => ("recovery-codes", person),
            AccountWrite::EndSessions(person, _) => ("end-sessions", person),
            AccountWrite::ForgetDevices(person) => ("forget-devices", person),
            AccountWrite::Forget(person) => ("forget", person),
        };
        write!(f, "AccountWrite({what}, {person})")
    }
}

impl AccountWrite {
    pub(crate) fn write(&self, connection: &Connection) -> Result<(), StoreError> {
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| connection.execute(sql, values).map(drop);
        match self {
            AccountWrite::Password(person, hash) => {
                run(
                    "INSERT INTO password (person, hash) VALUES (?1, ?2) ON CONFLICT (person) DO UPDATE SET hash = ?2",
                    &[person.0.as_bytes(), hash],
                )?;
                run("DELETE FROM invitation WHERE person = ?1", &[person.0.as_bytes()])?;
                run("UPDATE session SET change_password = 0 WHERE person = ?1", &[person.0.as_bytes()])?;
            }
            AccountWrite::Invitation(person, digest, until) => run(
                "INSERT INTO invitation (person, digest, until) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person) DO UPDATE SET digest = ?2, until = ?3",
                &[person.0.as_bytes(), &digest.0, &milliseconds(*until)],
            )?,
            AccountWrite::Totp(person, secret, step) => {
                run(
                    "INSERT INTO totp (person, secret, last_step) VALUES (?1, ?2, ?3)
                     ON CONFLICT (person) DO UPDATE SET secret = ?2, last_step = ?3",
                    &[person.0.as_bytes(), secret, step],
                )?;
                run("DELETE FROM totp_begun WHERE person = ?1", &[person.0.as_bytes()])?;
            }
            AccountWrite::NoTotp(person) => {
                run("DELETE FROM totp WHERE person = ?1", &[person.0.as_bytes()])?;
                run("DELETE FROM recovery_code WHERE person = ?1", &[person.0.as_bytes()])?;
            }
            AccountWrite::RecoveryCodes(person, digests) => {
                run("DELETE FROM recovery_code WHERE person = ?1", &[person.0.as_bytes()])?;
                for digest in digests {
                    run(
                        "INSERT INTO recovery_code (person, digest) VALUES (?1, ?2)",
                        &[person.0.as_bytes(), &digest.0],
                    )?;
                }
            }
            AccountWrite::EndSessions(person, but) => run(
                "DELETE FROM session WHERE person = ?1 AND id IS NOT ?2",
                &[person.0.as_bytes(), &but.map(|id| *id.0.as_bytes())],
            )?,
            AccountWrite::ForgetDevices(person) => {
                run("DELETE FROM known_device WHERE person = ?1", &[person.0.as_bytes()])?;
            }
            AccountWrite::Forget(person) => {
                for table in [
                    "session",
                    "known_device",
                    "password",
                    "invitation",
                    "totp",
                    "totp_begun",
                    "recovery_code",
                    "preference",
                ] {
                    run(&format!("DELETE FROM {table} WHERE person = ?1"), &[person.0.as_bytes()])?;
                }
            }
        }
        Ok(())
    }
}

/// The secret of an authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret {
    /// The bytes that the app has, too.
    pub secret: Vec<u8>,
    /// The last step of 30 seconds whose code was used.
    pub last_step: i64,
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TotpSecret(last_step {})", self.last_step)
    }
}

impl Store {
    /// The hash of a person's password, in PHC form.
    ///
    /// # Errors
    /// Those of the database.
    pub fn password(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT hash FROM password WHERE person = ?1")?;
        Ok(statement.query_row([person.0.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Replaces the hash of a password that did not change: it is kept with other parameters now. Nothing happens if the password was
    /// changed meanwhile.
    ///
    /// # Errors
    /// Those of writing.
    pub fn rehash(&self, person: PersonId, before: &str, after: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE password SET hash = ?3 WHERE person = ?1 AND hash = ?2",
            (person.0.as_bytes(), before, after),
        )?;
        Ok(())
    }

    /// Digest of the invitation that a person has, and until when it can be used.
    ///
    /// # Errors
    /// Those of the database.
    pub fn invitation(&self, person: PersonId) -> Result<Option<(Hash, Timestamp)>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT digest, until FROM invitation WHERE person = ?1")?;
        let found =
            statement.query_row([person.0.as_bytes()], |row| Ok((hash_in(row, 0)?, time_in(row, 1)?)));
        Ok(found.optional()?)
    }

    /// The secret of a person's authenticator app.
    ///
    /// # Errors
    /// Those of the database.
    pub fn totp(&self, person: PersonId) -> Result<Option<TotpSecret>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT secret, last_step FROM totp WHERE person = ?1")?;
        let found = statement.query_row([person.0.as_bytes()], |row| {
            Ok(TotpSecret { secret: row.get(0)?, last_step: row.get(1)? })
        });
        Ok(found.optional()?)
    }

    /// Uses up the code of a step: no code of this step or an earlier one counts any more. False if it was used before.
    ///
    /// # Errors
    /// Those of writing.
    pub fn use_step(&self, person: PersonId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE totp SET last_step = ?2 WHERE person = ?1 AND last_step < ?2";
        Ok(self.connection.execute(sql, (person.0.as_bytes(), step))? > 0)
    }

    /// Keeps the secret of an app that is being set up; one that was begun before ends.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin_totp(&self, person: PersonId, secret: &[u8], until: Timestamp) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO totp_begun (person, secret, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (person) DO UPDATE SET secret = ?2, until = ?3",
            (person.0.as_bytes(), secret, milliseconds(until)),
        )?;
        Ok(())
    }

    /// The secret of an app that is being set up, if its time is not over.
    ///
    /// # Errors
    /// Those of the database.
    pub fn totp_begun(&self, person: PersonId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT secret FROM totp_begun WHERE person = ?1 AND until > ?2";
        let found =
            self.connection.query_row(sql, (person.0.as_bytes(), milliseconds(now)), |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Uses up a recovery code; false if the person has none with this digest.
    ///
    /// # Errors
    /// Those of writing.
    pub fn use_recovery_code(&self, person: PersonId, digest: &Hash) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery_code WHERE person = ?1 AND digest = ?2";
        Ok(self.connection.execute(sql, (person.0.as_bytes(), digest.0))? > 0)
    }

    /// How many recovery codes a person has left.
    ///
    /// # Errors
    /// Those of the database.
    pub fn recovery_codes_left(&self, person: PersonId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM recovery_code WHERE person = ?1";
        Ok(self.connection.query_row(sql, [person.0.as_bytes()], |row| row.get(0))?)
    }

    /// True if a person logged in from the browser with this digest after `since`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_known_device(
        &self,
        person: PersonId,
        digest: &Hash,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM known_device WHERE digest = ?1 AND person = ?2 AND seen_at > ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.exists((digest.0, person.0.as_bytes(), milliseconds(since)))?)
    }

    /// Notes a browser from which a person logged in. `before`: what it was known as, which ends for everybody who uses it and becomes
    /// `now`. Each person has `most` at most, the last ones.
    ///
    /// # Errors
    /// Those of writing.
    pub fn know_device(
        &self,
        person: PersonId,
        (before, now): (Option<&Hash>, &Hash),
        at: Timestamp,
        most: u32,
    ) -> Result<(), StoreError> {
        let transaction = self.writing()?;
        if let Some(before) = before {
            let sql = "UPDATE known_device SET digest = ?2 WHERE digest = ?1";
            transaction.execute(sql, (before.0, now.0))?;
        }
        transaction.execute(
            "INSERT INTO known_device (digest, person, seen_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (digest, person) DO UPDATE SET seen_at = ?3",
            (now.0, person.0.as_bytes(), milliseconds(at)),
        )?;
        transaction.execute(
            "DELETE FROM known_device WHERE person = ?1 AND digest NOT IN
                 (SELECT digest FROM known_device WHERE person = ?1 ORDER BY seen_at DESC, digest LIMIT ?2)",
            (person.0.as_bytes(), most),
        )?;
        Ok(transaction.commit()?)
    }

    /// Takes from budgets, all or none, in one transaction. `take` says for each what it becomes, or what is kept of an attempt that is
    /// not looked at. Of each kind of budget `most` rows are kept, the last ones.
    ///
    /// # Errors
    /// Those of writing.
    pub fn take(
        &self,
        budgets: &[(&'static str, Hash)],
        most: u32,
        take: &mut dyn FnMut(&'static str, Option<Tally>) -> Taking,
    ) -> Result<Taken, StoreError> {
        let transaction = self.writing()?;
        let mut refused: Option<(&(&'static str, Hash), Tally)> = None;
        let mut taken = Vec::new();
        for budget in budgets {
            let before = tally(&transaction, budget)?;
            match take(budget.0, before) {
                Taking::Takes(after) => taken.push((before, after)),
                Taking::Waits(tally) if refused.is_none_or(|(_, other)| other.until < tally.until) => {
                    refused = Some((budget, tally));
                }
                Taking::Waits(_) => {}
            }
        }
        if let Some((budget, tally)) = refused {
            keep_tally(&transaction, budget, &Tally { noted: true, ..tally })?;
            transaction.commit()?;
            return Ok(Taken::Waits { until: tally.until, first: !tally.noted });
        }
        for (budget, (_, after)) in budgets.iter().zip(&taken) {
            keep_tally(&transaction, budget, after)?;
            transaction.execute(
                "DELETE FROM throttle WHERE budget = ?1 AND counted_at <
                     (SELECT counted_at FROM throttle WHERE budget = ?1 ORDER BY counted_at DESC LIMIT 1 OFFSET ?2)",
                (budget.0, most),
            )?;
        }
        transaction.commit()?;
        Ok(Taken::Takes(taken))
    }

    /// Gives back what one attempt took from a budget. `before`: what was there before it.
    ///
    /// # Errors
    /// Those of writing.
    pub fn give_back(&self, budget: &(&'static str, Hash), before: Option<Tally>) -> Result<(), StoreError> {
        let transaction = self.writing()?;
        if let Some(now) = tally(&transaction, budget)? {
            // Somebody else's failures that were counted meanwhile stay.
            let failures = now.failures.saturating_sub(1);
            let alone = before.map_or(0, |before| before.failures) == failures;
            match before {
                None if failures == 0 => forget(&transaction, budget)?,
                Some(before) if alone => keep_tally(&transaction, budget, &before)?,
                _ => keep_tally(&transaction, budget, &Tally { failures, ..now })?,
            }
        }
        Ok(transaction.commit()?)
    }

    /// Forgets the failures of a budget.
    ///
    /// # Errors
    /// Those of writing.
    pub fn forget_failures(&self, budget: &(&'static str, Hash)) -> Result<(), StoreError> {
        forget(&self.connection, budget)
    }

    /// A transaction that writes, on a store that others only read through.
    pub(crate) fn writing(&self) -> Result<rusqlite::Transaction<'_>, StoreError> {
        let immediate = rusqlite::TransactionBehavior::Immediate;
        Ok(rusqlite::Transaction::new_unchecked(&self.connection, immediate)?)
    }
}

/// What becomes of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// The attempt is counted.
    Takes(Tally),
    /// It is not looked at.
    Waits(Tally),
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is counted in every budget; what was there before and is now, in the order of the budgets.
    Takes(Vec<(Option<Tally>, Tally)>),
    /// It is not looked at.
    Waits {
        /// Until when nothing is.
        until: Timestamp,
        /// True for the first attempt of this time of waiting.
        first: bool,
    },
}

fn tally(connection: &Connection, (budget, key): &(&'static str, Hash)) -> Result<Option<Tally>, StoreError> {
    let sql = "SELECT failures, until, counted_at, noted FROM throttle WHERE budget = ?1 AND key = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let read = |row: &SqlRow<'_>| {
        Ok(Tally {
            failures: row.get(0)?,
            until: time_in(row, 1)?,
            counted_at: time_in(row, 2)?,
            noted: row.get(3)?,
        })
    };
    Ok(statement.query_row((budget, key.0), read).optional()?)
}

fn keep_tally(
    connection: &Connection,
    (budget, key): &(&'static str, Hash),
    tally: &Tally,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO throttle (budget, key, failures, until, counted_at, noted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (budget, key) DO UPDATE SET failures = ?3, until = ?4, counted_at = ?5, noted = ?6",
        (
            budget,
            key.0,
            tally.failures,
            milliseconds(tally.until),
            milliseconds(tally.counted_at),
            tally.noted,
        ),
    )?;
    Ok(())
}

fn forget(connection: &Connection, (budget, key): &(&'static str, Hash)) -> Result<(), StoreError> {
    connection.execute("DELETE FROM throttle WHERE budget = ?1 AND key = ?2", (budget, key.0))?;
    Ok(())
}

/// Removes from a copy of the database what does not belong into a backup.
pub(crate) fn leave_out(copy: &Connection) -> Result<(), StoreError> {
    copy.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    copy.execute_batch(
        "DELETE FROM session; DELETE FROM known_device; DELETE FROM throttle; DELETE FROM totp_begun;
         DELETE FROM invitation;",
    )?;
    Ok(())
}

/// Identifier in a column.
pub(crate) fn person_in(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<PersonId> {
    Ok(PersonId(uuid_in(row, column)?))
}
