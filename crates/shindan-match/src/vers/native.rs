//! Ranges in the notation of a package manager, as version range specifiers: npm, PyPI, RubyGems, NuGet.

use shindan_domain::vers::{Comparator, Constraint, Constraints, Vers, VersError};

use super::{Order, VersUnknown, is_member};

/// Why a native range has no version range specifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NativeRangeError {
    /// The notation of this type is not known here.
    #[error("ranges in the notation of \"{0}\" are not read")]
    UnknownNotation(String),
    /// The text is not of the notation.
    #[error("\"{0}\" is not understood")]
    NotUnderstood(String),
    /// The versions cannot be ordered.
    #[error(transparent)]
    Unknown(#[from] VersUnknown),
    /// A flat sequence of constraints cannot say what the range says.
    #[error("\"{0}\" cannot be written as one sequence of constraints")]
    NotExpressible(String),
    /// The parts do not make a specifier.
    #[error(transparent)]
    Invalid(#[from] VersError),
}

/// Alternatives, of each of which all constraints must hold.
type Alternatives = Vec<Vec<Constraint>>;

/// Turns a native range into a specifier with sorted constraints.
///
/// # Errors
/// [`NativeRangeError`] if the range is not understood, or would change its meaning.
pub fn from_native(kind: &str, text: &str) -> Result<Vers, NativeRangeError> {
    let alternatives = match kind {
        "npm" | "pypi" | "gem" | "nuget" if text.trim() == "*" => {
            return Ok(Vers::new(kind, Constraints::Any)?);
        }
        "npm" => npm(text),
        "pypi" => all_of(text, ',', &["===", "~="]),
        "gem" => gem(text),
        "nuget" => nuget(text),
        _ => return Err(NativeRangeError::UnknownNotation(kind.to_owned())),
    };
    let alternatives = alternatives.ok_or_else(|| NativeRangeError::NotUnderstood(text.to_owned()))?;
    flatten(kind, text, alternatives)
}

/// Sorts all constraints into one sequence and proves that it means the same as the alternatives.
fn flatten(kind: &str, text: &str, alternatives: Alternatives) -> Result<Vers, NativeRangeError> {
    let order = Order::of(&Vers::new(kind, Constraints::Any)?)?;
    let mut keyed: Vec<Vec<(Vec<u8>, Constraint)>> = Vec::with_capacity(alternatives.len());
    for all in alternatives {
        let keys: Result<_, VersUnknown> = all.into_iter().map(|c| Ok((order.key(&c.version)?, c))).collect();
        keyed.push(keys?);
    }
    let mut distinct: Vec<&Vec<u8>> = keyed.iter().flatten().map(|(key, _)| key).collect();
    distinct.sort();
    distinct.dedup();
    // Between two neighbouring versions nothing changes, so it suffices to look at every version and every gap:
    // odd places are versions, even ones the gaps around them.
    let place = |key: &Vec<u8>| distinct.partition_point(|other| *other < key) * 2 + 1;
    let placed: Vec<Vec<(usize, Comparator)>> =
        keyed.iter().map(|all| all.iter().map(|(key, c)| (place(key), c.comparator)).collect()).collect();
    let mut flat: Vec<(usize, Comparator)> = placed.iter().flatten().copied().collect();
    flat.sort_by_key(|(place, _)| *place);
    for wanted in 0..=distinct.len() * 2 {
        let meant = placed.iter().any(|all| all.iter().all(|(place, c)| holds(*c, wanted, *place)));
        if meant != is_member(&flat, &wanted) {
            return Err(NativeRangeError::NotExpressible(text.to_owned()));
        }
    }
    let mut list: Vec<(Vec<u8>, Constraint)> = keyed.into_iter().flatten().collect();
    list.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Vers::new(kind, Constraints::List(list.into_iter().map(|(_, constraint)| constraint).collect()))?)
}

fn holds(comparator: Comparator, wanted: usize, place: usize) -> bool {
    match comparator {
        Comparator::Equal => wanted == place,
        Comparator::NotEqual => wanted != place,
        Comparator::Less => wanted < place,
        Comparator::LessOrEqual => wanted <= place,
        Comparator::Greater => wanted > place,
        Comparator::GreaterOrEqual => wanted >= place,
    }
}

fn constraint(comparator: Comparator, version: impl Into<String>) -> Constraint {
    Constraint { comparator, version: version.into() }
}

/// Splits a comparator off; `=` and `==` are equality, and so is none.
fn split_comparator(text: &str) -> (Comparator, &str) {
    const PREFIXES: [(&str, Comparator); 7] = [
        (">=", Comparator::GreaterOrEqual),
        ("<=", Comparator::LessOrEqual),
        ("!=", Comparator::NotEqual),
        ("==", Comparator::Equal),
        (">", Comparator::Greater),
        ("<", Comparator::Less),
        ("=", Comparator::Equal),
    ];
    PREFIXES
        .into_iter()
        .find_map(|(prefix, comparator)| Some((comparator, text.strip_prefix(prefix)?.trim_start())))
        .unwrap_or((Comparator::Equal, text))
}

/// Constraints that all hold, between separators. `refused` operators mean something else than a comparison.
fn all_of(text: &str, separator: char, refused: &[&str]) -> Option<Alternatives> {
    let mut all = Vec::new();
    for part in text.split(separator).map(str::trim) {
        if refused.iter().any(|operator| part.starts_with(operator)) {
            return None;
        }
        let (comparator, version) = split_comparator(part);
        if version.is_empty() || version.contains(['*', ' ', '<', '>', '=']) {
            return None;
        }
        all.push(constraint(comparator, version));
    }
    Some(vec![all])
}

/// RubyGems: comparisons and `~>`, which fixes all segments but the last.
fn gem(text: &str) -> Option<Alternatives> {
    let mut all = Vec::new();
    for part in text.split(',').map(str::trim) {
        let Some(version) = part.strip_prefix("~>").map(str::trim) else {
            all.extend(self::all_of(part, ',', &[])?.into_iter().flatten());
            continue;
        };
        let segments: Vec<&str> = version.split('.').collect();
        let fixed = segments.get(..segments.len().saturating_sub(1).max(1))?;
        let (last, rest) = fixed.split_last()?;
        let next = last.parse::<u64>().ok()?.checked_add(1)?.to_string();
        let upper: Vec<&str> = rest.iter().copied().chain([next.as_str()]).collect();
        all.push(constraint(Comparator::GreaterOrEqual, version));
        all.push(constraint(Comparator::Less, upper.join(".")));
    }
    Some(vec![all])
}

/// NuGet: `[1.0, 2.0)`, `(,1.0]`, `[1.0]`, and `1.0`, which means this version or a later one.
fn nuget(text: &str) -> Option<Alternatives> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(vec![vec![constraint(Comparator::GreaterOrEqual, text)]]);
    }
    let (opening, rest) = (text.strip_prefix('['), text.strip_prefix(['[', '('])?);
    let (closing, inner) = (rest.strip_suffix(']'), rest.strip_suffix([']', ')'])?);
    let Some((lower, upper)) = inner.split_once(',').map(|(lower, upper)| (lower.trim(), upper.trim()))
    else {
        opening.and(closing)?;
        return Some(vec![vec![constraint(Comparator::Equal, inner.trim())]]);
    };
    let mut all = Vec::new();
    if !lower.is_empty() {
        let comparator = if opening.is_some() { Comparator::GreaterOrEqual } else { Comparator::Greater };
        all.push(constraint(comparator, lower));
    }
    if !upper.is_empty() {
        let comparator = if closing.is_some() { Comparator::LessOrEqual } else { Comparator::Less };
        all.push(constraint(comparator, upper));
    }
    if all.is_empty() || upper.contains(',') { None } else { Some(vec![all]) }
}

/// npm: alternatives by `||`, hyphen ranges, `^`, `~`, x-ranges, comparisons. Source: node-semver, "Ranges".
fn npm(text: &str) -> Option<Alternatives> {
    text.split("||").map(|alternative| npm_alternative(alternative.trim())).collect()
}

fn npm_alternative(text: &str) -> Option<Vec<Constraint>> {
    if let Some((lower, upper)) = text.split_once(" - ") {
        let (lower, upper) = (Partial::parse(lower.trim())?, Partial::parse(upper.trim())?);
        let mut all = vec![constraint(Comparator::GreaterOrEqual, lower.filled())];
        all.push(match upper.next_within() {
            Some(next) => constraint(Comparator::Less, next),
            None => constraint(Comparator::LessOrEqual, upper.filled()),
        });
        return Some(all);
    }
    let mut all = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let operator = rest.find(|c: char| !matches!(c, '<' | '>' | '=' | '~' | '^')).unwrap_or(rest.len());
        let (operator, after) = rest.split_at_checked(operator)?;
        let after = after.trim_start();
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '=' | '~' | '^'));
        let (version, after) = after.split_at_checked(end.unwrap_or(after.len()))?;
        npm_simple(operator, &Partial::parse(version)?, &mut all)?;
        rest = after.trim_start();
    }
    if all.is_empty() { None } else { Some(all) }
}

fn npm_simple(operator: &str, version: &Partial<'_>, all: &mut Vec<Constraint>) -> Option<()> {
    let range = |upper: String| {
        [constraint(Comparator::GreaterOrEqual, version.filled()), constraint(Comparator::Less, upper)]
    };
    match operator {
        "^" => all.extend(range(version.next_compatible()?)),
        "~" | "~>" => all.extend(range(version.next_within().or_else(|| version.next_at(1))?)),
        "" | "=" => match version.next_within() {
            Some(next) => all.extend(range(next)),
            None => all.push(constraint(Comparator::Equal, version.filled())),
        },
        ">=" => all.push(constraint(Comparator::GreaterOrEqual, version.filled())),
        "<" => all.push(constraint(Comparator::Less, version.filled())),
        // Beyond the whole of an x-range, or up to its end.
        ">" => all.push(match version.next_within() {
            Some(next) => constraint(Comparator::GreaterOrEqual, next),
            None => constraint(Comparator::Greater, version.filled()),
        }),
        "<=" => all.push(match version.next_within() {
            Some(next) => constraint(Comparator::Less, next),
            None => constraint(Comparator::LessOrEqual, version.filled()),
        }),
        _ => return None,
    }
    Some(())
}

/// A version of which the last numbers may be missing or `x`.
struct Partial<'t> {
    numbers: Vec<u64>,
    prerelease: Option<&'t str>,
}

impl<'t> Partial<'t> {
    fn parse(text: &'t str) -> Option<Partial<'t>> {
        let text = text.trim_start_matches(['v', 'V']);
        let text = text.split_once('+').map_or(text, |(version, _build)| version);
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease).filter(|p| !p.is_empty())),
            None => (text, None),
        };
        let mut parsed = Vec::new();
        let mut open = false;
        for part in numbers.split('.') {
            if matches!(part, "x" | "X" | "*") {
                open = true;
            } else if open {
                return None;
            } else {
                parsed.push(part.parse().ok()?);
            }
        }
        if parsed.is_empty() || parsed.len() > 3 || (prerelease.is_some() && parsed.len() < 3) {
            return None;
        }
        Some(Partial { numbers: parsed, prerelease })
    }

    fn number(&self, position: usize) -> u64 {
        self.numbers.get(position).copied().unwrap_or(0)
    }

    /// Missing numbers are zero.
    fn filled(&self) -> String {
        let (major, minor, patch) = (self.number(0), self.number(1), self.number(2));
        match self.prerelease {
            Some(prerelease) => format!("{major}.{minor}.{patch}-{prerelease}"),
            None => format!("{major}.{minor}.{patch}"),
        }
    }

    /// The first version after all that this partial one may be; `None` if it is complete.
    fn next_within(&self) -> Option<String> {
        if self.numbers.len() >= 3 { None } else { self.next_at(self.numbers.len().checked_sub(1)?) }
    }

    /// The version with the number at `position` one higher and zeros after it.
    fn next_at(&self, position: usize) -> Option<String> {
        let mut numbers = [self.number(0), self.number(1), self.number(2)];
        for (index, number) in numbers.iter_mut().enumerate() {
            if index == position {
                *number = number.checked_add(1)?;
            } else if index > position {
                *number = 0;
            }
        }
        Some(numbers.map(|number| number.to_string()).join("."))
    }

    /// `^`: the leftmost number that is not zero stays.
    fn next_compatible(&self) -> Option<String> {
        let last = self.numbers.len().checked_sub(1)?;
        let fixed = self.numbers.iter().position(|number| *number != 0).unwrap_or(last);
        self.next_at(fixed)
    }
}
