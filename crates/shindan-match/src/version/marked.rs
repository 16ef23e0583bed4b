//! Versions of no declared scheme that hold letters of their maker's own (`1.000.HW00.21.20190812`, `SE2021MP8`,
//! `12.2(55)SE3`). What such a mark means is not known; but two versions that are written alike, with the same marks at the
//! same places, are counted by their numbers. Of any other two nothing is said.
//!
//! 1. A mark is two or three capital letters before a number, and no word that has an order or a meaning of its own.
//! 2. A mark in front names the product, one behind it what is counted last: their numbers count. One in the middle names a
//!    variant with its number (`HW00`: the hardware): both versions must be of the same.
//! 3. At least two numbers count.
//! 4. `. - _ ( )` are the same separator. Nothing else may stand in the version but a `v` in front.

use super::generic::{is_word, rank};
use super::key;

/// Longer ones are no versions.
const LONGEST: usize = 64;
/// Ends the form; all that stands in it is above.
const END_OF_FORM: u8 = 1;
/// A number that counts, within the form.
const NUMBER: u8 = b'#';

/// Appends the key of `text`: how it is written, then its numbers. False, with nothing appended, if it is no such version.
pub(super) fn write_key(text: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let written = text.len() <= LONGEST && write(text.trim().as_bytes(), out).is_some();
    if !written {
        out.truncate(start);
    }
    written
}

fn write(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = match text {
        [b'v' | b'V', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => rest,
        _ => text,
    };
    if text.split(|byte| !byte.is_ascii_alphanumeric()).any(may_be_commit) {
        return None;
    }
    let mut numbers = Vec::new();
    let mut marks = 0;
    out.push(rank::MARKED);
    let form = out.len();
    while let Some(first) = rest.first() {
        match first {
            b'0'..=b'9' => rest = number(rest, out, &mut numbers),
            b'A'..=b'Z' => {
                let front = numbers.is_empty() && marks == 0;
                rest = mark(rest, front, out, &mut numbers)?;
                marks += 1;
            }
            b'.' | b'-' | b'_' | b'(' | b')' if rest.len() > 1 => {
                out.push(b'.');
                rest = rest.get(1..)?;
            }
            b')' => rest = rest.get(1..)?,
            _ => return None,
        }
    }
    let counting = out.get(form..)?.iter().filter(|byte| **byte == NUMBER).count();
    out.push(END_OF_FORM);
    // One number behind a mark is a model (`QCA6574`), no version.
    let counted = marks > 0 && counting >= 2;
    out.append(&mut numbers);
    out.push(rank::END);
    counted.then_some(())
}

/// Takes a number that counts.
fn number<'t>(text: &'t [u8], form: &mut Vec<u8>, numbers: &mut Vec<u8>) -> &'t [u8] {
    let (digits, rest) = key::split_digits(text);
    form.push(NUMBER);
    numbers.push(rank::NUMBER);
    key::number(digits, numbers);
    rest
}

/// Takes a mark and its number.
fn mark<'t>(text: &'t [u8], front: bool, form: &mut Vec<u8>, numbers: &mut Vec<u8>) -> Option<&'t [u8]> {
    let length = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let (letters, rest) = text.split_at_checked(length)?;
    let (digits, after) = key::split_digits(rest);
    let known = is_word(letters) || letters.iter().all(|byte| *byte == b'X');
    if !(2..=3).contains(&length) || known || digits.is_empty() {
        return None;
    }
    form.extend_from_slice(letters);
    if front || after.is_empty() {
        return Some(number(rest, form, numbers));
    }
    form.extend_from_slice(digits);
    Some(after)
}

/// True for what a commit id looks like.
fn may_be_commit(token: &[u8]) -> bool {
    let letters = token.iter().any(u8::is_ascii_alphabetic);
    token.len() >= 7 && letters && token.iter().all(u8::is_ascii_hexdigit)
}

/// How the version of a key is written; `None` if it has no marks.
pub(super) fn form(key: &[u8]) -> Option<&[u8]> {
    let [rank::MARKED, rest @ ..] = key else { return None };
    rest.split(|byte| *byte == END_OF_FORM).next()
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use shindan_domain::version::Scheme;

    use crate::version;

    /// `None` if nothing may be said.
    fn order(a: &str, b: &str) -> Option<Ordering> {
        let [a, b] = [a, b].map(|text| version::key(Scheme::Generic, text));
        let (a, b) = (a.ok()?, b.ok()?);
        version::comparable(Scheme::Generic, &a, &b).then(|| a.cmp(&b))
    }

    #[test]
    fn written_alike_the_numbers_count() {
        for (lower, upper) in [
            ("1.000.HW00.21.20190811", "1.000.HW00.21.20190812"),
            ("1.000.HW00.9.20190812", "1.000.HW00.21.20180510"),
            ("V3.215.00HW002.2.20190829", "3.215.00HW002.10.20190829"),
            ("SE2021MP8", "SE2021MP10"),
            ("SE2020MP13", "SE2021MP8"),
            ("V2020.2.MP3", "V2020.10.MP1"),
            ("12.2(55)SE3", "12.2(58)SE1"),
        ] {
            assert_eq!(order(lower, upper), Some(Ordering::Less), "{lower} {upper}");
            assert_eq!(order(upper, lower), Some(Ordering::Greater), "{lower} {upper}");
            assert_eq!(order(lower, lower), Some(Ordering::Equal), "{lower}");
        }
        assert_eq!(order("1.0.HW00.021", "V1.0-HW00-21"), Some(Ordering::Equal));
    }

    #[test]
    fn of_others_nothing_is_said() {
        for (a, b) in [
            // Other hardware, another product, another way of writing.
            ("1.000.HW01.20.20190101", "1.000.HW00.21.20190812"),
            ("1.000.HW00.21", "1.000.HW000.21"),
            ("SE2021MP8", "SX2021MP8"),
            ("SE2021MP8", "SE2021"),
            ("V2020.2.MP3", "V2020.3"),
            ("V2020.2.MP3", "V2020.2MP4"),
            ("12.2(55)SE3", "12.2(55)EX3"),
            ("12.2(55)SE3", "15.2(7)E4"),
            ("1.000.HW00.21", "1.000.HW00.21.1"),
        ] {
            assert_eq!((order(a, b), order(b, a)), (None, None), "{a} {b}");
            assert!(version::compare(Scheme::Generic, a, b).is_err(), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_such_version_has_no_order() {
        for text in [
            "3.0.GBB",
            "QCA6574",
            "P018X2",
            "1.2.dev3",
            "1.2 HW3",
            "1.2.HW",
            "HW",
            "MP",
            "ABCD1",
            "ESXi70U3sq-23794019",
            "1.XX2",
            "1.SP2.HW",
            "DEADBEEF1",
            "AB12CD34",
            "3.2.0SE",
            "12.2(55)SE3a",
            "<1.HW2",
            "1.2/HW3",
            "1,2HW3",
            "HW1.",
            "",
        ] {
            assert!(version::key(Scheme::Generic, text).is_err(), "{text}");
        }
        let long = format!("{}HW1", "1.".repeat(40));
        assert!(version::key(Scheme::Generic, &long).is_err());
    }
}
