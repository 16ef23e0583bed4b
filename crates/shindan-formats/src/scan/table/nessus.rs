//! Nessus, Tenable.sc, Tenable Vulnerability Management and Tenable's web scanner, CSV. Their headings differ; what they mean does not.

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::rows::{self, Head, Lines, Record};
use crate::scan::collected::{self, Collected};
use crate::scan::xml::nessus::{ABOUT_THE_SCAN, engine_version, kind, on_the_web};
use crate::scan::{names, place, secrets};

const RULE: [&str; 3] = ["Plugin ID", "Plugin", "definition.id"];
const TITLE: [&str; 3] = ["Name", "Plugin Name", "definition.name"];
const HOST: [&str; 6] =
    ["Host", "IP Address", "DNS Name", "NetBIOS Name", "asset.host_name", "asset.display_ipv4_address"];
const SEVERITY: [&str; 3] = ["Risk", "Severity", "Risk Factor"];
const OUTPUT: [&str; 3] = ["Plugin Output", "Plugin Text", "output"];

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::NessusCsv, "Nessus", "nessus", path)
}

pub(super) fn is_head(head: &Head) -> bool {
    let any = |names: &[&str]| names.iter().any(|name| head.has(name));
    any(&RULE) && any(&TITLE) && any(&HOST) && any(&SEVERITY) && head.has("Synopsis")
}

pub(super) fn read(head: &Head, lines: Lines<'_>, found: &mut Collected) {
    rows::each(head, lines, found, row);
}

fn row(record: &Record<'_, '_>, found: &mut Collected) {
    let (rule, title) = (record.first(&RULE), record.first(&TITLE));
    if rule.is_empty() {
        return found.unreadable(record.line(), title, "there is no plug-in number");
    }
    if rule == ABOUT_THE_SCAN {
        found.version(engine_version(record.first(&OUTPUT)));
    }
    let (host, _) = place::host_and_port(record.first(&HOST));
    for name in ["Host", "IP Address", "DNS Name"] {
        found.touch(record.get(name));
    }
    let mut spot = ScanPlace {
        host,
        port: record.get("Port").parse().ok().filter(|port| *port > 0),
        protocol: Some(record.get("Protocol").to_ascii_lowercase()).filter(|protocol| !protocol.is_empty()),
        ..ScanPlace::default()
    };
    on_the_web(record.first(&OUTPUT), &mut spot);
    let title = if title.is_empty() { rule } else { title };
    let severity = record.first(&SEVERITY);
    let mut result = ScanResult::new(rule, collected::line(title), FindingKind::Vulnerability, spot);
    result.identifiers = names::cves(record.get("CVE")).collect();
    result.cwe = names::cwes(record.first(&["Cross References", "XREF"]));
    let informational = ["none", "info", "informational"].contains(&severity.to_ascii_lowercase().as_str());
    result.kind = kind(title, &result, false, informational);
    let texts = [record.get("Synopsis"), record.get("Description")];
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    result.text = collected::short(&texts.join(" "));
    let advice = record.first(&["Solution", "Steps to Remediate"]);
    result.advice = if advice == "n/a" { String::new() } else { collected::short(advice) };
    result.evidence = collected::short(&secrets::removed(record.first(&OUTPUT)));
    result.severity = collected::line(severity);
    rated(record, &mut result, found);
    let urls = record.get("See Also").split_whitespace().filter(|url| url.starts_with("http"));
    result.references = urls.take(20).map(|url| crate::text::shorten(url, 500)).collect();
    found.add(result, record.line());
}

fn rated(record: &Record<'_, '_>, result: &mut ScanResult, found: &mut Collected) {
    let vector = |heading: &str, begin: &str| {
        let vector = names::vector(record.get(heading))?;
        // Tenable.sc leaves the version out, and its columns say which one it is.
        Some(if vector.starts_with("CVSS:") { vector } else { format!("{begin}{vector}") })
    };
    let vectors = [
        vector("CVSS V4 Vector", "CVSS:4.0/"),
        vector("CVSS V3 Vector", "CVSS:3.0/"),
        vector("CVSS V2 Vector", ""),
    ];
    result.cvss = vectors.into_iter().flatten().collect();
    if !result.cvss.is_empty() {
        return;
    }
    let scores = [
        "CVSS v4.0 Base Score",
        "CVSS V3 Base Score",
        "CVSS v3.0 Base Score",
        "CVSSv3",
        "CVSS V2 Base Score",
        "CVSS v2.0 Base Score",
        "CVSS",
    ];
    for text in scores.map(|heading| record.get(heading)).into_iter().filter(|text| !text.is_empty()) {
        match names::score(text) {
            Some(score) => {
                result.score_x10 = Some(score);
                return;
            }
            // A spreadsheet that takes the point for a separator makes 75 of 7.5. Nothing is guessed.
            None => found.tolerated("CVSS", text, "0.0 to 10.0", record.line()),
        }
    }
}
