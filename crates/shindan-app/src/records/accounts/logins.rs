//! The log of log-ins: who came, who tried, from where.

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Action, LoginOutcome};
use shindan_domain::record_id::PersonId;
pub use shindan_store::LoginQuery;
use shindan_store::{Login, Retention};

use super::super::{Entered, Records, RecordsError};
use super::after;

/// Days for which a line is kept.
const DAYS: i64 = 730;
/// Lines of each outcome that are kept at most: failures do not push out who was in.
const LINES: u32 = 100_000;
/// Lines that are answered at most.
const PAGE: u32 = 1_000;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginLine {
    /// Its number; later ones are larger.
    pub id: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: LoginOutcome,
    /// Who; `None`: nobody is called what was typed (which is not kept), or several are.
    pub person: Option<PersonId>,
    /// Their name, unless it was erased.
    pub name: Option<String>,
    /// From where.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// Lines of the log, the last first: one's own, or as an administrator or auditor all.
///
/// # Errors
/// Refused without the role.
pub fn login_log(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    query: &LoginQuery,
) -> Result<Vec<LoginLine>, RecordsError> {
    let own = query.person == Some(who.person());
    let action = if own { Action::OwnAccount } else { Action::ReadLogins };
    let about = query.person.map(|person| Stream::new(Kind::Person, person));
    records.look(who, now, action, about, || {
        let names = records.store.names()?;
        let query = LoginQuery { limit: query.limit.min(PAGE), ..query.clone() };
        let line = |login: Login| LoginLine {
            id: login.id,
            at: login.at,
            outcome: login.outcome,
            person: login.person,
            name: login.person.and_then(|person| names.get(&person).cloned()),
            address: login.address,
            agent: login.agent,
        };
        Ok(records.store.logins(&query)?.into_iter().map(line).collect())
    })
}

/// Adds a line.
pub(super) fn note(
    records: &Records,
    at: Timestamp,
    outcome: LoginOutcome,
    person: Option<PersonId>,
    address: String,
    agent: String,
) -> Result<(), RecordsError> {
    let kept = Retention { since: after(at, SignedDuration::from_hours(-24 * DAYS)), most: LINES };
    records.store.log_login(&Login { id: 0, at, outcome, person, address, agent }, kept)?;
    Ok(())
}
