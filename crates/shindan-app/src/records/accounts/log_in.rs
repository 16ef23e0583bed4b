//! Logging in with name, password and, if there is one, a code.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::Hash;
use shindan_domain::people::throttle::Tally;
use shindan_domain::people::{LoginOutcome, Person, password};
use shindan_domain::record_id::{PersonId, SessionId};
use shindan_store::{StoredSession, Taken};
use unicode_normalization::UnicodeNormalization;

use super::super::policies::InForce;
use super::super::{Call, Records, RecordsError, random};
use super::names::{self, Candidate};
use super::{SecretText, after, codes, hashing, logins, sealed, sessions, take, totp};

/// Days for which a browser is known after its last log-in.
const DEVICE_DAYS: i64 = 180;
/// Browsers of a person that are known at most.
const DEVICES: u32 = 20;
/// Sessions of a person at most; the oldest ends.
const SESSIONS: u32 = 20;
/// Characters of a browser's name for itself that are kept.
const AGENT: usize = 200;

/// What somebody sent to log in.
#[derive(Clone)]
pub struct Attempt {
    /// The name as it was typed; width, case and spaces do not matter.
    pub name: String,
    /// The password.
    pub password: SecretText,
    /// A code of the authenticator app, or a recovery code.
    pub code: Option<String>,
    /// From where.
    pub address: IpAddr,
    /// Value of the cookie that a browser got when somebody logged in there before.
    pub device: Option<String>,
    /// What the browser calls itself.
    pub agent: String,
}

impl fmt::Debug for Attempt {
    /// People type passwords into the field of the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt(from {})", self.address)
    }
}

/// What must be done before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Must {
    /// The password is not good enough by today's rules.
    ChangePassword,
    /// The installation asks for an authenticator app, and there is none.
    EnrolTotp,
}

/// What came of an attempt.
#[derive(Clone, PartialEq, Eq)]
pub enum LogIn {
    /// The person is in.
    In {
        /// Text of the session, for a cookie; only its hash is kept.
        session: String,
        /// What forms of this session carry.
        csrf: String,
        /// Value of the cookie by which this browser is known from now on; the one before ended.
        device: String,
        /// Who it is.
        person: PersonId,
        /// What they must do first.
        must: Option<Must>,
    },
    /// The password is right; a code is needed, too.
    CodeNeeded,
    /// Something is wrong, or too much was wrong before.
    Refused {
        /// How long nothing is looked at.
        wait: Option<SignedDuration>,
    },
}

impl fmt::Debug for LogIn {
    /// Without what opens the session.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogIn::In { person, must, .. } => write!(f, "In({person}, {must:?})"),
            LogIn::CodeNeeded => f.write_str("CodeNeeded"),
            LogIn::Refused { wait } => write!(f, "Refused({wait:?})"),
        }
    }
}

/// Lets somebody in, or does not. Which of name, password and code was wrong is not said, and a name that nobody has costs as much
/// work as one that somebody has. A guess is counted before it is looked at.
///
/// # Errors
/// Those of the store, and [`RecordsError::Randomness`]. A wrong password is no error but [`LogIn::Refused`].
pub fn log_in(records: &Records, call: &Call, attempt: &Attempt) -> Result<LogIn, RecordsError> {
    let now = call.now;
    let door = Door::at(records, now, attempt)?;
    let taken = match take(records, &door.budgets, now)? {
        Taken::Takes(taken) => taken,
        Taken::Waits { until, first } => {
            if first {
                door.log(LoginOutcome::Throttled, door.only())?;
            }
            return Ok(LogIn::Refused { wait: Some(until.duration_since(now)) });
        }
    };
    let Some(candidate) = door.by_password()? else { return door.failed(door.only(), &taken) };
    match door.by_code(candidate)? {
        ByCode::Right => {}
        ByCode::Needed => {
            for (budget, (before, _)) in door.budgets.iter().zip(&taken) {
                records.store.give_back(budget, *before)?;
            }
            return Ok(LogIn::CodeNeeded);
        }
        ByCode::Wrong => return door.failed(Some(candidate.person), &taken),
        ByCode::Waits { until, first } => {
            if first {
                door.log(LoginOutcome::Throttled, Some(candidate.person))?;
            }
            return Ok(LogIn::Refused { wait: Some(until.duration_since(now)) });
        }
    }
    // The address's failures stay: with an account of one's own one gets no more guesses at others'.
    for (budget, (before, _)) in door.budgets.iter().zip(&taken) {
        if budget.0 == "address" {
            records.store.give_back(budget, *before)?;
        } else {
            records.store.forget_failures(budget)?;
        }
    }
    door.let_in(candidate)
}

/// What came of looking at a code.
enum ByCode {
    Right,
    Needed,
    Wrong,
    Waits { until: Timestamp, first: bool },
}

/// An attempt with all that it is judged by.
struct Door<'a> {
    records: &'a Records,
    now: Timestamp,
    attempt: &'a Attempt,
    /// Who may be meant.
    candidates: Vec<Candidate>,
    /// Digest of the browser's cookie, if one of them logged in there before.
    device: Option<Hash>,
    budgets: Vec<(&'static str, Hash)>,
}

impl<'a> Door<'a> {
    fn at(records: &'a Records, now: Timestamp, attempt: &'a Attempt) -> Result<Self, RecordsError> {
        let candidates = names::candidates(records, &attempt.name)?;
        let digest = attempt.device.as_deref().map(|text| Hash::of(text.as_bytes()));
        let since = after(now, SignedDuration::from_hours(-24 * DEVICE_DAYS));
        let mut device = None;
        for candidate in &candidates {
            if let Some(digest) = &digest
                && records.store.is_known_device(candidate.person, digest, since)?
            {
                device = Some(*digest);
            }
        }
        let name = names::counted(&attempt.name, &candidates);
        let address = network(attempt.address);
        let budgets = match &device {
            Some(device) => vec![("device", key(&[&device.0, &name]))],
            None => {
                let address = address.to_string();
                vec![("pair", key(&[&name, address.as_bytes()])), ("address", key(&[address.as_bytes()]))]
            }
        };
        Ok(Door { records, now, attempt, candidates, device, budgets })
    }

    /// The person who is meant, if there is only one.
    fn only(&self) -> Option<PersonId> {
        match self.candidates.as_slice() {
            [only] => Some(only.person),
            _ => None,
        }
    }

    /// The one person of this name with this password. Passwords of all namesakes are looked at, or none if there is nobody.
    fn by_password(&self) -> Result<Option<&Candidate>, RecordsError> {
        if self.candidates.is_empty() {
            hashing::verify(&self.attempt.password, None)?;
            return Ok(None);
        }
        let mut right = Vec::new();
        for candidate in &self.candidates {
            let hash = self.records.store.password(candidate.person)?;
            if hashing::verify(&self.attempt.password, hash.as_deref())? {
                right.push(candidate);
            }
        }
        match right.as_slice() {
            [one] => Ok(Some(*one)),
            // Namesakes with the same password: nobody can say who it is.
            _ => Ok(None),
        }
    }

    fn by_code(&self, candidate: &Candidate) -> Result<ByCode, RecordsError> {
        let store = &self.records.store;
        let Some(app) = store.totp(candidate.person)? else { return Ok(ByCode::Right) };
        let Some(typed) = self.attempt.code.as_deref().filter(|code| !code.trim().is_empty()) else {
            return Ok(ByCode::Needed);
        };
        let budget = ("code", Hash::of(candidate.person.0.as_bytes()));
        if self.device.is_none()
            && let Taken::Waits { until, first } = take(self.records, &[budget], self.now)?
        {
            return Ok(ByCode::Waits { until, first });
        }
        let right = if totp::is_code(typed) {
            // What cannot be read fits no code; recovery codes still count.
            let secret = sealed::open(self.records, candidate.person, &app.secret)?;
            match secret.and_then(|secret| totp::step_of(&secret, typed, self.now, app.last_step)) {
                Some(step) => store.use_step(candidate.person, step)?,
                None => false,
            }
        } else {
            store.use_recovery_code(candidate.person, &codes::digest(typed))?
        };
        if !right {
            return Ok(ByCode::Wrong);
        }
        if self.device.is_none() {
            store.forget_failures(&budget)?;
        }
        Ok(ByCode::Right)
    }

    fn failed(
        &self,
        person: Option<PersonId>,
        taken: &[(Option<Tally>, Tally)],
    ) -> Result<LogIn, RecordsError> {
        self.log(LoginOutcome::Failed, person)?;
        let until = taken.iter().map(|(_, after)| after.until).max();
        let wait = until.map(|until| until.duration_since(self.now));
        Ok(LogIn::Refused { wait: wait.filter(SignedDuration::is_positive) })
    }

    fn let_in(&self, candidate: &Candidate) -> Result<LogIn, RecordsError> {
        let store = &self.records.store;
        let person = candidate.person;
        if let Some(hash) = store.password(person)?
            && hashing::is_outdated(&hash)
        {
            store.rehash(person, &hash, &hashing::hash(&self.attempt.password)?)?;
        }
        let fits = password::fits(&candidate.name, &self.attempt.password.prepared()).is_ok();
        let session = random::secret()?;
        let stored = StoredSession {
            id: SessionId(random::id(self.now)?),
            person,
            begun_at: self.now,
            seen_at: self.now,
            address: self.attempt.address.to_canonical().to_string(),
            agent: agent(&self.attempt.agent),
            change_password: !fits,
        };
        sessions::begin(store, &session, &stored, SESSIONS)?;
        let device = random::secret()?;
        let known_as = Hash::of(device.as_bytes());
        store.know_device(person, (self.device.as_ref(), &known_as), self.now, DEVICES)?;
        self.log(LoginOutcome::In, Some(person))?;
        let must = must(self.records, &candidate.state, !fits)?;
        Ok(LogIn::In { csrf: sessions::csrf(&session), session, device, person, must })
    }

    fn log(&self, outcome: LoginOutcome, person: Option<PersonId>) -> Result<(), RecordsError> {
        let address = self.attempt.address.to_canonical().to_string();
        logins::note(self.records, self.now, outcome, person, address, agent(&self.attempt.agent))
    }
}

/// What a person must do before anything else.
pub(super) fn must(
    records: &Records,
    person: &Person,
    change_password: bool,
) -> Result<Option<Must>, RecordsError> {
    if change_password {
        return Ok(Some(Must::ChangePassword));
    }
    if person.account.totp_since.is_some() {
        return Ok(None);
    }
    Ok(second_factor_asked(records, person)?.then_some(Must::EnrolTotp))
}

/// Whether the policy in force asks a role of this person for a second factor.
pub(in crate::records) fn second_factor_asked(
    records: &Records,
    person: &Person,
) -> Result<bool, RecordsError> {
    Ok(!InForce::read(records)?.second_factor.is_disjoint(&person.roles))
}

/// What counts as one address: of IPv6 the network that one customer has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The key of a budget: parts with their lengths, so that no two mean the same.
fn key(parts: &[&[u8]]) -> Hash {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(*part);
    }
    Hash::of(&bytes)
}

/// What is kept of a browser's name for itself.
pub(super) fn agent(text: &str) -> String {
    text.nfc().filter(|letter| !letter.is_control()).take(AGENT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_has_one_address() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
        assert_eq!(agent("a\u{7}b\n"), "ab");
    }
}
