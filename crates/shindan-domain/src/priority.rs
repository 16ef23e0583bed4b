//! What to do first: SSVC decision tables as data, inputs with their origin, and the path taken as the result.
//!
//! Source: SSVC "Deployer Patch Application Priority" 1.0.0 (`ssvc:DT_DP:1.0.0`).

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
    /// `exploitation`, `exposure`, `automatable`, `human-impact`
    pub point: &'static str,
    /// The value taken (`active`, `open`, `yes`, `very-high` …).
    pub value: &'static str,
    /// Where it came from: `kev`, `cisa-ssvc`, `epss`, `cvss`, `asset-exposure`, `asset-kind`, `policy-default`.
    pub origin: &'static str,
    /// The fact behind it, untranslated: `KEV 2024-02-09`, `EPSS 0.97567`, `AV:N/PR:N/UI:N`, the ledger's text.
    pub evidence: String,
    /// True if no input was there and the policy's default was taken.
    pub defaulted: bool,
}
