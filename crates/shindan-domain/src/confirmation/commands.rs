//! What can be asked of an instruction, and what follows from what happened.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Action, ActionDraft, Done, Fitness, Instruction, InstructionDraft, InstructionEnd, InstructionEvent,
    Item, ItemJudgement, ItemStage, Report, Respondent, Snapshot,
};
use crate::approval::Word;
use crate::calendar::{in_future, not_in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal, text_given};
use crate::step::{Spoken, Step, out_of_order};

/// A report as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDraft {
    /// Key of the item.
    pub item: String,
    /// What the program knows at this moment.
    pub snapshot: Snapshot,
    /// What the reporter says.
    pub statement: String,
    /// What it rests on.
    pub documents: Vec<Document>,
}

impl Instruction {
    /// Instructs.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::ScopeMissing`], [`ReasonCode::QuestionsMissing`],
    /// [`ReasonCode::QuestionTwice`], [`ReasonCode::ItemUnknown`] for a system outside the scope,
    /// [`ReasonCode::DateNotInFuture`].
    pub fn instruct(draft: InstructionDraft, by: &Occurrence) -> Result<InstructionEvent, Refusal> {
        text_given(Label::Title.as_str(), &draft.title)?;
        if draft.scope.is_empty() {
            return Err(Refusal::new(ReasonCode::ScopeMissing));
        }
        if draft.items.is_empty() {
            return Err(Refusal::new(ReasonCode::QuestionsMissing));
        }
        let mut keys = BTreeSet::new();
        for item in &draft.items {
            text_given(Label::Item.as_str(), &item.key)?;
            text_given(Label::Question.as_str(), &item.question)?;
            if !keys.insert(&item.key) {
                return Err(Refusal::new(ReasonCode::QuestionTwice).with("question", &item.key));
            }
            if let Some(system) = item.system.filter(|system| !draft.scope.contains(system)) {
                let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", system);
                return Err(refusal.with("field", Label::System.as_str()));
            }
        }
        in_future(Label::Due, draft.due, by)?;
        Ok(InstructionEvent::Instructed { draft })
    }

    /// Reports about an item: by the operator who was asked, or for the party that was asked.
    ///
    /// # Errors
    /// [`ReasonCode::OtherRespondent`], [`ReasonCode::OtherParty`], [`ReasonCode::StepOutOfOrder`] once it is judged,
    /// [`ReasonCode::ItemUnknown`], [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`].
    pub fn report(
        &self,
        report: ReportDraft,
        spoken: Spoken,
        by: &Occurrence,
    ) -> Result<InstructionEvent, Refusal> {
        let (item, stage) = self.item(&report.item, Step::Report)?;
        if stage.judgement().is_some() {
            return Err(self.refused(Step::Report));
        }
        text_given(Label::Statement.as_str(), &report.statement)?;
        not_in_future(Label::At, report.snapshot.at, by)?;
        report.documents.iter().try_for_each(Document::check)?;
        match item.respondent {
            Respondent::Party(party) => spoken.check_party(party)?,
            Respondent::Operator(person) => check_operator(&spoken.word, person, by)?,
        }
        let ReportDraft { item, snapshot, statement, documents } = report;
        Ok(InstructionEvent::Reported { item, snapshot, statement, documents, word: spoken.word })
    }

    /// Asks again because a report is not enough, or because a measure changed what was reported.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] without a report, [`ReasonCode::TextMissing`], [`ReasonCode::ItemUnknown`].
    pub fn ask_again(&self, item: String, reason: String) -> Result<InstructionEvent, Refusal> {
        let (_, stage) = self.item(&item, Step::Reject)?;
        if *stage == ItemStage::Asked {
            return Err(self.refused(Step::Reject).missing(self.missing()));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(InstructionEvent::AskedAgain { item, reason })
    }

    /// Judges an item, by somebody who did not report it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] without a report, [`ReasonCode::SamePerson`], [`ReasonCode::ActionMissing`] if not
    /// fit and nothing is to be done, [`ReasonCode::TextMissing`], [`ReasonCode::DateNotInFuture`].
    pub fn judge(
        &self,
        item: String,
        fitness: Fitness,
        reason: String,
        action: Option<ActionDraft>,
        by: &Occurrence,
    ) -> Result<InstructionEvent, Refusal> {
        let (_, stage) = self.item(&item, Step::Judge)?;
        let ItemStage::Reported { report } = stage else {
            return Err(self.refused(Step::Judge).missing(self.missing()));
        };
        let reporters = [report.given.giver(), Some(report.given.recorded_by)];
        let judge = by.actor.person;
        if reporters.into_iter().flatten().any(|reporter| reporter == judge) {
            let reason = Reason::new(ReasonCode::SamePerson).with("first", Step::Report);
            return Err(reason.with("second", Step::Judge).into());
        }
        text_given(Label::Reason.as_str(), &reason)?;
        match (&action, fitness) {
            (Some(action), _) => {
                text_given(Label::Action.as_str(), &action.text)?;
                in_future(Label::Due, action.due, by)?;
            }
            (None, Fitness::NotFit) => return Err(Refusal::new(ReasonCode::ActionMissing)),
            (None, Fitness::Fit) => {}
        }
        Ok(InstructionEvent::Judged { item, fitness, reason, action })
    }

    /// Records that a measure was carried out.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] if no measure is open, [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`],
    /// [`ReasonCode::ItemUnknown`].
    pub fn finish_action(
        &self,
        item: String,
        text: String,
        documents: Vec<Document>,
    ) -> Result<InstructionEvent, Refusal> {
        let (_, stage) = self.item(&item, Step::FinishAction)?;
        if stage.open_action().is_none() {
            return Err(self.refused(Step::FinishAction));
        }
        text_given(Label::Action.as_str(), &text)?;
        documents.iter().try_for_each(Document::check)?;
        Ok(InstructionEvent::ActionDone { item, text, documents })
    }

    /// Closes it once every item is judged and every measure is done, by somebody who carried out none of them.
    /// `next`: when it is to be done again; needed if it is regular.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] with everything that is missing, [`ReasonCode::SamePerson`],
    /// [`ReasonCode::NextDateMissing`], [`ReasonCode::DateNotInFuture`].
    pub fn close(&self, next: Option<Date>, by: &Occurrence) -> Result<InstructionEvent, Refusal> {
        let missing = self.missing();
        if self.end.is_some() || !missing.is_empty() {
            return Err(self.refused(Step::Close).missing(missing));
        }
        let doers = self.items.values().filter_map(|stage| stage.judgement()?.action.as_ref()?.done.as_ref());
        if doers.into_iter().any(|done| done.by == by.actor.person) {
            let reason = Reason::new(ReasonCode::SamePerson).with("first", Step::FinishAction);
            return Err(reason.with("second", Step::Judge).into());
        }
        match next {
            Some(next) => in_future(Label::Next, next, by)?,
            None if self.draft.interval_days.is_some() => {
                return Err(Refusal::new(ReasonCode::NextDateMissing));
            }
            None => {}
        }
        Ok(InstructionEvent::Closed { next })
    }

    /// Gives it up.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once it has ended, [`ReasonCode::TextMissing`] without a reason.
    pub fn cancel(&self, reason: String) -> Result<InstructionEvent, Refusal> {
        if self.end.is_some() {
            return Err(self.refused(Step::Cancel));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(InstructionEvent::Cancelled { reason })
    }

    /// The next day that the interval leads to, for the manager to confirm or change.
    pub fn proposed_next(&self) -> Option<Date> {
        let days = i64::from(self.draft.interval_days?);
        self.draft.due.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    fn refused(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step)
    }

    fn item(&self, key: &str, step: Step) -> Result<(&Item, &ItemStage), Refusal> {
        if self.end.is_some() {
            return Err(self.refused(step));
        }
        let item = self.draft.items.iter().find(|item| item.key == key);
        item.zip(self.items.get(key)).ok_or_else(|| {
            Refusal::new(ReasonCode::ItemUnknown).with("value", key).with("field", Label::Item.as_str())
        })
    }

    /// What is missing until it can be closed.
    pub(super) fn missing(&self) -> Vec<Reason> {
        if self.end.is_some() {
            return Vec::new();
        }
        let missing = |(key, stage): (&String, &ItemStage)| {
            let code = match stage {
                ItemStage::Asked => ReasonCode::NotReported,
                ItemStage::Reported { .. } => ReasonCode::ItemNotJudged,
                ItemStage::Judged { .. } if stage.open_action().is_some() => ReasonCode::ActionNotDone,
                ItemStage::Judged { .. } => return None,
            };
            let reason = Reason::new(code).with("item", key);
            let item = self.draft.items.iter().find(|item| item.key == *key);
            Some(item.map_or(reason.clone(), |item| reason.with("what", &item.question)))
        };
        self.items.iter().filter_map(missing).collect()
    }

    pub(super) fn changed(mut self, event: &InstructionEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let state = self.state();
        let wrong = || OutOfOrder::new(event, state);
        if self.end.is_some() {
            return Err(wrong());
        }
        let (by, at) = (when.actor.person, when.at);
        match event {
            InstructionEvent::Instructed { .. } => return Err(wrong()),
            InstructionEvent::Reported { item, .. }
            | InstructionEvent::AskedAgain { item, .. }
            | InstructionEvent::Judged { item, .. }
            | InstructionEvent::ActionDone { item, .. } => {
                let stage = self.items.remove(item).ok_or_else(wrong)?;
                // What is replaced is kept: an earlier report, or a judgement that was asked again.
                let replaced =
                    matches!(event, InstructionEvent::Reported { .. } | InstructionEvent::AskedAgain { .. });
                if replaced && stage != ItemStage::Asked {
                    self.earlier.push((item.clone(), stage.clone()));
                }
                let stage = stage.changed(event, when).ok_or_else(wrong)?;
                self.items.insert(item.clone(), stage);
            }
            InstructionEvent::Closed { next } => {
                self.end = Some(InstructionEnd::Closed { by, at, next: *next });
            }
            InstructionEvent::Cancelled { reason } => {
                self.end = Some(InstructionEnd::Cancelled { reason: reason.clone() });
            }
        }
        Ok(self)
    }
}

impl ItemStage {
    /// The stage after an event; `None` if it cannot happen here.
    fn changed(self, event: &InstructionEvent, when: &Occurrence) -> Option<ItemStage> {
        let (by, at) = (when.actor.person, when.at);
        match (self, event) {
            (
                ItemStage::Asked | ItemStage::Reported { .. },
                InstructionEvent::Reported { snapshot, statement, documents, word, .. },
            ) => {
                let (snapshot, statement, documents) =
                    (snapshot.clone(), statement.clone(), documents.clone());
                let given = word.clone().given(when);
                Some(ItemStage::Reported { report: Report { snapshot, statement, documents, given } })
            }
            (ItemStage::Reported { .. } | ItemStage::Judged { .. }, InstructionEvent::AskedAgain { .. }) => {
                Some(ItemStage::Asked)
            }
            (ItemStage::Reported { report }, InstructionEvent::Judged { fitness, reason, action, .. }) => {
                let action = action.clone().map(|ActionDraft { text, responsible, due }| Action {
                    text,
                    responsible,
                    due,
                    done: None,
                });
                let judgement = ItemJudgement { fitness: *fitness, reason: reason.clone(), by, at, action };
                Some(ItemStage::Judged { report, judgement })
            }
            (
                ItemStage::Judged { report, mut judgement },
                InstructionEvent::ActionDone { text, documents, .. },
            ) => {
                let (text, documents) = (text.clone(), documents.clone());
                judgement.action.as_mut()?.done = Some(Done { text, documents, by, at });
                Some(ItemStage::Judged { report, judgement })
            }
            _ => None,
        }
    }
}

/// An operator reports in the software as themselves, or on a paper that they signed.
fn check_operator(word: &Word, operator: crate::record_id::PersonId, by: &Occurrence) -> Result<(), Refusal> {
    word.check()?;
    if word.giver(by.actor.person) == Some(operator) {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::OtherRespondent))
}
