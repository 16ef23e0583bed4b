//! The verb `case`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::advisory::Justification;
use shindan_domain::case::analysis::Effect;
use shindan_domain::case::found::Progress;
use shindan_domain::case::{Applicability, Treatment};
use shindan_domain::priority::Decision;

use super::acting::{Acting, ListArguments, ShowArguments};
use crate::help::WrongValue;

/// Whose word it is: nobody's but that of who acts, unless a paper or a partner's file is named.
#[derive(Debug, Args)]
pub struct Spoken {
    /// Scan of a paper that somebody signed.
    #[arg(long, value_name = "FILE", requires = "signer", conflicts_with = "partner_file")]
    pub paper: Option<PathBuf>,
    /// Who signed the paper or the file.
    #[arg(long, value_name = "NAME")]
    pub signer: Option<String>,
    /// The signer as a person known here.
    #[arg(long = "person", value_name = "PERSON", requires = "paper")]
    pub signed_by: Option<String>,
    /// The other party's signed file: a sealed file that was imported, or a file with its signature.
    #[arg(long, value_name = "FILE")]
    pub partner_file: Option<PathBuf>,
    /// Its signature.
    #[arg(long, value_name = "FILE", requires_all = ["partner_file", "partner_key", "party", "signer"])]
    pub signature: Option<PathBuf>,
    /// The party's key; it counts if its fingerprint is pinned.
    #[arg(long, value_name = "FILE", requires = "signature")]
    pub partner_key: Option<PathBuf>,
    /// The party that signed it.
    #[arg(long, value_name = "PARTY", requires = "partner_file")]
    pub party: Option<String>,
}

/// Verbs of `case`.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Compare with vulnerability information and open, change and re-open cases
    Refresh(RefreshArguments),
    /// List cases, the most urgent first
    List {
        /// Only cases of this vulnerability, in any of its identifiers.
        #[arg(long, value_name = "ID")]
        vulnerability: Option<String>,
        #[command(flatten)]
        list: ListArguments,
    },
    /// Show a case
    Show(ShowArguments),
    /// Judge whether it applies
    Judge {
        /// The case.
        record: String,
        /// Whether it applies.
        #[arg(value_parser = applicability)]
        applicability: Applicability,
        /// Why it is not affected (VEX).
        #[arg(long, value_name = "JUSTIFICATION", value_parser = justification)]
        justification: Option<Justification>,
        /// In your words.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// What it rests on; repeatable.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Analyse the risk
    Analyse {
        /// The case.
        record: String,
        /// Effect on the safety of patients.
        #[arg(long, value_name = "EFFECT", value_parser = effect)]
        patient_safety: Effect,
        /// Effect on the availability of the service.
        #[arg(long, value_name = "EFFECT", value_parser = effect)]
        availability: Effect,
        /// In your words.
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
        /// Another priority than that of the table.
        #[arg(long, value_name = "PRIORITY", value_parser = priority, requires = "departs")]
        priority: Option<Decision>,
        /// Why it departs from the table.
        #[arg(long, value_name = "TEXT", requires = "priority")]
        departs: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Decide the measure, for one case or many with one reason
    Decide {
        /// The cases.
        #[arg(required = true)]
        records: Vec<String>,
        /// The measure.
        #[arg(long, value_name = "TREATMENT", value_parser = treatment)]
        treatment: Treatment,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Last day of an acceptance.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve what was decided or judged
    Approve {
        /// The case.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Do not approve, or take one's own decision back
    Reject {
        /// The case.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record how far the treatment has come
    Progress {
        /// The case.
        record: String,
        /// How far.
        #[arg(value_parser = progress)]
        progress: Progress,
        /// Only these places; all if none is named.
        #[arg(long = "place", value_name = "PLACE")]
        places: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Open cases again of which something has ended; for a daily schedule
    Expire {
        #[command(flatten)]
        acting: Acting,
    },
    /// Record evidence that a measure that is no patch has its effect
    Effect {
        /// The case.
        record: String,
        /// What shows it.
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
        /// What was done and looked at.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// Only these places; all if none is named.
        #[arg(long = "place", value_name = "PLACE")]
        places: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record that a place contains the fix already
    Fixed {
        /// The case.
        record: String,
        /// The place.
        #[arg(long, value_name = "PLACE")]
        place: String,
        /// About its build; the newest comparison if none is given.
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record that an asset was replaced
    Replace {
        /// The case.
        record: String,
        /// The place.
        #[arg(long, value_name = "PLACE")]
        place: String,
        /// Evidence that it was retired.
        #[arg(long, value_name = "FILE")]
        retired: PathBuf,
        /// The asset that took its place.
        #[arg(long, value_name = "ASSET")]
        successor: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Confirm as a second person that the treatment is complete
    Confirm {
        /// The case.
        record: String,
        /// When the measure is looked at again.
        #[arg(long, value_name = "DATE")]
        review: Option<Date>,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close a case whose proof is complete
    Close {
        /// The case.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Open a case again
    Reopen {
        /// The case.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take over the provider's decision
    Inherit {
        /// The case.
        record: String,
        /// The provider's case.
        #[arg(long, value_name = "CASE")]
        from: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Decide otherwise than the provider
    Override {
        /// The case.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Set the due dates of the policy in force
    Due {
        /// The case.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// Whose lists are kept.
#[derive(Debug, Args)]
pub struct SubjectArguments {
    /// The system.
    #[arg(long, value_name = "SYSTEM", group = "subject", required_unless_present_any = ["release", "deployment"])]
    pub system: Option<String>,
    /// The release.
    #[arg(long, value_name = "RELEASE", group = "subject")]
    pub release: Option<String>,
    /// The deployment.
    #[arg(long, value_name = "DEPLOYMENT", group = "subject")]
    pub deployment: Option<String>,
}

/// Arguments of `case refresh`.
#[derive(Debug, Args)]
pub struct RefreshArguments {
    /// Lists of software and devices of the subject; the register if none is named.
    pub paths: Vec<PathBuf>,
    /// The system whose cases follow.
    #[arg(long, value_name = "SYSTEM", group = "subject")]
    pub system: Option<String>,
    /// The release whose cases follow.
    #[arg(long, value_name = "RELEASE", group = "subject")]
    pub release: Option<String>,
    /// The deployment whose cases follow.
    #[arg(long, value_name = "DEPLOYMENT", group = "subject")]
    pub deployment: Option<String>,
    /// Every subject, by the lists that are kept for it and the register.
    #[arg(long, conflicts_with_all = ["paths", "subject", "register", "complete", "now"])]
    pub all: bool,
    /// As `--all`, but only what a change of knowledge, lists or register concerns.
    #[arg(long, conflicts_with_all = ["all", "paths", "subject", "register", "complete", "now"])]
    pub changed: bool,
    /// The register, too.
    #[arg(long)]
    pub register: bool,
    /// The lists named now are all there are.
    #[arg(long)]
    pub complete: bool,
    /// The time the answer holds for.
    #[arg(long, value_name = "TIME", value_parser = super::time)]
    pub now: Option<Timestamp>,
    #[command(flatten)]
    pub acting: Acting,
}

fn of_terms<T: std::str::FromStr + Copy>(
    text: &str,
    all: impl IntoIterator<Item = &'static str>,
) -> Result<T, WrongValue> {
    let known = || all.into_iter().collect::<Vec<_>>().join(" ");
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known() })
}

fn applicability(text: &str) -> Result<Applicability, WrongValue> {
    of_terms(text, Applicability::ALL.iter().map(|one| one.as_str()))
}

fn effect(text: &str) -> Result<Effect, WrongValue> {
    of_terms(text, Effect::ALL.iter().map(|one| one.as_str()))
}

fn progress(text: &str) -> Result<Progress, WrongValue> {
    of_terms(text, Progress::ALL.iter().map(|one| one.as_str()))
}

fn treatment(text: &str) -> Result<Treatment, WrongValue> {
    of_terms(text, Treatment::ALL.iter().map(|one| one.as_str()))
}

pub(super) fn priority(text: &str) -> Result<Decision, WrongValue> {
    of_terms(text, Decision::ALL.iter().map(|one| one.as_str()))
}

fn justification(text: &str) -> Result<Justification, WrongValue> {
    let known: Vec<&str> = Justification::ALL.iter().map(|one| one.as_str()).collect();
    let found = Justification::ALL.into_iter().find(|one| one.as_str() == text.replace('-', "_"));
    found.ok_or_else(|| WrongValue { expected: "usage-expected-one-of", known: known.join(" ") })
}
