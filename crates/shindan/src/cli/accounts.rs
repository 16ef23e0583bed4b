//! Verbs of `user` on accounts for the browser, as a contract.

use clap::{Args, Subcommand};
use shindan_domain::people::LoginOutcome;

use super::acting::{Acting, Reading};
use crate::help::WrongValue;

/// Arguments of `user password`.
#[derive(Debug, Args)]
pub struct PasswordArguments {
    /// Who gets an invitation code; your own password is set if nobody is named.
    pub person: Option<String>,
    /// Read passwords from standard input, one a line.
    #[arg(long, conflicts_with = "person")]
    pub password_stdin: bool,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `user sessions`.
#[derive(Debug, Args)]
pub struct SessionsArguments {
    /// Name or id; yourself if not given.
    pub person: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// Arguments of `user end-session`.
#[derive(Debug, Args)]
pub struct EndSessionArguments {
    /// The session's id.
    #[arg(required_unless_present = "all_of", conflicts_with = "all_of")]
    pub session: Option<String>,
    /// End all sessions of this person.
    #[arg(long, value_name = "PERSON")]
    pub all_of: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// Arguments of `user logins`.
#[derive(Debug, Args)]
pub struct LoginsArguments {
    /// Only this person.
    pub person: Option<String>,
    /// Only your own.
    #[arg(long, conflicts_with = "person")]
    pub own: bool,
    /// Only this outcome.
    #[arg(long, value_name = "OUTCOME", value_parser = outcome)]
    pub outcome: Option<LoginOutcome>,
    /// Only those before this number.
    #[arg(long, value_name = "NUMBER")]
    pub before: Option<u64>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    #[command(flatten)]
    pub reading: Reading,
}

/// Verbs of `user totp`.
#[derive(Debug, Subcommand)]
pub enum TotpCommand {
    /// Remove an authenticator app
    Remove {
        /// Name or id; yourself if not given.
        person: Option<String>,
        /// Read your password from standard input.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        acting: Acting,
    },
}

fn outcome(text: &str) -> Result<LoginOutcome, WrongValue> {
    let known: Vec<&str> = LoginOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known.join(" ") })
}
