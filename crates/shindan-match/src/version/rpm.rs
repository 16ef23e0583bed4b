//! RPM: `[epoch:]version[-release]`, each part by `rpmvercmp` (rpm 4.15 and later, with `~` and `^`).
//!
//! A part is a row of numbers and words; everything else, also what is not ASCII, only separates. `~` is below the
//! end of the part, `^` is above it and below anything else; numbers are above words. A missing epoch is 0; a missing
//! release is below any release, as in `rpmVersionCompare`.

use super::key;

const TILDE: u8 = 0x01;
const END: u8 = 0x02;
const CARET: u8 = 0x03;
const WORD: u8 = 0x04;
const NUMBER: u8 = 0x05;

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let text = text.trim_ascii();
    // What `rpm -qa --qf '%{EVR}'` and inventories made from it print for no epoch.
    let text = text.strip_prefix("(none):").unwrap_or(text).as_bytes();
    if text.is_empty() {
        return Err("it is empty");
    }
    // As rpm does: an epoch is digits before a colon; any other colon belongs to the version.
    let (digits, after) = key::split_digits(text);
    let (epoch, rest) = match after {
        [b':', rest @ ..] => (digits, rest),
        _ => (&b""[..], text),
    };
    let (version, release) = match memchr::memrchr(b'-', rest) {
        Some(hyphen) => (rest.get(..hyphen).unwrap_or_default(), rest.get(hyphen + 1..)),
        None => (rest, None),
    };
    key::number(epoch, out);
    write_part(version, out);
    match release {
        None => out.push(0),
        Some(release) => write_part(release, out),
    }
    Ok(())
}

/// True if `text` states an epoch, if only that there is none (`(none):1.0-1`).
pub fn states_epoch(text: &str) -> bool {
    let text = text.trim_ascii();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.starts_with("(none):") || text.as_bytes().get(digits) == Some(&b':')
}

/// The part of a key behind the epoch.
pub fn without_epoch(key: &[u8]) -> &[u8] {
    // As `key::number` writes it; an epoch of 255 digits and more does not occur, and compares as a whole.
    match key.first() {
        Some(&length) if length < u8::MAX => key.get(1 + usize::from(length)..).unwrap_or(key),
        _ => key,
    }
}

/// Appends a version or a release; never begins with 0.
fn write_part(mut rest: &[u8], out: &mut Vec<u8>) {
    while let [first, after @ ..] = rest {
        match first {
            b'~' => out.push(TILDE),
            b'^' => out.push(CARET),
            digit if digit.is_ascii_digit() => {
                let (digits, after) = key::split_digits(rest);
                out.push(NUMBER);
                key::number(digits, out);
                rest = after;
                continue;
            }
            letter if letter.is_ascii_alphabetic() => {
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let (word, after) = rest.split_at(length);
                out.push(WORD);
                key::text(word, out);
                rest = after;
                continue;
            }
            _ => {}
        }
        rest = after;
    }
    out.push(END);
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use shindan_domain::version::Scheme;

    use super::super::test_support::{assert_genuine, assert_lines, no_panic_tests};
    use crate::version::{compare, key};

    const FACTS: &str = "
        1.0 < 1.0.1
        1.0 = 1_0
        1.0 = 1.0.
        1.05 = 1.5
        1.0~rc1 < 1.0
        1.0~rc1 < 1.0~rc2
        1.0~~ < 1.0~
        1.0 < 1.0^
        1.0^ < 1.0^20240101
        1.0^20240101git < 1.0a
        1.0^20240101git < 1.0.1
        1.0^a~1 < 1.0^a
        1.a < 1.1
        1.a < 1.aa
        1.Z < 1.a
        2.0-1 < 1:1.0-1
        1.0 = 0:1.0
        (none):1.0-1 = 1.0-1
        1.0 < 1.0-1
        1.0 < 1.0-0
        3.0.7-16.el9_2 < 3.0.7-18.el9_2
        3.0.7-18.el9_2 < 3.0.7-24.el9
        4.18.0-477.10.1.el8_8 < 4.18.0-513.5.1.el8_9
        4.18.0-80.el8 < 4.18.0-147.el8
        1:1.1.1k-9.el8_7 < 1:1.1.1k-12.el8_9
        8.0p1-19.el8_8 < 8.0p1-19.el8_9.2
        2.2.30-1.SP1_redhat_00001.1.el8eap < 2.2.32-1.SP1_redhat_00001.1.el8eap
        5.14.0-427.13.1.el9_4 > 5.14.0-362.24.1.el9_3
        1.0-1.el8 < 1.0-1.el9
        20240814 < 20240815
    ";

    #[test]
    fn facts_are_in_order() {
        assert_lines(Scheme::Rpm, FACTS, 30);
    }

    #[test]
    fn genuine_lines_hold() {
        assert_genuine(Scheme::Rpm, "redhat-versions.txt", &[]);
    }

    #[test]
    fn keys_come_apart_behind_the_epoch() {
        let behind = |text: &str| super::without_epoch(&key(Scheme::Rpm, text).expect("key")).to_vec();
        for epoch in ["0:", "1:", "007:", "123456:", "(none):"] {
            assert_eq!(behind(&format!("{epoch}1.0-1.el9")), behind("1.0-1.el9"), "{epoch}");
            assert!(super::states_epoch(&format!("{epoch}1.0-1.el9")), "{epoch}");
        }
        assert!(!super::states_epoch("1.0-1.el9") && !super::states_epoch("") && !super::states_epoch("a:1"));
        assert_eq!(super::without_epoch(&[]), &[] as &[u8]);
        assert_eq!(super::without_epoch(&[9, 1]), &[9, 1]);
    }

    #[test]
    fn nothing_has_no_order() {
        for version in ["", " ", "(none):"] {
            assert!(key(Scheme::Rpm, version).is_err(), "{version}");
        }
    }

    /// `rpmvercmp` said directly, one step of both sides at a time.
    fn direct_part(a: &str, b: &str) -> Ordering {
        let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
        let counts = |c: &u8| c.is_ascii_alphanumeric() || *c == b'~' || *c == b'^';
        loop {
            while a.first().is_some_and(|c| !counts(c)) {
                a = &a[1..];
            }
            while b.first().is_some_and(|c| !counts(c)) {
                b = &b[1..];
            }
            match (a.first(), b.first()) {
                (None, None) => return Ordering::Equal,
                (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => {
                    (a, b) = (&a[1..], &b[1..]);
                    continue;
                }
                (Some(b'~'), _) => return Ordering::Less,
                (_, Some(b'~')) => return Ordering::Greater,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(b'^'), _) => return Ordering::Less,
                (_, Some(b'^')) => return Ordering::Greater,
                (Some(x), Some(y)) if x.is_ascii_digit() != y.is_ascii_digit() => {
                    return if x.is_ascii_digit() { Ordering::Greater } else { Ordering::Less };
                }
                (Some(x), Some(_)) => {
                    let digits = x.is_ascii_digit();
                    let length = |s: &[u8]| {
                        s.iter()
                            .take_while(|c| c.is_ascii_alphanumeric() && c.is_ascii_digit() == digits)
                            .count()
                    };
                    let (x, y) = (&a[..length(a)], &b[..length(b)]);
                    let order = if digits {
                        let number = |s: &[u8]| String::from_utf8_lossy(s).parse::<u128>().expect("number");
                        number(x).cmp(&number(y))
                    } else {
                        x.cmp(y)
                    };
                    if order.is_ne() {
                        return order;
                    }
                    (a, b) = (&a[length(a)..], &b[length(b)..]);
                }
            }
        }
    }

    fn direct(a: &str, b: &str) -> Ordering {
        fn split(evr: &str) -> (u128, &str, Option<&str>) {
            let (epoch, rest) = match evr.split_once(':') {
                Some((epoch, rest)) if epoch.bytes().all(|c| c.is_ascii_digit()) => {
                    (epoch.parse().unwrap_or(0), rest)
                }
                _ => (0, evr),
            };
            match rest.rsplit_once('-') {
                Some((version, release)) => (epoch, version, Some(release)),
                None => (epoch, rest, None),
            }
        }
        let ((e1, v1, r1), (e2, v2, r2)) = (split(a), split(b));
        e1.cmp(&e2).then_with(|| direct_part(v1, v2)).then_with(|| match (r1, r2) {
            (Some(x), Some(y)) => direct_part(x, y),
            (x, y) => x.is_some().cmp(&y.is_some()),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn keys_order_as_rpmvercmp(
            a in "([01]:)?[0-2abA._+~^é]{1,8}(-[0-2ab._~^]{0,4})?",
            b in "([01]:)?[0-2abA._+~^é]{1,8}(-[0-2ab._~^]{0,4})?",
        ) {
            prop_assert_eq!(compare(Scheme::Rpm, &a, &b), Ok(direct(&a, &b)));
        }

        #[test]
        fn separators_and_zeros_do_not_count(numbers in proptest::collection::vec(0u32..50, 1..5)) {
            let plain: Vec<String> = numbers.iter().map(u32::to_string).collect();
            let padded: Vec<String> = numbers.iter().map(|n| format!("00{n}")).collect();
            let (plain, padded) = (plain.join("."), format!("0:{}_", padded.join("+_")));
            prop_assert_eq!(key(Scheme::Rpm, &plain), key(Scheme::Rpm, &padded));
        }
    }

    no_panic_tests!(Scheme::Rpm, "[0-9a-c:.+~^-]{0,16}");
}
