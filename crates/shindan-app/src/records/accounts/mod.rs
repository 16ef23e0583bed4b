//! Accounts for the browser: who logs in, for how long, and what with. Every face calls these functions; none keeps a password or a session
//! itself.
//!
//! ```text
//! Attempt ─► log_in ─► budgets (domain::people::throttle) ─► password (argon2id) ─► code ─► session, device
//! cookie  ─► Records::enter_session ─► Entered (Through::Session) ─► any use case
//! ```
//!
//! Invariants, stated as absences:
//! - No answer says which of name, password and code was wrong, and a name that nobody has costs the same work.
//! - Nobody can make another person wait in a browser in which that person logged in before; there is no lock of an account.
//! - No password, code, secret or session stands in the ledger, in an error or in what `Debug` prints; of codes and sessions only hashes are
//!   kept. Of a name that nobody has, nothing is kept.
//! - A code of an authenticator app counts once.

mod codes;
mod hashing;
mod invitations;
mod log_in;
mod logins;
mod names;
mod passwords;
mod preferences;
mod sealed;
mod second_factor;
mod secret;
mod sessions;
#[cfg(test)]
mod tests;
mod totp;

pub use invitations::{invite, redeem_invitation};
pub(super) use log_in::second_factor_asked;
pub use log_in::{Attempt, LogIn, Must, log_in};
pub use logins::{LoginLine, LoginQuery, login_log};
pub(super) use passwords::first_password;
pub use passwords::set_password;
pub use preferences::{prefer, preferences};
pub(super) use sealed::seal_all;
pub use second_factor::{Enrolment, begin_totp, confirm_totp, new_recovery_codes, remove_totp};
pub use secret::SecretText;
pub use sessions::{SessionEntered, SessionShown, end_all_sessions, end_session, log_out, sessions};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::throttle::{Budget, Tally, WITHIN};
use shindan_domain::people::{Account, Action, Person};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::PersonId;
use shindan_store::{Taken, Taking};

use super::{Entered, Records, RecordsError};

/// Rows of each kind of budget that are kept at most.
const BUDGET_ROWS: u32 = 20_000;

/// Codes of one account from browsers that are not known, whatever the address: who has the password and many addresses must not find
/// one of a million codes. Only somebody who knows the password can use it up, and the person's known browsers have their own budget.
const CODE: Budget = Budget { free: 10, first: 30, longest: 3_600, forgotten_after: 24 };

/// What is known of how a person logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Since when they have what.
    pub account: Account,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u64,
}

/// How a person logs in: one's own, or as an administrator anybody's.
///
/// # Errors
/// Refused without the role; [`RecordsError::Unknown`].
pub fn standing(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    person: PersonId,
) -> Result<Standing, RecordsError> {
    let stream = Stream::new(Kind::Person, person);
    records.look(who, now, own_or_administer(who, person), Some(stream), || {
        let account = records.existing::<Person>(person)?.account;
        Ok(Standing { account, recovery_codes_left: records.store.recovery_codes_left(person)? })
    })
}

/// One's own account is one's own business; another's takes an administrator.
fn own_or_administer(who: &Entered, person: PersonId) -> Action {
    if person == who.person() { Action::OwnAccount } else { Action::Administer }
}

/// Refuses whoever may not do it, before anything is computed; the refusal is logged.
fn permitted(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    action: Action,
    person: PersonId,
) -> Result<(), RecordsError> {
    records.look(who, now, action, Some(Stream::new(Kind::Person, person)), || Ok(()))
}

/// Lets somebody who is in already try a password or a code: `check` is asked if they do not have to wait.
///
/// # Errors
/// Refused with `wrong` if it is not right, with [`ReasonCode::TriesExhausted`] if they have to wait.
fn tried<T>(
    records: &Records,
    who: &Entered,
    now: Timestamp,
    wrong: ReasonCode,
    check: impl FnOnce() -> Result<Option<T>, RecordsError>,
) -> Result<T, RecordsError> {
    let person = who.person();
    let about = Some(Stream::new(Kind::Person, person));
    let budget = ("within", Hash::of(person.0.as_bytes()));
    let refusal = match take(records, &[budget], now)? {
        Taken::Waits { until, .. } => {
            let seconds = until.duration_since(now).as_secs().max(1);
            Refusal::new(ReasonCode::TriesExhausted).with("seconds", seconds)
        }
        Taken::Takes(_) => match check()? {
            Some(right) => {
                records.store.forget_failures(&budget)?;
                return Ok(right);
            }
            None => Refusal::new(wrong),
        },
    };
    records.log_refusal(who, now, Action::OwnAccount, about, &refusal)?;
    Err(RecordsError::refused(about, refusal))
}

/// Takes one guess from each budget, or none.
fn take(records: &Records, budgets: &[(&'static str, Hash)], now: Timestamp) -> Result<Taken, RecordsError> {
    let taken = records.store.take(budgets, BUDGET_ROWS, &mut |name, before| {
        match (budget(name).take(before, now), before) {
            (Ok(after), _) => Taking::Takes(after),
            (Err(until), Some(before)) => Taking::Waits(Tally { until, ..before }),
            // Nobody waits for a budget that nobody used.
            (Err(until), None) => Taking::Waits(Tally { failures: 0, until, counted_at: now, noted: false }),
        }
    })?;
    Ok(taken)
}

fn budget(name: &str) -> &'static Budget {
    use shindan_domain::people::throttle::{ADDRESS, DEVICE, PAIR};
    match name {
        "pair" => &PAIR,
        "address" => &ADDRESS,
        "device" => &DEVICE,
        "code" => &CODE,
        _ => &WITHIN,
    }
}

/// A time later or earlier.
fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(if duration.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}
