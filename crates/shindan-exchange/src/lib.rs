//! 署名付き交換ファイル: what one installation of shindan hands to another, by network or USB stick (SPEC.md section 4,
//! "Exchange between parties"; ③-1, integrity of exchanges). The form is described in `docs/exchange-format.md`.
//!
//! ```text
//! .shindan   magic ‖ version ‖ length ‖ DSSE envelope (manifest: who, for whom, number, what follows) ‖ files
//!            perhaps inside an age file, for the receiver alone
//! card       DSSE envelope: who an installation is, signed with its own key
//! receipt    DSSE envelope: that a sealed file was accepted
//! ```
//!
//! Bundles, which carry the files of sources into a closed network, are in [`bundle`].
//!
//! What is found out here: that the bytes are what was signed with the key that the manifest names. Whether that key counts,
//! whether the file is in its turn and in time, is decided by [`shindan_domain::exchange`].
//!
//! Invariants: bytes in, bytes out. No IO but readers and writers that the caller gives, no clock, no network, no panic on any
//! input, memory bounded by [`Limits`]. No randomness – except in [`encryption`], where the age library draws the file key
//! (and a new identity) from the operating system itself; nothing else there needs any. Every byte of a sealed file is bound
//! by its signature or by a hash that is signed: a file that differs in one bit is refused. This is the only crate that
//! knows the age format.

pub mod bundle;
mod dsse;
pub mod encryption;
mod head;
mod names;
mod sealed;
mod statement;

#[cfg(test)]
mod tests;

pub use dsse::{NotSealed, Signed, enclose, pae, read_signed, to_sign};
pub use names::check_name;
pub use sealed::{MAGIC, Opened, Recognised, open, recognise, write_sealed};
pub use statement::{CardStatement, Manifest, ManifestReceiver, ManifestSender, ReceiptStatement, Statement};

use shindan_domain::process::Reason;

/// What a sealed file may at most hold. Settings of the caller; a larger file is refused, not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the envelope with the manifest.
    pub envelope: u64,
    /// Files.
    pub contents: usize,
    /// Bytes of all files together. Nothing is compressed, so that there is no ratio to limit.
    pub total: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { envelope: 4 << 20, contents: 1000, total: 2 << 30 }
    }
}

/// A file is not accepted, or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// What is wrong with the file.
    #[error("{0}")]
    Refused(Reason),
    /// The bytes could not be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<Reason> for Trouble {
    fn from(reason: Reason) -> Self {
        Trouble::Refused(reason)
    }
}
