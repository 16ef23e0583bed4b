//! Keeps everything decided or done, in one folder: the ledger's entries, the records' states and lists that are derived
//! from them, documents by the hash of their content, and the installation's signing key.
//!
//! ```text
//! ledger/shindan.db                 entries, what is derived from them, names and accounts of people, refusals (SQLite, WAL)
//! ledger/documents/ab/cdef…         kept documents, by SHA-256
//! ledger/documents/incoming/        documents that are being taken in
//! ledger/keys/accounts.key          the key that secrets of authenticator apps are sealed with
//! ledger/keys/installation.key      the Ed25519 key that signs checkpoints and exchange files
//! ledger/keys/exchange.key          the secret that opens encrypted exchange files, once there is a card
//! ```
//!
//! Invariants, stated as absences:
//! - No state changes without its entry: [`Store::commit`] writes both in one transaction, or nothing.
//! - No entry is ever changed, removed or written anew. Everything else about records can be thrown away and derived again
//!   ([`Store::rebuild`]).
//! - Nobody's change is overwritten: a write names the revision that it was decided on.
//! - Nothing here decides, knows a process, reads a clock or draws random numbers: times, ids and the key's seed are given.
//! - No type of the database is in this interface. Another database can be put behind it; `tests/conformance` is what it has
//!   to pass.
//! - The private signing key never leaves this crate. (The secret that opens encrypted exchange files does: it is used where
//!   they are opened.)

mod account_key;
mod accounts;
mod among;
mod backup;
mod beside;
mod commit;
mod documents;
mod error;
mod files;
mod filing;
mod folded;
mod identity;
mod list;
mod number;
mod pass;
mod people;
mod preferences;
mod read;
mod rebuild;
mod refusals;
mod restore;
mod schema;
mod search;
mod sessions;
mod signing;
mod store;
mod verify;

pub use account_key::KeptSecret;
pub use accounts::{AccountWrite, Taken, Taking, TotpSecret};
pub use among::Among;
pub use backup::BackedUp;
pub use commit::{Batch, Committed, Idempotency, Write};
pub use documents::{DocumentFault, Removed};
pub use error::{BackupFault, StoreError};
pub use folded::folded as folded_text;
pub use list::{Page, Query, Sort};
pub use pass::Passed;
pub use read::{Count, Record, Row, Stored};
pub use rebuild::{Difference, Rebuilt};
pub use refusals::{Refused, RefusedStep};
pub use restore::Restored;
pub use search::{Sighted, Sought};
pub use sessions::{Login, LoginQuery, Retention, StoredSession};
pub use signing::{NotSigned, PublicKey, Signature, verify_signature};
pub use store::{Installation, Store};
pub use verify::{Problem, Verified};
