//! One's own password.

use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Action, Person, password};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::PersonId;
use shindan_store::AccountWrite;
use unicode_normalization::UnicodeNormalization;

use super::super::{Act, Call, Done, Entered, Records, RecordsError};
use super::{SecretText, hashing, permitted, tried};

/// Sets one's own password. Who has one gives it, too: a screen that was left open must not be enough. All other sessions end, and no
/// browser is known any more.
///
/// # Errors
/// Refused if the present password is another one, or the new one is not good enough.
pub fn set_password(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    old: Option<&SecretText>,
    new: &SecretText,
) -> Result<Done, RecordsError> {
    let person = who.person();
    permitted(records, who, call.now, Action::OwnAccount, person)?;
    if let Some(done) = records.done_before(who, call)? {
        return Ok(done);
    }
    let stream = Stream::new(Kind::Person, person);
    fits(records, person, new)?;
    if records.store.password(person)?.is_some() {
        is_right(records, who, call, old)?;
    }
    let hash = hashing::hash(new)?;
    records.act(who, call, Action::OwnAccount, Some(stream), |act| {
        act.change::<Person>(person, |state, _| Ok(vec![state.set_password()?]))?;
        replace(act, person, hash, who);
        Ok(stream)
    })
}

/// Stages a new password and the end of what was opened with the one before.
pub(super) fn replace(act: &mut Act<'_>, person: PersonId, hash: String, who: &Entered) {
    act.account(AccountWrite::Password(person, hash));
    act.account(AccountWrite::EndSessions(person, who.session));
    act.account(AccountWrite::ForgetDevices(person));
}

/// The password of the first person, who has no record yet.
///
/// # Errors
/// Refused if it is not good enough.
pub(in crate::records) fn first_password(name: &str, new: &SecretText) -> Result<String, RecordsError> {
    is_good(None, name, new)?;
    hashing::hash(new)
}

/// Whether a password is good enough for this person.
///
/// # Errors
/// Refused if not.
pub(super) fn fits(records: &Records, person: PersonId, new: &SecretText) -> Result<(), RecordsError> {
    let name = records.store.name(person)?.unwrap_or_default();
    is_good(Some(Stream::new(Kind::Person, person)), &name, new)
}

fn is_good(about: Option<Stream>, name: &str, new: &SecretText) -> Result<(), RecordsError> {
    let name: String = name.nfkc().collect();
    password::fits(&name, &new.prepared()).map_err(|refusal| RecordsError::refused(about, refusal))
}

/// Asks for the present password before something is changed.
///
/// # Errors
/// Refused if it is another one.
pub(super) fn is_right(
    records: &Records,
    who: &Entered,
    call: &Call,
    given: Option<&SecretText>,
) -> Result<(), RecordsError> {
    let hash = records.store.password(who.person())?;
    tried(records, who, call.now, ReasonCode::PasswordWrong, || {
        let nothing = SecretText::new("");
        let right = hashing::verify(given.unwrap_or(&nothing), hash.as_deref())?;
        Ok(right.then_some(()))
    })
}
