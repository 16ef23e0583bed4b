//! By what a device is known on a network, for comparison with what was seen there.

// Of `core`: a value, no access to a network.
use core::net::IpAddr;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use crate::sighting::{MacAddress, NotAMacAddress};

use crate::process::{Label, ReasonCode, Refusal};

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
