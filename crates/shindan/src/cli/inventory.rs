//! The verbs of `inventory`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use shindan_app::register::parse_product;
use shindan_domain::devices::PublishedProduct;

use super::acting::Token;
use super::{DataFolder, TableOrJson};
use crate::help::WrongValue;

/// Verbs of `inventory`.
#[derive(Debug, Subcommand)]
pub enum InventoryCommand {
    /// Import a ledger of assets
    Import(ImportArguments),
    /// Take the last import back
    Undo {
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        author: Author,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// List the imports
    Imports {
        #[command(flatten)]
        data: DataFolder,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// List the registered assets
    Show {
        #[command(flatten)]
        data: DataFolder,
        /// Only assets of which something is to be settled.
        #[arg(long)]
        unsettled: bool,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = AssetsFormat::Table)]
        format: AssetsFormat,
    },
    /// Take an asset off the register that is no longer in its ledger
    Remove {
        /// Its number or its key.
        asset: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        author: Author,
    },
    /// Say which products makers and models are
    #[command(subcommand)]
    Map(MapCommand),
}

/// Arguments of `inventory import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The ledger.
    pub file: PathBuf,
    #[command(flatten)]
    pub data: DataFolder,
    /// Show what would happen.
    #[arg(long)]
    pub preview: bool,
    /// What the columns and words of the ledger mean (TOML).
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Write what the columns were taken for.
    #[arg(long, value_name = "FILE")]
    pub save_mapping: Option<PathBuf>,
    /// Name of the sheet.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Name of the ledger.
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
    /// Import nothing if a cell cannot be read.
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub author: Author,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

/// Verbs of `inventory map`.
#[derive(Debug, Subcommand)]
pub enum MapCommand {
    /// Makers and models that were not found, and what was said
    List {
        #[command(flatten)]
        data: DataFolder,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
        format: TableOrJson,
    },
    /// Record which product a maker and model are
    Set(MapSetArguments),
    /// Take back what was recorded
    Remove {
        /// Maker as recorded.
        #[arg(long, value_name = "NAME")]
        maker: String,
        /// Model as recorded.
        #[arg(long, value_name = "NAME")]
        model: String,
        #[command(flatten)]
        data: DataFolder,
        #[command(flatten)]
        author: Author,
    },
}

/// Arguments of `inventory map set`.
#[derive(Debug, Args)]
pub struct MapSetArguments {
    /// Maker as the ledger writes it.
    #[arg(long, value_name = "NAME")]
    pub maker: String,
    /// Model as the ledger writes it.
    #[arg(long, value_name = "NAME")]
    pub model: String,
    /// `Vendor/Product`, as advisories name it; repeatable.
    #[arg(long, value_name = "VENDOR/PRODUCT", value_parser = product, required_unless_present_any = ["cpe", "none"])]
    pub product: Vec<PublishedProduct>,
    /// CPE name; repeatable.
    #[arg(long, value_name = "CPE", value_parser = cpe)]
    pub cpe: Vec<PublishedProduct>,
    /// No published product.
    #[arg(long, conflicts_with_all = ["product", "cpe"], requires = "reason")]
    pub none: bool,
    /// Why there is none.
    #[arg(long, value_name = "TEXT", requires = "none")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub data: DataFolder,
    #[command(flatten)]
    pub author: Author,
}

/// Who does something that is recorded.
#[derive(Debug, Args)]
pub struct Author {
    /// Who does this, as long as the installation is not set up; the user of the system if not given.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    #[command(flatten)]
    pub token: Token,
}

/// Forms of `inventory show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AssetsFormat {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
    /// A ledger that can be corrected and imported again.
    Csv,
}

fn product(text: &str) -> Result<PublishedProduct, WrongValue> {
    let wrong = || WrongValue { expected: "usage-expected-product", known: String::new() };
    parse_product(text).filter(|product| matches!(product, PublishedProduct::Named { .. })).ok_or_else(wrong)
}

fn cpe(text: &str) -> Result<PublishedProduct, WrongValue> {
    let wrong = || WrongValue { expected: "usage-expected-cpe", known: String::new() };
    parse_product(text).filter(|product| matches!(product, PublishedProduct::Cpe { .. })).ok_or_else(wrong)
}
