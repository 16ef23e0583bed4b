//! The verbs of `org`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use shindan_domain::organisation::{PartyKind, Purpose, ServiceState};
use shindan_domain::verification::Channel;

use super::acting::{Acting, ListArguments, ShowArguments};
use super::values;

/// Verbs of `org`.
#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Parties
    #[command(subcommand)]
    Party(Box<Keep<PartyFields>>),
    /// Sites
    #[command(subcommand)]
    Site(Box<Keep<SiteFields>>),
    /// Systems
    #[command(subcommand)]
    System(Box<Keep<SystemFields>>),
    /// Environments
    #[command(subcommand)]
    Environment(Box<Keep<EnvironmentFields>>),
    /// Products
    #[command(subcommand)]
    Product(Box<Keep<ProductFields>>),
    /// Releases
    #[command(subcommand)]
    Release(Box<Keep<ReleaseFields>>),
    /// Deployments
    #[command(subcommand)]
    Deployment(Box<Keep<DeploymentFields>>),
    /// Assets
    #[command(subcommand)]
    Asset(Box<Keep<AssetFields>>),
    /// Pin a key
    Pin {
        /// The party.
        record: String,
        /// Full fingerprint.
        fingerprint: String,
        /// How it was learnt.
        #[arg(long, value_name = "TEXT", value_parser = values::channel)]
        channel: Channel,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Withdraw a pinned key
    Unpin {
        /// The party.
        record: String,
        /// Full fingerprint.
        fingerprint: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Add a list of components to a release
    Sbom {
        /// The release.
        record: String,
        /// The list.
        file: PathBuf,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// A decision of the release does not hold at a deployment
    Override {
        /// The deployment.
        record: String,
        /// The case of the release.
        case: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// It holds there again
    Inherit {
        /// The deployment.
        record: String,
        /// The case of the release.
        case: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Say for which party a person works
    Assign {
        /// The person.
        person: String,
        /// The party.
        #[arg(long, value_name = "PARTY")]
        of: String,
        #[command(flatten)]
        acting: Acting,
    },
}

/// What can be done with each kind of record.
#[derive(Debug, Subcommand)]
pub enum Keep<F: Args> {
    /// Enter one
    Add {
        #[command(flatten)]
        fields: F,
        #[command(flatten)]
        acting: Acting,
    },
    /// Change what it says
    Change {
        /// Its name or id.
        record: String,
        #[command(flatten)]
        fields: F,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// End it
    End {
        /// Its name or id.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List them
    List(ListArguments),
    /// Show one
    Show(ShowArguments),
}

/// What a party says.
#[derive(Debug, Args)]
pub struct PartyFields {
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What it is.
    #[arg(long, value_name = "KIND", value_parser = values::party_kind)]
    pub kind: Option<PartyKind>,
    /// Where it is reached.
    #[arg(long, value_name = "TEXT")]
    pub contact: Option<String>,
}

/// What a site says.
#[derive(Debug, Args)]
pub struct SiteFields {
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Whose it is.
    #[arg(long, value_name = "PARTY")]
    pub owner: Option<String>,
}

/// What a system says.
#[derive(Debug, Args)]
pub struct SystemFields {
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Who runs it.
    #[arg(long, value_name = "PARTY")]
    pub operator: Option<String>,
    /// Who supplies it.
    #[arg(long, value_name = "PARTY")]
    pub provider: Option<String>,
    /// Where it is used.
    #[arg(long = "site", value_name = "SITE")]
    pub sites: Vec<String>,
    /// Whether it is in service.
    #[arg(long, value_name = "STATE", value_parser = values::service)]
    pub service: Option<ServiceState>,
}

/// What an environment says.
#[derive(Debug, Args)]
pub struct EnvironmentFields {
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Of which system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
    /// What it is for.
    #[arg(long, value_name = "PURPOSE", value_parser = values::purpose)]
    pub purpose: Option<Purpose>,
    /// In what it differs from the live one.
    #[arg(long, value_name = "TEXT")]
    pub differences: Option<String>,
}

/// What a product says.
#[derive(Debug, Args)]
pub struct ProductFields {
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Who makes it.
    #[arg(long, value_name = "PARTY")]
    pub maker: Option<String>,
}

/// What a release says.
#[derive(Debug, Args)]
pub struct ReleaseFields {
    /// Of which product.
    #[arg(long, value_name = "PRODUCT")]
    pub product: Option<String>,
    /// Which version.
    #[arg(long = "release-version", value_name = "VERSION")]
    pub release_version: Option<String>,
}

/// What a deployment says.
#[derive(Debug, Args)]
pub struct DeploymentFields {
    /// Which release.
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Where.
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// As part of which system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
}

/// What an asset says.
#[derive(Debug, Args)]
pub struct AssetFields {
    /// Its number or key in the register.
    #[arg(long, value_name = "ASSET")]
    pub asset: Option<String>,
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Whose it is.
    #[arg(long, value_name = "PARTY")]
    pub owner: Option<String>,
    /// Who patches it.
    #[arg(long, value_name = "PARTY", conflicts_with = "settle_by")]
    pub patcher: Option<String>,
    /// Until when it is to be settled who patches it.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub settle_by: Option<Date>,
    /// To which system it belongs.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<String>,
    /// In which environment it stands.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub environment: Option<String>,
}
