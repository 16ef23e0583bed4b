//! What can be asked of the review of an item, and what follows from what happened.

use jiff::civil::Date;

use super::{Approved, Finding, Review, ReviewEvent, ReviewItem, ReviewStage, Reviewed, SentBack};
use crate::approval::Word;
use crate::calendar::in_future;
use crate::evidence::Document;
use crate::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal, text_given};
use crate::step::{Step, apart, ended, out_of_order};

impl Review {
    /// Enters an item with the first day on which it is due; that may have passed already.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`].
    pub fn plan(item: ReviewItem, due: Date) -> Result<ReviewEvent, Refusal> {
        text_given(Label::Title.as_str(), &item.title)?;
        text_given(Label::Content.as_str(), &item.content)?;
        Ok(ReviewEvent::Planned { item, due })
    }

    /// Records a review. It may be made before its day.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason, also for *no change*;
    /// [`ReasonCode::NothingChanges`] for a change to the same content; [`ReasonCode::DocumentMissing`].
    pub fn review(&self, finding: Finding, documents: Vec<Document>) -> Result<ReviewEvent, Refusal> {
        if !matches!(self.stage, ReviewStage::Planned { .. }) {
            return Err(self.refused(Step::Review));
        }
        text_given(Label::Reason.as_str(), finding.reason())?;
        if let Finding::Changed { content, .. } = &finding {
            text_given(Label::Content.as_str(), content)?;
            if *content == self.item.content {
                return Err(Refusal::new(ReasonCode::NothingChanges));
            }
        }
        documents.iter().try_for_each(Document::check)?;
        Ok(ReviewEvent::Reviewed { finding, documents })
    }

    /// Approves the review, by somebody who did not make it; a change takes effect, and it is due again on `next`.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::SamePerson`], [`ReasonCode::DateNotInFuture`].
    pub fn approve(&self, word: Word, next: Date, by: &Occurrence) -> Result<ReviewEvent, Refusal> {
        let reviewed = self.reviewed(Step::Approve)?;
        apart(&word, by, [reviewed.by], Step::Review, Step::Approve)?;
        in_future(Label::Next, next, by)?;
        Ok(ReviewEvent::Approved { word, next })
    }

    /// Sends the review back; it stays due on its day.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn send_back(&self, reason: String) -> Result<ReviewEvent, Refusal> {
        self.reviewed(Step::Reject)?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ReviewEvent::SentBack { reason })
    }

    /// Ends it: the item is no longer operated.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<ReviewEvent, Refusal> {
        if let ReviewStage::Ended { .. } = self.stage {
            return Err(ended(self.state().term()));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(ReviewEvent::Ended { reason })
    }

    /// The next day that the interval leads to from today, for the approver to confirm or change.
    pub fn proposed_next(&self, today: Date) -> Option<Date> {
        let days = i64::from(self.item.interval_days?);
        today.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    fn refused(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step).missing(self.missing())
    }

    /// What is missing for the next step.
    pub(super) fn missing(&self) -> Vec<Reason> {
        match self.stage {
            ReviewStage::Planned { due } => vec![Reason::new(ReasonCode::NotReviewed).with("date", due)],
            ReviewStage::Reviewed(_) => vec![Reason::new(ReasonCode::ReviewNotApproved)],
            ReviewStage::Ended { .. } => Vec::new(),
        }
    }

    fn reviewed(&self, step: Step) -> Result<&Reviewed, Refusal> {
        match &self.stage {
            ReviewStage::Reviewed(reviewed) => Ok(reviewed),
            ReviewStage::Planned { .. } | ReviewStage::Ended { .. } => Err(self.refused(step)),
        }
    }

    pub(super) fn changed(self, event: &ReviewEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let state = self.state();
        let (by, at) = (when.actor.person, when.at);
        let Review { mut item, stage, mut rounds, mut sent_back } = self;
        let stage = match (stage, event) {
            (ReviewStage::Planned { due }, ReviewEvent::Reviewed { finding, documents }) => {
                let (finding, documents) = (finding.clone(), documents.clone());
                ReviewStage::Reviewed(Reviewed { due, finding, documents, by, at })
            }
            (ReviewStage::Reviewed(reviewed), ReviewEvent::Approved { word, next }) => {
                if let Finding::Changed { content, .. } = &reviewed.finding {
                    item.content.clone_from(content);
                }
                rounds.push(Approved { reviewed, approval: word.clone().given(when) });
                ReviewStage::Planned { due: *next }
            }
            (ReviewStage::Reviewed(reviewed), ReviewEvent::SentBack { reason }) => {
                let due = reviewed.due;
                sent_back.push(SentBack { reviewed, reason: reason.clone(), by, at });
                ReviewStage::Planned { due }
            }
            (ReviewStage::Planned { .. } | ReviewStage::Reviewed(_), ReviewEvent::Ended { reason }) => {
                ReviewStage::Ended { reason: reason.clone(), by, at }
            }
            _ => return Err(OutOfOrder::new(event, state)),
        };
        Ok(Review { item, stage, rounds, sent_back })
    }
}
