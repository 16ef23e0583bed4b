//! Proves that a file (a patch, an update, a firmware image) is the one its maker published, or says why that cannot be
//! proven (SPEC section 4, row ②-3; `docs/patch-verification.md` says what each method proves and what not).
//!
//! Invariants, stated as absences: nothing here opens a file, reads a clock or touches the network; content, lists,
//! signatures, keys and the time are given by the caller. No key is trusted that the caller did not give. Whatever is not
//! understood is refused with a code, never passed over. The content is read as a stream: memory does not grow with the
//! size of the file, save for formats that must be held whole and are limited ([`LIMIT_IN_MEMORY`]).

mod apt;
mod artefact;
mod authenticode;
mod checksums;
mod cms;
mod digest;
mod means;
mod minisign;
mod openpgp;
mod pem;
mod public_key;
mod recognise;
mod refusal;
mod rpm;
mod sigstore;
mod timestamp;
mod x509;

pub use artefact::{Artefact, Content, LIMIT_IN_MEMORY};
pub use digest::Algorithm;
pub use means::{AptChain, CertificateMeans, Means, SignatureMeans, SigstoreMeans, SigstoreSigner, verify};
pub use openpgp::{Pin, PinError};
