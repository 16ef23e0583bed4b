//! 組織・施設・システム・環境・製品・版・導入・情報機器等: who and what the other records are about, with their history
//! (SPEC.md section 3).
//!
//! One process serves them all: a record is registered, changed with a reason, and ended with a reason. What it said
//! before stays in its history. Names of organisations are not names of persons and may stand in the ledger.

mod inheritance;
mod particulars;
mod party;
mod product;
mod system;

#[cfg(test)]
mod tests;

pub use inheritance::{Inheritance, Override, inheritance, inherited_by};
pub use particulars::Particulars;
pub use party::{Party, PartyKind, PinnedKey, Site};
pub use product::{Asset, Deployment, Patcher, Product, Release, SbomVersion};
pub use system::{Environment, Purpose, ServiceState, System};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ledger::Kind;
use crate::process::{
    Event, Filed, Label, Occurrence, OutOfOrder, Process, ReasonCode, Refusal, Shown, View, text_given,
};
use crate::record_id::PersonId;
use crate::step::ended;
use crate::terms;

terms! {
    /// Whether a record of the organisation is in use.
    pub enum MasterState ("master-state") {
        /// It holds.
        Current = "current",
        /// It holds no longer; what refers to it stays readable.
        Ended = "ended",
    }
}

/// What can happen to a record of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MasterEvent<T> {
    /// Was entered.
    Registered {
        /// What it says.
        particulars: T,
    },
    /// Says something else from now on.
    Changed {
        /// What it says now, as a whole.
        particulars: T,
        /// Why.
        reason: String,
    },
    /// Holds no longer.
    Ended {
        /// Why.
        reason: String,
    },
}

impl<T: Particulars> Event for MasterEvent<T> {}

/// What a record said before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former<T> {
    /// What it said.
    pub particulars: T,
    /// Until when.
    pub until: Timestamp,
    /// Who changed it.
    pub changed_by: PersonId,
    /// Why.
    pub reason: String,
}

/// How a record ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// Who ended it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

/// A record of the organisation with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterData<T> {
    /// What it says now.
    pub particulars: T,
    /// What it said before, oldest first.
    pub history: Vec<Former<T>>,
    /// Present once it has ended.
    pub ended: Option<Ending>,
}

impl<T: Particulars> MasterData<T> {
    /// Enters a record.
    ///
    /// # Errors
    /// What [`Particulars::check`] refuses.
    pub fn register(particulars: T) -> Result<MasterEvent<T>, Refusal> {
        particulars.check()?;
        Ok(MasterEvent::Registered { particulars })
    }

    /// Changes what it says. What has a command of its own (keys, SBOMs, overrides) is not changed by this one.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::NothingChanges`], [`ReasonCode::TextMissing`] without a reason,
    /// [`ReasonCode::FieldFixed`] for what makes the record what it is; what [`Particulars::check`] refuses.
    pub fn change(&self, particulars: T, reason: String) -> Result<MasterEvent<T>, Refusal> {
        if let Some(field) = self.particulars.fixed_field_changed(&particulars) {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", field.as_str()));
        }
        self.replace(particulars, reason)
    }

    /// As [`MasterData::change`], for the commands that change what `change` may not.
    pub(crate) fn replace(&self, particulars: T, reason: String) -> Result<MasterEvent<T>, Refusal> {
        self.current()?;
        if particulars == self.particulars {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        particulars.check()?;
        Ok(MasterEvent::Changed { particulars, reason })
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<MasterEvent<T>, Refusal> {
        self.current()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(MasterEvent::Ended { reason })
    }

    /// Whether it holds.
    pub fn state(&self) -> MasterState {
        if self.ended.is_some() { MasterState::Ended } else { MasterState::Current }
    }

    /// What it said at a moment; `None` only for a moment after its end.
    pub fn at(&self, at: Timestamp) -> Option<&T> {
        if self.ended.as_ref().is_some_and(|ending| at >= ending.at) {
            return None;
        }
        let former = self.history.iter().find(|former| at < former.until);
        Some(former.map_or(&self.particulars, |former| &former.particulars))
    }

    fn current(&self) -> Result<(), Refusal> {
        match self.ended {
            None => Ok(()),
            Some(_) => Err(ended(self.state().term())),
        }
    }
}

impl<T: Particulars> Process for MasterData<T> {
    const KIND: Kind = T::KIND;
    type Event = MasterEvent<T>;

    fn apply(state: Option<Self>, event: &MasterEvent<T>, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, MasterEvent::Registered { particulars }) => {
                Ok(MasterData { particulars: particulars.clone(), history: Vec::new(), ended: None })
            }
            (Some(mut record), MasterEvent::Changed { particulars, reason }) if record.ended.is_none() => {
                let former = std::mem::replace(&mut record.particulars, particulars.clone());
                record.history.push(Former {
                    particulars: former,
                    until: when.at,
                    changed_by: when.actor.person,
                    reason: reason.clone(),
                });
                Ok(record)
            }
            (Some(mut record), MasterEvent::Ended { reason }) if record.ended.is_none() => {
                record.ended = Some(Ending { at: when.at, by: when.actor.person, reason: reason.clone() });
                Ok(record)
            }
            (Some(record), event) => Err(OutOfOrder::new(event, record.state())),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        let open = self.ended.is_none();
        let mut filed = Filed::new(self.state().term(), open, self.particulars.title());
        filed.links = self.particulars.links();
        filed.links.sort();
        filed.links.dedup();
        filed.due = self.particulars.due().filter(|_| open);
        filed
    }

    fn view(&self) -> View {
        let view = self.particulars.show(View::new(self.state().term()));
        let former = |former: &Former<T>| -> Vec<Option<Shown>> {
            vec![
                Some(former.particulars.title().into()),
                Some(former.until.into()),
                Some(former.changed_by.into()),
                Some((&former.reason).into()),
            ]
        };
        let columns = [Label::Title, Label::Until, Label::By, Label::Reason];
        let view = view.section(Label::History, &columns, self.history.iter().map(former).collect());
        match &self.ended {
            None => view.next(self.particulars.lacks()),
            Some(ending) => view
                .fact(Label::EndedAt, ending.at)
                .fact(Label::By, ending.by)
                .fact(Label::Reason, &ending.reason),
        }
    }
}
