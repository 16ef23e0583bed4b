//! Alpine: `number{.number}{letter}{_suffix{number}}{~hash}{-rN}`, in the order of apk-tools (`apk version -t`).
//!
//! What may follow a part, from low to high: `_alpha` < `_beta` < `_pre` < `_rc` < what is not valid < the end <
//! `-rN` < `~hash` < the number of a suffix < `_cvs` < `_svn` < `_git` < `_hg` < `_p` < letter < number.
//!
//! - A dotted number with a leading zero is compared as text (`1.01` < `1.1`), the first number never is.
//! - apk compares versions that are not valid up to where they stop being so; apk-tools 3 puts them below the valid
//!   version (`1-ruff` < `1`), apk-tools 2 above. This is version 3, with two leniencies of version 2 that packages
//!   in the wild rely on: a number after a letter (`6.6.2p1`) and an empty number between dots.

use super::key;

const ALPHA: u8 = 0x01;
const BETA: u8 = 0x02;
const PRE: u8 = 0x03;
const CANDIDATE: u8 = 0x04;
const INVALID: u8 = 0x08;
const END: u8 = 0x10;
const REVISION: u8 = 0x20;
const HASH: u8 = 0x28;
const SUFFIX_NUMBER: u8 = 0x30;
const CVS: u8 = 0x40;
const SVN: u8 = 0x41;
const GIT: u8 = 0x42;
const HG: u8 = 0x43;
const PATCH: u8 = 0x44;
const LETTER: u8 = 0x50;
const NUMBER: u8 = 0x60;

/// Which part was read last, in the order in which parts may follow each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Revision,
}

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let text = text.trim_ascii().as_bytes();
    if text.is_empty() {
        return Err("it is empty");
    }
    if !text.iter().all(u8::is_ascii_graphic) {
        return Err("it contains a character that Alpine versions do not have");
    }
    let (digits, mut rest) = key::split_digits(text);
    if digits.is_empty() {
        // Not valid from the beginning: below every version, and among themselves by their text.
        out.push(INVALID);
        key::text(text, out);
        return Ok(());
    }
    out.push(NUMBER);
    key::number(digits, out);
    let mut last = Part::Number;
    while !rest.is_empty() {
        match write_next(last, rest, out) {
            Some((part, after)) => (last, rest) = (part, after),
            None => {
                // Whatever else there is does not count.
                out.push(INVALID);
                out.push(0);
                return Ok(());
            }
        }
    }
    out.push(END);
    Ok(())
}

/// Appends the next part; `None` if there is no valid one.
fn write_next<'t>(last: Part, rest: &'t [u8], out: &mut Vec<u8>) -> Option<(Part, &'t [u8])> {
    match rest {
        [b'.', after @ ..] if last == Part::Number => Some((Part::Number, write_dotted(after, out))),
        [letter @ b'a'..=b'z', after @ ..] if last == Part::Number => {
            out.extend([LETTER, *letter]);
            Some((Part::Letter, after))
        }
        [b'0'..=b'9', ..] if last == Part::Letter || last == Part::Suffix => {
            let (digits, after) = key::split_digits(rest);
            out.push(if last == Part::Letter { NUMBER } else { SUFFIX_NUMBER });
            key::number(digits, out);
            Some((if last == Part::Letter { Part::Number } else { Part::SuffixNumber }, after))
        }
        [b'_', after @ ..] if last <= Part::SuffixNumber => {
            let length = after.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            let (word, after) = after.split_at(length);
            out.push(suffix(word)?);
            Some((Part::Suffix, after))
        }
        [b'~', after @ ..] if last < Part::Hash => {
            let length = after.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count();
            let (hash, after) = after.split_at(length);
            if hash.is_empty() {
                return None;
            }
            out.push(HASH);
            key::text(hash, out);
            Some((Part::Hash, after))
        }
        [b'-', b'r', after @ ..] if last < Part::Revision => {
            let (digits, after) = key::split_digits(after);
            // `-r` alone is revision 0; `-ruff` is none.
            if digits.is_empty() && !matches!(after, [] | [b'-', ..]) {
                return None;
            }
            out.push(REVISION);
            key::number(digits, out);
            Some((Part::Revision, after))
        }
        _ => None,
    }
}

/// Appends a number that follows a dot.
fn write_dotted<'t>(rest: &'t [u8], out: &mut Vec<u8>) -> &'t [u8] {
    let (digits, after) = key::split_digits(rest);
    match digits {
        [] => out.push(INVALID),
        [b'0', ..] => {
            // Below every number without a leading zero, whose length is at least 1.
            out.extend([NUMBER, 0]);
            key::text(digits, out);
        }
        _ => {
            out.push(NUMBER);
            key::number(digits, out);
        }
    }
    after
}

fn suffix(word: &[u8]) -> Option<u8> {
    Some(match word {
        b"alpha" => ALPHA,
        b"beta" => BETA,
        b"pre" => PRE,
        b"rc" => CANDIDATE,
        b"cvs" => CVS,
        b"svn" => SVN,
        b"git" => GIT,
        b"hg" => HG,
        b"p" => PATCH,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use shindan_domain::version::Scheme;

    use super::super::test_support::{assert_genuine, assert_lines, no_panic_tests};
    use crate::version::{compare, key};

    const FACTS: &str = "
        1.0 < 1.0.0
        1.0 < 1.0-r0
        1.0-r0 < 1.0-r1
        1.0-r9 < 1.0-r10
        1.0-r1 = 1.0-r01
        1.01 < 1.1
        1.0 < 1.00
        1.002 > 1.0015
        01.1 = 1.1
        1.0_alpha < 1.0_alpha1
        1.0_alpha1 < 1.0_beta
        1.0_beta < 1.0_pre
        1.0_pre20060101 < 1.0_rc1
        1.0_rc1 < 1.0_rc2
        1.0_rc2-r9 < 1.0
        1.0 < 1.0_cvs
        1.0_cvs < 1.0_svn
        1.0_svn < 1.0_git
        1.0_git20240101 < 1.0_hg
        1.0_hg < 1.0_p1
        1.0_p1 < 1.0a
        1.0a < 1.0b
        1.0b < 1.0.1
        1.0_p1_rc1 < 1.0_p1
        1.0~12ab > 1.0
        1.0~12ab < 1.0~12b
        1.0~12ab-r1 > 1.0~12ab-r0
        3.1.4-r5 < 3.1.4-r6
        3.1.4-r6 < 3.1.5-r0
        9.3_p2-r0 < 9.3_p2-r1
        9.3_p2-r3 < 9.4_p1-r0
        1.36.1-r15 < 1.36.1-r29
        2.4.58-r0 < 2.4.59-r0
        20230506-r0 < 20240226-r0
        1.0.2o-r1 < 1.0.2p-r0
        1.0_whatever < 1.0
    ";

    #[test]
    fn facts_are_in_order() {
        assert_lines(Scheme::Apk, FACTS, 36);
    }

    #[test]
    fn genuine_lines_hold() {
        assert_genuine(Scheme::Apk, "alpine-versions.txt", &[]);
    }

    #[test]
    fn foreign_characters_have_no_order() {
        for version in ["", " ", "1 2", "1.0é", "1\u{0}"] {
            assert!(key(Scheme::Apk, version).is_err(), "{version:?}");
        }
    }

    /// A valid version as apk sees it.
    #[derive(Debug, Clone)]
    struct Meaning {
        numbers: Vec<String>,
        letter: Option<char>,
        suffixes: Vec<(usize, Option<u32>)>,
        revision: Option<u32>,
    }

    const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];

    impl Meaning {
        fn spell(&self) -> String {
            let mut text = self.numbers.join(".");
            text.extend(self.letter);
            for (suffix, number) in &self.suffixes {
                text += &format!("_{}", SUFFIXES[*suffix]);
                text += &number.map(|n| n.to_string()).unwrap_or_default();
            }
            text + &self.revision.map(|n| format!("-r{n}")).unwrap_or_default()
        }

        /// Kind and value of each token, kinds numbered as in apk-tools (a higher kind is a lower version).
        fn tokens(&self) -> Vec<(u8, String, u32)> {
            let mut tokens: Vec<(u8, String, u32)> =
                self.numbers.iter().enumerate().map(|(i, n)| (u8::from(i > 0), n.clone(), 0)).collect();
            tokens.extend(self.letter.map(|c| (2, c.to_string(), 0)));
            for (suffix, number) in &self.suffixes {
                tokens.push((3, String::new(), *suffix as u32));
                tokens.extend(number.map(|n| (4, String::new(), n)));
            }
            tokens.extend(self.revision.map(|n| (6, String::new(), n)));
            tokens.push((7, String::new(), 0));
            tokens
        }
    }

    /// The comparison loop of apk-tools 3, token against token.
    fn direct(a: &Meaning, b: &Meaning) -> Ordering {
        for (x, y) in a.tokens().iter().zip(&b.tokens()) {
            if x.0 != y.0 {
                let pre = |token: &(u8, String, u32)| token.0 == 3 && token.2 < 4;
                return match (pre(x), pre(y)) {
                    (true, _) => Ordering::Less,
                    (_, true) => Ordering::Greater,
                    _ => y.0.cmp(&x.0),
                };
            }
            let number = |text: &str| text.parse::<u64>().expect("number");
            let order = match x.0 {
                0 => number(&x.1).cmp(&number(&y.1)),
                1 if !x.1.starts_with('0') && !y.1.starts_with('0') => number(&x.1).cmp(&number(&y.1)),
                1 | 2 => x.1.cmp(&y.1),
                _ => x.2.cmp(&y.2),
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    fn meaning() -> impl Strategy<Value = Meaning> {
        (
            proptest::collection::vec("0{0,2}[0-2]{1,2}", 1..4),
            proptest::option::of(proptest::char::range('a', 'c')),
            proptest::collection::vec((0usize..9, proptest::option::of(0u32..12)), 0..3),
            proptest::option::of(0u32..12),
        )
            .prop_map(|(numbers, letter, suffixes, revision)| Meaning {
                numbers,
                letter,
                suffixes,
                revision,
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn keys_order_as_apk_does(a in meaning(), b in meaning()) {
            prop_assert_eq!(compare(Scheme::Apk, &a.spell(), &b.spell()), Ok(direct(&a, &b)));
        }

        #[test]
        fn zeros_before_revision_and_first_number_do_not_count(first in 0u32..30, revision in 0u32..30) {
            let (plain, padded) = (format!("{first}.2-r{revision}"), format!("00{first}.2-r00{revision}"));
            prop_assert_eq!(key(Scheme::Apk, &plain), key(Scheme::Apk, &padded));
        }
    }

    no_panic_tests!(Scheme::Apk, "[0-9a-cA_.~-]{0,16}");
}
