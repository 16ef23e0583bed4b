//! The visible policy: thresholds and defaults for inputs that are missing. Data, versioned, never constants in code.

use serde::{Deserialize, Serialize};

use super::{Decision, Exploitation, HumanImpact, Probability};
use crate::identifier::FindingKind;
use crate::inventory::{AssetKind, Exposure};
use crate::localised::Localised;

/// A policy that a hospital or provider has set. People write it as TOML (`catalog/policy/default.toml`), which is read with everything that may be wrong
/// told; the form of serde is that of the prepared one alone (`catalog/policy/prepared.json`), which a test compares with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Identifier, such as `shindan-default`.
    pub id: String,
    /// Version of the policy; changes with every change of a value.
    pub version: String,
    /// Name for people.
    pub title: Localised,
    /// Identifier of the decision table it is written for.
    pub table: String,
    /// How *exploitation* is answered.
    pub exploitation: ExploitationRule,
    /// How *exposure* is answered.
    pub exposure: ExposureRule,
    /// How *automatable* is answered.
    pub automatable: AutomatableRule,
    /// How *human impact* is answered.
    pub human_impact: HumanImpactRule,
    /// Outcomes for findings that are no vulnerabilities.
    pub kinds: KindRules,
}

/// KEV first, then CISA's SSVC point, then EPSS, then the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploitationRule {
    /// Listed in CISA's KEV catalogue.
    pub kev: Exploitation,
    /// EPSS counts from this probability on.
    pub epss_threshold: Probability,
    /// The value that such an EPSS gives.
    pub epss_at_or_above: Exploitation,
    /// Whether such an EPSS also raises a milder SSVC point. SSVC points are set once, EPSS changes daily.
    pub epss_raises_ssvc: bool,
    /// Nothing is known.
    pub default: Exploitation,
}

/// The ledger's 公開範囲 first, then the kind of asset, then the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposureRule {
    /// If the ledger is silent.
    pub by_kind: ByKind<Exposure>,
    /// If the kind is unknown, too.
    pub default: Exposure,
}

/// CISA's SSVC point first, then CVSS, then the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomatableRule {
    /// Nothing is known.
    pub default: bool,
}

/// By the kind of asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanImpactRule {
    /// For assets of a known kind.
    pub by_kind: ByKind<HumanImpact>,
    /// For software lists without an asset, and for unknown kinds.
    pub default: HumanImpact,
}

/// A value per kind of asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByKind<T>([Option<T>; AssetKind::ALL.len()]);

impl<T: Copy> ByKind<T> {
    /// No kind has a value.
    pub fn empty() -> Self {
        ByKind([None; AssetKind::ALL.len()])
    }

    /// Sets the value of a kind; returns the one that was there.
    pub fn set(&mut self, kind: AssetKind, value: T) -> Option<T> {
        self.0.get_mut(kind as usize).and_then(|slot| slot.replace(value))
    }

    /// The value of a kind.
    pub fn get(&self, kind: AssetKind) -> Option<T> {
        self.0.get(kind as usize).copied().flatten()
    }
}

/// Outcomes for findings that are no vulnerabilities, by exposure (small, controlled, open). No exploitation and no
/// CVSS is known for them, so the decision table would only see defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRules {
    /// 設定不備
    pub misconfiguration: [Decision; 3],
    /// No longer maintained.
    pub unmaintained: [Decision; 3],
    /// Unsound interface.
    pub unsound: [Decision; 3],
    /// The maker's support has ended.
    pub end_of_life: [Decision; 3],
}

impl KindRules {
    /// The outcome; `None` for vulnerabilities, which the decision table decides.
    pub fn outcome(&self, kind: FindingKind, exposure: Exposure) -> Option<Decision> {
        let row = match kind {
            FindingKind::Vulnerability => return None,
            // A use that nobody foresaw is a device that is set up for something else than it is fit for.
            // So is a data exchange without a check.
            FindingKind::Misconfiguration | FindingKind::UseDiffers | FindingKind::IntegrityUnchecked => {
                self.misconfiguration
            }
            FindingKind::Unmaintained => self.unmaintained,
            FindingKind::Unsound => self.unsound,
            FindingKind::EndOfLife => self.end_of_life,
        };
        let [small, controlled, open] = row;
        Some(match exposure {
            Exposure::Small => small,
            Exposure::Controlled => controlled,
            Exposure::Open => open,
        })
    }
}
