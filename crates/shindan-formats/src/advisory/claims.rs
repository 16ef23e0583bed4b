//! Claims about versions from notations that several formats share: `vers:` ranges and package URLs.

use shindan_domain::vers::{Comparator, Constraint, Constraints, Vers};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

/// The order of a purl type's versions.
pub(crate) fn purl_scheme(kind: &str) -> Scheme {
    match kind {
        "alpm" | "generic" | "oci" | "docker" => Scheme::Generic,
        "golang" => Scheme::Go,
        _ => kind.parse().unwrap_or(Scheme::Generic),
    }
}

/// Converts a `vers:` range of a known scheme; `None` if the scheme is not known or the sequence makes no sense.
pub(crate) fn from_vers(text: &str) -> Option<VersionClaim> {
    let vers = Vers::parse(text).ok()?;
    let scheme = vers.scheme()?;
    let list = match vers.constraints() {
        Constraints::Any => return Some(VersionClaim::All),
        Constraints::List(list) => list,
    };
    let (mut ranges, mut except) = (Vec::new(), Vec::new());
    let mut low: Option<Bound> = None;
    for Constraint { comparator, version } in list {
        let version = version.clone();
        match comparator {
            Comparator::Equal => ranges.push(VersionRange::exactly(scheme, version)),
            Comparator::NotEqual => except.push(VersionRange::exactly(scheme, version)),
            Comparator::Greater | Comparator::GreaterOrEqual => {
                // Two lower bounds in a row: the sequence is redundant or wrong.
                if low.is_some() {
                    return None;
                }
                low = Some(match comparator {
                    Comparator::Greater => Bound::Exclusive(version),
                    _ => Bound::Inclusive(version),
                });
            }
            Comparator::Less | Comparator::LessOrEqual => {
                let upper = match comparator {
                    Comparator::Less => Bound::Exclusive(version),
                    _ => Bound::Inclusive(version),
                };
                let lower = match low.take() {
                    Some(low) => low,
                    None if ranges.is_empty() => Bound::Unbounded,
                    None => return None,
                };
                ranges.push(VersionRange { scheme, lower, upper });
            }
        }
    }
    if let Some(lower) = low {
        ranges.push(VersionRange { scheme, lower, upper: Bound::Unbounded });
    }
    if ranges.is_empty() {
        // Nothing but exclusions: everything else.
        ranges.push(VersionRange::all(scheme));
    }
    Some(VersionClaim::Ranged { ranges, except })
}
