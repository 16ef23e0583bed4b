//! Version text in Japanese and English, parsed to ranges. What cannot be parsed is *undetermined*, never "all".
//!
//! The text is split into tokens (`token`, with the phrases of `ja` and `en`), versions are recognised (`phrase`), and
//! a small recursive-descent parser (`grammar`) turns them into ranges. It accepts a text as a whole or not at all:
//! one word that it does not know makes the claim undetermined, with the original text kept.

mod en;
mod grammar;
mod ja;
mod phrase;
mod token;

#[cfg(test)]
mod genuine_tests;
#[cfg(test)]
mod tests;

use shindan_domain::version::{Scheme, VersionClaim};
use unicode_normalization::UnicodeNormalization;

/// Longest text that is looked at, in bytes. Genuine ones have a few hundred.
const LONGEST_TEXT: usize = 4096;

/// What a version text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedText {
    /// The versions.
    pub claim: VersionClaim,
    /// CVE numbers that the text is limited to (`1.4.2 より前（CVE-2025-0354）`); empty: not limited.
    pub scope: Vec<String>,
    /// What narrows the product down (`for Windows`, `core`, `BIOS`), as written.
    pub product_hint: Option<String>,
}

/// Parses a version text in Japanese or English.
///
/// `scheme` becomes the scheme of the ranges; for text it is nearly always [`Scheme::Generic`]. An empty text, one
/// with an unknown word and one that can be read in two ways are undetermined with the original text.
pub fn parse(text: &str, scheme: Scheme) -> ParsedText {
    let undetermined =
        || ParsedText { claim: VersionClaim::undetermined_text(text), scope: Vec::new(), product_hint: None };
    if text.len() > LONGEST_TEXT {
        return undetermined();
    }
    let normalised: String = text.nfkc().collect();
    let normalised = normalised.trim();
    // Source: CSAF 2.0, 3.1.2.3.2: `vers:all/…` stands in front of what is free text in practice.
    let body = normalised.strip_prefix("vers:all/").unwrap_or(normalised);
    let tokens = token::tokens(body);
    let Some(statement) = grammar::parse(&tokens, scheme) else { return undetermined() };
    let claim = if statement.all && statement.except.is_empty() {
        VersionClaim::All
    } else if statement.all {
        VersionClaim::Ranged {
            ranges: vec![shindan_domain::version::VersionRange::all(scheme)],
            except: statement.except,
        }
    } else {
        VersionClaim::Ranged { ranges: statement.ranges, except: statement.except }
    };
    ParsedText { claim, scope: statement.scope, product_hint: statement.hint }
}

/// True if the text holds Japanese (kana or kanji).
pub fn is_japanese(text: &str) -> bool {
    ja::is_japanese(text)
}
