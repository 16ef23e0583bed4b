//! The people of the demo, on either side: one of every role, each with a token in a file, so that whoever tries it can act as each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use shindan_domain::organisation::{MasterData, MasterEvent, Particulars};
use shindan_domain::people::{Role, Scope};
use shindan_domain::process::Process;
use shindan_domain::record_id::PersonId;
use uuid::Uuid;

use super::days::Days;
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::records::accounts::{self, SecretText};
use crate::records::people::{self, TokenWanted};
use crate::records::setup::{self, First};
use crate::records::{Call, Done, Entered, Records, RecordsError, organisation};

/// Where the tokens are written, below the folder of the demo.
pub(super) const TOKENS: &str = "tokens";
/// Days for which the tokens of the demo are valid, from its own clock on.
const VALID: u32 = 3_660;

/// Who they are.
pub(super) struct Names {
    /// Prefix of the display numbers.
    pub prefix: &'static str,
    /// What their passwords begin with.
    pub side: &'static str,
    /// Administrator, manager, two operators, approver, auditor.
    pub people: [&'static str; 6],
}

/// Those of the hospital.
pub(super) const HOSPITAL: Names = Names {
    prefix: "DEMO",
    side: "hospital",
    people: ["管理 花子", "企画 桜子", "運用 太郎", "運用 次郎", "承認 三郎", "監査 四郎"],
};

/// Those of its vendor, in an installation of their own.
pub(super) const VENDOR: Names = Names {
    prefix: "VEND",
    side: "vendor",
    people: ["社内 管理", "保守 課長", "保守 一郎", "保守 二郎", "品質 部長", "社内 監査"],
};

/// Roles of the six, and what their files are called.
const ROLES: [(Role, &str); 6] = [
    (Role::Admin, "admin"),
    (Role::Manager, "manager"),
    (Role::Operator, "operator"),
    (Role::Operator, "operator-2"),
    (Role::Approver, "approver"),
    (Role::Auditor, "auditor"),
];

/// Somebody of the demo who can log in by browser. The password is in this program's source: it is for folders of the demo only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The name.
    pub name: &'static str,
    /// What they may do.
    pub role: Role,
    /// The password.
    pub password: String,
}

impl Names {
    /// Those who can log in, in the order of [`Names::people`].
    pub fn accounts(&self) -> Vec<DemoAccount> {
        let account = |(name, (role, file)): (&&'static str, (Role, &str))| DemoAccount {
            name,
            role,
            password: self.password(file),
        };
        self.people.iter().zip(ROLES).map(account).collect()
    }

    fn password(&self, file: &str) -> String {
        format!("demo-{}-{file}", self.side)
    }
}

/// The people of one side and its records.
pub(super) struct Cast {
    pub records: Records,
    /// Where the demo's documents are written.
    pub folder: PathBuf,
    pub now: Timestamp,
    /// By how much the story is moved.
    pub days: Days,
    pub administrator: Entered,
    pub manager: Entered,
    pub operator: Entered,
    pub colleague: Entered,
    pub approver: Entered,
}

impl Cast {
    /// Sets up the records with a person of every role.
    pub fn assemble(
        data: &DataFolder,
        folder: &Path,
        (now, days): (Timestamp, Days),
        names: &Names,
    ) -> Result<Cast, RecordsError> {
        let [administrator, manager, operator, colleague, approver, auditor] = names.people;
        let tokens = folder.join(TOKENS);
        fs::create_dir_all(&tokens).map_err(AppError::io(&tokens))?;
        let token = TokenWanted { purpose: "demo".to_owned(), scope: Scope::Write, days: VALID };
        let first = First {
            prefix: names.prefix.to_owned(),
            name: administrator.to_owned(),
            roles: BTreeSet::new(),
            token: token.clone(),
            password: Some(SecretText::new(names.password("admin"))),
        };
        let set_up = setup::set_up(data, &Call::at(now), first)?;
        write_token(&tokens, "admin", &set_up.token)?;
        let mut records = set_up.records;
        let administrator = records.enter(&set_up.token, now)?;
        let mut enter = |file: &str, name: &str, role: Role| -> Result<Entered, RecordsError> {
            let call = Call::at(now);
            let done = people::register(&mut records, &administrator, &call, name, BTreeSet::from([role]))?;
            let person = PersonId(done.stream.id);
            let (_, text) = people::issue_token(&mut records, &administrator, &call, person, token.clone())?;
            let text = text.ok_or(RecordsError::TokenUnknown)?;
            write_token(&tokens, file, &text)?;
            let entered = records.enter(&text, now)?;
            let password = SecretText::new(names.password(file));
            accounts::set_password(&mut records, &entered, &call, None, &password)?;
            Ok(entered)
        };
        let manager = enter("manager", manager, Role::Manager)?;
        let operator = enter("operator", operator, Role::Operator)?;
        let colleague = enter("operator-2", colleague, Role::Operator)?;
        let approver = enter("approver", approver, Role::Approver)?;
        enter("auditor", auditor, Role::Auditor)?;
        let folder = folder.join("documents");
        fs::create_dir_all(&folder).map_err(AppError::io(&folder))?;
        Ok(Cast { records, folder, now, days, administrator, manager, operator, colleague, approver })
    }

    /// Some minutes later.
    pub fn call(&mut self) -> Call {
        self.later(SignedDuration::from_mins(7));
        Call::at(self.now)
    }

    /// Some days later.
    pub fn days_later(&mut self, days: i64) {
        self.later(SignedDuration::from_hours(24 * days));
    }

    fn later(&mut self, duration: SignedDuration) {
        self.now = self.now.checked_add(duration).unwrap_or(self.now);
    }

    /// A step by one of them.
    pub fn step<T>(
        &mut self,
        who: fn(&Cast) -> &Entered,
        work: impl FnOnce(&mut Records, &Entered, &Call) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        let call = self.call();
        let who = who(self).clone();
        work(&mut self.records, &who, &call)
    }

    /// The state of a record.
    pub fn state<P: Process>(&self, id: impl Into<Uuid>) -> Result<P, RecordsError> {
        self.records.existing::<P>(id)
    }

    /// Enters master data.
    pub fn keep<T: Particulars>(&mut self, particulars: T) -> Result<Uuid, RecordsError>
    where
        MasterData<T>: Process<Event = MasterEvent<T>>,
    {
        let done: Done =
            self.step(manager, |records, who, call| organisation::enter(records, who, call, particulars))?;
        Ok(done.stream.id)
    }

    /// Writes a document of the demo.
    pub fn document(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf, RecordsError> {
        let path = self.folder.join(name);
        fs::write(&path, content).map_err(AppError::io(&path))?;
        Ok(path)
    }
}

fn write_token(folder: &Path, name: &str, token: &str) -> Result<(), RecordsError> {
    let path = folder.join(format!("{name}.token"));
    fs::write(&path, format!("{token}\n")).map_err(AppError::io(&path))?;
    Ok(())
}

pub(super) fn administrator(cast: &Cast) -> &Entered {
    &cast.administrator
}

pub(super) fn manager(cast: &Cast) -> &Entered {
    &cast.manager
}

pub(super) fn operator(cast: &Cast) -> &Entered {
    &cast.operator
}

pub(super) fn colleague(cast: &Cast) -> &Entered {
    &cast.colleague
}

pub(super) fn approver(cast: &Cast) -> &Entered {
    &cast.approver
}
