//! 承認: how a person's word is given (SPEC.md section 2).
//!
//! In the software by the person, by the partner's signed file, or on paper (scan hashed, signer named, recorder shown).
//! A word on paper or by file is the signer's, never the recorder's: separation of duties looks at who gave it.

use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::process::{Label, Occurrence, ReasonCode, Refusal, Shown};
use crate::record_id::{PartyId, PersonId};
use crate::terms;

terms! {
    /// By what means a word was given. Shown in every report.
    pub enum Means ("means") {
        /// By the person, in the software.
        Software = "software",
        /// By the partner's signed file, checked with a pinned key.
        PartnerFile = "partner-file",
        /// On paper: a scan is kept.
        Paper = "paper",
    }
}

/// The word of a person: an approval, a consent, a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub enum Word {
    /// By the person who is recorded, in the software.
    Software,
    /// By the partner's signed file.
    PartnerFile {
        /// Whose key signed it.
        party: PartyId,
        /// Name of the signer, as the file states it.
        signer: String,
        /// Fingerprint of the pinned key that verified it.
        key: String,
        /// The file.
        document: Document,
    },
    /// On paper, recorded by somebody else.
    Paper {
        /// Name of who signed, as it stands on the paper.
        signer: String,
        /// The signer as a person known here, if they are one: separation of duties is checked with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// The scan.
        document: Document,
    },
}

/// A word with who recorded it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Who recorded it; with [`Word::Software`] the person whose word it is.
    pub recorded_by: PersonId,
    /// When.
    pub at: jiff::Timestamp,
    /// How.
    pub word: Word,
}

impl Word {
    /// By what means.
    pub fn means(&self) -> Means {
        match self {
            Word::Software => Means::Software,
            Word::PartnerFile { .. } => Means::PartnerFile,
            Word::Paper { .. } => Means::Paper,
        }
    }

    /// Whose word it is, if it is a person known here; `recorder` is who acts in the software.
    pub fn giver(&self, recorder: PersonId) -> Option<PersonId> {
        match self {
            Word::Software => Some(recorder),
            Word::PartnerFile { .. } => None,
            Word::Paper { person, .. } => *person,
        }
    }

    /// Checks that the word names who gave it.
    ///
    /// # Errors
    /// [`ReasonCode::SignerMissing`], [`ReasonCode::DocumentMissing`] for an empty scan.
    pub fn check(&self) -> Result<(), Refusal> {
        let (Word::PartnerFile { signer, document, .. } | Word::Paper { signer, document, .. }) = self else {
            return Ok(());
        };
        if signer.trim().is_empty() {
            return Err(Refusal::new(ReasonCode::SignerMissing));
        }
        if document.size == 0 {
            return Err(Refusal::new(ReasonCode::DocumentMissing));
        }
        Ok(())
    }

    /// Checks the word and that none of `others` gave it (separation of duties). A partner's word is never one of ours.
    ///
    /// A paper whose signer is not a person known here cannot be compared by id; the signer's name is kept and shown.
    ///
    /// # Errors
    /// Those of [`Word::check`]; [`ReasonCode::SamePerson`] with what the person did (`first`) and is asked (`second`).
    pub fn check_apart(
        &self,
        by: &Occurrence,
        others: impl IntoIterator<Item = PersonId>,
        first: &str,
        second: &str,
    ) -> Result<(), Refusal> {
        self.check()?;
        let giver = self.giver(by.actor.person);
        if others.into_iter().any(|other| Some(other) == giver) {
            return Err(Refusal::new(ReasonCode::SamePerson).with("first", first).with("second", second));
        }
        Ok(())
    }

    /// The word as it is kept.
    pub fn given(self, by: &Occurrence) -> Given {
        Given { recorded_by: by.actor.person, at: by.at, word: self }
    }
}

impl Given {
    /// Whose word it is, if it is a person known here.
    pub fn giver(&self) -> Option<PersonId> {
        self.word.giver(self.recorded_by)
    }

    /// Columns of [`Given::row`].
    pub const COLUMNS: [Label; 5] = [Label::Means, Label::By, Label::Signer, Label::At, Label::Document];

    /// A row of a list of words.
    pub fn row(&self) -> Vec<Option<Shown>> {
        let (signer, document) = match &self.word {
            Word::Software => (None, None),
            Word::PartnerFile { signer, document, .. } | Word::Paper { signer, document, .. } => {
                (Some(signer), Some(document))
            }
        };
        vec![
            Some(self.word.means().term().into()),
            Some(self.recorded_by.into()),
            signer.map(Shown::from),
            Some(self.at.into()),
            document.cloned().map(Shown::from),
        ]
    }
}
