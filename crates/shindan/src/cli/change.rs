//! The verbs of `change`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::change::{ChangeKind, TestResult};

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::Spoken;
use super::{time, values};

/// Verbs of `change`.
#[derive(Debug, Subcommand)]
pub enum ChangeCommand {
    /// Plan a change
    Plan(Box<PlanArguments>),
    /// Choose the patch
    ChoosePatch {
        /// The change.
        record: String,
        /// The patch.
        patch: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Assess the impact
    Impact {
        /// The change.
        record: String,
        /// What may be affected.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// How long the system stops.
        #[arg(long, value_name = "MINUTES")]
        stop_minutes: u32,
        /// What was looked at.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Plan the tests
    Tests {
        /// The change.
        record: String,
        /// A mandatory test.
        #[arg(long = "test", value_name = "NAME=EXPECTED", value_parser = values::test, required = true)]
        mandatory: Vec<(String, String)>,
        /// A test that is not mandatory.
        #[arg(long = "optional-test", value_name = "NAME=EXPECTED", value_parser = values::test)]
        optional: Vec<(String, String)>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record a test
    Test(Box<TestArguments>),
    /// Confirm the results of the tests
    ConfirmTests {
        /// The change.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record the institution's consent
    Consent {
        /// The change.
        record: String,
        /// From when it may be applied.
        #[arg(long, value_name = "TIME", value_parser = time)]
        from: Timestamp,
        /// Until when.
        #[arg(long = "until", value_name = "TIME", value_parser = time)]
        end: Timestamp,
        /// How long the system may stop.
        #[arg(long, value_name = "MINUTES")]
        stop_minutes: u32,
        /// How it is taken back if it goes wrong.
        #[arg(long, value_name = "TEXT")]
        roll_back: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Withdraw the consent
    WithdrawConsent {
        /// The change.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Declare an emergency
    Emergency {
        /// The change.
        record: String,
        /// Why there is no time.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who was told at the institution.
        #[arg(long, value_name = "TEXT")]
        told: String,
        /// How they were told.
        #[arg(long, value_name = "TEXT")]
        how: String,
        /// When they were told.
        #[arg(long, value_name = "TIME", value_parser = time)]
        told_at: Timestamp,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve the emergency
    ApproveEmergency {
        /// The change.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Whether it may be applied now
    Gate {
        /// The change.
        record: String,
        /// The file of the patch as it lies before you.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Record that it is applied
    Apply {
        /// The change.
        record: String,
        /// Only these assets.
        #[arg(long = "asset", value_name = "ASSET")]
        assets: Vec<String>,
        /// The file of the patch as it lies before you.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record that it did not work
    Fail {
        /// The change.
        record: String,
        /// Where.
        #[arg(long, value_name = "ASSET")]
        asset: String,
        /// What went wrong.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Leave assets out
    LeaveOut {
        /// The change.
        record: String,
        /// Which.
        #[arg(long = "asset", value_name = "ASSET", required = true)]
        assets: Vec<String>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        alternative: AlternativeArguments,
        #[command(flatten)]
        acting: Acting,
    },
    /// Confirm that it works where it was applied
    ConfirmAfter(Box<ConfirmArguments>),
    /// Take it back
    RollBack {
        /// The change.
        record: String,
        /// Only these assets.
        #[arg(long = "asset", value_name = "ASSET")]
        assets: Vec<String>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close it
    Close {
        /// The change.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// It cannot be applied; an alternative is agreed
    CannotApply {
        /// The change.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        alternative: AlternativeArguments,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Give it up
    Cancel {
        /// The change.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List changes
    List(ListArguments),
    /// Show a change
    Show(ShowArguments),
}

/// Arguments of `change plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// The case that it carries out.
    pub case: String,
    /// What kind of measure.
    #[arg(long, value_name = "KIND", value_parser = values::change_kind)]
    pub kind: ChangeKind,
    /// What it is called in lists.
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// What is done, step by step.
    #[arg(long, value_name = "TEXT")]
    pub description: String,
    /// On which system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: String,
    /// Only these places of the case.
    #[arg(long = "asset", value_name = "ASSET")]
    pub assets: Vec<String>,
    /// The patch.
    #[arg(long, value_name = "PATCH")]
    pub patch: Option<String>,
    /// The medical institution whose consent is needed.
    #[arg(long, value_name = "PARTY")]
    pub institution: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `change test`.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// The change.
    pub record: String,
    /// Name of the planned test.
    #[arg(long, value_name = "NAME")]
    pub test: String,
    /// What it came to.
    #[arg(long, value_name = "RESULT", value_parser = values::test_result)]
    pub result: TestResult,
    /// The test environment in which it was run.
    #[arg(long, value_name = "ENVIRONMENT", required_unless_present = "elsewhere")]
    pub environment: Option<String>,
    /// Where else it was run, in words.
    #[arg(long, value_name = "TEXT", conflicts_with = "environment")]
    pub elsewhere: Option<String>,
    /// Protocols, pictures.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    /// What was seen.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// The file of the patch as it was installed.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// What is done instead.
#[derive(Debug, Args)]
pub struct AlternativeArguments {
    /// What is done instead.
    #[arg(long, value_name = "TEXT", requires = "alternative_until")]
    pub alternative: Option<String>,
    /// Until when.
    #[arg(long, value_name = "DATE", value_parser = values::day, requires = "alternative")]
    pub alternative_until: Option<Date>,
    /// In which paper or file it was agreed.
    #[arg(long, value_name = "FILE", requires = "alternative")]
    pub agreed_in: Option<PathBuf>,
}

/// Arguments of `change confirm-after`.
#[derive(Debug, Args)]
pub struct ConfirmArguments {
    /// The change.
    pub record: String,
    /// Only these assets.
    #[arg(long = "asset", value_name = "ASSET")]
    pub assets: Vec<String>,
    /// New inventories, matched again by the program.
    #[arg(long, value_name = "INVENTORY", num_args = 1..)]
    pub rematch: Vec<PathBuf>,
    /// Match the register again, too.
    #[arg(long)]
    pub register: bool,
    /// What shows that the installed build contains the fix.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rematch", "register", "effect", "retired"], requires = "note")]
    pub fixed_build: Option<PathBuf>,
    /// What shows the effect of a measure that is no patch.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rematch", "register", "retired"], requires_all = ["note", "review"])]
    pub effect: Option<PathBuf>,
    /// When the measure is looked at again.
    #[arg(long, value_name = "DATE", value_parser = values::day, requires = "effect")]
    pub review: Option<Date>,
    /// What shows that the old asset is retired.
    #[arg(long, value_name = "FILE", requires = "successor")]
    pub retired: Option<PathBuf>,
    /// The asset that took its place.
    #[arg(long, value_name = "ASSET", requires = "retired")]
    pub successor: Option<String>,
    /// What was looked at, in words.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    pub spoken: Spoken,
    #[command(flatten)]
    pub acting: Acting,
}
