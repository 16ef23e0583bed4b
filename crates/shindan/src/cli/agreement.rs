//! The verbs of `agreement`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use shindan_domain::agreement::{CauseKind, Coverage, DutyTopic};
use shindan_domain::inquiry::Way;

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::Spoken;
use super::{Language, values};

/// Verbs of `agreement`.
#[derive(Debug, Subcommand)]
pub enum AgreementCommand {
    /// Begin a draft
    New(Box<NewArguments>),
    /// Parties
    #[command(subcommand)]
    Party(PartyCommand),
    /// Duties
    #[command(subcommand)]
    Duty(DutyCommand),
    /// Set what a party has to do with duties
    Assign {
        /// The agreement.
        record: String,
        /// The party.
        party: String,
        /// What it has to do with them.
        #[arg(value_parser = values::involvement)]
        involvement: values::InvolvementOrNone,
        /// Keys of the duties.
        #[arg(required = true)]
        duties: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Set other days
    Dates {
        /// The agreement.
        record: String,
        /// First day on which it is in force.
        #[arg(long, value_name = "DATE", value_parser = values::day, required_unless_present = "review")]
        from: Option<Date>,
        /// Last day on which it is valid.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        review: Option<Date>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Propose it
    Propose {
        /// The agreement.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take the proposal back
    Withdraw {
        /// The agreement.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record that a party does not agree to duties yet
    Discuss(Box<DiscussArguments>),
    /// Record that a party agrees to duties
    Agree(Box<AgreeArguments>),
    /// Confirm it for a party
    Confirm(Box<ConfirmArguments>),
    /// Begin a further version
    Revise {
        /// The agreement.
        record: String,
        /// First day on which that is in force.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        from: Option<Date>,
        /// Last day on which that is valid.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        review: Date,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record that something changed on which it rests
    Reopen {
        /// The agreement.
        record: String,
        /// What changed.
        #[arg(long, value_name = "CAUSE", value_parser = values::cause)]
        cause: CauseKind,
        /// Which device.
        #[arg(long, value_name = "ASSET")]
        asset: Option<String>,
        /// What changed, in words.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// In what two versions differ
    Diff {
        /// The agreement.
        record: String,
        /// The earlier version.
        #[arg(long, value_name = "N")]
        from_version: Option<u32>,
        /// The later version.
        #[arg(long, value_name = "N")]
        to_version: Option<u32>,
        #[command(flatten)]
        reading: Reading,
    },
    /// End it
    End {
        /// The agreement.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Write it as a page to be printed and signed
    Print {
        #[command(flatten)]
        out: OutArguments,
        /// In which form
        #[arg(long, value_enum, default_value_t = PrintFormat::Html)]
        paper: PrintFormat,
    },
    /// Write it as a file for the other side
    Export {
        #[command(flatten)]
        out: OutArguments,
        /// Where the installation's signature over the file is written.
        #[arg(long, value_name = "FILE")]
        signature_to: Option<PathBuf>,
    },
    /// Take the other side's file in
    Import {
        /// The file.
        file: PathBuf,
        /// The agreement here that it is another version of.
        #[arg(long, value_name = "AGREEMENT")]
        into: Option<String>,
        /// The system here.
        #[arg(long, value_name = "SYSTEM", conflicts_with = "into")]
        system: Option<String>,
        /// Which party here a name means.
        #[arg(long = "party", value_name = "NAME=PARTY", value_parser = values::named_party)]
        parties: Vec<(String, String)>,
        #[command(flatten)]
        acting: Acting,
    },
    /// List agreements
    List(ListArguments),
    /// Show an agreement
    Show(ShowArguments),
}

/// Arguments of `agreement new`.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: String,
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// Who takes part and signs besides operator and provider of the system.
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<String>,
    /// Who takes part and does not sign.
    #[arg(long = "without-signature", value_name = "PARTY")]
    pub unsigned: Vec<String>,
    /// First day on which it is in force.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub from: Option<Date>,
    /// Last day on which it is valid.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub review: Date,
    /// Duties to begin with.
    #[arg(long, value_name = "FILE", conflicts_with = "blank")]
    pub template: Option<PathBuf>,
    /// Begin without any duty.
    #[arg(long)]
    pub blank: bool,
    /// In which language the duties are taken.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub text: Option<Language>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `agreement party`.
#[derive(Debug, Subcommand)]
pub enum PartyCommand {
    /// Add a party
    Add {
        /// The agreement.
        record: String,
        /// The party.
        party: String,
        /// It does not sign.
        #[arg(long)]
        without_signature: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// Remove a party
    Remove {
        /// The agreement.
        record: String,
        /// The party.
        party: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// Verbs of `agreement duty`.
#[derive(Debug, Subcommand)]
pub enum DutyCommand {
    /// Add a duty
    Add(Box<AddDutyArguments>),
    /// Change a duty
    Change(Box<ChangeDutyArguments>),
    /// Remove a duty
    Remove {
        /// The agreement.
        record: String,
        /// Key of the duty.
        duty: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// Arguments of `agreement duty add`.
#[derive(Debug, Args)]
pub struct AddDutyArguments {
    /// The agreement.
    pub record: String,
    /// Its key.
    pub duty: String,
    /// What it is about.
    #[arg(long, value_name = "TOPIC", value_parser = values::duty_topic, default_value = "other")]
    pub topic: DutyTopic,
    /// What is to be done.
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    /// What it covers.
    #[arg(long, value_name = "WHAT", value_parser = values::coverage)]
    pub covers: Vec<Coverage>,
    /// The party that does it.
    #[arg(long, value_name = "PARTY")]
    pub does: Option<String>,
    /// A party that supports.
    #[arg(long, value_name = "PARTY")]
    pub supports: Vec<String>,
    /// A party that is informed.
    #[arg(long, value_name = "PARTY")]
    pub informed: Vec<String>,
    /// A party that approves.
    #[arg(long, value_name = "PARTY")]
    pub approves: Vec<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `agreement duty change`.
#[derive(Debug, Args)]
pub struct ChangeDutyArguments {
    /// The agreement.
    pub record: String,
    /// Key of the duty.
    pub duty: String,
    /// What it is about.
    #[arg(long, value_name = "TOPIC", value_parser = values::duty_topic)]
    pub topic: Option<DutyTopic>,
    /// What is to be done.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// What it covers.
    #[arg(long, value_name = "WHAT", value_parser = values::coverage)]
    pub covers: Vec<Coverage>,
    /// It covers nothing in particular.
    #[arg(long, conflicts_with = "covers")]
    pub covers_nothing: bool,
    #[command(flatten)]
    pub acting: Acting,
}

/// About which duties a party said something, and how.
#[derive(Debug, Args)]
pub struct Said {
    /// The agreement.
    pub record: String,
    /// The party.
    pub party: String,
    /// Keys of the duties.
    #[arg(required_unless_present = "all")]
    pub duties: Vec<String>,
    /// Every duty.
    #[arg(long, conflicts_with = "duties")]
    pub all: bool,
    /// By what way.
    #[arg(long, value_name = "WAY", value_parser = values::way, default_value = "meeting")]
    pub way: Way,
    /// On which day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub on: Option<Date>,
    /// Minutes, mail.
    #[arg(long, value_name = "FILE")]
    pub document: Option<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `agreement discuss`.
#[derive(Debug, Args)]
pub struct DiscussArguments {
    #[command(flatten)]
    pub said: Said,
    /// What the party said.
    #[arg(long, value_name = "TEXT")]
    pub comment: String,
}

/// Arguments of `agreement agree`.
#[derive(Debug, Args)]
pub struct AgreeArguments {
    #[command(flatten)]
    pub said: Said,
    /// What the party said besides.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub comment: String,
}

/// Arguments of `agreement confirm`.
#[derive(Debug, Args)]
pub struct ConfirmArguments {
    /// The agreement.
    pub record: String,
    /// The party that confirms.
    pub confirming: String,
    /// The first 16 digits, or all, of the hash of the content that the party saw.
    #[arg(long, value_name = "HASH", required_unless_present = "partner_file")]
    pub content: Option<String>,
    #[command(flatten)]
    pub spoken: Spoken,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `agreement print` and `agreement export`.
#[derive(Debug, Args)]
pub struct OutArguments {
    /// The agreement.
    pub record: String,
    /// The file that is written; it must not exist.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
}

/// Forms of `agreement print`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrintFormat {
    /// One self-contained page.
    Html,
    /// To print and keep.
    Pdf,
    /// A workbook.
    Xlsx,
}
