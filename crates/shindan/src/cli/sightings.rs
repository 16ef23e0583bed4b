//! The verbs of `device sightings`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_app::records::sightings::TakenWhen;
use shindan_domain::sighting::IpRange;

use super::acting::{Acting, ListArguments, ShowArguments};
use super::values;

/// Verbs of `device sightings`.
#[derive(Debug, Subcommand)]
pub enum SightingsCommand {
    /// Read files of what is on a network and compare them with register and dossiers
    Import(Box<ImportSightingsArguments>),
    /// Compare the last import of each network again
    Compare {
        /// After how many days without a sighting a device is missing.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
        absent_days: Option<u16>,
        #[command(flatten)]
        acting: Acting,
    },
    /// List discrepancies
    List(ListArguments),
    /// Show a discrepancy
    Show(ShowArguments),
    /// Explain a discrepancy until a day
    Explain {
        /// The discrepancy.
        record: String,
        /// Why it is right as it is.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Last day on which that counts.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        until: Date,
        /// What shows it.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Say which registered device an unknown one is
    Register {
        /// The discrepancy.
        record: String,
        /// Key, number or name of the device in the register.
        #[arg(long, value_name = "ASSET")]
        asset: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Record the version that was seen in the device's dossier
    AcceptVersion {
        /// The discrepancy.
        record: String,
        /// Why it changed.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close the sighting of a retired device by its confirmed disconnection
    Close {
        /// The discrepancy.
        record: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List imports
    Imports(ListArguments),
    /// Show an import
    ShowImport(ShowArguments),
}

/// Arguments of `device sightings import`.
#[derive(Debug, Args)]
pub struct ImportSightingsArguments {
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// On which network they were taken.
    #[arg(long, value_name = "NAME")]
    pub network: Option<String>,
    /// Addresses that were looked at as a whole.
    #[arg(long = "range", value_name = "RANGE", value_parser = values::range)]
    pub ranges: Vec<IpRange>,
    /// When they were taken.
    #[arg(long, value_name = "DATE", value_parser = values::taken)]
    pub taken: Option<TakenWhen>,
    /// After how many days without a sighting a device is missing.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub absent_days: Option<u16>,
    #[command(flatten)]
    pub acting: Acting,
}
