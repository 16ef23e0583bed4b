//! The verbs of `portfolio`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::acting::{Acting, Reading};
use super::cases::SubjectArguments;

/// Verbs of `portfolio`.
#[derive(Debug, Subcommand)]
pub enum PortfolioCommand {
    /// Keep lists of a subject
    Add {
        /// The lists.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// They are all there are.
        #[arg(long)]
        complete: bool,
        #[command(flatten)]
        subject: SubjectArguments,
        #[command(flatten)]
        acting: Acting,
    },
    /// No longer keep lists of a subject
    Remove {
        /// Path or file name; all of the subject if none is named.
        names: Vec<String>,
        #[command(flatten)]
        subject: SubjectArguments,
        #[command(flatten)]
        acting: Acting,
    },
    /// What is kept, and whether all of it can be read
    Status(StatusArguments),
    /// Make anew what is derived from the originals
    Rebuild {
        #[command(flatten)]
        reading: Reading,
    },
}

/// Arguments of `portfolio status`.
#[derive(Debug, Args)]
pub struct StatusArguments {
    #[command(flatten)]
    pub reading: Reading,
}
