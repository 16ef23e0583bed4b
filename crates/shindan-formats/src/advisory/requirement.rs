//! Version requirements of language communities to ranges: Cargo's `^1.2`, RubyGems' `~> 1.2`, Composer's `>=1.0`.
//!
//! Databases that say which versions are *patched* or *unaffected* claim all the others. Where the gaps between the
//! requirements can be told without an order that belongs to a scheme, they are the claim; elsewhere the claim is
//! everything except the requirements, which the matcher evaluates. Both mean the same.
//!
//! Source: The Cargo Book, "Specifying Dependencies"; RubyGems guides, "Patterns", and `Gem::Requirement`; Composer
//! documentation, "Versions and constraints".

use std::cmp::Ordering;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::plain_order;
use crate::text::shorten;

/// Whose requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `^1.2.3` (also without `^`), `~1.2`, `>= 1, < 2`, `*`.
    Cargo,
    /// `~> 1.2.3`, `>= 1, < 2`; a bare version means itself.
    Gem,
    /// `>=1.0,<2.0`, `==1.0`; a bare version means itself.
    Composer,
}

impl Dialect {
    fn scheme(self) -> Scheme {
        match self {
            Dialect::Cargo => Scheme::Semver,
            Dialect::Gem => Scheme::Gem,
            Dialect::Composer => Scheme::Composer,
        }
    }

    /// Operators, longer ones first.
    fn operators(self) -> &'static [&'static str] {
        match self {
            Dialect::Cargo => &[">=", "<=", ">", "<", "=", "^", "~"],
            Dialect::Gem => &["~>", ">=", "<=", ">", "<", "="],
            Dialect::Composer => &[">=", "<=", "==", ">", "<", "="],
        }
    }
}

/// The versions that one requirement names. `series_end` is the number that `upper` stands before where the
/// requirement excludes the pre-releases of the next series: for `^1.2` it is `2.0.0` and `upper` `2.0.0-0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interval {
    scheme: Scheme,
    lower: Bound,
    upper: Bound,
    series_end: Option<String>,
}

impl Interval {
    pub(super) fn range(&self) -> VersionRange {
        VersionRange { scheme: self.scheme, lower: self.lower.clone(), upper: self.upper.clone() }
    }

    /// The version with which it begins, if that belongs to it.
    fn first(&self) -> Option<&str> {
        match &self.lower {
            Bound::Inclusive(version) => Some(version),
            _ => None,
        }
    }

    /// The version before which it ends.
    pub(super) fn end(&self) -> Option<&str> {
        match &self.upper {
            Bound::Exclusive(version) if self.series_end.is_none() => Some(version),
            _ => None,
        }
    }
}

/// Reads a requirement: comparisons joined by commas, all of which hold. `None` for what is not understood, or names
/// two lower (or upper) limits of which it is not certain which one is nearer.
pub(super) fn parse(text: &str, dialect: Dialect) -> Option<Interval> {
    let scheme = dialect.scheme();
    let mut all = Interval { scheme, lower: Bound::Unbounded, upper: Bound::Unbounded, series_end: None };
    let text = text.trim();
    if text == "*" {
        return Some(all);
    }
    for comparison in text.split(',') {
        let one = comparison_of(comparison.trim(), dialect)?;
        all.lower = nearer(all.lower, one.lower, Ordering::Greater)?;
        let ends = (base(&all.upper, &all.series_end), base(&one.upper, &one.series_end));
        let replaces = match ends {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(known), Some(new)) => order(new, known)? == Ordering::Less,
        };
        if replaces {
            all.upper = one.upper;
            all.series_end = one.series_end;
        }
    }
    Some(all)
}

/// What a database of patched and unaffected versions claims: versions, fixed versions, and the text as written where
/// it was not understood. A requirement that is not understood makes all of it *undetermined*: the gap around it is
/// not known.
pub(super) fn claim_of_lists(
    patched: &[&str],
    unaffected: &[&str],
    dialect: Dialect,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> (VersionClaim, Vec<String>, String) {
    let mut intervals = Vec::with_capacity(patched.len() + unaffected.len());
    let mut fixed: Vec<String> = Vec::new();
    for (position, requirement) in patched.iter().chain(unaffected).enumerate() {
        let Some(interval) = parse(requirement, dialect) else {
            diagnostics.push(
                Diagnostic::new(Code::FieldInvalid, place.clone())
                    .with("field", if position < patched.len() { "patched" } else { "unaffected" })
                    .with("value", shorten(requirement, 120))
                    .with("expected", dialect.operators().join(" ")),
            );
            let text = format!("patched: {}; unaffected: {}", patched.join(" | "), unaffected.join(" | "));
            let text = shorten(&text, 400);
            return (VersionClaim::undetermined_text(&text), Vec::new(), text);
        };
        if position < patched.len()
            && let Some(first) = interval.first()
            && !fixed.iter().any(|known| known == first)
        {
            fixed.push(first.to_owned());
        }
        intervals.push(interval);
    }
    (complement(&intervals, dialect), fixed, String::new())
}

/// The claim of everything that none of the requirements names.
fn complement(intervals: &[Interval], dialect: Dialect) -> VersionClaim {
    let scheme = dialect.scheme();
    if intervals.is_empty() {
        return VersionClaim::All;
    }
    match gaps(intervals, scheme) {
        Some(ranges) => VersionClaim::ranged(ranges),
        None => VersionClaim::Ranged {
            ranges: vec![VersionRange::all(scheme)],
            except: intervals.iter().map(Interval::range).collect(),
        },
    }
}

fn comparison_of(text: &str, dialect: Dialect) -> Option<Interval> {
    let operator = dialect.operators().iter().find(|operator| text.starts_with(**operator)).copied();
    let version = text.strip_prefix(operator.unwrap_or_default())?.trim();
    if !is_version(version) {
        return None;
    }
    let written = match dialect {
        Dialect::Cargo => three_numbers(version)?,
        Dialect::Gem | Dialect::Composer => version.to_owned(),
    };
    let scheme = dialect.scheme();
    let plain = |lower, upper| Interval { scheme, lower, upper, series_end: None };
    let exactly = || plain(Bound::Inclusive(written.clone()), Bound::Inclusive(written.clone()));
    Some(match operator {
        Some(">=") => plain(Bound::Inclusive(written), Bound::Unbounded),
        Some(">") => plain(Bound::Exclusive(written), Bound::Unbounded),
        Some("<=") => plain(Bound::Unbounded, Bound::Inclusive(written)),
        Some("<") => plain(Bound::Unbounded, Bound::Exclusive(written)),
        Some("=" | "==") => exactly(),
        Some("~>") => {
            let next = next_gem_series(version)?;
            // Bundler's own way to stand before every pre-release of the next series.
            let upper = Bound::Exclusive(format!("{next}.A"));
            Interval { scheme, lower: Bound::Inclusive(written), upper, series_end: Some(next) }
        }
        None if dialect != Dialect::Cargo => exactly(),
        // `^`, `~`, and Cargo's bare version, which means `^`.
        other => {
            let next = next_cargo_series(version, other == Some("~"))?;
            let upper = Bound::Exclusive(format!("{next}-0"));
            Interval { scheme, lower: Bound::Inclusive(written), upper, series_end: Some(next) }
        }
    })
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_'))
}

/// A partial version of Cargo (`1`, `1.2`) with zeros for what is left out, as RustSec reads it.
fn three_numbers(version: &str) -> Option<String> {
    let numbers_end = version.find(['-', '+']).unwrap_or(version.len());
    let (numbers, suffix) = version.split_at_checked(numbers_end)?;
    match numbers.split('.').count() {
        1 if suffix.is_empty() => Some(format!("{numbers}.0.0")),
        2 if suffix.is_empty() => Some(format!("{numbers}.0")),
        3 => Some(format!("{numbers}{suffix}")),
        _ => None,
    }
}

/// The first version that `^version` (or `~version`) does not reach.
fn next_cargo_series(version: &str, tilde: bool) -> Option<String> {
    let numbers = version.split(['-', '+']).next().unwrap_or(version);
    let numbers: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let up = |number: u64| number.checked_add(1);
    Some(match (numbers.as_slice(), tilde) {
        ([major], _) | ([major, _] | [major, _, _], false) if *major > 0 || numbers.len() == 1 => {
            format!("{}.0.0", up(*major)?)
        }
        ([0, 0, patch], false) => format!("0.0.{}", up(*patch)?),
        ([major, minor] | [major, minor, _], _) => format!("{major}.{}.0", up(*minor)?),
        _ => return None,
    })
}

/// `Gem::Version#bump`: without letters and what follows them, without the last number, one higher.
fn next_gem_series(version: &str) -> Option<String> {
    let mut numbers: Vec<u64> = Vec::new();
    for part in version.split(['.', '-']) {
        match part.parse() {
            Ok(number) => numbers.push(number),
            Err(_) if numbers.is_empty() => return None,
            Err(_) => break,
        }
    }
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

/// The nearer of two lower limits; `None` if that is not certain.
fn nearer(a: Bound, b: Bound, wanted: Ordering) -> Option<Bound> {
    let (Some(left), Some(right)) = (version_of(&a), version_of(&b)) else {
        return Some(if a == Bound::Unbounded { b } else { a });
    };
    match order(left, right)? {
        Ordering::Equal => Some(if matches!(a, Bound::Exclusive(_)) { a } else { b }),
        found if found == wanted => Some(a),
        _ => Some(b),
    }
}

fn version_of(bound: &Bound) -> Option<&str> {
    match bound {
        Bound::Unbounded => None,
        Bound::Inclusive(version) | Bound::Exclusive(version) => Some(version),
    }
}

/// The number by which an upper limit is compared.
fn base<'a>(upper: &'a Bound, series_end: &'a Option<String>) -> Option<&'a str> {
    series_end.as_deref().or_else(|| version_of(upper))
}

/// The order of two plain versions. Zeros at the end change nothing in the schemes read here: Cargo's versions have
/// been made of three numbers, and RubyGems ignores them.
fn order(a: &str, b: &str) -> Option<Ordering> {
    let trimmed = |text: &str| {
        let mut text = text.to_owned();
        while plain_order::is_plain(&text) && text.ends_with(".0") {
            text.truncate(text.len() - 2);
        }
        text
    };
    plain_order::compare(&trimmed(a), &trimmed(b))
}

/// Where a gap begins.
#[derive(Debug, Clone)]
struct Since {
    bound: Bound,
    /// The number by which it is compared.
    base: String,
    /// It begins with the pre-releases of `base`.
    series: bool,
}

/// The ranges between the intervals; `None` if their order is not certain.
fn gaps(intervals: &[Interval], scheme: Scheme) -> Option<Vec<VersionRange>> {
    // Composer tells `1.0` and `1.0.0` apart.
    if scheme == Scheme::Composer {
        return None;
    }
    let mut gaps = Vec::new();
    let mut since: Option<Since> = None;
    for interval in &sorted(intervals)? {
        if let Some(first) = version_of(&interval.lower) {
            let opens = match &since {
                None => true,
                Some(since) => match order(&since.base, first)? {
                    Ordering::Less => true,
                    Ordering::Greater => false,
                    // The pre-releases of a series whose first release is named again, or one version between two.
                    Ordering::Equal => match (&since.bound, &interval.lower) {
                        (Bound::Inclusive(_), Bound::Exclusive(_)) => true,
                        (Bound::Inclusive(_), Bound::Inclusive(_)) => since.series,
                        _ => false,
                    },
                },
            };
            if opens {
                let upper = match &interval.lower {
                    Bound::Inclusive(version) => Bound::Exclusive(version.clone()),
                    _ => Bound::Inclusive(first.to_owned()),
                };
                let lower = since.as_ref().map_or(Bound::Unbounded, |since| since.bound.clone());
                gaps.push(VersionRange { scheme, lower, upper });
            }
        }
        let Some(end) = base(&interval.upper, &interval.series_end) else { return Some(gaps) };
        let further = match &since {
            None => true,
            Some(since) => match order(&since.base, end)? {
                Ordering::Less => true,
                Ordering::Greater => false,
                // Which of two ends at the same number reaches further is left to the matcher.
                Ordering::Equal => return None,
            },
        };
        if further {
            let bound = match &interval.upper {
                Bound::Inclusive(version) => Bound::Exclusive(version.clone()),
                Bound::Exclusive(version) => Bound::Inclusive(version.clone()),
                Bound::Unbounded => return Some(gaps),
            };
            since = Some(Since { bound, base: end.to_owned(), series: interval.series_end.is_some() });
        }
    }
    let lower = since.map_or(Bound::Unbounded, |since| since.bound);
    gaps.push(VersionRange { scheme, lower, upper: Bound::Unbounded });
    Some(gaps)
}

/// The intervals by where they begin; `None` if that is not certain.
fn sorted(intervals: &[Interval]) -> Option<Vec<Interval>> {
    let mut ordered: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        let mut at = ordered.len();
        while let Some(before) = at.checked_sub(1).and_then(|index| ordered.get(index)) {
            let later = match (version_of(&before.lower), version_of(&interval.lower)) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(left), Some(right)) => order(left, right)? == Ordering::Greater,
            };
            if !later {
                break;
            }
            at -= 1;
        }
        ordered.insert(at, interval.clone());
    }
    Some(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(dialect: Dialect, text: &str, expected: &str) {
        let shown = parse(text, dialect).map_or("-".to_owned(), |interval| interval.range().to_string());
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn cargo_requirements() {
        let check = |text, expected| one(Dialect::Cargo, text, expected);
        check(">= 1.2.3", ">=1.2.3");
        check("> 1.2", ">1.2.0");
        check(">= 0.6.14, < 1.0.0", ">=0.6.14 <1.0.0");
        check("< 1.0.0, >= 0.6.14", ">=0.6.14 <1.0.0");
        check("^1.2.3", ">=1.2.3 <2.0.0-0");
        check("1.2", ">=1.2.0 <2.0.0-0");
        check("^0.2.3", ">=0.2.3 <0.3.0-0");
        check("^0.2", ">=0.2.0 <0.3.0-0");
        check("^0.0.3", ">=0.0.3 <0.0.4-0");
        check("^0.0", ">=0.0.0 <0.1.0-0");
        check("^0", ">=0.0.0 <1.0.0-0");
        check("^1", ">=1.0.0 <2.0.0-0");
        check("~1.2.3", ">=1.2.3 <1.3.0-0");
        check("~1.2", ">=1.2.0 <1.3.0-0");
        check("~1", ">=1.0.0 <2.0.0-0");
        check("~0.0.3", ">=0.0.3 <0.1.0-0");
        check("= 1.0", "=1.0.0");
        check(">= 1.0.0-rc.1", ">=1.0.0-rc.1");
        check("*", "*");
        check("^1.2, < 1.5", ">=1.2.0 <1.5.0");
        for bad in ["", ">=", "1.*", "1.2.3.4", ">= x", "^1-rc", ">= 1 < 2", "!= 1", "^18446744073709551615"]
        {
            check(bad, "-");
        }
    }

    #[test]
    fn gem_requirements() {
        let check = |text, expected| one(Dialect::Gem, text, expected);
        check("~> 1.2.3", ">=1.2.3 <1.3.A");
        check("~> 1.2", ">=1.2 <2.A");
        check("~> 1", ">=1 <2.A");
        check("~> 3.2.22.5", ">=3.2.22.5 <3.2.23.A");
        check("~> 5.0.0.beta1", ">=5.0.0.beta1 <5.1.A");
        check("~> 4.2.5, >= 4.2.5.1", ">=4.2.5.1 <4.3.A");
        check(">= 1.0, < 1.5", ">=1.0 <1.5");
        check("1.0", "=1.0");
        check("= 1.0.rc1", "=1.0.rc1");
        for bad in ["!= 1.0", "~>", "~> x", "^1", "~> 1.0.b1, >= 1.0.b2"] {
            check(bad, "-");
        }
    }

    #[test]
    fn composer_requirements() {
        let check = |text, expected| one(Dialect::Composer, text, expected);
        check(">=2.0.0,<2.0.17", ">=2.0.0 <2.0.17");
        check("==1.0", "=1.0");
        check("<=1.0-beta2", "<=1.0-beta2");
        for bad in ["dev-master", ">=dev-main", "2.*", "^1.0", "!=1.0"] {
            check(bad, "-");
        }
    }

    fn not(dialect: Dialect, requirements: &[&str], expected: &str) {
        let intervals: Vec<Interval> =
            requirements.iter().map(|text| parse(text, dialect).expect("a requirement")).collect();
        let shown = match complement(&intervals, dialect) {
            VersionClaim::All => "all".to_owned(),
            VersionClaim::Ranged { ranges, except } => {
                let join = |ranges: &[VersionRange]| {
                    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
                };
                let except =
                    if except.is_empty() { String::new() } else { format!(" except {}", join(&except)) };
                format!("{}{except}", join(&ranges))
            }
            VersionClaim::Undetermined { .. } => "?".to_owned(),
        };
        assert_eq!(shown, expected, "{requirements:?}");
    }

    #[test]
    fn gaps_between_cargo_requirements() {
        let check = |requirements: &[&str], expected| not(Dialect::Cargo, requirements, expected);
        check(&[], "all");
        check(&[">= 1.6.1"], "<1.6.1");
        check(&[">= 0.6.14, < 1.0.0", ">= 1.6.1", "< 0.6.3"], ">=0.6.3 <0.6.14 | >=1.0.0 <1.6.1");
        check(&["^1.2.3", ">= 2.1.0"], "<1.2.3 | >=2.0.0-0 <2.1.0");
        check(&["^1.2.3", ">= 2.0.0"], "<1.2.3 | >=2.0.0-0 <2.0.0");
        check(&["<= 1.0.0", "> 1.0.0"], "");
        check(&["< 1.0.0", "> 1.0.0"], "=1.0.0");
        check(&["= 1.5.0"], "<1.5.0 | >1.5.0");
        check(&["< 2.0.0", ">= 1.0.0"], "");
        check(&["*"], "");
        check(&[">= 1.0.0-rc.1"], "<1.0.0-rc.1");
        check(&[">= 1.0.0-rc.1", "< 0.5.0"], "* except >=1.0.0-rc.1 | <0.5.0");
    }

    #[test]
    fn gaps_between_gem_requirements() {
        let check = |requirements: &[&str], expected| not(Dialect::Gem, requirements, expected);
        check(
            &["~> 2.6.10", "~> 2.7.6", "~> 3.0.4", ">= 3.1.2"],
            "<2.6.10 | >=2.7.A <2.7.6 | >=2.8.A <3.0.4 | >=3.1.A <3.1.2",
        );
        check(&["~> 1.2.9", ">= 1.3.0"], "<1.2.9 | >=1.3.A <1.3.0");
        check(&["~> 1.2.9", ">= 1.3"], "<1.2.9 | >=1.3.A <1.3");
        check(
            &["~> 5.2.8", "~> 6.1.7, >= 6.1.7.1", ">= 7.0.4.1"],
            "<5.2.8 | >=5.3.A <6.1.7.1 | >=6.2.A <7.0.4.1",
        );
        check(
            &["~> 4.2.5, >= 4.2.5.1", "~> 4.1.14, >= 4.1.14.1", "< 4.0.0", ">= 5.0.0.beta1"],
            "* except >=4.2.5.1 <4.3.A | >=4.1.14.1 <4.2.A | <4.0.0 | >=5.0.0.beta1",
        );
        // Two ends at the same number: which one reaches further is not decided here.
        check(&["~> 1.2.3", "< 1.3"], "* except >=1.2.3 <1.3.A | <1.3");
    }
}
