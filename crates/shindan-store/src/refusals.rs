//! Refused steps: who wanted what, and why it was not permitted. Not in the ledger, as nothing was decided or done.

use jiff::Timestamp;
use shindan_domain::ledger::Stream;
use shindan_domain::process::Refusal;
use shindan_domain::record_id::PersonId;

use crate::store::{integer, milliseconds, stream_in, time_in};
use crate::{Store, StoreError};

/// A step that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedStep {
    /// When.
    pub at: Timestamp,
    /// Who wanted it, if that is known.
    pub person: Option<PersonId>,
    /// What was wanted (the use case or an [`shindan_domain::people::Action`]).
    pub action: String,
    /// On which record.
    pub stream: Option<Stream>,
    /// Why it was refused.
    pub refusal: Refusal,
}

/// A kept refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number; later ones are larger.
    pub id: u64,
    /// What was refused.
    pub step: RefusedStep,
}

impl Store {
    /// Keeps a refusal.
    ///
    /// # Errors
    /// Those of writing.
    pub fn log_refusal(&self, step: &RefusedStep) -> Result<u64, StoreError> {
        let reason =
            serde_json::to_string(&step.refusal).map_err(|error| StoreError::Database(error.to_string()))?;
        self.connection.execute(
            "INSERT INTO refusal (at, person, action, kind, record, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                milliseconds(step.at),
                step.person.map(|person| *person.0.as_bytes()),
                &step.action,
                step.stream.map(|stream| stream.kind.as_str()),
                step.stream.map(|stream| *stream.id.as_bytes()),
                reason,
            ),
        )?;
        Ok(u64::try_from(self.connection.last_insert_rowid()).unwrap_or(0))
    }

    /// The last refusals, the last first; `before`: only those with a smaller number.
    ///
    /// # Errors
    /// Those of the database.
    pub fn refusals(&self, before: Option<u64>, limit: usize) -> Result<Vec<Refused>, StoreError> {
        let sql = "SELECT id, at, person, action, reason, kind, record FROM refusal WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((before.map_or(i64::MAX, integer), integer(limit as u64)))?;
        let mut refusals = Vec::new();
        while let Some(row) = rows.next()? {
            let reason: String = row.get(4)?;
            let refusal = serde_json::from_str(&reason)
                .map_err(|error| StoreError::Damaged { detail: format!("a refusal: {error}") })?;
            let person: Option<[u8; 16]> = row.get(2)?;
            let kind: Option<String> = row.get(5)?;
            let stream = if kind.is_some() { Some(stream_in(row, 5)?) } else { None };
            let person = person.map(|id| PersonId(uuid::Uuid::from_bytes(id)));
            let step = RefusedStep { at: time_in(row, 1)?, person, action: row.get(3)?, stream, refusal };
            refusals.push(Refused { id: row.get(0)?, step });
        }
        Ok(refusals)
    }
}
