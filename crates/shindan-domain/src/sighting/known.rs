//! Devices that are known, as a comparison needs them, and how an observed thing is found among them.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::MacAddress;
use super::merge::Thing;
use crate::ledger::Stream;
use crate::terms;

terms! {
    /// By what an observed thing was found to be a known device, the strongest first.
    pub enum MatchBasis ("sighting-basis") {
        /// Hardware address.
        Mac = "mac",
        /// Serial number.
        Serial = "serial",
        /// Host name.
        Name = "name",
        /// Fixed address. Weak: another device may have taken it.
        Address = "address",
    }
}

/// Whether a known device may be on the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownState {
    /// It may.
    InUse,
    /// Stopped, retired or disposed of: it must not be seen.
    Retired {
        /// Since when. `None`: not known, so that every sighting counts.
        since: Option<Timestamp>,
        /// When somebody last confirmed that it is disconnected.
        disconnected: Option<Timestamp>,
    },
}

/// A device that the register or a dossier knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    /// Its record, if it has one.
    pub stream: Option<Stream>,
    /// Identifies it here: its key in the register, or [`KnownDevice::former_key`] of one that another one replaced.
    pub key: String,
    /// Its key in the register. A device that was replaced shares it with its successor.
    pub register_key: String,
    /// What people call it.
    pub label: String,
    /// Its hardware addresses.
    pub macs: BTreeSet<MacAddress>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its fixed addresses. None for a device that leases them.
    pub addresses: BTreeSet<IpAddr>,
    /// Its host names.
    pub names: BTreeSet<String>,
    /// The network on which it stands, by name.
    pub network: Option<String>,
    /// Its firmware, as registered.
    pub firmware: Option<String>,
    /// Whether it may be seen.
    pub state: KnownState,
}

impl KnownDevice {
    /// What identifies a device here whose place in the register another one has taken: its dossier.
    pub fn former_key(register_key: &str, dossier: Stream) -> String {
        format!("{register_key}#{}", dossier.id.hyphenated())
    }

    /// True if another device has taken its place in the register.
    pub fn is_former(&self) -> bool {
        self.key != self.register_key
    }

    /// True if anything is known by which a network could show it.
    pub fn is_recognisable(&self) -> bool {
        MatchBasis::ALL.iter().any(|basis| self.is_shown_by(*basis))
    }

    /// True if it is known by this.
    pub(super) fn is_shown_by(&self, basis: MatchBasis) -> bool {
        match basis {
            MatchBasis::Mac => !self.macs.is_empty(),
            MatchBasis::Serial => self.serial.is_some(),
            MatchBasis::Name => !self.names.is_empty(),
            MatchBasis::Address => !self.addresses.is_empty(),
        }
    }

    /// True if it may be on the network.
    pub fn is_in_use(&self) -> bool {
        self.state == KnownState::InUse
    }

    /// Adds what a person said that it is, too: the identity of an unknown device that was registered as this one.
    pub fn is_also(&mut self, identity: &str) {
        match identity.split_once(':') {
            Some(("mac", mac)) => self.macs.extend(mac.parse::<MacAddress>()),
            Some(("name", name)) => drop(self.names.insert(name.to_owned())),
            Some(("serial", serial)) if self.serial.is_none() => self.serial = Some(serial.to_owned()),
            Some(("address", address)) => self.addresses.extend(address.parse::<IpAddr>()),
            _ => {}
        }
    }

    /// True if a sighting at this time goes against its state.
    pub(super) fn must_not_be_seen(&self, at: Timestamp) -> bool {
        match self.state {
            KnownState::InUse => false,
            KnownState::Retired { since, disconnected } => {
                since.is_none_or(|since| at > since) && disconnected.is_none_or(|confirmed| at > confirmed)
            }
        }
    }

    /// Its own address is another one than that of a thing: then it is another device.
    fn is_other_than(&self, mac: Option<MacAddress>) -> bool {
        let known = self.macs.iter().any(|mac| !mac.is_local());
        mac.is_some_and(|mac| known && !mac.is_local() && !self.macs.contains(&mac))
    }
}

/// Keys of devices by their dossiers.
pub(super) fn by_dossier(devices: &[KnownDevice]) -> BTreeMap<Stream, &str> {
    devices.iter().filter_map(|device| Some((device.stream?, device.key.as_str()))).collect()
}

/// How a thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It is this device (index).
    Device(usize, MatchBasis),
    /// It has the name of this device and another hardware address: a second card of it, or another device.
    OtherMac(usize),
    /// Several devices in use have its name.
    Ambiguous,
    /// It is none; it has the fixed address of this retired device, if there is one.
    Nothing(Option<usize>),
}

/// Known devices by everything that identifies them.
pub(super) struct Lookup<'a> {
    devices: &'a [KnownDevice],
    macs: BTreeMap<MacAddress, Vec<usize>>,
    serials: BTreeMap<String, Vec<usize>>,
    names: BTreeMap<String, Vec<usize>>,
    addresses: BTreeMap<IpAddr, Vec<usize>>,
}

/// A name as it is compared: without case, and without the dot at its end.
pub(super) fn folded(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// The part before the first dot: names are registered with and without their domain.
fn short(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

impl<'a> Lookup<'a> {
    pub(super) fn of(devices: &'a [KnownDevice]) -> Self {
        let mut lookup = Lookup {
            devices,
            macs: BTreeMap::new(),
            serials: BTreeMap::new(),
            names: BTreeMap::new(),
            addresses: BTreeMap::new(),
        };
        for (at, device) in devices.iter().enumerate() {
            for mac in &device.macs {
                lookup.macs.entry(*mac).or_default().push(at);
            }
            if let Some(serial) = device.serial.as_deref().map(folded).filter(|serial| !serial.is_empty()) {
                lookup.serials.entry(serial).or_default().push(at);
            }
            let full = device.names.iter().map(|name| folded(name));
            let both: BTreeSet<String> = full
                .flat_map(|name| [short(&name).to_owned(), name])
                .filter(|name| !name.is_empty())
                .collect();
            for name in both {
                lookup.names.entry(name).or_default().push(at);
            }
            for address in &device.addresses {
                lookup.addresses.entry(*address).or_default().push(at);
            }
        }
        lookup
    }

    /// Which device a thing is: by hardware address, then serial number, then name, then fixed address. Of several, one in
    /// use goes first: whoever replaces a device takes over its name and address.
    pub(super) fn find(&self, thing: &Thing) -> Found {
        let by_mac = thing.mac.and_then(|mac| self.macs.get(&mac)).and_then(|all| self.first(all));
        if let Some(at) = by_mac {
            return Found::Device(at, MatchBasis::Mac);
        }
        let serials = thing.serials.iter().filter_map(|serial| self.serials.get(&folded(serial)));
        if let Some(at) = serials.filter_map(|all| self.first(all)).min() {
            return Found::Device(at, MatchBasis::Serial);
        }
        match self.by_name(thing) {
            Found::Nothing(_) => self.by_address(thing),
            found => found,
        }
    }

    fn first(&self, all: &[usize]) -> Option<usize> {
        let in_use = all.iter().find(|at| self.devices.get(**at).is_some_and(KnownDevice::is_in_use));
        in_use.or(all.first()).copied()
    }

    fn by_name(&self, thing: &Thing) -> Found {
        let named = |name: &String| self.names.get(name).or_else(|| self.names.get(short(name)));
        let all: BTreeSet<usize> = thing.names.keys().filter_map(named).flatten().copied().collect();
        let of = |at: &usize| self.devices.get(*at);
        let in_use: Vec<usize> =
            all.iter().filter(|at| of(at).is_some_and(KnownDevice::is_in_use)).copied().collect();
        match in_use.as_slice() {
            [one] if of(one).is_some_and(|device| device.is_other_than(thing.mac)) => Found::OtherMac(*one),
            [one] => Found::Device(*one, MatchBasis::Name),
            [] => {
                // A retired device whose own address is another one is not this one: its name was given away.
                let same =
                    all.iter().find(|at| of(at).is_some_and(|device| !device.is_other_than(thing.mac)));
                same.map_or(Found::Nothing(None), |at| Found::Device(*at, MatchBasis::Name))
            }
            _ => Found::Ambiguous,
        }
    }

    fn by_address(&self, thing: &Thing) -> Found {
        let mut retired = None;
        for (address, leased) in &thing.addresses {
            if *leased {
                continue;
            }
            let all = self.addresses.get(address).map(Vec::as_slice).unwrap_or_default();
            for at in all {
                let Some(device) = self.devices.get(*at) else { continue };
                if device.is_other_than(thing.mac) {
                    continue;
                }
                if device.is_in_use() {
                    return Found::Device(*at, MatchBasis::Address);
                }
                retired = retired.or(Some(*at));
            }
        }
        Found::Nothing(retired)
    }
}
