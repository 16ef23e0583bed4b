//! Hardware address tables of switches of other makers than Cisco. They differ in the order of their columns, which the heading
//! tells: HPE and Aruba (ProCurve, CX, Comware), Juniper EX, Allied Telesis AlliedWare Plus, ALAXALA, Yamaha SWX, Huawei VRP,
//! Dell OS10, Extreme EXOS.

use shindan_domain::sighting::{MacAddress, Observed};

use super::found::{Found, is_prompt, lines};

/// Where a table has what, counted from the hardware address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    /// Words from the hardware address to the port.
    port: Port,
    /// Words from the hardware address to the VLAN.
    vlan: Option<isize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    /// So many words behind the hardware address, or before it.
    At(isize),
    /// The last word: before it stand as many flags as there are.
    Last,
    /// The first name of an interface behind the address: Juniper leaves columns empty.
    Named,
}

/// What is written in more than one word, as one.
const JOINED: [(&str, &str); 7] = [
    ("port / virtual port list", "port"),
    ("vlan name( tag)", "vlan"),
    ("mac address", "mac"),
    ("mac addr", "mac"),
    ("vlan id", "vlan"),
    ("port index", "port"),
    ("aging time(s)", "aging"),
];
const VLAN: [&str; 6] = ["vlan", "vlanid", "vlan/vsi", "vlan/vsi/bd", "vlan/vsi/si", "vlan/bd"];
const PORT: [&str; 7] =
    ["port", "ports", "port-list", "port/nickname", "learned-from", "interface", "interfaces"];
const OTHER: [&str; 10] =
    ["type", "state", "status", "age", "aging", "fwd", "timeout", "flags", "action", "learn"];

/// The columns, if a line is the heading of such a table: nothing but names that are known. Cisco's order is read by `cisco`.
fn columns(line: &str) -> Option<Columns> {
    let words: Vec<String> = line.split_whitespace().map(str::to_ascii_lowercase).collect();
    let mut heading = words.join(" ");
    if heading.starts_with("vlan mac mac ") && heading.contains(" logical") {
        return Some(Columns { port: Port::Named, vlan: Some(-1) });
    }
    if heading.starts_with("vlan mac address type") && !heading.ends_with(" interfaces") {
        return None;
    }
    for (several, one) in JOINED {
        heading = heading.replace(several, one);
    }
    let (mut mac, mut vlan, mut port, mut count) = (None, None, None, 0_isize);
    for word in heading.split(' ') {
        let place = match word {
            "mac" => &mut mac,
            word if VLAN.contains(&word) => &mut vlan,
            word if PORT.contains(&word) => &mut port,
            word if OTHER.contains(&word) => &mut None,
            _ => return None,
        };
        if place.replace(count).is_some() {
            return None;
        }
        count += 1;
    }
    let (mac, port) = (mac?, port?);
    let port = if port + 1 == count && port > mac { Port::Last } else { Port::At(port - mac) };
    Some(Columns { port, vlan: vlan.map(|vlan| vlan - mac) })
}

/// Whether a line is the heading of such a table.
pub(super) fn is_heading(line: &str) -> bool {
    columns(line).is_some()
}

fn hardware(words: &[&str]) -> Option<(usize, MacAddress)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let written = word.len() >= 12 && word.contains([':', '-', '.']);
        Some((at, word.parse().ok().filter(|_| written)?))
    })
}

/// Lines around the entries: legends, totals, rules, the second line of a heading.
fn is_about(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let starts = [
        "mac flags",
        "mac age-time",
        "mac address table",
        "se - ",
        "gbp - ",
        "name address",
        "name  ",
        "ethernet switching table",
        "ethernet-switching table",
        "routing instance",
        "status and counters",
        "number of mac",
        "flags",
        "bd ",
        "total",
        "date ",
        "aging",
        "fdb aging",
        "{master",
        "{backup",
        "codes",
    ];
    starts.iter().any(|start| lower.starts_with(start))
        || line.chars().all(|c| matches!(c, '-' | '=' | '+' | '|' | ' ' | '\t'))
        || is_prompt(line)
        || is_heading(line)
}

/// A word at a place that is counted from another one.
fn word<'a>(words: &[&'a str], from: usize, by: isize) -> Option<&'a str> {
    words.get(from.checked_add_signed(by)?).copied()
}

fn port<'a>(words: &[&'a str], at: usize, columns: Columns) -> Option<&'a str> {
    let behind = words.get(at + 1..).unwrap_or_default();
    match columns.port {
        Port::At(by) => word(words, at, by),
        Port::Last => behind.last().copied(),
        Port::Named => {
            let is_name = |word: &&&str| {
                word.starts_with(|c: char| c.is_ascii_lowercase())
                    && word.contains(|c: char| c.is_ascii_digit())
            };
            behind.iter().find(is_name).copied()
        }
    }
}

/// The table, under whichever of the headings.
pub(super) fn read(text: &str, found: &mut Found) {
    let mut known = None;
    for (number, line) in lines(text) {
        if let Some(columns) = columns(line) {
            known = Some(columns);
            continue;
        }
        let Some(columns) = known else { continue };
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((at, mac)) = hardware(&words) else {
            match words.as_slice() {
                // What no address is known for goes to all ports of the VLAN.
                [_, "*", "Flood", ..] => found.skipped().groups += 1,
                _ if !is_about(line) => found.unreadable(number, line),
                _ => {}
            }
            continue;
        };
        entry(&words, (at, mac), columns, number, found);
    }
}

fn entry(words: &[&str], (at, mac): (usize, MacAddress), columns: Columns, line: u64, found: &mut Found) {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.to_ascii_lowercase().as_str()));
    if has(&["blackhole", "discard", "filter"]) {
        // Written by hand so that nothing is forwarded: nobody was seen.
        found.skipped().incomplete += 1;
        return;
    }
    let port = port(words, at, columns);
    if port.is_none() && columns.port != Port::Named {
        found.unreadable(line, &words.join(" "));
        return;
    }
    let own = ["cpu", "router", "switch", "self", "unknown", "irb", "vlan."];
    if port.is_some_and(|port| own.iter().any(|own| port.to_ascii_lowercase().starts_with(own))) {
        let groups = mac.is_group();
        let skipped = found.skipped();
        *(if groups { &mut skipped.groups } else { &mut skipped.own }) += 1;
        return;
    }
    // `10/-`, `10/-/-`: of a VLAN, and of nothing else.
    let vlan = columns.vlan.and_then(|by| word(words, at, by)).map(|vlan| vlan.trim_end_matches("/-"));
    let vlan = vlan.filter(|vlan| !vlan.is_empty() && *vlan != "-");
    let port = match (port, vlan) {
        (Some(port), Some(vlan)) => Some(format!("{port} (VLAN {vlan})")),
        (Some(port), None) => Some(port.to_owned()),
        (None, _) => None,
    };
    found.see(Observed { mac: Some(mac), port, line, ..Observed::default() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_tells_where_what_stands() {
        let of = |line| columns(line).map(|columns| (columns.port, columns.vlan));
        assert_eq!(of("  MAC Address   Port   VLAN"), Some((Port::At(1), Some(2))));
        assert_eq!(of("VLAN  port  mac  fwd  type  timeout"), Some((Port::At(-1), Some(-2))));
        assert_eq!(of("MAC Address  VLAN ID  State  Port/Nickname  Aging"), Some((Port::At(3), Some(1))));
        assert_eq!(of("VLAN  MAC address  Type  Age Interfaces"), Some((Port::Last, Some(-1))));
        for other in
            ["Vlan    Mac Address       Type        Ports", "MAC\tIP\tPort", "mac port port", "", "VLAN"]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
