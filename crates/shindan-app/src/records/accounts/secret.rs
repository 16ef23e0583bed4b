//! A text that is shown to nobody.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password as it was typed. It is overwritten when it is no longer needed, and `Debug` does not show it.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        SecretText(Zeroizing::new(text.into()))
    }

    /// True if nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if both are the same password.
    pub fn is_same(&self, other: &SecretText) -> bool {
        self.prepared() == other.prepared()
    }

    /// In Unicode's form NFKC, so that the same password typed with another keyboard or input method is the same.
    pub(super) fn prepared(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.nfkc().collect())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
