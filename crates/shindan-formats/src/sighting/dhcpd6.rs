//! ISC `dhcpd6.leases`. Source: `dhcpd.leases(5)`, "DHCPv6 leases": blocks by identifier, in each its addresses; the last block of
//! an address counts.
//!
//! ```text
//! ia-na "\001\000\000\000\000\001\000\001…" {
//!   cltt 4 2026/11/26 02:11:03;
//!   iaaddr 2001:db8::50 {
//!     binding state active;
//!     ends 4 2026/11/26 14:11:03;
//!   }
//! }
//! ```

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed};

use super::dhcpd::time;
use super::duid;
use super::found::{Found, lines};

/// The identifier of the association stands before that of the client.
const IAID: usize = 4;

struct Block {
    line: u64,
    mac: Option<MacAddress>,
    renewed: Option<Timestamp>,
    address: Option<Address>,
}

struct Address {
    line: u64,
    address: IpAddr,
    state: Option<String>,
    ends: Option<Timestamp>,
}

/// An address of the file, and whose it is.
struct Leased {
    mac: Option<MacAddress>,
    renewed: Option<Timestamp>,
    of: Address,
}

/// Whether a line opens such a block.
pub(super) fn opens(line: &str) -> bool {
    (line.starts_with("ia-na ") || line.starts_with("ia-ta ")) && line.ends_with('{')
}

pub(super) fn read(text: &str, found: &mut Found) {
    let mut last: BTreeMap<IpAddr, Leased> = BTreeMap::new();
    let mut open: Option<Block> = None;
    let mut depth = 0_u32;
    for (number, line) in lines(text) {
        if depth > 0 {
            // Blocks of other kinds (`ia-pd`: networks, no devices; failover), with what stands in them.
            depth = match line {
                "}" => depth - 1,
                line if line.ends_with('{') => depth + 1,
                _ => depth,
            };
            continue;
        }
        open = match open.take() {
            Some(block) => statement(block, line, number, &mut last, found),
            None if opens(line) => {
                let mac = identifier(line).as_deref().and_then(|all| duid::hardware(all.get(IAID..)?));
                if identifier(line).is_none() {
                    found.unreadable(number, line);
                }
                Some(Block { line: number, mac, renewed: None, address: None })
            }
            None => {
                if line.ends_with('{') {
                    depth = 1;
                } else if !line.starts_with('#') && !line.ends_with(';') {
                    found.unreadable(number, line);
                }
                None
            }
        };
    }
    if let Some(block) = open {
        // Cut off in the middle: what the block would have said is not known.
        found.unreadable(block.line, "ia-na");
    }
    for leased in last.into_values() {
        take(leased, found);
    }
}

/// A line inside a block; the block, unless it ends here.
fn statement(
    mut block: Block,
    line: &str,
    number: u64,
    last: &mut BTreeMap<IpAddr, Leased>,
    found: &mut Found,
) -> Option<Block> {
    if line == "}" {
        // Of an address, else of the whole block.
        let of = block.address.take()?;
        last.insert(of.address, Leased { mac: block.mac, renewed: block.renewed, of });
        return Some(block);
    }
    if let Some(address) = line.strip_prefix("iaaddr ").and_then(|rest| rest.strip_suffix('{')) {
        match address.trim().parse() {
            Ok(address) => block.address = Some(Address { line: number, address, state: None, ends: None }),
            Err(_) => found.unreadable(number, line),
        }
        return Some(block);
    }
    // Behind `epoch` times the day stands as a comment.
    let plain = line.split_once(';').map(|(statement, _)| statement);
    let Some(plain) = plain else {
        if !line.starts_with('#') {
            found.unreadable(number, line);
        }
        return Some(block);
    };
    let (name, rest) = plain.split_once(char::is_whitespace).unwrap_or((plain, ""));
    let rest = rest.trim();
    match (name, &mut block.address) {
        ("cltt", _) => block.renewed = time(rest, number, found),
        ("ends", Some(address)) => address.ends = time(rest, number, found),
        ("binding", Some(address)) => {
            address.state = rest.strip_prefix("state").map(|state| state.trim().to_owned());
        }
        _ => {}
    }
    Some(block)
}

/// The octets in quotation marks: letters, `\"`, `\\`, and others as `\ooo`.
fn identifier(line: &str) -> Option<Vec<u8>> {
    let (_, rest) = line.split_once('"')?;
    let (text, _) = rest.rsplit_once('"')?;
    let mut octets = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            octets.push(byte);
            continue;
        }
        match bytes.next()? {
            first @ b'0'..=b'3' => {
                let digit =
                    |byte: u8| char::from(byte).to_digit(8).and_then(|digit| u8::try_from(digit).ok());
                let (second, third) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                octets.push((first - b'0') * 64 + second * 8 + third);
            }
            other => octets.push(other),
        }
    }
    Some(octets)
}

fn take(leased: Leased, found: &mut Found) {
    let Leased { mac, renewed, of } = leased;
    // The file's own last word is when it was written, at the earliest.
    found.report.taken_at = found.report.taken_at.max(renewed);
    if !matches!(of.state.as_deref(), Some("active") | None) {
        found.skipped().ended += 1;
    } else if mac.is_none() {
        // Of this client nothing stays: neither a hardware address nor a name.
        found.skipped().incomplete += 1;
    } else {
        found.see(Observed {
            mac,
            addresses: BTreeSet::from([of.address]),
            lease: Some(Lease { state: LeaseState::Active, renewed, ends: of.ends }),
            seen_at: renewed,
            line: of.line,
            ..Observed::default()
        });
    }
}
