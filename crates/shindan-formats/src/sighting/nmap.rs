//! nmap's XML (`-oX`, `-oA`). Source: nmap's `nmap.dtd`, version 1.05.
//!
//! A host is taken as seen if it answered. With `-Pn` nmap calls every target "up" because the user said so: then a port
//! that is open shows that it is there. What nmap guesses of the operating system is no version.

use core::net::IpAddr;

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::sighting::{IpRange, Observed};

use super::found::Found;
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{Element, XmlReader};

pub(super) fn read(text: &str, found: &mut Found, limits: &Limits) -> Result<(), Diagnostic> {
    let text = without_empty_doctype(text);
    let mut reader = XmlReader::open(&text, &found.place(1).path, limits)?;
    let root = reader.root().clone();
    if root.name.local != "nmaprun" {
        let hint = shorten(&root.name.local, 80);
        return Err(Diagnostic::new(Code::FormatUnknown, found.place(root.line)).with("hint", hint));
    }
    found.report.taken_at = seconds(root.attribute("start"));
    let mut ended = None;
    let mut skipped = false;
    while let Some(child) = reader.next_child()? {
        match child.name.local.as_str() {
            "host" => host(&child, found),
            "target" => skipped |= child.attribute("status") == Some("skipped"),
            "runstats" => ended = runstats(&child, found).or(ended),
            _ => {}
        }
    }
    if ended.is_none() {
        let diagnostic = Diagnostic::new(Code::SightingScanUnfinished, found.place(root.line));
        found.report.diagnostics.push(diagnostic.with("reason", "runstats"));
    } else if ended == Some(true) && !skipped {
        // A scan that ended well looked at all of its targets.
        found.report.ranges = targets(root.attribute("args").unwrap_or_default());
    }
    Ok(())
}

/// nmap writes `<!DOCTYPE nmaprun>`, which declares nothing. Any other one is left for the reader to refuse.
fn without_empty_doctype(text: &str) -> std::borrow::Cow<'_, str> {
    let empty = || {
        let begin = text.find("<!DOCTYPE")?;
        let root = text.find("<nmaprun")?;
        let length = text.get(begin..)?.find('>')? + 1;
        let inner = text.get(begin + "<!DOCTYPE".len()..begin + length - 1)?;
        (begin < root && inner.trim() == "nmaprun" && !inner.contains('\n')).then_some((begin, length))
    };
    match empty() {
        Some((begin, length)) => {
            let mut text = text.to_owned();
            text.replace_range(begin..begin + length, &" ".repeat(length));
            text.into()
        }
        None => text.into(),
    }
}

fn seconds(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// Whether the scan ended as it should; `None` if it does not say that it ended.
fn runstats(element: &Element, found: &mut Found) -> Option<bool> {
    let finished = element.child("finished")?;
    let exit = finished.attribute("exit").unwrap_or("success");
    if exit != "success" {
        let reason = shorten(finished.attribute("errormsg").unwrap_or(exit), 120);
        let diagnostic = Diagnostic::new(Code::SightingScanUnfinished, found.place(finished.line));
        found.report.diagnostics.push(diagnostic.with("reason", reason));
    }
    found.report.taken_at = seconds(finished.attribute("time")).max(found.report.taken_at);
    Some(exit == "success")
}

fn host(element: &Element, found: &mut Found) {
    let mut observed = Observed { line: element.line, ..Observed::default() };
    for address in element.all("address") {
        let text = address.attribute("addr").unwrap_or_default();
        let read = match address.attribute("addrtype").unwrap_or("ipv4") {
            "mac" => {
                observed.vendor = address.attribute("vendor").map(|vendor| shorten(vendor, 120));
                text.parse().map(|mac| observed.mac = Some(mac)).is_ok()
            }
            _ => text.parse::<IpAddr>().map(|address| observed.addresses.insert(address)).is_ok(),
        };
        if !read {
            found.unreadable(address.line, text);
        }
    }
    let status = element.child("status");
    let state = status.and_then(|status| status.attribute("state"));
    let said_so = status.and_then(|status| status.attribute("reason")) == Some("user-set");
    let answered = !said_so || observed.mac.is_some() || has_open_port(element);
    if state != Some("up") || !answered {
        found.skipped().incomplete += 1;
        return;
    }
    if observed.mac.is_none() && observed.addresses.is_empty() {
        found.unreadable(element.line, "host");
        return;
    }
    let names = element.child("hostnames").into_iter().flat_map(|names| names.all("hostname"));
    observed.names = names
        .filter_map(|name| name.attribute("name"))
        .filter(|name| !name.trim().is_empty())
        .map(|name| shorten(name, 255))
        .collect();
    observed.version = description(element);
    observed.seen_at =
        seconds(element.attribute("endtime")).or_else(|| seconds(element.attribute("starttime")));
    found.see(observed);
}

fn ports(host: &Element) -> impl Iterator<Item = &Element> {
    host.child("ports").into_iter().flat_map(|ports| ports.all("port"))
}

fn has_open_port(host: &Element) -> bool {
    let state =
        |port: &Element| port.child("state").and_then(|state| state.attribute("state").map(str::to_owned));
    ports(host).any(|port| matches!(state(port).as_deref(), Some("open" | "closed")))
}

/// What the device itself says it is, where nmap asked it by SNMP (script `snmp-sysdescr`).
fn description(host: &Element) -> Option<String> {
    let of_host = host.child("hostscript").into_iter().flat_map(|scripts| scripts.all("script"));
    let mut scripts = ports(host).flat_map(|port| port.all("script")).chain(of_host);
    let script = scripts.find(|script| script.attribute("id") == Some("snmp-sysdescr"))?;
    let output = script.attribute("output")?.trim();
    let first = output.lines().next().unwrap_or(output);
    (!first.trim().is_empty()).then(|| shorten(first, 200))
}

/// The targets on nmap's command line, if they are all there is to know: none with a list in a file or with exclusions.
fn targets(args: &str) -> Vec<IpRange> {
    let words: Vec<&str> = args.split_whitespace().collect();
    // nmap takes a value after `=` or without a space, and long options with one hyphen or shortened.
    let unclear = |word: &&str| {
        let name = word.trim_start_matches('-');
        let is_option = name.len() < word.len();
        is_option
            && (["iL", "iR", "sL"].iter().any(|short| name.starts_with(short)) || name.starts_with("exc"))
    };
    if words.iter().any(unclear) {
        return Vec::new();
    }
    // Values of these options are addresses and no targets.
    let taking = ["-S", "-D", "-e", "--dns-servers", "-oX", "-oA", "-oN", "-oG", "--proxies", "-p"];
    let mut ranges: Vec<IpRange> = Vec::new();
    let mut before = "";
    for word in words {
        if !taking.contains(&before) {
            ranges.extend(word.parse::<IpRange>());
        }
        before = word;
    }
    ranges.sort();
    ranges.dedup();
    ranges
}
