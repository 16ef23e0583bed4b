//! A person's word as it is given: in the software, on paper, or by the partner's signed file.

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::approval::Word;
use shindan_domain::evidence::Document;
use shindan_domain::people::{Action, Person, permit};
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::PersonId;

use super::{Records, RecordsError};

/// The largest document that is taken in, in bytes.
pub const DOCUMENT_LIMIT: u64 = 256 << 20;

/// How a word is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WordGiven {
    /// By the person who acts, in the software.
    #[default]
    Software,
    /// On paper: the scan, who signed it, and who that is here.
    Paper {
        /// The scan.
        scan: PathBuf,
        /// The name on the paper.
        signer: String,
        /// The signer as a person known here.
        person: Option<PersonId>,
    },
    /// By the partner's signed file.
    PartnerFile {
        /// The file.
        file: PathBuf,
        /// Its signature.
        signature: PathBuf,
        /// The name or number of the party.
        party: String,
    },
}

impl WordGiven {
    /// What permits a person to record it: to give one's own word takes the role for it; a word on paper is recorded.
    pub fn action(&self, own: Action) -> Action {
        match self {
            WordGiven::Software => own,
            WordGiven::Paper { .. } | WordGiven::PartnerFile { .. } => Action::Operate,
        }
    }
}

impl Records {
    /// Takes a word in, with its document.
    ///
    /// # Errors
    /// Refused if a signer who is known here has no role for such a word ([`ReasonCode::RoleMissing`]), and for a
    /// partner's file ([`ReasonCode::PartnerFileNotVerified`]); [`RecordsError::Unreadable`] for the scan.
    pub(super) fn word(
        &self,
        given: &WordGiven,
        action: Action,
        at: Timestamp,
    ) -> Result<Word, RecordsError> {
        match given {
            WordGiven::Software => Ok(Word::Software),
            WordGiven::Paper { scan, signer, person } => {
                if let Some(id) = person {
                    let unknown = || RecordsError::Unknown(id.to_string());
                    let (_, state) = self.state::<Person>(*id)?.ok_or_else(unknown)?;
                    permit(action, state.roles.iter().copied())
                        .map_err(|refusal| RecordsError::refused(None, refusal))?;
                }
                let document = self.take_in(scan, at)?;
                Ok(Word::Paper { signer: signer.trim().to_owned(), person: *person, document })
            }
            WordGiven::PartnerFile { .. } => {
                let reason = Reason::new(ReasonCode::PartnerFileNotVerified);
                Err(RecordsError::refused(None, reason.into()))
            }
        }
    }

    /// Keeps a file as evidence.
    ///
    /// # Errors
    /// [`RecordsError::Unreadable`]; those of the store.
    pub(super) fn take_in(&self, path: &Path, at: Timestamp) -> Result<Document, RecordsError> {
        let unreadable = |error: std::io::Error| RecordsError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut file = File::open(path).map_err(unreadable)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(self.store.keep(&mut file, &name, DOCUMENT_LIMIT, at)?)
    }

    /// Keeps several files.
    ///
    /// # Errors
    /// As [`Records::take_in`].
    pub(super) fn take_in_all(
        &self,
        paths: &[PathBuf],
        at: Timestamp,
    ) -> Result<Vec<Document>, RecordsError> {
        paths.iter().map(|path| self.take_in(path, at)).collect()
    }
}
