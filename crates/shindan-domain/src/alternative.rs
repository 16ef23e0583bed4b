//! 代替策: what is done instead of a patch, agreed with the other side until a day (SPEC.md section 4, ④-1 and ②-4).
//!
//! It comes from a provider's answer or from a change that cannot be applied, and returns the case to its decision.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::in_future;
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Refusal, Shown, text_given};

/// What is done instead, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// What is done instead, in the words of who offers it.
    pub text: String,
    /// Last day on which it holds, a day in Japan. After it the question is asked anew.
    pub until: Date,
    /// The paper or file in which it was agreed, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl Alternative {
    /// Checks that it says something and ends in the future.
    ///
    /// # Errors
    /// [`crate::process::ReasonCode::TextMissing`], [`crate::process::ReasonCode::DateNotInFuture`],
    /// [`crate::process::ReasonCode::DocumentMissing`] for an empty document.
    pub fn check(&self, by: &Occurrence) -> Result<(), Refusal> {
        text_given(Label::Substitute.as_str(), &self.text)?;
        in_future(Label::Until, self.until, by)?;
        self.document.iter().try_for_each(Document::check)
    }

    /// True while it holds.
    pub fn holds(&self, today: Date) -> bool {
        today <= self.until
    }

    /// Columns of [`Alternative::row`].
    pub const COLUMNS: [Label; 3] = [Label::Substitute, Label::Until, Label::Document];

    /// A row of a list.
    pub fn row(&self) -> Vec<Option<Shown>> {
        vec![Some((&self.text).into()), Some(self.until.into()), self.document.clone().map(Shown::from)]
    }
}
