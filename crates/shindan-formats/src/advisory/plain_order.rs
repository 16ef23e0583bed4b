//! The one piece of version order that this crate relies on: between plain dotted numbers.
//!
//! Order belongs to the version schemes of `shindan-match`. But every scheme agrees that 1.9 comes before 1.10, and
//! some records can only be read right with that much knowledge: events out of order, entries that may overlap.
//! Wherever schemes disagree (`1.0` and `1.0.0`, suffixes, epochs) the answer here is *not known*. Of one scheme a little more is known,
//! Python's, whose records enumerate every release candidate: [`Suffixed`].

use std::cmp::Ordering;

/// The order of two versions if both are plain dotted numbers and every scheme agrees; else `None`.
pub(crate) fn compare(a: &str, b: &str) -> Option<Ordering> {
    Plain::of(a)?.compare(Plain::of(b)?)
}

/// True for digits and dots such as `10.0.17763`.
pub(crate) fn is_plain(version: &str) -> bool {
    Plain::of(version).is_some()
}

/// Digits and dots such as `10.0.17763`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain<'a>(&'a [u8]);

impl<'a> Plain<'a> {
    /// `None` if the version is anything else.
    pub(crate) fn of(version: &'a str) -> Option<Self> {
        let mut digits = 0;
        for byte in version.bytes() {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'.' if digits > 0 => digits = 0,
                _ => return None,
            }
        }
        (digits > 0).then_some(Plain(version.as_bytes()))
    }

    /// The order if every scheme agrees.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        if self.0 == other.0 {
            return Some(Ordering::Equal);
        }
        let (mut left, mut right) = (Some(self.0), Some(other.0));
        // The same numbers so far; at the end of both, written at different length or with leading zeros, schemes disagree.
        while left.is_some() || right.is_some() {
            match number_order(next_number(&mut left), next_number(&mut right)) {
                Ordering::Equal => {}
                decided => return Some(decided),
            }
        }
        None
    }
}

/// A Python version with one suffix in normal form: `2.0rc1`, `2.0.post1`, `2.0.dev3`. Of two versions with different releases the
/// releases decide, whatever stands behind them. Source: PEP 440, "Summary of permitted suffixes and relative ordering".
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suffixed<'a> {
    pub(crate) release: Plain<'a>,
    /// True if it comes before its release.
    pub(crate) before: bool,
}

impl<'a> Suffixed<'a> {
    /// `None` if the version is anything else.
    pub(crate) fn of(version: &'a str) -> Option<Self> {
        let end = version.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.')?;
        let (release, suffix) = version.split_at_checked(end)?;
        let (word, number) =
            suffix.split_at_checked(suffix.bytes().position(|byte| byte.is_ascii_digit())?)?;
        let (release, before) = match (release.strip_suffix('.'), word) {
            (None, "a" | "b" | "rc") => (release, true),
            (Some(release), "dev") => (release, true),
            (Some(release), "post") => (release, false),
            _ => return None,
        };
        let release = Plain::of(release)?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then_some(Suffixed { release, before })
    }
}

/// Takes the number before the next dot, without leading zeros; nothing is zero.
fn next_number<'a>(rest: &mut Option<&'a [u8]>) -> &'a [u8] {
    let Some(bytes) = *rest else { return &[] };
    let end = bytes.iter().position(|byte| *byte == b'.');
    let (number, after) = match end {
        Some(end) => (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..)),
        None => (bytes, None),
    };
    *rest = after;
    let zeros = number.iter().take_while(|byte| **byte == b'0').count();
    number.get(zeros..).unwrap_or_default()
}

fn number_order(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_scheme_agrees_on() {
        assert_eq!(compare("1.9", "1.10"), Some(Ordering::Less));
        assert_eq!(compare("2", "1.99.99"), Some(Ordering::Greater));
        assert_eq!(compare("1.0", "1.0.1"), Some(Ordering::Less));
        assert_eq!(compare("1.2.3", "1.2.3"), Some(Ordering::Equal));
        assert_eq!(compare("1.0", "1.0.0"), None);
        assert_eq!(compare("1.01", "1.1"), None);
        assert_eq!(compare("1.0-rc1", "1.0"), None);
        assert_eq!(compare("v1", "v1"), None);
        assert_eq!(compare("", ""), None);
    }
}
