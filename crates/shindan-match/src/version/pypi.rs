//! Python: PEP 440 (now "Version specifiers" of the Python packaging specifications), Appendix B for the syntax.
//!
//! Key: epoch, release without trailing zeros, pre-release, post-release, development release, local version. Each
//! part is written even if it is absent, since its absence has a rank of its own.

use super::key::{number, split_digits, text as write_text};

/// First byte of a key: a version that PEP 440 refuses is below all others (see [`write_conventional_key`]).
const LEGACY: u8 = 0;
const REGULAR: u8 = 1;

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let version = Version::parse(super::semver::without_v(text.trim_ascii().as_bytes()))?;
    out.push(REGULAR);
    number(version.epoch, out);
    write_release(version.release, out);
    write_stages(&version, out);
    if let Some(local) = version.local {
        write_local(local, out)?;
    }
    out.push(0);
    Ok(())
}

/// A version taken apart. Numbers are digits; an empty one is 0.
struct Version<'a> {
    epoch: &'a [u8],
    /// Numbers and dots.
    release: &'a [u8],
    /// 1 for alpha, 2 for beta, 3 for release candidates.
    pre: Option<(u8, &'a [u8])>,
    post: Option<&'a [u8]>,
    dev: Option<&'a [u8]>,
    local: Option<&'a [u8]>,
}

/// Longer spellings before those they begin with.
const PRE: [(&str, u8); 8] =
    [("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("preview", 3), ("pre", 3), ("rc", 3), ("c", 3)];
const POST: [(&str, u8); 3] = [("post", 0), ("rev", 0), ("r", 0)];
const DEV: [(&str, u8); 1] = [("dev", 0)];

impl<'a> Version<'a> {
    fn parse(text: &'a [u8]) -> Result<Self, &'static str> {
        let (epoch, text) = match split_digits(text) {
            ([], _) => return Err("does not begin with a number"),
            (epoch, [b'!', rest @ ..]) => (epoch, rest),
            _ => ([].as_slice(), text),
        };
        let (release, rest) = split_release(text)?;
        let (pre, rest) = stage(rest, &PRE);
        let (post, rest) = match rest {
            // The implicit post-release: 1.0-1.
            [b'-', after @ ..] if after.first().is_some_and(u8::is_ascii_digit) => {
                let (digits, rest) = split_digits(after);
                (Some(digits), rest)
            }
            _ => {
                let (post, rest) = stage(rest, &POST);
                (post.map(|(_, digits)| digits), rest)
            }
        };
        let (dev, rest) = stage(rest, &DEV);
        let dev = dev.map(|(_, digits)| digits);
        let local = match rest {
            [] => None,
            [b'+', local @ ..] => Some(local),
            _ => return Err("not a version of PEP 440"),
        };
        Ok(Version { epoch, release, pre, post, dev, local })
    }
}

/// Splits off numbers between dots; a dot that no digit follows belongs to the rest.
fn split_release(text: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
    let mut end = 0;
    loop {
        let digits = text.get(end..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return Err("a number is missing");
        }
        end += digits;
        match text.get(end..) {
            Some([b'.', next, ..]) if next.is_ascii_digit() => end += 1,
            _ => return Ok(text.split_at(end)),
        }
    }
}

/// Splits off `[-_.]?LABEL[-_.]?DIGITS?` in any case: the rank of the label and the digits.
fn stage<'a>(text: &'a [u8], labels: &[(&str, u8)]) -> (Option<(u8, &'a [u8])>, &'a [u8]) {
    let start = without_separator(text);
    if !start.first().is_some_and(u8::is_ascii_alphabetic) {
        return (None, text);
    }
    for (label, rank) in labels {
        let Some((head, rest)) = start.split_at_checked(label.len()) else { continue };
        if head.eq_ignore_ascii_case(label.as_bytes()) {
            let (digits, rest) = split_digits(without_separator(rest));
            return (Some((*rank, digits)), rest);
        }
    }
    (None, text)
}

fn without_separator(text: &[u8]) -> &[u8] {
    match text {
        [b'-' | b'_' | b'.', rest @ ..] => rest,
        _ => text,
    }
}

fn write_release(release: &[u8], out: &mut Vec<u8>) {
    let mut zeros = 0;
    for digits in release.split(|b| *b == b'.') {
        if digits.iter().all(|d| *d == b'0') {
            // Written only if something other than zero follows: 1.0 is 1.
            zeros += 1;
            continue;
        }
        for _ in 0..zeros {
            out.extend_from_slice(&[1, 0]);
        }
        zeros = 0;
        out.push(1);
        number(digits, out);
    }
    out.push(0);
}

/// Pre-, post- and development release ("Summary of permitted suffixes and relative ordering").
fn write_stages(version: &Version<'_>, out: &mut Vec<u8>) {
    match version.pre {
        Some((rank, digits)) => {
            out.push(rank);
            number(digits, out);
        }
        // 1.0.dev1 is below 1.0a1, but 1.0.post1.dev1 is above 1.0.
        None if version.post.is_none() && version.dev.is_some() => out.push(0),
        None => out.push(4),
    }
    match version.post {
        Some(digits) => {
            out.push(1);
            number(digits, out);
        }
        None => out.push(0),
    }
    match version.dev {
        Some(digits) => {
            out.push(0);
            number(digits, out);
        }
        None => out.push(1),
    }
}

/// The segments of a local version; words are below numbers.
fn write_local(local: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    for segment in local.split(|b| matches!(b, b'-' | b'_' | b'.')) {
        if segment.is_empty() {
            return Err("an empty part in the local version");
        }
        if segment.iter().all(u8::is_ascii_digit) {
            out.push(2);
            number(segment, out);
            continue;
        }
        out.push(1);
        for byte in segment {
            if !byte.is_ascii_alphanumeric() {
                return Err("the local version has other characters than letters and digits");
            }
            out.push(byte.to_ascii_lowercase());
        }
        out.push(1);
    }
    Ok(())
}

/// Appends the key of `text`; one that PEP 440 refuses gets the place it had in the package `packaging` before 22
/// (`LegacyVersion`, which OSV still uses): below every regular version, among themselves by words and numbers.
///
/// A single word (`latest`, `unknown`) is a name, not a version.
///
/// # Errors
/// The reason why `text` has no order even there.
pub fn write_conventional_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = out.len();
    let Err(reason) = write_key(text, out) else { return Ok(()) };
    out.truncate(start);
    let text = text.trim_ascii();
    let separated = text.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    if !separated
        || !text.bytes().any(|b| b.is_ascii_alphanumeric())
        || !text.bytes().all(|b| b.is_ascii_graphic())
    {
        return Err(reason);
    }
    out.push(LEGACY);
    for part in legacy_parts(&text.to_ascii_lowercase()) {
        match part {
            LegacyPart::Word(word) => {
                out.push(1);
                write_text(word.as_bytes(), out);
            }
            LegacyPart::Number(digits) => {
                out.push(2);
                number(digits.as_bytes(), out);
            }
        }
    }
    out.push(0);
    Ok(())
}

#[derive(PartialEq, Eq)]
enum LegacyPart<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// What a hyphen becomes.
const LEGACY_HYPHEN: LegacyPart<'static> = LegacyPart::Word("final-");

fn legacy_parts(text: &str) -> Vec<LegacyPart<'_>> {
    let mut parts: Vec<LegacyPart<'_>> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = legacy_kind(first);
        let end = match kind {
            LegacyKind::Dot | LegacyKind::Hyphen => 1,
            _ => rest.find(|c| legacy_kind(c) != kind).unwrap_or(rest.len()),
        };
        let (part, after) = rest.split_at(end);
        rest = after;
        match kind {
            LegacyKind::Dot => {}
            LegacyKind::Digit => parts.push(LegacyPart::Number(part.trim_start_matches('0'))),
            _ => push_legacy_word(part, &mut parts),
        }
    }
    push_legacy_word("final", &mut parts);
    parts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LegacyKind {
    Digit,
    Letter,
    Dot,
    Hyphen,
    Other,
}

fn legacy_kind(c: char) -> LegacyKind {
    match c {
        '0'..='9' => LegacyKind::Digit,
        'a'..='z' => LegacyKind::Letter,
        '.' => LegacyKind::Dot,
        '-' => LegacyKind::Hyphen,
        _ => LegacyKind::Other,
    }
}

fn push_legacy_word<'a>(word: &'a str, parts: &mut Vec<LegacyPart<'a>>) {
    let word = match word {
        "pre" | "preview" | "rc" => "c",
        "-" => "final-",
        "dev" => "@",
        _ => word,
    };
    if word < "final" {
        // The hyphen before a pre-release does not count.
        while parts.last() == Some(&LEGACY_HYPHEN) {
            parts.pop();
        }
    }
    while parts.last() == Some(&LegacyPart::Number("")) {
        parts.pop();
    }
    parts.push(LegacyPart::Word(word));
}
