//! Debian policy 5.6.12: `[epoch:]upstream[-revision]`.
//!
//! Upstream and revision are pairs of a run without digits and a number. In a run, `~` is below the end of the run,
//! letters are below everything else. A missing number or revision is 0.

use super::key;

/// `~` sorts before the end of a run …
const TILDE: u8 = 0x01;
/// … which sorts before any other character.
const RUN_END: u8 = 0x02;
/// Characters that are not letters sort after all letters.
const NOT_A_LETTER: u8 = 0x80;

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
        return Err("it contains a character that Debian versions do not have");
    }
    let (epoch, rest) = match memchr::memchr(b':', text) {
        Some(colon) => text.split_at(colon),
        None => (&b"0"[..], text),
    };
    if epoch.is_empty() || !epoch.iter().all(u8::is_ascii_digit) {
        return Err("its epoch is not a number");
    }
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let (upstream, revision) = match memchr::memrchr(b'-', rest) {
        Some(hyphen) => (rest.get(..hyphen), rest.get(hyphen + 1..)),
        None => (Some(rest), Some(&b"0"[..])),
    };
    let (upstream, revision) = (upstream.unwrap_or_default(), revision.unwrap_or_default());
    if upstream.is_empty() {
        return Err("its upstream version is empty");
    }
    if revision.is_empty() {
        return Err("its revision is empty");
    }
    key::number(epoch, out);
    write_part(upstream, out);
    write_part(revision, out);
    Ok(())
}

/// Appends an upstream version or a revision.
fn write_part(mut rest: &[u8], out: &mut Vec<u8>) {
    loop {
        let run = rest.iter().take_while(|byte| !byte.is_ascii_digit()).count();
        let (run, after) = rest.split_at(run);
        out.extend(run.iter().map(|byte| match byte {
            b'~' => TILDE,
            letter if letter.is_ascii_alphabetic() => *letter,
            other => NOT_A_LETTER | other,
        }));
        out.push(RUN_END);
        let (digits, after) = key::split_digits(after);
        key::number(digits, out);
        rest = after;
        if rest.is_empty() {
            // The first run may be empty, every other one begins with something else: this ends the part.
            out.push(RUN_END);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use shindan_domain::version::Scheme;

    use super::super::test_support::{assert_genuine, assert_lines, no_panic_tests};
    use crate::version::{compare, key};

    /// From the text of the policy and from packages of Debian and Ubuntu.
    const FACTS: &str = "
        1.0~beta1~svn1245 < 1.0~beta1
        1.0~beta1 < 1.0
        1.0~~ < 1.0~~a
        1.0~~a < 1.0~
        1.0~ < 1.0
        1.0 < 1.0a
        1.0 = 1.0-0
        1.0 = 0:1.0
        1.0 = 01.000
        1.0-1 < 1.0-1.1
        1.0-1 < 1.0-1ubuntu1
        1.0-1ubuntu1 < 1.0-1+b1
        1.0-1~bpo12+1 < 1.0-1
        1.0-1 < 1.0-1+deb12u1
        1.0-1+deb12u1 < 1.0-1+deb12u2
        1.0-1+deb12u9 < 1.0-1+deb12u10
        9.9 < 1:0.1
        1.0a < 1.0+
        1.0+ < 1.0.
        1.0z < 1.0.1
        1.2-3-4 > 1.2-3-3
        3.0.11-1~deb12u2 < 3.0.15-1~deb12u1
        2.36-9+deb12u3 < 2.36-9+deb12u4
        1:9.2p1-2+deb12u2 < 1:9.2p1-2+deb12u3
        1.1.1n-0+deb11u5 < 1.1.1w-0+deb11u1
        5.6.0+really5.4.5-1 > 5.4.5-0.3
        7.88.1-10+deb12u5 > 7.88.1-10
        20230311 < 20230311+deb12u1
        99999999999999999999 < 100000000000000000000
    ";

    #[test]
    fn facts_are_in_order() {
        assert_lines(Scheme::Deb, FACTS, 29);
    }

    #[test]
    fn genuine_lines_hold() {
        assert_genuine(Scheme::Deb, "debian-versions.txt", &[]);
    }

    #[test]
    fn malformed_versions_have_no_order() {
        for version in ["", " ", "a:1", ":1", "1:", "-1", "1-", "1 2", "1.0é", "1:-1", "-1:2"] {
            assert!(key(Scheme::Deb, version).is_err(), "{version}");
        }
    }

    /// The rule said directly, character by character.
    fn direct(a: &str, b: &str) -> Ordering {
        fn split(version: &str) -> (u128, &str, &str) {
            let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
            let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
            (epoch.parse().expect("number"), upstream, revision)
        }
        fn weight(c: Option<char>) -> i32 {
            match c {
                Some('~') => -1,
                Some(c) if c.is_ascii_alphabetic() => c as i32,
                Some(c) if !c.is_ascii_digit() => c as i32 + 256,
                _ => 0,
            }
        }
        fn part(a: &str, b: &str) -> Ordering {
            let (mut a, mut b) = (a, b);
            while !a.is_empty() || !b.is_empty() {
                let text = |s: &str| !s.is_empty() && !s.starts_with(|c: char| c.is_ascii_digit());
                while text(a) || text(b) {
                    let order = weight(a.chars().next()).cmp(&weight(b.chars().next()));
                    if order.is_ne() {
                        return order;
                    }
                    (a, b) = (&a[1..], &b[1..]);
                }
                let end = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
                let number = |s: &str| s[..end(s)].parse::<u128>().unwrap_or(0);
                let order = number(a).cmp(&number(b));
                if order.is_ne() {
                    return order;
                }
                (a, b) = (&a[end(a)..], &b[end(b)..]);
            }
            Ordering::Equal
        }
        let ((e1, u1, r1), (e2, u2, r2)) = (split(a), split(b));
        e1.cmp(&e2).then_with(|| part(u1, u2)).then_with(|| part(r1, r2))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn keys_order_as_the_policy_says(
            a in "([01]:)?[0-2]{1,2}[0-2ab.+~]{0,8}(-[0-2ab.+~]{1,4})?",
            b in "([01]:)?[0-2]{1,2}[0-2ab.+~]{0,8}(-[0-2ab.+~]{1,4})?",
        ) {
            prop_assert_eq!(compare(Scheme::Deb, &a, &b), Ok(direct(&a, &b)));
        }

        #[test]
        fn zeros_and_missing_parts_are_the_same(numbers in proptest::collection::vec(0u32..50, 1..5)) {
            let plain: Vec<String> = numbers.iter().map(u32::to_string).collect();
            let padded: Vec<String> = numbers.iter().map(|n| format!("00{n}")).collect();
            let (plain, padded) = (plain.join("."), format!("0:{}-0", padded.join(".")));
            prop_assert_eq!(key(Scheme::Deb, &plain), key(Scheme::Deb, &padded));
        }
    }

    no_panic_tests!(Scheme::Deb, "[0-9a-c:.+~-]{0,16}");
}
