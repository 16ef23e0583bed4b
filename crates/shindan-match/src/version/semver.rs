//! Semantic Versioning 2.0.0 (semver.org), with what npm and Go tolerate.
//!
//! Key: three numbers, then further ones each after [`MORE`], then [`PRERELEASE`] with its identifiers or [`RELEASE`].
//! NuGet and pub have the same form with other [`Rules`].

use super::key::{number, split_digits};

/// What follows the numbers, in the order of rank.
const PRERELEASE: u8 = 0;
const RELEASE: u8 = 1;
const MORE: u8 = 2;

/// The parts of a list of identifiers, in the order of rank (semver.org §11.4): the shorter list is below.
const END: u8 = 0;
const NUMERIC: u8 = 1;
const ALPHANUMERIC: u8 = 2;

/// Appends the key of `text`.
///
/// Missing numbers are 0 (`1.2` = `1.2.0`), numbers after the third count (`1.2.3` < `1.2.3.4` < `1.2.4`), build
/// metadata does not. As npm's loose mode has it, the hyphen may be absent after three numbers (`1.2.3beta`).
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, flavour: Flavour, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let text = text.trim_ascii().as_bytes();
    match flavour {
        Flavour::Plain => write_with(&PLAIN, without_v(text), out),
        Flavour::Npm => {
            let prefix = text.iter().take_while(|b| matches!(b, b'v' | b'V' | b'=' | b' ')).count();
            write_with(&PLAIN, text.get(prefix..).unwrap_or_default(), out)
        }
        Flavour::Go => match text.strip_prefix(b"go") {
            // A toolchain: what follows a hyphen or a blank names who built it and how (go.dev/doc/toolchain).
            Some(toolchain) => {
                let end = toolchain.iter().position(|b| matches!(b, b'-' | b' ')).unwrap_or(toolchain.len());
                write_with(&GO, toolchain.get(..end).unwrap_or_default(), out)
            }
            None => write_with(&GO, without_v(text), out),
        },
    }
}

/// Which tolerances apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// semver.org, Cargo.
    Plain,
    /// npm: `v` and `=` in front.
    Npm,
    /// Go: `v` or `go` in front, `+incompatible`, `1.21rc2` for `1.21.0-rc.2`.
    Go,
}

/// How a relative of Semantic Versioning differs from it.
pub(super) struct Rules {
    /// How many numbers there always are; missing ones are 0.
    pub numbers: usize,
    /// True if further numbers are allowed.
    pub more_numbers: bool,
    /// After how many numbers a pre-release may follow without hyphen.
    pub glued_after: usize,
    /// True if a pre-release without hyphen is a word and a number, as in Go's toolchain versions.
    pub glued_word_and_number: bool,
    /// True if upper and lower case are the same.
    pub fold_case: bool,
    /// True if build metadata has an order.
    pub ordered_build: bool,
}

const PLAIN: Rules = Rules {
    numbers: 3,
    more_numbers: true,
    glued_after: 3,
    glued_word_and_number: false,
    fold_case: false,
    ordered_build: false,
};

const GO: Rules = Rules { glued_after: 2, glued_word_and_number: true, ..PLAIN };

/// `text` without one leading `v`.
pub(super) fn without_v(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"v").or_else(|| text.strip_prefix(b"V")).unwrap_or(text)
}

/// Appends the key of `text`, which has no prefix any more.
pub(super) fn write_with(rules: &Rules, text: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    let (count, rest) = write_numbers(rules, text, out)?;
    let (prerelease, build) = match rest.iter().position(|b| *b == b'+') {
        Some(plus) => (rest.get(..plus).unwrap_or_default(), rest.get(plus + 1..).unwrap_or_default()),
        None => (rest, [].as_slice()),
    };
    match prerelease {
        [] => out.push(RELEASE),
        [b'-', identifiers @ ..] => {
            out.push(PRERELEASE);
            write_identifiers(rules, identifiers, out)?;
        }
        [first, ..] if first.is_ascii_alphabetic() && count >= rules.glued_after => {
            out.push(PRERELEASE);
            write_glued(rules, prerelease, out)?;
        }
        _ => return Err("what follows the numbers is neither a pre-release nor build metadata"),
    }
    if rules.ordered_build {
        return if rest.contains(&b'+') {
            write_identifiers(rules, build, out)
        } else {
            out.push(END);
            Ok(())
        };
    }
    if build.iter().all(u8::is_ascii_graphic) {
        Ok(())
    } else {
        Err("the build metadata has other characters")
    }
}

/// Writes the numbers; how many there were, and the rest.
fn write_numbers<'a>(
    rules: &Rules,
    text: &'a [u8],
    out: &mut Vec<u8>,
) -> Result<(usize, &'a [u8]), &'static str> {
    let mut rest = text;
    let mut count = 0;
    let mut zeros = 0;
    loop {
        let (digits, after) = split_digits(rest);
        if digits.is_empty() {
            return Err(if count == 0 { "does not begin with a number" } else { "a dot without a number" });
        }
        if count < rules.numbers {
            number(digits, out);
        } else if !rules.more_numbers {
            return Err("too many numbers");
        } else if digits.iter().all(|d| *d == b'0') {
            // Written only if something other than zero follows: 1.2.3.0 is 1.2.3.
            zeros += 1;
        } else {
            for _ in 0..zeros {
                out.extend_from_slice(&[MORE, 0]);
            }
            zeros = 0;
            out.push(MORE);
            number(digits, out);
        }
        count += 1;
        match after {
            [b'.', next @ ..] => rest = next,
            _ => {
                out.extend(std::iter::repeat_n(0, rules.numbers.saturating_sub(count)));
                return Ok((count, after));
            }
        }
    }
}

/// Writes identifiers separated by dots, and the end of the list.
fn write_identifiers(rules: &Rules, text: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    for identifier in text.split(|b| *b == b'.') {
        write_identifier(rules, identifier, out)?;
    }
    out.push(END);
    Ok(())
}

fn write_identifier(rules: &Rules, identifier: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    if identifier.is_empty() {
        return Err("an empty identifier");
    }
    if identifier.iter().all(u8::is_ascii_digit) {
        out.push(NUMERIC);
        number(identifier, out);
        return Ok(());
    }
    out.push(ALPHANUMERIC);
    for byte in identifier {
        if !byte.is_ascii_alphanumeric() && *byte != b'-' {
            return Err("an identifier with other characters than letters, digits and hyphens");
        }
        out.push(if rules.fold_case { byte.to_ascii_lowercase() } else { *byte });
    }
    // Below every character, so that `a` is below `a1`.
    out.push(1);
    Ok(())
}

/// Writes a pre-release that follows the numbers without a hyphen.
fn write_glued(rules: &Rules, text: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    if rules.glued_word_and_number {
        let letters = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, rest) = text.split_at(letters);
        if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) {
            write_identifier(rules, word, out)?;
            return write_identifiers(rules, rest, out);
        }
    }
    write_identifiers(rules, text, out)
}
