//! Setting up the records of an installation: ledger, signing key, first person.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Actor, Hash, Kind, Stream, Through};
use shindan_domain::organisation::{MasterData, Party, PartyKind};
use shindan_domain::people::{IssuedToken, Person, Role, Scope};
use shindan_domain::process::{Label, text_given};
use shindan_domain::record_id::{InstallationId, PartyId, PersonId, TokenId};
use shindan_store::{AccountWrite, Installation, Store};

use super::accounts::{self, SecretText};
use super::people::TokenWanted;
use super::{Call, Entered, Records, RecordsError, random};
use crate::data_folder::{DataFolder, write_synced};

/// What an installation begins with.
#[derive(Debug, Clone)]
pub struct First {
    /// Prefix of display numbers.
    pub prefix: String,
    /// Name of the first person.
    pub name: String,
    /// Roles beside `admin`.
    pub roles: BTreeSet<Role>,
    /// The first token.
    pub token: TokenWanted,
    /// The first person's password, to log in by browser; `None`: they set one later.
    pub password: Option<SecretText>,
}

/// What was set up.
#[derive(Debug)]
pub struct SetUp {
    /// The records.
    pub records: Records,
    /// The installation.
    pub installation: InstallationId,
    /// The first person.
    pub person: PersonId,
    /// Their token; kept nowhere.
    pub token: String,
}

/// Sets up the records in a data folder that has none.
///
/// # Errors
/// [`RecordsError::Present`] if there are records; refused without a name, or with a password that is not good enough.
pub fn set_up(folder: &DataFolder, call: &Call, first: First) -> Result<SetUp, RecordsError> {
    set_up_for(folder, call, first, Vec::new())
}

/// As [`set_up`], with the organisation that the installation belongs to: it is the first party, and the first person works for it. What
/// it is besides (an institution that provides systems itself) is a party of its own, so that both sides of an agreement can be named.
///
/// # Errors
/// As [`set_up`]; refused for an organisation without a name.
pub fn set_up_for(
    folder: &DataFolder,
    call: &Call,
    first: First,
    organisation: Vec<Party>,
) -> Result<SetUp, RecordsError> {
    let refused = |refusal| RecordsError::refused(None, refusal);
    text_given(Label::Name.as_str(), &first.name).map_err(refused)?;
    let organisation = organisation.into_iter().map(MasterData::register);
    let organisation = organisation.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    let password = first.password.as_ref().map(|password| accounts::first_password(&first.name, password));
    let password = password.transpose()?;
    let id = InstallationId(random::id(call.now)?);
    let installation = Installation { id, prefix: first.prefix, at: call.now };
    let root = folder.root().to_owned();
    let store = Store::create(&root, installation, random::bytes()?)?;
    let mut records = Records::of(store, root);
    let person = PersonId(random::id(call.now)?);
    let text = random::token()?;
    let token = IssuedToken {
        id: TokenId(random::id(call.now)?),
        digest: Hash::of(text.as_bytes()),
        scope: Scope::Write,
        expires: super::people::days_later(call.now, first.token.days)?,
        purpose: first.token.purpose,
        second_factor: false,
    };
    let mut roles = first.roles;
    roles.insert(Role::Admin);
    let who = Entered {
        actor: Actor { person, through: Through::Setup },
        roles: vec![Role::Admin],
        scope: Scope::Write,
        session: None,
        unproven: false,
    };
    records.act(&who, call, shindan_domain::people::Action::Administer, None, |act| {
        let mut party = None;
        for event in organisation {
            let entered = PartyId(act.new_id()?);
            act.begin::<MasterData<Party>>(entered, &[event], false)?;
            party = party.or(Some(entered));
        }
        let event = Person::register(party, roles).map_err(refused)?;
        act.begin::<Person>(person, &[event], false)?;
        act.change::<Person>(person, |state, by| Ok(vec![state.issue(token, by)?]))?;
        if let Some(hash) = password {
            act.change::<Person>(person, |state, _| Ok(vec![state.set_password()?]))?;
            act.account(AccountWrite::Password(person, hash));
        }
        act.name(person, first.name.trim().to_owned());
        // What was there before is noted as it is; from now on every change needs a token.
        KeptPart::ALL.iter().try_for_each(|part| act.note_kept(*part))?;
        Ok(Stream::new(Kind::Person, person))
    })?;
    Ok(SetUp { records, installation: id, person, token: text })
}

/// What was answered of the first start before there are records, so that it can be gone on with after a pause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Name of the organisation.
    #[serde(default)]
    pub organisation: String,
    /// What it is.
    #[serde(default)]
    pub kind: Option<PartyKind>,
    /// What the part of the institution is called that provides systems; empty: none does.
    #[serde(default)]
    pub provides_as: String,
    /// Prefix of display numbers.
    #[serde(default)]
    pub prefix: String,
}

impl Draft {
    fn path(folder: &DataFolder) -> PathBuf {
        folder.root().join("first-start.json")
    }

    /// What was answered so far.
    ///
    /// # Errors
    /// [`RecordsError::Unreadable`] if it cannot be read.
    pub fn load(folder: &DataFolder) -> Result<Draft, RecordsError> {
        let path = Draft::path(folder);
        match std::fs::read(&path) {
            Ok(bytes) => {
                let damaged = |error: serde_json::Error| RecordsError::Unreadable {
                    path: path.clone(),
                    reason: error.to_string(),
                };
                serde_json::from_slice(&bytes).map_err(damaged)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Draft::default()),
            Err(error) => Err(RecordsError::unreadable(&path, &error)),
        }
    }

    /// Keeps it; refused once there are records.
    ///
    /// # Errors
    /// [`RecordsError::Present`]; those of writing.
    pub fn keep(&self, folder: &DataFolder) -> Result<(), RecordsError> {
        if Store::exists(folder.root()) {
            return Err(RecordsError::Present(folder.root().to_owned()));
        }
        let root = folder.root();
        std::fs::create_dir_all(root).map_err(|error| RecordsError::unreadable(root, &error))?;
        let bytes = serde_json::to_vec(self).map_err(RecordsError::stored)?;
        write_synced(&Draft::path(folder), &bytes)?;
        Ok(())
    }

    /// Takes it away once it is recorded.
    pub fn forget(folder: &DataFolder) {
        // What is left behind says nothing any more: there are records.
        let _left = std::fs::remove_file(Draft::path(folder));
    }
}

/// A code of 80 random bits, by which whoever started the server shows that they may set it up.
///
/// # Errors
/// [`RecordsError::Randomness`].
pub fn code() -> Result<String, RecordsError> {
    Ok(random::bytes::<10>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
