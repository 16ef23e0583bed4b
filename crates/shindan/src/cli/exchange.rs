//! The verbs of `exchange`, as a contract.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;
use shindan_domain::exchange::{Compared, ContentType};

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::Spoken;
use super::values;

/// Verbs of `exchange`.
#[derive(Debug, Subcommand)]
pub enum ExchangeCommand {
    /// Write this installation's card and show its fingerprint
    Card {
        /// Where to write it.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Name of the organisation.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        reading: Reading,
    },
    /// Partners: cards, fingerprints, keys
    #[command(subcommand)]
    Partner(PartnerCommand),
    /// Seal files for a partner
    Seal(Box<SealArguments>),
    /// Write a sealed file again
    Copy {
        /// The partner.
        record: String,
        /// Number of the file.
        number: u64,
        /// Where to write it.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// Look at a sealed file without taking it in
    Verify {
        /// The sealed file.
        file: PathBuf,
        #[command(flatten)]
        size: Size,
        #[command(flatten)]
        reading: Reading,
    },
    /// Take a sealed file or a receipt in
    Import(Box<ImportArguments>),
    /// Write the receipt for an accepted file
    Receipt {
        /// The partner.
        record: String,
        /// Number of the file.
        number: u64,
        /// Where to write it.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// Write the contents of an accepted file into a folder
    Extract {
        /// The partner.
        record: String,
        /// Number of the file.
        number: u64,
        /// The folder.
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// Do not wait for a lost file
    Void(VoidArguments),
    /// List partners
    List {
        /// Only those from whom receipts are outstanding.
        #[arg(long, conflicts_with_all = ["all", "state"])]
        unacknowledged: bool,
        #[command(flatten)]
        list: ListArguments,
    },
    /// Show what went to a partner and came from them
    Show(ShowArguments),
}

/// Verbs of `exchange partner`.
#[derive(Debug, Subcommand)]
pub enum PartnerCommand {
    /// Take a partner's card in
    Add {
        /// The card.
        card: PathBuf,
        /// Whose it is.
        #[arg(long, value_name = "PARTY")]
        party: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Confirm the fingerprint of a partner's card
    Confirm {
        /// The partner.
        record: String,
        /// The fingerprint as it was learnt.
        #[arg(long, value_name = "DIGITS")]
        fingerprint: String,
        /// By which way.
        #[arg(long, value_name = "WAY", value_parser = values::compared)]
        by: Compared,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Revoke a partner's card
    Revoke {
        /// The partner.
        record: String,
        /// The fingerprint of the card; the card that counts unless given.
        #[arg(long, value_name = "DIGITS")]
        fingerprint: Option<String>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// The largest file that is read.
#[derive(Debug, Clone, Copy, Args)]
pub struct Size {
    /// MiB of contents at most.
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub max_size: u32,
}

/// Arguments of `exchange seal`.
#[derive(Debug, Args)]
pub struct SealArguments {
    /// The files.
    pub files: Vec<PathBuf>,
    /// The partner.
    #[arg(long, value_name = "PARTNER")]
    pub to: String,
    /// What the files are.
    #[arg(long = "type", value_name = "TYPE", value_parser = values::content_type)]
    pub content_type: Option<ContentType>,
    /// Where to write the sealed file.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// The last day on which it is accepted.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub expires: Option<Date>,
    /// Only the partner can read it.
    #[arg(long)]
    pub encrypt: bool,
    /// Number of the partner's file that it answers.
    #[arg(long, value_name = "N")]
    pub reply_to: Option<u64>,
    /// Name of the organisation.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `exchange import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The sealed file, or a receipt.
    pub file: PathBuf,
    /// Where to write the receipt.
    #[arg(long, value_name = "FILE")]
    pub receipt_to: Option<PathBuf>,
    /// Write the contents into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub extract_to: Option<PathBuf>,
    #[command(flatten)]
    pub size: Size,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `exchange void`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["sent", "received"]))]
pub struct VoidArguments {
    /// The partner.
    pub record: String,
    /// One of ours, that the partner is not to wait for.
    #[arg(long, value_name = "N")]
    pub sent: Option<u64>,
    /// Theirs, up to this number, that we do not wait for.
    #[arg(long, value_name = "N")]
    pub received: Option<u64>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}
