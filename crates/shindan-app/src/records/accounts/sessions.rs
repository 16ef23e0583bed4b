//! Sessions in the browser: entering, leaving, seeing and ending them.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::{Actor, Hash, Through};
use shindan_domain::people::{LoginOutcome, Person, PersonState, Scope};
use shindan_domain::record_id::{PersonId, SessionId};
use shindan_store::{Store, StoredSession};

use super::super::{Call, Entered, Records, RecordsError};
use super::{Must, after, log_in, logins, own_or_administer, permitted};

/// A session that was not used for so long has ended.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends after so long, used or not.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// That a session is used is written no more often than this.
const NOTED: SignedDuration = SignedDuration::from_mins(1);

/// Somebody with a session.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionEntered {
    /// Who, with what they may do.
    pub entered: Entered,
    /// What forms of this session carry.
    pub csrf: String,
    /// Which session.
    pub session: SessionId,
    /// When it ends unless it is used, UTC.
    pub expires: Timestamp,
    /// What the person must do before anything else.
    pub must: Option<Must>,
}

impl fmt::Debug for SessionEntered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionEntered({:?}, {}, until {})", self.entered, self.session, self.expires)
    }
}

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionShown {
    /// Which one.
    pub id: SessionId,
    /// When the person logged in, UTC.
    pub begun_at: Timestamp,
    /// When it was used last, to a minute, UTC.
    pub seen_at: Timestamp,
    /// When it ends unless it is used, UTC.
    pub expires: Timestamp,
    /// From where the person logged in.
    pub address: String,
    /// What their browser called itself.
    pub agent: String,
    /// True for the session that asks.
    pub current: bool,
}

impl Records {
    /// Looks up whose session it is, and notes that it is used.
    ///
    /// # Errors
    /// [`RecordsError::SessionUnknown`] if it is none, was ended, has expired, or its person is not active: which of them is not said.
    pub fn enter_session(&self, token: &str, now: Timestamp) -> Result<SessionEntered, RecordsError> {
        let stored = self.store.session(&digest(token))?.ok_or(RecordsError::SessionUnknown)?;
        let person = self.state::<Person>(stored.person)?.map(|(_, person)| person);
        let Some(person) =
            person.filter(|person| person.state == PersonState::Active && now < expires(&stored))
        else {
            self.store.end_session(stored.id)?;
            return Err(RecordsError::SessionUnknown);
        };
        if now.duration_since(stored.seen_at) >= NOTED {
            self.store.see_session(stored.id, now)?;
        }
        let used = StoredSession { seen_at: stored.seen_at.max(now), ..stored };
        Ok(SessionEntered {
            entered: Entered {
                actor: Actor { person: used.person, through: Through::Session },
                roles: person.roles.iter().copied().collect(),
                scope: Scope::Write,
                session: Some(used.id),
                unproven: false,
            },
            csrf: csrf(token),
            session: used.id,
            expires: expires(&used),
            must: log_in::must(self, &person, used.change_password)?,
        })
    }
}

/// Ends the session that asks. False if it is no session but a token.
///
/// # Errors
/// Those of the store.
pub fn log_out(records: &Records, who: &Entered, call: &Call) -> Result<bool, RecordsError> {
    let Some(id) = who.session else { return Ok(false) };
    let Some(stored) = records.store.session_called(id)? else { return Ok(false) };
    end(records, call.now, stored, LoginOutcome::Out)
}

/// Sessions of a person, the last first: one's own, or as an administrator anybody's.
///
/// # Errors
/// Refused without the role.
pub fn sessions(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    person: PersonId,
) -> Result<Vec<SessionShown>, RecordsError> {
    permitted(records, who, now, own_or_administer(who, person), person)?;
    let stored = records.store.sessions(person)?;
    let shown = |stored: StoredSession| SessionShown {
        id: stored.id,
        begun_at: stored.begun_at,
        seen_at: stored.seen_at,
        expires: expires(&stored),
        current: who.session == Some(stored.id),
        address: stored.address,
        agent: stored.agent,
    };
    Ok(stored.into_iter().map(shown).filter(|session| now < session.expires).collect())
}

/// Ends a session: one's own, or as an administrator anybody's.
///
/// # Errors
/// Refused without the role; [`RecordsError::Unknown`].
pub fn end_session(
    records: &Records,
    who: &Entered,
    call: &Call,
    session: SessionId,
) -> Result<(), RecordsError> {
    let unknown = || RecordsError::Unknown(session.to_string());
    let Some(stored) = records.store.session_called(session)? else {
        // Who may not end it is not told whether there is one.
        permitted(records, who, call.now, own_or_administer(who, who.person()), who.person())?;
        return Err(unknown());
    };
    let own = stored.person == who.person();
    let action = own_or_administer(who, stored.person);
    if !own && who.permit(action).is_err() {
        permitted(records, who, call.now, own_or_administer(who, who.person()), who.person())?;
        return Err(unknown());
    }
    permitted(records, who, call.now, action, stored.person)?;
    if end(records, call.now, stored, LoginOutcome::Ended)? { Ok(()) } else { Err(unknown()) }
}

/// Ends all sessions of a person but the one that asks; says how many.
///
/// # Errors
/// Refused without the role.
pub fn end_all_sessions(
    records: &Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
) -> Result<u64, RecordsError> {
    permitted(records, who, call.now, own_or_administer(who, person), person)?;
    let mut ended = 0;
    for stored in records.store.sessions(person)? {
        if who.session != Some(stored.id) && end(records, call.now, stored, LoginOutcome::Ended)? {
            ended += 1;
        }
    }
    Ok(ended)
}

fn end(
    records: &Records,
    now: Timestamp,
    stored: StoredSession,
    outcome: LoginOutcome,
) -> Result<bool, RecordsError> {
    let ended = records.store.end_session(stored.id)?;
    if ended {
        logins::note(records, now, outcome, Some(stored.person), stored.address, stored.agent)?;
    }
    Ok(ended)
}

/// Begins a session; what has expired is forgotten.
pub(super) fn begin(
    store: &Store,
    token: &str,
    session: &StoredSession,
    most: u32,
) -> Result<(), RecordsError> {
    let now = session.begun_at;
    store.begin_session(&digest(token), session, (after(now, -LONGEST), after(now, -IDLE)), most)?;
    Ok(())
}

fn expires(stored: &StoredSession) -> Timestamp {
    after(stored.seen_at, IDLE).min(after(stored.begun_at, LONGEST))
}

fn digest(token: &str) -> Hash {
    Hash::of(token.trim().as_bytes())
}

/// What forms of a session carry: it follows from the session's text, which pages do not contain, and says nothing about it.
pub(super) fn csrf(token: &str) -> String {
    Hash::of(format!("shindan csrf\n{}", token.trim()).as_bytes()).to_string()
}
