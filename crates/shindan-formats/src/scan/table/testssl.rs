//! testssl.sh, CSV (`--csv`, `--csvfile`). Source: testssl.sh 2.9 to 3.2, `fileout`.
//!
//! `OK` was passed, `INFO` and `DEBUG` are notes, `WARN` says that a check could not be carried out, `FATAL` that the scan failed.

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::rows::{self, Head, Lines, Record};
use crate::scan::collected::{self, Collected};
use crate::scan::{names, place};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::TestsslCsv, "testssl.sh", "testssl", path)
}

pub(super) fn is_head(head: &Head) -> bool {
    ["id", "fqdn/ip", "port", "severity", "finding"].iter().all(|name| head.has(name))
}

pub(super) fn read(head: &Head, lines: Lines<'_>, found: &mut Collected) {
    rows::each(head, lines, found, row);
}

fn row(record: &Record<'_, '_>, found: &mut Collected) {
    let rule = record.get("id");
    let (name, address) = record.get("fqdn/ip").split_once('/').unwrap_or((record.get("fqdn/ip"), ""));
    let name = if name.is_empty() { address } else { name };
    let (host, _) = place::host_and_port(name);
    found.touch(host.as_deref().unwrap_or_default());
    found.touch(address);
    let severity = record.get("severity").to_ascii_uppercase();
    if rule == "scanTime" {
        match severity.as_str() {
            "INFO" => found.finished(),
            _ => found.unfinished(record.line(), record.get("finding")),
        }
        return found.leave_out(LeftOut::AboutTheRun);
    }
    match severity.as_str() {
        "OK" => return found.leave_out(LeftOut::Passed),
        "INFO" | "DEBUG" => return found.leave_out(LeftOut::AboutTheRun),
        "WARN" => return found.leave_out(LeftOut::NotApplicable),
        "FATAL" => {
            found.unfinished(record.line(), record.get("finding"));
            return found.leave_out(LeftOut::AboutTheRun);
        }
        "" => return found.unreadable(record.line(), rule, "there is no severity"),
        _ => {}
    }
    if rule.is_empty() {
        return found.unreadable(record.line(), record.get("finding"), "there is no id");
    }
    let spot = ScanPlace {
        host,
        port: record.get("port").parse().ok().filter(|port| *port > 0),
        protocol: Some("tcp".to_owned()),
        ..ScanPlace::default()
    };
    let mut result = ScanResult::new(rule, collected::line(rule), FindingKind::Misconfiguration, spot);
    result.text = collected::short(record.get("finding"));
    result.severity = collected::line(record.get("severity"));
    result.identifiers = names::cves(record.get("cve")).collect();
    result.cwe = names::cwe(record.get("cwe"));
    if !result.identifiers.is_empty() {
        result.kind = FindingKind::Vulnerability;
    }
    found.add(result, record.line());
}
