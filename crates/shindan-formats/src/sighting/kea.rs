//! Leases of ISC Kea in files (`memfile`): `kea-leases4.csv`, `kea-leases6.csv`. Source: Kea Administrator Reference Manual,
//! "Memfile – Basic Storage for Leases": a log, of which the last row of an address counts; times are seconds since 1970.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed};

use super::duid;
use super::found::Found;
use crate::sheet::Rows;
use crate::text::shorten;

/// A life of this many seconds has no end.
const FOREVER: i64 = 0xFFFF_FFFF;
/// What `lease_type` says of a network that is handed on: its address is nobody's.
const NETWORK: &str = "2";

/// Whether a line is the heading of such a file.
pub(super) fn is_heading(line: &str) -> bool {
    let names: Vec<&str> = line.split(',').map(str::trim).collect();
    let has = |name: &str| names.contains(&name);
    names.first() == Some(&"address")
        && (has("hwaddr") || has("duid"))
        && ["valid_lifetime", "expire", "subnet_id"].into_iter().all(has)
}

/// A row, by the names of the heading.
struct Fields<'a> {
    names: &'a [String],
    cells: &'a [std::borrow::Cow<'a, str>],
}

impl Fields<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.names.iter().position(|own| own == name)?;
        self.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// A number; the error is the cell that is none.
    fn number(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| text.to_owned())
    }
}

/// What a row says of its address.
struct Row {
    address: IpAddr,
    /// `None`: the lease has ended.
    observed: Option<Observed>,
    renewed: Option<Timestamp>,
}

pub(super) fn read(text: &str, found: &mut Found) {
    let mut names: Vec<String> = Vec::new();
    let mut last: BTreeMap<IpAddr, Option<Observed>> = BTreeMap::new();
    for row in Rows::new(text, b',') {
        let row = match row {
            Ok(row) if row.is_blank() => continue,
            Ok(row) => row,
            Err(broken) => {
                found.unreadable(broken.line, &broken.reason);
                continue;
            }
        };
        if names.is_empty() {
            names = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
            continue;
        }
        match entry(&Fields { names: &names, cells: &row.cells }, row.line) {
            Ok(Row { address, observed, renewed }) => {
                found.report.taken_at = found.report.taken_at.max(renewed);
                last.insert(address, observed);
            }
            Err(cell) => found.unreadable(row.line, &cell),
        }
    }
    for observed in last.into_values() {
        match observed {
            None => found.skipped().ended += 1,
            Some(one) if one.mac.is_none() && one.names.is_empty() => found.skipped().incomplete += 1,
            Some(one) => found.see(one),
        }
    }
}

/// The error is the cell that cannot be read.
fn entry(fields: &Fields<'_>, line: u64) -> Result<Row, String> {
    let address = fields.get("address").unwrap_or_default();
    let place: IpAddr = address.parse().map_err(|_| address.to_owned())?;
    let life = fields.number("valid_lifetime")?.ok_or("valid_lifetime")?;
    let expire = fields.number("expire")?.ok_or("expire")?;
    let at = |seconds: i64| Timestamp::from_second(seconds).map_err(|_| expire.to_string());
    let renewed = at(expire.checked_sub(life).ok_or_else(|| expire.to_string())?)?;
    // 0 is in use; 1 declined, 2 expired and taken back, 3 given back. A life of nothing takes the lease out.
    let state = fields.number("state")?.unwrap_or_default();
    if state != 0 || life == 0 {
        return Ok(Row { address: place, observed: None, renewed: None });
    }
    let name = fields.get("hostname").map(|name| name.trim_end_matches('.')).filter(|name| !name.is_empty());
    let network = fields.get("lease_type") == Some(NETWORK);
    let observed = Observed {
        mac: hardware(fields)?,
        addresses: if network { BTreeSet::new() } else { BTreeSet::from([place]) },
        // A comma in it is written so.
        names: name.map(|name| shorten(&name.replace("&#x2c", ","), 255)).into_iter().collect(),
        lease: Some(Lease {
            state: LeaseState::Active,
            renewed: Some(renewed),
            ends: (life != FOREVER).then(|| at(expire)).transpose()?,
        }),
        seen_at: Some(renewed),
        line,
        ..Observed::default()
    };
    Ok(Row { address: place, observed: Some(observed), renewed: Some(renewed) })
}

/// The hardware address that the server saw, else the one of which the client's identifier was made.
fn hardware(fields: &Fields<'_>) -> Result<Option<MacAddress>, String> {
    if let Some(text) = fields.get("hwaddr") {
        // Of another kind of network than Ethernet it has another length.
        return match text.parse() {
            Ok(mac) => Ok(Some(mac)),
            Err(_) if duid::octets(text).is_some_and(|octets| octets.len() != 6) => Ok(None),
            Err(_) => Err(text.to_owned()),
        };
    }
    let Some(text) = fields.get("duid") else { return Ok(None) };
    let octets = duid::octets(text).ok_or_else(|| text.to_owned())?;
    Ok(duid::hardware(&octets))
}
