//! 定期確認: the planning manager instructs, the operator and the providers report, the manager judges (企画管理編 9,
//! SPEC.md section 4).
//!
//! ```text
//! instructed ─► reported (item by item, from live data) ─► judged: fit / not fit ─► measure until a day ─► closed ─► next
//! ```

mod commands;
mod event;
mod report;
mod shown;

#[cfg(test)]
mod tests;

pub use commands::ReportDraft;
pub use event::{ActionDraft, InstructionEvent};
pub use report::{Action, AssetLine, Done, Report, Respondent, Snapshot};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{PersonId, SystemId};
use crate::terms;

terms! {
    /// How far an instruction has come.
    pub enum InstructionState ("instruction-state") {
        /// 指示済み: reports are outstanding.
        Instructed = "instructed",
        /// 報告済み: every item is reported, not every one is judged.
        Reported = "reported",
        /// 処置中: an item is not fit and its measure is not done.
        InAction = "in-action",
        /// 完了待ち: nothing is left but to close it.
        Ready = "ready",
        /// 完了
        Closed = "closed",
        /// 取りやめ
        Cancelled = "cancelled",
    }
}

terms! {
    /// What the manager judges.
    pub enum Fitness ("fitness") {
        /// 適
        Fit = "fit",
        /// 否
        NotFit = "not-fit",
    }
}

/// One thing to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its key, unique in the instruction.
    pub key: String,
    /// What is to be confirmed.
    pub question: String,
    /// About which system; `None`: about all of the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// Who reports.
    pub respondent: Respondent,
}

/// What is instructed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionDraft {
    /// What it is called in lists.
    pub title: String,
    /// Which systems it covers: at least one.
    pub scope: Vec<SystemId>,
    /// What is to be confirmed: at least one item.
    pub items: Vec<Item>,
    /// Until when the reports are expected, a day in Japan.
    pub due: Date,
    /// After how many days it is done again, if it is regular. From the approved policy or the manager's decision; no
    /// guideline of the page gives a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_days: Option<u16>,
}

/// A judgement of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemJudgement {
    /// Fit or not.
    pub fitness: Fitness,
    /// Why.
    pub reason: String,
    /// Who judged.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What is done if it is not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
}

/// How far an item has come. A stage holds only what exists at that stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStage {
    /// The report is outstanding.
    Asked,
    /// Reported, to be judged.
    Reported {
        /// The report.
        report: Report,
    },
    /// Judged.
    Judged {
        /// The report.
        report: Report,
        /// The judgement.
        judgement: ItemJudgement,
    },
}

impl ItemStage {
    /// The report, if there is one.
    pub fn report(&self) -> Option<&Report> {
        match self {
            ItemStage::Asked => None,
            ItemStage::Reported { report } | ItemStage::Judged { report, .. } => Some(report),
        }
    }

    /// The judgement, if there is one.
    pub fn judgement(&self) -> Option<&ItemJudgement> {
        match self {
            ItemStage::Judged { judgement, .. } => Some(judgement),
            ItemStage::Asked | ItemStage::Reported { .. } => None,
        }
    }

    /// The measure that is not done.
    pub fn open_action(&self) -> Option<&Action> {
        self.judgement()?.action.as_ref().filter(|action| action.done.is_none())
    }
}

/// How an instruction ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstructionEnd {
    /// Every item is judged and every measure is done.
    Closed {
        /// Who closed it.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// When it is to be done again, a day in Japan.
        next: Option<Date>,
    },
    /// It was given up.
    Cancelled {
        /// Why.
        reason: String,
    },
}

/// 定期確認の指示
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// What is instructed.
    pub draft: InstructionDraft,
    /// Who instructed.
    pub instructed_by: PersonId,
    /// When.
    pub at: Timestamp,
    /// How far each item has come, by key.
    pub items: BTreeMap<String, ItemStage>,
    /// Earlier reports and judgements of items that were asked again.
    pub earlier: Vec<(String, ItemStage)>,
    /// Present once it has ended.
    pub end: Option<InstructionEnd>,
}

impl Instruction {
    /// How far it has come.
    pub fn state(&self) -> InstructionState {
        match self.end {
            Some(InstructionEnd::Closed { .. }) => return InstructionState::Closed,
            Some(InstructionEnd::Cancelled { .. }) => return InstructionState::Cancelled,
            None => {}
        }
        if self.items.values().any(|stage| *stage == ItemStage::Asked) {
            InstructionState::Instructed
        } else if self.items.values().any(|stage| stage.judgement().is_none()) {
            InstructionState::Reported
        } else if self.items.values().any(|stage| stage.open_action().is_some()) {
            InstructionState::InAction
        } else {
            InstructionState::Ready
        }
    }

    /// The next day on which something is due: reports, or the first measure that is not done.
    pub fn due(&self) -> Option<Date> {
        match self.state() {
            InstructionState::Instructed | InstructionState::Reported | InstructionState::Ready => {
                Some(self.draft.due)
            }
            InstructionState::InAction => {
                self.items.values().filter_map(|stage| Some(stage.open_action()?.due)).min()
            }
            InstructionState::Closed => match &self.end {
                Some(InstructionEnd::Closed { next, .. }) => *next,
                _ => None,
            },
            InstructionState::Cancelled => None,
        }
    }

    /// True if something should have been done before this day. A closed one is overdue once its next day has passed:
    /// the caller tells whether the next one exists.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due().is_some_and(|due| today > due)
    }

    /// What the next instruction will ask, once this one is closed and has a next day.
    pub fn successor(&self) -> Option<InstructionDraft> {
        match &self.end {
            Some(InstructionEnd::Closed { next: Some(next), .. }) => {
                Some(InstructionDraft { due: *next, ..self.draft.clone() })
            }
            _ => None,
        }
    }
}

impl Process for Instruction {
    const KIND: Kind = Kind::Instruction;
    type Event = InstructionEvent;

    fn apply(state: Option<Self>, event: &InstructionEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, InstructionEvent::Instructed { draft }) => Ok(Instruction {
                draft: draft.clone(),
                instructed_by: when.actor.person,
                at: when.at,
                items: draft.items.iter().map(|item| (item.key.clone(), ItemStage::Asked)).collect(),
                earlier: Vec::new(),
                end: None,
            }),
            (Some(instruction), event) => instruction.changed(event, when),
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
