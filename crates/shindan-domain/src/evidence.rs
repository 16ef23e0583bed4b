//! 証跡: documents that are kept by the hash of their content. What they prove, the record says that names them.

use serde::{Deserialize, Serialize};

use crate::ledger::Hash;
use crate::process::{ReasonCode, Refusal};

/// A kept document: the bytes are found by their hash, so that a changed file is another document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Document {
    /// SHA-256 of the bytes.
    pub sha256: Hash,
    /// Size in bytes.
    pub size: u64,
    /// The file's name when it was taken in, without folders.
    pub name: String,
}

impl Document {
    /// Refuses an empty document: it proves nothing.
    ///
    /// # Errors
    /// [`ReasonCode::DocumentMissing`].
    pub fn check(&self) -> Result<(), Refusal> {
        if self.size == 0 { Err(Refusal::new(ReasonCode::DocumentMissing)) } else { Ok(()) }
    }

    /// Refuses an empty list of documents, and empty documents in it.
    ///
    /// # Errors
    /// [`ReasonCode::DocumentMissing`].
    pub fn check_some(documents: &[Document]) -> Result<(), Refusal> {
        if documents.is_empty() {
            return Err(Refusal::new(ReasonCode::DocumentMissing));
        }
        documents.iter().try_for_each(Document::check)
    }
}
