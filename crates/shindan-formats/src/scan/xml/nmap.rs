//! nmap's XML with the results of its scripts. Source: `nmap.dtd` 1.05, `nselib/vulns.lua`, `scripts/vulners.nse`.
//!
//! An open port is no finding: whether it may be open is not in the report. Findings are what scripts call vulnerable. What nmap
//! saw on the network is read elsewhere, by `sighting`.

use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets, times};
use crate::xml::{Element, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::NmapXml, "nmap", "nmap", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let root = reader.root().clone();
    found.version(root.attribute("version"));
    found.started(root.attribute("start").and_then(times::seconds));
    let args = root.attribute("args").unwrap_or_default();
    profile(args, found);
    let targets = targets(args);
    for target in &targets {
        found.touch(target);
    }
    let mut answered = std::collections::BTreeSet::new();
    let mut ended = false;
    while let Some(child) = reader.next_child()? {
        match child.name.local.as_str() {
            "host" => answered.extend(host(&child, found)),
            "target" if child.attribute("status") == Some("skipped") => {
                let name = child.attribute("specification").unwrap_or_default();
                found.unfinished(child.line, &format!("target {name} was left out"));
            }
            "runstats" => ended |= runstats(&child, found),
            _ => {}
        }
    }
    if !ended {
        found.unfinished(root.line, "the report has no end (runstats)");
    }
    for target in targets.iter().filter(|target| !target.contains(['/', '*', ',']) && !is_range(target)) {
        if !answered.contains(&target.to_ascii_lowercase()) {
            found.unfinished(root.line, &format!("target {target} did not answer"));
        }
    }
    Ok(())
}

/// `10.0.0.1-20`
fn is_range(target: &str) -> bool {
    target.split('.').any(|part| part.contains('-') && part.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
}

/// Options that take the next word as their value.
const TAKING: [&str; 29] = [
    "-S",
    "-D",
    "-e",
    "-g",
    "-iL",
    "-iR",
    "-oX",
    "-oA",
    "-oN",
    "-oG",
    "-oS",
    "-p",
    "-sI",
    "-b",
    "-M",
    "-T",
    "-d",
    "--dns-servers",
    "--proxies",
    "--script",
    "--script-args",
    "--script-args-file",
    "--exclude",
    "--excludefile",
    "--max-rate",
    "--min-rate",
    "--host-timeout",
    "--stylesheet",
    "--top-ports",
];

/// The targets on nmap's command line. Those in a list in a file are not there.
fn targets(args: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = "";
    for word in args.split_whitespace().skip(1) {
        let taken = TAKING.contains(&before) || (before.starts_with("--") && before.ends_with("-timeout"));
        if !word.starts_with('-') && !taken && looks_like_a_target(word) {
            found.push(word.to_owned());
        }
        before = word;
    }
    found
}

/// Beginnings of options that say what is scanned (ports are asked about one by one), how fast, and where the report goes.
const NO_PROFILE: [&str; 24] = [
    "-o",
    "-p",
    "-F",
    "-T",
    "-v",
    "-d",
    "-n",
    "-R",
    "-i",
    "-P",
    "-sS",
    "-sT",
    "-sU",
    "--top-ports",
    "--stylesheet",
    "--webxml",
    "--no-stylesheet",
    "--reason",
    "--open",
    "--stats-every",
    "--privileged",
    "--unprivileged",
    "--min-rate",
    "--noninteractive",
];

/// What the command line says about how much was looked for: scripts, versions, and what limits them.
fn profile(args: &str, found: &mut Collected) {
    let profile = &mut found.report.profile;
    let mut words = args.split_whitespace().skip(1).peekable();
    while let Some(word) = words.next() {
        let (name, joined) =
            word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value.to_owned())));
        let takes = TAKING.contains(&name) || (name.starts_with("--") && name.ends_with("-timeout"));
        let next = words.next_if(|_| joined.is_none() && takes).map(str::to_owned);
        let value = joined.or(next).unwrap_or_default();
        match name {
            "--script" | "-script" => {
                for script in value.split(',').filter(|script| !script.is_empty()) {
                    Profile::carry_out(profile, format!("script={script}"));
                }
            }
            "-sV" | "-O" => Profile::carry_out(profile, name),
            "-sC" => Profile::carry_out(profile, "script=default"),
            "-A" => {
                ["-sV", "-O", "script=default"].into_iter().for_each(|one| Profile::carry_out(profile, one))
            }
            _ if !name.starts_with('-') || NO_PROFILE.iter().any(|begin| name.starts_with(begin)) => {}
            _ => Profile::set(profile, format!("{name}={value}")),
        }
    }
}

/// A name with a dot, an address or a range; numbers alone are values of options.
fn looks_like_a_target(word: &str) -> bool {
    let signs = word.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:/*,".contains(&b));
    let number = word.bytes().all(|b| b.is_ascii_digit()) || word.ends_with("ms");
    signs && !number && (word.contains(['.', ':']) || word == "localhost")
}

fn runstats(element: &Element, found: &mut Collected) -> bool {
    let Some(finished) = element.child("finished") else { return false };
    found.ended(finished.attribute("time").and_then(times::seconds));
    match finished.attribute("exit").unwrap_or("success") {
        "success" => found.finished(),
        exit => found.unfinished(finished.line, finished.attribute("errormsg").unwrap_or(exit)),
    }
    true
}

/// The names and addresses of the host, if it answered.
fn host(element: &Element, found: &mut Collected) -> Vec<String> {
    let addresses = element.all("address").filter(|address| address.attribute("addrtype") != Some("mac"));
    let addresses: Vec<&str> = addresses.filter_map(|address| address.attribute("addr")).collect();
    let names = element.child("hostnames").into_iter().flat_map(|names| names.all("hostname"));
    let user = |name: &&Element| name.attribute("type") == Some("user");
    let names: Vec<&Element> = names.collect();
    for name in addresses
        .iter()
        .copied()
        .chain(names.iter().copied().filter(user).filter_map(|n| n.attribute("name")))
    {
        found.touch(name);
    }
    if element.child("status").and_then(|status| status.attribute("state")) != Some("up") {
        found.leave_out(LeftOut::AboutTheRun);
        return Vec::new();
    }
    let (host, _) = place::host_and_port(addresses.first().copied().unwrap_or_default());
    let whole = ScanPlace { host, ..ScanPlace::default() };
    if element.attribute("timedout") == Some("true") {
        found.unfinished(element.line, &format!("{}: timed out", whole.host.as_deref().unwrap_or("host")));
    }
    let scripts = element.child("hostscript").into_iter().flat_map(|scripts| scripts.all("script"));
    scripts.for_each(|one| script(one, &whole, found));
    for port in element.child("ports").into_iter().flat_map(|ports| ports.all("port")) {
        // An open port says what is there, and nothing about whether that is right.
        found.leave_out(LeftOut::AboutTheRun);
        let spot = ScanPlace {
            port: port.attribute("portid").and_then(|port| port.parse().ok()),
            protocol: port.attribute("protocol").map(str::to_ascii_lowercase),
            ..whole.clone()
        };
        port.all("script").for_each(|one| script(one, &spot, found));
    }
    let names = names.iter().filter_map(|name| name.attribute("name"));
    addresses.into_iter().chain(names).map(str::to_ascii_lowercase).collect()
}

fn script(element: &Element, spot: &ScanPlace, found: &mut Collected) {
    let id = element.attribute("id").unwrap_or_default();
    if id == "vulners" {
        return vulners(element, spot, found);
    }
    let states = element.all("table").filter(|table| elem(table, "state").is_some());
    let states: Vec<&Element> = states.collect();
    if !states.is_empty() {
        return states.into_iter().for_each(|table| stated(id, table, spot, found));
    }
    // Without tables (older versions, `--script-args` that shorten) the state stands in the text alone.
    let output = element.attribute("output").unwrap_or_default();
    let says = |state: &str| output.lines().any(|line| line.trim().starts_with(state));
    if says("State: VULNERABLE") || says("State: LIKELY VULNERABLE") || says("VULNERABLE:") {
        let title = output.lines().map(str::trim).find(|line| !line.is_empty() && *line != "VULNERABLE:");
        let mut result = finding(id, title.unwrap_or(id), spot);
        result.identifiers = names::cves(output).collect();
        result.evidence = collected::short(&secrets::removed(output));
        found.add(result, element.line);
    } else if says("State: NOT VULNERABLE") || says("NOT VULNERABLE:") {
        found.leave_out(LeftOut::Passed);
    } else {
        found.leave_out(LeftOut::AboutTheRun);
    }
}

fn finding(id: &str, title: &str, spot: &ScanPlace) -> ScanResult {
    ScanResult::new(id, collected::line(title), FindingKind::Vulnerability, spot.clone())
}

/// What the library `vulns` writes: one table for each vulnerability.
fn stated(script: &str, table: &Element, spot: &ScanPlace, found: &mut Collected) {
    let state = elem(table, "state").unwrap_or_default();
    if state.starts_with("NOT VULNERABLE") {
        return found.leave_out(LeftOut::Passed);
    }
    if !(state.starts_with("VULNERABLE") || state.starts_with("LIKELY VULNERABLE")) {
        return found.leave_out(LeftOut::NotApplicable);
    }
    let key = table.attribute("key").unwrap_or_default();
    let mut result = finding(script, elem(table, "title").unwrap_or(script), spot);
    if !key.is_empty() && !key.starts_with("NMAP-") {
        result.place.object = Some(collected::line(key));
    }
    result.confidence = collected::line(state);
    result.severity = elem(table, "risk_factor").map(collected::line).unwrap_or_default();
    result.text = collected::short(&inner(table, "description"));
    result.evidence = collected::short(&secrets::removed(&inner(table, "extra_info")));
    result.identifiers = names::cves(&inner(table, "ids")).chain(names::cves(key)).collect();
    let references = inner(table, "refs");
    result.references = references.split_whitespace().take(20).map(collected::line).collect();
    if let Some(scores) = table.all("table").find(|inner| inner.attribute("key") == Some("scores")) {
        let text = spaced(scores);
        result.cvss = text.split_whitespace().filter_map(names::vector).collect();
    }
    found.add(result, table.line);
}

fn elem<'a>(table: &'a Element, key: &str) -> Option<&'a str> {
    table.all("elem").find(|elem| elem.attribute("key") == Some(key)).map(Element::trimmed)
}

/// All text of the inner table of this key.
fn inner(table: &Element, key: &str) -> String {
    let inner = table.all("table").find(|inner| inner.attribute("key") == Some(key));
    inner.map(spaced).unwrap_or_default()
}

/// The values of a table, kept apart.
fn spaced(table: &Element) -> String {
    table.children.iter().map(Element::deep_text).collect::<Vec<_>>().join(" ")
}

/// `vulners`: known vulnerabilities of the version that a service tells.
fn vulners(element: &Element, spot: &ScanPlace, found: &mut Collected) {
    let mut read = 0;
    for product in element.all("table") {
        let cpe = product.attribute("key").unwrap_or_default();
        for entry in product.all("table") {
            read += 1;
            let id = elem(entry, "id").unwrap_or_default();
            if id.is_empty() {
                found.unreadable(entry.line, "vulners", "there is no id");
            } else if elem(entry, "is_exploit") == Some("true") {
                // An exploit of one of the others, no vulnerability of its own.
                found.leave_out(LeftOut::AboutTheRun);
            } else {
                found.add(known(id, cpe, elem(entry, "cvss").unwrap_or_default(), spot), entry.line);
            }
        }
    }
    if read > 0 {
        return;
    }
    let mut cpe = "";
    for line in element.attribute("output").unwrap_or_default().lines().map(str::trim) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some(word), _) if word.starts_with("cpe:") => cpe = word.trim_end_matches(':'),
            (Some(id), Some(score)) if names::score(score).is_some() && !line.contains("*EXPLOIT*") => {
                found.add(known(id, cpe, score, spot), element.line);
            }
            (Some(_), _) => found.leave_out(LeftOut::AboutTheRun),
            (None, _) => {}
        }
    }
}

fn known(id: &str, cpe: &str, score: &str, spot: &ScanPlace) -> ScanResult {
    let mut parts = cpe.trim_start_matches("cpe:/").split(':').skip(1);
    let maker_and_product: Vec<&str> = parts.by_ref().take(2).collect();
    let mut spot = spot.clone();
    spot.component = Some(maker_and_product.join(":")).filter(|component| !component.is_empty());
    spot.version = parts.next().filter(|version| !version.is_empty()).map(collected::line);
    // The same program behind two ports is two findings.
    spot.object = spot.port.map(|port| format!("{port}/{}", spot.protocol.as_deref().unwrap_or("tcp")));
    let mut result = finding(&collected::line(id), id, &spot);
    result.identifiers.insert(collected::line(id));
    result.score_x10 = names::score(score);
    result.severity = collected::line(score);
    result.references = vec![format!("https://vulners.com/cve/{id}")];
    result.evidence = collected::line(cpe);
    if !id.starts_with("CVE-") {
        result.references.clear();
    }
    result
}
