//! The second factor: a code of an authenticator app, and recovery codes for when the app is lost.

use std::fmt;

use jiff::SignedDuration;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::PersonId;
use shindan_store::AccountWrite;

use super::super::{Call, Done, Entered, Records, RecordsError, random};
use super::passwords::is_right;
use super::{SecretText, after, codes, permitted, sealed, totp, tried};

/// Recovery codes that a person gets.
const CODES: u32 = 10;
/// An app is set up within this time.
const BEGUN: SignedDuration = SignedDuration::from_mins(15);

/// What an app is set up with. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret, to be typed: base 32 in groups of four.
    pub secret: String,
    /// The address that apps read, `otpauth://totp/…`.
    pub uri: String,
    /// The address as a QR code: an SVG element.
    pub svg: String,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// Begins to set up one's authenticator app. Nothing is asked for before a code of it was given ([`confirm_totp`]), within 15 minutes.
///
/// # Errors
/// Refused if there is one, or no password.
pub fn begin_totp(records: &Records, who: &Entered, call: &Call) -> Result<Enrolment, RecordsError> {
    let person = who.person();
    let stream = Stream::new(Kind::Person, person);
    records.look(who, call.now, Action::OwnAccount, Some(stream), || {
        let state = records.existing::<Person>(person)?;
        state.may_enrol_totp().map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
        let secret: [u8; 20] = random::bytes()?;
        let kept = sealed::seal(records, person, &secret)?;
        records.store.begin_totp(person, &kept, after(call.now, BEGUN))?;
        let name = records.store.name(person)?.unwrap_or_else(|| person.to_string());
        // Names are short; a picture has room for some 2,000 bytes.
        let name: String = name.chars().take(40).collect();
        let issuer = format!("shindan {}", records.store.installation().prefix);
        let uri = totp::uri(&secret, &issuer, &name);
        Ok(Enrolment { secret: totp::shown(&secret), svg: totp::picture(&uri)?, uri })
    })
}

/// Ends setting up one's app with a code that it shows; answers with recovery codes, which are kept as hashes only. Other sessions end.
///
/// # Errors
/// Refused if the code is wrong, nothing was begun or its time is over.
pub fn confirm_totp(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    code: &str,
) -> Result<(Done, Vec<String>), RecordsError> {
    let person = who.person();
    let stream = Stream::new(Kind::Person, person);
    permitted(records, who, call.now, Action::OwnAccount, person)?;
    let missing = || RecordsError::refused(Some(stream), Refusal::new(ReasonCode::TotpMissing));
    let kept = records.store.totp_begun(person, call.now)?.ok_or_else(missing)?;
    let secret = sealed::open(records, person, &kept)?.ok_or_else(missing)?;
    let step = tried(records, who, call.now, ReasonCode::CodeWrong, || {
        Ok(totp::step_of(&secret, code, call.now, 0))
    })?;
    let codes = new_codes()?;
    let digests = codes.iter().map(|code| codes::digest(code)).collect();
    let done = records.act(who, call, Action::OwnAccount, Some(stream), |act| {
        act.change::<Person>(person, |state, _| state.enrol_totp(CODES))?;
        act.account(AccountWrite::Totp(person, kept, step));
        act.account(AccountWrite::RecoveryCodes(person, digests));
        act.account(AccountWrite::EndSessions(person, who.session));
        Ok(stream)
    })?;
    Ok((done, codes))
}

/// Takes the app away: one's own with one's password, or as an administrator anybody else's. Sessions other than the one that asks end.
///
/// # Errors
/// Refused without the role, with another password, or if there is no app.
pub fn remove_totp(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    person: PersonId,
    password: Option<&SecretText>,
) -> Result<Done, RecordsError> {
    let own = person == who.person();
    let action = if own { Action::OwnAccount } else { Action::Administer };
    permitted(records, who, call.now, action, person)?;
    if own {
        // A password alone does not take away what is asked for beside it.
        if who.unproven {
            let refusal = Refusal::new(ReasonCode::TokenWithoutSecondFactor);
            return Err(RecordsError::refused(Some(Stream::new(Kind::Person, person)), refusal));
        }
        if let Some(done) = records.done_before(who, call)? {
            return Ok(done);
        }
        is_right(records, who, call, password)?;
    }
    let stream = Stream::new(Kind::Person, person);
    records.act(who, call, action, Some(stream), |act| {
        act.change::<Person>(person, |state, _| Ok(vec![state.remove_totp()?]))?;
        act.account(AccountWrite::NoTotp(person));
        act.account(AccountWrite::EndSessions(person, who.session));
        Ok(stream)
    })
}

/// Gives oneself new recovery codes; those before end.
///
/// # Errors
/// Refused with another password, or without an app.
pub fn new_recovery_codes(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    password: &SecretText,
) -> Result<(Done, Vec<String>), RecordsError> {
    let person = who.person();
    let stream = Stream::new(Kind::Person, person);
    permitted(records, who, call.now, Action::OwnAccount, person)?;
    is_right(records, who, call, Some(password))?;
    let codes = new_codes()?;
    let digests = codes.iter().map(|code| codes::digest(code)).collect();
    let done = records.act(who, call, Action::OwnAccount, Some(stream), |act| {
        act.change::<Person>(person, |state, _| Ok(vec![state.issue_recovery_codes(CODES)?]))?;
        act.account(AccountWrite::RecoveryCodes(person, digests));
        Ok(stream)
    })?;
    Ok((done, codes))
}

fn new_codes() -> Result<Vec<String>, RecordsError> {
    (0..CODES).map(|_| codes::new()).collect()
}
