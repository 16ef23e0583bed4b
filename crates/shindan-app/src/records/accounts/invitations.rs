//! Invitations: an administrator gives a code once, and the person chooses a password with it. Also for who forgot theirs: the present
//! password stays until another one is chosen.

use jiff::SignedDuration;
use shindan_domain::ledger::{Actor, Hash, Kind, Stream, Through};
use shindan_domain::people::{Action, Person, Scope};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::PersonId;
use shindan_store::AccountWrite;

use super::super::{Call, Done, Entered, Records, RecordsError};
use super::names::Candidate;
use super::{SecretText, after, codes, hashing, names, passwords};

/// An invitation can be used for so long.
const VALID: SignedDuration = SignedDuration::from_hours(24);

/// Gives a code with which the person chooses a password; its text is answered once and kept nowhere. One that was given before ends. A
/// repeated request gives no code: the first one was given then.
///
/// # Errors
/// Refused without the role, or for a person who is not active.
pub fn invite(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
) -> Result<(Done, Option<String>), RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    let code = codes::new()?;
    let digest = codes::digest(&code);
    let until = after(call.now, VALID);
    let done = records.act(who, call, Action::Administer, Some(stream), |act| {
        act.change::<Person>(person, |state, by| Ok(vec![state.invite(until, by)?]))?;
        act.account(AccountWrite::Invitation(person, digest, until));
        Ok(stream)
    })?;
    let given = (!done.repeated).then_some(code);
    Ok((done, given))
}

/// Chooses a password with a code. All sessions end, and no browser is known any more; an authenticator app stays.
///
/// # Errors
/// [`ReasonCode::InvitationInvalid`] if name or code is wrong, the code was used or its time is over: which one is not said. Refused if
/// the password is not good enough; the code can be used again then.
pub fn redeem_invitation(
    records: &mut Records,
    call: &Call,
    name: &str,
    code: &str,
    new: &SecretText,
) -> Result<Done, RecordsError> {
    let invalid = || RecordsError::refused(None, Refusal::new(ReasonCode::InvitationInvalid));
    let candidate = invited(records, call, name, &codes::digest(code))?.ok_or_else(invalid)?;
    let person = candidate.person;
    passwords::fits(records, person, new)?;
    let hash = hashing::hash(new)?;
    let who = Entered {
        actor: Actor { person, through: Through::Invitation },
        roles: candidate.state.roles.iter().copied().collect(),
        scope: Scope::Write,
        session: None,
        unproven: false,
    };
    let stream = Stream::new(Kind::Person, person);
    records.act(&who, call, Action::OwnAccount, Some(stream), |act| {
        act.change::<Person>(person, |state, by| Ok(vec![state.accept_invitation(by)?]))?;
        passwords::replace(act, person, hash, &who);
        Ok(stream)
    })
}

fn invited(
    records: &Records,
    call: &Call,
    name: &str,
    digest: &Hash,
) -> Result<Option<Candidate>, RecordsError> {
    for candidate in names::candidates(records, name)? {
        if let Some((kept, until)) = records.store.invitation(candidate.person)?
            && kept == *digest
            && call.now < until
        {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}
