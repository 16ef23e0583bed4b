//! What a file tells about devices on a network, whatever its format.

use core::net::IpAddr;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{IpRange, MacAddress, MatchBasis};
use crate::diagnostic::{Diagnostic, Severity};
use crate::terms;

terms! {
    /// What a file of sightings was recognised as, from its content.
    pub enum SightingFormat ("sighting-format") {
        /// nmap, XML (`-oX`).
        Nmap = "nmap-xml",
        /// `arp -a` of Windows, in any language.
        ArpWindows = "arp-windows",
        /// `arp -a` of Linux, BSD, macOS: `name (address) at mac …`.
        ArpList = "arp-list",
        /// `arp -n` of Linux.
        ArpTable = "arp-table",
        /// `ip neigh`.
        IpNeighbours = "ip-neigh",
        /// `/proc/net/arp`.
        ProcArp = "proc-net-arp",
        /// Cisco `show ip arp` (IOS, NX-OS).
        CiscoArp = "cisco-arp",
        /// Cisco `show mac address-table` (IOS, NX-OS).
        CiscoMac = "cisco-mac",
        /// Hardware addresses of a switch of another maker: HPE, Aruba, Juniper, Allied Telesis, ALAXALA, Yamaha, Huawei, Dell,
        /// Extreme.
        SwitchMac = "switch-mac",
        /// ISC `dhcpd.leases`.
        DhcpdLeases = "dhcpd-leases",
        /// ISC `dhcpd6.leases`.
        Dhcpd6Leases = "dhcpd6-leases",
        /// ISC Kea, leases in files, IPv4 and IPv6.
        KeaLeases = "kea-leases",
        /// `dnsmasq.leases`.
        DnsmasqLeases = "dnsmasq-leases",
        /// Leases of a Windows DHCP server as CSV.
        DhcpCsv = "dhcp-csv",
        /// `netsh dhcp server scope … show clients`.
        DhcpNetsh = "dhcp-netsh",
        /// A table with a heading, as CSV or TSV.
        Table = "table",
    }
}

terms! {
    /// Whether an address is leased at the moment.
    pub enum LeaseState ("lease-state") {
        /// In use.
        Active = "active",
        /// Reserved for the device; whether it is there is not said.
        Reserved = "reserved",
        /// Over, given back or never taken: no sighting.
        Ended = "ended",
    }
}

/// A lease of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Whether it is in force, as the file says.
    pub state: LeaseState,
    /// When it began or was last renewed, if the file says so: then the device was there.
    pub renewed: Option<Timestamp>,
    /// When it ends.
    pub ends: Option<Timestamp>,
}

/// One line or element of a file: something that was on the network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Its hardware address.
    pub mac: Option<MacAddress>,
    /// Its addresses.
    pub addresses: BTreeSet<IpAddr>,
    /// Its names, as written.
    pub names: BTreeSet<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Maker of the hardware, as the tool says.
    pub vendor: Option<String>,
    /// Port of the switch, or interface.
    pub port: Option<String>,
    /// Version of firmware or operating system, where the file states it. A guess of a scanner is none.
    pub version: Option<String>,
    /// The lease of its addresses: then they are none by which the device is known.
    pub lease: Option<Lease>,
    /// When it was seen, if the file says so for this one.
    pub seen_at: Option<Timestamp>,
    /// Line of the file, from 1.
    pub line: u64,
}

/// What was left out of a file on purpose. Counted, so that nobody takes it for lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Skipped {
    /// Addresses of groups: broadcast, multicast.
    pub groups: u64,
    /// Entries without an answer: `<incomplete>`, `FAILED`, hosts that are down.
    pub incomplete: u64,
    /// Leases that have ended, and reservations that nobody uses.
    pub ended: u64,
    /// The switch's or server's own addresses.
    pub own: u64,
}

/// What a file tells.
#[derive(Debug, Clone, PartialEq)]
pub struct SightingReport {
    /// What it was recognised as.
    pub format: SightingFormat,
    /// What was seen, in the order of the file.
    pub observed: Vec<Observed>,
    /// When the file was taken, if it says so.
    pub taken_at: Option<Timestamp>,
    /// Addresses that were looked at as a whole (targets of a scan): who is missing there was not there.
    pub ranges: Vec<IpRange>,
    /// What was left out on purpose.
    pub skipped: Skipped,
    /// What could not be read, with its line.
    pub diagnostics: Vec<Diagnostic>,
}

impl SightingReport {
    /// A report in which nothing has been read yet.
    pub fn new(format: SightingFormat) -> Self {
        SightingReport {
            format,
            observed: Vec::new(),
            taken_at: None,
            ranges: Vec::new(),
            skipped: Skipped::default(),
            diagnostics: Vec::new(),
        }
    }

    /// By what it shows devices: what nine of ten have. (A scan through a router has no hardware addresses, and the table of a
    /// switch nothing else.)
    pub fn shows(&self) -> BTreeSet<MatchBasis> {
        let has = |one: &Observed, basis: MatchBasis| match basis {
            MatchBasis::Mac => one.mac.is_some(),
            MatchBasis::Serial => one.serial.is_some(),
            MatchBasis::Name => !one.names.is_empty(),
            MatchBasis::Address => one.lease.is_none() && !one.addresses.is_empty(),
        };
        let most = |basis: &MatchBasis| {
            let count = self.observed.iter().filter(|observed| has(observed, *basis)).count();
            count > 0 && count * 10 >= self.observed.len() * 9
        };
        MatchBasis::ALL.iter().copied().filter(most).collect()
    }

    /// How many parts of the file could not be read.
    pub fn unreadable(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count()
    }
}
