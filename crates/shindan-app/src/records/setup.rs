//! Setting up the records of an installation: ledger, signing key, first person.

use std::collections::BTreeSet;

use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Actor, Hash, Kind, Stream, Through};
use shindan_domain::people::{IssuedToken, Person, Role, Scope};
use shindan_domain::process::{Label, text_given};
use shindan_domain::record_id::{InstallationId, PersonId, TokenId};
use shindan_store::{AccountWrite, Installation, Store};

use super::accounts::{self, SecretText};
use super::people::TokenWanted;
use super::{Call, Entered, Records, RecordsError, random};
use crate::data_folder::DataFolder;

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
    let refused = |refusal| RecordsError::refused(None, refusal);
    text_given(Label::Name.as_str(), &first.name).map_err(refused)?;
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
    };
    let mut roles = first.roles;
    roles.insert(Role::Admin);
    let who = Entered {
        actor: Actor { person, through: Through::Setup },
        roles: vec![Role::Admin],
        scope: Scope::Write,
        session: None,
    };
    records.act(&who, call, shindan_domain::people::Action::Administer, None, |act| {
        let event = Person::register(None, roles).map_err(refused)?;
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
