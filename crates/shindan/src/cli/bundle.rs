//! The verbs of `bundle`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::acting::Reading;

/// Verbs of `bundle`.
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Write what was collected to one signed file
    Export(ExportBundleArguments),
    /// Take a bundle in
    Import(ImportBundleArguments),
    /// Show what a bundle says of itself
    Show(BundleFileArguments),
    /// Look whether a bundle would be taken in
    Verify(BundleFileArguments),
}

/// Arguments of `bundle export`.
#[derive(Debug, Args)]
pub struct ExportBundleArguments {
    /// Where to write it.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Only what changed since the bundle with this number.
    #[arg(long, value_name = "N")]
    pub since: Option<u64>,
    /// Source that is not passed on.
    #[arg(long = "leave-out", value_name = "SOURCE")]
    pub leave_out: Vec<String>,
    /// For so many days it can be taken in without a reason.
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u16).range(0..=366))]
    pub days: u16,
    /// Name of the organisation.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// Arguments of `bundle import`.
#[derive(Debug, Args)]
pub struct ImportBundleArguments {
    /// The bundle.
    pub file: PathBuf,
    /// Why it is taken in although its time is over.
    #[arg(long, value_name = "TEXT")]
    pub accept_expired: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// A bundle that is only looked at.
#[derive(Debug, Args)]
pub struct BundleFileArguments {
    /// The bundle.
    pub file: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
}
