//! What tools and devices say about who is on the network: scans, address tables, leases (SPEC.md section 4, ⑤-1).
//!
//! The format is recognised from the content (`detect`). There is no specification for most of them; each reader names the
//! command whose output it reads. Words in the output differ by language and are not looked at: what counts is where
//! addresses stand. A file in which nothing was seen is an error: nothing follows from it, least of all that nobody is there.

mod arp;
mod cisco;
mod detect;
mod dhcpd;
mod dhcpd6;
mod dnsmasq;
mod duid;
mod found;
mod kea;
mod netsh;
mod nmap;
mod switch;
mod table;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::sighting::{SightingFormat, SightingReport};

use self::found::Found;
use crate::limits::Limits;
use crate::text::{self, Legacy, shorten};
use crate::xml;

/// Most devices that are read of one file.
pub const MOST_OBSERVED: usize = 1_000_000;

/// Reads a file of sightings: UTF-8, UTF-16 with a byte order mark, or CP932.
///
/// What could be read in part is `Ok`: the lines that could not be read stand in its diagnostics, with severity error.
///
/// # Errors
/// `file-empty`, `file-too-large`, `encoding-invalid`, `line-too-long`, `format-unknown`; `sightings-none` if it is of a known
/// format and no device was seen; for XML also `xml-invalid`, `xml-entity-refused`, `depth-exceeded`.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<SightingReport, Vec<Diagnostic>> {
    let refused = |code: Code| Diagnostic::new(code, Place::file(path));
    let size = bytes.len() as u64;
    if size > limits.file_size {
        return Err(vec![refused(Code::FileTooLarge).with("size", size).with("limit", limits.file_size)]);
    }
    let text = decode(bytes, path).map_err(|diagnostic| vec![diagnostic])?;
    let text = text.as_ref();
    if text.trim().is_empty() {
        return Err(vec![refused(Code::FileEmpty)]);
    }
    let Some(format) = detect::format(text) else {
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        return Err(vec![refused(Code::FormatUnknown).with("hint", shorten(line, 80))]);
    };
    if format != SightingFormat::Nmap && text.lines().any(|line| line.len() > limits.line) {
        return Err(vec![refused(Code::LineTooLong).with("limit", limits.line)]);
    }
    let mut found = Found::new(format, path);
    match format {
        SightingFormat::Nmap => {
            nmap::read(text, &mut found, limits).map_err(|diagnostic| vec![diagnostic])?
        }
        SightingFormat::ArpWindows => arp::windows(text, &mut found),
        SightingFormat::ArpList => arp::list(text, &mut found),
        SightingFormat::ArpTable => arp::table(text, &mut found),
        SightingFormat::IpNeighbours => arp::neighbours(text, &mut found),
        SightingFormat::ProcArp => arp::proc_file(text, &mut found),
        SightingFormat::CiscoArp => cisco::arp(text, &mut found),
        SightingFormat::CiscoMac => cisco::mac_table(text, &mut found),
        SightingFormat::SwitchMac => switch::read(text, &mut found),
        SightingFormat::DhcpdLeases => dhcpd::read(text, &mut found),
        SightingFormat::Dhcpd6Leases => dhcpd6::read(text, &mut found),
        SightingFormat::KeaLeases => kea::read(text, &mut found),
        SightingFormat::DnsmasqLeases => dnsmasq::read(text, &mut found),
        SightingFormat::DhcpNetsh => netsh::read(text, &mut found),
        SightingFormat::DhcpCsv | SightingFormat::Table => table::read(text, &mut found),
    }
    found.finish()
}

fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<Cow<'a, str>, Diagnostic> {
    if detect::is_markup(bytes) {
        return xml::decode(bytes, path);
    }
    let utf16 = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    if !utf16 && memchr::memchr(0, bytes).is_some() {
        let hint = "binary, or UTF-16 without a byte order mark";
        return Err(Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", hint));
    }
    text::decode(bytes, Legacy::Cp932, path).map(|decoded| decoded.text)
}
