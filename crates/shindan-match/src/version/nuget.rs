//! NuGet: up to four numbers, Semantic Versioning 2 labels without regard to case.
//!
//! Source: "Package versioning" of the NuGet documentation, "Normalized version numbers".

use super::semver::{self, Rules};

const RULES: Rules = Rules {
    numbers: 4,
    more_numbers: false,
    glued_after: usize::MAX,
    glued_word_and_number: false,
    fold_case: true,
    ordered_build: false,
};

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    semver::write_with(&RULES, semver::without_v(text.trim_ascii().as_bytes()), out)
}
