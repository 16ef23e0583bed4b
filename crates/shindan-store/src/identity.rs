//! The secret with which encrypted exchange files are opened (an age identity). Kept as the signing key is: a file that only
//! its owner may read, in a backup if the keys are wanted in it. Made and used elsewhere (`shindan-exchange`); here it is a
//! line of text.

use std::path::{Path, PathBuf};

use crate::{Store, StoreError, files};

pub(crate) fn identity_file(ledger: &Path) -> PathBuf {
    ledger.join("keys").join("exchange.key")
}

impl Store {
    /// The secret, if there is one.
    ///
    /// # Errors
    /// [`StoreError::KeyDamaged`] for a file that is no line of text; those of reading.
    pub fn exchange_identity(&self) -> Result<Option<String>, StoreError> {
        let file = identity_file(&self.folder);
        match std::fs::read_to_string(&file) {
            Ok(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            Ok(_) => Err(StoreError::KeyDamaged),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(StoreError::KeyDamaged),
            Err(error) => Err(StoreError::io(file)(error)),
        }
    }

    /// Keeps a secret where there is none.
    ///
    /// # Errors
    /// [`StoreError::KeyPresent`] if there is one: partners have its recipient on a card. Those of writing.
    pub fn set_exchange_identity(&self, secret: &str) -> Result<(), StoreError> {
        let file = identity_file(&self.folder);
        if file.exists() {
            return Err(StoreError::KeyPresent);
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        // Whole or not there: half a secret would open nothing.
        let beside = file.with_extension("key.new");
        files::write_private(&beside, format!("{}\n", secret.trim()).as_bytes())?;
        files::rename(&beside, &file)
    }
}
