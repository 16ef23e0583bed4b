//! What can happen to a device and its dossier.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    AnalysisGiven, DeviceParticulars, DisconnectionMeans, InformationGiven, RuleText, Seen, StopKind,
    UpdateDone, UpdateMethod, UseStatement,
};
use crate::approval::Word;
use crate::evidence::Document;
use crate::process::Event;

/// What can happen to a device and its dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceEvent {
    /// The dossier was opened; the device is in use.
    Registered {
        /// What the device is.
        particulars: DeviceParticulars,
    },
    /// The device is something else from now on.
    Changed {
        /// What it is now, as a whole.
        particulars: DeviceParticulars,
        /// Why.
        reason: String,
    },
    /// Information of the maker was filed.
    Informed {
        /// The information.
        information: InformationGiven,
    },
    /// How the device is used was stated and compared.
    UseStated {
        /// The use.
        statement: UseStatement,
    },
    /// The risk was analysed.
    Analysed {
        /// The analysis.
        analysis: AnalysisGiven,
    },
    /// How and when it is updated was laid down.
    UpdatesPlanned {
        /// The method.
        method: UpdateMethod,
        /// When somebody looks again.
        next: Date,
    },
    /// Somebody looked for updates, or applied one.
    Updated {
        /// What was done.
        done: UpdateDone,
        /// When somebody looks again.
        next: Date,
    },
    /// An operating rule was written.
    RuleWritten {
        /// What the writer gave.
        text: RuleText,
        /// The rule as it was printed, in both languages.
        documents: Vec<Document>,
    },
    /// The operating rule was approved and is in force.
    RuleApproved {
        /// The approver's word.
        word: Word,
    },
    /// The operating rule was sent back.
    RuleSentBack {
        /// Why.
        reason: String,
    },
    /// The device is no longer used; its disconnection is to be confirmed.
    Stopped {
        /// Taken out of use, or faulty.
        kind: StopKind,
        /// Why.
        reason: String,
        /// Since when.
        since: Timestamp,
    },
    /// Somebody looked and it is disconnected.
    DisconnectionConfirmed {
        /// How it was disconnected.
        means: DisconnectionMeans,
        /// How it was confirmed.
        how: String,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// When somebody looked.
        checked: Timestamp,
        /// Whose word it is.
        word: Word,
    },
    /// It is used again.
    BackInUse {
        /// Why: repaired, needed again.
        reason: String,
    },
    /// It is gone for good.
    Disposed {
        /// How, and what became of the data on it.
        how: String,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// On which day in Japan.
        on: Date,
    },
    /// It was seen on a network after its disconnection had been confirmed.
    SeenAgain {
        /// What was seen.
        seen: Seen,
    },
}

impl Event for DeviceEvent {}
