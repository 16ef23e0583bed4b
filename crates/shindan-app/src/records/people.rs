//! Use cases on people: enter, roles, tokens, names.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{MasterData, Party};
use shindan_domain::people::{Action, IssuedToken, Person, Role, Scope};
use shindan_domain::process::{Label, ReasonCode, Refusal, text_given};
use shindan_domain::record_id::{PartyId, PersonId, TokenId};
use shindan_store::AccountWrite;

use super::{Call, Done, Entered, Records, RecordsError, accounts, random};

/// A token to be given.
#[derive(Debug, Clone)]
pub struct TokenWanted {
    /// What it is for.
    pub purpose: String,
    /// What it permits.
    pub scope: Scope,
    /// Days for which it is valid.
    pub days: u32,
}

/// Enters a person.
///
/// # Errors
/// Refused without a name or a role.
pub fn register(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    name: &str,
    roles: BTreeSet<Role>,
) -> Result<Done, RecordsError> {
    let name = name.trim().to_owned();
    records.act(who, call, Action::Administer, None, |act| {
        let refused = |refusal| RecordsError::refused(None, refusal);
        text_given(Label::Name.as_str(), &name).map_err(refused)?;
        let person = PersonId(act.new_id()?);
        let event = Person::register(None, roles).map_err(refused)?;
        act.begin::<Person>(person, &[event], false)?;
        act.name(person, name);
        Ok(Stream::new(Kind::Person, person))
    })
}

/// Gives a role.
///
/// # Errors
/// Refused if the person has it, or is not active.
pub fn grant(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    role: Role,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, Action::Administer, Some(stream), |act| {
        act.change::<Person>(person, |state, _| Ok(vec![state.grant(role)?]))?;
        Ok(stream)
    })
}

/// Says for which party a person works.
///
/// # Errors
/// Refused if that changes nothing; [`RecordsError::Unknown`] for a party that there is not.
pub fn assign(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    party: PartyId,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, Action::Administer, Some(stream), |act| {
        act.state::<MasterData<Party>>(party)?;
        act.change::<Person>(person, |state, _| Ok(vec![state.set_party(party)?]))?;
        Ok(stream)
    })
}

/// Takes a role.
///
/// # Errors
/// Refused if the person does not have it, or nobody else administers.
pub fn revoke(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    role: Role,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, Action::Administer, Some(stream), |act| {
        let others = act.records().other_administrators(person)?;
        act.change::<Person>(person, |state, _| Ok(vec![state.revoke(role, others)?]))?;
        Ok(stream)
    })
}

/// Ends a person's acting: tokens, sessions and what they log in with.
///
/// # Errors
/// Refused without a reason, or if nobody else administers.
pub fn deactivate(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    reason: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, Action::Administer, Some(stream), |act| {
        let others = act.records().other_administrators(person)?;
        act.change::<Person>(person, |state, _| Ok(vec![state.deactivate(reason, others)?]))?;
        act.account(AccountWrite::Forget(person));
        Ok(stream)
    })
}

/// Changes a person's name, or erases it, which ends their sessions. Names are not in the ledger, so that they can be erased.
///
/// # Errors
/// Refused for a blank name.
pub fn rename(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    name: Option<String>,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, Action::Administer, Some(stream), |act| {
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        act.state::<Person>(person)?;
        match name {
            Some(name) => {
                text_given(Label::Name.as_str(), &name).map_err(refused)?;
                act.name(person, name);
            }
            None => {
                act.erase_name(person);
                act.account(AccountWrite::EndSessions(person, None));
                act.account(AccountWrite::ForgetDevices(person));
            }
        }
        Ok(stream)
    })
}

/// Gives a person a token; its text is answered once and kept nowhere. Everybody may take one for themselves, within
/// their own roles; for others it takes an administrator. A repeated request gives no token: the first one was given then.
///
/// # Errors
/// Refused for a person who is not active; for one whose role needs a second factor, unless both have an authenticator app and who
/// gives it is in a session.
pub fn issue_token(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    wanted: TokenWanted,
) -> Result<(Done, Option<String>), RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    let action = own_or_administer(who, person);
    let text = random::token()?;
    let proven = by_second_factor(records, who, person)?;
    let token = IssuedToken {
        id: TokenId(random::id(call.now)?),
        digest: Hash::of(text.as_bytes()),
        scope: wanted.scope,
        expires: days_later(call.now, wanted.days)?,
        purpose: wanted.purpose,
        second_factor: proven,
    };
    let done = records.act(who, call, action, Some(stream), |act| {
        let state = act.state::<Person>(person)?;
        if !proven && accounts::second_factor_asked(act.records(), &state)? {
            let refusal = Refusal::new(ReasonCode::TokenNeedsSecondFactor);
            return Err(RecordsError::refused(Some(stream), refusal));
        }
        act.change::<Person>(person, |state, by| Ok(vec![state.issue(token, by)?]))?;
        Ok(stream)
    })?;
    let given = (!done.repeated).then_some(text);
    Ok((done, given))
}

/// Whether a token that is made now rests on a second factor: its maker is in a session and has an app, so that the session was begun
/// or proven with it, and so has the person it is for.
fn by_second_factor(records: &Records, who: &Entered, person: PersonId) -> Result<bool, RecordsError> {
    let has_app = |id: PersonId| -> Result<bool, RecordsError> {
        let state = records.state::<Person>(id)?;
        Ok(state.is_some_and(|(_, state)| state.account.totp_since.is_some()))
    };
    Ok(who.session.is_some() && has_app(who.person())? && has_app(person)?)
}

/// One's own tokens are one's own business, with a token that may change something.
fn own_or_administer(who: &Entered, person: PersonId) -> Action {
    if person == who.person() && who.scope == Scope::Write { Action::Read } else { Action::Administer }
}

/// Withdraws a token: one's own, or as an administrator anybody's.
///
/// # Errors
/// Refused if the person has no such token.
pub fn withdraw_token(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    token: TokenId,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    let action = own_or_administer(who, person);
    records.act(who, call, action, Some(stream), |act| {
        act.change::<Person>(person, |state, _| Ok(vec![state.withdraw(token)?]))?;
        Ok(stream)
    })
}

pub(super) fn days_later(now: Timestamp, days: u32) -> Result<Timestamp, RecordsError> {
    let wrong = |_| RecordsError::Invalid { field: "days".to_owned(), value: days.to_string() };
    now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).map_err(wrong)
}
