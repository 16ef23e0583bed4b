//! Composer: PHP's `version_compare` over the versions Composer accepts.
//!
//! A version is a list of numbers and words. Unlike in Composer's own padded form, `1.0` is below `1.0.0`, as in
//! `version_compare` and in OSV.
//!
//! Source: php.net, `version_compare`; getcomposer.org, "Versions and constraints"; `VersionParser::normalize`.

use super::key::{number, split_digits};

/// The parts of a version, in the order of rank.
const OTHER_WORD: u8 = 1;
const DEV: u8 = 2;
const ALPHA: u8 = 3;
const BETA: u8 = 4;
const RELEASE_CANDIDATE: u8 = 5;
const END: u8 = 6;
const NUMBER: u8 = 7;
const PATCH: u8 = 8;

/// What Composer puts for `x` in the version of a branch (`2.x-dev`).
const LAST: &[u8] = b"9999999";

/// Appends the key of `text`.
///
/// Branches (`dev-main`) and words that Composer does not know are errors: `version_compare` puts them below every
/// release, where a range would take them for unaffected.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    write(text, Words::Composer, out)
}

/// Appends the key of `text` with the place that `version_compare` gives to anything.
///
/// # Errors
/// The reason why `text` has no order even there.
pub fn write_conventional_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    write(text, Words::Any, out)
}

/// Which words are accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Composer's stabilities.
    Composer,
    /// Any, as in PHP.
    Any,
}

fn write(text: &str, words: Words, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = super::semver::without_v(text.trim_ascii().as_bytes());
    if let Some(plus) = rest.iter().position(|b| *b == b'+') {
        // Build metadata; Composer drops it.
        rest = rest.get(..plus).unwrap_or_default();
    }
    if !rest.iter().any(u8::is_ascii_alphanumeric) {
        return Err("neither letters nor digits");
    }
    if words == Words::Composer && !rest.first().is_some_and(u8::is_ascii_digit) {
        return Err("a branch or another name has no place among the versions");
    }
    loop {
        match rest {
            [] => {
                out.push(END);
                return Ok(());
            }
            [b'0'..=b'9', ..] => {
                let (digits, after) = split_digits(rest);
                out.push(NUMBER);
                number(digits, out);
                rest = after;
            }
            [b'a'..=b'z' | b'A'..=b'Z', ..] => {
                if is_open_branch(rest) {
                    out.push(NUMBER);
                    number(LAST, out);
                    out.extend_from_slice(&[DEV, END]);
                    return Ok(());
                }
                let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let (word, after) = rest.split_at(letters);
                write_word(word, words, out)?;
                rest = after;
            }
            [b'.' | b'-' | b'_', after @ ..] => rest = after,
            [other, after @ ..] if words == Words::Any && other.is_ascii_graphic() => rest = after,
            _ => return Err("other characters than letters, digits, dots and hyphens"),
        }
    }
}

/// True for the rest `x-dev`, `x.x-dev` …
fn is_open_branch(mut rest: &[u8]) -> bool {
    while let [b'x' | b'X', b'.', after @ ..] = rest {
        rest = after;
    }
    matches!(rest, [b'x' | b'X', b'-', dev @ ..] if dev.eq_ignore_ascii_case(b"dev"))
}

fn write_word(word: &[u8], words: Words, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let rank = if is("dev") {
        DEV
    } else if is("alpha") || is("a") {
        ALPHA
    } else if is("beta") || is("b") {
        BETA
    } else if is("rc") {
        RELEASE_CANDIDATE
    } else if is("pl") || is("p") || is("patch") {
        PATCH
    } else if is("stable") {
        // Composer drops it: 1.0-stable is 1.0.
        return Ok(());
    } else if words == Words::Any {
        conventional_rank(word)
    } else {
        return Err("a word that is no stability");
    };
    out.push(rank);
    Ok(())
}

/// The rank of a word by its beginning, as in PHP.
fn conventional_rank(word: &[u8]) -> u8 {
    match word.to_ascii_lowercase().as_slice() {
        [b'd', b'e', b'v', ..] => DEV,
        [b'a', ..] => ALPHA,
        [b'b', ..] => BETA,
        [b'r', b'c', ..] => RELEASE_CANDIDATE,
        [b'p', ..] => PATCH,
        _ => OTHER_WORD,
    }
}
