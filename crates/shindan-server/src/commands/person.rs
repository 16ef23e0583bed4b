//! Commands on people, their roles, names and tokens.

use std::collections::BTreeSet;

use serde::Deserialize;
use shindan_app::records::RecordsError;
use shindan_app::records::people::{self, TokenWanted};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Role, Scope};
use shindan_domain::record_id::{PersonId, TokenId};
use utoipa::ToSchema;

use super::words;
use crate::command::{Command, Outcome, Session};

fn person(about: Option<Stream>) -> Result<PersonId, RecordsError> {
    about.map(|stream| PersonId(stream.id)).ok_or_else(|| RecordsError::Unknown(String::new()))
}

/// Enters a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterPerson {
    /// Their name. It is kept beside the ledger and can be erased.
    name: String,
    /// What they may do; at least one.
    #[schema(schema_with = words::roles)]
    roles: BTreeSet<Role>,
}

impl Command for RegisterPerson {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Enter a person";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::register(s.records, &s.who, &s.call, &self.name, self.roles).map(Into::into)
    }
}

/// Gives a person a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantRole {
    /// The role.
    #[schema(schema_with = words::role)]
    role: Role,
}

impl Command for GrantRole {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("grant");
    const SUMMARY: &'static str = "Give a person a role";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::grant(s.records, &s.who, &s.call, person(about)?, self.role).map(Into::into)
    }
}

/// Takes a role from a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevokeRole {
    /// The role.
    #[schema(schema_with = words::role)]
    role: Role,
}

impl Command for RevokeRole {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("revoke");
    const SUMMARY: &'static str = "Take a role from a person";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::revoke(s.records, &s.who, &s.call, person(about)?, self.role).map(Into::into)
    }
}

/// Ends a person's acting; all their tokens end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deactivate {
    /// Why.
    reason: String,
}

impl Command for Deactivate {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("deactivate");
    const SUMMARY: &'static str = "End a person's acting";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::deactivate(s.records, &s.who, &s.call, person(about)?, self.reason).map(Into::into)
    }
}

/// Changes a person's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    /// The new name.
    name: String,
}

impl Command for Rename {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("rename");
    const SUMMARY: &'static str = "Change a person's name";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::rename(s.records, &s.who, &s.call, person(about)?, Some(self.name)).map(Into::into)
    }
}

/// Erases a person's name. What they did stays under their id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EraseName {}

impl Command for EraseName {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("erase-name");
    const SUMMARY: &'static str = "Erase a person's name";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::rename(s.records, &s.who, &s.call, person(about)?, None).map(Into::into)
    }
}

/// Gives a person a token; its text is in the answer once, and kept nowhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueToken {
    /// What it is for.
    purpose: String,
    /// What it permits, within the person's roles.
    #[schema(schema_with = words::scope)]
    scope: Scope,
    /// For how many days it is valid.
    #[schema(minimum = 1, maximum = 3660)]
    days: u32,
}

impl Command for IssueToken {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("issue-token");
    const SUMMARY: &'static str = "Give a person a token; it is shown once";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        let IssueToken { purpose, scope, days } = self;
        if !(1..=3660).contains(&days) {
            return Err(RecordsError::Invalid { field: "days".to_owned(), value: days.to_string() });
        }
        let wanted = TokenWanted { purpose, scope, days };
        let (done, text) = people::issue_token(s.records, &s.who, &s.call, person(about)?, wanted)?;
        Ok(Outcome { given: text.map(|text| ("token", text)), ..Outcome::from(done) })
    }
}

/// Withdraws a token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawToken {
    /// The token's id.
    #[schema(value_type = String)]
    token: TokenId,
}

impl Command for WithdrawToken {
    const KIND: Kind = Kind::Person;
    const NAME: Option<&'static str> = Some("withdraw-token");
    const SUMMARY: &'static str = "Withdraw a token";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        people::withdraw_token(s.records, &s.who, &s.call, person(about)?, self.token).map(Into::into)
    }
}
