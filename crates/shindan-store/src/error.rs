//! What can go wrong, and what the user can do about it. Words are chosen at the edge by [`StoreError::code`].

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::ErrorCode;
use shindan_domain::ledger::{Hash, Stream};

/// A store cannot do what was asked. Nothing was written, unless the variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no ledger in the folder.
    #[error("{folder} holds no ledger; set up the installation first")]
    Absent {
        /// The data folder.
        folder: PathBuf,
    },
    /// There is a ledger in the folder already.
    #[error("{folder} holds a ledger already")]
    Present {
        /// The data folder.
        folder: PathBuf,
    },
    /// A newer version of the program wrote the ledger's tables.
    #[error(
        "the ledger's tables have version {found}; this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// Version of the tables.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// The prefix of display numbers is not 1 to 8 letters `A` to `Z` or digits, beginning with a letter.
    #[error("\"{0}\" cannot be a prefix: 1 to 8 letters A to Z or digits, a letter first")]
    Prefix(String),
    /// Somebody else changed the record meanwhile.
    #[error("{} {} was changed by somebody else: revision {expected} was expected, {found} found", stream.kind, stream.id)]
    Conflict {
        /// The record.
        stream: Stream,
        /// The revision that the change was decided on.
        expected: u64,
        /// The revision that there is.
        found: u64,
    },
    /// A write without an event: no state changes without its entry.
    #[error("{} {}: no event", stream.kind, stream.id)]
    NoEvent {
        /// The record.
        stream: Stream,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key \"{key}\" was used for another request")]
    KeyReused {
        /// The key.
        key: String,
    },
    /// The computer's clock is behind the latest entry by more than two minutes.
    #[error("the clock says {now}, but an entry was made at {last}: set the clock")]
    ClockBackwards {
        /// Time of the latest entry.
        last: Timestamp,
        /// What the clock says.
        now: Timestamp,
    },
    /// Another process holds the ledger for longer than the waiting time.
    #[error("another process is writing to the ledger; try again")]
    Locked,
    /// The disk, or the bound set for the ledger, is full.
    #[error("no space is left for the ledger")]
    Full,
    /// The ledger may not be written to.
    #[error("the ledger cannot be written to: check the permissions of its files")]
    ReadOnly,
    /// The database file is damaged.
    #[error("the ledger's file is damaged ({detail}): restore the last backup")]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// An event cannot be written as an entry: a fraction, or a number that is too large.
    #[error("{} {}: {error}", stream.kind, stream.id)]
    NotCanonical {
        /// The record.
        stream: Stream,
        /// Why.
        error: shindan_domain::ledger::NotCanonical,
    },
    /// A status that is not in [`shindan_domain::vocabulary::vocabulary`] could not be read back.
    #[error("the status {set}/{value} is in no vocabulary")]
    UnknownStatus {
        /// Set of terms.
        set: String,
        /// The value.
        value: String,
    },
    /// A record's state does not have the form that it should have.
    #[error("{} {}: {error}", stream.kind, stream.id)]
    State {
        /// The record.
        stream: Stream,
        /// Why.
        error: String,
    },
    /// Stored bytes are no entry, or an entry cannot follow the state.
    #[error("entry {sequence}: {error}")]
    Entry {
        /// Number of the entry.
        sequence: u64,
        /// Why.
        error: String,
    },
    /// The text is no cursor of this list.
    #[error("\"{0}\" is no place in this list")]
    Cursor(String),
    /// A document is larger than permitted.
    #[error("the document is larger than {limit} bytes")]
    TooLarge {
        /// Permitted size in bytes.
        limit: u64,
    },
    /// No kept document has this hash.
    #[error("the document {0} is not kept here")]
    NoDocument(Hash),
    /// The bytes of a kept document no longer give its hash.
    #[error("the document {0} was changed or damaged")]
    DocumentDamaged(Hash),
    /// The signing key is not here (it was not part of the backup, or was removed).
    #[error("the installation's signing key is not here")]
    KeyMissing,
    /// The signing key's file is not one.
    #[error("the installation's signing key is damaged")]
    KeyDamaged,
    /// There is a signing key already.
    #[error("the installation has a signing key already")]
    KeyPresent,
    /// A backup cannot be made or taken.
    #[error("{path}: {fault}")]
    Backup {
        /// The backup's file.
        path: PathBuf,
        /// Why.
        fault: BackupFault,
    },
    /// The database does something that this program does not expect: a defect.
    #[error("{0}")]
    Database(String),
}

/// Why a backup cannot be made or taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupFault {
    /// The file exists already.
    #[error("the file exists already")]
    Exists,
    /// It is no backup of this program.
    #[error("not a backup of this program: {0}")]
    NotABackup(String),
    /// A newer version of the program made it.
    #[error("made by a newer version of this program (format {found}; this one knows up to {known})")]
    Newer {
        /// The backup's format.
        found: u32,
        /// What this program knows.
        known: u32,
    },
    /// A file in it is not what the list of hashes says.
    #[error("{name} in it was changed or damaged")]
    Changed {
        /// Name in the backup.
        name: String,
    },
    /// A file that the list of hashes names is missing.
    #[error("{name} in it is missing")]
    Missing {
        /// Name in the backup.
        name: String,
    },
    /// It holds a file that the list of hashes does not name.
    #[error("{name} in it is not on its list")]
    Unlisted {
        /// Name in the backup.
        name: String,
    },
    /// The data folder holds another file of that name.
    #[error("{name} is in the data folder already, and is another one")]
    Occupied {
        /// Name in the backup, and below the data folder.
        name: String,
    },
    /// The ledger in it is no unbroken chain, or not the one that its list speaks of.
    #[error("the ledger in it is not whole: {0}")]
    Chain(String),
}

impl StoreError {
    /// The stable text form of the kind of fault; words stand under `store-<code>` at the edge.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Absent { .. } => "absent",
            StoreError::Present { .. } => "present",
            StoreError::Newer { .. } => "newer",
            StoreError::Prefix(_) => "prefix",
            StoreError::Conflict { .. } => "conflict",
            StoreError::NoEvent { .. } => "no-event",
            StoreError::KeyReused { .. } => "key-reused",
            StoreError::ClockBackwards { .. } => "clock-backwards",
            StoreError::Locked => "locked",
            StoreError::Full => "full",
            StoreError::ReadOnly => "read-only",
            StoreError::Damaged { .. } => "damaged",
            StoreError::Io { .. } => "io",
            StoreError::NotCanonical { .. } => "not-canonical",
            StoreError::UnknownStatus { .. } => "unknown-status",
            StoreError::State { .. } => "state",
            StoreError::Entry { .. } => "entry",
            StoreError::Cursor(_) => "cursor",
            StoreError::TooLarge { .. } => "too-large",
            StoreError::NoDocument(_) => "no-document",
            StoreError::DocumentDamaged(_) => "document-damaged",
            StoreError::KeyMissing => "key-missing",
            StoreError::KeyDamaged => "key-damaged",
            StoreError::KeyPresent => "key-present",
            StoreError::Backup { .. } => "backup",
            StoreError::Database(_) => "database",
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Io { path, error },
        }
    }

    pub(crate) fn backup(path: impl Into<PathBuf>, fault: BackupFault) -> StoreError {
        StoreError::Backup { path: path.into(), fault }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => StoreError::Locked,
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged { detail: error.to_string() }
            }
            Some(_) => StoreError::Database(error.to_string()),
            // A value of another type than its column's: the file was written by somebody else.
            None => StoreError::Damaged { detail: error.to_string() },
        }
    }
}
