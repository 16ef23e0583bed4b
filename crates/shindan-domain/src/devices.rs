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

/// What a person said once about a maker and model, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Maker as the ledger writes it; other spellings of the same maker are meant, too.
    pub maker: String,
    /// Model as the ledger writes it; other spellings are meant, too.
    pub model: String,
    /// What it is.
    pub identity: ConfirmedIdentity,
    /// Products of similar name that it is *not*: they are no longer asked about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<PublishedProduct>,
}

/// What a maker and model are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmedIdentity {
    /// These products of published advisories; one or more.
    Products(Vec<PublishedProduct>),
    /// No advisory names it; a person judges it, for the reason given. It stays listed as such.
    JudgedByHand {
        /// Why, in the person's own words.
        reason: String,
    },
}

/// A product as advisories name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PublishedProduct {
    /// By vendor and name, as in CSAF and CVE records.
    Named {
        /// `Fortinet`
        vendor: String,
        /// `FortiOS`
        product: String,
    },
    /// By CPE name (2.2 or 2.3); its version is not used.
    Cpe {
        /// `cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*`
        cpe: String,
    },
}

impl std::fmt::Display for PublishedProduct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PublishedProduct::Named { vendor, product } => write!(f, "{vendor} / {product}"),
            PublishedProduct::Cpe { cpe } => f.write_str(cpe),
        }
    }
}
