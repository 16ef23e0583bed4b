//! The verbs of `patch`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use shindan_app::patch_verification::Pin;
use shindan_domain::verification::Channel;

use super::TableOrJson;
use super::acting::{Acting, ListArguments, ShowArguments, Token};
use super::cases::Spoken;
use super::values::channel;
use crate::help::WrongValue;

/// Verbs of `patch`.
#[derive(Debug, Subcommand)]
pub enum PatchCommand {
    /// Prove that a patch is genuine
    Verify(Box<VerifyArguments>),
    /// Take a file in as a patch
    Register {
        /// The file.
        file: PathBuf,
        /// What the maker calls it.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Who made it.
        #[arg(long, value_name = "PARTY")]
        maker: String,
        /// Where the file was fetched.
        #[arg(long, value_name = "TEXT", value_parser = channel)]
        obtained_from: Channel,
        /// Cases that it is to remedy.
        #[arg(long = "case", value_name = "CASE")]
        cases: Vec<String>,
        /// Vulnerabilities that it is to remedy.
        #[arg(long = "vulnerability", value_name = "ID")]
        vulnerabilities: Vec<String>,
        /// Values that the maker published.
        #[arg(long, value_name = "METHOD:HEX", requires = "channel")]
        expect: Vec<String>,
        /// Where these values came from.
        #[arg(long, value_name = "TEXT", value_parser = channel)]
        channel: Option<Channel>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Correct what it is
    Correct {
        /// The patch.
        record: String,
        /// What the maker calls it.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Further cases.
        #[arg(long = "case", value_name = "CASE")]
        cases: Vec<String>,
        /// Further vulnerabilities.
        #[arg(long = "vulnerability", value_name = "ID")]
        vulnerabilities: Vec<String>,
        /// Further values that the maker published.
        #[arg(long, value_name = "METHOD:HEX", requires = "channel")]
        expect: Vec<String>,
        /// Where these values came from.
        #[arg(long, value_name = "TEXT", value_parser = channel)]
        channel: Option<Channel>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Show whether the weakness is gone with it
    Effect(Box<EffectArguments>),
    /// Confirm a stated effect
    ConfirmEffect {
        /// The patch.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Do not confirm a stated effect
    RejectEffect {
        /// The patch.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Propose what is done instead of a proof
    Alternative {
        /// The patch.
        record: String,
        /// What was done to be sure.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// What shows it.
        #[arg(long = "document", value_name = "FILE", required = true)]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve the alternative
    ApproveAlternative {
        /// The patch.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Reject the alternative
    RejectAlternative {
        /// The patch.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Put another file in its place
    ReplaceFile {
        /// The patch.
        record: String,
        /// The file.
        file: PathBuf,
        /// Where it was fetched.
        #[arg(long, value_name = "TEXT", value_parser = channel)]
        obtained_from: Channel,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Withdraw it
    Withdraw {
        /// The patch.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List patches
    List(ListArguments),
    /// Show a patch
    Show(ShowArguments),
}

/// Arguments of `patch effect`.
#[derive(Debug, Args)]
pub struct EffectArguments {
    /// The patch.
    pub record: String,
    /// Inventory of the test environment with the patch; matched again by the program.
    #[arg(long, value_name = "INVENTORY", group = "shown", required_unless_present_any = ["scan", "statement"])]
    pub rematch: Option<PathBuf>,
    /// Scan of the test environment.
    #[arg(long, value_name = "FILE", group = "shown", requires = "remaining")]
    pub scan: Option<PathBuf>,
    /// Findings in question that the scan still shows.
    #[arg(long, value_name = "N", requires = "scan")]
    pub remaining: Option<u32>,
    /// The test environment.
    #[arg(long, value_name = "ENVIRONMENT", required_unless_present = "statement")]
    pub environment: Option<String>,
    /// Document of a stated proof.
    #[arg(long, value_name = "FILE", group = "shown", requires = "note")]
    pub statement: Option<PathBuf>,
    /// What shows that the weakness is gone.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `patch verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The file of the patch.
    pub file: PathBuf,
    /// Name under which its maker publishes it.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Published digest.
    #[arg(long, value_name = "HEX")]
    pub sha256: Vec<String>,
    /// Published digest.
    #[arg(long, value_name = "HEX")]
    pub sha384: Vec<String>,
    /// Published digest.
    #[arg(long, value_name = "HEX")]
    pub sha512: Vec<String>,
    /// Published digest; never sufficient alone.
    #[arg(long, value_name = "HEX")]
    pub sha1: Vec<String>,
    /// Published digest; never sufficient alone.
    #[arg(long, value_name = "HEX")]
    pub md5: Vec<String>,
    /// List of checksums.
    #[arg(long, value_name = "FILE")]
    pub checksums: Vec<PathBuf>,
    /// Signature over the list of checksums.
    #[arg(long, value_name = "FILE", requires = "checksums")]
    pub checksums_signature: Option<PathBuf>,
    /// Signature over the file.
    #[arg(long, value_name = "FILE")]
    pub signature: Vec<PathBuf>,
    /// Key.
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Full fingerprint of a key that counts.
    #[arg(long, value_name = "FINGERPRINT", value_parser = pin)]
    pub pinned: Vec<Pin>,
    /// minisign signature.
    #[arg(long, value_name = "FILE")]
    pub minisign: Vec<PathBuf>,
    /// minisign key, or its file.
    #[arg(long, value_name = "KEY")]
    pub minisign_key: Vec<String>,
    /// Sigstore bundle.
    #[arg(long, value_name = "BUNDLE", requires = "trust_root")]
    pub sigstore: Vec<PathBuf>,
    /// Trust root of Sigstore.
    #[arg(long, value_name = "FILE")]
    pub trust_root: Option<PathBuf>,
    /// Who must have signed the bundle.
    #[arg(long, value_name = "ID", requires = "issuer")]
    pub identity: Option<String>,
    /// Who must have vouched for the identity.
    #[arg(long, value_name = "URL", requires = "identity")]
    pub issuer: Option<String>,
    /// Detached CMS signature.
    #[arg(long, value_name = "FILE")]
    pub cms: Vec<PathBuf>,
    /// Trusted certificates.
    #[arg(long, value_name = "FILE")]
    pub ca: Vec<PathBuf>,
    /// Verify the signature inside the PE file.
    #[arg(long)]
    pub authenticode: bool,
    /// apt's Release file.
    #[arg(long, value_name = "FILE")]
    pub release: Option<PathBuf>,
    /// Signature over apt's Release file.
    #[arg(long, value_name = "FILE", requires = "release")]
    pub release_signature: Option<PathBuf>,
    /// apt's list of packages.
    #[arg(long, value_name = "FILE", requires = "release")]
    pub packages: Option<PathBuf>,
    /// Verify the signature inside the RPM package.
    #[arg(long)]
    pub rpm: bool,
    /// Where the expected values came from.
    #[arg(long, value_name = "TEXT", value_parser = channel)]
    pub channel: Option<Channel>,
    /// Record the result with this patch.
    #[arg(
        long,
        value_name = "PATCH",
        requires = "data_dir",
        conflicts_with = "pinned",
        conflicts_with = "now"
    )]
    pub record: Option<String>,
    /// Folder that holds the records.
    #[arg(long = "data-dir", value_name = "DIR", env = "SHINDAN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    #[command(flatten)]
    pub token: Token,
    /// The same key twice: done once.
    #[arg(long, value_name = "KEY", requires = "record")]
    pub once: Option<String>,
    /// The revision that was seen; another one is a conflict.
    #[arg(long, value_name = "N", requires = "record")]
    pub seen: Option<u64>,
    /// The time as of which keys are judged.
    #[arg(long, value_name = "TIME", value_parser = super::time)]
    pub now: Option<Timestamp>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

fn pin(text: &str) -> Result<Pin, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-pin", known: String::new() })
}
