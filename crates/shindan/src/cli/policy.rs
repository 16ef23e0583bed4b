//! The verbs `policy`, `control` and `report`, as a contract.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use super::acting::{Acting, ListArguments, Reading, ShowArguments, Token};
use super::cases::Spoken;
use super::reports::PaperCommand;
use super::sources::CollectionArguments;
use super::{DataFolder, TableOrJson};

/// Verbs of `policy`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Propose a policy, or a further version of one
    Propose {
        /// The proposal (TOML).
        file: PathBuf,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve the proposed version
    Approve {
        /// The policy.
        record: String,
        /// The version that you have read; the proposed one if not given.
        #[arg(long, value_name = "N")]
        version_number: Option<u32>,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Do not approve the proposed version
    Reject {
        /// The policy.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// End the version in force
    Withdraw {
        /// The policy.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// List policies
    List(ListArguments),
    /// Show a policy
    Show(ShowArguments),
}

/// Verbs of `control`.
#[derive(Debug, Subcommand)]
pub enum ControlCommand {
    /// That a control does not apply
    #[command(subcommand)]
    Exclude(ExcludeCommand),
}

/// Verbs of `control exclude`.
#[derive(Debug, Subcommand)]
pub enum ExcludeCommand {
    /// Propose that a control does not apply
    Propose {
        /// Its identifier: 2-3, kikaku-9.
        control: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Last day on which it counts.
        #[arg(long, value_name = "DATE")]
        until: Date,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve an exclusion
    Approve {
        /// The exclusion.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Do not approve an exclusion
    Reject {
        /// The exclusion.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take an exclusion back
    Withdraw {
        /// The exclusion.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List exclusions
    List(ListArguments),
    /// Show an exclusion
    Show(ShowArguments),
}

/// Verbs of `report`.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// What the records of a day show about each control
    Control {
        /// The day; today if not given.
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
        format: ReportFormat,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        token: Token,
    },
    // ---- assessments
    /// What was assessed, in which environment, and what came of it
    Assessments {
        /// Of which system; all plans if none is named.
        #[arg(long, value_name = "SYSTEM")]
        system: Option<String>,
        /// The form to hand out: without hosts, places and names of persons.
        #[arg(long)]
        short: bool,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
        format: ReportFormat,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        token: Token,
    },
    // ---- collection
    /// What was looked at in a month
    Collection(CollectionArguments),
    // ---- collecting
    /// What changed since a day: notices, checks, alarms, cases
    Changes {
        /// From the beginning of this day in Japan.
        #[arg(long, value_name = "DATE")]
        since: Date,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Those that are papers.
    #[command(flatten)]
    Paper(PaperCommand),
    // ---- devices
    /// Devices that are no longer used and not yet disconnected
    Devices {
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
        format: ReportFormat,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        token: Token,
    },
}

/// A form of a paper that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperForm {
    /// To print and keep.
    Pdf,
    /// To work with.
    Xlsx,
}

/// Forms of `report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
    /// One self-contained page.
    Html,
    /// To print and keep.
    Pdf,
    /// A workbook.
    Xlsx,
}

impl ReportFormat {
    /// The form of a paper, if it is one that is no text.
    pub fn of_paper(self) -> Option<PaperForm> {
        match self {
            ReportFormat::Pdf => Some(PaperForm::Pdf),
            ReportFormat::Xlsx => Some(PaperForm::Xlsx),
            ReportFormat::Table | ReportFormat::Json | ReportFormat::Html => None,
        }
    }

    /// The form in which a refusal is told.
    pub fn of_refusals(self) -> TableOrJson {
        match self {
            ReportFormat::Json => TableOrJson::Json,
            ReportFormat::Table | ReportFormat::Html | ReportFormat::Pdf | ReportFormat::Xlsx => {
                TableOrJson::Table
            }
        }
    }
}

/// Who reads a report, and from where.
pub fn reading(data: DataFolder, token: Token, format: ReportFormat) -> Reading {
    Reading { data, token, format: format.of_refusals() }
}
