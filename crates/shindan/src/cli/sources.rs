//! The verbs of `sources`, `notice` and `sync`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use shindan_domain::collect::{HandMeans, SourceKind};

use super::acting::{Acting, ListArguments, Reading, ShowArguments, Token};
use super::policy::PaperForm;
use super::values::{self, Limit};
use super::{DataFolder, TableOrJson};

/// Verbs of `sources`.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Sources that ship as proposals
    Proposals {
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Add a source, or proposed ones
    Add(Box<AddSourceArguments>),
    /// Change how it is looked at
    Change(Box<ChangeSourceArguments>),
    /// Stop looking at it for a time
    Pause {
        /// The source.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Look at it again
    Resume {
        /// The source.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Never look at it again
    End {
        /// The source.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List sources
    List(ListArguments),
    /// Show a source
    Show(ShowArguments),
    /// Which sources are looked at in time, and what is suspicious
    Status {
        /// End with 1 if there is a source of which this is true.
        #[arg(long, value_name = "TROUBLE", value_enum)]
        fail_on: Vec<SourceTrouble>,
        #[command(flatten)]
        reading: Reading,
    },
    /// A month of checks
    Calendar {
        /// Which month; the present one if not given.
        #[arg(long, value_name = "MONTH", value_parser = values::month)]
        month: Option<Date>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Record that a person looked at a source
    Check(CheckSourceArguments),
    /// Drop mails in
    Mail(MailArguments),
    /// Confirm that a person saw what a check brought
    Confirm {
        /// The check.
        record: String,
        /// In their own words.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// List checks
    Checks(ListArguments),
    /// Show a check
    Checked(ShowArguments),
}

/// What can be wrong with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SourceTrouble {
    /// Any of the others.
    Any,
    /// It was not looked at in time.
    Overdue,
    /// No look at it ever succeeded.
    Never,
    /// Its last check failed.
    Failed,
    /// It is suspicious.
    Alarm,
    /// A check is not confirmed.
    Unconfirmed,
}

/// From when on what a source says is suspicious.
#[derive(Debug, Args)]
pub struct AlarmArguments {
    /// So many percent fewer rows or bytes.
    #[arg(long, value_name = "PERCENT", value_parser = values::limit)]
    pub drop_percent: Option<Limit>,
    /// Newest date so many days old.
    #[arg(long, value_name = "DAYS", value_parser = values::limit)]
    pub standstill_days: Option<Limit>,
    /// Same content for so many days.
    #[arg(long, value_name = "DAYS", value_parser = values::limit)]
    pub unchanged_days: Option<Limit>,
    /// Clocks differ by so many minutes.
    #[arg(long, value_name = "MINUTES", value_parser = values::limit)]
    pub skew_minutes: Option<Limit>,
}

/// Arguments of `sources add`.
#[derive(Debug, Args)]
pub struct AddSourceArguments {
    /// Take proposals; these, or all that belong together if none is named.
    #[arg(long, value_name = "NAME", num_args = 0.., conflicts_with_all = [
        "name", "title", "kind", "addresses", "interval", "licence", "may_leave_out", "reminder_days", "confirm_days",
        "drop_percent", "standstill_days", "unchanged_days", "skew_minutes",
    ])]
    pub proposed: Option<Vec<String>>,
    /// Short name.
    #[arg(long, value_name = "NAME", required_unless_present = "proposed")]
    pub name: Option<String>,
    /// What people call it.
    #[arg(long, value_name = "TEXT", required_unless_present = "proposed")]
    pub title: Option<String>,
    /// What it is.
    #[arg(long, value_name = "KIND", value_parser = values::source_kind, required_unless_present = "proposed")]
    pub kind: Option<SourceKind>,
    /// Where it is fetched.
    #[arg(long = "address", value_name = "URL")]
    pub addresses: Vec<String>,
    /// After how many hours it is looked at again.
    #[arg(long, value_name = "HOURS")]
    pub interval: Option<u32>,
    /// Who answers for it.
    #[arg(long, value_name = "PERSON")]
    pub responsible: Option<String>,
    /// So many days after the interval it is overdue; 1 if not given.
    #[arg(long, value_name = "DAYS")]
    pub reminder_days: Option<u16>,
    /// Within how many days checks are confirmed; 31 if not given.
    #[arg(long, value_name = "DAYS")]
    pub confirm_days: Option<u16>,
    #[command(flatten)]
    pub alarms: AlarmArguments,
    /// Under which terms its content may be passed on.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Its terms are unclear.
    #[arg(long)]
    pub may_leave_out: bool,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `sources change`.
#[derive(Debug, Args)]
pub struct ChangeSourceArguments {
    /// The source.
    pub record: String,
    /// What people call it.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Where it is fetched, all of them.
    #[arg(long = "address", value_name = "URL")]
    pub addresses: Vec<String>,
    /// After how many hours it is looked at again.
    #[arg(long, value_name = "HOURS")]
    pub interval: Option<u32>,
    /// Only when a person looks.
    #[arg(long, conflicts_with = "interval")]
    pub no_interval: bool,
    /// Who answers for it.
    #[arg(long, value_name = "PERSON")]
    pub responsible: Option<String>,
    /// Nobody answers for it any more.
    #[arg(long, conflicts_with = "responsible")]
    pub no_responsible: bool,
    /// So many days after the interval it is overdue.
    #[arg(long, value_name = "DAYS")]
    pub reminder_days: Option<u16>,
    /// Within how many days checks are confirmed.
    #[arg(long, value_name = "DAYS")]
    pub confirm_days: Option<u16>,
    #[command(flatten)]
    pub alarms: AlarmArguments,
    /// Under which terms its content may be passed on.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Whether its terms are unclear.
    #[arg(long, value_name = "BOOL")]
    pub may_leave_out: Option<bool>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `sources check`.
#[derive(Debug, Args)]
pub struct CheckSourceArguments {
    /// The source.
    pub record: String,
    /// How.
    #[arg(long, value_name = "MEANS", value_parser = values::hand_means)]
    pub means: HandMeans,
    /// What was seen or heard.
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    /// How many items are new; 0: nothing is.
    #[arg(long = "new", value_name = "N", default_value_t = 0)]
    pub new_items: u64,
    /// An alert that was told.
    #[arg(long = "notice", value_name = "TITLE")]
    pub notices: Vec<String>,
    /// It could not be reached.
    #[arg(long, conflicts_with_all = ["notices", "new_items"])]
    pub not_reached: bool,
    /// What shows it.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    /// Why outside the plan.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `sources mail`.
#[derive(Debug, Args)]
pub struct MailArguments {
    /// The source.
    pub record: String,
    /// The mails.
    #[arg(required = true, value_name = "FILE")]
    pub mails: Vec<PathBuf>,
    /// Why outside the plan.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `report collection`.
#[derive(Debug, Args)]
pub struct CollectionArguments {
    /// Which month; the present one if not given.
    #[arg(long, value_name = "MONTH", value_parser = values::month)]
    pub month: Option<Date>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = CollectionFormat::Table)]
    pub format: CollectionFormat,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub token: Token,
}

/// Forms of `report collection`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CollectionFormat {
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

impl CollectionFormat {
    /// The form of a paper, if it is one that is no text.
    pub fn of_paper(self) -> Option<PaperForm> {
        match self {
            CollectionFormat::Pdf => Some(PaperForm::Pdf),
            CollectionFormat::Xlsx => Some(PaperForm::Xlsx),
            CollectionFormat::Table
            | CollectionFormat::Json
            | CollectionFormat::Html
            | CollectionFormat::Csv => None,
        }
    }
}

/// Verbs of `notice`.
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// List notices
    List(ListArguments),
    /// Show a notice
    Show(ShowArguments),
    /// Judge whether it concerns us
    Judge(JudgeNoticeArguments),
}

/// Arguments of `notice judge`.
#[derive(Debug, Args)]
pub struct JudgeNoticeArguments {
    /// The notice.
    pub record: String,
    /// It concerns us.
    #[arg(long, required_unless_present = "not_us", conflicts_with = "not_us")]
    pub us: bool,
    /// It does not.
    #[arg(long)]
    pub not_us: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub because: String,
    /// In which cases it is dealt with.
    #[arg(long = "case", value_name = "CASE")]
    pub cases: Vec<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub struct SyncArguments {
    /// The sources.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub sources: Vec<String>,
    /// All that are looked at and fetched.
    #[arg(long)]
    pub all: bool,
    /// Why outside the plan.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The proxy that leads out.
    #[arg(long, value_name = "URL", env = "SHINDAN_PROXY", hide_env_values = true)]
    pub proxy: Option<String>,
    /// Certificates that are trusted besides those of the system (PEM).
    #[arg(long = "ca", value_name = "FILE")]
    pub ca_files: Vec<PathBuf>,
    /// A file with the API key of NVD.
    #[arg(long, value_name = "FILE", env = "SHINDAN_NVD_KEY_FILE")]
    pub nvd_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}
