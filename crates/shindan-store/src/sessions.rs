//! Sessions in the browser, and the log of log-ins. Both beside the ledger and bounded.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row as SqlRow};
use shindan_domain::ledger::Hash;
use shindan_domain::people::LoginOutcome;
use shindan_domain::record_id::{PersonId, SessionId};

use crate::accounts::person_in;
use crate::store::{integer, milliseconds, time_in, uuid_in};
use crate::{Store, StoreError};

/// A session, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// When the person logged in, UTC.
    pub begun_at: Timestamp,
    /// When it was used last, UTC.
    pub seen_at: Timestamp,
    /// From where the person logged in.
    pub address: String,
    /// What their browser called itself.
    pub agent: String,
    /// True if the password is to be changed first.
    pub change_password: bool,
}

/// A line of the log of log-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its number; later ones are larger.
    pub id: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: LoginOutcome,
    /// Who; `None`: nobody is called what was typed, which is not kept.
    pub person: Option<PersonId>,
    /// From where.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// Which lines of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoginQuery {
    /// Of this person only.
    pub person: Option<PersonId>,
    /// With this outcome only.
    pub outcome: Option<LoginOutcome>,
    /// Only those with a smaller number.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: u32,
}

/// How much of the log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// What is older is forgotten.
    pub since: Timestamp,
    /// Lines of each outcome that are kept at most.
    pub most: u32,
}

const COLUMNS: &str = "id, person, begun_at, seen_at, address, agent, change_password";

impl Store {
    /// Begins a session. Those of the person that began before `since` or were not used after `idle` end, and of the others the oldest,
    /// so that there are `most`.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin_session(
        &self,
        digest: &Hash,
        session: &StoredSession,
        (since, idle): (Timestamp, Timestamp),
        most: u32,
    ) -> Result<(), StoreError> {
        let transaction = self.writing()?;
        transaction.execute(
            "DELETE FROM session WHERE begun_at <= ?1 OR seen_at <= ?2",
            (milliseconds(since), milliseconds(idle)),
        )?;
        transaction.execute(
            "INSERT INTO session (digest, id, person, begun_at, seen_at, address, agent, change_password)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                digest.0,
                session.id.0.as_bytes(),
                session.person.0.as_bytes(),
                milliseconds(session.begun_at),
                milliseconds(session.seen_at),
                &session.address,
                &session.agent,
                session.change_password,
            ),
        )?;
        transaction.execute(
            "DELETE FROM session WHERE person = ?1 AND digest NOT IN
                 (SELECT digest FROM session WHERE person = ?1 ORDER BY begun_at DESC, id DESC LIMIT ?2)",
            (session.person.0.as_bytes(), most),
        )?;
        Ok(transaction.commit()?)
    }

    /// The session with this digest; whether it still counts, the caller says.
    ///
    /// # Errors
    /// Those of the database.
    pub fn session(&self, digest: &Hash) -> Result<Option<StoredSession>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE digest = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([digest.0], session_in).optional()?)
    }

    /// The session with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub fn session_called(&self, id: SessionId) -> Result<Option<StoredSession>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE id = ?1");
        Ok(self.connection.query_row(&sql, [id.0.as_bytes()], session_in).optional()?)
    }

    /// Sessions of a person, the last first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sessions(&self, person: PersonId) -> Result<Vec<StoredSession>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE person = ?1 ORDER BY begun_at DESC, id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let sessions = statement.query_map([person.0.as_bytes()], session_in)?;
        Ok(sessions.collect::<Result<_, _>>()?)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Those of writing.
    pub fn see_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE session SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2";
        self.connection.execute(sql, (id.0.as_bytes(), milliseconds(at)))?;
        Ok(())
    }

    /// Ends a session; false if there is none.
    ///
    /// # Errors
    /// Those of writing.
    pub fn end_session(&self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.connection.execute("DELETE FROM session WHERE id = ?1", [id.0.as_bytes()])? > 0)
    }

    /// Adds a line to the log and forgets what is not kept any more.
    ///
    /// # Errors
    /// Those of writing.
    pub fn log_login(&self, login: &Login, kept: Retention) -> Result<(), StoreError> {
        let transaction = self.writing()?;
        transaction.execute(
            "INSERT INTO login (at, outcome, person, address, agent) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                milliseconds(login.at),
                login.outcome.as_str(),
                login.person.map(|person| *person.0.as_bytes()),
                &login.address,
                &login.agent,
            ),
        )?;
        // By number, which grows with time: what is old is at the beginning, and looking there costs nothing.
        transaction.execute(
            "DELETE FROM login WHERE id IN (SELECT id FROM login ORDER BY id LIMIT 100) AND at < ?1",
            [milliseconds(kept.since)],
        )?;
        transaction.execute(
            "DELETE FROM login WHERE outcome = ?1 AND id <=
                 (SELECT id FROM login WHERE outcome = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            (login.outcome.as_str(), kept.most),
        )?;
        Ok(transaction.commit()?)
    }

    /// Lines of the log, the last first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn logins(&self, query: &LoginQuery) -> Result<Vec<Login>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, at, outcome, person, address, agent FROM login
             WHERE id < ?1 AND (?2 IS NULL OR person = ?2) AND (?3 IS NULL OR outcome = ?3)
             ORDER BY id DESC LIMIT ?4",
        )?;
        let before = query.before.map_or(i64::MAX, integer);
        let person = query.person.map(|person| *person.0.as_bytes());
        let outcome = query.outcome.map(LoginOutcome::as_str);
        let logins = statement.query_map((before, person, outcome, query.limit), login_in)?;
        Ok(logins.collect::<Result<_, _>>()?)
    }
}

fn session_in(row: &SqlRow<'_>) -> rusqlite::Result<StoredSession> {
    Ok(StoredSession {
        id: SessionId(uuid_in(row, 0)?),
        person: person_in(row, 1)?,
        begun_at: time_in(row, 2)?,
        seen_at: time_in(row, 3)?,
        address: row.get(4)?,
        agent: row.get(5)?,
        change_password: row.get(6)?,
    })
}

fn login_in(row: &SqlRow<'_>) -> rusqlite::Result<Login> {
    let outcome: String = row.get(2)?;
    let outcome = outcome.parse().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, outcome.into())
    })?;
    let person: Option<[u8; 16]> = row.get(3)?;
    Ok(Login {
        id: row.get(0)?,
        at: time_in(row, 1)?,
        outcome,
        person: person.map(|id| PersonId(uuid::Uuid::from_bytes(id))),
        address: row.get(4)?,
        agent: row.get(5)?,
    })
}
