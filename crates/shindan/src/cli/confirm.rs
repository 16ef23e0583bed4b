//! The verbs of `confirm` and `review`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::acting::{Acting, ListArguments, ShowArguments};
use super::cases::Spoken;
use super::values;

/// Verbs of `confirm`.
#[derive(Debug, Subcommand)]
pub enum ConfirmCommand {
    /// Instruct operator and providers to confirm
    Instruct(Box<InstructArguments>),
    /// Report about an item
    Report {
        /// The instruction.
        record: String,
        /// The item.
        item: String,
        /// What the reporter says.
        #[arg(long, value_name = "TEXT")]
        statement: String,
        /// What it rests on.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Ask again
    AskAgain {
        /// The instruction.
        record: String,
        /// The item.
        item: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Judge an item
    Judge(Box<JudgeArguments>),
    /// Record that a measure was carried out
    Act {
        /// The instruction.
        record: String,
        /// The item.
        item: String,
        /// What was done.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// What shows it.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close it
    Close {
        /// The instruction.
        record: String,
        /// When it is to be done again.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        next: Option<Date>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Give it up
    Cancel {
        /// The instruction.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Instruct the same again
    Again {
        /// The instruction that was closed.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List instructions
    List(ListArguments),
    /// Show an instruction
    Show(ShowArguments),
}

/// When something is done again.
#[derive(Debug, Args)]
pub struct AgainArguments {
    /// After so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub every: Option<u16>,
    /// As the approved policy says.
    #[arg(long, conflicts_with = "every")]
    pub by_policy: bool,
}

/// Arguments of `confirm instruct`.
#[derive(Debug, Args)]
pub struct InstructArguments {
    /// What it is called in lists.
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// Which systems.
    #[arg(long = "system", value_name = "SYSTEM", required = true)]
    pub systems: Vec<String>,
    /// What is asked about each of them.
    #[arg(long = "ask", value_name = "TEXT", required = true)]
    pub questions: Vec<String>,
    /// The operator who reports.
    #[arg(long, value_name = "PERSON", required_unless_present = "providers")]
    pub operator: Option<String>,
    /// The provider of each system reports, too.
    #[arg(long)]
    pub providers: bool,
    /// Until when the reports are expected.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub due: Date,
    #[command(flatten)]
    pub again: AgainArguments,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `confirm judge`.
#[derive(Debug, Args)]
pub struct JudgeArguments {
    /// The instruction.
    pub record: String,
    /// The item.
    pub item: String,
    /// It is fit.
    #[arg(long, required_unless_present = "not_fit", conflicts_with_all = ["not_fit", "action"])]
    pub fit: bool,
    /// It is not fit.
    #[arg(long)]
    pub not_fit: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What is to be done.
    #[arg(long, value_name = "TEXT", requires = "action_due")]
    pub action: Option<String>,
    /// Until when.
    #[arg(long, value_name = "DATE", value_parser = values::day, requires = "action")]
    pub action_due: Option<Date>,
    /// The person who does it.
    #[arg(long, value_name = "PERSON", requires = "action")]
    pub responsible: Option<String>,
    /// The party that does it.
    #[arg(long, value_name = "PARTY", requires = "action", conflicts_with = "responsible")]
    pub responsible_party: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `review`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Enter an operational item that is reviewed regularly
    Plan(Box<PlanReviewArguments>),
    /// Record a review
    Record {
        /// The item.
        record: String,
        /// What it says from now on.
        #[arg(
            long,
            value_name = "TEXT",
            required_unless_present = "no_change",
            conflicts_with = "no_change"
        )]
        change: Option<String>,
        /// It stays as it is.
        #[arg(long)]
        no_change: bool,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// What was looked at.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve the review
    Approve {
        /// The item.
        record: String,
        /// When it is reviewed again.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        next: Option<Date>,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Send the review back
    SendBack {
        /// The item.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// End it
    End {
        /// The item.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List items
    List(ListArguments),
    /// Show an item
    Show(ShowArguments),
}

/// Arguments of `review plan`.
#[derive(Debug, Args)]
pub struct PlanReviewArguments {
    /// What is reviewed.
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// What it says now.
    #[arg(long, value_name = "TEXT")]
    pub content: String,
    /// Item of the guideline that it serves.
    #[arg(long = "requirement", value_name = "ID")]
    pub requirements: Vec<String>,
    /// The system that it concerns.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
    /// Who is responsible for it.
    #[arg(long, value_name = "PERSON")]
    pub responsible: String,
    /// When it is reviewed first.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub due: Date,
    #[command(flatten)]
    pub again: AgainArguments,
    #[command(flatten)]
    pub acting: Acting,
}
