//! ISC `dhcpd.leases`. Source: `dhcpd.leases(5)`: a log of lease blocks; the last block of an address counts. Times are UTC,
//! or seconds since 1970 (`epoch`).

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed};

use super::found::{Found, lines};
use crate::text::shorten;

#[derive(Default)]
struct Block {
    line: u64,
    mac: Option<MacAddress>,
    name: Option<String>,
    state: Option<String>,
    starts: Option<Timestamp>,
    last_contact: Option<Timestamp>,
    ends: Option<Timestamp>,
}

pub(super) fn read(text: &str, found: &mut Found) {
    let mut last: BTreeMap<IpAddr, Block> = BTreeMap::new();
    let mut open: Option<(IpAddr, Block)> = None;
    let mut depth = 0_u32;
    for (number, line) in lines(text) {
        if let Some((address, block)) = open.take() {
            if line == "}" {
                last.insert(address, block);
                continue;
            }
            open = Some((address, statement(block, line, number, found)));
            continue;
        }
        if let Some(address) = line.strip_prefix("lease ").and_then(|rest| rest.strip_suffix('{')) {
            match address.trim().parse() {
                Ok(address) => open = Some((address, Block { line: number, ..Block::default() })),
                Err(_) => {
                    found.unreadable(number, line);
                    depth = 1;
                }
            }
        } else if line.ends_with('{') {
            // Blocks of other kinds: failover peers, hosts.
            depth += 1;
        } else if line == "}" && depth > 0 {
            depth -= 1;
        } else if depth == 0 && !is_statement(line) {
            found.unreadable(number, line);
        }
    }
    if let Some((address, block)) = open {
        // Cut off in the middle: what the block would have said is not known.
        found.unreadable(block.line, &format!("lease {address}"));
    }
    for (address, block) in last {
        take(address, block, found);
    }
}

/// Comments and statements outside leases (`server-duid …;`, `authoring-byte-order …;`).
fn is_statement(line: &str) -> bool {
    line.starts_with('#') || line.ends_with(';')
}

fn statement(mut block: Block, line: &str, number: u64, found: &mut Found) -> Block {
    // Behind `epoch` times the day stands as a comment.
    let line =
        line.split_once("; #").map_or(line, |(statement, _)| line.get(..=statement.len()).unwrap_or(line));
    let Some(statement) = line.strip_suffix(';') else {
        if !line.starts_with('#') {
            found.unreadable(number, line);
        }
        return block;
    };
    let (name, rest) = statement.split_once(char::is_whitespace).unwrap_or((statement, ""));
    let rest = rest.trim();
    match name {
        "starts" => block.starts = time(rest, number, found),
        "ends" => block.ends = time(rest, number, found),
        "cltt" => block.last_contact = time(rest, number, found),
        "binding" => block.state = rest.strip_prefix("state").map(|state| state.trim().to_owned()),
        "hardware" => {
            let (kind, address) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            match address.parse() {
                Ok(mac) => block.mac = Some(mac),
                Err(_) if kind != "ethernet" => {}
                Err(_) => found.unreadable(number, line),
            }
        }
        "client-hostname" => {
            let name = rest.trim_matches('"');
            block.name = (!name.is_empty()).then(|| shorten(name, 255));
        }
        _ => {}
    }
    block
}

/// `4 2026/11/26 02:11:03`, `epoch 1795659063`, `never`.
pub(super) fn time(text: &str, line: u64, found: &mut Found) -> Option<Timestamp> {
    if text == "never" {
        return None;
    }
    let read = match text.strip_prefix("epoch ") {
        Some(seconds) => seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()),
        None => text.split_once(' ').and_then(|(_, rest)| {
            let time: DateTime = rest.trim().replace('/', "-").replace(' ', "T").parse().ok()?;
            Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
        }),
    };
    if read.is_none() {
        let diagnostic = Diagnostic::new(Code::DateInvalid, found.place(line));
        found.report.diagnostics.push(diagnostic.with("field", "lease").with("value", shorten(text, 60)));
    }
    read
}

fn take(address: IpAddr, block: Block, found: &mut Found) {
    let renewed = block.last_contact.max(block.starts);
    // The file's own last word is when it was written, at the earliest.
    found.report.taken_at = found.report.taken_at.max(renewed);
    if !matches!(block.state.as_deref(), Some("active") | None) {
        found.skipped().ended += 1;
        return;
    }
    if block.mac.is_none() && block.name.is_none() {
        found.skipped().incomplete += 1;
        return;
    }
    found.see(Observed {
        mac: block.mac,
        addresses: BTreeSet::from([address]),
        names: block.name.into_iter().collect(),
        lease: Some(Lease { state: LeaseState::Active, renewed, ends: block.ends }),
        seen_at: renewed,
        line: block.line,
        ..Observed::default()
    });
}
