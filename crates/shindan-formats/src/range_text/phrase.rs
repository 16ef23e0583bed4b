//! One version as people write it: a number, perhaps with "SP1", "Update 6", "(Build 1575)", or a series "2.4.x".

use std::cmp::Ordering;

use super::token::{Key, Token};

/// A version phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// As written, blanks reduced to one.
    pub text: String,
    /// True if it is a version beyond doubt even without an operator: dotted, marked with `V`, or with a suffix
    /// such as `SP1`. `7100` and `HEN04103` may be models.
    pub strong: bool,
    /// True if it may stand without an operator at all.
    pub bare: bool,
    /// Set if it is a series (`2.4.x`, `11.*`): the numbers in front of the wildcard.
    pub series: Option<Series>,
}

/// A series of versions: from the first inclusive to the next exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    /// `2.4`
    pub first: String,
    /// `2.5`
    pub next: String,
}

/// Letter runs longer than four that do occur within versions.
const LONG_RUNS: [&str; 9] =
    ["alpha", "build", "patch", "final", "release", "preview", "snapshot", "hotfix", "incompatible"];

/// Suffixes that begin a number without being a version of their own: `SP1`, `HF5`, `Upd21`, `P018`, `R2`.
const SUFFIX_MARKS: [&str; 20] = [
    "SP", "HF", "UPD", "UPDATE", "R", "RU", "QU", "FP", "P", "PATCH", "BUILD", "MR", "MP", "UC", "CU", "SR",
    "RC", "BETA", "ALPHA", "HOTFIX",
];

/// Suffix words that are followed by a number.
const SUFFIX_WORDS: [&str; 12] =
    ["SP", "HF", "UPD", "UPDATE", "PATCH", "BUILD", "HOTFIX", "CU", "RC", "BETA", "ALPHA", "RU"];

/// Reads a phrase at the start of `tokens`; returns it with the number of tokens read.
///
/// `after_operator` permits what is a version only because an operator says so: a single capital letter (`<= K`).
pub(super) fn read(tokens: &[Token], after_operator: bool) -> Option<(Phrase, usize)> {
    let mut at = 0;
    let mut marked = false;
    if let Some(Token::Key(Key::Mark)) = tokens.first() {
        marked = true;
        at = 1;
    }
    let base = match tokens.get(at)? {
        Token::Atom(text) if marked && !text.starts_with(|c: char| c.is_ascii_digit()) => return None,
        Token::Atom(text) => base(text)?,
        Token::Word(text) if after_operator && !marked && is_letter(text) => {
            Phrase { text: text.clone(), strong: false, bare: false, series: None }
        }
        _ => return None,
    };
    at += 1;
    let mut phrase = base;
    phrase.strong |= marked;
    while let Some((suffix, count)) = suffix(&tokens[at..]) {
        if phrase.series.is_some() {
            return None;
        }
        phrase.text.push(' ');
        phrase.text.push_str(&suffix);
        phrase.strong = true;
        at += count;
    }
    Some((phrase, at))
}

/// True if a phrase could begin here.
pub(super) fn begins(tokens: &[Token]) -> bool {
    read(tokens, false).is_some()
}

fn is_letter(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_ascii_uppercase()) && characters.next().is_none()
}

fn base(text: &str) -> Option<Phrase> {
    let digits_at = text.find(|c: char| c.is_ascii_digit())?;
    let (prefix, rest) = text.split_at(digits_at);
    let mark = prefix.trim_end_matches('.');
    let letters_only = mark.bytes().all(|b| b.is_ascii_alphabetic());
    if !letters_only
        || mark.len() > 4
        || prefix.len() > mark.len() + 1
        || (mark.is_empty() && !prefix.is_empty())
    {
        return None;
    }
    let dotted = rest.contains('.') || !prefix.is_empty() && prefix.ends_with('.');
    let suffix = SUFFIX_MARKS.iter().any(|s| mark.eq_ignore_ascii_case(s));
    if !dotted && suffix && !mark.eq_ignore_ascii_case("r") {
        // `SP3` or `P007` alone: the version it belongs to is not named.
        return None;
    }
    if is_date(rest)
        || is_hash(text)
        || rest.ends_with(['-', '_', '+', '\''])
        || rest.contains('\'')
        || inner_mark(rest)
    {
        return None;
    }
    let series = match wildcard(prefix, rest)? {
        Wild::None => None,
        Wild::Series(series) => Some(series),
    };
    if series.is_none() && !runs_are_short(rest) {
        return None;
    }
    let v = mark.eq_ignore_ascii_case("v");
    let plain_integer = rest.bytes().all(|b| b.is_ascii_digit());
    Some(Phrase {
        text: text.to_owned(),
        strong: series.is_some() || dotted || v && plain_integer,
        bare: series.is_some() || bare_form(mark, rest, dotted, plain_integer),
        series,
    })
}

/// May this stand for a version without any operator? Models and serial numbers look like versions too.
fn bare_form(mark: &str, rest: &str, dotted: bool, plain_integer: bool) -> bool {
    if plain_integer && (mark.is_empty() || mark.eq_ignore_ascii_case("v")) {
        return true;
    }
    if !dotted {
        return false;
    }
    match rest.split_once('-') {
        None => true,
        // 2.0-beta9, but not 3.4.5-100, which may be a range, a build or a version.
        Some((left, right)) => {
            left.contains('.')
                && right.starts_with(|c: char| c.is_ascii_alphabetic())
                && !marks_version(right)
        }
    }
}

/// `V175` after a hyphen is the other end of a range, not a pre-release.
fn marks_version(text: &str) -> bool {
    text.strip_prefix(['V', 'v']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `SRN4000_v2.16`, `7-TP-ETH`: a version inside a product name.
fn inner_mark(rest: &str) -> bool {
    rest.split(['-', '_']).skip(1).any(marks_version)
}

fn runs_are_short(rest: &str) -> bool {
    rest.split(|c: char| !c.is_ascii_alphabetic()).all(|run| {
        let lower = run.to_ascii_lowercase();
        run.len() <= 4 || LONG_RUNS.contains(&lower.as_str())
    })
}

/// `2019-09-21`, `2021-8-13`: a date is no version that could be ordered among versions.
fn is_date(rest: &str) -> bool {
    let parts: Vec<&str> = rest.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
    };
    year.len() == 4 && number(year, 4) && number(month, 2) && number(day, 2)
}

/// A commit hash is no version: commits have no order that a text could state.
fn is_hash(text: &str) -> bool {
    text.len() >= 12
        && text.bytes().all(|b| b.is_ascii_hexdigit())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

enum Wild {
    None,
    Series(Series),
}

/// Finds a wildcard (`x`, `X`, `*`, `xx`) at the end. One in the middle (`3.X.17`) or within a part (`7.4x`) cannot
/// be turned into a range: `None`.
fn wildcard(prefix: &str, rest: &str) -> Option<Wild> {
    let parts: Vec<&str> = rest.split('.').collect();
    let is_wild = |part: &&&str| !part.is_empty() && part.bytes().all(|b| matches!(b, b'x' | b'X' | b'*'));
    let wild = parts.iter().rev().take_while(is_wild).count();
    let (fixed, _) = parts.split_at(parts.len().saturating_sub(wild));
    let hidden = fixed.iter().any(|part| is_wild(&part) || part.contains('*') || hides_wildcard(part));
    if hidden || fixed.is_empty() {
        return None;
    }
    if wild == 0 {
        return Some(Wild::None);
    }
    series_of(prefix, fixed).map(Wild::Series)
}

/// `7.4x` stands for 7.40 to 7.49. `1.21X` is a revision letter (Mitsubishi counts 1.20W, 1.21X, 1.22Y); `2.3X` may be
/// either and is refused as well.
fn hides_wildcard(part: &str) -> bool {
    let digits = part.trim_end_matches(['x', 'X']);
    let wild = digits.len() < part.len() && digits.bytes().all(|b| b.is_ascii_digit());
    wild && !(part.len() - digits.len() == 1 && part.ends_with('X') && digits.len() >= 2)
}

fn series_of(prefix: &str, parts: &[&str]) -> Option<Series> {
    let (last, front) = parts.split_last()?;
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let next = last.parse::<u64>().ok()?.checked_add(1)?;
    // 02.09 is followed by 02.10: the width is kept.
    let next = format!("{next:0width$}", width = last.len());
    let join = |end: &str| {
        let mut text = prefix.to_owned();
        for part in front {
            text.push_str(part);
            text.push('.');
        }
        text.push_str(end);
        text
    };
    Some(Series { first: join(last), next: join(&next) })
}

impl Phrase {
    /// The series that this version names ("2.4 系", "6.0 all versions"), if it consists of numbers only.
    pub(super) fn as_series(&self) -> Option<Series> {
        if self.series.is_some() {
            return self.series.clone();
        }
        let digits_at = self.text.find(|c: char| c.is_ascii_digit())?;
        let (prefix, rest) = self.text.split_at(digits_at);
        series_of(prefix, &rest.split('.').collect::<Vec<_>>())
    }

    /// `1.0-2.0` in one piece: both ends dotted numbers of the same length, in ascending order.
    pub(super) fn split_range(&self) -> Option<(String, String)> {
        let (left, right) = self.text.split_once('-')?;
        let numbers = |text: &str| {
            let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
            let parts: Vec<&str> = text.split('.').collect();
            let plain = parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
            (plain && parts.len() >= 2).then_some(parts.len())
        };
        let same = numbers(left)? == numbers(right)?;
        (same && compare(left, right) == Ordering::Less).then(|| (left.to_owned(), right.to_owned()))
    }
}

/// Compares the leading dotted numbers of two versions. Only a plausibility check (is the lower bound below the
/// upper one?); the order that decides about findings lives elsewhere.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    numbers(left).cmp(&numbers(right))
}

fn numbers(text: &str) -> Vec<u128> {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let mut out = Vec::new();
    for part in text[start..].split('.') {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let Ok(number) = part[..end].parse() else { break };
        out.push(number);
        if end < part.len() {
            break;
        }
    }
    out
}

/// `SP1`, `Update 6`, `Service Pack 1A`, `(Build 1575)`, `(96)`.
fn suffix(tokens: &[Token]) -> Option<(String, usize)> {
    match tokens {
        [Token::Atom(atom), ..] if is_suffix_atom(atom) => Some((atom.clone(), 1)),
        [Token::Word(first), Token::Word(second), Token::Atom(number), ..]
            if first.eq_ignore_ascii_case("service")
                && second.eq_ignore_ascii_case("pack")
                && starts_numeric(number) =>
        {
            Some((format!("SP{number}"), 3))
        }
        [Token::Word(word), Token::Atom(number), ..] if is_suffix_word(word) && starts_numeric(number) => {
            Some((format!("{word} {number}"), 2))
        }
        [Token::Key(Key::Open), Token::Word(word), Token::Atom(number), Token::Key(Key::Close), ..]
            if word.eq_ignore_ascii_case("build") && starts_numeric(number) =>
        {
            Some((format!("({word} {number})"), 4))
        }
        [Token::Key(Key::Open), Token::Atom(number), Token::Key(Key::Close), ..]
            if number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Some((format!("({number})"), 3))
        }
        _ => None,
    }
}

fn starts_numeric(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        && runs_are_short(text)
}

fn is_suffix_word(word: &str) -> bool {
    SUFFIX_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn is_suffix_atom(atom: &str) -> bool {
    let Some(digits_at) = atom.find(|c: char| c.is_ascii_digit()) else { return false };
    let (mark, rest) = atom.split_at(digits_at);
    let letter_end = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    SUFFIX_MARKS.iter().any(|known| mark.eq_ignore_ascii_case(known))
        && rest.len() - letter_end.len() <= 1
        && letter_end.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
