//! How much a scan did, where its report tells without listing its rules: a smaller scan does not show that anything went.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What a scan was told to do, in the tool's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    /// What was carried out: scripts, kinds of checks. More of them is a larger scan.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub carried_out: BTreeSet<String>,
    /// What else was set: policies, filters, limits. Which setting is the larger one is not told, so only the same ones compare.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub settings: BTreeSet<String>,
}

impl Profile {
    /// Notes something that was carried out.
    pub fn carry_out(profile: &mut Option<Self>, what: impl Into<String>) {
        profile.get_or_insert_default().carried_out.insert(what.into());
    }

    /// Notes a setting.
    pub fn set(profile: &mut Option<Self>, what: impl Into<String>) {
        profile.get_or_insert_default().settings.insert(what.into());
    }

    /// True if a scan with this profile did at least what one with the other did: the same, or more with the same settings. Neither tells:
    /// then nothing is known against it. Only one tells: then it is not known.
    pub fn covers(this: Option<&Self>, other: Option<&Self>) -> bool {
        match (this, other) {
            (None, None) => true,
            (Some(this), Some(other)) => {
                this.settings == other.settings && this.carried_out.is_superset(&other.carried_out)
            }
            _ => false,
        }
    }
}
