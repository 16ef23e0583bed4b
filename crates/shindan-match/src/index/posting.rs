//! Posting lists: per product key, what the advisories say about its versions, ready for comparison.
//!
//! Bounds are stored as order-preserving byte keys, so that a query compares bytes and parses nothing but the one
//! version it asks about. A bound without a key (*order unknown*) is stored as text and only ever equals itself.
//!
//! ```text
//! list: key text | count | statements, each: length, body
//! body: advisory | statement | flags | release? | more? | claim | cold part
//! more: what it holds | numbers of updates?
//! claim: all: nothing; ranged: intervals, except-intervals; undetermined: name of the code, params
//! interval: scheme | bounds | lower key? | upper key? (texts instead of keys if unordered)
//! cold part: vulnerabilities | cpe? | platforms? | container? | identifier | per interval: range text, fixed versions |
//!            pointer | fixed versions | reason?
//! ```

use std::ops::Range;

use shindan_domain::advisory::{Justification, ProductRef, Status};

mod claim;
mod judge;

use super::layout::Encode;

pub use claim::Claim;
pub use judge::{
    Asked, Conditions, Container, Particulars, ParticularsReader, StoredReason, StoredStatement, Verdict,
};

const STATUS: u8 = 0b0000_0011;
const CLAIM_SHIFT: u8 = 2;
const RELEASE: u8 = 0b0001_0000;
const CPE: u8 = 0b0010_0000;
const PLATFORMS: u8 = 0b0100_0000;
/// What few statements have: a byte more says which of it.
const MORE: u8 = 0b1000_0000;

const EXPLOITABILITY: u8 = 0b0001;
const UPDATES: u8 = 0b0010;
const WITHIN: u8 = 0b0100;
const REASON: u8 = 0b1000;

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
#[derive(Debug, Clone, Copy)]
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
    pub claim: &'a Claim,
    /// Distribution release, if the statement holds for one only.
    pub release: Option<&'a str>,
    /// CPE name whose further attributes must fit.
    pub cpe: Option<&'a str>,
    /// Groups of CPE names; of each group one must be present too.
    pub platforms: &'a [Vec<String>],
    /// How the advisory names the product.
    pub identifier: &'a str,
    /// Place inside the document.
    pub pointer: &'a str,
    /// Versions that contain the fix.
    pub fixed_versions: &'a [String],
    /// True if it stands in a document that was made to say whether products are affected (VEX).
    pub exploitability: bool,
    /// Numbers of the updates of which any one contains the fix; `None` if the statement names none.
    pub updates: Option<&'a [u32]>,
    /// The product in which alone it holds.
    pub within: Option<&'a ProductRef>,
    /// Why the product is not affected.
    pub justification: Option<Justification>,
    /// What the source says about the effect or the reason.
    pub impact: &'a str,
}

/// Where in what was encoded the numbers stand by which one index knows advisories, updates and vulnerabilities. Another index of the same
/// statements may have other ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPlaces {
    /// Those of the advisory and the statement end in front of the flags.
    flags: usize,
    updates: Range<usize>,
    vulnerabilities: Range<usize>,
}

impl NumberPlaces {
    /// What else stands in `body`, piece by piece; nothing stood in it before.
    pub fn rest<'b>(&self, body: &'b [u8]) -> [&'b [u8]; 3] {
        let pieces = [
            self.flags..self.updates.start,
            self.updates.end..self.vulnerabilities.start,
            self.vulnerabilities.end..body.len(),
        ];
        pieces.map(|piece| body.get(piece).unwrap_or_default())
    }
}

impl Statement<'_> {
    /// What it holds of that which few statements have.
    fn more(&self) -> u8 {
        let bit = |has: bool, bit: u8| if has { bit } else { 0 };
        bit(self.exploitability, EXPLOITABILITY)
            | bit(self.updates.is_some(), UPDATES)
            | bit(self.within.is_some(), WITHIN)
            | bit(self.justification.is_some() || !self.impact.is_empty(), REASON)
    }

    /// Appends the body (without its length), and tells where in `out` the numbers stand.
    pub fn encode(&self, out: &mut Vec<u8>) -> NumberPlaces {
        out.put_number(u64::from(self.advisory));
        out.put_number(u64::from(self.statement));
        let flags = out.len();
        let release = if self.release.is_some() { RELEASE } else { 0 };
        let cpe = if self.cpe.is_some() { CPE } else { 0 };
        let platforms = if self.platforms.is_empty() { 0 } else { PLATFORMS };
        let more = if self.more() == 0 { 0 } else { MORE };
        out.push(
            status_number(self.status) | (self.claim.kind << CLAIM_SHIFT) | release | cpe | platforms | more,
        );
        if let Some(release) = self.release {
            out.put_text(release);
        }
        if more != 0 {
            out.push(self.more());
        }
        let updates = out.len();
        if let Some(updates) = self.updates {
            let mut numbers = Vec::new();
            for &update in updates {
                numbers.put_number(u64::from(update));
            }
            out.put_bytes(&numbers);
        }
        let updates = updates..out.len();
        out.extend_from_slice(&self.claim.judged);
        let vulnerabilities = out.len();
        out.put_number(self.vulnerabilities.len() as u64);
        for &v in self.vulnerabilities {
            out.put_number(u64::from(v));
        }
        let vulnerabilities = vulnerabilities..out.len();
        self.put_particulars(out);
        NumberPlaces { flags, updates, vulnerabilities }
    }

    /// The cold part behind the vulnerabilities.
    fn put_particulars(&self, out: &mut Vec<u8>) {
        if let Some(cpe) = self.cpe {
            out.put_text(cpe);
        }
        if !self.platforms.is_empty() {
            out.put_number(self.platforms.len() as u64);
            for group in self.platforms {
                put_texts(out, group);
            }
        }
        if let Some(within) = self.within {
            put_container(within, out);
        }
        out.put_text(self.identifier);
        out.extend_from_slice(&self.claim.shown);
        out.put_text(self.pointer);
        put_texts(out, self.fixed_versions);
        if self.more() & REASON != 0 {
            let number = self.justification.and_then(|j| Justification::ALL.iter().position(|a| *a == j));
            out.put_number(number.map_or(0, |n| n as u64 + 1));
            out.put_text(self.impact);
        }
    }
}

fn put_container(product: &ProductRef, out: &mut Vec<u8>) {
    for text in [&product.purl, &product.bom_link, &product.vendor, &product.product, &product.version] {
        out.put_text(text.as_deref().unwrap_or_default());
    }
    put_texts(out, &product.cpes);
    put_texts(out, &product.models);
}

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    out.put_number(texts.len() as u64);
    for text in texts {
        out.put_text(text);
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

#[cfg(test)]
mod tests {
    use shindan_domain::diagnostic::Code;
    use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

    use super::*;

    fn judge(claim: &VersionClaim, version: Option<&str>) -> Verdict {
        let fixed = ["2.0".to_owned()];
        let statement = Statement {
            advisory: 7,
            statement: 2,
            vulnerabilities: &[3, 4],
            status: Status::Affected,
            claim: &Claim::of(claim, &fixed),
            release: Some("12"),
            cpe: None,
            platforms: &[],
            identifier: "pkg:deb/debian/x",
            pointer: "/affected/0",
            fixed_versions: &fixed,
            exploitability: true,
            updates: Some(&[5, 300]),
            within: Some(&ProductRef { purl: Some("pkg:oci/app".to_owned()), ..ProductRef::default() }),
            justification: Some(Justification::VulnerableCodeNotPresent),
            impact: "not built in",
        };
        let mut body = Vec::new();
        statement.encode(&mut body);
        let stored = StoredStatement::decode(&body).unwrap();
        assert_eq!((stored.advisory, stored.statement, stored.release), (7, 2, Some("12")));
        let (verdict, reader) = stored.judge(&mut Asked::new(version)).unwrap();
        let vulnerabilities: Result<Vec<u32>, _> = reader.vulnerabilities().unwrap().collect();
        assert_eq!(vulnerabilities, Ok(vec![3, 4]));
        assert_eq!(reader.read(None).unwrap().fixed_versions, ["2.0"]);
        assert!(stored.exploitability());
        let updates: Result<Vec<u32>, _> = stored.updates().unwrap().collect();
        assert_eq!(updates, Ok(vec![5, 300]));
        assert_eq!(reader.conditions().unwrap().within.unwrap().purl, "pkg:oci/app");
        let reason = reader.reason().unwrap();
        assert_eq!(reason.justification, Some(Justification::VulnerableCodeNotPresent));
        assert_eq!(reason.impact, "not built in");
        for cut in 0..body.len() {
            let broken = StoredStatement::decode(&body[..cut])
                .and_then(|s| s.judge(&mut Asked::new(version)))
                .and_then(|(_, p)| p.reason());
            assert!(broken.is_err(), "cut at {cut}");
        }
        verdict
    }

    #[test]
    fn the_rest_of_a_body_has_no_numbers_and_all_else() {
        let claim = Claim::of(&VersionClaim::All, &[]);
        let plain = Statement {
            advisory: 7,
            statement: 2,
            vulnerabilities: &[3, 4],
            status: Status::Affected,
            claim: &claim,
            release: Some("12"),
            cpe: None,
            platforms: &[],
            identifier: "pkg:deb/debian/x",
            pointer: "/affected/0",
            fixed_versions: &[],
            exploitability: true,
            updates: Some(&[5, 300]),
            within: None,
            justification: None,
            impact: "",
        };
        let rest = |statement: Statement<'_>| {
            let mut body = Vec::new();
            let places = statement.encode(&mut body);
            places.rest(&body).concat()
        };
        let known = rest(plain);
        let (other, fixed) = ([900_000], ["2.0".to_owned()]);
        let moved = Statement {
            advisory: 70_000,
            statement: 900,
            vulnerabilities: &other,
            updates: Some(&[1]),
            ..plain
        };
        assert_eq!(rest(moved), known);
        for changed in [
            Statement { release: None, ..plain },
            Statement { release: Some("13"), ..plain },
            Statement { status: Status::Fixed, ..plain },
            Statement { cpe: Some("cpe"), ..plain },
            Statement { updates: None, ..plain },
            Statement { exploitability: false, ..plain },
            Statement { identifier: "pkg:deb/debian/y", ..plain },
            Statement { pointer: "/affected/1", ..plain },
            Statement { fixed_versions: &fixed, ..plain },
            Statement { impact: "none", ..plain },
            Statement { justification: Some(Justification::ComponentNotPresent), ..plain },
        ] {
            assert_ne!(rest(changed), known, "{changed:?}");
        }
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
    fn a_bound_without_order_only_equals_itself() {
        let claim = VersionClaim::ranged(vec![VersionRange::up_to(Scheme::Generic, "sentinel ldk rte")]);
        assert_eq!(judge(&claim, Some("sentinel ldk rte")), Verdict::Covered(Some(0)));
        assert!(matches!(judge(&claim, Some("1.0")), Verdict::Unknown(Code::OrderUnknown, _)));
    }

    #[test]
    fn letters_and_numbers_are_not_compared() {
        let claim = VersionClaim::ranged(vec![VersionRange::up_to(Scheme::Generic, "N")]);
        assert_eq!(judge(&claim, Some("M.01")), Verdict::Covered(Some(0)));
        assert_eq!(judge(&claim, Some("N.00.00")), Verdict::Covered(Some(0)));
        assert_eq!(judge(&claim, Some("P.01")), Verdict::NotCovered);
        assert!(matches!(judge(&claim, Some("2.3")), Verdict::Unknown(Code::OrderUnknown, _)));
        let claim = VersionClaim::ranged(vec![VersionRange::before(Scheme::Generic, "2.0")]);
        assert!(matches!(judge(&claim, Some("K")), Verdict::Unknown(Code::OrderUnknown, _)));
        assert_eq!(judge(&claim, Some("0")), Verdict::Covered(Some(0)));
        let claim = VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, "C.03")]);
        assert!(matches!(judge(&claim, Some("3.0")), Verdict::Unknown(Code::OrderUnknown, _)));
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
