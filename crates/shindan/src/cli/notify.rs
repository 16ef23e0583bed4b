//! The verbs of `notify`, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use shindan_domain::notify::{MessageLanguage, Topic};
use shindan_domain::priority::Decision;

use super::acting::{Acting, ListArguments, Reading, ShowArguments};
use super::cases::priority;
use super::values;

/// Verbs of `notify`.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// Let somebody hear of what changes from now on
    Add(AddReceiverArguments),
    /// Let them hear of nothing any more
    End {
        /// The receiver.
        record: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// List receivers
    List(ListArguments),
    /// Show a receiver
    Show(ShowArguments),
    /// Tell now what is due
    Send {
        /// Settings file with the mail server and the addresses.
        #[arg(long, value_name = "FILE", env = "SHINDAN_NOTIFY")]
        settings: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
}

/// Arguments of `notify add`.
#[derive(Debug, Args)]
pub struct AddReceiverArguments {
    /// Short name; the settings file says which address it means.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Whose it is.
    #[arg(long, value_name = "PERSON")]
    pub person: Option<String>,
    /// What they hear of; everything if none is given.
    #[arg(long = "topic", value_name = "TOPIC", value_parser = values::notify_topic)]
    pub topic: Vec<Topic>,
    /// Cases from this priority on.
    #[arg(long, value_name = "PRIORITY", value_parser = priority, default_value = "scheduled")]
    pub least: Decision,
    /// A digest after so many hours.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub interval: u32,
    /// Language of the messages.
    #[arg(long, value_name = "LANGUAGE", value_parser = values::message_language, default_value = "ja")]
    pub language: MessageLanguage,
    #[command(flatten)]
    pub acting: Acting,
}
