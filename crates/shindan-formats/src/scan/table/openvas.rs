//! OpenVAS and Greenbone, CSV ("CSV Results"). Source: Greenbone's report format "CSV Results", with and without the columns `QoD`,
//! `Impact` and those behind it.

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanResult};

use super::rows::{self, Head, Lines, Record};
use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::OpenvasCsv, "OpenVAS", "openvas", path)
}

pub(super) fn is_head(head: &Head) -> bool {
    head.has("NVT OID") && (head.has("IP") || head.has("Hostname")) && head.has("NVT Name")
}

pub(super) fn read(head: &Head, lines: Lines<'_>, found: &mut Collected) {
    rows::each(head, lines, found, row);
}

fn row(record: &Record<'_, '_>, found: &mut Collected) {
    let rule = record.get("NVT OID");
    let title = record.get("NVT Name");
    if rule.is_empty() {
        return found.unreadable(record.line(), title, "there is no NVT OID");
    }
    let (host, _) = place::host_and_port(record.first(&["IP", "Hostname"]));
    found.touch(host.as_deref().unwrap_or_default());
    found.touch(record.get("Hostname"));
    if record.get("Severity") == "Debug" {
        return found.leave_out(LeftOut::AboutTheRun);
    }
    let at = found.time("Timestamp", record.get("Timestamp"), record.line());
    // Times of results: the scan began before the first and ended after the last of them.
    found.ended(at);
    let spot = ScanPlace {
        host,
        port: record.get("Port").parse().ok().filter(|port| *port > 0),
        protocol: Some(record.get("Port Protocol").to_ascii_lowercase())
            .filter(|protocol| !protocol.is_empty()),
        ..ScanPlace::default()
    };
    let identifiers: std::collections::BTreeSet<String> =
        names::cves(record.get("CVEs")).chain(names::cves(rule)).collect();
    let kind = names::kind(title, &Default::default(), !identifiers.is_empty());
    let title = if title.is_empty() { rule } else { title };
    let mut result = ScanResult::new(rule, collected::line(title), kind, spot);
    let texts =
        ["Summary", "Vulnerability Insight", "Impact", "Affected Software/OS"].map(|name| record.get(name));
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    result.text = collected::short(&texts.join(" "));
    result.advice = collected::short(record.get("Solution"));
    result.evidence = collected::short(&secrets::removed(record.get("Specific Result")));
    result.severity = collected::line(record.first(&["Severity", "CVSS"]));
    result.confidence = collected::line(record.get("QoD"));
    result.identifiers = identifiers;
    result.score_x10 = names::score(record.get("CVSS"));
    if result.score_x10.is_none() && !record.get("CVSS").is_empty() {
        found.tolerated("CVSS", record.get("CVSS"), "0.0 to 10.0", record.line());
    }
    let urls = record.get("Other References").split([',', '\n', ' ']).map(str::trim);
    result.references = urls.filter(|url| url.starts_with("http")).take(20).map(collected::line).collect();
    found.add(result, record.line());
}
