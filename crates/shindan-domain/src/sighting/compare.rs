//! What was seen beside what is known. Pure: the order of lines and files and repetitions make no difference, and there is
//! at most one discrepancy of a kind for each device.
//!
//! An address says little: leases move from device to device. It never makes a device known or unknown by itself where it
//! was leased, and where nothing but an address was seen the answer is a doubt with a count.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::known::{Found, KnownDevice, Lookup, MatchBasis};
use super::merge::{Sight, Thing, merge};
use super::{IpRange, MacAddress};
use crate::ledger::Stream;
use crate::process::{Reason, ReasonCode};
use crate::terms;

/// So many addresses, names and examples are kept at most.
const EXAMPLES: usize = 5;
const DAY: i64 = 24 * 60 * 60;

terms! {
    /// What does not fit. The most urgent first.
    pub enum SightingKind ("sighting-kind") {
        /// 停止・廃棄したはずの機器: stopped, retired or disposed of, and seen.
        RetiredSeen = "retired-seen",
        /// 未登録機器: seen, and not registered.
        UnknownDevice = "unknown-device",
        /// Not registered, under a hardware address of its own making: known by its host name only.
        RandomisedDevice = "randomised-device",
        /// 長期未検出: registered, and not seen for long on a network that was watched.
        NotSeen = "not-seen",
        /// Another version of firmware than the registered one.
        FirmwareChanged = "firmware-changed",
        /// Another address than its fixed one.
        AddressChanged = "address-changed",
    }
}

impl SightingKind {
    /// True for a device that is not registered.
    pub fn is_unregistered(self) -> bool {
        matches!(self, SightingKind::UnknownDevice | SightingKind::RandomisedDevice)
    }
}

/// What was seen of a device.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Its hardware address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<MacAddress>,
    /// Its addresses, the first few.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub addresses: BTreeSet<IpAddr>,
    /// Its names, the first few, as written.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub names: BTreeSet<String>,
    /// Maker of the hardware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Port of a switch or interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Version of firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Network, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// When it was last seen. `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

impl Evidence {
    /// This, with what was seen later or at the same time. What a file does not tell, another one told: a scan through a
    /// router has no hardware addresses. At the same time, what is known stays.
    pub(super) fn followed_by(&self, new: &Evidence) -> Evidence {
        let later = new.last_seen > self.last_seen;
        let either = |old: &Option<String>, new: &Option<String>| {
            let (first, second) = if later { (new, old) } else { (old, new) };
            first.clone().or_else(|| second.clone())
        };
        Evidence {
            mac: self.mac.or(new.mac),
            addresses: if later || self.addresses.is_empty() {
                new.addresses.clone()
            } else {
                self.addresses.clone()
            },
            names: self.names.union(&new.names).take(EXAMPLES).cloned().collect(),
            vendor: either(&self.vendor, &new.vendor),
            port: either(&self.port, &new.port),
            version: either(&self.version, &new.version),
            network: either(&self.network, &new.network),
            last_seen: self.last_seen.max(new.last_seen),
        }
    }
}

/// The device that a discrepancy is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// Its record, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<Stream>,
    /// Its key in the register.
    pub key: String,
    /// What people call it.
    pub label: String,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// What.
    pub kind: SightingKind,
    /// What it is known by: `mac:…`, `serial:…`, `name:…`, `address:…` of an unknown device, the key of a known one. There is
    /// one record for each kind and identity; a known device that is replaced later keeps its records ([`Sighting::known_as`]).
    ///
    /// [`Sighting::known_as`]: super::Sighting::known_as
    pub identity: String,
    /// The known device; for an unknown one the device whose name it has, or the retired one whose fixed address it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Suspect>,
    /// By what the device was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<MatchBasis>,
    /// What was registered instead: version or addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<String>,
    /// What was seen.
    pub evidence: Evidence,
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Things that were seen, each once.
    pub seen: u64,
    /// How many of them are known.
    pub known: u64,
    /// What does not fit, sorted.
    pub discrepancies: Vec<Discrepancy>,
    /// What could not be judged, each kind once with its count.
    pub doubts: Vec<Reason>,
    /// When each known device (by its key) was last seen.
    pub last_seen: BTreeMap<String, Timestamp>,
    /// Identities of things that are known, with the register's key: what was unknown and is no more.
    pub identified: BTreeMap<String, String>,
    /// Names (`name:…`) of unknown things that are known by their hardware address, with that.
    pub also_called: BTreeMap<String, String>,
    /// Known devices (register's key) whose version, or whose address, was seen and compared.
    pub compared: BTreeSet<(SightingKind, String)>,
}

/// Compares what was seen with what is known.
pub fn compare(sights: &[Sight<'_>], devices: &[KnownDevice]) -> Comparison {
    let lookup = Lookup::of(devices);
    let mut judging = Judging::default();
    for thing in merge(sights) {
        judging.result.seen += 1;
        match lookup.find(&thing) {
            Found::Device(at, basis) => judging.known(&thing, devices.get(at), basis),
            Found::Ambiguous => judging.ambiguous.push(label(&thing)),
            Found::OtherMac(at) => judging.unknown(&thing, devices.get(at), MatchBasis::Name),
            Found::Nothing(retired) => {
                judging.unknown(&thing, retired.and_then(|at| devices.get(at)), MatchBasis::Address);
            }
        }
    }
    judging.finish()
}

#[derive(Default)]
struct Judging {
    result: Comparison,
    /// By kind and identity: a device may be seen as several things.
    found: BTreeMap<(SightingKind, String), Discrepancy>,
    randomised: Vec<String>,
    address_only: Vec<String>,
    ambiguous: Vec<String>,
    weak: Vec<String>,
    /// Devices that were seen at a fixed address of theirs.
    in_place: BTreeSet<String>,
}

impl Judging {
    fn known(&mut self, thing: &Thing, device: Option<&KnownDevice>, basis: MatchBasis) {
        let Some(device) = device else { return };
        self.result.known += 1;
        let last = self.result.last_seen.entry(device.key.clone()).or_insert(thing.last);
        *last = (*last).max(thing.last);
        let names = thing.names.keys().map(|name| format!("name:{name}"));
        for identity in identity(thing).into_iter().chain(names) {
            self.result.identified.insert(identity, device.key.clone());
        }
        if basis == MatchBasis::Address {
            self.weak.push(label(thing));
        }
        if device.must_not_be_seen(thing.last) {
            self.add(SightingKind::RetiredSeen, thing, device, basis, None);
        }
        if !device.is_in_use() {
            return;
        }
        if let Some(registered) = &device.firmware
            && let Some((_, version)) = thing.versions.last()
        {
            self.result.compared.insert((SightingKind::FirmwareChanged, device.key.clone()));
            if !is_same_version(registered, version) {
                self.add(SightingKind::FirmwareChanged, thing, device, basis, Some(registered.clone()));
            }
        }
        if basis != MatchBasis::Address {
            self.address(thing, device, basis);
        }
    }

    /// A fixed address that changed. Where addresses are leased, changes are no result.
    fn address(&mut self, thing: &Thing, device: &KnownDevice, basis: MatchBasis) {
        let same_family =
            |address: &IpAddr| device.addresses.iter().any(|a| a.is_ipv4() == address.is_ipv4());
        let seen: Vec<&IpAddr> = thing.addresses.keys().filter(|address| same_family(address)).collect();
        if seen.is_empty() || thing.leases() {
            return;
        }
        self.result.compared.insert((SightingKind::AddressChanged, device.key.clone()));
        if seen.iter().any(|address| device.addresses.contains(address)) {
            self.in_place.insert(device.key.clone());
            return;
        }
        let registered: Vec<String> = device.addresses.iter().map(ToString::to_string).collect();
        self.add(SightingKind::AddressChanged, thing, device, basis, Some(registered.join(", ")));
    }

    /// `resembles`: the known device whose name it has, or the retired one whose fixed address it has.
    fn unknown(&mut self, thing: &Thing, resembles: Option<&KnownDevice>, by: MatchBasis) {
        if thing.mac.is_some_and(MacAddress::is_local) {
            self.randomised(thing, resembles, by);
            return;
        }
        let address = || {
            let own = |address: &&IpAddr| resembles.is_some_and(|device| device.addresses.contains(*address));
            thing.addresses.keys().find(own).map(|address| format!("address:{address}"))
        };
        let identity = match (identity(thing), resembles) {
            (Some(identity), _) => identity,
            // The fixed address of a retired device: registered addresses are few, so that this is no flood.
            (None, Some(_)) => address().unwrap_or_default(),
            (None, None) => {
                self.address_only.push(label(thing));
                return;
            }
        };
        if thing.mac.is_some() {
            let names = thing.names.keys().map(|name| format!("name:{name}"));
            self.result.also_called.extend(names.map(|name| (name, identity.clone())));
        }
        self.put(Discrepancy {
            kind: SightingKind::UnknownDevice,
            identity,
            device: resembles.map(suspect),
            basis: resembles.map(|_| by),
            registered: None,
            evidence: evidence(thing),
        });
    }

    /// Its hardware address is another one tomorrow: it has one record for its host name, and is counted if it has none.
    fn randomised(&mut self, thing: &Thing, resembles: Option<&KnownDevice>, by: MatchBasis) {
        let Some(identity) = thing.names.keys().next().map(|name| format!("name:{name}")) else {
            self.randomised.push(label(thing));
            return;
        };
        let names = thing.names.keys().map(|name| format!("name:{name}"));
        self.result.also_called.extend(names.map(|name| (name, identity.clone())));
        self.put(Discrepancy {
            kind: SightingKind::RandomisedDevice,
            identity,
            device: resembles.map(suspect),
            basis: resembles.map(|_| by),
            registered: None,
            evidence: evidence(thing),
        });
    }

    fn add(
        &mut self,
        kind: SightingKind,
        thing: &Thing,
        device: &KnownDevice,
        basis: MatchBasis,
        registered: Option<String>,
    ) {
        self.put(Discrepancy {
            kind,
            identity: device.key.clone(),
            device: Some(suspect(device)),
            basis: Some(basis),
            registered,
            evidence: evidence(thing),
        });
    }

    /// Of several the one that was seen last is kept; at the same time the strongest, then the smallest.
    fn put(&mut self, new: Discrepancy) {
        let key = (new.kind, new.identity.clone());
        let rank = |one: &Discrepancy| {
            let seen = std::cmp::Reverse(one.evidence.last_seen);
            (seen, one.basis, one.evidence.mac, one.evidence.names.clone(), one.evidence.version.clone())
        };
        match self.found.get(&key) {
            Some(known) if rank(known) <= rank(&new) => {}
            _ => drop(self.found.insert(key, new)),
        }
    }

    fn finish(mut self) -> Comparison {
        for key in &self.in_place {
            self.found.remove(&(SightingKind::AddressChanged, key.clone()));
        }
        // What was seen by its name only has its record by its hardware address.
        for name in self.result.also_called.keys() {
            self.found.remove(&(SightingKind::UnknownDevice, name.clone()));
        }
        let doubts = [
            (ReasonCode::SightingRandomised, self.randomised),
            (ReasonCode::SightingAddressOnly, self.address_only),
            (ReasonCode::SightingNameAmbiguous, self.ambiguous),
            (ReasonCode::SightingKnownByAddress, self.weak),
        ];
        for (code, things) in doubts {
            self.result.doubts.extend(counted(code, things));
        }
        self.result.discrepancies = self.found.into_values().collect();
        self.result
    }
}

fn counted(code: ReasonCode, mut things: Vec<String>) -> Option<Reason> {
    things.sort();
    let count = things.len();
    things.truncate(EXAMPLES);
    (count > 0).then(|| Reason::new(code).with("count", count).with("examples", things.join(", ")))
}

fn suspect(device: &KnownDevice) -> Suspect {
    Suspect { stream: device.stream, key: device.register_key.clone(), label: device.label.clone() }
}

/// What an unknown thing is known by. An address is nothing to know it by.
fn identity(thing: &Thing) -> Option<String> {
    (thing.mac.map(|mac| format!("mac:{mac}")))
        .or_else(|| thing.serials.first().map(|serial| format!("serial:{}", super::known::folded(serial))))
        .or_else(|| thing.names.keys().next().map(|name| format!("name:{name}")))
}

/// What a thing is called in a list of examples.
fn label(thing: &Thing) -> String {
    let name = thing.names.values().next().cloned();
    let first = name.or_else(|| thing.mac.map(|mac| mac.to_string()));
    first.or_else(|| thing.addresses.keys().next().map(ToString::to_string)).unwrap_or_default()
}

fn evidence(thing: &Thing) -> Evidence {
    Evidence {
        mac: thing.mac,
        addresses: thing.addresses.keys().take(EXAMPLES).copied().collect(),
        names: thing.names.values().take(EXAMPLES).cloned().collect(),
        vendor: thing.vendors.first().cloned(),
        port: thing.ports.first().cloned(),
        version: thing.versions.last().map(|(_, version)| version.clone()),
        network: thing.networks.first().cloned(),
        last_seen: Some(thing.last),
    }
}

/// True if a version that was seen is the registered one: the same text without case, blanks and a leading `v`, or a longer
/// statement in which it stands as a word (`FortiGate-60F v7.2.5,build1517`).
pub fn is_same_version(registered: &str, seen: &str) -> bool {
    let plain = |text: &str| {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        let text =
            text.strip_prefix("version").or_else(|| text.strip_prefix("ver.")).unwrap_or(&text).to_owned();
        text.strip_prefix('v').map(str::to_owned).unwrap_or(text)
    };
    let (registered, whole) = (plain(registered), plain(seen));
    if registered.is_empty() || registered == whole {
        return true;
    }
    let words = seen.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '/'));
    words.map(plain).any(|word| word == registered)
}

/// A network that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Its name.
    pub network: Option<String>,
    /// The addresses that were looked at as a whole.
    pub ranges: Vec<IpRange>,
    /// By what devices were shown.
    pub shows: BTreeSet<MatchBasis>,
    /// When.
    pub at: Timestamp,
}

impl Watch {
    /// True if it could have shown the device.
    fn would_show(&self, device: &KnownDevice) -> bool {
        self.shows.iter().any(|basis| device.is_shown_by(*basis))
    }

    fn covers(&self, device: &KnownDevice) -> bool {
        let named = |name: &String| {
            self.network.as_ref().is_some_and(|own| folded_network(own) == folded_network(name))
        };
        let within = |address: &IpAddr| self.ranges.iter().any(|range| range.contains(*address));
        device.network.as_ref().is_some_and(named) || device.addresses.iter().any(within)
    }
}

fn folded_network(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// Registered devices that were not seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Absence {
    /// Devices that were not seen for the days that were asked for.
    pub discrepancies: Vec<Discrepancy>,
    /// What could not be judged, with counts.
    pub doubts: Vec<Reason>,
}

/// Devices in use that were not seen for `days`, on networks that were looked at: a file of one network says nothing about
/// the others. `watches`: every look of at least the last `days` days and one before them; `last_seen`: what was seen in
/// those days, by the register's key.
pub fn absent(
    devices: &[KnownDevice],
    watches: &[Watch],
    last_seen: &BTreeMap<String, Timestamp>,
    days: u16,
) -> Absence {
    let mut result = Absence::default();
    let (mut not_watched, mut not_shown, mut too_short) = (Vec::new(), Vec::new(), Vec::new());
    for device in devices.iter().filter(|device| device.is_in_use()) {
        let covering: Vec<&Watch> = watches.iter().filter(|watch| watch.covers(device)).collect();
        let shown = || covering.iter().filter(|watch| watch.would_show(device)).map(|watch| watch.at);
        let (Some(first), Some(last)) = (shown().min(), shown().max()) else {
            let list = if covering.is_empty() { &mut not_watched } else { &mut not_shown };
            list.push(device.label.clone());
            continue;
        };
        let seen = last_seen.get(&device.key).copied();
        let since = seen.unwrap_or(first);
        if last.as_second() - since.as_second() >= i64::from(days) * DAY {
            result.discrepancies.push(Discrepancy {
                kind: SightingKind::NotSeen,
                identity: device.key.clone(),
                device: Some(suspect(device)),
                basis: None,
                registered: None,
                evidence: Evidence {
                    network: device.network.clone(),
                    last_seen: seen,
                    ..Evidence::default()
                },
            });
        } else if seen.is_none() {
            too_short.push(device.label.clone());
        }
    }
    result.doubts.extend(counted(ReasonCode::SightingNotWatched, not_watched));
    result.doubts.extend(counted(ReasonCode::SightingNotShown, not_shown));
    let too_short = counted(ReasonCode::SightingWatchedTooShort, too_short);
    result.doubts.extend(too_short.map(|reason| reason.with("days", days)));
    result
}
