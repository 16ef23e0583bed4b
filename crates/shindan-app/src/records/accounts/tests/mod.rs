//! Accounts as a whole: from an invitation to the log of log-ins. This file has what the tests have in common.

mod door;
mod factors;
mod kept;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::Through;
use shindan_domain::people::throttle::{ADDRESS, DEVICE, PAIR};
use shindan_domain::people::{LoginOutcome, Role, Scope};
use shindan_domain::policy::SecondFactor;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{PersonId, PolicyId};

use super::*;
use crate::data_folder::DataFolder;
use crate::records::people::{self, TokenWanted};
use crate::records::setup::{self, First};
use crate::records::{Call, ledger, policies};

const PASSWORD: &str = "green tea at four";
const OTHER: &str = "お茶は四時にいただきます";
const HOME: &str = "192.0.2.1";

/// An installation with an administrator, who has a password, and an operator, who has none yet.
struct House {
    folder: PathBuf,
    records: Records,
    admin: Entered,
    /// The administrator's token from the first start.
    token: String,
    operator: PersonId,
    now: Timestamp,
}

impl Drop for House {
    fn drop(&mut self) {
        // What is left behind lies in the folder for temporary files.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text)
}

fn house() -> House {
    let now: Timestamp = "2026-11-27T00:00:00Z".parse().unwrap();
    let folder = std::env::temp_dir().join(format!("shindan-accounts-{}", random_text()));
    let token = TokenWanted { purpose: "test".to_owned(), scope: Scope::Write, days: 30 };
    let first = First {
        prefix: "ACC".to_owned(),
        name: "管理 花子".to_owned(),
        roles: BTreeSet::new(),
        token,
        password: Some(secret(PASSWORD)),
    };
    let set_up = setup::set_up(&DataFolder::new(&folder), &Call::at(now), first).unwrap();
    let mut records = set_up.records;
    let admin = records.enter(&set_up.token, now).unwrap();
    let roles = BTreeSet::from([Role::Operator]);
    let done = people::register(&mut records, &admin, &Call::at(now), "Unyo Taro", roles).unwrap();
    House { folder, records, admin, token: set_up.token, operator: PersonId(done.stream.id), now }
}

fn random_text() -> String {
    super::super::random::secret().unwrap()
}

fn attempt(name: &str, password: &str, address: &str) -> Attempt {
    Attempt {
        name: name.to_owned(),
        password: secret(password),
        code: None,
        address: address.parse().unwrap(),
        device: None,
        agent: "Mozilla/5.0".to_owned(),
    }
}

struct Inside {
    session: String,
    device: String,
    csrf: String,
    must: Option<Must>,
}

impl House {
    fn call(&self) -> Call {
        Call::at(self.now)
    }

    fn later(&mut self, seconds: i64) {
        self.now = after(self.now, SignedDuration::from_secs(seconds));
    }

    fn tries(&self, attempt: &Attempt) -> LogIn {
        log_in(&self.records, &self.call(), attempt).unwrap()
    }

    fn inside(&self, attempt: &Attempt) -> Inside {
        match self.tries(attempt) {
            LogIn::In { session, csrf, device, must, .. } => Inside { session, device, csrf, must },
            other => panic!("{other:?}"),
        }
    }

    /// The administrator from home.
    fn admin_in(&self) -> Inside {
        self.inside(&attempt("管理花子", PASSWORD, HOME))
    }

    fn entered(&self, inside: &Inside) -> Option<SessionEntered> {
        match self.records.enter_session(&inside.session, self.now) {
            Ok(entered) => Some(entered),
            Err(RecordsError::SessionUnknown) => None,
            Err(other) => panic!("{other}"),
        }
    }

    fn outcomes(&self) -> Vec<(LoginOutcome, Option<PersonId>)> {
        let query = LoginQuery { limit: 100, ..LoginQuery::default() };
        let lines = login_log(&self.records, &self.admin, self.now, &query).unwrap();
        lines.into_iter().rev().map(|line| (line.outcome, line.person)).collect()
    }

    /// Everything that is in the files of the ledger.
    fn files(&self) -> Vec<u8> {
        ["shindan.db", "shindan.db-wal"]
            .iter()
            .flat_map(|name| std::fs::read(self.folder.join("ledger").join(name)).unwrap_or_default())
            .collect()
    }

    /// An approved policy asks these roles for a second factor.
    fn ask_second_factor(&mut self, roles: impl IntoIterator<Item = Role>) {
        let person = |person| Entered {
            actor: shindan_domain::ledger::Actor { person, ..self.admin.actor },
            roles: Role::ALL.to_vec(),
            ..self.admin.clone()
        };
        let (one, other) = (person(self.admin.person()), person(self.operator));
        let asked = policies::Stated::SecondFactor(SecondFactor { roles: roles.into_iter().collect() });
        let stated = ("二要素認証".to_owned(), asked);
        let call = self.call();
        let done = policies::propose_stated(&mut self.records, &one, &call, stated, "規程").unwrap();
        let (id, word) = (PolicyId(done.stream.id), crate::records::WordGiven::Software);
        policies::approve(&mut self.records, &other, &call, id, None, &word).unwrap();
    }

    /// Sets up an app for the person; its secret.
    fn with_app(&mut self, who: &Entered) -> (Vec<u8>, Vec<String>) {
        begin_totp(&self.records, who, &self.call()).unwrap();
        let kept = self.records.store.totp_begun(who.person(), self.now).unwrap().unwrap();
        let secret = sealed::open(&self.records, who.person(), &kept).unwrap().unwrap();
        let typed = shown_by(&secret, self.now);
        let (_, codes) = confirm_totp(&mut self.records, who, &Call::at(self.now), &typed).unwrap();
        (secret, codes)
    }
}

fn shown_by(secret: &[u8], now: Timestamp) -> String {
    totp::code_at(secret, now).unwrap()
}

fn reason<T: std::fmt::Debug>(answer: Result<T, RecordsError>) -> ReasonCode {
    match answer {
        Err(RecordsError::Refused { refusal, .. }) => refusal.reason.code,
        other => panic!("{other:?}"),
    }
}

fn is_refused(answer: &LogIn) -> bool {
    matches!(answer, LogIn::Refused { .. })
}
