//! The verbs of `interface`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_domain::interface::{Direction, IntegrityResult, Mechanism};

use super::acting::{Acting, ListArguments, ShowArguments};
use super::values;

/// Verbs of `interface`.
#[derive(Debug, Subcommand)]
pub enum InterfaceCommand {
    /// Enter a data exchange with another party
    Add(Box<AddInterfaceArguments>),
    /// Change how it is operated
    Change(Box<ChangeInterfaceArguments>),
    /// Record that altered data was sent on purpose, and what came of it
    Test(TestInterfaceArguments),
    /// End it
    End {
        /// The interface.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List interfaces
    List(ListArguments),
    /// Show an interface
    Show(ShowArguments),
}

/// Arguments of `interface add`.
#[derive(Debug, Args)]
pub struct AddInterfaceArguments {
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// Whose data exchange it is.
    #[arg(long, value_name = "SYSTEM")]
    pub system: String,
    /// With whom.
    #[arg(long, value_name = "PARTY")]
    pub party: String,
    /// Which way data goes.
    #[arg(long, value_name = "DIRECTION", value_parser = values::direction)]
    pub direction: Direction,
    /// Which data.
    #[arg(long, value_name = "TEXT")]
    pub data: String,
    /// Over what.
    #[arg(long, value_name = "TEXT")]
    pub protocol: String,
    /// What notices altered data.
    #[arg(long, value_name = "MECHANISM", value_parser = values::mechanism)]
    pub mechanism: Option<Mechanism>,
    /// How that is set up.
    #[arg(long, value_name = "TEXT")]
    pub set_up: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `interface change`.
#[derive(Debug, Args)]
pub struct ChangeInterfaceArguments {
    /// The interface.
    pub record: String,
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Which way data goes.
    #[arg(long, value_name = "DIRECTION", value_parser = values::direction)]
    pub direction: Option<Direction>,
    /// Which data.
    #[arg(long, value_name = "TEXT")]
    pub data: Option<String>,
    /// Over what.
    #[arg(long, value_name = "TEXT")]
    pub protocol: Option<String>,
    /// What notices altered data.
    #[arg(long, value_name = "MECHANISM", value_parser = values::mechanism)]
    pub mechanism: Option<Mechanism>,
    /// Nothing notices it any more.
    #[arg(long, conflicts_with = "mechanism")]
    pub no_mechanism: bool,
    /// How the mechanism is set up.
    #[arg(long, value_name = "TEXT")]
    pub set_up: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `interface test`.
#[derive(Debug, Args)]
pub struct TestInterfaceArguments {
    /// The interface.
    pub record: String,
    /// On which day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub on: Date,
    /// What was altered and how it was sent.
    #[arg(long, value_name = "TEXT")]
    pub method: String,
    /// What came of it.
    #[arg(long, value_name = "RESULT", value_parser = values::integrity_result)]
    pub result: IntegrityResult,
    /// When it is tested again.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub next: Date,
    /// What shows it.
    #[arg(long = "document", value_name = "FILE", required = true)]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}
