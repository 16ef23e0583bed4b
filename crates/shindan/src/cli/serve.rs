//! The verbs `serve` and `scheduler`, as a contract.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DataFolder;
use super::acting::Reading;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    #[command(flatten)]
    pub data: DataFolder,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8484")]
    pub listen: SocketAddr,
    /// Serve by TLS with this chain of certificates (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// File that holds the token of the person on whose behalf sources are looked at when they are due.
    #[arg(long, value_name = "FILE", env = "SHINDAN_SCHEDULE_TOKEN_FILE")]
    pub schedule_token: Option<PathBuf>,
    /// Look at no source when it is due.
    #[arg(long)]
    pub no_schedule: bool,
    /// Settings file with the mail server and the addresses of those who hear of changes.
    #[arg(long, value_name = "FILE", env = "SHINDAN_NOTIFY")]
    pub notify: Option<PathBuf>,
    /// The proxy that leads out.
    #[arg(long, value_name = "URL", env = "SHINDAN_PROXY", hide_env_values = true)]
    pub proxy: Option<String>,
    /// Certificates that are trusted besides those that are built in (PEM).
    #[arg(long = "ca", value_name = "FILE")]
    pub ca_files: Vec<PathBuf>,
    /// A file with the API key of NVD.
    #[arg(long, value_name = "FILE", env = "SHINDAN_NVD_KEY_FILE")]
    pub nvd_key_file: Option<PathBuf>,
}

/// Verbs of `scheduler`.
#[derive(Debug, Subcommand)]
pub enum SchedulerCommand {
    /// Look at sources when they are due, without serving anything
    Run(SchedulerArguments),
}

/// Arguments of `scheduler run`.
#[derive(Debug, Args)]
pub struct SchedulerArguments {
    /// Look at what is due now, and end.
    #[arg(long)]
    pub once: bool,
    /// Settings file with the mail server and the addresses of those who hear of changes.
    #[arg(long, value_name = "FILE", env = "SHINDAN_NOTIFY")]
    pub notify: Option<PathBuf>,
    /// The proxy that leads out.
    #[arg(long, value_name = "URL", env = "SHINDAN_PROXY", hide_env_values = true)]
    pub proxy: Option<String>,
    /// Certificates that are trusted besides those that are built in (PEM).
    #[arg(long = "ca", value_name = "FILE")]
    pub ca_files: Vec<PathBuf>,
    /// A file with the API key of NVD.
    #[arg(long, value_name = "FILE", env = "SHINDAN_NVD_KEY_FILE")]
    pub nvd_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}
