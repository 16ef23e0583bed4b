//! 照会: asking the provider, per case and system (SPEC.md section 4, ④-1; システム運用編 8): affected? may we patch?
//! alternative? until when?
//!
//! ```text
//! drafted ─► sent ─► (chased)* ─► answered ─► judged: sufficient
//!              ▲────────────────────────────┘ insufficient: asked again
//!              └─► no answer (only after the due day and a reminder)
//! ```

mod answer;
mod commands;
mod event;
mod shown;

#[cfg(test)]
mod tests;

pub use answer::{Affected, Answer, MayPatch, Reply};
pub use event::InquiryEvent;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::alternative::Alternative;
use crate::evidence::Document;
use crate::ledger::Kind;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{CaseId, PartyId, PersonId, SystemId};
use crate::terms;

terms! {
    /// How far an inquiry has come.
    pub enum InquiryState ("inquiry-state") {
        /// 下書き
        Drafted = "drafted",
        /// 送付済み: not every item is answered. Overdue from the day after the due day.
        Sent = "sent",
        /// 回答済み: every item is answered and waits for judgement.
        Answered = "answered",
        /// 判定済み
        Judged = "judged",
        /// 回答なし: due, reminded, and not answered.
        NoAnswer = "no-answer",
        /// 取りやめ
        Cancelled = "cancelled",
    }
}

terms! {
    /// By what way the two sides spoke.
    pub enum Way ("way") {
        /// By a signed file of this program.
        SignedFile = "signed-file",
        /// By a spreadsheet.
        Spreadsheet = "spreadsheet",
        /// By mail.
        Mail = "mail",
        /// By telephone.
        Telephone = "telephone",
        /// On paper or by fax.
        Paper = "paper",
        /// In a meeting.
        Meeting = "meeting",
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its key, unique in the inquiry: the row in the sheet.
    pub key: String,
    /// Identifiers of the vulnerabilities that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vulnerabilities: Vec<String>,
    /// Which product, version or asset it is about.
    pub subject: String,
    /// What else is asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Whom is asked about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryDraft {
    /// For which case.
    pub case: CaseId,
    /// About which system.
    pub system: SystemId,
    /// Who is asked.
    pub provider: PartyId,
    /// What it is called in lists.
    pub title: String,
    /// The questions: at least one.
    pub questions: Vec<Question>,
}

/// That it was sent, or that an answer was asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// How.
    pub way: Way,
    /// Until when an answer is expected, a day in Japan.
    pub due: Date,
    /// What was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A judgement that the answers are, or are not, enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What follows from the answers.
    pub text: String,
    /// Who judged.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// How far an inquiry has come. A stage holds only what exists at that stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InquiryStage {
    /// To be sent.
    Drafted,
    /// Sent, and not every question is answered.
    Sent(Correspondence),
    /// Every question is answered.
    Answered(Correspondence),
    /// The answers are enough.
    Judged {
        /// What was sent and answered.
        correspondence: Correspondence,
        /// What follows.
        judgement: Judgement,
    },
    /// No answer came.
    NoAnswer {
        /// What was sent and answered.
        correspondence: Correspondence,
        /// What follows.
        judgement: Judgement,
    },
    /// It was given up.
    Cancelled {
        /// Why.
        reason: String,
    },
}

/// What went to and fro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondence {
    /// The sending and every reminder, oldest first; at least one.
    pub sendings: Vec<Sending>,
    /// Every reply, oldest first.
    pub replies: Vec<Reply>,
    /// The answer that counts per question: the last one.
    pub answers: BTreeMap<String, Answer>,
    /// Judgements that the answers were not enough.
    pub insufficient: Vec<Judgement>,
}

impl Correspondence {
    /// Until when an answer is expected.
    pub fn due(&self) -> Option<Date> {
        self.sendings.last().map(|sending| sending.due)
    }

    /// Reminders that were made.
    pub fn reminders(&self) -> &[Sending] {
        self.sendings.get(1..).unwrap_or_default()
    }
}

/// 照会
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Whom is asked about what.
    pub draft: InquiryDraft,
    /// How far it has come.
    pub stage: InquiryStage,
}

impl Inquiry {
    /// How far it has come.
    pub fn state(&self) -> InquiryState {
        match self.stage {
            InquiryStage::Drafted => InquiryState::Drafted,
            InquiryStage::Sent(_) => InquiryState::Sent,
            InquiryStage::Answered(_) => InquiryState::Answered,
            InquiryStage::Judged { .. } => InquiryState::Judged,
            InquiryStage::NoAnswer { .. } => InquiryState::NoAnswer,
            InquiryStage::Cancelled { .. } => InquiryState::Cancelled,
        }
    }

    /// What went to and fro, once it was sent.
    pub fn correspondence(&self) -> Option<&Correspondence> {
        match &self.stage {
            InquiryStage::Sent(correspondence)
            | InquiryStage::Answered(correspondence)
            | InquiryStage::Judged { correspondence, .. }
            | InquiryStage::NoAnswer { correspondence, .. } => Some(correspondence),
            InquiryStage::Drafted | InquiryStage::Cancelled { .. } => None,
        }
    }

    /// True if an answer should have come before this day.
    pub fn is_overdue(&self, today: Date) -> bool {
        match &self.stage {
            InquiryStage::Sent(correspondence) => correspondence.due().is_some_and(|due| today > due),
            _ => false,
        }
    }

    /// The answers that count, by question.
    pub fn answers(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        let answers = self.correspondence().map(|correspondence| &correspondence.answers);
        self.draft.questions.iter().filter_map(move |question| Some((question, answers?.get(&question.key)?)))
    }

    /// What the case goes back to its decision with: the alternatives that the provider offers, once they were judged
    /// to be enough.
    pub fn agreed_alternatives(&self) -> impl Iterator<Item = (&Question, &Alternative)> {
        let judged = self.state() == InquiryState::Judged;
        self.answers()
            .filter(move |_| judged)
            .filter_map(|(question, answer)| Some((question, answer.alternative.as_ref()?)))
    }
}

impl Process for Inquiry {
    const KIND: Kind = Kind::Inquiry;
    type Event = InquiryEvent;

    fn apply(state: Option<Self>, event: &InquiryEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, InquiryEvent::Drafted { draft }) => {
                Ok(Inquiry { draft: draft.clone(), stage: InquiryStage::Drafted })
            }
            (Some(inquiry), event) => inquiry.changed(event, when),
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
