//! Bundles for closed networks: the files of the sources of one installation, carried to another that reaches none of them
//! (SPEC.md section 4, ④-2, closed networks). The form is described in `docs/bundle-format.md`.
//!
//! ```text
//! .shindan-bundle   magic ‖ version ‖ length ‖ DSSE envelope (manifest: who, number, sources, files) ‖ one zstd frame with the files
//! ```
//!
//! The manifest stands in front and outside of what is compressed, and states size and hash of the compressed bytes: whose file it
//! is and what it holds is known before anything is unpacked, and no byte of it is free. Whether its key counts, whether it is in
//! its turn and in time, is decided by [`shindan_domain::exchange`].

mod manifest;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use manifest::{BundleFile, BundleManifest, BundleSource, LastCheck, Packed, RemovedFile};
pub use read::{OpenedBundle, open_bundle};
pub use write::{Part, pack, write_bundle};

/// How a bundle begins: not text, and damaged by whatever changes line ends.
pub const BUNDLE_MAGIC: [u8; 8] = *b"\x89SHB\r\n\x1a\n";
/// The container's version.
const VERSION: u16 = 1;

/// What a bundle may at most hold. Settings of the caller; a larger one is refused, not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleLimits {
    /// Bytes of the envelope with the manifest.
    pub envelope: u64,
    /// Sources.
    pub sources: usize,
    /// Files, those that are only named included.
    pub files: usize,
    /// Bytes of the compressed files.
    pub packed: u64,
    /// Bytes of all files together, unpacked.
    pub total: u64,
    /// So many times larger may all files be than what they are packed in.
    pub ratio: u64,
}

impl Default for BundleLimits {
    fn default() -> Self {
        BundleLimits {
            envelope: 32 << 20,
            sources: 1000,
            files: 50_000,
            packed: 16 << 30,
            total: 64 << 30,
            ratio: 1000,
        }
    }
}
