//! 検知: what is seen on the network beside what is registered (SPEC.md section 4, ⑤-1 and システム運用編 8).
//!
//! ```text
//! file ─► SightingReport (formats) ─┐
//! register, dossiers ─► KnownDevice ┴► compare ─► Discrepancy[] + doubts ─► refresh ─► one record for each discrepancy
//!
//! open ─► explained until a day ─┐
//!  │ ├──► registered ────────────┤
//!  │ └──► resolved ──────────────┴─► open again, if it is seen again
//! ```
//!
//! *Retired but seen* is never explained away: only a disconnection that was confirmed after the last sighting closes it, or
//! that the device is in use again.

mod commands;
mod compare;
mod event;
mod import;
mod known;
mod mac;
mod merge;
mod observed;
mod range;
mod refresh;
mod shown;

#[cfg(test)]
mod tests;

pub use compare::{
    Absence, Comparison, Discrepancy, Evidence, SightingKind, Suspect, Watch, absent, compare,
    is_same_version,
};
pub use event::SightingEvent;
pub use import::{ComparisonCounts, ImportState, ReadFile, SightingImport, SightingImportEvent};
pub use known::{KnownDevice, KnownState, MatchBasis};
pub use mac::{MacAddress, NotAMacAddress};
pub use merge::Sight;
pub use observed::{Lease, LeaseState, Observed, SightingFormat, SightingReport, Skipped};
pub use range::{IpRange, NotARange};
pub use refresh::{Plan, refresh};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::PersonId;
use crate::term::Term;
use crate::terms;

terms! {
    /// How far a discrepancy has come.
    pub enum SightingState ("sighting-state") {
        /// 未対応: something is to be done.
        Open = "open",
        /// 説明済み: right as it is, until a day.
        Explained = "explained",
        /// 登録済み: it is this registered device.
        Registered = "registered",
        /// 解消: it is no more.
        Resolved = "resolved",
    }
}

terms! {
    /// How a discrepancy came to its end.
    pub enum Resolution ("sighting-resolution") {
        /// The device is registered now.
        Known = "known",
        /// It has a record of its own by its hardware address.
        SameDevice = "same-device",
        /// The retired device is in use again.
        InUseAgain = "in-use-again",
        /// The device's disconnection was confirmed after it was last seen.
        Disconnected = "disconnected",
        /// The missing device was seen.
        Seen = "seen",
        /// What was seen is what is registered.
        AsRegistered = "as-registered",
        /// The missing or changed device is not in use any more.
        NotInUse = "not-in-use",
    }
}

/// How far it has come. A stage holds only what exists at that stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SightingStage {
    /// Something is to be done.
    Open {
        /// Since when.
        since: Timestamp,
    },
    /// Right as it is, until a day.
    Explained {
        /// Why.
        reason: String,
        /// Last day on which that counts.
        until: Date,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// It is this device of the register.
    Registered {
        /// Key in the register.
        key: String,
        /// What people call it.
        label: String,
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// It is no more.
    Resolved {
        /// How.
        how: Resolution,
        /// When the device was seen, or its disconnection confirmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_at: Option<Timestamp>,
        /// In whose act that was found.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// A discrepancy between the network and the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What does not fit, with what was seen last.
    pub found: Discrepancy,
    /// When it was first seen, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Timestamp>,
    /// How far it has come.
    pub stage: SightingStage,
    /// Stages that it was in before it was opened again, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<SightingStage>,
}

impl Sighting {
    /// How far it has come.
    pub fn state(&self) -> SightingState {
        match self.stage {
            SightingStage::Open { .. } => SightingState::Open,
            SightingStage::Explained { .. } => SightingState::Explained,
            SightingStage::Registered { .. } => SightingState::Registered,
            SightingStage::Resolved { .. } => SightingState::Resolved,
        }
    }

    /// What lists show: while it is open, what does not fit; then how it ended.
    pub fn status(&self) -> Term {
        if self.is_open() { self.found.kind.term() } else { self.state().term() }
    }

    /// True while something is to be done.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, SightingStage::Open { .. })
    }

    /// The key of the device that it is about, among those that are known now; its identity, if it is about none of them. A
    /// device that had its place in the register is found by its dossier when another one has that place: what was seen of the
    /// old device is never told of the new one.
    pub fn known_as<'a>(&'a self, by_dossier: &BTreeMap<Stream, &'a str>) -> &'a str {
        let dossier = self.found.device.as_ref().and_then(|device| device.stream);
        let own = dossier
            .filter(|stream| stream.kind == Kind::Device && self.found.kind != SightingKind::UnknownDevice);
        own.and_then(|stream| by_dossier.get(&stream).copied()).unwrap_or(&self.found.identity)
    }

    /// The device that it is about, if it is known.
    pub fn device<'a>(&self, devices: &'a [KnownDevice]) -> Option<&'a KnownDevice> {
        let by_dossier = known::by_dossier(devices);
        let key = self.known_as(&by_dossier);
        devices.iter().find(|device| device.key == key)
    }

    /// What it is called in lists: the device, else what was seen of it.
    pub fn title(&self) -> String {
        let evidence = &self.found.evidence;
        let known = || self.found.device.as_ref().map(|device| device.label.clone());
        match self.found.kind {
            SightingKind::UnknownDevice | SightingKind::RandomisedDevice => {
                let identity =
                    self.found.identity.split_once(':').map_or(self.found.identity.as_str(), |(_, id)| id);
                let name = evidence.names.first().filter(|name| known::folded(name) != identity);
                let parts = [Some(identity), name.map(String::as_str), evidence.vendor.as_deref()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            _ => known().unwrap_or_else(|| self.found.identity.clone()),
        }
    }
}

impl Process for Sighting {
    const KIND: Kind = Kind::Sighting;
    type Event = SightingEvent;

    fn apply(state: Option<Self>, event: &SightingEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, SightingEvent::Opened(found)) => Ok(Sighting {
                first_seen: found.evidence.last_seen,
                found: found.clone(),
                stage: SightingStage::Open { since: when.at },
                past: Vec::new(),
            }),
            (Some(sighting), event) => sighting.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
