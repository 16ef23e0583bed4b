//! Which versions a statement means, encoded once for all the keys that the statement is filed under.
//!
//! An advisory may name a product by twenty models and enumerate a thousand versions: each bound is made into a key once.

use rustc_hash::FxHashSet;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::{
    ALL, EXACT, EXCLUSIVE, INCLUSIVE, RANGED, UNBOUNDED, UNDETERMINED, UNORDERED, UPPER_SHIFT, put_texts,
};
use crate::index::layout::Encode;
use crate::version;

/// The claim of a statement as a posting list holds it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// All, ranged, undetermined: as in the flags of a statement.
    pub(super) kind: u8,
    /// What judging reads.
    pub(super) judged: Vec<u8>,
    /// What only explanations read: number of intervals; per interval: range text, fixed versions.
    pub(super) shown: Vec<u8>,
}

impl Claim {
    /// Encodes `versions`; `fixed` are those that contain the fix.
    pub fn of(versions: &VersionClaim, fixed: &[String]) -> Claim {
        let mut claim = Claim { kind: ALL, judged: Vec::new(), shown: Vec::new() };
        let mut intervals = Vec::new();
        match versions {
            VersionClaim::All => {}
            VersionClaim::Ranged { ranges, except } => {
                claim.kind = RANGED;
                intervals = without_covered(ranges);
                put_intervals(&intervals, &mut claim.judged);
                let except: Vec<Keyed<'_>> = except.iter().map(Keyed::of).collect();
                put_intervals(&except, &mut claim.judged);
            }
            VersionClaim::Undetermined { code, params } => {
                claim.kind = UNDETERMINED;
                claim.judged.put_text(code.as_str());
                claim.judged.put_number(params.len() as u64);
                for (name, value) in params {
                    claim.judged.put_text(name);
                    claim.judged.put_text(value);
                }
            }
        }
        claim.shown.put_number(intervals.len() as u64);
        for Keyed { range, .. } in intervals {
            claim.shown.put_text(&range.to_string());
            put_texts(&mut claim.shown, &fixes_of(range, fixed));
        }
        claim
    }
}

/// An interval with the keys of its bounds.
struct Keyed<'a> {
    range: &'a VersionRange,
    /// Of the lower and the upper bound, empty where there is none; `None` if one of them has no order.
    keys: Option<(Vec<u8>, Vec<u8>)>,
}

impl<'a> Keyed<'a> {
    fn of(range: &'a VersionRange) -> Self {
        let key = |bound: &Bound| match text_of(bound) {
            None => Some(Vec::new()),
            Some(text) => version::key(range.scheme, text).ok(),
        };
        Keyed { range, keys: key(&range.lower).and_then(|lower| Some((lower, key(&range.upper)?))) }
    }

    /// One version, with its key if it has one.
    fn exactly(range: &'a VersionRange, key: Option<&[u8]>) -> Self {
        Keyed { range, keys: key.map(|key| (key.to_vec(), Vec::new())) }
    }

    /// True if it is certain that a version of the same scheme lies in it: one with this key, or one without order.
    fn holds(&self, scheme: Scheme, own: Option<&[u8]>) -> bool {
        if self.range.scheme != scheme {
            return false;
        }
        if self.range.is_all() {
            return true;
        }
        let (Some(own), Some((lower, upper))) = (own, &self.keys) else { return false };
        let comparable = |bound: &Bound, key: &[u8]| {
            matches!(bound, Bound::Unbounded) || version::comparable(scheme, own, key)
        };
        let above = match &self.range.lower {
            Bound::Unbounded => true,
            Bound::Inclusive(_) => own >= lower.as_slice(),
            Bound::Exclusive(_) => own > lower.as_slice(),
        };
        let below = match &self.range.upper {
            Bound::Unbounded => true,
            Bound::Inclusive(_) => own <= upper.as_slice(),
            Bound::Exclusive(_) => own < upper.as_slice(),
        };
        above && below && comparable(&self.range.lower, lower) && comparable(&self.range.upper, upper)
    }
}

/// Enumerations repeat what the ranges say; single versions inside an ordered interval are left out, and each is kept once.
fn without_covered(ranges: &[VersionRange]) -> Vec<Keyed<'_>> {
    let mut kept: Vec<Keyed<'_>> = ranges.iter().filter(|r| single(r).is_none()).map(Keyed::of).collect();
    let wide = kept.len();
    let mut seen: FxHashSet<(Scheme, Vec<u8>)> = FxHashSet::default();
    let mut key = Vec::new();
    for range in ranges {
        let Some(text) = single(range) else { continue };
        key.clear();
        let own = version::write_key(range.scheme, text, &mut key).is_ok().then_some(key.as_slice());
        if kept.iter().take(wide).any(|interval| interval.holds(range.scheme, own)) {
            continue;
        }
        if seen.insert((range.scheme, own.unwrap_or(text.as_bytes()).to_vec())) {
            kept.push(Keyed::exactly(range, own));
        }
    }
    kept
}

fn single(range: &VersionRange) -> Option<&str> {
    match (&range.lower, &range.upper) {
        (Bound::Inclusive(a), Bound::Inclusive(b)) if a == b => Some(a),
        _ => None,
    }
}

fn put_intervals(intervals: &[Keyed<'_>], out: &mut Vec<u8>) {
    out.put_number(intervals.len() as u64);
    for Keyed { range, keys } in intervals {
        out.push(range.scheme as u8);
        let kinds = kind_of(&range.lower) | (kind_of(&range.upper) << UPPER_SHIFT);
        let (lower, upper) = (text_of(&range.lower), text_of(&range.upper));
        match keys {
            Some((key, _)) if single(range).is_some() => {
                out.push(kinds | EXACT);
                out.put_bytes(key);
            }
            Some((lower_key, upper_key)) => {
                out.push(kinds);
                for key in [lower.and(Some(lower_key)), upper.and(Some(upper_key))].into_iter().flatten() {
                    out.put_bytes(key);
                }
            }
            None => {
                out.push(kinds | UNORDERED);
                for text in [lower, upper].into_iter().flatten() {
                    out.put_text(text);
                }
            }
        }
    }
}

fn kind_of(bound: &Bound) -> u8 {
    match bound {
        Bound::Unbounded => UNBOUNDED,
        Bound::Inclusive(_) => INCLUSIVE,
        Bound::Exclusive(_) => EXCLUSIVE,
    }
}

fn text_of(bound: &Bound) -> Option<&str> {
    match bound {
        Bound::Unbounded => None,
        Bound::Inclusive(version) | Bound::Exclusive(version) => Some(version),
    }
}

/// The fixed versions that help whoever is inside `interval`: those above it, the nearest first. A source lists the
/// fixes of all branches; going from 7.0.12 to 6.2.16 is none. What cannot be ordered is kept.
fn fixes_of(interval: &VersionRange, fixed: &[String]) -> Vec<String> {
    let (limit, itself) = match &interval.upper {
        Bound::Unbounded => return fixed.to_vec(),
        Bound::Inclusive(limit) => (limit, false),
        Bound::Exclusive(limit) => (limit, true),
    };
    let Ok(limit) = version::key(interval.scheme, limit) else { return fixed.to_vec() };
    let mut fixes: Vec<(Option<Vec<u8>>, &String)> =
        fixed.iter().map(|f| (version::key(interval.scheme, f).ok(), f)).collect();
    fixes.retain(|(key, _)| key.as_ref().is_none_or(|key| *key > limit || (itself && *key == limit)));
    // A stable sort, unordered ones last.
    fixes.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
    fixes.into_iter().map(|(_, f)| f.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::layout::Cursor;
    use crate::index::posting::Asked;
    use crate::index::posting::judge::{Inside, read_intervals};

    #[test]
    fn a_fix_below_the_version_is_no_fix() {
        let fixed = ["6.2.16", "7.4.3", "7.0.14", "7.2.7", "see notes"].map(str::to_owned);
        let interval = VersionRange::up_to(Scheme::Generic, "7.0.13");
        assert_eq!(fixes_of(&interval, &fixed), ["7.0.14", "7.2.7", "7.4.3", "see notes"]);
        let interval = VersionRange::before(Scheme::Generic, "7.2.7");
        assert_eq!(fixes_of(&interval, &fixed), ["7.2.7", "7.4.3", "see notes"]);
        assert_eq!(fixes_of(&VersionRange::all(Scheme::Generic), &fixed), fixed);
    }

    /// What is left of an enumeration is what the plain way of asking ([`version::contains`]) does not find in the ranges.
    #[test]
    fn what_ranges_say_already_is_left_out() {
        let between = |scheme, lower: &str, upper: &str| VersionRange {
            scheme,
            lower: Bound::Inclusive(lower.into()),
            upper: Bound::Exclusive(upper.into()),
        };
        for (scheme, wide) in [
            (Scheme::Pypi, vec![VersionRange::before(Scheme::Pypi, "2.0")]),
            (Scheme::Pypi, vec![between(Scheme::Pypi, "1.0", "1.5"), between(Scheme::Pypi, "2.0", "2.1")]),
            (
                Scheme::Generic,
                vec![VersionRange::up_to(Scheme::Generic, "N"), between(Scheme::Generic, "1", "3")],
            ),
            (Scheme::Semver, vec![VersionRange::all(Scheme::Semver)]),
            (Scheme::Semver, vec![VersionRange::before(Scheme::Pypi, "9")]),
            (Scheme::Semver, vec![between(Scheme::Semver, "no version", "2.0.0")]),
        ] {
            for text in
                ["0.9", "1.0", "1.0.0", "1.5", "1.9rc1", "2.0", "2.0.5", "3", "M", "P.01", "no order at all"]
            {
                let mut ranges = wide.clone();
                ranges.extend([VersionRange::exactly(scheme, text), VersionRange::exactly(scheme, text)]);
                let inside = wide.iter().any(|range| {
                    range.scheme == scheme && version::contains(range, text).is_ok_and(|inside| inside)
                });
                let kept = without_covered(&ranges).len() - wide.len();
                assert_eq!(kept, usize::from(!inside), "{text} in {wide:?}");
            }
        }
    }

    #[test]
    fn firmware_is_asked_without_its_build_where_the_scheme_has_none() {
        let claim = VersionRange {
            scheme: Scheme::Semver,
            lower: Bound::Inclusive("7.0.0".into()),
            upper: Bound::Inclusive("7.0.13".into()),
        };
        let statement = |asked: &mut Asked<'_>| {
            let mut out = Vec::new();
            put_intervals(&[Keyed::of(&claim)], &mut out);
            matches!(read_intervals(&mut Cursor::new(&out), asked).unwrap(), Inside::Yes(_))
        };
        for text in ["v7.0.13 build0566", "v7.0.13,build0566,230831 (GA.M)", "7.0.13 (Build 0566)"] {
            assert!(statement(&mut Asked::firmware(Some(text), &[])), "{text}");
            assert!(!statement(&mut Asked::new(Some(text))), "only firmware is printed that way");
        }
        for text in ["v7.0.14,build0601", "v7.0.13 patch 2", "build0566", "7.0.13 ビルド"] {
            assert!(!statement(&mut Asked::firmware(Some(text), &[])), "{text}");
        }
    }
}
