//! RubyGems: `Gem::Version`.
//!
//! A version is a list of numbers and words; a missing part is 0, and a word is below every number. So the list goes
//! on in zeros without end, and the key must say of each zero whether what comes after the zeros is below or above
//! them: `1.b.a` < `1.b.0.a` < `1.b` < `1.b.0.1` < `1.b.1`, which is the order of the constants.
//!
//! Source: rubygems, `Gem::Version#<=>` and `#canonical_segments`.

use super::key::{number, split_digits, text as write_text};

const WORD: u8 = 1;
const ZERO_THEN_BELOW: u8 = 2;
const END: u8 = 3;
const ZERO_THEN_ABOVE: u8 = 4;
const NUMBER: u8 = 5;

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = super::semver::without_v(text.trim_ascii().as_bytes());
    if !rest.first().is_some_and(u8::is_ascii_digit) {
        return Err("does not begin with a number");
    }
    let mut parts = Parts { out, zeros: 0, words: false };
    loop {
        match rest {
            [] => {
                parts.out.push(END);
                return Ok(());
            }
            [b'0'..=b'9', ..] => {
                let (digits, after) = split_digits(rest);
                parts.number(digits);
                rest = after;
            }
            [b'a'..=b'z' | b'A'..=b'Z', ..] => {
                let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let (word, after) = rest.split_at(letters);
                parts.word(word);
                rest = after;
            }
            [b'.', next, ..] if next.is_ascii_alphanumeric() => rest = rest.get(1..).unwrap_or_default(),
            // A hyphen stands for `.pre.`.
            [b'-', next, ..] if next.is_ascii_alphanumeric() || *next == b'-' => {
                parts.word(b"pre");
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => return Err("not numbers and words between dots"),
        }
    }
}

/// The key under way.
struct Parts<'a> {
    out: &'a mut Vec<u8>,
    /// Zeros that are not written yet.
    zeros: usize,
    /// True if there was a word.
    words: bool,
}

impl Parts<'_> {
    fn number(&mut self, digits: &[u8]) {
        if digits.iter().all(|d| *d == b'0') {
            self.zeros += 1;
            return;
        }
        self.write_zeros(ZERO_THEN_ABOVE);
        self.out.push(NUMBER);
        number(digits, self.out);
    }

    fn word(&mut self, word: &[u8]) {
        // The zeros before the first word do not count: 1.0.a is 1.a.
        if !self.words {
            self.zeros = 0;
            self.words = true;
        }
        self.write_zeros(ZERO_THEN_BELOW);
        self.out.push(WORD);
        write_text(word, self.out);
    }

    fn write_zeros(&mut self, zero: u8) {
        self.out.extend(std::iter::repeat_n(zero, self.zeros));
        self.zeros = 0;
    }
}
