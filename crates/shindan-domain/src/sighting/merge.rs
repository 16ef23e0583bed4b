//! Observations of one thing become one: a device stands in an ARP table, a lease and a scan, and in each of them many
//! times. The result does not depend on the order of lines and files.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::known::folded;
use super::{LeaseState, MacAddress, Observed};

/// An observation with when and where.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// What was observed.
    pub observed: &'a Observed,
    /// When: its own time, else that of its file.
    pub at: Timestamp,
    /// Name of the network, if the person who brought the file named one.
    pub network: Option<&'a str>,
}

/// Everything that was observed of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub mac: Option<MacAddress>,
    /// With whether it was leased.
    pub addresses: BTreeMap<IpAddr, bool>,
    /// In the form in which they are compared, with how they were written.
    pub names: BTreeMap<String, String>,
    pub serials: BTreeSet<String>,
    pub vendors: BTreeSet<String>,
    pub ports: BTreeSet<String>,
    /// By time, so that the last one counts.
    pub versions: BTreeSet<(Timestamp, String)>,
    pub networks: BTreeSet<String>,
    pub last: Timestamp,
}

impl Thing {
    fn new(mac: Option<MacAddress>) -> Self {
        Thing {
            mac,
            addresses: BTreeMap::new(),
            names: BTreeMap::new(),
            serials: BTreeSet::new(),
            vendors: BTreeSet::new(),
            ports: BTreeSet::new(),
            versions: BTreeSet::new(),
            networks: BTreeSet::new(),
            last: Timestamp::MIN,
        }
    }

    fn add(&mut self, sight: &Sight<'_>) {
        let Observed { addresses, names, serial, vendor, port, version, lease, .. } = sight.observed;
        for address in addresses.iter().filter(|address| is_of_device(**address)) {
            *self.addresses.entry(*address).or_default() |= lease.is_some();
        }
        for name in names {
            // Of several ways of writing the smallest is kept, whatever comes first.
            let known = self.names.entry(folded(name)).or_insert_with(|| name.clone());
            if name < known {
                known.clone_from(name);
            }
        }
        self.names.remove("");
        self.serials.extend(serial.clone());
        self.vendors.extend(vendor.clone());
        self.ports.extend(port.clone());
        self.versions.extend(version.clone().map(|version| (sight.at, version)));
        self.networks.extend(sight.network.map(str::to_owned));
        self.last = self.last.max(sight.at);
    }

    /// True if one of its addresses was leased: then none of its addresses says where it belongs.
    pub(super) fn leases(&self) -> bool {
        self.addresses.values().any(|leased| *leased)
    }
}

/// Addresses that belong to one device on a network. Those that every device gives itself say nothing.
fn is_of_device(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !(address.is_loopback()
                || address.is_multicast()
                || address.is_broadcast()
                || address.is_unspecified()
                || address.is_link_local())
        }
        IpAddr::V6(address) => {
            let link_local = address.segments()[0] & 0xffc0 == 0xfe80;
            !(address.is_loopback() || address.is_multicast() || address.is_unspecified() || link_local)
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Mac(MacAddress),
    Serial(String),
    Name(String),
    Address(IpAddr),
}

/// One thing for each identity: hardware address, else serial number, else name, else address. An observation without a
/// hardware address (a scan through a router) is joined to the one thing that had its address in the same import.
pub(super) fn merge(sights: &[Sight<'_>]) -> Vec<Thing> {
    let owners = owners(sights);
    let mut things: BTreeMap<Identity, Thing> = BTreeMap::new();
    for sight in sights {
        let observed = sight.observed;
        let ended = observed.lease.is_some_and(|lease| lease.state == LeaseState::Ended);
        let group = observed.mac.is_some_and(|mac| !mac.is_device());
        if ended || group {
            continue;
        }
        let Some(identity) = identity(observed, &owners) else { continue };
        let mac = match identity {
            Identity::Mac(mac) => Some(mac),
            _ => None,
        };
        things.entry(identity).or_insert_with(|| Thing::new(mac)).add(sight);
    }
    things.into_values().collect()
}

fn identity(observed: &Observed, owners: &BTreeMap<IpAddr, Option<MacAddress>>) -> Option<Identity> {
    let owner = || {
        let all: BTreeSet<MacAddress> =
            observed.addresses.iter().filter_map(|address| owners.get(address).copied().flatten()).collect();
        (all.len() == 1).then(|| all.first().copied()).flatten()
    };
    let name = || observed.names.iter().map(|name| folded(name)).filter(|name| !name.is_empty()).min();
    let address = || observed.addresses.iter().copied().find(|address| is_of_device(*address));
    (observed.mac.or_else(owner).map(Identity::Mac))
        .or_else(|| observed.serial.as_deref().map(folded).map(Identity::Serial))
        .or_else(|| name().map(Identity::Name))
        .or_else(|| address().map(Identity::Address))
}

/// Which hardware address had an address; `None` if several had.
fn owners(sights: &[Sight<'_>]) -> BTreeMap<IpAddr, Option<MacAddress>> {
    let mut owners: BTreeMap<IpAddr, Option<MacAddress>> = BTreeMap::new();
    for observed in sights.iter().map(|sight| sight.observed) {
        let Some(mac) = observed.mac.filter(|mac| mac.is_device()) else { continue };
        for address in &observed.addresses {
            let owner = owners.entry(*address).or_insert(Some(mac));
            if *owner != Some(mac) {
                *owner = None;
            }
        }
    }
    owners
}
