//! Firmware and product versions of no declared scheme: what makers write on labels, in release notes and in
//! advisories (`V3.0.3`, `7.0.0,build0157`, `9.8(2)8`, `20.4R3-S2`, `15.0 SP1`).
//!
//! No specification exists, so the rules are few and whatever they do not cover is an error:
//!
//! 1. A label in front does not count: `v`, `ver.`, `version`, `rev.`, `r`, `rel`, `release`, `firmware`, `fw`,
//!    `core`, `バージョン`, `ファームウェア` … Case does not count; full-width forms are ASCII.
//! 2. Numbers are numbers. Leading zeros do not count (`V05.30` is `5.30`: makers pad, nobody means a decimal
//!    fraction), and missing components are 0 (`1.2` is `1.2.0`).
//! 3. `. - _ + : ( )` between parts are the same separator; blanks and commas too, but only before a word: two
//!    numbers with nothing but a blank or a comma between them are two versions.
//! 4. Below the release: `alpha` < `beta` < `milestone`, `-M1` < `pre`, `preview` < `rc`, with a number or without.
//! 5. Above the release: a single letter in the order of the alphabet (`1.05` < `1.05a` < `1.05b`; `10.1.6-h3`), then
//!    the words `build` < `hotfix` < `patch` < `update` < `fix pack` < `r`, `rev`, `release` *n* < `sp`: the smaller
//!    the step the word stands for, the lower. A further number is above all of them (`1.05a` < `1.05.1`).
//!    `a` and `b` with a short number (`2.0b1`) mean a beta here and a build there, so they are refused; with a
//!    leading zero or a long number they are builds (`1.11B02`, `b20230116`).
//! 6. A backslash before punctuation quotes it, as in CPE names (`7.3\(8\)D1`).
//! 7. Unknown words, wildcards, alternatives, ranges, epochs and commit ids have no order; versions with the marks of their
//!    maker have one among themselves ([`super::marked`]).

use super::{key, marked, narrow};

/// The order of what may follow a number. A number itself is highest.
pub(super) mod rank {
    pub const ALPHA: u8 = 0x10;
    pub const BETA: u8 = 0x11;
    pub const MILESTONE: u8 = 0x12;
    pub const PRE: u8 = 0x13;
    pub const CANDIDATE: u8 = 0x14;
    pub const END: u8 = 0x20;
    /// The first of a version with marks ([`super::super::marked`]).
    pub const MARKED: u8 = 0x28;
    /// `a`; the other letters follow.
    pub const LETTER: u8 = 0x30;
    pub const BUILD: u8 = 0x50;
    pub const HOTFIX: u8 = 0x51;
    pub const PATCH: u8 = 0x52;
    pub const UPDATE: u8 = 0x53;
    pub const FIX_PACK: u8 = 0x54;
    pub const REVISION: u8 = 0x55;
    pub const SERVICE_PACK: u8 = 0x56;
    pub const NUMBER: u8 = 0x70;
}

/// What stands between parts, and parentheses.
const SEPARATORS: &[u8] = b".-_,+:/~()";

const EMPTY: &str = "it is empty";
pub(super) const UNKNOWN_WORD: &str = "it contains a word without a known order";
const CHARACTER: &str = "it contains a character that versions do not have";
const WILDCARD: &str = "it contains a wildcard";
pub(super) const RANGE: &str = "it looks like a range, not a version";
const SEVERAL: &str = "it looks like several versions";
const EMPTY_PART: &str = "a part between separators is empty";
const PARENTHESES: &str = "its parentheses do not match";
const EPOCH: &str = "a number before a colon may be an epoch";
const COMMIT: &str = "a commit id has no order";
const LETTER_FOR_NUMBER: &str = "a letter stands where a number is expected";
const MAYBE_BETA: &str = "it may be an alpha or beta version as well as a build";
const NO_NUMBER: &str = "a word stands where the version is expected";
const OPEN_END: &str = "it ends with a separator";

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = out.len();
    let written = if write_dotted(text.as_bytes(), out) {
        Ok(())
    } else {
        out.truncate(start);
        if text.is_ascii() {
            Writer::new(text.as_bytes(), out).write()
        } else {
            Writer::new(narrow::fold(text)?.as_bytes(), out).write()
        }
    };
    match written {
        Err(UNKNOWN_WORD) => {
            out.truncate(start);
            if marked::write_key(text, out) { Ok(()) } else { Err(UNKNOWN_WORD) }
        }
        Err(reason) => {
            out.truncate(start);
            Err(reason)
        }
        Ok(()) => Ok(()),
    }
}

/// True for a word that has an order or a meaning of its own.
pub(super) fn is_word(letters: &[u8]) -> bool {
    word(letters).is_some()
}

/// The quick way for dotted numbers, also with a `v` in front. False if `text` is anything else.
fn write_dotted(text: &[u8], out: &mut Vec<u8>) -> bool {
    let mut rest = match text {
        [b'v' | b'V', rest @ ..] => rest,
        _ => text,
    };
    let mut keep = out.len();
    loop {
        let (digits, after) = key::split_digits(rest);
        if digits.is_empty() {
            return false;
        }
        if write_number(digits, out) {
            keep = out.len();
        }
        match after {
            [] => {
                out.truncate(keep);
                out.push(rank::END);
                return true;
            }
            [b'.', after @ ..] => rest = after,
            _ => return false,
        }
    }
}

/// Appends a number; true if it is not zero.
fn write_number(digits: &[u8], out: &mut Vec<u8>) -> bool {
    out.push(rank::NUMBER);
    key::number(digits, out);
    digits.iter().any(|digit| *digit != b'0')
}

/// What stood last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing but labels.
    Nothing,
    Number,
    /// A letter or a word with a rank.
    Word,
    /// A word that changes nothing: `final`, `release`.
    Silent,
}

/// What stands between two parts.
#[derive(Clone, Copy, Default)]
struct Gap {
    /// One of `. - _ , + : / ~`.
    separator: Option<u8>,
    /// At least one blank.
    blank: bool,
    /// At least one parenthesis.
    parenthesis: bool,
}

/// What a word means.
enum Word {
    /// A rank of its own.
    Ranked(u8),
    /// Only before a version, or `release` after it.
    Label,
    /// No meaning for the order.
    Silent,
}

struct Writer<'t, 'o> {
    text: &'t [u8],
    at: usize,
    out: &'o mut Vec<u8>,
    /// The length of `out` after the last part that counts: zeros behind it are as good as missing.
    keep: usize,
    last: Last,
    /// Where the current run of dotted numbers begins, and how many numbers it has.
    run: (usize, usize),
    /// Open parentheses.
    depth: usize,
    /// Up to where tokens were looked at for commit ids.
    looked_at: usize,
}

impl<'t, 'o> Writer<'t, 'o> {
    fn new(text: &'t [u8], out: &'o mut Vec<u8>) -> Self {
        let text = text.trim_ascii();
        let keep = out.len();
        Writer { text, at: 0, out, keep, last: Last::Nothing, run: (0, 0), depth: 0, looked_at: 0 }
    }

    fn write(mut self) -> Result<(), &'static str> {
        if self.text.is_empty() {
            return Err(EMPTY);
        }
        self.skip_labels()?;
        loop {
            let gap = self.gap()?;
            match self.peek() {
                None => return self.end(gap),
                Some(byte) if byte.is_ascii_digit() => self.number(gap)?,
                Some(byte) if byte.is_ascii_alphabetic() => self.word(gap)?,
                Some(byte) => return Err(reason_of(byte)),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Skips `Firmware`, `Ver.` and the like, and what separates them.
    fn skip_labels(&mut self) -> Result<(), &'static str> {
        loop {
            let letters = self.letters();
            if !matches!(word(letters), Some(Word::Label)) && !is_letter_label(letters) {
                return Ok(());
            }
            let after = self.at + letters.len();
            let gap = self.text.get(after..).unwrap_or_default();
            let gap =
                gap.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'.' | b':' | b'_' | b'-')).count();
            let Some(next) = self.text.get(after + gap) else {
                // A lone letter is a version of its own; a lone word is not.
                return if letters.len() == 1 && gap == 0 { Ok(()) } else { Err(UNKNOWN_WORD) };
            };
            if letters.len() == 1 && !next.is_ascii_digit() {
                return Ok(());
            }
            self.at = after + gap;
        }
    }

    /// The letters that come next.
    fn letters(&self) -> &'t [u8] {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        rest.get(..length).unwrap_or_default()
    }

    fn gap(&mut self) -> Result<Gap, &'static str> {
        let mut gap = Gap::default();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => gap.blank = true,
                b'(' => {
                    self.depth += 1;
                    gap.parenthesis = true;
                }
                // A backslash before punctuation quotes it, as in a CPE name.
                b'\\' if self.text.get(self.at + 1).is_some_and(|next| SEPARATORS.contains(next)) => {}
                b')' => {
                    self.depth = self.depth.checked_sub(1).ok_or(PARENTHESES)?;
                    gap.parenthesis = true;
                }
                b'.' | b'-' | b'_' | b',' | b'+' | b':' | b'/' | b'~' => {
                    if gap.separator.replace(byte).is_some() {
                        return Err(EMPTY_PART);
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        Ok(gap)
    }

    fn end(self, gap: Gap) -> Result<(), &'static str> {
        if self.depth != 0 {
            return Err(PARENTHESES);
        }
        // A full stop at the end is punctuation; `1.2+` and `1.2-` are open ranges.
        match gap.separator {
            _ if self.last == Last::Nothing => return Err(EMPTY),
            None | Some(b'.') => {}
            Some(b'+' | b'-' | b'~') => return Err(RANGE),
            Some(_) => return Err(OPEN_END),
        }
        self.out.truncate(self.keep);
        self.out.push(rank::END);
        Ok(())
    }

    fn number(&mut self, gap: Gap) -> Result<(), &'static str> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (digits, _) = key::split_digits(rest);
        match self.last {
            Last::Nothing if gap.separator.is_some() => return Err(EMPTY_PART),
            Last::Silent => return Err(SEVERAL),
            Last::Number => self.check_between_numbers(gap, digits)?,
            Last::Word if matches!(gap.separator, Some(b',' | b'/' | b'~')) => return Err(SEVERAL),
            Last::Nothing | Last::Word => {}
        }
        let continues = self.last == Last::Number && gap.separator == Some(b'.');
        self.run = if continues { (self.run.0, self.run.1 + 1) } else { (self.at, 1) };
        if write_number(digits, self.out) {
            self.keep = self.out.len();
        }
        self.at += digits.len();
        self.last = Last::Number;
        Ok(())
    }

    /// Refuses what separates two versions rather than two numbers of one.
    fn check_between_numbers(&self, gap: Gap, digits: &[u8]) -> Result<(), &'static str> {
        match gap.separator {
            None if gap.parenthesis => Ok(()),
            None => Err(SEVERAL),
            Some(b'-') if gap.blank => Err(RANGE),
            Some(_) if gap.blank => Err(SEVERAL),
            Some(b',') => Err(SEVERAL),
            Some(b':') => Err(EPOCH),
            Some(b'~') => Err(RANGE),
            Some(b'/') if self.is_date(digits) => Ok(()),
            Some(b'/') => Err(SEVERAL),
            Some(b'-') if self.is_range() => Err(RANGE),
            Some(_) => Ok(()),
        }
    }

    /// `2023/10/01`: slashes are the separators of a date only.
    fn is_date(&self, digits: &[u8]) -> bool {
        // Up to this number, without the slash in front of it.
        let before = self.text.get(..self.at.saturating_sub(1)).unwrap_or_default();
        let mut parts = before.split(|byte| *byte == b'/');
        let (year, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(digits));
        if parts.next().is_some() {
            return false;
        }
        let short = |part: &[u8]| matches!(part.len(), 1 | 2) && part.iter().all(u8::is_ascii_digit);
        year.len() == 4 && year.iter().all(u8::is_ascii_digit) && short(month) && short(digits)
    }

    /// `12.2.3-12.2.9`: what follows the hyphen is a version of its own, not a build number.
    fn is_range(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let right = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let right = rest.get(..right).unwrap_or_default();
        let right_parts = right.split(|byte| *byte == b'.').filter(|part| !part.is_empty()).count();
        let left = self.text.get(self.run.0..).unwrap_or_default();
        let (left_first, _) = key::split_digits(left);
        let (right_first, _) = key::split_digits(right);
        let same_digits = right_first.len() == left_first.len();
        match (self.run.1, right_parts) {
            // `2014-2016`
            (1, 1) => same_digits && right_first.len() == 4 && right_first >= left_first,
            (1, _) | (_, 1) => false,
            _ if right_first == left_first => true,
            // `12.0-14.0`; but `13.1-49.15` and `13.1-50.1` have a build number.
            (2, 2) => is_next_decade(left_first, right_first) && right.len() == right_first.len() + 2,
            // `1.0.0-2.3.1`; but `3.10.0-957.1.1` has a build number.
            (left, right) => left == right && same_digits && right_first > left_first,
        }
    }

    fn word(&mut self, gap: Gap) -> Result<(), &'static str> {
        if gap.separator == Some(b'/') {
            return Err(SEVERAL);
        }
        if self.last == Last::Nothing && gap.separator.is_some() {
            return Err(EMPTY_PART);
        }
        self.check_commit()?;
        let letters = self.letters();
        let next = self.text.get(self.at + letters.len()).copied();
        let number_attached = next.is_some_and(|byte| byte.is_ascii_digit());
        if letters.iter().all(|byte| matches!(byte, b'x' | b'X'))
            && !(self.last == Last::Nothing && number_attached && letters.len() == 1)
        {
            return Err(WILDCARD);
        }
        if let [letter] = letters {
            return self.letter(letter.to_ascii_lowercase(), gap, number_attached);
        }
        let (meaning, length) = match word(letters) {
            Some(meaning) => (meaning, letters.len()),
            None => self.two_words(letters).ok_or(UNKNOWN_WORD)?,
        };
        if self.last == Last::Nothing {
            return Err(NO_NUMBER);
        }
        self.at += length;
        match meaning {
            Word::Ranked(rank) if rank < rank::END || gap.separator != Some(b'~') => self.ranked(rank),
            Word::Ranked(_) => return Err(RANGE),
            Word::Label if is_release(letters) && self.number_follows() => self.ranked(rank::REVISION),
            Word::Label if is_revision(letters) => self.ranked(rank::REVISION),
            Word::Silent => self.last = Last::Silent,
            Word::Label if is_release(letters) => self.last = Last::Silent,
            Word::Label => return Err(UNKNOWN_WORD),
        }
        Ok(())
    }

    fn letter(&mut self, letter: u8, gap: Gap, number_attached: bool) -> Result<(), &'static str> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let numbered = number_attached || matches!(rest, [b' ', b'0'..=b'9', ..]);
        let inside = self.last != Last::Nothing;
        if inside {
            self.check_letter_inside(letter, gap, numbered, rest)?;
        }
        self.at += 1;
        let dot_or_hyphen = matches!(gap.separator, Some(b'-' | b'.'));
        self.ranked(match letter {
            b'm' if inside && number_attached && dot_or_hyphen => rank::MILESTONE,
            b'r' if inside && numbered => rank::REVISION,
            b'p' if inside && numbered => rank::PATCH,
            b'u' if inside && numbered => rank::UPDATE,
            _ => rank::LETTER + (letter - b'a'),
        });
        Ok(())
    }

    /// Refuses letters behind a number or a word that may mean something else than a step after it. `rest` is what
    /// follows the letter.
    fn check_letter_inside(
        &self,
        letter: u8,
        gap: Gap,
        numbered: bool,
        rest: &[u8],
    ) -> Result<(), &'static str> {
        let second_label = letter == b'v' && numbered;
        match gap.separator {
            Some(b'~') => return Err(RANGE),
            Some(b',') => return Err(SEVERAL),
            // `V175-V189`, `Rev B-M`
            Some(b'-') if second_label || (self.last == Last::Word && !numbered) => return Err(RANGE),
            // `1.0.0.C` may be hexadecimal, a revision or a placeholder; `8.20 rev.C` is a revision.
            Some(b'.') if !numbered && self.out.last() != Some(&rank::REVISION) => {
                return Err(LETTER_FOR_NUMBER);
            }
            Some(_) if second_label => return Err(SEVERAL),
            None if second_label && gap.blank => return Err(SEVERAL),
            _ => {}
        }
        let (digits, _) = key::split_digits(rest);
        let short = matches!(digits, [b'1'..=b'9'] | [b'1'..=b'9', _]);
        // `2.0b1`, `2.0-b1`; not `6.0(2)A8`, nor `2019 B1`.
        let joined = !gap.parenthesis && (gap.separator.is_some() || !gap.blank);
        if matches!(letter, b'a' | b'b') && short && joined { Err(MAYBE_BETA) } else { Ok(()) }
    }

    fn ranked(&mut self, rank: u8) {
        self.out.truncate(self.keep);
        self.out.push(rank);
        self.keep = self.out.len();
        self.last = Last::Word;
    }

    /// `service pack`, `fix pack`, `hot fix`: the meaning and the length of both.
    fn two_words(&self, first: &[u8]) -> Option<(Word, usize)> {
        let rest = self.text.get(self.at + first.len()..)?;
        let [b' ' | b'_' | b'-', rest @ ..] = rest else { return None };
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let second = rest.get(..length)?;
        let is = |a: &str, b: &str| {
            first.eq_ignore_ascii_case(a.as_bytes()) && second.eq_ignore_ascii_case(b.as_bytes())
        };
        let rank = if is("service", "pack") {
            rank::SERVICE_PACK
        } else if is("fix", "pack") {
            rank::FIX_PACK
        } else if is("hot", "fix") {
            rank::HOTFIX
        } else {
            return None;
        };
        Some((Word::Ranked(rank), first.len() + 1 + length))
    }

    /// True if the next part is a number.
    fn number_follows(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.iter()
            .find(|byte| !matches!(byte, b' ' | b'.' | b'-' | b'_' | b':' | b'('))
            .is_some_and(|byte| byte.is_ascii_digit())
    }

    /// Refuses hexadecimal ids. A token of at least seven hexadecimal digits with a letter is one, unless it is a
    /// date of six or eight digits with a letter at an end (`20230101a`, `b230116`).
    fn check_commit(&mut self) -> Result<(), &'static str> {
        if self.at < self.looked_at {
            return Ok(());
        }
        let (before, after) = self.text.split_at_checked(self.at).unwrap_or_default();
        let left = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let right = after.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        self.looked_at = self.at + right;
        let token = self.text.get(self.at - left..self.at + right).unwrap_or_default();
        if token.len() < 7 || !token.iter().all(u8::is_ascii_hexdigit) {
            return Ok(());
        }
        let letters = token.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let at_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let date =
            letters == 1 && matches!(token.len(), 7 | 9) && (at_end(token.first()) || at_end(token.last()));
        if date { Ok(()) } else { Err(COMMIT) }
    }
}

/// Why a byte cannot stand in a version.
fn reason_of(byte: u8) -> &'static str {
    match byte {
        b'*' | b'?' | b'%' => WILDCARD,
        b'<' | b'>' | b'=' | b'^' | b'[' | b']' => RANGE,
        b'|' | b';' | b'&' | b'\n' | b'\r' => SEVERAL,
        _ => CHARACTER,
    }
}

/// True if `right` is larger than `left` by less than ten.
fn is_next_decade(left: &[u8], right: &[u8]) -> bool {
    let value = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u32>().ok();
    match (value(left), value(right)) {
        (Some(left), Some(right)) => right > left && right - left < 10,
        _ => false,
    }
}

/// A single letter that is a label when it stands in front of a number.
fn is_letter_label(letters: &[u8]) -> bool {
    matches!(letters, [b'v' | b'V' | b'r' | b'R'])
}

fn is_release(letters: &[u8]) -> bool {
    letters.eq_ignore_ascii_case(b"release")
}

fn is_revision(letters: &[u8]) -> bool {
    [&b"rev"[..], b"revision", b"rel"].iter().any(|word| letters.eq_ignore_ascii_case(word))
}

/// The meaning of a word of two letters or more, if it has one.
fn word(letters: &[u8]) -> Option<Word> {
    let mut lower = [0u8; 10];
    let lower = lower.get_mut(..letters.len())?;
    lower.copy_from_slice(letters);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"alpha" => Word::Ranked(rank::ALPHA),
        b"beta" => Word::Ranked(rank::BETA),
        b"milestone" => Word::Ranked(rank::MILESTONE),
        b"pre" | b"preview" => Word::Ranked(rank::PRE),
        b"rc" => Word::Ranked(rank::CANDIDATE),
        b"build" | b"bld" => Word::Ranked(rank::BUILD),
        b"hotfix" | b"hf" => Word::Ranked(rank::HOTFIX),
        b"patch" | b"pl" => Word::Ranked(rank::PATCH),
        b"update" | b"upd" => Word::Ranked(rank::UPDATE),
        b"fixpack" | b"fp" => Word::Ranked(rank::FIX_PACK),
        b"sp" => Word::Ranked(rank::SERVICE_PACK),
        b"final" | b"ga" | b"stable" => Word::Silent,
        b"ver" | b"vers" | b"version" | b"rev" | b"revision" | b"rel" | b"release" | b"firmware" | b"fw"
        | b"core" => Word::Label,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "generic_tests.rs"]
mod tests;
