//! The verbs of `report` that make papers, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::acting::Token;
use super::policy::PaperForm;
use super::{DataFolder, TableOrJson};

/// Verbs of `report` that make papers.
#[derive(Debug, Subcommand)]
pub enum PaperCommand {
    /// What was decided about vulnerabilities in a period
    Decisions(PeriodArguments),
    /// Everything whose day has passed
    Overdue(DayArguments),
    /// Risks that are accepted until a day
    Accepted(PeriodArguments),
    /// How patches were verified
    Patches(PeriodArguments),
    /// The plan of a change
    WorkPlan(WorkArguments),
    /// What was done in a change
    WorkReport(WorkArguments),
    /// The state of every device
    DeviceStatus(DayArguments),
    /// Reviews of operational items
    Reviews(PeriodArguments),
    /// The status of controls as OSCAL assessment results
    Oscal(OscalArguments),
}

/// A report about a period.
#[derive(Debug, Args)]
pub struct PeriodArguments {
    /// First day of the period; the first of the month of its last day if not given.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Last day of the period; the day of the report if not given.
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    #[command(flatten)]
    pub day: DayArguments,
}

/// A report about a day.
#[derive(Debug, Args)]
pub struct DayArguments {
    /// The day at whose end the records are looked at; today if not given.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = PaperFormat::Table)]
    pub format: PaperFormat,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub token: Token,
}

/// A report about a change.
#[derive(Debug, Args)]
pub struct WorkArguments {
    /// The change.
    pub change: String,
    #[command(flatten)]
    pub day: DayArguments,
}

/// Arguments of `report oscal`.
#[derive(Debug, Args)]
pub struct OscalArguments {
    /// The day at whose end the records are looked at; today if not given.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub token: Token,
}

/// Forms of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaperFormat {
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
    /// For spreadsheets.
    Csv,
}

impl PaperFormat {
    /// The form that is no text, if it is one.
    pub fn of_paper(self) -> Option<PaperForm> {
        match self {
            PaperFormat::Pdf => Some(PaperForm::Pdf),
            PaperFormat::Xlsx => Some(PaperForm::Xlsx),
            PaperFormat::Table | PaperFormat::Json | PaperFormat::Html | PaperFormat::Csv => None,
        }
    }

    /// The form in which a refusal is told.
    pub fn of_refusals(self) -> TableOrJson {
        if self == PaperFormat::Json { TableOrJson::Json } else { TableOrJson::Table }
    }
}
