//! 許可一覧: which targets of an environment may be scanned, and networks that never are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::targets::{Protected, Resolved, Target, none_protected};
use crate::ledger::{Kind, Stream};
use crate::process::{
    Event, Filed, Label, Link, Occurrence, OutOfOrder, Process, ReasonCode, Refusal, Relation, Shown, View,
    text_given,
};
use crate::record_id::{EnvironmentId, PersonId};
use crate::sighting::IpRange;
use crate::step::ended;
use crate::terms;

terms! {
    /// Whether a list or a mark counts.
    pub enum ListState ("scan-list-state") {
        /// It counts.
        Kept = "kept",
        /// It ended.
        Ended = "ended",
    }
}

/// A target that may be scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermittedTarget {
    /// Which.
    pub target: Target,
    /// What it is, and why it may be scanned.
    pub note: String,
    /// Who permitted it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A target that was permitted once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerTarget {
    /// Which, with who permitted it.
    pub permitted: PermittedTarget,
    /// Why it no longer is.
    pub reason: String,
    /// Who removed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 許可一覧 of one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanTargets {
    /// Of which environment.
    pub environment: EnvironmentId,
    /// Its name, for lists.
    pub title: String,
    /// What may be scanned.
    pub targets: Vec<PermittedTarget>,
    /// What could be scanned once.
    pub former: Vec<FormerTarget>,
}

/// What can happen to a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanTargetsEvent {
    /// A target may be scanned.
    Permitted {
        /// Of which environment.
        environment: EnvironmentId,
        /// Its name.
        title: String,
        /// Which.
        target: Target,
        /// What it is, and why.
        note: String,
    },
    /// It no longer may.
    Removed {
        /// Which.
        target: Target,
        /// Why.
        reason: String,
    },
}

impl Event for ScanTargetsEvent {}

impl ScanTargets {
    /// Permits a target. `known`: the list as it is, if there is one.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without a note, [`ReasonCode::TargetTooWide`], [`ReasonCode::TargetProtected`],
    /// [`ReasonCode::NothingChanges`] if it is permitted already.
    pub fn permit(
        known: Option<&ScanTargets>,
        (environment, title): (EnvironmentId, &str),
        (target, note): (Target, String),
        protected: &[Protected],
        resolved: &Resolved,
    ) -> Result<ScanTargetsEvent, Refusal> {
        text_given(Label::Note.as_str(), &note)?;
        target.check()?;
        none_protected([&target], protected, resolved)?;
        if known.is_some_and(|known| known.targets.iter().any(|one| one.target == target)) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(ScanTargetsEvent::Permitted { environment, title: title.to_owned(), target, note })
    }

    /// Removes a target.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::ItemUnknown`].
    pub fn remove(&self, target: Target, reason: String) -> Result<ScanTargetsEvent, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        if !self.targets.iter().any(|one| one.target == target) {
            return Err(Refusal::new(ReasonCode::ItemUnknown).with("value", target));
        }
        Ok(ScanTargetsEvent::Removed { target, reason })
    }
}

impl Process for ScanTargets {
    const KIND: Kind = Kind::ScanTargets;
    type Event = ScanTargetsEvent;

    fn apply(state: Option<Self>, event: &ScanTargetsEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        match (state, event) {
            (state, ScanTargetsEvent::Permitted { environment, title, target, note }) => {
                let mut list = state.unwrap_or_else(|| ScanTargets {
                    environment: *environment,
                    title: title.clone(),
                    targets: Vec::new(),
                    former: Vec::new(),
                });
                list.title.clone_from(title);
                list.targets.push(PermittedTarget { target: target.clone(), note: note.clone(), by, at });
                Ok(list)
            }
            (Some(mut list), ScanTargetsEvent::Removed { target, reason }) => {
                let at_place = list.targets.iter().position(|one| one.target == *target);
                let Some(place) = at_place else { return Err(OutOfOrder::new(event, ListState::Kept)) };
                let permitted = list.targets.remove(place);
                list.former.push(FormerTarget { permitted, reason: reason.clone(), by, at });
                Ok(list)
            }
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        let mut filed = Filed::new(ListState::Kept.term(), false, &self.title);
        let environment = Stream::new(Kind::Environment, self.environment);
        filed.links = vec![Link::record(Relation::PartOf, environment)];
        filed
    }

    fn view(&self) -> View {
        let row = |one: &PermittedTarget| -> Vec<Option<Shown>> {
            vec![
                Some(one.target.to_string().into()),
                Some((&one.note).into()),
                Some(one.by.into()),
                Some(one.at.into()),
            ]
        };
        let former = |one: &FormerTarget| -> Vec<Option<Shown>> {
            vec![
                Some(one.permitted.target.to_string().into()),
                Some((&one.reason).into()),
                Some(one.by.into()),
                Some(one.at.into()),
            ]
        };
        View::new(ListState::Kept.term())
            .fact(Label::Environment, Stream::new(Kind::Environment, self.environment))
            .section(
                Label::ScanTargets,
                &[Label::Target, Label::Note, Label::By, Label::At],
                self.targets.iter().map(row).collect(),
            )
            .section(
                Label::FormerTargets,
                &[Label::Target, Label::Reason, Label::By, Label::At],
                self.former.iter().map(former).collect(),
            )
    }
}

/// 診療系ネットワーク: addresses on which care depends. Nothing on it is ever scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicalNetwork {
    /// What it is called.
    pub name: String,
    /// Its addresses.
    pub range: IpRange,
    /// What depends on it.
    pub note: String,
    /// Why it is no longer one, once that was said.
    pub ended: Option<String>,
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClinicalNetworkEvent {
    /// It is marked.
    Marked {
        /// What it is called.
        name: String,
        /// Its addresses.
        range: IpRange,
        /// What depends on it.
        note: String,
    },
    /// It is no longer one.
    Unmarked {
        /// Why.
        reason: String,
    },
}

impl Event for ClinicalNetworkEvent {}

impl ClinicalNetwork {
    /// Marks a network.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`].
    pub fn mark(name: String, range: IpRange, note: String) -> Result<ClinicalNetworkEvent, Refusal> {
        text_given(Label::Name.as_str(), &name)?;
        text_given(Label::Note.as_str(), &note)?;
        Ok(ClinicalNetworkEvent::Marked { name, range, note })
    }

    /// Takes the mark away.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn unmark(&self, reason: String) -> Result<ClinicalNetworkEvent, Refusal> {
        if self.ended.is_some() {
            return Err(ended(ListState::Ended.term()));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ClinicalNetworkEvent::Unmarked { reason })
    }

    fn state(&self) -> ListState {
        if self.ended.is_some() { ListState::Ended } else { ListState::Kept }
    }
}

impl Process for ClinicalNetwork {
    const KIND: Kind = Kind::ClinicalNetwork;
    type Event = ClinicalNetworkEvent;

    fn apply(state: Option<Self>, event: &ClinicalNetworkEvent, _: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, ClinicalNetworkEvent::Marked { name, range, note }) => {
                Ok(ClinicalNetwork { name: name.clone(), range: *range, note: note.clone(), ended: None })
            }
            (Some(mut network), ClinicalNetworkEvent::Unmarked { reason }) if network.ended.is_none() => {
                network.ended = Some(reason.clone());
                Ok(network)
            }
            (Some(network), event) => Err(OutOfOrder::new(event, network.state())),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        Filed::new(self.state().term(), self.ended.is_none(), format!("{} {}", self.name, self.range))
    }

    fn view(&self) -> View {
        View::new(self.state().term())
            .fact(Label::Name, &self.name)
            .fact(Label::Network, self.range.to_string())
            .fact(Label::Note, &self.note)
            .maybe(Label::Reason, self.ended.as_ref())
    }
}
