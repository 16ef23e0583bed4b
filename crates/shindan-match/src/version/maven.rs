//! Maven: "Version Order Specification" of the POM reference (Maven 3.9).
//!
//! A version is a row of tokens, each with the prefix `.` or `-`. Trailing null tokens (0, "", `final`, `ga`) are cut
//! off at the end and before each hyphen. In the order of what may follow:
//! `alpha` < `beta` < `milestone` < `rc` < `snapshot` < (nothing) = "" < `sp` < other words < `-number` < `.number`.
//!
//! A word with a dot in front is the same as with a hyphen (the specification: `.qualifier` = `-qualifier`; Maven 3.9:
//! "treat .X as -X for any string qualifier X"), also where nulls are cut off. Without that the order would not be
//! one: `1.0.alpha` < `1` < `1-foo` < `1.0.alpha`.

use super::key;

const ALPHA: u8 = 0x10;
const BETA: u8 = 0x11;
const MILESTONE: u8 = 0x12;
const CANDIDATE: u8 = 0x13;
const SNAPSHOT: u8 = 0x14;
const END: u8 = 0x20;
/// The empty word where something follows it that counts: `1-ga.1`.
const EMPTY_WORD: u8 = 0x21;
const SERVICE_PACK: u8 = 0x22;
const OTHER_WORD: u8 = 0x30;
const HYPHEN_NUMBER: u8 = 0x40;
const DOT_NUMBER: u8 = 0x50;

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err("it contains a control character");
    }
    // The length of `out` after the last token that is not null.
    let mut keep = out.len();
    let mut rest = text;
    let mut hyphen = false;
    loop {
        let token = take_token(rest);
        let after = rest.get(token.len()..).unwrap_or_default();
        if token.is_empty() || token.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            if hyphen {
                out.truncate(keep);
            }
            out.push(if hyphen { HYPHEN_NUMBER } else { DOT_NUMBER });
            key::number(token.as_bytes(), out);
            if token.bytes().any(|digit| digit != b'0') {
                keep = out.len();
            }
        } else {
            out.truncate(keep);
            let number_follows = after.as_bytes().first().is_some_and(u8::is_ascii_digit);
            if write_word(token, number_follows, out) {
                keep = out.len();
            }
        }
        if after.is_empty() {
            break;
        }
        let dot = after.starts_with('.');
        hyphen = !dot;
        // A change between digits and characters is a hyphen without a character.
        rest = if dot || after.starts_with('-') { after.get(1..).unwrap_or_default() } else { after };
    }
    out.truncate(keep);
    out.push(END);
    Ok(())
}

/// The token at the beginning: digits, other characters, or nothing before a separator.
fn take_token(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = bytes.first().is_some_and(u8::is_ascii_digit);
    let length =
        bytes.iter().take_while(|b| b.is_ascii_digit() == digits && !matches!(b, b'.' | b'-')).count();
    // The next byte is ASCII or the end, so this is a boundary.
    text.get(..length).unwrap_or_default()
}

/// Appends a word; false if it is null.
fn write_word(word: &str, number_follows: bool, out: &mut Vec<u8>) -> bool {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let rank = if number_follows && is("a") || is("alpha") {
        ALPHA
    } else if number_follows && is("b") || is("beta") {
        BETA
    } else if number_follows && is("m") || is("milestone") {
        MILESTONE
    } else if is("rc") || is("cr") {
        CANDIDATE
    } else if is("snapshot") {
        SNAPSHOT
    } else if is("final") || is("ga") || is("release") {
        out.push(EMPTY_WORD);
        return false;
    } else if is("sp") {
        SERVICE_PACK
    } else {
        out.push(OTHER_WORD);
        let mut buffer = [0; 4];
        for character in word.chars().flat_map(char::to_lowercase) {
            out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
        key::text(b"", out);
        return true;
    };
    out.push(rank);
    true
}

#[cfg(test)]
#[path = "maven_tests.rs"]
mod tests;
