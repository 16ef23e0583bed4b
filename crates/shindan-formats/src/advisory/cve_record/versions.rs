//! The `versions` and `defaultStatus` of a product to claims.
//!
//! The schema's algorithm: the first entry that matches a version decides, `changes` refine it, and what no entry
//! matches has `defaultStatus` (`unknown` if absent). Entries should be disjoint. Where that is certain, the order of
//! entries does not matter; where it is not, an entry is followed by the exceptions that stand before it.
//! Source: CVE 5 "Product and Version Encodings" (`versions.md`).

use std::cmp::Ordering;

use shindan_domain::advisory::Status;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::bounds;
use super::model::{Product, VersionEntry};
use super::release_builds;
use crate::advisory::plain_order;
use crate::range_text;
use crate::text::shorten;

/// Longest text of an undetermined claim, in characters.
const LONGEST_TEXT: usize = 400;

/// Most versions with the fix that are kept.
const MOST_FIXES: usize = 50;

/// What a version entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Affected,
    Unaffected,
    Unknown,
}

impl State {
    /// Anything but the two certain words is unknown, as an absent `defaultStatus` is.
    fn of(text: Option<&str>) -> State {
        match text.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            Some("affected") => State::Affected,
            Some("unaffected") => State::Unaffected,
            _ => State::Unknown,
        }
    }
}

/// Versions with a state, in the order of the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    range: VersionRange,
    state: State,
}

/// What all entries of a product say.
#[derive(Debug, Default)]
struct Entries {
    segments: Vec<Segment>,
    /// Texts that could not be understood.
    texts: Vec<(String, State)>,
    /// Claims from free text that have exceptions of their own.
    free: Vec<VersionClaim>,
    /// True if commits are listed as affected.
    commits_affected: bool,
    commits: bool,
    fixed: Vec<String>,
}

/// One statement about the versions of a product.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub status: Status,
    pub versions: VersionClaim,
}

/// The claims of a product, never empty, and the versions with the fix.
pub(super) fn claims(product: &Product<'_>, ecosystem: Option<Scheme>) -> (Vec<Claim>, Vec<String>) {
    let default = State::of(product.default_status.as_deref());
    let mut entries = Entries::default();
    for entry in &product.versions {
        read_entry(entry, product, ecosystem, default, &mut entries);
    }
    let mut claims = match default {
        State::Affected => all_except(&entries, ecosystem, product),
        State::Unaffected | State::Unknown => only(&entries, default, product),
    };
    let free = std::mem::take(&mut entries.free);
    claims.extend(free.into_iter().map(|versions| Claim { status: Status::Affected, versions }));
    if claims.is_empty() {
        claims.push(nothing_affected(&entries, default));
    }
    let mut fixed = entries.fixed;
    fixed.dedup();
    (claims, fixed)
}

/// `defaultStatus` affected: every version but those listed otherwise.
fn all_except(entries: &Entries, ecosystem: Option<Scheme>, product: &Product<'_>) -> Vec<Claim> {
    let unclear = entries.texts.iter().any(|(_, state)| *state != State::Affected);
    let nothing_else = entries.segments.is_empty() && entries.free.is_empty();
    if unclear || (nothing_else && !entries.texts.is_empty()) {
        // Which versions are excepted cannot be told, or only words like "n/a" are listed.
        return vec![affected(undetermined(&entries.texts))];
    }
    if nothing_else && entries.commits {
        return vec![affected(git_only(product))];
    }
    let others = entries.segments.iter().filter(|segment| segment.state != State::Affected);
    let except: Vec<VersionRange> = others.map(|segment| segment.range.clone()).collect();
    if except.is_empty() && entries.segments.iter().any(|segment| segment.range.upper != Bound::Unbounded) {
        return contradiction(entries);
    }
    let mut claims = Vec::new();
    if except.is_empty() {
        claims.push(affected(VersionClaim::All));
    } else {
        let scheme = ecosystem.or(except.first().map(|range| range.scheme)).unwrap_or(Scheme::Generic);
        let ranges = vec![VersionRange::all(scheme)];
        claims.push(affected(VersionClaim::Ranged { ranges, except }));
    }
    // An affected entry in front of an exception that may overlap it wins over that exception.
    let contested: Vec<&Segment> =
        entries
            .segments
            .iter()
            .enumerate()
            .filter(|(index, segment)| {
                segment.state == State::Affected
                    && entries.segments.iter().skip(index + 1).any(|later| {
                        later.state != State::Affected && !disjoint(&segment.range, &later.range)
                    })
            })
            .map(|(_, segment)| segment)
            .collect();
    claims.extend(ranged(entries, &contested));
    claims
}

/// `defaultStatus` affected beside limited ranges that are affected, too, and nothing else: by the letter of the schema
/// every version is affected, and the limits say nothing. Many records mean the limits. What is listed is affected;
/// whether the rest is cannot be told, and is neither reported as a finding nor passed over.
fn contradiction(entries: &Entries) -> Vec<Claim> {
    let listed: Vec<&Segment> = entries.segments.iter().collect();
    let mut claims = ranged(entries, &listed);
    let ranges: Vec<String> = listed.iter().map(|segment| segment.range.to_string()).collect();
    let text = shorten(&format!("defaultStatus: affected; {}", ranges.join(", ")), LONGEST_TEXT);
    claims.push(affected(VersionClaim::undetermined_text(&text)));
    claims
}

/// `defaultStatus` unaffected or unknown: only what is listed as affected.
fn only(entries: &Entries, default: State, product: &Product<'_>) -> Vec<Claim> {
    let listed: Vec<&Segment> =
        entries.segments.iter().filter(|segment| segment.state == State::Affected).collect();
    let mut claims = ranged(entries, &listed);
    let words: Vec<_> =
        entries.texts.iter().filter(|(_, state)| *state == State::Affected).cloned().collect();
    if !words.is_empty() {
        claims.push(affected(undetermined(&words)));
    }
    if claims.is_empty() && entries.free.is_empty() && entries.commits_affected {
        claims.push(affected(git_only(product)));
    }
    let open: Vec<VersionRange> = entries
        .segments
        .iter()
        .filter(|segment| segment.state == State::Unknown && default != State::Unknown)
        .map(|segment| segment.range.clone())
        .collect();
    if !open.is_empty() {
        claims.push(Claim { status: Status::UnderInvestigation, versions: VersionClaim::ranged(open) });
    }
    claims
}

/// Nothing is affected: the source says so, or says nothing.
fn nothing_affected(entries: &Entries, default: State) -> Claim {
    let unaffected = entries.segments.iter().filter(|segment| segment.state == State::Unaffected);
    let ranges: Vec<VersionRange> = unaffected.map(|segment| segment.range.clone()).collect();
    if !ranges.is_empty() {
        return Claim { status: Status::NotAffected, versions: VersionClaim::ranged(ranges) };
    }
    if default == State::Unaffected && entries.texts.is_empty() && entries.segments.is_empty() {
        return Claim { status: Status::NotAffected, versions: VersionClaim::All };
    }
    let status = match entries.texts.first() {
        Some((_, State::Unaffected)) => Status::NotAffected,
        _ => Status::UnderInvestigation,
    };
    Claim { status, versions: undetermined(&entries.texts) }
}

/// Claims for these affected segments, grouped by the exceptions that stand before them and may overlap them.
fn ranged(entries: &Entries, listed: &[&Segment]) -> Vec<Claim> {
    let mut groups: Vec<(Vec<VersionRange>, Vec<VersionRange>)> = Vec::new();
    for segment in listed {
        let before = entries.segments.iter().take_while(|other| !std::ptr::eq(*other, *segment));
        let except: Vec<VersionRange> = before
            .filter(|other| other.state != State::Affected && !disjoint(&other.range, &segment.range))
            .map(|other| other.range.clone())
            .collect();
        match groups.iter_mut().find(|(known, _)| *known == except) {
            Some((_, ranges)) if ranges.contains(&segment.range) => {}
            Some((_, ranges)) => ranges.push(segment.range.clone()),
            None => groups.push((except, vec![segment.range.clone()])),
        }
    }
    let claim = |(except, ranges): (Vec<VersionRange>, Vec<VersionRange>)| {
        if except.is_empty() && ranges.iter().any(VersionRange::is_all) {
            return affected(VersionClaim::All);
        }
        affected(VersionClaim::Ranged { ranges, except })
    };
    groups.into_iter().map(claim).collect()
}

fn affected(versions: VersionClaim) -> Claim {
    Claim { status: Status::Affected, versions }
}

fn undetermined(texts: &[(String, State)]) -> VersionClaim {
    let mut words: Vec<&str> = Vec::new();
    for (text, _) in texts.iter().take(100) {
        if !words.contains(&text.as_str()) {
            words.push(text);
        }
    }
    VersionClaim::undetermined_text(&shorten(&words.join("; "), LONGEST_TEXT))
}

fn git_only(product: &Product<'_>) -> VersionClaim {
    let repository = product.repo.as_deref().unwrap_or_default().to_owned();
    let params = Params::from([("repository".to_owned(), repository)]);
    VersionClaim::Undetermined { code: Code::RangeGitOnly, params }
}

fn read_entry(
    entry: &VersionEntry<'_>,
    product: &Product<'_>,
    ecosystem: Option<Scheme>,
    default: State,
    entries: &mut Entries,
) {
    let state = State::of(Some(&entry.status));
    if let Some((range, fix)) = release_builds::of(entry, product) {
        entries.segments.push(Segment { range, state });
        entries.fixed.extend(fix.filter(|_| state == State::Affected && entries.fixed.len() < MOST_FIXES));
        return;
    }
    let upper = entry.less_than.as_deref().or(entry.less_than_or_equal.as_deref());
    let texts: Vec<&str> = [Some(&*entry.version), upper].into_iter().flatten().collect();
    if is_commits(entry, &texts) {
        entries.commits = true;
        entries.commits_affected |= state == State::Affected
            || entry.changes.iter().any(|change| State::of(Some(&change.status)) == State::Affected);
        return;
    }
    let scheme = bounds::scheme(ecosystem, entry.version_type.as_deref(), &texts);
    let before = entries.segments.len();
    let understood = match upper {
        None if entry.changes.is_empty() => {
            let text = without_product(&entry.version, product.product.as_deref().unwrap_or_default());
            single(text, state, scheme, default, entries)
        }
        None => None,
        Some(upper) => interval(entry, upper, state, scheme, default)
            .and_then(|range| refine(range, entry, state, &mut entries.segments)),
    };
    if understood.is_none() {
        entries.segments.truncate(before);
        entries.texts.push((entry_text(entry), state));
        return;
    }
    note_fixes(entry, state, default, entries);
}

/// True if the entry is about commits: its type says so, or its texts are hashes. Some records say `git` and list
/// ordinary versions.
fn is_commits(entry: &VersionEntry<'_>, texts: &[&str]) -> bool {
    let meaningful = |text: &&&str| !bounds::is_open_start(text);
    let declared = entry.version_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("git"));
    let changes = entry.changes.iter().map(|change| &*change.at);
    let mut known = texts.iter().copied().chain(changes);
    if declared {
        return !texts.iter().filter(meaningful).any(|text| text.contains('.') && bounds::is_version(text));
    }
    known.any(|text| text.len() >= 12 && bounds::is_commit(text))
}

/// Some records repeat the product in front of the version (`FortiOS before 7.0.3`).
fn without_product<'a>(text: &'a str, product: &str) -> &'a str {
    let (text, name) = (text.trim(), product.trim());
    match text.get(..name.len()) {
        Some(front) if !name.is_empty() && front.eq_ignore_ascii_case(name) => {
            match text.get(name.len()..).and_then(|rest| rest.strip_prefix([' ', ':'])) {
                Some(rest) => rest.trim_start(),
                None => text,
            }
        }
        _ => text,
    }
}

/// One text without upper limit.
fn single(text: &str, state: State, scheme: Scheme, default: State, entries: &mut Entries) -> Option<()> {
    let text = text.trim();
    let mut add = |range| entries.segments.push(Segment { range, state });
    if bounds::is_every_version(text) {
        add(VersionRange::all(scheme));
        return Some(());
    }
    if let Some(stem) = bounds::series(text) {
        let upper = series_end(stem, scheme, state, default)?;
        add(VersionRange { scheme, lower: Bound::Inclusive(stem.to_owned()), upper });
        return Some(());
    }
    if bounds::is_version(text) && text.bytes().any(|byte| byte != b'0' && byte != b'.') {
        add(VersionRange::exactly(scheme, text));
        return Some(());
    }
    // "0" without an upper limit, "n/a", "-": there is nothing to parse.
    if bounds::is_open_start(text) {
        return None;
    }
    match free_text(text, scheme) {
        VersionClaim::All => {
            add(VersionRange::all(scheme));
            Some(())
        }
        VersionClaim::Ranged { ranges, except } if except.is_empty() && !ranges.is_empty() => {
            ranges.into_iter().for_each(add);
            Some(())
        }
        claim @ VersionClaim::Ranged { .. } if state == State::Affected => {
            entries.free.push(claim);
            Some(())
        }
        _ => None,
    }
}

/// Version text in words. The one place where this reader asks the parser of version text.
fn free_text(text: &str, scheme: Scheme) -> VersionClaim {
    let parsed = range_text::parse(text, scheme);
    // A text limited to other CVE numbers or to an edition says less than its ranges do.
    match parsed.scope.is_empty() && parsed.product_hint.is_none() {
        true => parsed.claim,
        false => VersionClaim::undetermined_text(text),
    }
}

/// The interval of an entry with an upper limit; `None` if either end is not a version, or the interval is empty,
/// which is a mistake of the record and not a statement about no version.
fn interval(
    entry: &VersionEntry<'_>,
    upper: &str,
    state: State,
    scheme: Scheme,
    default: State,
) -> Option<VersionRange> {
    let (low, high) = (entry.version.trim(), upper.trim());
    let lower = if bounds::is_open_start(low) {
        Bound::Unbounded
    } else {
        let low = bounds::series(low).unwrap_or(low);
        bounds::is_version(low).then(|| Bound::Inclusive(low.to_owned()))?
    };
    let inclusive = entry.less_than.is_none();
    let upper = if high == "*" {
        Bound::Unbounded
    } else if let Some(stem) = bounds::series(high) {
        series_end(stem, scheme, state, default)?
    } else if !bounds::is_version(high) {
        return None;
    } else if inclusive {
        Bound::Inclusive(high.to_owned())
    } else {
        Bound::Exclusive(high.to_owned())
    };
    let range = VersionRange { scheme, lower, upper };
    (!is_empty(&range)).then_some(range)
}

fn series_end(stem: &str, scheme: Scheme, state: State, default: State) -> Option<Bound> {
    if state == State::Affected || default == State::Unaffected {
        return bounds::series_end_claimed(stem, scheme);
    }
    Some(bounds::series_end_excepted(stem, scheme))
}

fn is_empty(range: &VersionRange) -> bool {
    let (Bound::Inclusive(low), Bound::Inclusive(high) | Bound::Exclusive(high)) =
        (&range.lower, &range.upper)
    else {
        return false;
    };
    match plain_order::compare(low, high) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Less) => false,
        _ => low == high && matches!(range.upper, Bound::Exclusive(_)),
    }
}

/// Splits a range at its `changes`. A change at something that is no version is left out if it takes versions away
/// (then more is claimed than the source does), and makes the entry unclear if it adds some.
fn refine(
    range: VersionRange,
    entry: &VersionEntry<'_>,
    state: State,
    segments: &mut Vec<Segment>,
) -> Option<()> {
    let scheme = range.scheme;
    let changes = sorted_changes(entry)?;
    let (mut lower, mut current) = (range.lower, state);
    let mut between = None;
    for (at, next) in changes {
        if let Bound::Inclusive(low) = &lower
            && (low == at || plain_order::compare(at, low) == Some(Ordering::Less))
        {
            current = next;
            continue;
        }
        let beyond = match &range.upper {
            Bound::Unbounded => false,
            Bound::Exclusive(high) => high == at || plain_order::compare(at, high) == Some(Ordering::Greater),
            Bound::Inclusive(high) => plain_order::compare(at, high) == Some(Ordering::Greater),
        };
        if beyond {
            between = between_end_and_fix(&range.upper, at, current, next);
            break;
        }
        if next == current {
            continue;
        }
        let upper = Bound::Exclusive(at.to_owned());
        segments.push(Segment { range: VersionRange { scheme, lower, upper }, state: current });
        (lower, current) = (Bound::Inclusive(at.to_owned()), next);
    }
    let range = VersionRange { scheme, lower, upper: range.upper };
    segments.push(Segment { range, state: current });
    if let Some((lower, upper)) = between {
        segments.push(Segment { range: VersionRange { scheme, lower, upper }, state: State::Unknown });
    }
    Some(())
}

/// The versions between the end of an affected range and a fix that is named behind it: the record says of them both
/// that they are not affected any more and that they are not fixed yet. An end that is affected itself is followed by
/// the release with the fix, with nothing between them.
fn between_end_and_fix(end: &Bound, fix: &str, current: State, next: State) -> Option<(Bound, Bound)> {
    match end {
        Bound::Exclusive(high) if high != fix && (current, next) == (State::Affected, State::Unaffected) => {
            Some((Bound::Inclusive(high.clone()), Bound::Exclusive(fix.to_owned())))
        }
        _ => None,
    }
}

/// The changes in version order where every scheme agrees about it, as listed elsewhere.
fn sorted_changes<'e>(entry: &'e VersionEntry<'_>) -> Option<Vec<(&'e str, State)>> {
    let mut changes: Vec<(&str, State)> = Vec::with_capacity(entry.changes.len().min(64));
    for change in &entry.changes {
        let (at, state) = (change.at.trim(), State::of(Some(&change.status)));
        let usable = bounds::is_version(at) && !bounds::is_commit(at);
        if !usable && state == State::Affected {
            return None;
        }
        if usable {
            // Insertion keeps its meaning where two versions cannot be compared: they stay as listed.
            let later = |known: &(&str, State)| plain_order::compare(known.0, at) == Some(Ordering::Greater);
            let behind = changes.iter().rev().take_while(|known| later(known)).count();
            changes.insert(changes.len() - behind, (at, state));
        }
    }
    Some(changes)
}

/// True if no version can lie in both. False also where the order is not known.
fn disjoint(a: &VersionRange, b: &VersionRange) -> bool {
    let below = |upper: &Bound, lower: &Bound| match (upper, lower) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Inclusive(high), Bound::Inclusive(low)) => {
            plain_order::compare(high, low) == Some(Ordering::Less)
        }
        (Bound::Inclusive(high) | Bound::Exclusive(high), Bound::Inclusive(low) | Bound::Exclusive(low)) => {
            high == low || plain_order::compare(high, low) == Some(Ordering::Less)
        }
    };
    below(&a.upper, &b.lower) || below(&b.upper, &a.lower)
}

/// Versions that contain the fix: the end of an affected range that names it, the begin of an unaffected one where
/// everything else is affected, and changes to unaffected.
fn note_fixes(entry: &VersionEntry<'_>, state: State, default: State, entries: &mut Entries) {
    let mut note = |version: &str| {
        let version = version.trim();
        let usable = bounds::is_version(version) && !bounds::is_open_start(version);
        if usable && entries.fixed.len() < MOST_FIXES && !entries.fixed.iter().any(|known| known == version) {
            entries.fixed.push(version.to_owned());
        }
    };
    match (state, default) {
        (State::Affected, _) => entry.less_than.as_deref().into_iter().for_each(&mut note),
        (State::Unaffected, State::Affected) => note(&entry.version),
        _ => {}
    }
    for change in &entry.changes {
        if State::of(Some(&change.status)) == State::Unaffected {
            note(&change.at);
        }
    }
}

/// An entry as a person can read it.
fn entry_text(entry: &VersionEntry<'_>) -> String {
    let mut text = entry.version.trim().to_owned();
    if let Some(upper) = &entry.less_than {
        text.push_str(&format!(" < {upper}"));
    }
    if let Some(upper) = &entry.less_than_or_equal {
        text.push_str(&format!(" <= {upper}"));
    }
    for change in entry.changes.iter().take(10) {
        text.push_str(&format!(", {} at {}", change.status, change.at));
    }
    shorten(&text, LONGEST_TEXT)
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
