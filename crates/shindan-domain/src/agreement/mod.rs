//! 役割分担合意: who does what for a system, agreed between the institution, its provider and whoever else takes part
//! (SPEC.md section 4, ⑤-1).
//!
//! ```text
//! draft ─► proposed ─► discussed item by item ─► each party confirmed ─► in force ─► revised: a further version is a draft
//!   ▲─────────┘ withdrawn                                                   │
//!                                                 a device changes: re-opened until a further version is in force
//! ```
//!
//! A confirmation is of a content, named by its hash: what is changed afterwards is not confirmed. A version is valid from its
//! first day to its day of review, and while nothing on which it rests has changed; the version before it stays valid until
//! the first day of the next one.

mod commands;
mod content;
mod coverage;
mod difference;
mod discussion;
mod edits;
mod event;
mod file;
mod service;
mod shown;
mod template;
mod transitions;

#[cfg(test)]
mod tests;

pub use commands::{Between, Draft};
pub use content::{Assignment, Content, Coverage, Duty, DutyTopic, Involvement, Member};
pub use coverage::{CoverageKind, Covered, NotACoverage, Thing};
pub use difference::{Difference, DifferenceKind, differences};
pub use discussion::{Discussion, Remark, Stance};
pub use event::AgreementEvent;
pub use file::{AgreementFile, FILE_SCHEMA, FileConfirmation, FileDiscussion};
pub use service::{Needing, ServiceFacts, came_and_went, causes, comings, needs_agreement};
pub use template::{Template, TemplateDuty};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::ledger::{Hash, Kind};
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{PartyId, PersonId, SystemId};
use crate::term::Term;
use crate::terms;

terms! {
    /// How far an agreement has come.
    pub enum AgreementState ("agreement-state") {
        /// 下書き
        Draft = "draft",
        /// 提案・協議中
        Proposed = "proposed",
        /// 発効: every party confirmed it.
        InForce = "in-force",
        /// 再協議要: something changed on which it rests.
        Reopened = "reopened",
        /// 終了
        Ended = "ended",
    }
}

terms! {
    /// Whether an agreement counts on a day.
    pub enum Standing ("agreement-standing") {
        /// 有効
        Valid = "valid",
        /// No version was confirmed by every party.
        NotConfirmed = "not-confirmed",
        /// Its first day has not come.
        NotYet = "not-yet",
        /// Its day of review has passed.
        ReviewPassed = "review-passed",
        /// Something changed on which it rests.
        Reopened = "reopened",
        /// The system has another operator or provider than those who signed.
        OtherParties = "other-parties",
        /// It ended.
        Ended = "ended",
    }
}

terms! {
    /// What re-opens an agreement.
    pub enum CauseKind ("reopening-cause") {
        /// A device was added to the system.
        DeviceAdded = "device-added",
        /// A device left the system.
        DeviceRemoved = "device-removed",
        /// A device is of another kind.
        DeviceKind = "device-kind",
        /// A device is used otherwise.
        DeviceUse = "device-use",
        /// A device is connected otherwise.
        DeviceConnection = "device-connection",
        /// Another cause.
        Other = "other",
    }
}

/// What re-opens an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What kind of change.
    pub kind: CauseKind,
    /// Which device, by key or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    /// What changed, in words that people gave.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// That it was re-opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// Why.
    pub cause: Cause,
    /// By whose step.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The version that took it into account: confirmed after it. `None`: it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_by: Option<u32>,
}

/// A party's confirmation of a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// What it confirmed.
    pub hash: Hash,
    /// Its word.
    pub given: Given,
}

/// A confirmation that counts no longer, because the content was changed or something re-opened it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// Whose.
    pub party: String,
    /// The confirmation.
    pub confirmation: Confirmation,
    /// Since when it counts no longer.
    pub at: Timestamp,
}

/// A version that every party confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What it says.
    pub content: Content,
    /// Its hash.
    pub hash: Hash,
    /// Whose word, by name.
    pub confirmed: BTreeMap<String, Given>,
    /// When the last party confirmed.
    pub at: Timestamp,
}

/// How far it has come. A stage holds only what exists at that stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementStage {
    /// The content is being written.
    Draft,
    /// The content is discussed and confirmed.
    Proposed {
        /// Who proposed it.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// Who confirmed the content as it is now, by name.
        confirmed: BTreeMap<String, Confirmation>,
    },
    /// The content is that of the last version.
    InForce,
    /// It ended.
    Ended {
        /// Why.
        reason: String,
        /// Who ended it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// 役割分担合意
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The system that it is about.
    pub system: SystemId,
    /// Which party here each name means.
    pub bound: BTreeMap<String, PartyId>,
    /// What it says: the last version, or the one that is being worked on.
    pub content: Content,
    /// How far that has come.
    pub stage: AgreementStage,
    /// What was said about each duty, by key.
    pub discussion: BTreeMap<String, Discussion>,
    /// Versions that every party confirmed, oldest first.
    pub versions: Vec<Version>,
    /// Confirmations that count no longer.
    pub voided: Vec<Voided>,
    /// What re-opened it, oldest first.
    pub reopened: Vec<Reopening>,
}

impl Agreement {
    /// How far it has come.
    pub fn state(&self) -> AgreementState {
        match self.stage {
            AgreementStage::Draft => AgreementState::Draft,
            AgreementStage::Proposed { .. } => AgreementState::Proposed,
            AgreementStage::InForce if self.open_reopenings().next().is_some() => AgreementState::Reopened,
            AgreementStage::InForce => AgreementState::InForce,
            AgreementStage::Ended { .. } => AgreementState::Ended,
        }
    }

    /// True once it has ended.
    pub fn is_ended(&self) -> bool {
        matches!(self.stage, AgreementStage::Ended { .. })
    }

    /// What re-opened it and was not taken into account by a version since.
    pub fn open_reopenings(&self) -> impl Iterator<Item = &Reopening> {
        self.reopened.iter().filter(|one| one.renewed_by.is_none())
    }

    /// The version whose turn it is on a day, whether or not it counts: the last one whose first day has come.
    pub fn version_on(&self, today: Date) -> Option<&Version> {
        self.versions.iter().rfind(|version| version.content.from <= today)
    }

    /// Whether it counts on a day.
    pub fn standing(&self, today: Date) -> Standing {
        if self.is_ended() {
            return Standing::Ended;
        }
        if self.versions.is_empty() {
            return Standing::NotConfirmed;
        }
        let Some(version) = self.version_on(today) else { return Standing::NotYet };
        if version.content.review < today {
            return Standing::ReviewPassed;
        }
        // A version that renews it counts from its own first day, not from the day on which it was confirmed.
        let is_open = |one: &Reopening| one.renewed_by.is_none_or(|by| by > version.content.version);
        match self.reopened.iter().any(is_open) {
            true => Standing::Reopened,
            false => Standing::Valid,
        }
    }

    /// The version that counts on a day, if one does.
    pub fn valid_on(&self, today: Date) -> Option<&Version> {
        self.version_on(today).filter(|_| self.standing(today) == Standing::Valid)
    }

    /// Who confirmed the content as it is now, by name.
    pub fn confirmed(&self) -> Option<&BTreeMap<String, Confirmation>> {
        match &self.stage {
            AgreementStage::Proposed { confirmed, .. } => Some(confirmed),
            _ => None,
        }
    }
}

impl Process for Agreement {
    const KIND: Kind = Kind::Agreement;
    type Event = AgreementEvent;

    fn apply(state: Option<Self>, event: &AgreementEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, AgreementEvent::Drafted { system, bound, content, .. }) => Ok(Agreement {
                system: *system,
                bound: bound.clone(),
                content: content.clone(),
                stage: AgreementStage::Draft,
                discussion: BTreeMap::new(),
                versions: Vec::new(),
                voided: Vec::new(),
                reopened: Vec::new(),
            }),
            (Some(agreement), event) => agreement.changed(event, when),
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

/// Every term that agreements can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = AgreementState::terms().collect();
    all.extend(Standing::terms());
    all.extend(CauseKind::terms());
    all.extend(Involvement::terms());
    all.extend(DutyTopic::terms());
    all.extend(CoverageKind::terms());
    all.extend(DifferenceKind::terms());
    all.extend(Stance::terms());
    all
}
