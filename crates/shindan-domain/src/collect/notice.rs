//! 注意喚起等: what a source tells, and whether it concerns us. Somebody has to judge it; when it is updated, again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::notice_event::NoticeEvent;
use super::notice_shown;
use crate::ledger::Kind;
use crate::process::{
    Filed, Label, Occurrence, OutOfOrder, Process, Reason, ReasonCode, Refusal, View, text_given,
};
use crate::record_id::{CaseId, PersonId, SourceCheckId, SourceId};
use crate::terms;

terms! {
    /// What kind of notice it is.
    pub enum NoticeClass ("notice-class") {
        /// 注意喚起
        Alert = "alert",
        /// 更新: an alert that was revised.
        Update = "notice-update",
        /// A weekly report.
        Weekly = "weekly-report",
        /// Anything else.
        Other = "other-notice",
    }
}

terms! {
    /// Whether somebody judged a notice.
    pub enum NoticeState ("notice-state") {
        /// Nobody did.
        ToBeJudged = "notice-to-be-judged",
        /// It was updated after the judgement.
        Updated = "notice-updated",
        /// 該当
        ConcernsUs = "concerns-us",
        /// 該当しない
        DoesNotConcernUs = "does-not-concern-us",
    }
}

terms! {
    /// Whom a notice concerns.
    pub enum Concerns ("notice-concerns") {
        /// Us.
        Us = "us",
        /// Not us.
        NotUs = "not-us",
    }
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeContent {
    /// The source's own identifier, or its address. Fixed.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When it was updated last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// What kind it is.
    pub class: NoticeClass,
    /// What it says, if the source tells more than the title, or a person wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Identifiers of vulnerabilities that it names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub vulnerabilities: BTreeSet<String>,
}

impl NoticeContent {
    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Number.as_str(), &self.id)?;
        text_given(Label::Title.as_str(), &self.title)
    }
}

/// What a person judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeJudgement {
    /// Whom it concerns.
    pub concerns: Concerns,
    /// Why.
    pub because: String,
    /// Cases in which it is dealt with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cases: BTreeSet<CaseId>,
    /// Who judged.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 注意喚起等
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which source told it.
    pub source: SourceId,
    /// Which check brought it first.
    pub check: SourceCheckId,
    /// Which check brought it as it is now.
    pub last_check: SourceCheckId,
    /// What it says now.
    pub content: NoticeContent,
    /// When it was received.
    pub received: Timestamp,
    /// What it said before, oldest first.
    pub former: Vec<NoticeContent>,
    /// Whether it concerns us, as it is now.
    pub judgement: Option<NoticeJudgement>,
    /// Earlier judgements, oldest first.
    pub past: Vec<NoticeJudgement>,
}

impl Notice {
    /// Takes in what a source tells. Whether it is known already, the caller knows.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without identifier or title.
    pub fn receive(
        source: SourceId,
        check: SourceCheckId,
        content: NoticeContent,
    ) -> Result<NoticeEvent, Refusal> {
        content.check()?;
        Ok(NoticeEvent::Received { source, check, content: Box::new(content) })
    }

    /// Takes in that it says something else now; a judgement is to be made again.
    ///
    /// # Errors
    /// [`ReasonCode::FieldFixed`] for another identifier, [`ReasonCode::NothingChanges`], [`ReasonCode::TextMissing`].
    pub fn update(&self, check: SourceCheckId, content: NoticeContent) -> Result<NoticeEvent, Refusal> {
        if content.id != self.content.id {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", Label::Number.as_str()));
        }
        if content == self.content {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        content.check()?;
        Ok(NoticeEvent::Updated { check, content: Box::new(content) })
    }

    /// Judges whether it concerns us. May be judged otherwise later.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::NoticeCasesNotOurs`] for cases of what does not concern us,
    /// [`ReasonCode::NothingChanges`].
    pub fn judge(
        &self,
        concerns: Concerns,
        because: String,
        cases: BTreeSet<CaseId>,
    ) -> Result<NoticeEvent, Refusal> {
        text_given(Label::Reason.as_str(), &because)?;
        if concerns == Concerns::NotUs && !cases.is_empty() {
            return Err(Refusal::new(ReasonCode::NoticeCasesNotOurs));
        }
        let same = |made: &NoticeJudgement| {
            made.concerns == concerns && made.because == because && made.cases == cases
        };
        if self.judgement.as_ref().is_some_and(same) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(NoticeEvent::Judged { concerns, because, cases })
    }

    /// Whether somebody judged it.
    pub fn state(&self) -> NoticeState {
        match &self.judgement {
            Some(NoticeJudgement { concerns: Concerns::Us, .. }) => NoticeState::ConcernsUs,
            Some(NoticeJudgement { concerns: Concerns::NotUs, .. }) => NoticeState::DoesNotConcernUs,
            None if self.past.is_empty() => NoticeState::ToBeJudged,
            None => NoticeState::Updated,
        }
    }

    /// Somebody has to judge it.
    pub fn is_open(&self) -> bool {
        self.judgement.is_none()
    }

    pub(super) fn missing(&self) -> Vec<Reason> {
        match self.state() {
            NoticeState::ToBeJudged => vec![Reason::new(ReasonCode::NoticeNotJudged)],
            NoticeState::Updated => vec![Reason::new(ReasonCode::NoticeUpdatedSince)],
            NoticeState::ConcernsUs | NoticeState::DoesNotConcernUs => Vec::new(),
        }
    }

    fn changed(mut self, event: &NoticeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match event {
            NoticeEvent::Updated { check, content } => {
                self.former.push(std::mem::replace(&mut self.content, (**content).clone()));
                self.last_check = *check;
                self.past.extend(self.judgement.take());
            }
            NoticeEvent::Judged { concerns, because, cases } => {
                self.past.extend(self.judgement.take());
                let (by, at) = (when.actor.person, when.at);
                let (because, cases) = (because.clone(), cases.clone());
                self.judgement = Some(NoticeJudgement { concerns: *concerns, because, cases, by, at });
            }
            NoticeEvent::Received { .. } => return Err(OutOfOrder::new(event, self.state())),
        }
        Ok(self)
    }
}

impl Process for Notice {
    const KIND: Kind = Kind::Notice;
    type Event = NoticeEvent;

    fn apply(state: Option<Self>, event: &NoticeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, NoticeEvent::Received { source, check, content }) => Ok(Notice {
                source: *source,
                check: *check,
                last_check: *check,
                content: (**content).clone(),
                received: when.at,
                former: Vec::new(),
                judgement: None,
                past: Vec::new(),
            }),
            (Some(notice), event) => notice.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        notice_shown::filed(self)
    }

    fn view(&self) -> View {
        notice_shown::view(self)
    }
}
