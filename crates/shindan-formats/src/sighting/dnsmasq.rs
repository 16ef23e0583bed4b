//! `dnsmasq.leases`. Source: `dnsmasq(8)`, `--dhcp-leasefile`, and the program's `lease.c`: end in seconds since 1970 (0: never),
//! hardware address, address, name or `*`, identifier of the client. Behind a line `duid …` with the server's own identifier
//! stand leases of IPv6, with the number of the association instead of the hardware address.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed};

use super::duid;
use super::found::{Found, address, lines};
use crate::text::shorten;

/// The hardware address; the type of network stands before it unless it is Ethernet (`06-…`).
fn hardware(text: &str) -> Option<Option<MacAddress>> {
    if let Ok(mac) = text.parse() {
        return text.contains(':').then_some(Some(mac));
    }
    let (kind, rest) = text.split_once('-')?;
    let typed = kind.len() == 2 && kind.bytes().all(|byte| byte.is_ascii_hexdigit());
    (typed && duid::octets(rest).is_some()).then_some(None)
}

/// The number of an association; `T` stands before that of a temporary address.
fn is_association(text: &str) -> bool {
    let digits = text.strip_prefix('T').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A lease, if a line is one.
fn lease(line: &str, number: u64) -> Option<Observed> {
    let words: Vec<&str> = line.split(' ').collect();
    let [ends, hardware_or_association, place, name, client] = words.as_slice() else { return None };
    let place = address(place)?;
    let ends: i64 = ends.bytes().all(|byte| byte.is_ascii_digit()).then_some(*ends)?.parse().ok()?;
    let mac = match place.is_ipv6() {
        false => hardware(hardware_or_association)?,
        true if !is_association(hardware_or_association) => return None,
        true if *client == "*" => None,
        true => duid::hardware(&duid::octets(client)?),
    };
    let ends = match ends {
        0 => None,
        ends => Some(Timestamp::from_second(ends).ok()?),
    };
    Some(Observed {
        mac,
        addresses: BTreeSet::from([place]),
        names: (*name != "*").then(|| shorten(name, 255)).into_iter().collect(),
        lease: Some(Lease { state: LeaseState::Active, renewed: None, ends }),
        line: number,
        ..Observed::default()
    })
}

/// Whether a line is a lease.
pub(super) fn is_lease(line: &str) -> bool {
    lease(line, 0).is_some()
}

pub(super) fn read(text: &str, found: &mut Found) {
    for (number, line) in lines(text) {
        match lease(line, number) {
            Some(one) if one.mac.is_none() && one.names.is_empty() => found.skipped().incomplete += 1,
            Some(one) => found.see(one),
            None if line.starts_with("duid ") => {}
            None => found.unreadable(number, line),
        }
    }
}
