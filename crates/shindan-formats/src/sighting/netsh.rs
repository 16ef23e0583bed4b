//! Windows DHCP server: `netsh dhcp server scope ADDRESS show clients` (or `clients 1`, with names).
//!
//! ```text
//! 10.0.0.10       - 255.255.255.0  - 00-0c-29-12-34-56   - 2026/11/27 3:42:15    -D -PC01.example.jp
//! ```

use std::collections::BTreeSet;

use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed};

use super::found::{Found, address, is_prompt, lines};
use crate::text::shorten;

pub(super) fn read(text: &str, found: &mut Found) {
    let mut begun = false;
    for (number, line) in lines(text) {
        let Some(place) = line.split_whitespace().next().and_then(address) else {
            let rule = line.chars().all(|c| c == '=' || c == '-');
            let lower = line.to_ascii_lowercase();
            let heading = lower.starts_with("ip address") && lower.contains("unique id");
            // Behind the entries a sentence says how many there are, in the language of the server.
            let ends = lower.contains("clients")
                || line.contains(':')
                || lower.starts_with("command completed")
                || !line.contains('-');
            if begun && !rule && !heading && !ends && !is_prompt(line) {
                found.unreadable(number, line);
            }
            continue;
        };
        begun = true;
        let parts: Vec<&str> = line.split(['-', ' ', '\t']).filter(|part| !part.is_empty()).collect();
        let mask = parts.get(1).and_then(|part| address(part));
        let (Some(_), Some(identity)) = (mask, identity(&parts)) else {
            found.unreadable(number, line);
            continue;
        };
        if parts.iter().any(|part| part.eq_ignore_ascii_case("inactive")) {
            found.skipped().ended += 1;
            continue;
        }
        let name = name(line);
        if identity.is_none() && name.is_none() {
            // A client of the remote access service: its identifier is made anew each time.
            found.skipped().incomplete += 1;
            continue;
        }
        found.see(Observed {
            mac: identity,
            addresses: BTreeSet::from([place]),
            names: name.into_iter().collect(),
            lease: Some(Lease { state: LeaseState::Active, renewed: None, ends: None }),
            line: number,
            ..Observed::default()
        });
    }
}

/// The octets behind the mask: six are a hardware address, more are another identifier (`Some(None)`), fewer are damage.
fn identity(parts: &[&str]) -> Option<Option<MacAddress>> {
    let octets: Vec<&&str> = parts
        .iter()
        .skip(2)
        .take_while(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
        .collect();
    match octets.len() {
        0..6 => None,
        6 => octets.iter().map(|octet| **octet).collect::<Vec<_>>().join("-").parse().ok().map(Some),
        _ => Some(None),
    }
}

/// The name behind the letter for the type of lease: `-D -PC01`.
fn name(line: &str) -> Option<String> {
    ["-D", "-R", "-N", "-B", "-U"].into_iter().find_map(|kind| {
        let (_, rest) = line.rsplit_once(&format!("{kind} "))?;
        let name = rest.trim().trim_start_matches('-').trim();
        (!name.is_empty() && !name.contains(char::is_whitespace)).then(|| shorten(name, 255))
    })
}
