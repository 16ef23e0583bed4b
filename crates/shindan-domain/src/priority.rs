//! What to do first: SSVC decision tables as data, inputs with their origin, and the path taken as the result.
//!
//! Source: SSVC "Deployer Patch Application Priority" 1.0.0 (`ssvc:DT_DP:1.0.0`).
//!
//! Nothing is decided by a constant in code: the outcome per combination stands in a [`DecisionTable`], the thresholds
//! and defaults in a [`Policy`]; both are data files that a hospital can read and replace (`catalog/policy/`).

mod decide;
mod point;
mod policy;
mod probability;
mod table;

pub use decide::{PriorityInputs, decide};
pub use point::{DecisionPoint, Exploitation, HumanImpact, PointValues};
pub use policy::{
    AutomatableRule, ByKind, ExploitationRule, ExposureRule, HumanImpactRule, KindRules, Policy,
};
pub use probability::{Probability, ProbabilityError};
pub use table::{DecisionTable, TableError};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The outcome, most urgent first. Source: `ssvc:DSOI:1.0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// 即時: act now, outside normal operations if need be.
    Immediate,
    /// 臨時: act sooner than usual.
    OutOfCycle,
    /// 定期: act within the regular maintenance.
    Scheduled,
    /// 見送り: do not act at present.
    Defer,
}

impl Decision {
    /// All, most urgent first.
    pub const ALL: [Decision; 4] =
        [Decision::Immediate, Decision::OutOfCycle, Decision::Scheduled, Decision::Defer];

    /// 0 for immediate to 3 for defer.
    pub fn rank(self) -> usize {
        match self {
            Decision::Immediate => 0,
            Decision::OutOfCycle => 1,
            Decision::Scheduled => 2,
            Decision::Defer => 3,
        }
    }

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Immediate => "immediate",
            Decision::OutOfCycle => "out-of-cycle",
            Decision::Scheduled => "scheduled",
            Decision::Defer => "defer",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown priority \"{0}\"; one of immediate, out-of-cycle, scheduled, defer")]
pub struct UnknownDecision(pub String);

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Decision::ALL.into_iter().find(|d| d.as_str() == text).ok_or_else(|| UnknownDecision(text.to_owned()))
    }
}

/// One decision point on the path: its value and where the value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// `exploitation`, `exposure`, `automatable`, `human-impact`; `finding-kind` for findings that are no
    /// vulnerabilities.
    pub point: &'static str,
    /// The value taken (`active`, `open`, `yes`, `very-high`, `unmaintained` …).
    pub value: &'static str,
    /// Where it came from: `kev`, `cisa-ssvc`, `epss`, `cvss`, `asset-exposure`, `asset-kind`, `policy-rule`,
    /// `policy-default`.
    pub origin: &'static str,
    /// The fact behind it, untranslated: `KEV 2024-02-09`, `EPSS 0.97567`, `AV:N/PR:N/UI:N`, the ledger's text.
    pub evidence: String,
    /// True if no input was there and the policy's default was taken.
    pub defaulted: bool,
}

/// Every value that [`PathStep::origin`] can have. The words of each language are tested against this.
pub const ORIGINS: [&str; 8] = [
    origin::KEV,
    origin::CISA_SSVC,
    origin::EPSS,
    origin::CVSS,
    origin::ASSET_EXPOSURE,
    origin::ASSET_KIND,
    origin::POLICY_RULE,
    origin::POLICY_DEFAULT,
];

/// Every value that [`PathStep::point`] can have.
pub const POINTS: [&str; 5] = ["exploitation", "exposure", "automatable", "human-impact", FINDING_KIND];

/// The step of findings that are no vulnerabilities.
const FINDING_KIND: &str = "finding-kind";

mod origin {
    pub(super) const KEV: &str = "kev";
    pub(super) const CISA_SSVC: &str = "cisa-ssvc";
    pub(super) const EPSS: &str = "epss";
    pub(super) const CVSS: &str = "cvss";
    pub(super) const ASSET_EXPOSURE: &str = "asset-exposure";
    pub(super) const ASSET_KIND: &str = "asset-kind";
    pub(super) const POLICY_RULE: &str = "policy-rule";
    pub(super) const POLICY_DEFAULT: &str = "policy-default";
}
