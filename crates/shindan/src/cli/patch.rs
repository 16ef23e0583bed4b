//! The verbs of `patch`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use shindan_app::patch_verification::Pin;
use shindan_domain::verification::Channel;

use super::TableOrJson;
use crate::help::WrongValue;

/// Verbs of `patch`.
#[derive(Debug, Subcommand)]
pub enum PatchCommand {
    /// Prove that a patch is genuine
    Verify(Box<VerifyArguments>),
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

fn channel(text: &str) -> Result<Channel, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-channel", known: String::new() })
}
