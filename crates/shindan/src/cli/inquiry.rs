//! The verbs of `inquiry`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_domain::inquiry::{Affected, MayPatch, Way};

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::values;

/// Verbs of `inquiry`.
#[derive(Debug, Subcommand)]
pub enum InquiryCommand {
    /// Ask the provider
    Send(Box<SendArguments>),
    /// Write the form again
    Form {
        /// The inquiry.
        record: String,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// Where to write the installation's signature over it.
        #[arg(long, value_name = "FILE")]
        signature_to: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Take answers in from the form
    Import {
        /// The form, filled in.
        file: PathBuf,
        /// The provider's signature over it.
        #[arg(long, value_name = "FILE", requires = "partner_key")]
        signature: Option<PathBuf>,
        /// The provider's key.
        #[arg(long, value_name = "FILE", requires = "signature")]
        partner_key: Option<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record an answer by hand
    Answer(Box<AnswerArguments>),
    /// Remind the provider
    Chase {
        /// The inquiry.
        record: String,
        /// How.
        #[arg(long, value_name = "WAY", value_parser = values::way)]
        way: Way,
        /// Until when an answer is expected now.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        due: Date,
        /// What was said.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Judge that the answers are enough
    Judge {
        /// The inquiry.
        record: String,
        /// What follows.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Judge that they are not, and ask again
    Insufficient {
        /// The inquiry.
        record: String,
        /// What is missing.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// How it is asked again.
        #[arg(long, value_name = "WAY", value_parser = values::way)]
        way: Way,
        /// Until when.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        due: Date,
        #[command(flatten)]
        acting: Acting,
    },
    /// End it without an answer
    NoAnswer {
        /// The inquiry.
        record: String,
        /// What follows.
        #[arg(long, value_name = "TEXT")]
        note: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Give it up
    Cancel {
        /// The inquiry.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List inquiries
    List(ListArguments),
    /// Show an inquiry
    Show(ShowArguments),
}

/// Arguments of `inquiry send`.
#[derive(Debug, Args)]
pub struct SendArguments {
    /// The cases.
    #[arg(required = true)]
    pub cases: Vec<String>,
    /// Who is asked.
    #[arg(long, value_name = "PARTY")]
    pub to: String,
    /// Until when an answer is expected.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub due: Date,
    /// Write the form to this file.
    #[arg(long, value_name = "FILE", required_unless_present = "way")]
    pub output: Option<PathBuf>,
    /// Where to write the installation's signature over the form.
    #[arg(long, value_name = "FILE", requires = "output")]
    pub signature_to: Option<PathBuf>,
    /// Ask in another way than by the form.
    #[arg(long, value_name = "WAY", value_parser = values::way, conflicts_with = "output")]
    pub way: Option<Way>,
    /// What was sent.
    #[arg(long, value_name = "FILE", requires = "way")]
    pub document: Option<PathBuf>,
    /// The system, where the case is not about one.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
    /// A further question about every case.
    #[arg(long = "ask", value_name = "TEXT")]
    pub questions: Vec<String>,
    /// What was said besides.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `inquiry answer`.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// The inquiry.
    pub record: String,
    /// Who answered at the provider.
    #[arg(long, value_name = "TEXT")]
    pub answered_by: String,
    /// How it came.
    #[arg(long, value_name = "WAY", value_parser = values::way)]
    pub way: Way,
    /// The reply itself.
    #[arg(long, value_name = "FILE")]
    pub document: Option<PathBuf>,
    /// Key of the question.
    #[arg(long, value_name = "KEY", default_value = "1")]
    pub question: String,
    /// Whether it is affected.
    #[arg(long, value_name = "ANSWER", value_parser = values::affected)]
    pub affected: Affected,
    /// Whether the patch may be applied.
    #[arg(long, value_name = "ANSWER", value_parser = values::may_patch)]
    pub may_patch: MayPatch,
    /// What is done instead.
    #[arg(long, value_name = "TEXT", requires = "alternative_until")]
    pub alternative: Option<String>,
    /// Until when.
    #[arg(long, value_name = "DATE", value_parser = values::day, requires = "alternative")]
    pub alternative_until: Option<Date>,
    /// When it will be repaired, or answered again.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub next: Option<Date>,
    /// Why; what else was said.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    #[command(flatten)]
    pub acting: Acting,
}
