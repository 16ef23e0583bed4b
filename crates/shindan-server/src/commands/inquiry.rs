//! Commands on inquiries (SPEC.md section 4, row ④-1): ask the provider, record answers, remind, judge.

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::RecordsError;
use shindan_app::records::inquiries::{self, AnswerGiven, InquiryOrder, SentBy};
use shindan_domain::alternative::Alternative;
use shindan_domain::inquiry::{Affected, Answer, MayPatch, Way};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{InquiryId, SystemId};
use shindan_report::words::{Lang, Words};
use utoipa::ToSchema;

use super::given::commands;
use super::words;
use crate::command::{Command, Outcome, Session};

/// Asks the provider: one inquiry for each case, in one act.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendInquiry {
    /// The cases: numbers or ids.
    cases: Vec<String>,
    /// The system, where a case is not about one: name or id.
    #[serde(default)]
    system: Option<String>,
    /// Who is asked: name or id of a party.
    provider: String,
    /// Until when an answer is expected, a day in Japan.
    #[schema(value_type = String)]
    due: Date,
    /// Further questions; each is asked about every case.
    #[serde(default)]
    questions: Vec<String>,
    /// What was said besides.
    #[serde(default)]
    note: String,
    /// As a form in this language (`ja`, `en`); the record names the file, `GET /api/v1/documents/{sha256}` gives it.
    #[serde(default)]
    form: Option<String>,
    /// By what other way it was sent; mail unless given.
    #[serde(default)]
    #[schema(schema_with = words::way)]
    way: Option<Way>,
    /// SHA-256 of the upload: what was sent in another way.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    document: Option<Hash>,
}

impl Command for SendInquiry {
    const KIND: Kind = Kind::Inquiry;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Ask the provider about cases";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let sent_by = match &self.form {
            Some(lang) => {
                let invalid = |_| RecordsError::Invalid { field: "form".to_owned(), value: lang.clone() };
                SentBy::Form(Words::new(lang.parse::<Lang>().map_err(invalid)?))
            }
            None => {
                let document = self.document.map(|hash| s.upload(&hash)).transpose()?;
                SentBy::Otherwise(self.way.unwrap_or(Way::Mail), document)
            }
        };
        let order = InquiryOrder {
            cases: s.cases(&self.cases)?,
            system: s.named_if(Kind::System, self.system.as_ref(), SystemId)?,
            provider: s.party(&self.provider)?,
            due: self.due,
            further: self.questions,
            note: self.note,
        };
        inquiries::send(s.records, &s.who, &s.call, &order, sent_by).map(Into::into)
    }
}

/// An answer to one question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenAnswer {
    /// Key of the question, as the record shows it.
    question: String,
    /// Whether it is affected.
    #[schema(schema_with = words::affected)]
    affected: Affected,
    /// Whether the patch may be applied.
    #[schema(schema_with = words::may_patch)]
    may_patch: MayPatch,
    /// What is done instead; with `alternative_until`.
    #[serde(default)]
    alternative: Option<String>,
    /// Until when, a day in Japan.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    alternative_until: Option<Date>,
    /// When it will be repaired, or the next answer will come, a day in Japan.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    next: Option<Date>,
    /// Why; what else was said.
    #[serde(default)]
    text: String,
}

impl GivenAnswer {
    fn answer(self) -> Result<Answer, RecordsError> {
        let alternative = match (self.alternative, self.alternative_until) {
            (Some(text), Some(until)) => Some(Alternative { text, until, document: None }),
            (None, None) => None,
            // Half of it would be lost otherwise.
            (text, _) => {
                let value = text.unwrap_or_default();
                return Err(RecordsError::Invalid { field: "alternative_until".to_owned(), value });
            }
        };
        Ok(Answer {
            question: self.question,
            affected: self.affected,
            may_patch: self.may_patch,
            alternative,
            until: self.next,
            text: self.text,
        })
    }
}

commands! {
    Inquiry, InquiryId;

    /// Records answers that came in another way than by a form.
    AnswerInquiry ("answer", "Record answers") {
        /// Who answered at the provider: a department or function.
        answered_by: String,
        /// How it came.
        #[schema(schema_with = words::way)]
        way: Way,
        /// SHA-256 of the upload: the reply; only a telephone call or a meeting leaves none.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        document: Option<Hash>,
        /// The answers.
        answers: Vec<GivenAnswer>,
    }
    |b, s, inquiry| {
        let file = b.document.map(|hash| s.upload(&hash)).transpose()?;
        let answers = b.answers.into_iter().map(GivenAnswer::answer).collect::<Result<_, _>>()?;
        let given = AnswerGiven { answered_by: b.answered_by, way: b.way, file, answers };
        inquiries::answer(s.records, &s.who, &s.call, inquiry, given)
    };

    /// Reminds the provider.
    ChaseInquiry ("chase", "Remind the provider") {
        /// By what way.
        #[schema(schema_with = words::way)]
        way: Way,
        /// Until when an answer is expected now, a day in Japan.
        #[schema(value_type = String)]
        due: Date,
        /// What was said.
        #[serde(default)]
        note: String,
    }
    |b, s, inquiry| inquiries::chase(s.records, &s.who, &s.call, inquiry, (b.way, b.due), b.note);

    /// Judges that the answers are enough; an alternative that is offered becomes the agreed one.
    JudgeInquiry ("judge", "Judge that the answers are enough") {
        /// The judgement.
        note: String,
    }
    |b, s, inquiry| inquiries::judge(s.records, &s.who, &s.call, inquiry, b.note);

    /// Judges that the answers are not enough, and asks again.
    FindInsufficient ("find-insufficient", "Judge that the answers are not enough, and ask again") {
        /// What is missing.
        note: String,
        /// By what way it is asked again.
        #[schema(schema_with = words::way)]
        way: Way,
        /// Until when, a day in Japan.
        #[schema(value_type = String)]
        due: Date,
    }
    |b, s, inquiry| {
        inquiries::find_insufficient(s.records, &s.who, &s.call, inquiry, b.note, (b.way, b.due))
    };

    /// Ends an overdue inquiry without an answer.
    GiveUpWaiting ("give-up-waiting", "End an overdue inquiry without an answer") {
        /// What follows from that.
        note: String,
    }
    |b, s, inquiry| inquiries::give_up_waiting(s.records, &s.who, &s.call, inquiry, b.note);

    /// Gives an inquiry up before any answer came.
    CancelInquiry ("cancel", "Give an inquiry up") {
        /// Why.
        reason: String,
    }
    |b, s, inquiry| inquiries::cancel(s.records, &s.who, &s.call, inquiry, b.reason);
}
