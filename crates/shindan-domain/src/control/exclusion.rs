//! 対象外: that a control does not apply, proposed with a reason, approved by another person, until it is reviewed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::{Given, Word};
use crate::calendar::day;
use crate::case::Step;
use crate::ledger::Kind;
use crate::process::{
    Event, Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// State of an exclusion.
    pub enum ExclusionState ("exclusion-state") {
        /// Waits for approval; the control applies.
        Proposed = "proposed",
        /// The control does not apply.
        Approved = "approved",
        /// Was not approved; the control applies.
        Rejected = "rejected",
        /// Was taken back; the control applies again.
        Withdrawn = "withdrawn",
        /// Its review date has passed; the control applies again.
        Expired = "expired",
    }
}

/// What can happen to an exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExclusionEvent {
    /// Was proposed.
    Proposed {
        /// The control or requirement: `2-3`, `kikaku-9`.
        control: String,
        /// Why it does not apply.
        reason: String,
        /// Last day on which it counts.
        until: Date,
    },
    /// Was approved.
    Approved {
        /// By whom.
        word: Word,
    },
    /// Was not approved.
    Rejected {
        /// Why.
        reason: String,
    },
    /// Was taken back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Its review date has passed.
    Expired,
}

impl Event for ExclusionEvent {}

/// That a control does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// State.
    pub state: ExclusionState,
    /// The control or requirement.
    pub control: String,
    /// Why it does not apply.
    pub reason: String,
    /// Last day on which it counts.
    pub until: Date,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Timestamp,
    /// The approval.
    pub approval: Option<Given>,
    /// When it ceased to count.
    pub ended_at: Option<Timestamp>,
    /// Why it was rejected or withdrawn.
    pub ended_because: Option<String>,
}

impl Exclusion {
    /// Proposes that a control does not apply. The caller has checked that a catalogue has it.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] for control or reason; [`ReasonCode::DateNotInFuture`] for the review date.
    pub fn propose(
        control: String,
        reason: String,
        until: Date,
        by: &Occurrence,
    ) -> Result<ExclusionEvent, Refusal> {
        text_given(Label::Control.as_str(), &control)?;
        text_given(Label::Reason.as_str(), &reason)?;
        in_future(until, by)?;
        Ok(ExclusionEvent::Proposed { control, reason, until })
    }

    fn in_state(&self, state: ExclusionState, step: Step) -> Result<(), Refusal> {
        if self.state == state { Ok(()) } else { Err(Refusal::out_of_order(self.state, step)) }
    }

    /// Approves it.
    ///
    /// # Errors
    /// [`ReasonCode::SamePerson`] for who proposed it; [`ReasonCode::StepOutOfOrder`]; [`ReasonCode::DateNotInFuture`].
    pub fn approve(&self, word: Word, by: &Occurrence) -> Result<ExclusionEvent, Refusal> {
        self.in_state(ExclusionState::Proposed, Step::Approve)?;
        in_future(self.until, by)?;
        word.check_apart(by, [self.proposed_by], Step::Propose.as_str(), Step::Approve.as_str())?;
        Ok(ExclusionEvent::Approved { word })
    }

    /// Does not approve it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`].
    pub fn reject(&self, reason: String) -> Result<ExclusionEvent, Refusal> {
        self.in_state(ExclusionState::Proposed, Step::Reject)?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ExclusionEvent::Rejected { reason })
    }

    /// Takes it back: the control applies again.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`].
    pub fn withdraw(&self, reason: String) -> Result<ExclusionEvent, Refusal> {
        self.in_state(ExclusionState::Approved, Step::Withdraw)?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ExclusionEvent::Withdrawn { reason })
    }

    /// Ends it after its review date. The scheduler asks daily; the status of a day does not wait for it.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] before that day, or if it does not count anyway.
    pub fn expire(&self, by: &Occurrence) -> Result<ExclusionEvent, Refusal> {
        if self.state == ExclusionState::Approved && self.until < day(by.at) {
            return Ok(ExclusionEvent::Expired);
        }
        Err(Refusal::new(ReasonCode::NothingChanges))
    }

    /// True if the control did not apply on this day.
    pub fn counts_on(&self, date: Date) -> bool {
        let approved = self.approval.as_ref().is_some_and(|given| day(given.at) <= date);
        approved && date <= self.until && self.ended_at.is_none_or(|end| date < day(end))
    }

    fn end(mut self, state: ExclusionState, because: Option<&String>, when: &Occurrence) -> Self {
        self.state = state;
        self.ended_at = Some(when.at);
        self.ended_because = because.cloned();
        self
    }
}

fn in_future(until: Date, by: &Occurrence) -> Result<(), Refusal> {
    if until > day(by.at) {
        return Ok(());
    }
    let refusal = Refusal::new(ReasonCode::DateNotInFuture);
    Err(refusal.with("field", Label::Until.as_str()).with("date", until))
}

impl Process for Exclusion {
    const KIND: Kind = Kind::Control;
    type Event = ExclusionEvent;

    fn apply(state: Option<Self>, event: &ExclusionEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        use ExclusionState::{Approved, Expired, Proposed, Rejected, Withdrawn};
        let name = state.as_ref().map_or("nothing", |exclusion| exclusion.state.as_str());
        let out_of_order = OutOfOrder::new(event, name);
        let current = state.as_ref().map(|exclusion| exclusion.state);
        match (state, current, event) {
            (None, _, ExclusionEvent::Proposed { control, reason, until }) => Ok(Exclusion {
                state: Proposed,
                control: control.clone(),
                reason: reason.clone(),
                until: *until,
                proposed_by: when.actor.person,
                proposed_at: when.at,
                approval: None,
                ended_at: None,
                ended_because: None,
            }),
            (Some(mut exclusion), Some(Proposed), ExclusionEvent::Approved { word }) => {
                exclusion.state = Approved;
                exclusion.approval = Some(word.clone().given(when));
                Ok(exclusion)
            }
            (Some(exclusion), Some(Proposed), ExclusionEvent::Rejected { reason }) => {
                Ok(exclusion.end(Rejected, Some(reason), when))
            }
            (Some(exclusion), Some(Approved), ExclusionEvent::Withdrawn { reason }) => {
                Ok(exclusion.end(Withdrawn, Some(reason), when))
            }
            (Some(exclusion), Some(Approved), ExclusionEvent::Expired) => {
                Ok(exclusion.end(Expired, None, when))
            }
            _ => Err(out_of_order),
        }
    }

    fn filed(&self) -> Filed {
        let open = matches!(self.state, ExclusionState::Proposed | ExclusionState::Approved);
        let mut filed = Filed::new(self.state.term(), open, self.control.clone());
        filed.due = open.then_some(self.until);
        filed
    }

    fn view(&self) -> View {
        let next = match self.state {
            ExclusionState::Proposed => {
                Some(Reason::new(ReasonCode::ExclusionAwaitsApproval).with("control", &self.control))
            }
            ExclusionState::Approved => {
                Some(Reason::new(ReasonCode::ExclusionReviewDue).with("date", self.until))
            }
            _ => None,
        };
        View::new(self.state.term())
            .fact(Label::Control, &self.control)
            .fact(Label::Reason, &self.reason)
            .fact(Label::Until, self.until)
            .fact(Label::By, self.proposed_by)
            .fact(Label::Proposed, self.proposed_at)
            .maybe(Label::Note, self.ended_because.as_ref())
            .section(Label::Approval, &Given::COLUMNS, self.approval.iter().map(Given::row).collect())
            .next(next)
    }
}
