//! What the verbs that keep records have in common: where the records are, who acts, what is expected.

use std::path::PathBuf;

use clap::Args;

use super::{DataFolder, TableOrJson};

/// Where the records are, who asks, and the form of the answer.
#[derive(Debug, Args)]
pub struct Reading {
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub token: Token,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

/// A command that changes records.
#[derive(Debug, Args)]
pub struct Acting {
    #[command(flatten)]
    pub reading: Reading,
    /// The same key twice: done once.
    #[arg(long, value_name = "KEY")]
    pub once: Option<String>,
    /// The revision that was seen; another one is a conflict.
    #[arg(long, value_name = "N")]
    pub seen: Option<u64>,
}

/// The personal token. Never an argument: other users of the computer could read it.
#[derive(Debug, Args)]
pub struct Token {
    /// File that holds the personal token.
    #[arg(long, value_name = "FILE", env = "SHINDAN_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
}

/// Who changes what lies beside the ledger: the register, the knowledge base, the wording of guidelines.
#[derive(Debug, Args)]
pub struct Keeping {
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub token: Token,
}

/// One page of a list.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Records that need nothing any more, too.
    #[arg(long)]
    pub all: bool,
    /// Only this state.
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Only those whose name contains this text.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Where the page begins: what the page before said.
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// One record.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Its number, the beginning of its id, or its name.
    pub record: String,
    /// Its entries in the ledger, too.
    #[arg(long)]
    pub history: bool,
    #[command(flatten)]
    pub reading: Reading,
}
