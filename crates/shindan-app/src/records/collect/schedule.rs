//! The schedule: which sources are due, and a round over them.
//!
//! The program that runs on calls [`Schedule::round`] every minute. Nothing is kept between two rounds: what is due follows from the
//! plans and the recorded checks, so that a restart doubles nothing and forgets nothing. What was missed while no program ran stays
//! missed; a round is a check of today and never stands in for one of yesterday.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use shindan_domain::collect::{CheckFacts, Source, SourceState, next_look};
use shindan_domain::people::Action;
use shindan_domain::record_id::SourceId;
use shindan_fetch::Client;

use super::plan;
use super::sync::{self, Reach, SyncAsked, Synced};
use crate::data_folder::DataFolder;
use crate::progress::Progress;
use crate::records::refresh::{AfterChange, after_knowledge_change};
use crate::records::{Call, Entered, Records, RecordsError};
use crate::{clock, knowledge};

/// What stands for cases among the troubles.
const CASES: &str = "cases";

/// Looks at sources when they are due.
#[derive(Debug)]
pub struct Schedule {
    folder: DataFolder,
    client: Client,
}

/// What a round did.
#[derive(Debug, Default)]
pub struct Round {
    /// The sources that were looked at.
    pub sources: Vec<Synced>,
    /// Sources that could not even be recorded as failed, by their short names, and why (they are due again in the next round); `cases`
    /// for cases that could not follow.
    pub troubles: Vec<(String, RecordsError)>,
    /// The knowledge base, if it was built anew.
    pub built: Option<knowledge::Built>,
    /// What became of cases, if the knowledge base was built anew.
    pub followed: Option<AfterChange>,
    /// Another process looks at sources; nothing was done, and what is due stays due.
    pub under_way: bool,
}

impl Schedule {
    /// A schedule that reaches the network in this way.
    ///
    /// # Errors
    /// Refused for settings of the network that cannot be used.
    pub fn new(folder: DataFolder, reach: &Reach) -> Result<Schedule, RecordsError> {
        Ok(Schedule { folder, client: sync::client(reach)? })
    }

    /// A schedule with a client that is there already.
    pub fn with(folder: DataFolder, client: Client) -> Schedule {
        Schedule { folder, client }
    }

    /// Looks at what is due at `now`, each source by itself: one that fails keeps no other from being looked at. Ends early, with what was
    /// done, when somebody wants it to stop.
    ///
    /// # Errors
    /// Refused without the role, and if the records cannot be read or the knowledge base not be built.
    pub fn round(
        &self,
        records: &mut Records,
        who: &Entered,
        now: Timestamp,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
    ) -> Result<Round, RecordsError> {
        let due = due(records, who, now)?;
        let mut round = Round::default();
        if due.is_empty() {
            return Ok(round);
        }
        let Some(_alone) = self.folder.lock_collected()? else {
            round.under_way = true;
            return Ok(round);
        };
        // Whoever held the lock until now may have looked at them; and plans are read again, because looking takes its time.
        for (id, name) in self::due(records, who, now)? {
            if cancelled.load(Ordering::Relaxed) {
                return Ok(round);
            }
            match self.look(records, who, id, (progress, cancelled)) {
                Ok(synced) => round.sources.push(synced),
                Err(error) => round.troubles.push((name, error)),
            }
        }
        round.built =
            sync::bring_up_to_date(records, (who, Action::Operate, clock::now()), &self.folder, progress)?;
        if round.built.is_some() {
            // Whoever is told of surges is told in this minute, not when somebody compares by hand. What fails here is caught up with
            // by the next change, or by `case refresh`.
            match after_knowledge_change(records, who, &Call::at(clock::now()), progress) {
                Ok(followed) => round.followed = Some(followed),
                Err(error) => round.troubles.push((CASES.to_owned(), error)),
            }
        }
        Ok(round)
    }

    fn look(
        &self,
        records: &mut Records,
        who: &Entered,
        id: SourceId,
        under_way: (&dyn Progress, &AtomicBool),
    ) -> Result<Synced, RecordsError> {
        let one = sync::named(records, id)?;
        let asked = SyncAsked { sources: vec![id], reason: None, scheduled: true };
        sync::look_at(records, who, (&self.folder, &self.client), one, &asked, under_way)
    }
}

/// The sources that the schedule has to look at, with their short names, the longest due first.
///
/// # Errors
/// Refused without the role that looks at sources.
pub fn due(
    records: &Records,
    who: &Entered,
    now: Timestamp,
) -> Result<Vec<(SourceId, String)>, RecordsError> {
    who.permit(Action::Operate).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let checks: Vec<CheckFacts> = super::checks::all(records)?.into_iter().map(|(_, facts)| facts).collect();
    let mut due = Vec::new();
    for (id, source) in records.all::<Source>()? {
        let id = SourceId(id);
        if source.state() != SourceState::Active || plan::used(source.draft.kind).is_none() {
            continue;
        }
        let own: Vec<CheckFacts> = checks.iter().filter(|check| check.source == id).cloned().collect();
        if let Some(next) = next_look(&source.plan(), &own, now).filter(|next| *next <= now) {
            due.push((next, source.draft.name, id));
        }
    }
    due.sort();
    Ok(due.into_iter().map(|(_, name, id)| (id, name)).collect())
}
