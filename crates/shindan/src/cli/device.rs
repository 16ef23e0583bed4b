//! The verbs of `device`, as a contract.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::device::{
    DeviceCategory, DisconnectionMeans, LineConnection, LineKind, MakerInformationKind, RiskLevel,
    SupportEnd, UpdateResult,
};

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::Spoken;
use super::{time, values};

/// Verbs of `device`.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// Open the dossier of an asset
    New(Box<NewDeviceArguments>),
    /// Change what the device is
    Change(Box<ChangeDeviceArguments>),
    /// File information of the maker
    Inform(Box<InformArguments>),
    /// State how the device is used, compared with what its maker intends
    Use(Box<UseArguments>),
    /// Record the risk analysis
    Analyse(Box<AnalyseDeviceArguments>),
    /// The operating rule
    #[command(subcommand)]
    Rule(RuleCommand),
    /// Say by which line the device is maintained from outside
    Line(Box<LineArguments>),
    /// Lay down how and how often the device is updated
    Updates(Box<UpdatesArguments>),
    /// Record that somebody looked for updates, or applied one
    Updated(Box<UpdatedArguments>),
    /// Record that the device is no longer used
    Stop(StopArguments),
    /// Record that the device is faulty and no longer used
    Fault(StopArguments),
    /// Record that the device is used again
    BackInUse {
        /// The device.
        record: String,
        /// Why: repaired, needed again.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Confirm that the device is disconnected
    ConfirmDisconnected(Box<DisconnectedArguments>),
    /// Record that the device is gone for good
    Dispose {
        /// The device.
        record: String,
        /// How, and what became of the data on it.
        #[arg(long, value_name = "TEXT")]
        how: String,
        /// On which day.
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        on: Option<Date>,
        /// What shows it.
        #[arg(long = "document", value_name = "FILE")]
        documents: Vec<PathBuf>,
        #[command(flatten)]
        acting: Acting,
    },
    /// What is to be done about devices
    Alarms {
        #[command(flatten)]
        reading: Reading,
    },
    /// List devices
    List(ListArguments),
    /// Show a device with its dossier
    Show(ShowArguments),
}

/// What a device is and by what it is known.
#[derive(Debug, Args)]
pub struct DeviceArguments {
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// What it is.
    #[arg(long, value_name = "CATEGORY", value_parser = values::device_category)]
    pub category: Option<DeviceCategory>,
    /// MAC address; repeatable.
    #[arg(long = "mac", value_name = "MAC")]
    pub macs: Vec<String>,
    /// Fixed IP address, or dhcp; repeatable.
    #[arg(long = "address", value_name = "ADDRESS")]
    pub addresses: Vec<String>,
    /// Host name; repeatable.
    #[arg(long = "host", value_name = "NAME")]
    pub host_names: Vec<String>,
    /// Serial number.
    #[arg(long, value_name = "TEXT")]
    pub serial: Option<String>,
    /// Firmware or software version.
    #[arg(long, value_name = "TEXT")]
    pub firmware: Option<String>,
    /// Last day of support, and of what: `2029-03-31=operating system`; repeatable.
    #[arg(long = "support-end", value_name = "DATE=WHAT", value_parser = values::support_end)]
    pub support_ends: Vec<SupportEnd>,
}

/// Arguments of `device new`.
#[derive(Debug, Args)]
pub struct NewDeviceArguments {
    /// The asset: its name or the beginning of its id.
    pub asset: String,
    #[command(flatten)]
    pub device: DeviceArguments,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device change`.
#[derive(Debug, Args)]
pub struct ChangeDeviceArguments {
    /// The device.
    pub record: String,
    #[command(flatten)]
    pub device: DeviceArguments,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device inform`.
#[derive(Debug, Args)]
pub struct InformArguments {
    /// The device.
    pub record: String,
    /// What it is.
    #[arg(long, value_name = "KIND", value_parser = values::maker_information)]
    pub kind: MakerInformationKind,
    /// The file.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
    /// What it says that matters here.
    #[arg(long, value_name = "TEXT")]
    pub content: String,
    /// Edition or version, as it stands there.
    #[arg(long, value_name = "TEXT")]
    pub edition: Option<String>,
    /// The day that stands there.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub dated: Option<Date>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device use`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("comparison").required(true).args(["same", "differs"]))]
pub struct UseArguments {
    /// The device.
    pub record: String,
    /// What it is for, as the maker states.
    #[arg(long, value_name = "TEXT")]
    pub intended: Option<String>,
    /// What it is used for.
    #[arg(long, value_name = "TEXT")]
    pub actual: String,
    /// That is what the maker intends.
    #[arg(long)]
    pub same: bool,
    /// That is something else: a case is opened.
    #[arg(long)]
    pub differs: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What it rests on.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device analyse`.
#[derive(Debug, Args)]
pub struct AnalyseDeviceArguments {
    /// The device.
    pub record: String,
    /// What could happen.
    #[arg(long, value_name = "TEXT")]
    pub risk: String,
    /// What is done about it.
    #[arg(long, value_name = "TEXT")]
    pub measures: String,
    /// How likely it is.
    #[arg(long, value_name = "LEVEL", value_parser = values::risk_level)]
    pub likelihood: RiskLevel,
    /// How bad for patients.
    #[arg(long, value_name = "LEVEL", value_parser = values::risk_level)]
    pub patient_safety: RiskLevel,
    /// How bad for the work.
    #[arg(long, value_name = "LEVEL", value_parser = values::risk_level)]
    pub availability: RiskLevel,
    /// How bad for what is confidential.
    #[arg(long, value_name = "LEVEL", value_parser = values::risk_level)]
    pub confidentiality: RiskLevel,
    /// What it rests on.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Verbs of `device rule`.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// Write the next version from the dossier
    Write {
        /// The device.
        record: String,
        /// Which department answers for the device.
        #[arg(long, value_name = "TEXT")]
        department: String,
        /// What is to be observed.
        #[arg(long = "provision", value_name = "TEXT", required = true)]
        provisions: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Approve the version that waits
    Approve {
        /// The device.
        record: String,
        #[command(flatten)]
        spoken: Spoken,
        #[command(flatten)]
        acting: Acting,
    },
    /// Send the version that waits back
    SendBack {
        /// The device.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Print a version, as HTML
    Print {
        /// The device.
        record: String,
        /// Which version.
        #[arg(long, value_name = "N")]
        version_number: Option<u32>,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
}

/// Arguments of `device line`.
#[derive(Debug, Args)]
pub struct LineArguments {
    /// The device.
    pub record: String,
    /// What kind it is.
    #[arg(long, value_name = "KIND", value_parser = values::line_kind, required_unless_present = "none")]
    pub kind: Option<LineKind>,
    /// What it is called.
    #[arg(long, value_name = "TEXT", required_unless_present = "none")]
    pub description: Option<String>,
    /// Whose it is.
    #[arg(long, value_name = "PARTY")]
    pub owner: Option<String>,
    /// Who maintains by it.
    #[arg(long, value_name = "PARTY")]
    pub provider: Option<String>,
    /// When it is connected.
    #[arg(
        long,
        value_name = "WHEN",
        value_parser = values::line_connection,
        required_unless_present = "none"
    )]
    pub connection: Option<LineConnection>,
    /// There is no such line.
    #[arg(long, conflicts_with_all = ["kind", "description", "owner", "provider", "connection"])]
    pub none: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device updates`.
#[derive(Debug, Args)]
pub struct UpdatesArguments {
    /// The device.
    pub record: String,
    /// How.
    #[arg(long, value_name = "TEXT")]
    pub how: String,
    /// After how many days somebody looks again.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub every: u16,
    /// Who updates it.
    #[arg(long, value_name = "PARTY")]
    pub party: Option<String>,
    /// When somebody looks first.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub next: Option<Date>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device updated`.
#[derive(Debug, Args)]
pub struct UpdatedArguments {
    /// The device.
    pub record: String,
    /// What it came to.
    #[arg(long, value_name = "RESULT", value_parser = values::update_result)]
    pub result: UpdateResult,
    /// What was done.
    #[arg(long, value_name = "TEXT")]
    pub note: String,
    /// The version that runs since.
    #[arg(long, value_name = "TEXT")]
    pub firmware: Option<String>,
    /// On which day.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub on: Option<Date>,
    /// When somebody looks again.
    #[arg(long, value_name = "DATE", value_parser = values::day)]
    pub next: Option<Date>,
    /// What shows it.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device stop` and `device fault`.
#[derive(Debug, Args)]
pub struct StopArguments {
    /// The device.
    pub record: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Since when.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: Option<Timestamp>,
    #[command(flatten)]
    pub acting: Acting,
}

/// Arguments of `device confirm-disconnected`.
#[derive(Debug, Args)]
pub struct DisconnectedArguments {
    /// The device.
    pub record: String,
    /// How it was disconnected.
    #[arg(long, value_name = "MEANS", value_parser = values::disconnection_means)]
    pub means: DisconnectionMeans,
    /// How it was confirmed.
    #[arg(long, value_name = "TEXT")]
    pub how: String,
    /// When somebody looked.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub checked: Option<Timestamp>,
    /// What shows it.
    #[arg(long = "document", value_name = "FILE")]
    pub documents: Vec<PathBuf>,
    #[command(flatten)]
    pub spoken: Spoken,
    #[command(flatten)]
    pub acting: Acting,
}
