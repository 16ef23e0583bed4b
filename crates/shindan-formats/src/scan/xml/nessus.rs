//! Nessus `.nessus` (NessusClientData_v2) and Tenable's web scanner in the same form. Source: Tenable, "Nessus v2 File Format".
//!
//! Results of severity 0 are kept: what an administrator makes of them is not decided here. Checks of settings (compliance) that
//! were passed are counted. A host without an end was not scanned to the end; a target that is named and not reported did not answer.

use std::collections::BTreeSet;

use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};
use crate::xml::{Element, Piece, XmlReader};

/// Plug-in that tells about the scan itself.
pub(in crate::scan) const ABOUT_THE_SCAN: &str = "19506";

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::NessusXml, "Nessus", "nessus", path)
}

/// The host that is being read.
#[derive(Default)]
struct Host {
    spot: ScanPlace,
    name: String,
    line: u64,
    ended: bool,
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let mut targets: Vec<String> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut host: Option<Host> = None;
    let inside = ["Policy", "Preferences", "ServerPreferences", "Report", "ReportHost"];
    while let Some(piece) = reader.next_piece(|element| inside.contains(&element.name.local.as_str()))? {
        match piece {
            Piece::Entered(element) if element.name.local == "ReportHost" => {
                end_host(host.take(), found);
                host = Some(begin_host(&element, found, &mut seen));
            }
            Piece::Entered(element) if element.name.local == "Report" => begin_report(&element, found),
            Piece::Whole(element) => match element.name.local.as_str() {
                "preference" => preference(&element, &mut targets, found),
                "policyName" if !element.trimmed().is_empty() => {
                    Profile::set(&mut found.report.profile, format!("policy={}", element.trimmed()));
                }
                "HostProperties" => {
                    if let Some(host) = &mut host {
                        properties(&element, host, found, &mut seen);
                    }
                }
                "ReportItem" => item(&element, host.as_ref(), found),
                // A host of which nothing is said at all.
                "ReportHost" => {
                    let empty = begin_host(&element, found, &mut seen);
                    end_host(Some(empty), found);
                }
                _ => {}
            },
            Piece::Entered(_) | Piece::Left => {}
        }
    }
    end_host(host.take(), found);
    missing_targets(&targets, &seen, found);
    Ok(())
}

/// Targets, the plug-ins that were carried out, and which ports were looked at.
fn preference(element: &Element, targets: &mut Vec<String>, found: &mut Collected) {
    let value = element.child_text("value").unwrap_or_default().trim();
    match element.child_text("name").unwrap_or_default() {
        "TARGET" => targets.extend(value.split([',', '\n', ' ']).map(str::trim).map(str::to_owned)),
        "plugin_set" if !value.is_empty() => {
            let plugins = value.split(';').map(str::trim).filter(|plugin| !plugin.is_empty());
            found.report.rules.get_or_insert_default().extend(plugins.map(str::to_owned));
        }
        "port_range" if !value.is_empty() => {
            Profile::set(&mut found.report.profile, format!("ports={value}"));
        }
        _ => {}
    }
}

fn begin_report(element: &Element, found: &mut Collected) {
    if element.attribute("type") == Some("was") {
        found.report.tool.name = "Tenable Web App Scanning".to_owned();
    }
}

fn begin_host(element: &Element, found: &mut Collected, seen: &mut BTreeSet<String>) -> Host {
    let name = element.attribute("name").unwrap_or_default().trim();
    found.touch(name);
    seen.insert(name.to_ascii_lowercase());
    let spot = if name.contains("://") {
        place::web(name)
    } else {
        let (host, _) = place::host_and_port(name);
        ScanPlace { host, ..ScanPlace::default() }
    };
    Host { spot, name: name.to_owned(), line: element.line, ended: false }
}

fn end_host(host: Option<Host>, found: &mut Collected) {
    let Some(host) = host else { return };
    if host.ended {
        found.finished();
    } else {
        found.unfinished(host.line, &format!("{}: the scan of this host has no end (HOST_END)", host.name));
    }
}

fn properties(element: &Element, host: &mut Host, found: &mut Collected, seen: &mut BTreeSet<String>) {
    let tag = |name: &str| {
        element
            .all("tag")
            .find(|tag| tag.attribute("name") == Some(name))
            .map(Element::trimmed)
            .unwrap_or_default()
    };
    for name in ["host-ip", "host-fqdn", "host-rdns", "netbios-name"] {
        seen.insert(tag(name).to_ascii_lowercase());
    }
    found.touch(tag("host-ip"));
    found.touch(tag("host-fqdn"));
    let began = exact(tag("HOST_START_TIMESTAMP"))
        .or_else(|| found.time("HOST_START", tag("HOST_START"), element.line));
    let end =
        exact(tag("HOST_END_TIMESTAMP")).or_else(|| found.time("HOST_END", tag("HOST_END"), element.line));
    found.started(began);
    found.ended(end);
    host.ended = end.is_some();
}

fn exact(seconds: &str) -> Option<jiff::Timestamp> {
    if seconds.is_empty() { None } else { crate::scan::times::seconds(seconds) }
}

/// Hosts that do not answer are not in the report. Ranges and networks are not expanded.
fn missing_targets(targets: &[String], seen: &BTreeSet<String>, found: &mut Collected) {
    for target in targets.iter().filter(|target| !target.is_empty()) {
        found.touch(target);
        let range = target.contains(['/', '*', '[']) || target.split('.').any(is_number_range);
        if !range && !seen.contains(&target.to_ascii_lowercase()) {
            found.unfinished(1, &format!("target {target} is not in the report"));
        }
    }
}

fn is_number_range(part: &str) -> bool {
    part.contains('-') && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn item(element: &Element, host: Option<&Host>, found: &mut Collected) {
    let attribute = |name: &str| element.attribute(name).unwrap_or_default().trim();
    let rule = attribute("pluginID");
    let Some(host) = host.filter(|_| !rule.is_empty()) else {
        found.unreadable(element.line, attribute("pluginName"), "there is no pluginID or no host");
        return;
    };
    if rule == ABOUT_THE_SCAN {
        found.version(engine_version(element.child_text("plugin_output").unwrap_or_default()));
    }
    let mut spot = host.spot.clone();
    spot.port = attribute("port").parse().ok().filter(|port| *port > 0).or(spot.port);
    spot.protocol = Some(attribute("protocol").to_ascii_lowercase()).filter(|protocol| !protocol.is_empty());
    if element.child_text("compliance") == Some("true") {
        return compliance(element, rule, spot, found);
    }
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let title =
        if attribute("pluginName").is_empty() { text("plugin_name") } else { attribute("pluginName") };
    let all = |name: &'static str| element.all(name).map(Element::trimmed);
    let mut result = ScanResult::new(rule, collected::line(title), FindingKind::Vulnerability, spot);
    result.identifiers = all("cve").flat_map(names::cves).collect();
    result.cwe = all("cwe").flat_map(names::cwe).chain(all("xref").flat_map(names::cwes)).collect();
    result.kind = kind(title, &result, text("unsupported_by_vendor") == "true", attribute("severity") == "0");
    result.text = collected::short(&super::openvas::joined(&[text("synopsis"), text("description")]));
    result.advice =
        if text("solution") == "n/a" { String::new() } else { collected::short(text("solution")) };
    result.evidence = collected::short(&secrets::removed(text("plugin_output")));
    result.severity = collected::line(attribute("severity"));
    let vectors = ["cvss4_vector", "cvss3_vector", "cvss_vector"];
    result.cvss = vectors.into_iter().flat_map(all).filter_map(names::vector).collect();
    if result.cvss.is_empty() {
        let scores = ["cvss4_base_score", "cvss3_base_score", "cvssv3", "cvss_base_score", "cvss"];
        result.score_x10 = scores.into_iter().find_map(|name| names::score(text(name)));
    }
    let references = all("see_also").flat_map(str::split_whitespace).take(20);
    result.references = references.map(|url| crate::text::shorten(url, 500)).collect();
    found.add(result, element.line);
}

/// The web scanner tells the address, and the field of a form, in its words only.
pub(in crate::scan) fn on_the_web(output: &str, spot: &mut ScanPlace) {
    const BEFORE: &str = "has been detected on URL '";
    let Some((_, rest)) = output.split_once(BEFORE) else { return };
    let Some((url, rest)) = rest.split_once('\'').filter(|(url, _)| url.contains("://")) else { return };
    let web = place::web(url);
    *spot = ScanPlace {
        host: web.host.or(spot.host.take()),
        port: web.port.or(spot.port),
        url: web.url.map(|url| collected::line(&url)),
        path: web.path,
        ..std::mem::take(spot)
    };
    let named = rest.split_once(" element named '").and_then(|(_, rest)| rest.split_once('\''));
    spot.parameter = named.map(|(name, _)| collected::line(name));
}

/// What the plug-in speaks of. Results of severity 0 that name no weakness tell how something is set up.
pub(in crate::scan) fn kind(
    title: &str,
    result: &ScanResult,
    unsupported: bool,
    informational: bool,
) -> FindingKind {
    let lower = title.to_ascii_lowercase();
    if unsupported || lower.contains("unsupported") || lower.contains("seol") {
        return FindingKind::EndOfLife;
    }
    let named = !result.identifiers.is_empty() || !result.cwe.is_empty();
    match names::kind(title, &result.cwe, !result.identifiers.is_empty()) {
        FindingKind::Vulnerability if informational && !named => FindingKind::Misconfiguration,
        kind => kind,
    }
}

/// `Nessus version : 5.2.1` in what plug-in 19506 tells.
pub(in crate::scan) fn engine_version(output: &str) -> Option<&str> {
    let line = output.lines().map(str::trim).find(|line| line.starts_with("Nessus version"))?;
    line.split_once(':').map(|(_, version)| version.trim())
}

/// A check of a setting against a policy (namespace `cm`).
fn compliance(element: &Element, rule: &str, mut spot: ScanPlace, found: &mut Collected) {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let check = text("compliance-check-name");
    match text("compliance-result") {
        "PASSED" => return found.leave_out(LeftOut::Passed),
        "ERROR" => return found.unfinished(element.line, &format!("{check}: the check ended with an error")),
        _ => {}
    }
    let id = [text("compliance-check-id"), text("compliance-control-id"), check];
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    if id.is_empty() {
        found.unreadable(element.line, rule, "the compliance check has no name");
        return;
    }
    spot.object = Some(collected::line(id));
    let title = if check.is_empty() { id } else { check };
    let mut result = ScanResult::new(rule, collected::line(title), FindingKind::Misconfiguration, spot);
    let description = [text("compliance-info"), element.child_text("description").unwrap_or_default()];
    result.text = collected::short(description.into_iter().find(|text| !text.is_empty()).unwrap_or_default());
    result.advice = collected::short(text("compliance-solution"));
    let values = [text("compliance-actual-value"), text("compliance-policy-value")];
    result.evidence = collected::short(&secrets::removed(&super::openvas::joined(&values)));
    // The word for the result says more than the number: a warning has to be looked at by a person.
    let severity = [text("compliance-result"), element.attribute("severity").unwrap_or_default()];
    result.severity =
        severity.into_iter().find(|word| !word.is_empty()).map(collected::line).unwrap_or_default();
    found.add(result, element.line);
}
