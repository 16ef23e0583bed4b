//! Makers under their various names, and which software a piece of hardware runs.
//!
//! Without this dictionary an asset ledger matches nothing: it says "FortiGate-60F", advisories say "FortiOS".
//! The data is a pack (`catalog/devices/*.toml`) that users extend. Source: SPEC section ④-1.

use serde::{Deserialize, Serialize};

/// A maker and the names under which it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The name to which all others are folded.
    pub name: String,
    /// Other names: former names, Japanese spellings, misspellings seen in published data.
    pub aliases: Vec<String>,
}

/// Hardware of one maker runs a piece of software that advisories name instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HardwareRule {
    /// Maker of the hardware.
    pub maker: String,
    /// Model patterns: compared without case, blanks and punctuation; a trailing `*` stands for any rest.
    pub models: Vec<String>,
    /// Vendor as advisories name it.
    pub vendor: String,
    /// Product as advisories name it.
    pub product: String,
    /// CPE name of the product, version left open.
    pub cpe: Option<String>,
}

/// The dictionary as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeviceDictionary {
    /// Makers.
    pub makers: Vec<Maker>,
    /// Hardware → software.
    pub rules: Vec<HardwareRule>,
    /// Hardware that runs one of several: which one, its name does not tell. Such a device is undetermined until a
    /// person says it.
    #[serde(default)]
    pub possible: Vec<HardwareRule>,
}
