//! Cisco: `show ip arp` and `show mac address-table`, as IOS, IOS XE and NX-OS print them, with or without what stands around
//! them on the terminal.

use std::collections::BTreeSet;

use shindan_domain::sighting::{MacAddress, Observed};

use super::found::{Found, address, is_prompt, lines};

/// The place of the word that is a hardware address in Cisco's form (`0011.2233.4455`).
fn hardware(words: &[&str]) -> Option<(usize, MacAddress)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let form = word.bytes().filter(|byte| *byte == b'.').count() == 2 && word.len() == 14;
        Some((at, word.parse().ok().filter(|_| form)?))
    })
}

/// A line between the heading and the entries.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '-' | '=' | '+' | '|' | ' ' | '\t'))
}

/// Lines of the terminal that are no entries, behind the heading, too: the heading again, rules, totals, prompts.
fn is_about(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let starts = [
        "total",
        "protocol",
        "address",
        "vlan",
        "mac address",
        "legend",
        "ip arp",
        "flags",
        "---",
        "multicast entries",
    ];
    starts.iter().any(|start| lower.starts_with(start)) || lower.contains("mac address") || is_prompt(line)
}

/// `show ip arp`: `Internet  10.1.1.1  5  0011.2233.4455  ARPA  Vlan10` (IOS), `10.1.1.1  00:10:12  0011.2233.4455  Vlan10` (NX-OS).
pub(super) fn arp(text: &str, found: &mut Found) {
    let mut begun = false;
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let words = match words.as_slice() {
            ["Internet", rest @ ..] => rest,
            ["*", rest @ ..] => rest,
            all => all,
        };
        let Some(address) = words.first().and_then(|word| address(word)) else {
            if begun && !is_about(line) {
                found.unreadable(number, line);
            }
            begun |= line.starts_with("Protocol") || line.starts_with("Address");
            continue;
        };
        begun = true;
        if words.iter().any(|word| word.eq_ignore_ascii_case("incomplete")) {
            found.skipped().incomplete += 1;
            continue;
        }
        let Some((at, mac)) = hardware(words) else {
            found.unreadable(number, line);
            continue;
        };
        // The age of the device's own addresses is a dash.
        if words.get(1) == Some(&"-") {
            found.skipped().own += 1;
            continue;
        }
        let port = words.get(at + 1..).unwrap_or_default().iter().find(|word| **word != "ARPA");
        found.see(Observed {
            mac: Some(mac),
            addresses: BTreeSet::from([address]),
            port: port.map(|port| (*port).to_owned()),
            line: number,
            ..Observed::default()
        });
    }
}

/// `show mac address-table`: VLAN, hardware address, kind, and the port in the last column.
pub(super) fn mac_table(text: &str, found: &mut Found) {
    let mut begun = false;
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let heading = line.to_ascii_lowercase().contains("mac address");
        let Some((at, mac)) = hardware(&words) else {
            if begun && !is_about(line) && !is_rule(line) {
                found.unreadable(number, line);
            }
            begun |= heading;
            continue;
        };
        begun = true;
        let port = words.get(at + 1..).unwrap_or_default().last().copied();
        let Some(port) = port.filter(|_| words.len() >= at + 3) else {
            found.unreadable(number, line);
            continue;
        };
        let own = ["cpu", "router", "switch", "sup-eth", "stby-switch", "vpc peer-link"];
        if own.iter().any(|own| port.to_ascii_lowercase().starts_with(own)) {
            let groups = mac.is_group();
            let skipped = found.skipped();
            *(if groups { &mut skipped.groups } else { &mut skipped.own }) += 1;
            continue;
        }
        let vlan =
            at.checked_sub(1).and_then(|before| words.get(before)).filter(|vlan| vlan.parse::<u16>().is_ok());
        let port = match vlan {
            Some(vlan) => format!("{port} (VLAN {vlan})"),
            None => port.to_owned(),
        };
        found.see(Observed { mac: Some(mac), port: Some(port), line: number, ..Observed::default() });
    }
}
