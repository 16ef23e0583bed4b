//! What can go wrong in a use case on records.

use std::path::PathBuf;

use shindan_domain::ledger::Stream;
use shindan_domain::process::Refusal;
use shindan_store::StoreError;

use crate::error::AppError;

/// A use case on records could not be carried out. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The installation was not set up.
    #[error("there is no ledger in {}", .0.display())]
    Missing(PathBuf),
    /// The installation was set up before.
    #[error("there is a ledger in {} already", .0.display())]
    Present(PathBuf),
    /// No token was given.
    #[error("a personal token is needed")]
    TokenMissing,
    /// The token is nobody's, was withdrawn or has expired.
    #[error("the token is not valid")]
    TokenUnknown,
    /// It is no session, or one that has ended.
    #[error("the session has ended")]
    SessionUnknown,
    /// The step is not permitted.
    #[error("{refusal}")]
    Refused {
        /// The record, if it is about one.
        about: Option<Stream>,
        /// Why, and what is missing.
        refusal: Refusal,
    },
    /// Somebody else changed the record since it was read.
    #[error("the record has {found} entries and not {expected}: somebody else changed it")]
    Conflict {
        /// The record.
        stream: Stream,
        /// Entries that the caller saw.
        expected: u64,
        /// Entries there are.
        found: u64,
    },
    /// No record is called that.
    #[error("no record is called {0}")]
    Unknown(String),
    /// Several records are called that.
    #[error("several records are called {called}")]
    Ambiguous {
        /// As given.
        called: String,
        /// What they are.
        candidates: Vec<String>,
    },
    /// A value that was given cannot be understood.
    #[error("{field}: {value}")]
    Invalid {
        /// The option or field.
        field: String,
        /// As given.
        value: String,
    },
    /// The system gives no random bytes.
    #[error("no random bytes: {0}")]
    Randomness(String),
    /// What is stored cannot be understood: damage, or a defect of this program.
    #[error("stored data: {0}")]
    Stored(String),
    /// A file that is to be written exists already.
    #[error("{} exists already", .0.display())]
    FilePresent(PathBuf),
    /// A document cannot be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The store.
    #[error(transparent)]
    Store(StoreError),
    /// Another use case that this one needs.
    #[error(transparent)]
    App(#[from] AppError),
}

impl RecordsError {
    pub(crate) fn refused(about: Option<Stream>, refusal: Refusal) -> Self {
        RecordsError::Refused { about, refusal }
    }

    /// The same, with the record that it is about where that was not known yet.
    pub(crate) fn about(self, stream: Stream) -> Self {
        match self {
            RecordsError::Refused { about: None, refusal } => {
                RecordsError::Refused { about: Some(stream), refusal }
            }
            other => other,
        }
    }

    pub(crate) fn unknown(stream: Stream) -> Self {
        RecordsError::Unknown(format!("{} {}", stream.kind, stream.id))
    }

    pub(crate) fn unreadable(path: &std::path::Path, reason: &dyn std::fmt::Display) -> Self {
        RecordsError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn stored(error: impl std::fmt::Display) -> Self {
        RecordsError::Stored(error.to_string())
    }
}

impl From<StoreError> for RecordsError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Absent { folder } => RecordsError::Missing(folder),
            StoreError::Present { folder } => RecordsError::Present(folder),
            StoreError::Prefix(value) => RecordsError::Invalid { field: "prefix".to_owned(), value },
            StoreError::Conflict { stream, expected, found } => {
                RecordsError::Conflict { stream, expected, found }
            }
            other => RecordsError::Store(other),
        }
    }
}
