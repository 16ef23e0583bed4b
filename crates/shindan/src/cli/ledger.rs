//! The verbs `ledger`, `backup` and `restore`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::acting::{Acting, Reading};
use super::{DataFolder, TableOrJson};

/// Verbs of `ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Verify the chain of entries, and hold it against checkpoints
    Verify {
        #[command(flatten)]
        data: DataFolder,
        /// A checkpoint kept elsewhere; repeatable.
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
        /// Fold all states from the entries, too, and compare them.
        #[arg(long)]
        states: bool,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Make a signed statement of how far the ledger has come, to be kept by somebody else
    Checkpoint {
        #[command(flatten)]
        acting: Acting,
        /// Write it to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Entries as they are stored, one JSON object a line
    Export {
        #[command(flatten)]
        reading: Reading,
        /// Only entries after this one.
        #[arg(long, value_name = "N", default_value_t = 0)]
        after: u64,
    },
    /// Build all states anew from the entries
    Rebuild {
        #[command(flatten)]
        acting: Acting,
    },
    /// Steps that were refused, with who and why
    Refusals {
        #[command(flatten)]
        reading: Reading,
        /// How many at most, the newest first.
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write.
    pub file: PathBuf,
    /// Without the installation's private key: such a backup can be read and verified, and makes no checkpoints.
    #[arg(long)]
    pub without_key: bool,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The backup.
    pub file: PathBuf,
    #[command(flatten)]
    pub data: DataFolder,
    /// A checkpoint kept elsewhere, that the backup must contain; repeatable.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}
