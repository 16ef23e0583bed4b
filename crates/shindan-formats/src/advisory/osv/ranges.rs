//! OSV events to intervals.
//!
//! The schema evaluates events in version order: the last event at or below a version decides. Order belongs to the
//! schemes of another crate, so events are brought into order only where every scheme agrees ([`plain_order`]).
//! Elsewhere they are read as listed, where that is sure to give the same answer, and are *undetermined* otherwise.
//! Source: OSV schema 1.7, "affected[].ranges[].events fields" and "Evaluation".

use std::cmp::Ordering;

use shindan_domain::version::{Bound, Scheme, VersionRange};

use super::model::Event;
use crate::advisory::plain_order::{self, Plain, Suffixed};

/// Why events have no certain meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// No event introduces anything.
    NothingIntroduced,
    /// The answer depends on an order that is not known here.
    OrderNeeded,
}

/// A change of state on the time line of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change<'a> {
    Introduced(&'a str),
    Fixed(&'a str),
    LastAffected(&'a str),
}

impl<'a> Change<'a> {
    fn version(self) -> &'a str {
        match self {
            Change::Introduced(version) | Change::Fixed(version) | Change::LastAffected(version) => version,
        }
    }

    /// Where it ends an interval; `None` if it begins one.
    fn end(self) -> Option<Bound> {
        match self {
            Change::Introduced(_) => None,
            Change::Fixed(version) => Some(Bound::Exclusive(version.to_owned())),
            Change::LastAffected(version) => Some(Bound::Inclusive(version.to_owned())),
        }
    }
}

/// The intervals that the events of one range describe.
pub(super) fn intervals(events: &[Event<'_>], scheme: Scheme) -> Result<Vec<VersionRange>, Unclear> {
    let mut changes = Vec::with_capacity(events.len());
    let mut limits = Vec::new();
    for event in events {
        changes.extend(event.introduced.as_deref().map(Change::Introduced));
        changes.extend(event.fixed.as_deref().map(Change::Fixed));
        changes.extend(event.last_affected.as_deref().map(Change::LastAffected));
        limits.extend(event.limit.as_deref());
    }
    if !changes.iter().any(|change| matches!(change, Change::Introduced(_))) {
        return Err(Unclear::NothingIntroduced);
    }
    let ranges = match sorted(&changes, scheme) {
        Some(ordered) => walk(&ordered, scheme),
        None => as_listed(&changes, scheme)?,
    };
    below_limits(ranges, &limits)
}

/// The changes in version order, if every scheme agrees about it.
fn sorted<'a>(changes: &[Change<'a>], scheme: Scheme) -> Option<Vec<Change<'a>>> {
    let mut ordered: Vec<Change<'a>> = Vec::with_capacity(changes.len());
    for change in changes {
        // Insertion sort, stable; lists are short, and an incomparable pair ends it.
        let mut at = ordered.len();
        while let Some(before) = at.checked_sub(1).and_then(|index| ordered.get(index)) {
            match order(*before, *change, scheme)? {
                Ordering::Greater => at -= 1,
                _ => break,
            }
        }
        ordered.insert(at, *change);
    }
    Some(ordered)
}

fn order(a: Change<'_>, b: Change<'_>, scheme: Scheme) -> Option<Ordering> {
    match (is_start(a, scheme), is_start(b, scheme)) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Less),
        (false, true) => Some(Ordering::Greater),
        (false, false) => plain_order::compare(a.version(), b.version()),
    }
}

/// True for an introduction that comes before every version: `0`, and the least version of semantic versioning, which
/// RustSec writes.
fn is_start(change: Change<'_>, scheme: Scheme) -> bool {
    matches!(change, Change::Introduced(version) if version == "0"
        || (version == "0.0.0-0" && matches!(scheme, Scheme::Semver | Scheme::Npm | Scheme::Go)))
}

/// Walks along changes that are in order.
fn walk(changes: &[Change<'_>], scheme: Scheme) -> Vec<VersionRange> {
    let mut ranges = Vec::new();
    let mut open: Option<Bound> = None;
    for change in changes {
        match (change.end(), open.take()) {
            (None, None) => open = Some(lower(*change, scheme)),
            // Already affected; a second introduction changes nothing.
            (None, Some(since)) => open = Some(since),
            (Some(upper), Some(lower)) => ranges.push(VersionRange { scheme, lower, upper }),
            (Some(_), None) => {}
        }
    }
    if let Some(lower) = open {
        ranges.push(VersionRange { scheme, lower, upper: Bound::Unbounded });
    }
    // A range that ends where it begins holds nothing.
    ranges.retain(
        |range| !matches!((&range.lower, &range.upper), (Bound::Inclusive(a), Bound::Exclusive(b)) if a == b),
    );
    ranges
}

/// Reads changes whose order is not known as listed. Sure are: introductions followed by one end, in any number of
/// such groups, because the union of [a, end) and [b, end) is right whichever of a and b comes first. Only the last
/// group may have no end. Two ends in a row would need order.
fn as_listed(changes: &[Change<'_>], scheme: Scheme) -> Result<Vec<VersionRange>, Unclear> {
    let mut ranges = Vec::new();
    let mut starts: Vec<Bound> = Vec::new();
    for change in changes {
        let Some(upper) = change.end() else {
            starts.push(lower(*change, scheme));
            continue;
        };
        if starts.is_empty() {
            return Err(Unclear::OrderNeeded);
        }
        ranges.extend(starts.drain(..).map(|lower| VersionRange { scheme, lower, upper: upper.clone() }));
    }
    ranges.extend(starts.into_iter().map(|lower| VersionRange { scheme, lower, upper: Bound::Unbounded }));
    Ok(ranges)
}

fn lower(change: Change<'_>, scheme: Scheme) -> Bound {
    if is_start(change, scheme) {
        return Bound::Unbounded;
    }
    Bound::Inclusive(change.version().to_owned())
}

/// Cuts intervals at the greatest `limit`; `*` is no limit.
fn below_limits(ranges: Vec<VersionRange>, limits: &[&str]) -> Result<Vec<VersionRange>, Unclear> {
    if limits.is_empty() || limits.iter().any(|limit| limit.contains('*')) {
        return Ok(ranges);
    }
    let mut greatest: Option<&str> = None;
    for limit in limits {
        greatest = match greatest {
            None => Some(limit),
            Some(other) if other == *limit => greatest,
            Some(other) => match plain_order::compare(other, limit).ok_or(Unclear::OrderNeeded)? {
                Ordering::Less => Some(limit),
                _ => greatest,
            },
        };
    }
    let Some(limit) = greatest else { return Ok(ranges) };
    let mut cut = Vec::with_capacity(ranges.len());
    for mut range in ranges {
        if let Bound::Inclusive(version) = &range.lower
            && plain_order::compare(version, limit).ok_or(Unclear::OrderNeeded)? != Ordering::Less
        {
            continue;
        }
        let beyond = match &range.upper {
            Bound::Unbounded => true,
            Bound::Inclusive(version) | Bound::Exclusive(version) => {
                plain_order::compare(version, limit).ok_or(Unclear::OrderNeeded)? != Ordering::Less
            }
        };
        if beyond {
            range.upper = Bound::Exclusive(limit.to_owned());
        }
        cut.push(range);
    }
    Ok(cut)
}

/// Intervals between plain bounds, of which it is certain whether a plain version lies in them, or a suffixed one of Python's.
#[derive(Debug)]
pub(super) struct Certain<'r>(Vec<(Scheme, Edge<'r>, Edge<'r>)>);

/// A bound that every scheme orders.
#[derive(Debug, Clone, Copy)]
enum Edge<'r> {
    Open,
    At(Plain<'r>, bool),
}

impl<'r> Certain<'r> {
    pub(super) fn of(ranges: &'r [VersionRange]) -> Self {
        let edge = |bound: &'r Bound| match bound {
            Bound::Unbounded => Some(Edge::Open),
            Bound::Inclusive(version) => Plain::of(version).map(|at| Edge::At(at, true)),
            Bound::Exclusive(version) => Plain::of(version).map(|at| Edge::At(at, false)),
        };
        let edges =
            ranges.iter().filter_map(|range| Some((range.scheme, edge(&range.lower)?, edge(&range.upper)?)));
        Certain(edges.collect())
    }

    /// True if `version` is certain to lie in one of the ranges, so that naming it adds nothing.
    pub(super) fn covers(&self, version: &str) -> bool {
        let Some(version) = Plain::of(version) else { return self.covers_suffixed(version) };
        let beyond = |edge: Edge<'_>, side: Ordering| match edge {
            Edge::Open => true,
            Edge::At(bound, with) => match version.compare(bound) {
                Some(Ordering::Equal) => with,
                order => order == Some(side),
            },
        };
        let mut intervals = self.0.iter();
        intervals.any(|(_, low, high)| beyond(*low, Ordering::Greater) && beyond(*high, Ordering::Less))
    }

    fn covers_suffixed(&self, version: &str) -> bool {
        let Some(Suffixed { release, before }) = Suffixed::of(version) else { return false };
        let above = |edge: &Edge<'_>| match edge {
            Edge::Open => true,
            Edge::At(bound, _) => release.compare(*bound) == Some(Ordering::Greater),
        };
        let below = |edge: &Edge<'_>| match edge {
            Edge::Open => true,
            Edge::At(bound, _) => match release.compare(*bound) {
                Some(Ordering::Equal) => before,
                order => order == Some(Ordering::Less),
            },
        };
        self.0.iter().any(|(scheme, low, high)| *scheme == Scheme::Pypi && above(low) && below(high))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Events as `i1.0 f2.0 l3.0 m4.0` (introduced, fixed, last affected, limit).
    fn check(events: &str, expected: &str) {
        let events: Vec<Event<'_>> = events
            .split_whitespace()
            .map(|event| {
                let value = Some(crate::json::Str(event[1..].into()));
                match &event[..1] {
                    "i" => Event { introduced: value, ..Event::default() },
                    "f" => Event { fixed: value, ..Event::default() },
                    "l" => Event { last_affected: value, ..Event::default() },
                    _ => Event { limit: value, ..Event::default() },
                }
            })
            .collect();
        let found = match intervals(&events, Scheme::Semver) {
            Ok(ranges) => ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
            Err(unclear) => format!("{unclear:?}"),
        };
        assert_eq!(found, expected, "{events:?}");
    }

    #[test]
    fn events_in_order() {
        check("i0", "*");
        check("i0 f1.0.2", "<1.0.2");
        check("i1.0.0 f1.0.2 i3.0.0 f3.2.5", ">=1.0.0 <1.0.2 | >=3.0.0 <3.2.5");
        check("i0 l2.1.214", "<=2.1.214");
        check("i0.0.0-0 f1.2.3", "<1.2.3");
        check("i1.0.0-beta.1 f1.0.0-rc.1 i2.0.0-rc.1", ">=1.0.0-beta.1 <1.0.0-rc.1 | >=2.0.0-rc.1");
    }

    #[test]
    fn events_out_of_order_are_sorted_where_every_scheme_agrees() {
        check("f1.0.2 i0", "<1.0.2");
        check("i3.0.0 f3.2.5 i1.0.0 f1.0.2", ">=1.0.0 <1.0.2 | >=3.0.0 <3.2.5");
        check("i1.0.0 i3.0.0 f3.2.5 f1.0.2", ">=1.0.0 <1.0.2 | >=3.0.0 <3.2.5");
        check("f1.10.0 i1.9.0", ">=1.9.0 <1.10.0");
    }

    #[test]
    fn repeated_events_change_nothing() {
        check("i1.0.0 i1.5.0 f2.0.0", ">=1.0.0 <2.0.0");
        check("i0 f1.0.0 f2.0.0", "<1.0.0");
        check("i0 f2.0.0 f1.0.0", "<1.0.0");
        check("f0.5.0 i1.0.0", ">=1.0.0");
        check("i1.0.0 f1.0.0", "");
    }

    #[test]
    fn order_that_is_not_known_is_not_guessed() {
        check("i1.0.0-a i1.0.0-b f2.0.0", ">=1.0.0-a <2.0.0 | >=1.0.0-b <2.0.0");
        check("i0 f1.0.0-b f1.0.0-a", "OrderNeeded");
        check("f1.0.0-b i1.0.0-a", "OrderNeeded");
        check("f1.0.0", "NothingIntroduced");
        check("", "NothingIntroduced");
    }

    #[test]
    fn limits_cut() {
        check("i0 m*", "*");
        check("i0 m2.0.0", "<2.0.0");
        check("i0 m2.0.0 m3.0.0", "<3.0.0");
        check("i0 f1.0.0 i1.5.0 f4.0.0 i5.0.0 m2.0.0", "<1.0.0 | >=1.5.0 <2.0.0");
        check("i0 f1.0.0-a m2.0.0", "OrderNeeded");
    }

    proptest! {
        /// Whatever is certain here holds by PEP 440 as others implement it.
        #[test]
        fn what_is_certain_of_python_is_so(
            version in r"[0-3](\.[0-3]){0,3}(a0|b1|rc2|\.dev3|\.post4)?",
            lower in proptest::option::of(r"[0-3](\.[0-3]){0,3}"),
            upper in proptest::option::of(r"[0-3](\.[0-3]){0,3}"),
            with: bool,
        ) {
            let bound = |text: &Option<String>| match text.clone() {
                None => Bound::Unbounded,
                Some(text) if with => Bound::Inclusive(text),
                Some(text) => Bound::Exclusive(text),
            };
            let range = VersionRange { scheme: Scheme::Pypi, lower: bound(&lower), upper: bound(&upper) };
            let order = |text: &String| {
                let pep = |text: &str| text.parse::<pep440_rs::Version>().unwrap();
                pep(&version).cmp(&pep(text))
            };
            let beyond = |text: &Option<String>, side| text.as_ref().map(order).is_none_or(|order| {
                order == side || (with && order == Ordering::Equal)
            });
            let inside = beyond(&lower, Ordering::Greater) && beyond(&upper, Ordering::Less);
            let certain = Certain::of(std::slice::from_ref(&range)).covers(&version);
            prop_assert!(inside || !certain, "{version} in {range}");
        }
    }

    #[test]
    fn covered_versions_are_certain() {
        let ranges = [VersionRange::before(Scheme::Pypi, "2.0.0")];
        let certain = Certain::of(&ranges);
        assert!(certain.covers("1.9"));
        assert!(!certain.covers("2.0.0") && !certain.covers("2.0"));
        assert!(certain.covers("1.0rc1") && certain.covers("2.0.0rc1") && certain.covers("1.9.post2"));
        // `2.0` is 2.0.0 for Python, which plain order does not know; what follows the release is behind the bound.
        assert!(!certain.covers("2.0rc1") && !certain.covers("2.0.0.post1") && !certain.covers("2.1a1"));
        let ranges = [VersionRange::all(Scheme::Pypi)];
        assert!(Certain::of(&ranges).covers("1") && Certain::of(&ranges).covers("1.dev0"));
        // What is no version of Python's is left as it was enumerated.
        for text in
            ["1.dev", "1.0m2", "1.0rc1.dev2", "1.0-rc1", "1!1.0rc1", "1.0rc1+x", "v1.0rc1", "rc1", ".dev1"]
        {
            assert!(!Certain::of(&ranges).covers(text), "{text}");
        }
        assert!(!Certain::of(&[VersionRange::all(Scheme::Semver)]).covers("1.0rc1"));
        let ranges = [VersionRange {
            scheme: Scheme::Pypi,
            lower: Bound::Exclusive("1.0".into()),
            upper: Bound::Inclusive("1.5".into()),
        }];
        let certain = Certain::of(&ranges);
        assert!(
            certain.covers("1.5")
                && certain.covers("1.1")
                && !certain.covers("1.0")
                && !certain.covers("1.6")
        );
    }
}
