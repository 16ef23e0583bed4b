//! The verbs of `assess run` and `assess finding`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_app::records::sightings::TakenWhen;
use shindan_domain::assessment::{Level, Presence, Target, Way};

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::Spoken;
use super::values;

/// Verbs of `assess run`.
#[derive(Debug, Subcommand)]
pub enum RunCommand {
    /// Plan a run
    Plan(Box<PlanRunArguments>),
    /// Ask for an exception: production is to be scanned
    Exception(Box<ExceptionArguments>),
    /// Approve the exception
    ApproveException {
        /// The run.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Start a run
    Start {
        /// The run.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Read reports of scanners
    Import(Box<ImportReportsArguments>),
    /// Start a scanner, or the outside check of this program, and read its report
    Scan(Box<ScanArguments>),
    /// Say how a flagged report came about
    Explain {
        /// The run.
        record: String,
        /// The report, by the name of its file or the beginning of its hash.
        #[arg(long, value_name = "FILE", required_unless_present = "target", conflicts_with = "target")]
        report: Option<String>,
        /// A target that could not be reached.
        #[arg(long, value_name = "TARGET", value_parser = values::target)]
        target: Option<Target>,
        /// How it came about, and what was done.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close a run
    Close {
        /// The run.
        record: String,
        /// In your words.
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Cancel a run
    Cancel {
        /// The run.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List runs
    List(ListArguments),
    /// Show a run
    Show(ShowArguments),
}

/// Arguments of `assess run plan`.
#[derive(Debug, Args)]
pub struct PlanRunArguments {
    /// The plan.
    pub plan: String,
    /// By which way.
    #[arg(long, value_name = "WAY", value_parser = values::assessment_way)]
    pub way: Way,
    /// In which environment; not for source code.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub environment: Option<String>,
    /// A deliverable that it covers; all that are due by this way if none is named.
    #[arg(long = "deliverable", value_name = "NAME")]
    pub deliverables: Vec<String>,
    /// What is scanned.
    #[arg(long = "target", value_name = "TARGET", value_parser = values::target)]
    pub targets: Vec<Target>,
    /// Which version is assessed.
    #[arg(long, value_name = "TEXT")]
    pub version: String,
    /// For which day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub on: Date,
    /// Who carries it out.
    #[arg(long, value_name = "PERSON")]
    pub tester: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess run exception`.
#[derive(Debug, Args)]
pub struct ExceptionArguments {
    /// The run.
    pub record: String,
    /// Why production, and how care is protected meanwhile.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Which institution was told.
    #[arg(long, value_name = "PARTY")]
    pub institution: String,
    /// The notice to it.
    #[arg(long, value_name = "FILE")]
    pub notice: PathBuf,
    /// First day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub from: Date,
    /// Last day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub until: Date,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess run scan`.
#[derive(Debug, Args)]
pub struct ScanArguments {
    /// The run.
    pub record: String,
    /// Which scanner.
    #[arg(long, value_name = "SCANNER")]
    pub tool: String,
    /// One target of the run.
    #[arg(long, value_name = "TARGET", value_parser = values::target, required_unless_present = "folder", conflicts_with = "folder")]
    pub target: Option<Target>,
    /// A folder with source code.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// A port, if not those that the scanner takes by itself.
    #[arg(long = "port", value_name = "PORT")]
    pub ports: Vec<u16>,
    /// A folder or file of rules, for scanners that need one.
    #[arg(long, value_name = "PATH")]
    pub rules: Option<PathBuf>,
    /// How long it may take, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=1440))]
    pub minutes: u64,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess run import`.
#[derive(Debug, Args)]
pub struct ImportReportsArguments {
    /// The run.
    pub record: String,
    /// The reports.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What a column of a table holds.
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = values::column)]
    pub columns: Vec<(String, String)>,
    /// Which tool wrote the table.
    #[arg(long, value_name = "NAME", default_value = "own-list")]
    pub tool: String,
    /// When it was made, for reports that do not tell.
    #[arg(long, value_name = "WHEN", value_parser = values::taken)]
    pub taken: Option<TakenWhen>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `assess finding`.
#[derive(Debug, Subcommand)]
pub enum FindingCommand {
    /// List the findings of a plan
    List(Box<ListFindingsArguments>),
    /// Propose that findings are false positives
    FalsePositive(Box<VerdictArguments>),
    /// Propose that the risk of findings is accepted until a day
    Accept(Box<VerdictArguments>),
    /// Approve what is proposed
    Approve {
        /// The decision.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Send it back
    Reject {
        /// The decision.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take it back
    Withdraw {
        /// The decision.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Open cases for findings
    Case(Box<CaseOfFindingsArguments>),
    /// Take two findings as one
    Join(Box<JoinArguments>),
    /// Take two findings as two
    Separate(Box<JoinArguments>),
    /// List decisions
    Decisions(ListArguments),
    /// Show a decision
    Show(ShowArguments),
}

/// Arguments of `assess finding list`.
#[derive(Debug, Args)]
pub struct ListFindingsArguments {
    /// The plan.
    pub plan: String,
    /// Those that are gone or decided, too.
    #[arg(long)]
    pub all: bool,
    /// Only this level.
    #[arg(long = "level", value_name = "LEVEL", value_parser = values::finding_level)]
    pub levels: Vec<Level>,
    /// Only these: new, still there, re-appeared, gone.
    #[arg(long = "presence", value_name = "STATE", value_parser = values::presence)]
    pub presence: Vec<Presence>,
    /// Only those of this tool.
    #[arg(long, value_name = "TOOL")]
    pub tool: Option<String>,
    /// Only those whose title, rule or place contains this text.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    #[command(flatten)]
    pub reading: Reading,
}

/// Which findings.
#[derive(Debug, Args)]
pub struct TheseFindings {
    /// The plan.
    pub plan: String,
    /// Beginnings of their identities (at least 4 letters).
    #[arg(required = true)]
    pub findings: Vec<String>,
}

/// Arguments of `assess finding false-positive` and `accept`.
#[derive(Debug, Args)]
pub struct VerdictArguments {
    #[command(flatten)]
    pub these: TheseFindings,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Last day on which that counts.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub until: Date,
    /// What shows it.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess finding case`.
#[derive(Debug, Args)]
pub struct CaseOfFindingsArguments {
    /// The plan.
    pub plan: String,
    /// Beginnings of their identities; every open one if none is named.
    pub findings: Vec<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess finding join` and `separate`.
#[derive(Debug, Args)]
pub struct JoinArguments {
    /// The plan.
    pub plan: String,
    /// The one that stays.
    pub primary: String,
    /// The other.
    pub other: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}
