//! The verbs `setup`, `user` and `token`, as a contract.

use clap::{Args, Subcommand};
use shindan_domain::people::{Role, Scope};

use super::DataFolder;
use super::TableOrJson;
use super::accounts::{
    EndSessionArguments, LoginsArguments, PasswordArguments, SessionsArguments, TotpCommand,
};
use super::acting::{Acting, ListArguments, ShowArguments};
use crate::help::WrongValue;

/// Arguments of `setup`.
#[derive(Debug, Args)]
pub struct SetupArguments {
    #[command(flatten)]
    pub data: DataFolder,
    /// Prefix of the numbers that people see: `MED` gives MED-2026-0042.
    #[arg(long, value_name = "TEXT")]
    pub prefix: String,
    /// Name of the first person, who sets up the others.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Further roles of the first person; repeatable.
    #[arg(long = "role", value_name = "ROLE", value_parser = role)]
    pub roles: Vec<Role>,
    /// Write the first person's token to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub token_to: Option<std::path::PathBuf>,
    /// Read the first person's password from the first line of standard input.
    #[arg(long)]
    pub password_stdin: bool,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

/// Verbs of `user`.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Enter a person
    Add {
        /// Their name.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What they may do; repeatable.
        #[arg(long = "role", value_name = "ROLE", value_parser = role, required = true)]
        roles: Vec<Role>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Give a role
    Grant {
        /// Name or id.
        person: String,
        /// The role.
        #[arg(value_parser = role)]
        role: Role,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take a role
    Revoke {
        /// Name or id.
        person: String,
        /// The role.
        #[arg(value_parser = role)]
        role: Role,
        #[command(flatten)]
        acting: Acting,
    },
    /// End a person's acting
    Deactivate {
        /// Name or id.
        person: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Change a person's name, or erase it
    Rename {
        /// Name or id.
        person: String,
        /// The new name.
        #[arg(long, value_name = "NAME", required_unless_present = "erase", conflicts_with = "erase")]
        name: Option<String>,
        /// Erase the name; what the person did stays under their id.
        #[arg(long)]
        erase: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// Set your own password, or give somebody an invitation code
    Password(PasswordArguments),
    /// Browsers that are logged in
    Sessions(SessionsArguments),
    /// End a session in the browser
    EndSession(EndSessionArguments),
    /// Who logged in, failed and logged out
    Logins(LoginsArguments),
    /// The authenticator app
    #[command(subcommand)]
    Totp(TotpCommand),
    /// List people
    List(ListArguments),
    /// Show a person
    Show(ShowArguments),
}

/// Verbs of `token`.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Give a person a token; it is shown once
    Issue {
        /// Name or id; yourself if not given.
        person: Option<String>,
        /// What it is for.
        #[arg(long, value_name = "TEXT")]
        purpose: String,
        /// What it permits.
        #[arg(long, value_name = "SCOPE", value_parser = scope, default_value = "write")]
        scope: Scope,
        /// Valid for so many days.
        #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: u32,
        /// Write it to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        token_to: Option<std::path::PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Withdraw a token
    Revoke {
        /// Name or id of the person.
        person: String,
        /// The token's id.
        token: String,
        #[command(flatten)]
        acting: Acting,
    },
}

fn role(text: &str) -> Result<Role, WrongValue> {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known.join(" ") })
}

fn scope(text: &str) -> Result<Scope, WrongValue> {
    let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known.join(" ") })
}
