//! The verbs of `assess`, as a contract: plans, deliverables, targets. Runs and findings stand in `assess_runs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_domain::assessment::{ApplicationKind, MergeRule, Target};
use shindan_domain::inventory::Exposure;
use shindan_domain::sighting::IpRange;

use super::TableOrJson;
use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::assess_runs::{FindingCommand, RunCommand};
use super::values;

/// Verbs of `assess`.
#[derive(Debug, Subcommand)]
pub enum AssessCommand {
    /// Plans: what is assessed, how often, by which checks
    #[command(subcommand)]
    Plan(PlanCommand),
    /// What was delivered, and whether its source can be had
    #[command(subcommand)]
    Deliverable(DeliverableCommand),
    /// Targets that may be scanned, for each environment
    #[command(subcommand)]
    Target(TargetCommand),
    /// Clinical networks: nothing on them is ever scanned
    #[command(subcommand)]
    Clinical(ClinicalCommand),
    /// Runs of an assessment
    #[command(subcommand)]
    Run(RunCommand),
    /// Findings and decisions about them
    #[command(subcommand)]
    Finding(FindingCommand),
    /// Scanners that can be started, and those that are installed here
    Scanners {
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
}

/// Verbs of `assess plan`.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Lay a plan down
    New(Box<NewPlanArguments>),
    /// Change a plan
    Change(Box<ChangePlanArguments>),
    /// Record a release, which asks for an assessment
    Release {
        /// The plan.
        record: String,
        /// Which release.
        #[arg(long, value_name = "TEXT")]
        version: String,
        /// Until when it is to be assessed.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        due: Date,
        #[command(flatten)]
        acting: Acting,
    },
    /// End a plan
    End {
        /// The plan.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Checks that are specific to a kind of application
    Checks {
        /// The kind; all kinds if none is named.
        #[arg(value_parser = values::application_kind)]
        kind: Option<ApplicationKind>,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Plans by the day on which they are due
    Due(Reading),
    /// List plans
    List(ListArguments),
    /// Show a plan
    Show(ShowArguments),
}

/// Of what a plan is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct PlanSubject {
    /// Of a system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
    /// Of a release, at its provider.
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Of a release at a site.
    #[arg(long, value_name = "DEPLOYMENT")]
    pub deployment: Option<String>,
}

/// Arguments of `assess plan new`.
#[derive(Debug, Args)]
pub struct NewPlanArguments {
    /// What is assessed.
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    #[command(flatten)]
    pub subject: PlanSubject,
    /// What it is.
    #[arg(long, value_name = "KIND", value_parser = values::application_kind)]
    pub kind: ApplicationKind,
    /// A check; all of the kind if none is named.
    #[arg(long = "check", value_name = "KEY")]
    pub checks: Vec<String>,
    /// At least every so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub interval: u16,
    /// So many days before it is due, it is called due.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub notice: u16,
    /// Each release asks for one.
    #[arg(long)]
    pub on_release: bool,
    /// When it is due for the first time.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub first_due: Date,
    /// Who sees to it.
    #[arg(long, value_name = "PERSON")]
    pub responsible: Option<String>,
    /// From where it can be reached.
    #[arg(long, value_name = "EXPOSURE", value_parser = values::exposure)]
    pub exposure: Exposure,
    /// Care of patients depends on it.
    #[arg(long)]
    pub affects_patients: bool,
    /// A rule by which findings of several tools are one.
    #[arg(long = "merge", value_name = "RULE", value_parser = values::merge_rule)]
    pub merge: Vec<MergeRule>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `assess plan change`.
#[derive(Debug, Args)]
pub struct ChangePlanArguments {
    /// The plan.
    pub record: String,
    /// What is assessed.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// A check.
    #[arg(long = "check", value_name = "KEY")]
    pub checks: Vec<String>,
    /// At least every so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub interval: Option<u16>,
    /// So many days before it is due, it is called due.
    #[arg(long, value_name = "DAYS")]
    pub notice: Option<u16>,
    /// Whether each release asks for one.
    #[arg(long, value_name = "true|false")]
    pub on_release: Option<bool>,
    /// When it is due for the first time.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub first_due: Option<Date>,
    /// Who sees to it.
    #[arg(long, value_name = "PERSON")]
    pub responsible: Option<String>,
    /// From where it can be reached.
    #[arg(long, value_name = "EXPOSURE", value_parser = values::exposure)]
    pub exposure: Option<Exposure>,
    /// Whether care of patients depends on it.
    #[arg(long, value_name = "true|false")]
    pub affects_patients: Option<bool>,
    /// A rule by which findings of several tools are one.
    #[arg(long = "merge", value_name = "RULE", value_parser = values::merge_rule)]
    pub merge: Vec<MergeRule>,
    /// Findings of several tools are taken as one by no rule.
    #[arg(long, conflicts_with = "merge")]
    pub no_merge: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `assess deliverable`.
#[derive(Debug, Subcommand)]
pub enum DeliverableCommand {
    /// State whether the source can be had
    State(Box<StateDeliverableArguments>),
    /// Say that something is no longer delivered
    Drop {
        /// The plan.
        record: String,
        /// What.
        name: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// Arguments of `assess deliverable state`.
#[derive(Debug, Args)]
pub struct StateDeliverableArguments {
    /// The plan.
    pub record: String,
    /// What was delivered.
    pub name: String,
    /// The source can be had: where it is.
    #[arg(
        long,
        value_name = "PLACE",
        required_unless_present = "not_obtainable",
        conflicts_with = "not_obtainable"
    )]
    pub source: Option<String>,
    /// The source cannot be had: why.
    #[arg(long, value_name = "TEXT", requires = "asked", requires = "answer")]
    pub not_obtainable: Option<String>,
    /// The request for it.
    #[arg(long, value_name = "FILE")]
    pub asked: Option<PathBuf>,
    /// The refusal, or the clause that rules it out.
    #[arg(long, value_name = "FILE")]
    pub answer: Option<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `assess target`.
#[derive(Debug, Subcommand)]
pub enum TargetCommand {
    /// Permit a target
    Permit {
        /// The environment.
        environment: String,
        /// The target.
        #[arg(value_parser = values::target)]
        target: Target,
        /// What it is, and why it may be scanned.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Remove a target
    Remove {
        /// The environment.
        environment: String,
        /// The target.
        #[arg(value_parser = values::target)]
        target: Target,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Show the targets of an environment
    Show {
        /// The environment.
        environment: String,
        #[command(flatten)]
        reading: Reading,
    },
}

/// Verbs of `assess clinical`.
#[derive(Debug, Subcommand)]
pub enum ClinicalCommand {
    /// Mark a network: nothing on it is ever scanned
    Mark {
        /// Its addresses.
        #[arg(value_parser = values::range)]
        range: IpRange,
        /// What it is called.
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// What depends on it.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take the mark away
    Unmark {
        /// The network.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List clinical networks
    List(ListArguments),
}
