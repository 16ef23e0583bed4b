//! Tables of the address resolution protocol, as operating systems show them: `arp -a` (Windows, Linux, BSD, macOS), `arp -n`,
//! `ip neigh`, `/proc/net/arp`.

use core::net::IpAddr;
use std::collections::BTreeSet;

use shindan_domain::sighting::{MacAddress, Observed};

use super::found::{Found, address, is_prompt, lines};

fn observed(address: IpAddr, mac: MacAddress, port: Option<&str>, line: u64) -> Observed {
    Observed {
        mac: Some(mac),
        addresses: BTreeSet::from([address]),
        port: port.map(str::to_owned),
        line,
        ..Observed::default()
    }
}

/// True for what stands in the place of an address that did not answer.
fn is_incomplete(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().trim_matches(['<', '>', '(', ')']),
        "incomplete" | "failed" | "no" | "none"
    )
}

/// The address of `Interface: 192.168.1.10 --- 0x5`, in any language.
pub(super) fn interface(line: &str) -> Option<IpAddr> {
    let (before, after) = line.split_once("---")?;
    after.trim().strip_prefix("0x")?;
    before.split_whitespace().last().and_then(address)
}

/// Windows, `arp -a`, in any language: address, hardware address, a word for the kind.
pub(super) fn windows(text: &str, found: &mut Found) {
    // One line of headings stands under each interface.
    let mut heading = true;
    for (number, line) in lines(text) {
        if interface(line).is_some() {
            found.skipped().own += 1;
            heading = true;
            continue;
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let Some(address) = address(first) else {
            if !std::mem::take(&mut heading) && !is_prompt(line) {
                found.unreadable(number, line);
            }
            continue;
        };
        heading = false;
        match words.next().map(str::parse::<MacAddress>) {
            Some(Ok(mac)) => found.see(observed(address, mac, None, number)),
            _ => found.unreadable(number, line),
        }
    }
}

/// Linux, BSD, macOS, `arp -a`: `name (address) at mac [ether] on interface`.
pub(super) fn list(text: &str, found: &mut Found) {
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let parts = (words.first(), words.get(1).and_then(|word| word.strip_prefix('(')?.strip_suffix(')')));
        let (Some(name), Some(address), Some(&"at")) = (parts.0, parts.1.and_then(address), words.get(2))
        else {
            let footer = line.starts_with("Entries:");
            if !footer && !is_prompt(line) {
                found.unreadable(number, line);
            }
            continue;
        };
        let hardware = words.get(3).copied().unwrap_or_default();
        if is_incomplete(hardware) {
            found.skipped().incomplete += 1;
            continue;
        }
        let Ok(mac) = hardware.parse() else {
            found.unreadable(number, line);
            continue;
        };
        let port = words.iter().position(|word| *word == "on").and_then(|at| words.get(at + 1)).copied();
        let mut one = observed(address, mac, port, number);
        one.names.extend((*name != "?").then(|| (*name).to_owned()));
        found.see(one);
    }
}

/// Linux, `arp -n`: address, hardware type, hardware address, flags, interface.
pub(super) fn table(text: &str, found: &mut Found) {
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let first = words.first().copied().unwrap_or_default();
        let about = line.starts_with("Address") || line.starts_with("Entries:") || is_prompt(line);
        if about {
            continue;
        }
        let incomplete = words.iter().skip(1).any(|word| word.starts_with(['(', '<']) && is_incomplete(word));
        // Without `-n` a name stands in the place of the address.
        let place = address(first);
        if incomplete && words.len() >= 2 {
            found.skipped().incomplete += 1;
            continue;
        }
        match words.get(2).map(|word| word.parse::<MacAddress>()) {
            Some(Ok(mac)) => {
                let mut one = Observed { mac: Some(mac), line: number, ..Observed::default() };
                match place {
                    Some(address) => drop(one.addresses.insert(address)),
                    None => drop(one.names.insert(first.to_owned())),
                }
                one.port = words.get(3..).and_then(<[&str]>::last).map(|port| (*port).to_owned());
                found.see(one);
            }
            _ => found.unreadable(number, line),
        }
    }
}

/// `ip neigh`: `address dev interface lladdr mac STATE`.
pub(super) fn neighbours(text: &str, found: &mut Found) {
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |name: &str| {
            let at = words.iter().position(|word| *word == name)?;
            words.get(at + 1).copied()
        };
        let Some(address) = words.first().and_then(|word| address(word)) else {
            if !is_prompt(line) {
                found.unreadable(number, line);
            }
            continue;
        };
        let state = words.last().copied().unwrap_or_default();
        match after("lladdr").map(str::parse::<MacAddress>) {
            _ if matches!(state, "FAILED" | "INCOMPLETE" | "NONE" | "NOARP") => {
                found.skipped().incomplete += 1
            }
            Some(Ok(mac)) => found.see(observed(address, mac, after("dev"), number)),
            _ => found.unreadable(number, line),
        }
    }
}

/// `/proc/net/arp`: address, type, flags, hardware address, mask, device. Source: `arp(7)`; flag 2 says that it is complete.
pub(super) fn proc_file(text: &str, found: &mut Found) {
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(address) = words.first().and_then(|word| address(word)) else {
            if !line.starts_with("IP address") && !is_prompt(line) {
                found.unreadable(number, line);
            }
            continue;
        };
        match (words.get(2), words.get(3).map(|word| word.parse::<MacAddress>())) {
            (Some(&"0x0"), Some(Ok(_))) => found.skipped().incomplete += 1,
            (Some(_), Some(Ok(mac))) => found.see(observed(address, mac, words.get(5).copied(), number)),
            _ => found.unreadable(number, line),
        }
    }
}
