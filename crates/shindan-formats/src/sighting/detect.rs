//! Which format a text is, from its content. What a program prints is known by its heading, in whatever language, or by the
//! form of its lines.

use shindan_domain::sighting::{MacAddress, SightingFormat};

use super::found::{address, lines};
use super::{arp, dhcpd6, dnsmasq, kea, switch, table};

/// So many lines are looked at.
const LOOK: usize = 400;

/// What a text is; `None`: nothing that is read here.
pub(super) fn format(text: &str) -> Option<SightingFormat> {
    if is_markup(text.as_bytes()) {
        return is_nmap(text).then_some(SightingFormat::Nmap);
    }
    let head = || lines(text).take(LOOK).map(|(_, line)| line);
    if head().any(|line| line.starts_with("lease ") && line.ends_with('{')) {
        return Some(SightingFormat::DhcpdLeases);
    }
    if head().any(dhcpd6::opens) {
        return Some(SightingFormat::Dhcpd6Leases);
    }
    if head().next().is_some_and(kea::is_heading) {
        return Some(SightingFormat::KeaLeases);
    }
    if head().take(2).any(dnsmasq::is_lease) {
        return Some(SightingFormat::DnsmasqLeases);
    }
    if head().any(switch::is_heading) {
        return Some(SightingFormat::SwitchMac);
    }
    if let Some(format) = head().find_map(heading) {
        return Some(format);
    }
    if head().any(|line| arp::interface(line).is_some()) {
        return Some(SightingFormat::ArpWindows);
    }
    if let Some(format) = table::format(text) {
        return Some(format);
    }
    head().find_map(form)
}

/// Whether a text is XML. The prompt of some switches looks like an element: `<SW1>display mac-address`.
pub(super) fn is_markup(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let command = line.splitn(2, |byte| *byte == b'>').nth(1).map(<[u8]>::trim_ascii_start);
    let is_prompt =
        command.is_some_and(|command| command.starts_with(b"dis") || command.starts_with(b"screen"));
    text.starts_with(b"<") && !is_prompt
}

fn is_nmap(text: &str) -> bool {
    let head: String = text.chars().take(4096).collect();
    head.contains("<nmaprun")
}

/// Headings that programs print in one language only.
fn heading(line: &str) -> Option<SightingFormat> {
    let words: Vec<String> = line.split_whitespace().map(str::to_ascii_lowercase).collect();
    let has = |wanted: &[&str]| wanted.iter().all(|word| words.iter().any(|own| own == word));
    let line = words.join(" ");
    if line.starts_with("ip address hw type flags hw address") {
        Some(SightingFormat::ProcArp)
    } else if line.starts_with("address hwtype hwaddress") {
        Some(SightingFormat::ArpTable)
    } else if line.starts_with("protocol address age")
        || (has(&["address", "age", "mac", "interface"]) && words.len() <= 7)
    {
        Some(SightingFormat::CiscoArp)
    } else if has(&["vlan", "mac", "address", "type"]) || line.starts_with("mac address table") {
        Some(SightingFormat::CiscoMac)
    } else if line.starts_with("ip address - subnet mask - unique id") {
        Some(SightingFormat::DhcpNetsh)
    } else {
        None
    }
}

/// The form of a line that has no heading.
fn form(line: &str) -> Option<SightingFormat> {
    let mut words = line.split_whitespace();
    let (first, second, third) = (words.next()?, words.next()?, words.next());
    if address(first).is_some() && second == "dev" {
        return Some(SightingFormat::IpNeighbours);
    }
    let in_brackets = second.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if in_brackets.and_then(address).is_some() && third == Some("at") {
        return Some(SightingFormat::ArpList);
    }
    // The middle of `netsh`'s answer, and of Windows' table, without what stood above.
    if address(first).is_some() && second == "-" && third.and_then(address).is_some() {
        return Some(SightingFormat::DhcpNetsh);
    }
    if address(first).is_some() && second.contains('-') && second.parse::<MacAddress>().is_ok() {
        return Some(SightingFormat::ArpWindows);
    }
    if first == "Internet" && address(second).is_some() {
        return Some(SightingFormat::CiscoArp);
    }
    None
}
