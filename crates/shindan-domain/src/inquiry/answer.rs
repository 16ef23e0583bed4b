//! What a provider answers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Way;
use crate::alternative::Alternative;
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// Whether the provider says that it is affected.
    pub enum Affected ("affected") {
        /// 影響あり
        Affected = "affected",
        /// 影響なし
        NotAffected = "not-affected",
        /// 修正済み
        Fixed = "fixed",
        /// 調査中
        UnderInvestigation = "under-investigation",
    }
}

terms! {
    /// Whether the provider agrees that the patch is applied.
    pub enum MayPatch ("may-patch") {
        /// 適用してよい
        Yes = "yes",
        /// 提供事業者が適用する
        ByProvider = "by-provider",
        /// 適用できない: an alternative with an end is needed.
        No = "no",
        /// 不要
        NotNeeded = "not-needed",
    }
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Key of the question.
    pub question: String,
    /// Whether it is affected.
    pub affected: Affected,
    /// Whether the patch may be applied.
    pub may_patch: MayPatch,
    /// What is done instead, until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
    /// When it will be repaired, or the next answer will come, a day in Japan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Why; what else was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A reply with one or more answers, as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Who answered at the provider, as the reply says: a department or function.
    pub answered_by: String,
    /// How it came.
    pub way: Way,
    /// The reply itself; only a telephone call or a meeting leaves none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The answers.
    pub answers: Vec<Answer>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl Answer {
    /// Everything that an answer lacks; rows of a sheet are shown with it.
    ///
    /// An affected system whose patch may not be applied needs an alternative until a day; *not affected* needs a
    /// reason; *under investigation* needs the day of the next answer.
    pub fn defects(&self, by: &Occurrence) -> Vec<Reason> {
        let lack = |code| Reason::new(code).with("question", &self.question);
        let mut defects = Vec::new();
        let is_affected = matches!(self.affected, Affected::Affected | Affected::UnderInvestigation);
        if is_affected && self.may_patch == MayPatch::No && self.alternative.is_none() {
            defects.push(lack(ReasonCode::AlternativeMissing));
        }
        if self.affected == Affected::NotAffected && self.text.trim().is_empty() {
            defects.push(lack(ReasonCode::AnswerWithoutReason));
        }
        if self.affected == Affected::UnderInvestigation && self.until.is_none() {
            defects.push(lack(ReasonCode::NextAnswerMissing));
        }
        if self.affected == Affected::Affected && self.may_patch == MayPatch::NotNeeded {
            defects.push(lack(ReasonCode::AnswerContradictory));
        }
        let refused = self.alternative.as_ref().and_then(|alternative| alternative.check(by).err());
        defects.extend(refused.map(|refusal| refusal.reason.with("question", &self.question)));
        defects
    }
}

/// Checks how a reply came in: who answered, and its document.
pub(super) fn check_reply(answered_by: &str, way: Way, document: Option<&Document>) -> Result<(), Refusal> {
    text_given(Label::AnsweredBy.as_str(), answered_by)?;
    match document {
        Some(document) => document.check(),
        None if matches!(way, Way::Telephone | Way::Meeting) => Ok(()),
        None => Err(Refusal::new(ReasonCode::DocumentMissing)),
    }
}
