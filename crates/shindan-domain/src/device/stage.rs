//! The life of a device, from use to disposal. A stage holds only what exists at that stage.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::evidence::Document;
use crate::record_id::{PersonId, SightingId};
use crate::terms;

terms! {
    /// How a device stands.
    pub enum DeviceState ("device-state") {
        /// 使用中
        InUse = "in-use",
        /// 停止: its disconnection is to be confirmed.
        Stopped = "stopped",
        /// 故障: its disconnection is to be confirmed.
        Faulty = "faulty",
        /// 切離し確認済
        Disconnected = "disconnected",
        /// 再検知: seen after its disconnection had been confirmed, which is to be confirmed again.
        SeenAgain = "seen-again",
        /// 廃棄済
        Disposed = "disposed",
    }
}

terms! {
    /// Why a device is no longer used.
    pub enum StopKind ("stop-kind") {
        /// Taken out of use.
        Stopped = "stopped",
        /// Broken.
        Faulty = "faulty",
    }
}

terms! {
    /// How a device was disconnected.
    pub enum DisconnectionMeans ("disconnection-means") {
        /// Its network cable was taken out.
        CableRemoved = "cable-removed",
        /// Its port at the switch was shut.
        PortShut = "port-shut",
        /// Its wireless access was revoked.
        WirelessRevoked = "wireless-revoked",
        /// Its line was cut.
        LineCut = "line-cut",
        /// It was carried away: stored, sent to repair.
        Removed = "removed",
        /// Its account or certificate was revoked: an application.
        AccessRevoked = "access-revoked",
    }
}

/// That it is no longer used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Taken out of use, or faulty.
    pub kind: StopKind,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Who reported it.
    pub by: PersonId,
}

/// That somebody looked and it is disconnected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnection {
    /// How it was disconnected.
    pub means: DisconnectionMeans,
    /// How it was confirmed.
    pub how: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// When somebody looked.
    pub checked: Timestamp,
    /// Whose word it is.
    pub confirmed: Given,
}

/// That it is gone for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// How, and what became of the data on it.
    pub how: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// On which day in Japan.
    pub on: Date,
    /// Who recorded it.
    pub by: PersonId,
}

/// That it was seen on a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// By what it was known: address, host name, as the source has it.
    pub by_what: String,
    /// The record of the sighting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sighting: Option<SightingId>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// How a device stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceStage {
    /// Used.
    InUse {
        /// Since when, as far as the dossier knows.
        since: Timestamp,
    },
    /// No longer used; nobody has confirmed yet that it is disconnected.
    Stopped {
        /// Since when and why.
        stop: Stop,
    },
    /// Disconnected.
    Disconnected {
        /// Since when and why it is not used.
        stop: Stop,
        /// Who confirmed it and how.
        disconnection: Disconnection,
    },
    /// Gone for good.
    Disposed {
        /// Since when and why it is not used.
        stop: Stop,
        /// Who confirmed that it is disconnected, and how.
        disconnection: Disconnection,
        /// How it was disposed of.
        disposal: Disposal,
    },
    /// Seen after its disconnection had been confirmed.
    SeenAgain {
        /// Since when and why it is not used.
        stop: Stop,
        /// The confirmation that it refutes.
        refuted: Disconnection,
        /// Its disposal, if that had been recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposal: Option<Disposal>,
        /// The newest sighting.
        seen: Seen,
    },
}

impl DeviceStage {
    /// As a term.
    pub fn state(&self) -> DeviceState {
        match self {
            DeviceStage::InUse { .. } => DeviceState::InUse,
            DeviceStage::Stopped { stop } => match stop.kind {
                StopKind::Stopped => DeviceState::Stopped,
                StopKind::Faulty => DeviceState::Faulty,
            },
            DeviceStage::Disconnected { .. } => DeviceState::Disconnected,
            DeviceStage::Disposed { .. } => DeviceState::Disposed,
            DeviceStage::SeenAgain { .. } => DeviceState::SeenAgain,
        }
    }

    /// Since when its disconnection is to be confirmed; `None` if it is not.
    pub fn disconnection_open(&self) -> Option<Timestamp> {
        match self {
            DeviceStage::Stopped { stop } => Some(stop.since),
            DeviceStage::SeenAgain { seen, .. } => Some(seen.at),
            DeviceStage::InUse { .. } | DeviceStage::Disconnected { .. } | DeviceStage::Disposed { .. } => {
                None
            }
        }
    }
}

/// A step of its life that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeStep {
    /// How it stood.
    pub stage: DeviceStage,
    /// Until when.
    pub until: Timestamp,
    /// Who ended that.
    pub by: PersonId,
    /// Why, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
