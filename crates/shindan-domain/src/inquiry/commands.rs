//! What can be asked of an inquiry, and what follows from what happened.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::answer::check_reply;
use super::{
    Answer, Correspondence, Inquiry, InquiryDraft, InquiryEvent, InquiryStage, Judgement, Question, Reply,
    Sending, Way,
};
use crate::calendar::{day, in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal, text_given};
use crate::step::{Step, out_of_order};

impl Inquiry {
    /// Drafts an inquiry.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::QuestionsMissing`], [`ReasonCode::QuestionTwice`].
    pub fn draft(draft: InquiryDraft) -> Result<InquiryEvent, Refusal> {
        text_given(Label::Title.as_str(), &draft.title)?;
        if draft.questions.is_empty() {
            return Err(Refusal::new(ReasonCode::QuestionsMissing));
        }
        let mut keys = BTreeSet::new();
        for question in &draft.questions {
            text_given(Label::Question.as_str(), &question.key)?;
            text_given(Label::Subject.as_str(), &question.subject)?;
            if !keys.insert(&question.key) {
                return Err(Refusal::new(ReasonCode::QuestionTwice).with("question", &question.key));
            }
        }
        Ok(InquiryEvent::Drafted { draft })
    }

    /// Records that it was sent.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::DateNotInFuture`], [`ReasonCode::DocumentMissing`] for an empty one.
    pub fn send(
        &self,
        way: Way,
        due: Date,
        document: Option<Document>,
        note: String,
        by: &Occurrence,
    ) -> Result<InquiryEvent, Refusal> {
        if self.stage != InquiryStage::Drafted {
            return Err(self.refused(Step::Send));
        }
        in_future(Label::Due, due, by)?;
        document.iter().try_for_each(Document::check)?;
        Ok(InquiryEvent::Sent { way, due, document, note })
    }

    /// Records that the provider was reminded. Each reminder is kept.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] unless an answer is outstanding, [`ReasonCode::DateNotInFuture`],
    /// [`ReasonCode::TextMissing`].
    pub fn chase(&self, way: Way, due: Date, note: String, by: &Occurrence) -> Result<InquiryEvent, Refusal> {
        if !matches!(self.stage, InquiryStage::Sent(_)) {
            return Err(self.refused(Step::Chase));
        }
        in_future(Label::Due, due, by)?;
        text_given(Label::Note.as_str(), &note)?;
        Ok(InquiryEvent::Chased { way, due, note })
    }

    /// Records answers: all or some of the questions. A later answer replaces an earlier one; both are kept.
    ///
    /// # Errors
    /// [`ReasonCode::AnswersDefective`] with everything that is wrong in any row; [`ReasonCode::AnswersMissing`],
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`], [`ReasonCode::StepOutOfOrder`].
    pub fn answer(
        &self,
        answered_by: String,
        way: Way,
        document: Option<Document>,
        answers: Vec<Answer>,
        by: &Occurrence,
    ) -> Result<InquiryEvent, Refusal> {
        if !matches!(self.stage, InquiryStage::Sent(_) | InquiryStage::Answered(_)) {
            return Err(self.refused(Step::Answer));
        }
        check_reply(&answered_by, way, document.as_ref())?;
        if answers.is_empty() {
            return Err(Refusal::new(ReasonCode::AnswersMissing));
        }
        let defects = self.defects(&answers, by);
        if !defects.is_empty() {
            return Err(Refusal::new(ReasonCode::AnswersDefective).missing(defects));
        }
        Ok(InquiryEvent::Answered { answered_by, way, document, answers })
    }

    /// Everything that is wrong in answers, row by row.
    pub fn defects(&self, answers: &[Answer], by: &Occurrence) -> Vec<Reason> {
        let mut seen = BTreeSet::new();
        let mut defects = Vec::new();
        for answer in answers {
            let about = |code| Reason::new(code).with("question", &answer.question);
            if !self.draft.questions.iter().any(|question| question.key == answer.question) {
                defects.push(about(ReasonCode::QuestionUnknown));
            }
            if !seen.insert(&answer.question) {
                defects.push(about(ReasonCode::QuestionTwice));
            }
            defects.extend(answer.defects(by));
        }
        defects
    }

    /// Judges that the answers are enough.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] with every question that is not answered; [`ReasonCode::TextMissing`].
    pub fn judge(&self, text: String) -> Result<InquiryEvent, Refusal> {
        if !matches!(self.stage, InquiryStage::Answered(_)) {
            return Err(self.refused(Step::Judge).missing(self.unanswered()));
        }
        text_given(Label::Judgement.as_str(), &text)?;
        Ok(InquiryEvent::Judged { text })
    }

    /// Judges that the answers are not enough; it is asked again until another day.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`], [`ReasonCode::DateNotInFuture`].
    pub fn find_insufficient(
        &self,
        text: String,
        way: Way,
        due: Date,
        by: &Occurrence,
    ) -> Result<InquiryEvent, Refusal> {
        if !matches!(self.stage, InquiryStage::Answered(_)) {
            return Err(self.refused(Step::Judge).missing(self.unanswered()));
        }
        text_given(Label::Judgement.as_str(), &text)?;
        in_future(Label::Due, due, by)?;
        Ok(InquiryEvent::FoundInsufficient { text, due, way })
    }

    /// Ends it without an answer: only once it is overdue and the provider was reminded.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::NotOverdue`], [`ReasonCode::NotReminded`],
    /// [`ReasonCode::TextMissing`].
    pub fn give_up_waiting(&self, text: String, by: &Occurrence) -> Result<InquiryEvent, Refusal> {
        let InquiryStage::Sent(correspondence) = &self.stage else {
            return Err(self.refused(Step::Judge));
        };
        if correspondence.reminders().is_empty() {
            return Err(Refusal::new(ReasonCode::NotReminded));
        }
        if !self.is_overdue(day(by.at)) {
            return Err(Refusal::new(ReasonCode::NotOverdue));
        }
        text_given(Label::Judgement.as_str(), &text)?;
        Ok(InquiryEvent::GivenUpWaiting { text })
    }

    /// Gives it up before any answer came.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] once there are answers, [`ReasonCode::TextMissing`] without a reason.
    pub fn cancel(&self, reason: String) -> Result<InquiryEvent, Refusal> {
        match &self.stage {
            InquiryStage::Drafted => {}
            InquiryStage::Sent(correspondence) if correspondence.answers.is_empty() => {}
            _ => return Err(self.refused(Step::Cancel)),
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(InquiryEvent::Cancelled { reason })
    }

    fn refused(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step)
    }

    /// Questions without an answer, as reasons.
    pub(super) fn unanswered(&self) -> Vec<Reason> {
        let Some(correspondence) = self.correspondence() else {
            return Vec::new();
        };
        let open = |question: &&Question| !correspondence.answers.contains_key(&question.key);
        let reason = |question: &Question| {
            let what = if question.text.is_empty() { &question.subject } else { &question.text };
            Reason::new(ReasonCode::NotAnswered).with("question", &question.key).with("what", what)
        };
        self.draft.questions.iter().filter(open).map(reason).collect()
    }

    pub(super) fn changed(self, event: &InquiryEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let state = self.state();
        let Inquiry { draft, stage } = self;
        match stage.changed(&draft, event, when) {
            Some(stage) => Ok(Inquiry { draft, stage }),
            None => Err(OutOfOrder::new(event, state)),
        }
    }
}

impl InquiryStage {
    /// The stage after an event; `None` if it cannot happen here.
    fn changed(self, draft: &InquiryDraft, event: &InquiryEvent, when: &Occurrence) -> Option<InquiryStage> {
        let judgement = |text: &String| Judgement { text: text.clone(), by: when.actor.person, at: when.at };
        let stage = match (self, event) {
            (InquiryStage::Drafted, InquiryEvent::Sent { way, due, document, note }) => {
                let (document, note) = (document.clone(), note.clone());
                InquiryStage::Sent(Correspondence {
                    sendings: vec![Sending::new(*way, *due, document, note, when)],
                    replies: Vec::new(),
                    answers: BTreeMap::new(),
                    insufficient: Vec::new(),
                })
            }
            (InquiryStage::Sent(mut correspondence), InquiryEvent::Chased { way, due, note }) => {
                correspondence.sendings.push(Sending::new(*way, *due, None, note.clone(), when));
                InquiryStage::Sent(correspondence)
            }
            (
                InquiryStage::Sent(mut correspondence) | InquiryStage::Answered(mut correspondence),
                InquiryEvent::Answered { answered_by, way, document, answers },
            ) => {
                correspondence.answered(Reply {
                    answered_by: answered_by.clone(),
                    way: *way,
                    document: document.clone(),
                    answers: answers.clone(),
                    recorded_by: when.actor.person,
                    at: when.at,
                });
                let all = draft.questions.iter().all(|item| correspondence.answers.contains_key(&item.key));
                if all { InquiryStage::Answered(correspondence) } else { InquiryStage::Sent(correspondence) }
            }
            (InquiryStage::Answered(correspondence), InquiryEvent::Judged { text }) => {
                InquiryStage::Judged { correspondence, judgement: judgement(text) }
            }
            (
                InquiryStage::Answered(mut correspondence),
                InquiryEvent::FoundInsufficient { text, due, way },
            ) => {
                correspondence.insufficient.push(judgement(text));
                correspondence.answers.clear();
                correspondence.sendings.push(Sending::new(*way, *due, None, text.clone(), when));
                InquiryStage::Sent(correspondence)
            }
            (InquiryStage::Sent(correspondence), InquiryEvent::GivenUpWaiting { text }) => {
                InquiryStage::NoAnswer { correspondence, judgement: judgement(text) }
            }
            (InquiryStage::Drafted | InquiryStage::Sent(_), InquiryEvent::Cancelled { reason }) => {
                InquiryStage::Cancelled { reason: reason.clone() }
            }
            _ => return None,
        };
        Some(stage)
    }
}

impl Sending {
    fn new(way: Way, due: Date, document: Option<Document>, note: String, when: &Occurrence) -> Sending {
        Sending { way, due, document, note, by: when.actor.person, at: when.at }
    }
}

impl Correspondence {
    fn answered(&mut self, reply: Reply) {
        for answer in &reply.answers {
            self.answers.insert(answer.question.clone(), answer.clone());
        }
        self.replies.push(reply);
    }
}
