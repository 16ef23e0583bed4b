//! The decision points of the deployer table and their values, in the order of the SSVC specification (mildest first).

use serde::{Deserialize, Serialize};

use crate::inventory::Exposure;

/// State of exploitation. Source: `ssvc:E:1.1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exploitation {
    /// No evidence of exploitation and no public proof of concept.
    None,
    /// A proof of concept is public, or the way of exploitation is well known.
    Poc,
    /// Used by real attackers.
    Active,
}

impl Exploitation {
    /// All, mildest first.
    pub const ALL: [Exploitation; 3] = [Exploitation::None, Exploitation::Poc, Exploitation::Active];

    /// The stable text form: `none`, `poc`, `active`.
    pub fn as_str(self) -> &'static str {
        match self {
            Exploitation::None => "none",
            Exploitation::Poc => "poc",
            Exploitation::Active => "active",
        }
    }

    /// Reads a source's value in any case and in the spellings seen in records: `none`, `poc`, `PoC`, `public poc`,
    /// `active`. `None` for anything else.
    pub fn read(text: &str) -> Option<Exploitation> {
        let text = text.trim();
        Exploitation::ALL.into_iter().find(|value| text.eq_ignore_ascii_case(value.as_str())).or_else(|| {
            ["public poc", "public-poc", "public_poc"]
                .iter()
                .any(|spelling| text.eq_ignore_ascii_case(spelling))
                .then_some(Exploitation::Poc)
        })
    }
}

/// Effect on patients and on the hospital's mission. Source: `ssvc:HI:2.0.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HumanImpact {
    /// Safety negligible, mission degraded or crippled.
    Low,
    /// Safety marginal, or one mission-essential function fails.
    Medium,
    /// Safety critical, or marginal while a mission-essential function fails.
    High,
    /// Safety catastrophic, or the mission fails.
    VeryHigh,
}

impl HumanImpact {
    /// All, mildest first.
    pub const ALL: [HumanImpact; 4] =
        [HumanImpact::Low, HumanImpact::Medium, HumanImpact::High, HumanImpact::VeryHigh];

    /// The stable text form: `low`, `medium`, `high`, `very-high`.
    pub fn as_str(self) -> &'static str {
        match self {
            HumanImpact::Low => "low",
            HumanImpact::Medium => "medium",
            HumanImpact::High => "high",
            HumanImpact::VeryHigh => "very-high",
        }
    }
}

/// A question of a decision table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionPoint {
    /// Is it exploited? `ssvc:E:1.1.0`
    Exploitation,
    /// How far does an attacker reach it? `ssvc:EXP:1.0.1`
    Exposure,
    /// Can the attack be automated? `ssvc:A:2.0.0`
    Automatable,
    /// What happens to people and to the hospital's work? `ssvc:HI:2.0.2`
    HumanImpact,
}

impl DecisionPoint {
    /// All, in the order of `ssvc:DT_DP:1.0.0`.
    pub const ALL: [DecisionPoint; 4] = [
        DecisionPoint::Exploitation,
        DecisionPoint::Exposure,
        DecisionPoint::Automatable,
        DecisionPoint::HumanImpact,
    ];

    /// The stable text form, as in tables and in [`PathStep::point`](super::PathStep::point).
    pub fn as_str(self) -> &'static str {
        match self {
            DecisionPoint::Exploitation => "exploitation",
            DecisionPoint::Exposure => "exposure",
            DecisionPoint::Automatable => "automatable",
            DecisionPoint::HumanImpact => "human-impact",
        }
    }

    /// Its values, mildest first.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            DecisionPoint::Exploitation => &["none", "poc", "active"],
            DecisionPoint::Exposure => &["small", "controlled", "open"],
            DecisionPoint::Automatable => &["no", "yes"],
            DecisionPoint::HumanImpact => &["low", "medium", "high", "very-high"],
        }
    }
}

/// An answer to every question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PointValues {
    /// State of exploitation.
    pub exploitation: Exploitation,
    /// Reach of an attacker.
    pub exposure: Exposure,
    /// Whether the attack can be automated.
    pub automatable: bool,
    /// Effect on people and mission.
    pub human_impact: HumanImpact,
}

impl PointValues {
    /// The index of the answer within [`DecisionPoint::values`].
    pub(super) fn index(&self, point: DecisionPoint) -> usize {
        match point {
            DecisionPoint::Exploitation => self.exploitation as usize,
            DecisionPoint::Exposure => self.exposure as usize,
            DecisionPoint::Automatable => usize::from(self.automatable),
            DecisionPoint::HumanImpact => self.human_impact as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_an_answer_points_to_its_text() {
        for (index, text) in DecisionPoint::Exploitation.values().iter().enumerate() {
            assert_eq!(Exploitation::ALL[index].as_str(), *text);
            assert_eq!(Exploitation::ALL[index] as usize, index);
        }
        for (index, text) in DecisionPoint::HumanImpact.values().iter().enumerate() {
            assert_eq!(HumanImpact::ALL[index].as_str(), *text);
            assert_eq!(HumanImpact::ALL[index] as usize, index);
        }
        for (index, exposure) in
            [Exposure::Small, Exposure::Controlled, Exposure::Open].into_iter().enumerate()
        {
            assert_eq!(DecisionPoint::Exposure.values()[index], exposure.as_str());
            assert_eq!(exposure as usize, index);
        }
    }

    #[test]
    fn values_of_records_are_read_in_any_case() {
        for (text, expected) in [
            ("none", Some(Exploitation::None)),
            ("None", Some(Exploitation::None)),
            ("PoC", Some(Exploitation::Poc)),
            ("public poc", Some(Exploitation::Poc)),
            ("Public PoC", Some(Exploitation::Poc)),
            (" ACTIVE ", Some(Exploitation::Active)),
            ("", None),
            ("unknown", None),
        ] {
            assert_eq!(Exploitation::read(text), expected, "{text:?}");
        }
    }
}
