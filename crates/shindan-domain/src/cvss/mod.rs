//! CVSS v2, v3.0, v3.1 and v4.0: from a vector string to its scores, as integers × 10.
//!
//! Reading is strict: a truncated or malformed vector is an error that names the metric, never a score of 0. One
//! tolerance: **metrics may stand in any order**. The v3.0 and v3.1 specifications demand that of readers (section 6).
//! The v4.0 specification (section 7) calls other orders invalid, but its own table 23 contradicted its examples, and
//! records in both orders were published (GHSA-28g4-38q8-3cwc); the v2 guide (section 2.4) speaks of a predetermined
//! order. The score does not depend on the order, so refusing would lose an answer without gaining one.
//!
//! The arithmetic is that of the crates `cvss` (v2) and `cvss-rs` (v3, v4); they are only handed vectors that passed
//! the check here.

mod attack;
mod metrics;
mod parse;

pub use attack::{AttackPoints, AttackVector, vector_points};

use std::fmt;

use metrics::Group;
use parse::Vector;

/// The version a vector is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// CVSS v2.0, 2007.
    V2,
    /// CVSS v3.0, 2015.
    V3_0,
    /// CVSS v3.1, 2019.
    V3_1,
    /// CVSS v4.0, 2023.
    V4,
}

impl CvssVersion {
    /// All, oldest first.
    pub const ALL: [CvssVersion; 4] =
        [CvssVersion::V2, CvssVersion::V3_0, CvssVersion::V3_1, CvssVersion::V4];

    /// The stable text form, as in JSON output: `2.0`, `3.0`, `3.1`, `4.0`.
    pub fn as_str(self) -> &'static str {
        match self {
            CvssVersion::V2 => "2.0",
            CvssVersion::V3_0 => "3.0",
            CvssVersion::V3_1 => "3.1",
            CvssVersion::V4 => "4.0",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            CvssVersion::V2 => "",
            CvssVersion::V3_0 => "CVSS:3.0",
            CvssVersion::V3_1 => "CVSS:3.1",
            CvssVersion::V4 => "CVSS:4.0",
        }
    }
}

impl fmt::Display for CvssVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The qualitative rating of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssSeverity {
    /// 0.0 (v3, v4)
    None,
    /// 0.1 to 3.9; in v2 0.0 to 3.9
    Low,
    /// 4.0 to 6.9
    Medium,
    /// 7.0 to 8.9; in v2 7.0 to 10.0
    High,
    /// 9.0 to 10.0 (v3, v4)
    Critical,
}

impl CvssSeverity {
    /// The rating of a score × 10. v3 and v4: their specifications' section 5 and 6. v2 defines none; NVD's scale is
    /// used, which has no `none` and no `critical`.
    pub fn of(version: CvssVersion, score_x10: u8) -> CvssSeverity {
        match (version, score_x10) {
            (CvssVersion::V2, 0) => CvssSeverity::Low,
            (CvssVersion::V2, 90..) => CvssSeverity::High,
            (_, 0) => CvssSeverity::None,
            (_, 1..=39) => CvssSeverity::Low,
            (_, 40..=69) => CvssSeverity::Medium,
            (_, 70..=89) => CvssSeverity::High,
            (_, 90..) => CvssSeverity::Critical,
        }
    }

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            CvssSeverity::None => "none",
            CvssSeverity::Low => "low",
            CvssSeverity::Medium => "medium",
            CvssSeverity::High => "high",
            CvssSeverity::Critical => "critical",
        }
    }
}

impl fmt::Display for CvssSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Everything that a vector says, × 10. A score beyond the base is there only if the vector defines a metric of its
/// group: *not defined* (`X`, `ND`) counts as absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scores {
    /// The version the vector is written in.
    pub version: CvssVersion,
    /// The most specific one: environmental, else threat or temporal, else base.
    pub score_x10: u8,
    /// Rating of `score_x10`.
    pub severity: CvssSeverity,
    /// From the mandatory metrics alone (v4: CVSS-B).
    pub base_x10: u8,
    /// v2 and v3 only.
    pub temporal_x10: Option<u8>,
    /// v4 only (CVSS-BT).
    pub threat_x10: Option<u8>,
    /// v4: CVSS-BE or CVSS-BTE. Includes the temporal or threat metrics if there are any.
    pub environmental_x10: Option<u8>,
}

/// Why a vector has no score. The text names the metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CvssError {
    /// Nothing there.
    #[error("the vector is empty")]
    Empty,
    /// Longer than any vector can be.
    #[error("the vector has {length} bytes; no CVSS vector has more than {limit}")]
    TooLong {
        /// Bytes found.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// `CVSS:` is followed by something else than a known version, or is not in capitals.
    #[error("unknown version \"{found}\"; one of CVSS:3.0, CVSS:3.1, CVSS:4.0, or none for v2")]
    UnknownVersion {
        /// The first component as given.
        found: String,
    },
    /// Metrics of v3 or v4 without their prefix.
    #[error("the prefix is missing: metric PR exists from v3 on, which needs CVSS:3.0, CVSS:3.1 or CVSS:4.0")]
    PrefixMissing,
    /// Parentheses that do not enclose a v2 vector.
    #[error("parentheses must enclose the whole vector, and are known in v2 only")]
    Parenthesis,
    /// A leading, trailing or doubled slash, or a prefix without metrics.
    #[error("an empty component: a slash too many at the start, at the end or doubled")]
    EmptyComponent,
    /// Not `NAME:VALUE`.
    #[error("\"{component}\" is not of the form METRIC:VALUE")]
    Malformed {
        /// As given.
        component: String,
    },
    /// This version has no such metric (names are case-sensitive).
    #[error("CVSS {version} has no metric \"{metric}\"")]
    UnknownMetric {
        /// Which version.
        version: CvssVersion,
        /// As given.
        metric: String,
    },
    /// The metric has no such value (values are case-sensitive).
    #[error("metric {metric} has no value \"{value}\"; one of {allowed}")]
    InvalidValue {
        /// Which metric.
        metric: &'static str,
        /// As given.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// A metric twice.
    #[error("metric {metric} is given twice")]
    Duplicate {
        /// Which metric.
        metric: &'static str,
    },
    /// Mandatory metrics are absent: the vector is truncated.
    #[error("mandatory metrics are missing: {}", metrics.join(", "))]
    Missing {
        /// Which, in the order of the specification.
        metrics: Vec<&'static str>,
    },
    /// The arithmetic gave no number although the vector is valid. A defect of this program: please report it.
    #[error("CVSS {version}: no score could be computed from a valid vector; please report this")]
    NotComputable {
        /// Which version.
        version: CvssVersion,
    },
}

/// Computes the scores of a vector.
///
/// A vector without a prefix is v2, optionally in parentheses; `CVSS:2.0/` before a v2 vector is tolerated.
///
/// # Errors
/// [`CvssError`] for everything that is not a complete, valid vector of a known version.
pub fn score(vector: &str) -> Result<Scores, CvssError> {
    let vector = Vector::parse(vector)?;
    let (base, later, environmental) = match vector.version {
        CvssVersion::V2 => compute_v2(&vector),
        CvssVersion::V3_0 | CvssVersion::V3_1 => compute_v3(&vector),
        CvssVersion::V4 => compute_v4(&vector),
    }
    .ok_or(CvssError::NotComputable { version: vector.version })?;
    let later = later.filter(|_| vector.has(Group::Temporal));
    let environmental = environmental.filter(|_| vector.has(Group::Environmental));
    let score_x10 = environmental.or(later).unwrap_or(base);
    let is_v4 = vector.version == CvssVersion::V4;
    Ok(Scores {
        version: vector.version,
        score_x10,
        severity: CvssSeverity::of(vector.version, score_x10),
        base_x10: base,
        temporal_x10: later.filter(|_| !is_v4),
        threat_x10: later.filter(|_| is_v4),
        environmental_x10: environmental,
    })
}

/// Of several opinions the one that counts: newest version, then highest score, then the first. Vectors without a score
/// are passed over; whoever read them has reported them.
pub fn newest_and_highest<'a>(vectors: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, Scores)> {
    let mut best: Option<(&'a str, Scores)> = None;
    for vector in vectors {
        let Ok(scores) = score(vector) else { continue };
        let rank = |scores: &Scores| (scores.version, scores.score_x10);
        if best.as_ref().is_none_or(|(_, held)| rank(&scores) > rank(held)) {
            best = Some((vector, scores));
        }
    }
    best
}

/// Base, temporal or threat, environmental; `None` for the whole if the library refuses the vector.
type Computed = Option<(u8, Option<u8>, Option<u8>)>;

fn compute_v2(vector: &Vector) -> Computed {
    let text = vector.rendered(&[Group::Base, Group::Temporal, Group::Environmental]);
    let parsed: ::cvss::v2::Vector = text.parse().ok()?;
    let base = tenths(parsed.score().value())?;
    let temporal = tenths(parsed.temporal_score().value())?;
    let environmental = tenths(parsed.environmental_score().value())?;
    Some((base, Some(temporal), Some(environmental)))
}

fn compute_v3(vector: &Vector) -> Computed {
    let text = vector.rendered(&[Group::Base, Group::Temporal, Group::Environmental]);
    let parsed: ::cvss_rs::v3::CvssV3 = text.parse().ok()?;
    let base = tenths(parsed.calculated_base_score()?)?;
    let temporal = tenths(parsed.calculated_temporal_score()?)?;
    let environmental = tenths(parsed.calculated_environmental_score()?)?;
    Some((base, Some(temporal), Some(environmental)))
}

/// The library's "base score" of v4 already contains the environmental metrics, so each score is computed from a
/// vector that holds nothing else.
fn compute_v4(vector: &Vector) -> Computed {
    let of = |groups: &[Group]| {
        let parsed: ::cvss_rs::v4_0::CvssV4 = vector.rendered(groups).parse().ok()?;
        tenths(parsed.calculated_full_score()?)
    };
    let base = of(&[Group::Base])?;
    let threat = if vector.has(Group::Temporal) { Some(of(&[Group::Base, Group::Temporal])?) } else { None };
    let environmental = if vector.has(Group::Environmental) {
        Some(of(&[Group::Base, Group::Temporal, Group::Environmental])?)
    } else {
        None
    };
    Some((base, threat, environmental))
}

/// A score of one decimal to an integer × 10; `None` outside 0.0 to 10.0.
fn tenths(score: f64) -> Option<u8> {
    let scaled = (score * 10.0).round();
    if (0.0..=100.0).contains(&scaled) { Some(scaled as u8) } else { None }
}
