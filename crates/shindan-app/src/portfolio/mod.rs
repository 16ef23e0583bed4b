//! The portfolio: the lists of software and devices of every subject, kept, and how they stand with the knowledge base
//! (SPEC.md section 4, ④-1: "who is hit by this CVE?" over the whole portfolio, at once).
//!
//! ```text
//! lists named by a person ─► originals + LISTS (noted in the ledger) ─► standing-000007.sl (derived) ─► who, refresh
//! register ──────────────────────────────────────────────────────────►┘
//! ```
//!
//! What is derived may be missing or behind: then the originals are read and everything is judged, slower and with the same answer. What
//! is damaged is an error for who asks, and is derived anew by the next change.

mod lists;
mod opened;
mod segment;
mod standing;
mod state;
mod told;
mod who;

pub use lists::{Held, Holding, KeptList, Lists, hold, read_kept, read_list, release};
pub(crate) use lists::{inputs_of, kept_hash};
pub use opened::read_ahead;
pub use standing::{Concerned, Renewed, renew};
pub use state::{GroupStatus, Status, status};
pub(crate) use told::told;
pub use who::{LookedAt, who, who_and_looked_at};
