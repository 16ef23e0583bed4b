//! 台帳: the append-only, hash-chained record of everything decided or done (SPEC.md "Decided once").
//!
//! An entry is *type + version + payload*, kept as the exact bytes that were hashed (RFC 8785 form). Entries are never
//! changed, never migrated, and never written anew to be verified: verification works on the stored bytes.
//!
//! ```text
//! hash(0) = 32 zero bytes
//! hash(n) = SHA-256("shindan ledger 1\n" ‖ hash(n-1) ‖ bytes(n))        bytes(n) contains n itself
//! ```
//!
//! No floating point, no prose and no names of persons are in an entry; persons appear as ids.

mod canonical;
mod chain;
mod checkpoint;
mod entry;

pub use canonical::{NotCanonical, canonical};
pub use chain::{Break, Chain, Hash};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{Actor, Entry, EntryError, Kind, Stream, Through};
