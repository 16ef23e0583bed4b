//! Version range specifiers judged by the order of their versions. Source: VERS specification, clause 5.4 and "How to
//! parse and validate VERS".
//!
//! A range whose type has no order here, or that holds a version without order, is *unknown*: neither inside nor
//! outside.

mod native;

use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::vers::{Comparator, Constraint, Constraints, Vers};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use crate::version::{OrderUnknown, key};

pub use native::{NativeRangeError, from_native};

/// Why a range says nothing about a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersUnknown {
    /// The type has no order that this program knows.
    #[error("the order of versions of type \"{0}\" is not known")]
    UnknownType(String),
    /// A version has no order under the type.
    #[error(transparent)]
    Order(#[from] OrderUnknown),
    /// A version of type `datetime` is no RFC 3339 timestamp in its canonical spelling.
    #[error("\"{0}\" is not an RFC 3339 timestamp with upper-case T and Z")]
    Timestamp(String),
}

/// Which rule of clause 5.4 a range violates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersInvalid {
    /// Not sorted by version.
    #[error("\"{after}\" stands after \"{before}\" but is lower")]
    NotSorted {
        /// The higher version.
        before: String,
        /// The lower one that follows it.
        after: String,
    },
    /// A version stands in two constraints.
    #[error("\"{0}\" stands in two constraints")]
    Duplicate(String),
    /// Two constraints that must not follow each other.
    #[error("\"{after}\" must not follow \"{before}\"")]
    Sequence {
        /// Comparator and version.
        before: String,
        /// Comparator and version of the one that follows.
        after: String,
    },
    /// It cannot be told.
    #[error(transparent)]
    Unknown(#[from] VersUnknown),
}

/// The order of a type.
#[derive(Debug, Clone, Copy)]
enum Order {
    Scheme(Scheme),
    /// RFC 3339 timestamps by instant.
    Datetime,
    /// Bytes of the text.
    Lexicographic,
}

impl Order {
    fn of(vers: &Vers) -> Result<Order, VersUnknown> {
        match (vers.scheme(), vers.kind()) {
            (Some(scheme), _) => Ok(Order::Scheme(scheme)),
            (None, "datetime") => Ok(Order::Datetime),
            (None, "lexicographic") => Ok(Order::Lexicographic),
            (None, kind) => Err(VersUnknown::UnknownType(kind.to_owned())),
        }
    }

    /// Bytes that compare as the versions do.
    fn key(self, version: &str) -> Result<Vec<u8>, VersUnknown> {
        match self {
            Order::Scheme(scheme) => Ok(key(scheme, version)?),
            Order::Lexicographic => Ok(version.as_bytes().to_vec()),
            Order::Datetime => {
                let instant: Option<jiff::Timestamp> = version.parse().ok();
                let instant = instant.filter(|_| !version.contains(['t', 'z', ' ']));
                let nanoseconds =
                    instant.ok_or_else(|| VersUnknown::Timestamp(version.to_owned()))?.as_nanosecond();
                // The sign bit is turned round so that earlier instants have smaller bytes.
                Ok((nanoseconds ^ i128::MIN).to_be_bytes().to_vec())
            }
        }
    }
}

/// A constraint with the key of its version.
type Keyed<'v> = (Vec<u8>, &'v Constraint);

fn keyed(vers: &Vers) -> Result<Vec<Keyed<'_>>, VersUnknown> {
    let order = Order::of(vers)?;
    let Constraints::List(list) = vers.constraints() else { return Ok(Vec::new()) };
    list.iter().map(|constraint| Ok((order.key(&constraint.version)?, constraint))).collect()
}

/// True if `version` lies in the range. The constraints need not be sorted.
///
/// `vers:none/*` holds nothing; a range of inequalities only (`!=5`) holds everything else.
///
/// # Errors
/// [`VersUnknown`] if a version, or versions of this type at all, cannot be ordered. Equal texts need no order.
pub fn contains(vers: &Vers, version: &str) -> Result<bool, VersUnknown> {
    let Constraints::List(list) = vers.constraints() else { return Ok(vers.kind() != "none") };
    let ordered = Order::of(vers).and_then(|order| Ok((order.key(version)?, keyed(vers)?)));
    let (wanted, mut entries) = match ordered {
        Ok(ordered) => ordered,
        Err(unknown) => return equal_text(list, version).ok_or(unknown),
    };
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let entries: Vec<(&[u8], Comparator)> =
        entries.iter().map(|(key, constraint)| (key.as_slice(), constraint.comparator)).collect();
    Ok(is_member(&entries, &wanted.as_slice()))
}

/// What the constraints say of a version that is written exactly as in one of them.
fn equal_text(list: &[Constraint], version: &str) -> Option<bool> {
    let mut same = list.iter().filter(|constraint| constraint.version == version);
    let holds = same.next()?;
    match (holds.comparator, same.next()) {
        (Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual, None) => Some(true),
        (Comparator::NotEqual, None) => Some(false),
        _ => None,
    }
}

/// "Checking if a version is contained within a range", over keys sorted ascending.
fn is_member<K: Ord>(entries: &[(K, Comparator)], wanted: &K) -> bool {
    let equal = || entries.iter().filter(|(key, _)| key == wanted).map(|(_, comparator)| *comparator);
    let includes = |c| matches!(c, Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual);
    if equal().any(includes) {
        return true;
    }
    if equal().any(|comparator| comparator == Comparator::NotEqual) {
        return false;
    }
    intervals(entries.len(), |position| entries.get(position).map(|(_, comparator)| *comparator))
        .into_iter()
        .any(|(lower, upper)| {
            let key = |position: usize| entries.get(position).map(|(key, _)| key);
            lower.and_then(key).is_none_or(|lower| lower < wanted)
                && upper.and_then(key).is_none_or(|upper| wanted < upper)
        })
}

/// The intervals that sorted constraints stand for, as positions of their ends; `None` is no limit.
///
/// Redundant constraints fall away as "Simplifying constraints" says: of several lower ends in a row the first
/// counts, of several upper ends the last.
fn intervals(
    count: usize,
    comparator: impl Fn(usize) -> Option<Comparator>,
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut result: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    let mut open = None;
    let mut only_inequalities = true;
    for position in 0..count {
        let Some(comparator) = comparator(position) else { continue };
        only_inequalities &= comparator == Comparator::NotEqual;
        if comparator.is_lower() {
            open = open.or(Some(position));
        } else if comparator.is_upper() {
            match (open.take(), result.last_mut()) {
                (None, Some(previous)) => previous.1 = Some(position),
                (lower, _) => result.push((lower, Some(position))),
            }
        }
    }
    if open.is_some() || only_inequalities {
        result.push((open, None));
    }
    result
}

/// Compares two versions under the order of the range's type.
///
/// # Errors
/// [`VersUnknown`] if one of them cannot be ordered.
pub fn compare(vers: &Vers, a: &str, b: &str) -> Result<std::cmp::Ordering, VersUnknown> {
    let order = Order::of(vers)?;
    Ok(order.key(a)?.cmp(&order.key(b)?))
}

/// The same range with its constraints sorted by version.
///
/// # Errors
/// [`VersUnknown`] if they cannot be ordered.
pub fn sorted(vers: &Vers) -> Result<Vers, VersUnknown> {
    let mut sorted = vers.clone();
    if *vers.constraints() == Constraints::Any {
        return Ok(sorted);
    }
    let order = Order::of(vers)?;
    sorted.sort_by_key(|version| order.key(version))?;
    Ok(sorted)
}

/// Checks the rules of clause 5.4: sorted, unique, a sequence that makes sense.
///
/// # Errors
/// [`VersInvalid`] with the first rule that is violated.
pub fn validate(vers: &Vers) -> Result<(), VersInvalid> {
    let Constraints::List(list) = vers.constraints() else { return Ok(()) };
    if let [only] = list.as_slice() {
        // A single constraint needs no order; a timestamp has a spelling to check all the same.
        if matches!(Order::of(vers), Ok(Order::Datetime)) {
            Order::Datetime.key(&only.version)?;
        }
        return Ok(());
    }
    let entries = keyed(vers)?;
    for pair in entries.windows(2) {
        if let [(first, before), (second, after)] = pair {
            match first.cmp(second) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Err(VersInvalid::Duplicate(after.version.clone())),
                std::cmp::Ordering::Greater => {
                    let (before, after) = (before.version.clone(), after.version.clone());
                    return Err(VersInvalid::NotSorted { before, after });
                }
            }
        }
    }
    // What may follow: inequalities anywhere; an equality is followed by an equality or a lower end; ends alternate.
    let clash = |before: Comparator, after: Comparator| {
        (before == Comparator::Equal && after.is_upper())
            || (before.is_lower() && after.is_lower())
            || (before.is_upper() && after.is_upper())
    };
    let equalities = list.iter().filter(|c| c.comparator != Comparator::NotEqual);
    check_sequence(equalities, clash)?;
    let ends = list.iter().filter(|c| c.comparator.is_lower() || c.comparator.is_upper());
    check_sequence(ends, clash)
}

fn check_sequence<'v>(
    list: impl Iterator<Item = &'v Constraint>,
    clash: impl Fn(Comparator, Comparator) -> bool,
) -> Result<(), VersInvalid> {
    let mut previous: Option<&Constraint> = None;
    for constraint in list {
        if let Some(before) = previous
            && clash(before.comparator, constraint.comparator)
        {
            let text = |c: &Constraint| format!("{}{}", c.comparator.as_str(), c.version);
            return Err(VersInvalid::Sequence { before: text(before), after: text(constraint) });
        }
        previous = Some(constraint);
    }
    Ok(())
}

/// The range as a claim about versions: what an advisory says. A range without known order is *undetermined*, with
/// the range as its text.
pub fn claim(vers: &Vers) -> VersionClaim {
    match (vers.constraints(), vers.kind()) {
        (Constraints::Any, "none") => VersionClaim::ranged(Vec::new()),
        (Constraints::Any, _) => VersionClaim::All,
        (Constraints::List(_), _) => to_ranges(vers)
            .map(|(ranges, except)| VersionClaim::Ranged { ranges, except })
            .unwrap_or_else(|_| {
                let params = Params::from([("text".to_owned(), vers.to_string())]);
                VersionClaim::Undetermined { code: Code::RangeUndetermined, params }
            }),
    }
}

/// The range as intervals and single versions, and the versions excepted from them.
///
/// # Errors
/// [`VersUnknown`] if the constraints cannot be ordered, or not by a [`Scheme`] (`datetime`, `lexicographic`).
pub fn to_ranges(vers: &Vers) -> Result<(Vec<VersionRange>, Vec<VersionRange>), VersUnknown> {
    let Order::Scheme(scheme) = Order::of(vers)? else {
        return Err(VersUnknown::UnknownType(vers.kind().to_owned()));
    };
    if *vers.constraints() == Constraints::Any {
        return Ok((vec![VersionRange::all(scheme)], Vec::new()));
    }
    let mut entries = keyed(vers)?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let at = |position: usize| entries.get(position).map(|(_, constraint)| *constraint);
    let bound = |position: Option<usize>| match position.and_then(at) {
        None => Bound::Unbounded,
        Some(constraint) => match constraint.comparator {
            Comparator::LessOrEqual | Comparator::GreaterOrEqual => {
                Bound::Inclusive(constraint.version.clone())
            }
            _ => Bound::Exclusive(constraint.version.clone()),
        },
    };
    let mut ranges: Vec<VersionRange> =
        intervals(entries.len(), |position| at(position).map(|constraint| constraint.comparator))
            .into_iter()
            .map(|(lower, upper)| VersionRange { scheme, lower: bound(lower), upper: bound(upper) })
            .collect();
    let singles = |wanted: Comparator| {
        let matching = entries.iter().filter(move |(_, constraint)| constraint.comparator == wanted);
        matching.map(|(_, constraint)| VersionRange::exactly(scheme, constraint.version.clone()))
    };
    ranges.extend(singles(Comparator::Equal));
    Ok((ranges, singles(Comparator::NotEqual).collect()))
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;
