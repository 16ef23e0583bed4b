//! Reading: does a stored statement cover the version asked, and what explains that?

use shindan_domain::advisory::{Justification, Status};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::version::Scheme;

use super::{
    ALL, CLAIM_SHIFT, CPE, EXACT, EXPLOITABILITY, INCLUSIVE, LOWER, MORE, PLATFORMS, RANGED, REASON, RELEASE,
    UNBOUNDED, UNDETERMINED, UNORDERED, UPDATES, UPPER_SHIFT, WITHIN, status_of,
};
use crate::index::layout::{Cursor, IndexError};
use crate::version::{self, firmware, rpm};

/// The version asked about, with its keys made once per scheme.
#[derive(Debug)]
pub struct Asked<'v> {
    text: Option<&'v str>,
    /// What is compared, if it is not the text as written.
    plain: Option<String>,
    /// The version without the build that firmware is printed with, for schemes and bounds that do not know builds.
    without_build: Option<String>,
    /// True for a day, which is no step of a version.
    day: bool,
    /// Start and end of the key in `bytes`, per scheme; `Err` if the version has no order there.
    keys: [Option<Result<(usize, usize), ()>>; Scheme::ALL.len()],
    /// Start and end of the generic key of `without_build`.
    short: Option<(usize, usize)>,
    bytes: Vec<u8>,
    /// The highest version that it may be, if a part of it is not known.
    highest: Option<Box<Asked<'v>>>,
}

impl<'v> Asked<'v> {
    /// Asks about `version`; `None` if the component states none.
    pub fn new(version: Option<&'v str>) -> Self {
        let keys = [None; Scheme::ALL.len()];
        Asked {
            text: version,
            plain: None,
            without_build: None,
            day: false,
            keys,
            short: None,
            bytes: Vec::new(),
            highest: None,
        }
    }

    /// Asks about a version of which only the bounds are known, both included.
    pub fn between(lowest: &'v str, highest: &'v str) -> Self {
        Asked { highest: Some(Box::new(Asked::new(Some(highest)))), ..Asked::new(Some(lowest)) }
    }

    /// Asks about the firmware of a device, as its screen prints it: `v7.0.13,build0566 (GA)` is 7.0.13 where
    /// advisories know no builds. `names` are folded names of its software, which may stand in front.
    pub fn firmware(version: Option<&'v str>, names: &[String]) -> Self {
        let Some(text) = version else { return Asked::new(None) };
        let behind = firmware::behind_name(text, names).unwrap_or(text);
        let plain = firmware::plain(behind);
        Asked {
            without_build: firmware::without_build(&plain).map(str::to_owned),
            day: firmware::is_day(&plain),
            plain: (plain != text).then(|| plain.into_owned()),
            ..Asked::new(version)
        }
    }

    /// True if the version has been ordered under this scheme.
    pub fn used(&self, scheme: Scheme) -> bool {
        self.keys.get(scheme as usize).is_some_and(|slot| matches!(slot, Some(Ok(_))))
    }

    /// The version as written.
    pub fn text(&self) -> Option<&'v str> {
        self.text
    }

    /// `rpm -qa` and some inventories leave out the epoch. To take it for 0 would put every package with an epoch
    /// below its fix; a version without an epoch is therefore compared without epochs.
    fn epochs(&self, scheme: Scheme) -> Epochs {
        let unknown = scheme == Scheme::Rpm && self.text.is_some_and(|text| !rpm::states_epoch(text));
        if unknown { Epochs::Ignored } else { Epochs::Compared }
    }

    /// Makes the key for a scheme; false if the version has no order there.
    fn order(&mut self, scheme: Scheme) -> bool {
        let Some(slot) = self.keys.get_mut(scheme as usize) else { return false };
        if let Some(made) = slot {
            return made.is_ok();
        }
        let Some(text) = self.plain.as_deref().or(self.text) else { return false };
        let mut make = |text: &str| {
            let start = self.bytes.len();
            version::write_key(scheme, text, &mut self.bytes)
                .map(|()| (start, self.bytes.len()))
                .map_err(|_| ())
        };
        let whole = make(text);
        let short = self.without_build.as_deref().map(make).and_then(Result::ok);
        if scheme == Scheme::Generic {
            self.short = short;
        }
        let made = whole.or_else(|()| short.ok_or(()));
        *slot = Some(made);
        made.is_ok()
    }

    /// The key to hold against a bound. Where the bound is the version without its build, the build says nothing:
    /// 7.0.13 build 0566 is 7.0.13, not above it.
    fn key_against(&self, scheme: Scheme, bound: &[u8]) -> Option<&[u8]> {
        let slice = |(start, end): (usize, usize)| self.bytes.get(start..end);
        let short = self.short.filter(|_| scheme == Scheme::Generic).and_then(slice);
        if short.is_some_and(|short| short == bound) {
            return short;
        }
        match self.keys.get(scheme as usize) {
            Some(Some(Ok(key))) => slice(*key),
            _ => None,
        }
    }

    /// False if the order of the keys must not decide: the two count in different ways.
    fn comparable(&self, scheme: Scheme, own: &[u8], bound: &[u8]) -> bool {
        version::comparable(scheme, own, bound) && (!self.day || version::begins_with_year(bound))
    }
}

/// Whether keys of rpm versions are compared with their epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Epochs {
    Compared,
    Ignored,
}

impl Epochs {
    /// The part of a key that counts.
    fn of(self, key: &[u8]) -> &[u8] {
        match self {
            Epochs::Compared => key,
            Epochs::Ignored => rpm::without_epoch(key),
        }
    }
}

/// What a statement says about the version asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The claim covers the version; the index tells which interval (`None` for "all versions").
    Covered(Option<usize>),
    /// It covers some of the versions that it may be, and others not.
    Partly(Option<usize>),
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
    more: u8,
    updates: &'a [u8],
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
        let more = if flags & MORE != 0 { cursor.byte()? } else { 0 };
        let updates = if more & UPDATES != 0 { cursor.bytes()? } else { &[] };
        let status = status_of(flags);
        Ok(StoredStatement { advisory, statement, status, release, flags, more, updates, rest: cursor })
    }

    /// True if it stands in a document that was made to say whether products are affected (VEX).
    pub fn exploitability(&self) -> bool {
        self.more & EXPLOITABILITY != 0
    }

    /// The numbers of the updates of which any one contains the fix; `None` if it names none.
    pub fn updates(&self) -> Option<impl Iterator<Item = Result<u32, IndexError>> + use<'a>> {
        let mut cursor = Cursor::new(self.updates);
        (self.more & UPDATES != 0).then(|| {
            std::iter::from_fn(move || (!cursor.is_empty()).then(|| cursor.number().map(|n| n as u32)))
        })
    }

    /// Compares the claim with the version asked and returns what follows from it, with a reader for the particulars.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the statement is cut off.
    pub fn judge(&self, asked: &mut Asked<'_>) -> Result<(Verdict, ParticularsReader<'a>), IndexError> {
        let (verdict, reader) = self.judge_one(asked)?;
        let Some(highest) = &mut asked.highest else { return Ok((verdict, reader)) };
        let verdict = match (verdict, self.judge_one(highest)?.0) {
            (Verdict::Covered(interval), Verdict::NotCovered)
            | (Verdict::NotCovered, Verdict::Covered(interval)) => Verdict::Partly(interval),
            (verdict, _) => verdict,
        };
        Ok((verdict, reader))
    }

    fn judge_one(&self, asked: &mut Asked<'_>) -> Result<(Verdict, ParticularsReader<'a>), IndexError> {
        let mut cursor = self.rest;
        let verdict = match (self.flags >> CLAIM_SHIFT) & 0b11 {
            ALL => Verdict::Covered(None),
            RANGED => {
                let inside = read_intervals(&mut cursor, asked)?;
                let excepted = read_intervals(&mut cursor, asked)?;
                combine(inside, excepted, asked)
            }
            UNDETERMINED => {
                let name = cursor.text()?;
                let code = Code::ALL.iter().find(|code| code.as_str() == name);
                let code = *code.ok_or(IndexError::Damaged("unknown code"))?;
                let mut params = Params::new();
                for _ in 0..cursor.count()? {
                    params.insert(cursor.text()?.to_owned(), cursor.text()?.to_owned());
                }
                Verdict::Unknown(code, params)
            }
            _ => return Err(IndexError::Damaged("unknown claim")),
        };
        Ok((verdict, ParticularsReader { flags: self.flags, more: self.more, cursor }))
    }
}

/// Reads the particulars of a statement when they are wanted, and only as far as they are.
#[derive(Debug, Clone, Copy)]
pub struct ParticularsReader<'a> {
    flags: u8,
    more: u8,
    cursor: Cursor<'a>,
}

/// On what a statement depends besides the version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions<'a> {
    /// A CPE name whose further attributes must fit.
    pub cpe: Option<&'a str>,
    /// Groups of CPE names of each of which one must be present too.
    pub platforms: Vec<Vec<&'a str>>,
    /// The product in which alone the statement holds.
    pub within: Option<Container<'a>>,
}

/// How a source names the product in which alone a statement holds. Empty where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Container<'a> {
    /// Package URL.
    pub purl: &'a str,
    /// BOM-Link of the product's document, or of the product in it.
    pub bom_link: &'a str,
    /// Maker.
    pub vendor: &'a str,
    /// Product name.
    pub product: &'a str,
    /// The version meant, where it stands beside the identifiers.
    pub version: &'a str,
    /// CPE names.
    pub cpes: Vec<&'a str>,
    /// Model numbers.
    pub models: Vec<&'a str>,
}

/// Why a product is not affected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoredReason<'a> {
    /// As one of the standard list.
    pub justification: Option<Justification>,
    /// As the source says it.
    pub impact: &'a str,
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

    /// True if the statement depends on anything besides the version.
    pub fn has_conditions(self) -> bool {
        self.flags & (CPE | PLATFORMS) != 0 || self.more & WITHIN != 0
    }

    /// True if the statement holds inside another product only.
    pub fn is_within_another(self) -> bool {
        self.more & WITHIN != 0
    }

    /// On what the statement depends besides the version.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if that is cut off.
    pub fn conditions(self) -> Result<Conditions<'a>, IndexError> {
        Ok(self.after_vulnerabilities()?.1)
    }

    fn after_vulnerabilities(self) -> Result<(Cursor<'a>, Conditions<'a>), IndexError> {
        let mut cursor = self.cursor;
        for _ in 0..cursor.count()? {
            cursor.number()?;
        }
        let cpe = if self.flags & CPE != 0 { Some(cursor.text()?) } else { None };
        let platforms = if self.flags & PLATFORMS != 0 {
            (0..cursor.count()?).map(|_| texts(&mut cursor)).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        let within = if self.more & WITHIN != 0 {
            Some(Container {
                purl: cursor.text()?,
                bom_link: cursor.text()?,
                vendor: cursor.text()?,
                product: cursor.text()?,
                version: cursor.text()?,
                cpes: texts(&mut cursor)?,
                models: texts(&mut cursor)?,
            })
        } else {
            None
        };
        Ok((cursor, Conditions { cpe, platforms, within }))
    }

    /// Everything that explains a match through the interval of this number (`None`: "all versions").
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if they are cut off.
    pub fn read(self, interval: Option<usize>) -> Result<Particulars<'a>, IndexError> {
        Ok(self.read_to_end(interval)?.0)
    }

    /// Why the product is not affected.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if that is cut off.
    pub fn reason(self) -> Result<StoredReason<'a>, IndexError> {
        let mut cursor = self.read_to_end(None)?.1;
        if self.more & REASON == 0 {
            return Ok(StoredReason::default());
        }
        let justification = match cursor.number()? as usize {
            0 => None,
            n => Some(*Justification::ALL.get(n - 1).ok_or(IndexError::Damaged("unknown justification"))?),
        };
        Ok(StoredReason { justification, impact: cursor.text()? })
    }

    fn read_to_end(self, interval: Option<usize>) -> Result<(Particulars<'a>, Cursor<'a>), IndexError> {
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
        Ok((Particulars { identifier, range, pointer, fixed_versions }, cursor))
    }
}

fn texts<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<&'a str>, IndexError> {
    (0..cursor.count()?).map(|_| cursor.text()).collect()
}

/// Where the version lies with respect to a list of intervals.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inside {
    Yes(usize),
    No,
    /// Some interval could not be compared, and no other one contains the version.
    Unknown(Scheme),
}

pub(super) fn read_intervals(cursor: &mut Cursor<'_>, asked: &mut Asked<'_>) -> Result<Inside, IndexError> {
    let mut found = Inside::No;
    for number in 0..cursor.count()? {
        let scheme = Scheme::from_u8(cursor.byte()?).ok_or(IndexError::Damaged("unknown scheme"))?;
        let kinds = cursor.byte()?;
        let (lower_kind, upper_kind) = (kinds & LOWER, (kinds >> UPPER_SHIFT) & LOWER);
        let epochs = asked.epochs(scheme);
        if kinds & EXACT != 0 {
            let key = epochs.of(cursor.bytes()?);
            let own = if asked.order(scheme) { asked.key_against(scheme, key) } else { None };
            match own.map(|own| epochs.of(own)) {
                Some(own) if own == key => found = yes(found, number),
                Some(own) if asked.comparable(scheme, own, key) => {}
                Some(_) => found = unknown(found, scheme),
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
        let (lower, upper) = (lower.map(|key| epochs.of(key)), upper.map(|key| epochs.of(key)));
        if !asked.order(scheme) {
            found = unknown(found, scheme);
            continue;
        }
        // How the version lies to a bound; `None` if that cannot be told.
        let lies = |bound: &[u8]| {
            let own = asked.key_against(scheme, bound).map(|own| epochs.of(own))?;
            asked.comparable(scheme, own, bound).then(|| own.cmp(bound))
        };
        let orders = [lower, upper].map(|bound| bound.map(lies));
        if orders.contains(&Some(None)) {
            found = unknown(found, scheme);
            continue;
        }
        let [above, below] = orders.map(Option::flatten);
        let above =
            above.is_none_or(|order| if lower_kind == INCLUSIVE { order.is_ge() } else { order.is_gt() });
        let below =
            below.is_none_or(|order| if upper_kind == INCLUSIVE { order.is_le() } else { order.is_lt() });
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
