//! By what a device is known on a network, for comparison with what was seen there.

// Of `core`: a value, no access to a network.
use core::net::IpAddr;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::process::{Label, ReasonCode, Refusal};

/// A MAC address (EUI-48, IEEE 802): six bytes, written as `00:1b:78:aa:bb:cc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MacAddress([u8; 6]);

/// The text is no MAC address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a MAC address")]
pub struct NotAMacAddress(pub String);

impl MacAddress {
    /// Its six bytes.
    pub fn bytes(self) -> [u8; 6] {
        self.0
    }
}

impl FromStr for MacAddress {
    type Err = NotAMacAddress;

    /// Reads `00:1B:78:AA:BB:CC`, `00-1B-78-AA-BB-CC`, `001b.78aa.bbcc` and `001b78aabbcc`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAMacAddress(text.to_owned());
        let trimmed = text.trim();
        let digits: String = trimmed.chars().filter(|letter| !matches!(letter, ':' | '-' | '.')).collect();
        let separated = [12, 14, 17].contains(&trimmed.len());
        if !separated || digits.len() != 12 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let number = u64::from_str_radix(&digits, 16).map_err(|_| wrong())?;
        let [_, _, bytes @ ..] = number.to_be_bytes();
        Ok(MacAddress(bytes))
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl TryFrom<String> for MacAddress {
    type Error = NotAMacAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(mac: MacAddress) -> String {
        mac.to_string()
    }
}

/// By what a device is known on a network, and which software it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NetworkIdentity {
    /// Addresses of its network cards.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub macs: BTreeSet<MacAddress>,
    /// Fixed IP addresses.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub addresses: BTreeSet<IpAddr>,
    /// It gets its address from a DHCP server: an address says nothing about which device it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dhcp: bool,
    /// Host names, in lower case.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub host_names: BTreeSet<String>,
    /// Serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Firmware or software version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
}

impl NetworkIdentity {
    /// Reads what a person wrote. `addresses`: IP addresses, or `dhcp`.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceNetworkInvalid`] with the field and the value.
    pub fn read(macs: &[String], addresses: &[String], host_names: &[String]) -> Result<Self, Refusal> {
        let mut identity = NetworkIdentity::default();
        for text in macs {
            let mac = text.parse().map_err(|_| invalid(Label::DeviceMacs, text))?;
            identity.macs.insert(mac);
        }
        for text in addresses.iter().map(|text| text.trim()) {
            if text.eq_ignore_ascii_case("dhcp") {
                identity.dhcp = true;
                continue;
            }
            let address = text.parse().map_err(|_| invalid(Label::DeviceAddresses, text))?;
            identity.addresses.insert(address);
        }
        for text in host_names {
            let name = text.trim().trim_end_matches('.').to_lowercase();
            if name.is_empty() || name.chars().any(char::is_whitespace) {
                return Err(invalid(Label::DeviceHostNames, text));
            }
            identity.host_names.insert(name);
        }
        Ok(identity)
    }
}

fn invalid(field: Label, value: &str) -> Refusal {
    Refusal::new(ReasonCode::DeviceNetworkInvalid).with("field", field.as_str()).with("value", value)
}
