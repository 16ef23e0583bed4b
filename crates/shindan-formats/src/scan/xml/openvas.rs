//! OpenVAS and Greenbone, XML. Source: Greenbone Management Protocol 7 to 22, `get_reports`.
//!
//! The report may stand alone, in another `report`, or in the answer to `get_reports`. Its errors name checks that were not carried
//! out on a host: what is not named there is not gone.

use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::OpenvasXml, "OpenVAS", "openvas", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let inside = ["report", "results", "ports", "errors"];
    while let Some(piece) = reader.next_piece(|element| inside.contains(&element.name.local.as_str()))? {
        let Piece::Whole(element) = piece else { continue };
        let line = element.line;
        match element.name.local.as_str() {
            "result" => result(&element, found),
            "error" => error(&element, found),
            "task" | "filters" => profile(&element, found),
            "port" => found.touch(element.child_text("host").unwrap_or_default()),
            "host" => host(&element, found),
            "scan_run_status" => status(element.trimmed(), line, found),
            "scan_start" => {
                let at = found.time("scan_start", element.trimmed(), line);
                found.started(at);
            }
            "scan_end" => {
                let at = found.time("scan_end", element.trimmed(), line);
                found.ended(at);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Words of a filter that order results or choose what stands beside them.
const NO_FILTER: [&str; 7] =
    ["sort=", "sort-reverse=", "notes=", "overrides=", "first=", "details=", "ignore_pagination="];

/// The configuration of a scan is not in its report: only the same task is known to look for the same. What the filter of the report
/// leaves out is not gone.
fn profile(element: &Element, found: &mut Collected) {
    let profile = &mut found.report.profile;
    if let Some(task) = element.attribute("id").filter(|_| element.name.local == "task") {
        Profile::set(profile, format!("task={task}"));
    }
    let filter = element.child_text("term").unwrap_or_default().split_whitespace();
    for word in filter.filter(|word| !NO_FILTER.iter().any(|begin| word.starts_with(begin))) {
        Profile::set(profile, format!("filter:{word}"));
    }
}

fn status(status: &str, line: u64, found: &mut Collected) {
    match status {
        "" => {}
        "Done" => found.finished(),
        other => found.unfinished(line, &format!("scan_run_status: {other}")),
    }
}

/// A host that was scanned; without an end it was not scanned to the end.
fn host(element: &Element, found: &mut Collected) {
    let Some(address) = element.child_text("ip") else { return };
    found.touch(address);
    let began = found.time("host start", element.child_text("start").unwrap_or_default(), element.line);
    found.started(began);
    if began.is_some() && element.child_text("end").is_none() {
        found.unfinished(element.line, &format!("{address}: the scan of this host has no end"));
    }
}

fn error(element: &Element, found: &mut Collected) {
    let host = element.child("host").map(|host| host.trimmed().to_owned()).unwrap_or_default();
    let check = element.child("nvt").and_then(|nvt| nvt.attribute("oid")).unwrap_or_default();
    let words = element.child_text("description").unwrap_or("not carried out");
    found.touch(&host);
    found.unfinished(element.line, &format!("{host} {check}: {words}"));
}

fn result(element: &Element, found: &mut Collected) {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let nvt = element.child("nvt");
    let rule = nvt.and_then(|nvt| nvt.attribute("oid")).map(str::trim).filter(|oid| !oid.is_empty());
    let title = [text("name"), nvt.and_then(|nvt| nvt.child_text("name")).unwrap_or_default()];
    let title = title.into_iter().find(|title| !title.is_empty());
    let Some(rule) = rule else {
        found.unreadable(element.line, title.unwrap_or("result"), "nvt has no oid");
        return;
    };
    let (Some(nvt), title) = (nvt, title.unwrap_or(rule)) else { return };
    match text("threat") {
        "Debug" => return found.leave_out(LeftOut::AboutTheRun),
        "Error" => return found.unfinished(element.line, &format!("{title}: {}", text("description"))),
        _ => {}
    }
    let tags = tags(nvt.child_text("tags").unwrap_or_default());
    let tag = |name: &str| tags.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
    let identifiers = identifiers(nvt, rule);
    let kind = names::kind(title, &Default::default(), !identifiers.is_empty());
    let mut result = ScanResult::new(rule, collected::line(title), kind, spot(element));
    let text_of_it = [tag("summary"), tag("insight"), tag("impact"), tag("affected")];
    result.text = collected::short(&joined(&text_of_it));
    result.advice = collected::short(nvt.child_text("solution").unwrap_or(tag("solution")));
    result.evidence = collected::short(&secrets::removed(text("description")));
    result.severity =
        collected::line(if text("threat").is_empty() { text("severity") } else { text("threat") });
    result.confidence =
        element.child("qod").and_then(|qod| qod.child_text("value")).map(collected::line).unwrap_or_default();
    result.identifiers = identifiers;
    result.cvss = vectors(nvt, tag("cvss_base_vector"));
    if result.cvss.is_empty() {
        let base = nvt.child_text("cvss_base");
        result.score_x10 = names::score(text("severity")).or_else(|| names::score(base?));
    }
    if text("threat") == "False Positive" {
        result.suppressed = Some("False Positive".to_owned());
    }
    result.references = references(nvt);
    if element.child_text("host").is_none()
        && result.kind == FindingKind::Vulnerability
        && result.place.host.is_none()
    {
        found.tolerated("host", "", "an address", element.line);
    }
    found.add(result, element.line);
}

/// `general/tcp`, `443/tcp`, and `https (443/tcp)` of older reports.
fn spot(element: &Element) -> ScanPlace {
    let (host, _) = place::host_and_port(element.child("host").map(Element::trimmed).unwrap_or_default());
    let port = element.child_text("port").unwrap_or_default();
    let port = port.rsplit_once('(').map_or(port, |(_, inner)| inner.trim_end_matches(')'));
    let (number, protocol) = port.split_once('/').unwrap_or((port, ""));
    ScanPlace {
        host,
        port: number.trim().parse().ok().filter(|port| *port > 0),
        protocol: Some(protocol.trim().to_ascii_lowercase()).filter(|protocol| !protocol.is_empty()),
        ..ScanPlace::default()
    }
}

/// `summary=…|insight=…`, as the tests of the feed are described.
fn tags(text: &str) -> Vec<(&str, &str)> {
    text.split('|')
        .filter_map(|tag| tag.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect()
}

pub(in crate::scan) fn joined(texts: &[&str]) -> String {
    texts.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn identifiers(nvt: &Element, rule: &str) -> std::collections::BTreeSet<String> {
    let refs = nvt.child("refs").into_iter().flat_map(|refs| refs.all("ref"));
    let listed = refs.filter_map(|one| one.attribute("id")).flat_map(names::cves);
    let older = nvt.child_text("cve").into_iter().flat_map(names::cves);
    listed.chain(older).chain(names::cves(rule)).collect()
}

fn references(nvt: &Element) -> Vec<String> {
    let refs = nvt.child("refs").into_iter().flat_map(|refs| refs.all("ref"));
    let urls = refs.filter(|one| one.attribute("type") == Some("url")).filter_map(|one| one.attribute("id"));
    urls.take(20).map(|url| crate::text::shorten(url, 500)).collect()
}

fn vectors(nvt: &Element, tag: &str) -> Vec<String> {
    let listed = nvt.child("severities").into_iter().flat_map(|list| list.all("severity"));
    let mut all: Vec<String> =
        listed.filter_map(|one| one.child_text("value")).chain([tag]).filter_map(names::vector).collect();
    all.sort();
    all.dedup();
    all
}
