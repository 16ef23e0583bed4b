//! Dart pub: Semantic Versioning in which build metadata has an order, above the version without it.
//!
//! Source: dart.dev, "The pubspec file", section "Version", and `Version.compareTo` of the package `pub_semver`.

use super::semver::{self, Rules};

const RULES: Rules = Rules {
    numbers: 3,
    more_numbers: true,
    glued_after: usize::MAX,
    glued_word_and_number: false,
    fold_case: false,
    ordered_build: true,
};

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    semver::write_with(&RULES, semver::without_v(text.trim_ascii().as_bytes()), out)
}
