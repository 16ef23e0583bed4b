//! 機器情報台帳 (DeviceDossier) and the life of a device (SPEC.md section 4, ⑤-1 and システム運用編 8).
//!
//! ```text
//! in use ─► stopped / faulty ─────────────► disconnected ─► disposed
//!   ▲       disconnection to be confirmed        │   │          │
//!   │          │            ▲ by whom, how       │   └──────────┤ seen again
//!   │          │            └─ seen again ◄──────┴──────────────┘
//!   └──────────┴─── back in use, with a reason (not from disposed)
//! ```
//!
//! Gates: nothing is disposed of before its disconnection was confirmed ([`Device::dispose`]); a device that is seen after
//! that is an alarm until somebody looked *later* ([`Device::seen_again`], [`Device::confirm_disconnected`]); a use other
//! than the maker intends has a case ([`Device::state_use`]); an operating rule needs the maker's information, the use, a
//! current risk analysis and an update method ([`Device::write_rule`]), holds by the word of somebody else
//! ([`Device::approve_rule`]), and no longer once the dossier says something else ([`Device::rule_state`]).

mod alarm;
mod commands;
mod dossier;
mod event;
mod life;
mod network;
mod rule;
mod shown;
mod stage;
#[cfg(test)]
mod tests;

pub use dossier::{
    AnalysisGiven, Dated, DeviceCategory, DeviceParticulars, InformationGiven, LineConnection, LineKind,
    MakerInformationKind, RemoteLine, RiskLevel, SupportEnd, UpdateCalendar, UpdateDone, UpdateMethod,
    UpdateResult, UseComparison, UseStatement,
};
pub use event::DeviceEvent;
pub use life::DisconnectionOrder;
pub use network::{MacAddress, NetworkIdentity, NotAMacAddress};
pub use rule::{Rule, RuleState, RuleText};
pub use stage::{
    DeviceStage, DeviceState, Disconnection, DisconnectionMeans, Disposal, LifeStep, Seen, Stop, StopKind,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{AssetId, SystemId};
use crate::term::Term;

/// Every term that a device can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = DeviceState::terms().collect();
    all.extend(DeviceCategory::terms());
    all.extend(MakerInformationKind::terms());
    all.extend(RiskLevel::terms());
    all.extend(UseComparison::terms());
    all.extend(LineKind::terms());
    all.extend(LineConnection::terms());
    all.extend(UpdateResult::terms());
    all.extend(StopKind::terms());
    all.extend(DisconnectionMeans::terms());
    all.extend(RuleState::terms());
    all
}

/// A device with its dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The asset of the organisation.
    pub asset: AssetId,
    /// The asset's key in the register.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// To which system it belongs.
    pub system: Option<SystemId>,
    /// What it is.
    pub category: DeviceCategory,
    /// By what it is known on the network.
    pub network: NetworkIdentity,
    /// The line by which it is maintained from outside.
    pub remote_line: Option<RemoteLine>,
    /// When its support ends, the first end first.
    pub support_ends: Vec<SupportEnd>,
    /// What the maker gave, oldest first.
    pub information: Vec<Dated<InformationGiven>>,
    /// How it is used: the last one counts.
    pub uses: Vec<Dated<UseStatement>>,
    /// Risk analyses with the facts that each knew ([`Device::facts`]): the last one counts.
    pub analyses: Vec<(u32, Dated<AnalysisGiven>)>,
    /// How and when it is updated.
    pub updates: Option<UpdateCalendar>,
    /// Operating rules, oldest first.
    pub rules: Vec<Rule>,
    /// How it stands.
    pub stage: DeviceStage,
    /// How it stood before, oldest first.
    pub past: Vec<LifeStep>,
    /// How often the facts changed on which a risk analysis rests.
    pub facts: u32,
    /// How often anything changed that an operating rule says.
    pub edition: u32,
}

impl Device {
    /// How it stands, as a term.
    pub fn state(&self) -> DeviceState {
        self.stage.state()
    }

    /// What it is, as a whole.
    pub fn particulars(&self) -> DeviceParticulars {
        DeviceParticulars {
            asset: self.asset,
            key: self.key.clone(),
            name: self.name.clone(),
            system: self.system,
            category: self.category,
            network: self.network.clone(),
            remote_line: self.remote_line.clone(),
            support_ends: self.support_ends.clone(),
        }
    }

    /// How it is used now.
    pub fn usage(&self) -> Option<&Dated<UseStatement>> {
        self.uses.last()
    }

    /// How it is used, if that is not what the maker intends.
    pub fn difference(&self) -> Option<&Dated<UseStatement>> {
        self.usage().filter(|usage| usage.given.comparison == UseComparison::Differs)
    }

    /// The first day on which some support ends.
    pub fn support_end(&self) -> Option<Date> {
        self.support_ends.iter().map(|end| end.until).min()
    }

    /// The risk analysis, if it knew all facts.
    pub fn analysis(&self) -> Option<&Dated<AnalysisGiven>> {
        self.analyses.last().filter(|(facts, _)| *facts == self.facts).map(|(_, analysis)| analysis)
    }
}

impl Process for Device {
    const KIND: Kind = Kind::Device;
    type Event = DeviceEvent;

    fn apply(state: Option<Self>, event: &DeviceEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, DeviceEvent::Registered { particulars }) => Ok(commands::registered(particulars, when)),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
            (Some(device), event) => {
                let state = device.state();
                device.changed(event, when).ok_or_else(|| OutOfOrder::new(event, state))
            }
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
