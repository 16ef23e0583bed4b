//! What a vector says about the way of the attack: the input for SSVC *automatable*.

use super::parse::Vector;
use super::{CvssError, CvssVersion};

/// From where the attack is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttackVector {
    /// From any network.
    Network,
    /// From the same network or radio range.
    Adjacent,
    /// On the machine itself.
    Local,
    /// By touching it (v3, v4).
    Physical,
}

/// The way of the attack, in the terms that all versions share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttackPoints {
    /// Written in which version.
    pub version: CvssVersion,
    /// From where.
    pub vector: AttackVector,
    /// True if no account and no authentication is needed (v3, v4 `PR:N`; v2 `Au:N`).
    pub no_privileges: bool,
    /// True if no other person must act. v2 has no such metric: `AC:L` excludes it (guide, table 2), for the other
    /// values it is unknown.
    pub no_user_interaction: Option<bool>,
    /// v4's supplemental metric `AU` (automatable), if the source states it.
    pub automatable: Option<bool>,
    /// Values of AV, PR (v2: Au) and UI (v2: AC) as in the vector.
    values: [&'static str; 3],
}

impl AttackPoints {
    /// Whether the attack can be automated: the source's own word (v4 `AU`), else network, no privileges and no user
    /// interaction together; `None` if the vector does not tell.
    pub fn is_automatable(&self) -> Option<bool> {
        if self.automatable.is_some() {
            return self.automatable;
        }
        if self.vector != AttackVector::Network || !self.no_privileges {
            return Some(false);
        }
        self.no_user_interaction
    }

    /// The metrics behind [`is_automatable`](Self::is_automatable), as in the vector: `AV:N/PR:N/UI:N`.
    pub fn evidence(&self) -> String {
        if let Some(automatable) = self.automatable {
            return format!("AU:{}", if automatable { "Y" } else { "N" });
        }
        let [vector, privileges, interaction] = self.values;
        if self.version == CvssVersion::V2 {
            format!("AV:{vector}/AC:{interaction}/Au:{privileges}")
        } else {
            format!("AV:{vector}/PR:{privileges}/UI:{interaction}")
        }
    }
}

/// Reads the way of the attack from a vector.
///
/// # Errors
/// As [`score`](super::score).
pub fn vector_points(vector: &str) -> Result<AttackPoints, CvssError> {
    let parsed = Vector::parse(vector)?;
    let version = parsed.version;
    let names = if version == CvssVersion::V2 { ["AV", "Au", "AC"] } else { ["AV", "PR", "UI"] };
    // All three are mandatory in their version, so a parsed vector has them.
    let values = names.map(|name| parsed.defined(name).unwrap_or_default());
    let [av, privileges, interaction] = values;
    let attack_vector = match av {
        "N" => AttackVector::Network,
        "A" => AttackVector::Adjacent,
        "L" => AttackVector::Local,
        _ => AttackVector::Physical,
    };
    let no_user_interaction = match version {
        CvssVersion::V2 if interaction == "L" => Some(true),
        CvssVersion::V2 => None,
        _ => Some(interaction == "N"),
    };
    Ok(AttackPoints {
        version,
        vector: attack_vector,
        no_privileges: privileges == "N",
        no_user_interaction,
        automatable: parsed.defined("AU").map(|value| value == "Y"),
        values,
    })
}
