//! The metrics of each CVSS version and the values each may take.
//!
//! Sources: CVSS v2 complete guide, table 13; CVSS v3.0 and v3.1 specification, table 15; CVSS v4.0 specification,
//! table 23. The order is that of the tables, and is the order in which missing metrics are reported.

use super::CvssVersion;

/// Which score a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Mandatory.
    Base,
    /// v2 and v3 "temporal", v4 "threat".
    Temporal,
    /// Optional, of the place where the product is used.
    Environmental,
    /// v4 only; never changes the score.
    Supplemental,
}

/// One metric of one version.
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) group: Group,
    pub(super) values: &'static [&'static str],
}

const fn metric(name: &'static str, group: Group, values: &'static [&'static str]) -> Metric {
    Metric { name, group, values }
}

/// More metrics than any version has: the size of the table of values while parsing.
pub(super) const MOST_METRICS: usize = 40;

/// The metrics of a version, in the order of its specification.
pub(super) fn of(version: CvssVersion) -> &'static [Metric] {
    match version {
        CvssVersion::V2 => V2,
        CvssVersion::V3_0 | CvssVersion::V3_1 => V3,
        CvssVersion::V4 => V4,
    }
}

use Group::{Base, Environmental, Supplemental, Temporal};

const V2_IMPACT: &[&str] = &["N", "P", "C"];
const V2_REQUIREMENT: &[&str] = &["L", "M", "H", "ND"];

const V2: &[Metric] = &[
    metric("AV", Base, &["L", "A", "N"]),
    metric("AC", Base, &["H", "M", "L"]),
    metric("Au", Base, &["M", "S", "N"]),
    metric("C", Base, V2_IMPACT),
    metric("I", Base, V2_IMPACT),
    metric("A", Base, V2_IMPACT),
    metric("E", Temporal, &["U", "POC", "F", "H", "ND"]),
    metric("RL", Temporal, &["OF", "TF", "W", "U", "ND"]),
    metric("RC", Temporal, &["UC", "UR", "C", "ND"]),
    metric("CDP", Environmental, &["N", "L", "LM", "MH", "H", "ND"]),
    metric("TD", Environmental, &["N", "L", "M", "H", "ND"]),
    metric("CR", Environmental, V2_REQUIREMENT),
    metric("IR", Environmental, V2_REQUIREMENT),
    metric("AR", Environmental, V2_REQUIREMENT),
];

const V3_IMPACT: &[&str] = &["N", "L", "H"];
const V3_MODIFIED_IMPACT: &[&str] = &["X", "N", "L", "H"];
const REQUIREMENT: &[&str] = &["X", "L", "M", "H"];

const V3: &[Metric] = &[
    metric("AV", Base, &["N", "A", "L", "P"]),
    metric("AC", Base, &["L", "H"]),
    metric("PR", Base, &["N", "L", "H"]),
    metric("UI", Base, &["N", "R"]),
    metric("S", Base, &["U", "C"]),
    metric("C", Base, V3_IMPACT),
    metric("I", Base, V3_IMPACT),
    metric("A", Base, V3_IMPACT),
    metric("E", Temporal, &["X", "U", "P", "F", "H"]),
    metric("RL", Temporal, &["X", "O", "T", "W", "U"]),
    metric("RC", Temporal, &["X", "U", "R", "C"]),
    metric("CR", Environmental, REQUIREMENT),
    metric("IR", Environmental, REQUIREMENT),
    metric("AR", Environmental, REQUIREMENT),
    metric("MAV", Environmental, &["X", "N", "A", "L", "P"]),
    metric("MAC", Environmental, &["X", "L", "H"]),
    metric("MPR", Environmental, &["X", "N", "L", "H"]),
    metric("MUI", Environmental, &["X", "N", "R"]),
    metric("MS", Environmental, &["X", "U", "C"]),
    metric("MC", Environmental, V3_MODIFIED_IMPACT),
    metric("MI", Environmental, V3_MODIFIED_IMPACT),
    metric("MA", Environmental, V3_MODIFIED_IMPACT),
];

const V4_IMPACT: &[&str] = &["H", "L", "N"];
const V4_MODIFIED_IMPACT: &[&str] = &["X", "H", "L", "N"];
const V4_SAFETY_IMPACT: &[&str] = &["X", "S", "H", "L", "N"];

const V4: &[Metric] = &[
    metric("AV", Base, &["N", "A", "L", "P"]),
    metric("AC", Base, &["L", "H"]),
    metric("AT", Base, &["N", "P"]),
    metric("PR", Base, &["N", "L", "H"]),
    metric("UI", Base, &["N", "P", "A"]),
    metric("VC", Base, V4_IMPACT),
    metric("VI", Base, V4_IMPACT),
    metric("VA", Base, V4_IMPACT),
    metric("SC", Base, V4_IMPACT),
    metric("SI", Base, V4_IMPACT),
    metric("SA", Base, V4_IMPACT),
    metric("E", Temporal, &["X", "A", "P", "U"]),
    metric("CR", Environmental, REQUIREMENT),
    metric("IR", Environmental, REQUIREMENT),
    metric("AR", Environmental, REQUIREMENT),
    metric("MAV", Environmental, &["X", "N", "A", "L", "P"]),
    metric("MAC", Environmental, &["X", "L", "H"]),
    metric("MAT", Environmental, &["X", "N", "P"]),
    metric("MPR", Environmental, &["X", "N", "L", "H"]),
    metric("MUI", Environmental, &["X", "N", "P", "A"]),
    metric("MVC", Environmental, V4_MODIFIED_IMPACT),
    metric("MVI", Environmental, V4_MODIFIED_IMPACT),
    metric("MVA", Environmental, V4_MODIFIED_IMPACT),
    metric("MSC", Environmental, V4_MODIFIED_IMPACT),
    metric("MSI", Environmental, V4_SAFETY_IMPACT),
    metric("MSA", Environmental, V4_SAFETY_IMPACT),
    metric("S", Supplemental, &["X", "N", "P"]),
    metric("AU", Supplemental, &["X", "N", "Y"]),
    metric("R", Supplemental, &["X", "A", "U", "I"]),
    metric("V", Supplemental, &["X", "D", "C"]),
    metric("RE", Supplemental, &["X", "L", "M", "H"]),
    metric("U", Supplemental, &["X", "Clear", "Green", "Amber", "Red"]),
];
