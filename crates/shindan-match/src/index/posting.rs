//! Posting lists: per product key, what the advisories say about its versions, ready for comparison.
//!
//! Bounds are stored as order-preserving byte keys, so that a query compares bytes and parses nothing but the one
//! version it asks about. A bound without a key (*order unknown*) is stored as text and only ever equals itself.
//!
//! ```text
//! list: key text | count | statements, each: length, body
//! body: advisory | statement | flags | release? | claim | cold part
//! claim: all: nothing; ranged: intervals, except-intervals; undetermined: code, params as JSON
//! interval: scheme | bounds | lower key? | upper key? (texts instead of keys if unordered)
//! cold part: vulnerabilities | cpe? | platforms | identifier | per interval: range text, fixed versions | pointer |
//!            fixed versions
//! ```

use shindan_domain::advisory::Status;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::layout::{Cursor, Encode, IndexError};
use crate::version;

const STATUS: u8 = 0b0000_0011;
const CLAIM_SHIFT: u8 = 2;
const RELEASE: u8 = 0b0001_0000;
const CPE: u8 = 0b0010_0000;
const PLATFORMS: u8 = 0b0100_0000;

const ALL: u8 = 0;
const RANGED: u8 = 1;
const UNDETERMINED: u8 = 2;

const LOWER: u8 = 0b0000_0011;
const UPPER_SHIFT: u8 = 2;
const UNBOUNDED: u8 = 0;
const INCLUSIVE: u8 = 1;
const EXCLUSIVE: u8 = 2;
const UNORDERED: u8 = 0b0001_0000;
const EXACT: u8 = 0b0010_0000;

/// What goes into one statement of a posting list.
#[derive(Debug)]
pub struct Statement<'a> {
    /// Number of the advisory.
    pub advisory: u32,
    /// Index into its `affected`.
    pub statement: u32,
    /// Numbers of the vulnerabilities meant.
    pub vulnerabilities: &'a [u32],
    /// Affected, not affected, fixed, under investigation.
    pub status: Status,
    /// Which versions.
    pub versions: &'a VersionClaim,
    /// Distribution release, if the statement holds for one only.
    pub release: Option<&'a str>,
    /// CPE name whose further attributes must fit.
    pub cpe: Option<&'a str>,
    /// CPE names of which one must be present too.
    pub platforms: &'a [String],
    /// How the advisory names the product.
    pub identifier: &'a str,
    /// Place inside the document.
    pub pointer: &'a str,
    /// Versions that contain the fix.
    pub fixed_versions: &'a [String],
}

impl Statement<'_> {
    /// Appends the body (without its length).
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.put_number(u64::from(self.advisory));
        out.put_number(u64::from(self.statement));
        let claim = match self.versions {
            VersionClaim::All => ALL,
            VersionClaim::Ranged { .. } => RANGED,
            VersionClaim::Undetermined { .. } => UNDETERMINED,
        };
        let release = if self.release.is_some() { RELEASE } else { 0 };
        let cpe = if self.cpe.is_some() { CPE } else { 0 };
        let platforms = if self.platforms.is_empty() { 0 } else { PLATFORMS };
        out.push(status_number(self.status) | (claim << CLAIM_SHIFT) | release | cpe | platforms);
        if let Some(release) = self.release {
            out.put_text(release);
        }
        let mut intervals = Vec::new();
        match self.versions {
            VersionClaim::All => {}
            VersionClaim::Ranged { ranges, except } => {
                let ranges = without_covered(ranges);
                encode_intervals(&ranges, out);
                let except: Vec<&VersionRange> = except.iter().collect();
                encode_intervals(&except, out);
                intervals = ranges;
            }
            VersionClaim::Undetermined { code, params } => {
                let code = Code::ALL.iter().position(|c| c == code).unwrap_or_default();
                out.put_number(code as u64);
                out.put_number(params.len() as u64);
                for (name, value) in params {
                    out.put_text(name);
                    out.put_text(value);
                }
            }
        }
        out.put_number(self.vulnerabilities.len() as u64);
        for &v in self.vulnerabilities {
            out.put_number(u64::from(v));
        }
        if let Some(cpe) = self.cpe {
            out.put_text(cpe);
        }
        if !self.platforms.is_empty() {
            put_texts(out, self.platforms);
        }
        out.put_text(self.identifier);
        out.put_number(intervals.len() as u64);
        for interval in intervals {
            out.put_text(&interval.to_string());
            put_texts(out, &fixes_of(interval, self.fixed_versions));
        }
        out.put_text(self.pointer);
        put_texts(out, self.fixed_versions);
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

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    out.put_number(texts.len() as u64);
    for text in texts {
        out.put_text(text);
    }
}

/// Enumerations repeat what the ranges say; single versions inside an ordered interval are left out.
fn without_covered(ranges: &[VersionRange]) -> Vec<&VersionRange> {
    let wide: Vec<&VersionRange> = ranges.iter().filter(|r| single(r).is_none()).collect();
    let mut kept: Vec<&VersionRange> = wide.clone();
    let mut seen = std::collections::BTreeSet::new();
    for range in ranges {
        let Some(version) = single(range) else { continue };
        let covered = wide
            .iter()
            .any(|w| w.scheme == range.scheme && version::contains(w, version).is_ok_and(|inside| inside));
        let key = version::key(range.scheme, version).unwrap_or_else(|_| version.as_bytes().to_vec());
        if !covered && seen.insert((range.scheme, key)) {
            kept.push(range);
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

fn encode_intervals(ranges: &[&VersionRange], out: &mut Vec<u8>) {
    out.put_number(ranges.len() as u64);
    for range in ranges {
        out.push(range.scheme as u8);
        let (lower_kind, lower) = bound(&range.lower);
        let (upper_kind, upper) = bound(&range.upper);
        let kinds = lower_kind | (upper_kind << UPPER_SHIFT);
        let keys = (
            lower.map(|v| version::key(range.scheme, v)).transpose(),
            upper.map(|v| version::key(range.scheme, v)).transpose(),
        );
        match keys {
            (Ok(lower_key), Ok(_)) if single(range).is_some() => {
                out.push(kinds | EXACT);
                out.put_bytes(&lower_key.unwrap_or_default());
            }
            (Ok(lower_key), Ok(upper_key)) => {
                out.push(kinds);
                for key in [lower_key, upper_key].into_iter().flatten() {
                    out.put_bytes(&key);
                }
            }
            _ => {
                out.push(kinds | UNORDERED);
                for text in [lower, upper].into_iter().flatten() {
                    out.put_text(text);
                }
            }
        }
    }
}

fn bound(bound: &Bound) -> (u8, Option<&str>) {
    match bound {
        Bound::Unbounded => (UNBOUNDED, None),
        Bound::Inclusive(v) => (INCLUSIVE, Some(v)),
        Bound::Exclusive(v) => (EXCLUSIVE, Some(v)),
    }
}

fn status_number(status: Status) -> u8 {
    match status {
        Status::Affected => 0,
        Status::NotAffected => 1,
        Status::Fixed => 2,
        Status::UnderInvestigation => 3,
    }
}

fn status_of(number: u8) -> Status {
    match number & STATUS {
        0 => Status::Affected,
        1 => Status::NotAffected,
        2 => Status::Fixed,
        _ => Status::UnderInvestigation,
    }
}

/// The version asked about, with its keys made once per scheme.
#[derive(Debug)]
pub struct Asked<'v> {
    text: Option<&'v str>,
    /// Start and end of the key in `bytes`, per scheme; `Err` if the version has no order there.
    keys: [Option<Result<(usize, usize), ()>>; Scheme::ALL.len()],
    bytes: Vec<u8>,
}

impl<'v> Asked<'v> {
    /// Asks about `version`; `None` if the component states none.
    pub fn new(version: Option<&'v str>) -> Self {
        Asked { text: version, keys: [None; Scheme::ALL.len()], bytes: Vec::new() }
    }

    /// True if the version has been ordered under this scheme.
    pub fn used(&self, scheme: Scheme) -> bool {
        self.keys.get(scheme as usize).is_some_and(|slot| matches!(slot, Some(Ok(_))))
    }

    /// The version as written.
    pub fn text(&self) -> Option<&'v str> {
        self.text
    }

    fn key(&mut self, scheme: Scheme) -> Option<&[u8]> {
        let slot = self.keys.get_mut(scheme as usize)?;
        let found = match (*slot, self.text) {
            (Some(found), _) => found,
            (None, None) => Err(()),
            (None, Some(text)) => {
                let start = self.bytes.len();
                let made = version::write_key(scheme, text, &mut self.bytes);
                let found = made.map(|()| (start, self.bytes.len())).map_err(|_| ());
                *slot = Some(found);
                found
            }
        };
        found.ok().and_then(|(start, end)| self.bytes.get(start..end))
    }
}

/// What a statement says about the version asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The claim covers the version; the index tells which interval (`None` for "all versions").
    Covered(Option<usize>),
    /// It does not.
    NotCovered,
    /// It could not be told.
    Unknown(Code, Params),
}

/// A statement read from a posting list.
#[derive(Debug, Clone)]
pub struct StoredStatement<'a> {
    /// Number of the advisory.
    pub advisory: u32,
    /// Index into its `affected`.
    pub statement: u32,
    /// Affected, not affected, fixed, under investigation.
    pub status: Status,
    /// Distribution release, if the statement holds for one only.
    pub release: Option<&'a str>,
    flags: u8,
    rest: Cursor<'a>,
}

/// The part of a statement that only matters once it covers the version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars<'a> {
    /// How the advisory names the product.
    pub identifier: &'a str,
    /// The interval asked for as text; empty if there is none.
    pub range: &'a str,
    /// Place inside the document.
    pub pointer: &'a str,
    /// Versions that contain the fix and lie above the interval asked for, the nearest first.
    pub fixed_versions: Vec<&'a str>,
}

impl<'a> StoredStatement<'a> {
    /// Reads the head of a statement body.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it is cut off.
    pub fn decode(body: &'a [u8]) -> Result<Self, IndexError> {
        let mut cursor = Cursor::new(body);
        let advisory = cursor.number()? as u32;
        let statement = cursor.number()? as u32;
        let flags = cursor.byte()?;
        let release = if flags & RELEASE != 0 { Some(cursor.text()?) } else { None };
        Ok(StoredStatement { advisory, statement, status: status_of(flags), release, flags, rest: cursor })
    }

    /// Compares the claim with the version asked and returns what follows from it, with a reader for the particulars.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the statement is cut off.
    pub fn judge(&self, asked: &mut Asked<'_>) -> Result<(Verdict, ParticularsReader<'a>), IndexError> {
        let mut cursor = self.rest;
        let verdict = match (self.flags >> CLAIM_SHIFT) & 0b11 {
            ALL => Verdict::Covered(None),
            RANGED => {
                let inside = read_intervals(&mut cursor, asked)?;
                let excepted = read_intervals(&mut cursor, asked)?;
                combine(inside, excepted, asked)
            }
            UNDETERMINED => {
                let code = cursor.number()? as usize;
                let code = *Code::ALL.get(code).ok_or(IndexError::Damaged("unknown code"))?;
                let mut params = Params::new();
                for _ in 0..cursor.count()? {
                    params.insert(cursor.text()?.to_owned(), cursor.text()?.to_owned());
                }
                Verdict::Unknown(code, params)
            }
            _ => return Err(IndexError::Damaged("unknown claim")),
        };
        Ok((verdict, ParticularsReader { flags: self.flags, cursor }))
    }
}

/// Reads the particulars of a statement when they are wanted, and only as far as they are.
#[derive(Debug, Clone, Copy)]
pub struct ParticularsReader<'a> {
    flags: u8,
    cursor: Cursor<'a>,
}

impl<'a> ParticularsReader<'a> {
    /// The numbers of the vulnerabilities meant.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if they are cut off.
    pub fn vulnerabilities(
        self,
    ) -> Result<impl Iterator<Item = Result<u32, IndexError>> + use<'a>, IndexError> {
        let mut cursor = self.cursor;
        let count = cursor.count()?;
        Ok((0..count).map(move |_| Ok(cursor.number()? as u32)))
    }

    /// True if the statement names a CPE with further attributes, or platforms.
    pub fn has_conditions(self) -> bool {
        self.flags & (CPE | PLATFORMS) != 0
    }

    /// The CPE name whose further attributes must fit, and the CPE names of which one must be present too.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if they are cut off.
    pub fn conditions(self) -> Result<(Option<&'a str>, Vec<&'a str>), IndexError> {
        Ok(self.after_vulnerabilities()?.1)
    }

    #[allow(clippy::type_complexity)]
    fn after_vulnerabilities(self) -> Result<(Cursor<'a>, (Option<&'a str>, Vec<&'a str>)), IndexError> {
        let mut cursor = self.cursor;
        for _ in 0..cursor.count()? {
            cursor.number()?;
        }
        let cpe = if self.flags & CPE != 0 { Some(cursor.text()?) } else { None };
        let platforms = if self.flags & PLATFORMS != 0 { texts(&mut cursor)? } else { Vec::new() };
        Ok((cursor, (cpe, platforms)))
    }

    /// Everything that explains a match through the interval of this number (`None`: "all versions").
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if they are cut off.
    pub fn read(self, interval: Option<usize>) -> Result<Particulars<'a>, IndexError> {
        let (mut cursor, _) = self.after_vulnerabilities()?;
        let identifier = cursor.text()?;
        let mut asked_for = None;
        for number in 0..cursor.count()? {
            let (range, fixes) = (cursor.text()?, texts(&mut cursor)?);
            if Some(number) == interval {
                asked_for = Some((range, fixes));
            }
        }
        let pointer = cursor.text()?;
        let all_fixes = texts(&mut cursor)?;
        let (range, fixed_versions) = asked_for.unwrap_or(("", all_fixes));
        Ok(Particulars { identifier, range, pointer, fixed_versions })
    }
}

fn texts<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<&'a str>, IndexError> {
    (0..cursor.count()?).map(|_| cursor.text()).collect()
}

/// Where the version lies with respect to a list of intervals.
#[derive(Debug, Clone, Copy)]
enum Inside {
    Yes(usize),
    No,
    /// Some interval could not be compared, and no other one contains the version.
    Unknown(Scheme),
}

fn read_intervals(cursor: &mut Cursor<'_>, asked: &mut Asked<'_>) -> Result<Inside, IndexError> {
    let mut found = Inside::No;
    for number in 0..cursor.count()? {
        let scheme = Scheme::from_u8(cursor.byte()?).ok_or(IndexError::Damaged("unknown scheme"))?;
        let kinds = cursor.byte()?;
        let (lower_kind, upper_kind) = (kinds & LOWER, (kinds >> UPPER_SHIFT) & LOWER);
        if kinds & EXACT != 0 {
            let key = cursor.bytes()?;
            match asked.key(scheme) {
                Some(own) if own == key => found = yes(found, number),
                Some(_) => {}
                None => found = unknown(found, scheme),
            }
            continue;
        }
        let lower = if lower_kind == UNBOUNDED { None } else { Some(cursor.bytes()?) };
        let upper = if upper_kind == UNBOUNDED { None } else { Some(cursor.bytes()?) };
        if kinds & UNORDERED != 0 {
            let own = asked.text().map(str::as_bytes);
            let equals = |text: Option<&[u8]>, kind| kind == INCLUSIVE && text.is_some() && text == own;
            found = if equals(lower, lower_kind) || equals(upper, upper_kind) {
                yes(found, number)
            } else {
                unknown(found, scheme)
            };
            continue;
        }
        if lower.is_none() && upper.is_none() {
            found = yes(found, number);
            continue;
        }
        let Some(own) = asked.key(scheme) else {
            found = unknown(found, scheme);
            continue;
        };
        let above = lower.is_none_or(|key| if lower_kind == INCLUSIVE { own >= key } else { own > key });
        let below = upper.is_none_or(|key| if upper_kind == INCLUSIVE { own <= key } else { own < key });
        if above && below {
            found = yes(found, number);
        }
    }
    Ok(found)
}

fn yes(found: Inside, number: usize) -> Inside {
    if let Inside::Yes(_) = found { found } else { Inside::Yes(number) }
}

fn unknown(found: Inside, scheme: Scheme) -> Inside {
    if let Inside::No = found { Inside::Unknown(scheme) } else { found }
}

fn combine(inside: Inside, excepted: Inside, asked: &Asked<'_>) -> Verdict {
    let doubt = |scheme: Scheme| {
        let mut params = Params::new();
        match asked.text() {
            None => Verdict::Unknown(Code::VersionMissing, params),
            Some(version) => {
                params.insert("version".to_owned(), version.to_owned());
                params.insert("scheme".to_owned(), scheme.as_str().to_owned());
                Verdict::Unknown(Code::OrderUnknown, params)
            }
        }
    };
    match (inside, excepted) {
        (Inside::No, _) | (_, Inside::Yes(_)) => Verdict::NotCovered,
        (Inside::Unknown(scheme), _) | (_, Inside::Unknown(scheme)) => doubt(scheme),
        (Inside::Yes(number), Inside::No) => Verdict::Covered(Some(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(claim: &VersionClaim, version: Option<&str>) -> Verdict {
        let statement = Statement {
            advisory: 7,
            statement: 2,
            vulnerabilities: &[3, 4],
            status: Status::Affected,
            versions: claim,
            release: Some("12"),
            cpe: None,
            platforms: &[],
            identifier: "pkg:deb/debian/x",
            pointer: "/affected/0",
            fixed_versions: &["2.0".to_owned()],
        };
        let mut body = Vec::new();
        statement.encode(&mut body);
        let stored = StoredStatement::decode(&body).unwrap();
        assert_eq!((stored.advisory, stored.statement, stored.release), (7, 2, Some("12")));
        let (verdict, reader) = stored.judge(&mut Asked::new(version)).unwrap();
        let vulnerabilities: Result<Vec<u32>, _> = reader.vulnerabilities().unwrap().collect();
        assert_eq!(vulnerabilities, Ok(vec![3, 4]));
        assert_eq!(reader.read(None).unwrap().fixed_versions, ["2.0"]);
        for cut in 0..body.len() {
            let broken = StoredStatement::decode(&body[..cut])
                .and_then(|s| s.judge(&mut Asked::new(version)))
                .and_then(|(_, p)| p.read(None));
            assert!(broken.is_err(), "cut at {cut}");
        }
        verdict
    }

    #[test]
    fn ranges_exceptions_and_enumerations() {
        let claim = VersionClaim::Ranged {
            ranges: vec![
                VersionRange {
                    scheme: Scheme::Semver,
                    lower: Bound::Inclusive("1.0.0".into()),
                    upper: Bound::Exclusive("2.0.0".into()),
                },
                VersionRange::exactly(Scheme::Semver, "1.5.0"),
                VersionRange::exactly(Scheme::Semver, "3.0.0"),
            ],
            except: vec![VersionRange::exactly(Scheme::Semver, "1.2.3")],
        };
        assert_eq!(judge(&claim, Some("1.5.0")), Verdict::Covered(Some(0)));
        assert_eq!(judge(&claim, Some("3.0.0")), Verdict::Covered(Some(1)));
        assert_eq!(judge(&claim, Some("1.2.3")), Verdict::NotCovered);
        assert_eq!(judge(&claim, Some("2.0.0")), Verdict::NotCovered);
        assert!(matches!(judge(&claim, None), Verdict::Unknown(Code::VersionMissing, _)));
        assert!(matches!(judge(&claim, Some("?")), Verdict::Unknown(Code::OrderUnknown, _)));
    }

    #[test]
    fn a_fix_below_the_version_is_no_fix() {
        let fixed = ["6.2.16", "7.4.3", "7.0.14", "7.2.7", "see notes"].map(str::to_owned);
        let interval = VersionRange::up_to(Scheme::Generic, "7.0.13");
        assert_eq!(fixes_of(&interval, &fixed), ["7.0.14", "7.2.7", "7.4.3", "see notes"]);
        let interval = VersionRange::before(Scheme::Generic, "7.2.7");
        assert_eq!(fixes_of(&interval, &fixed), ["7.2.7", "7.4.3", "see notes"]);
        assert_eq!(fixes_of(&VersionRange::all(Scheme::Generic), &fixed), fixed);
    }

    #[test]
    fn a_bound_without_order_only_equals_itself() {
        let claim = VersionClaim::ranged(vec![VersionRange::up_to(Scheme::Generic, "sentinel ldk rte")]);
        assert_eq!(judge(&claim, Some("sentinel ldk rte")), Verdict::Covered(Some(0)));
        assert!(matches!(judge(&claim, Some("1.0")), Verdict::Unknown(Code::OrderUnknown, _)));
    }

    #[test]
    fn all_versions_need_no_version() {
        assert_eq!(judge(&VersionClaim::All, None), Verdict::Covered(None));
        let all = VersionClaim::ranged(vec![VersionRange::all(Scheme::Semver)]);
        assert_eq!(judge(&all, None), Verdict::Covered(Some(0)));
        let text = VersionClaim::undetermined_text("お問い合わせください");
        assert!(matches!(judge(&text, Some("1")), Verdict::Unknown(Code::RangeUndetermined, _)));
    }
}
