//! testssl.sh, JSON: flat (`--json`, one list) and pretty (`--json-pretty`, by host and section).
//!
//! `OK` was passed, `INFO` and `DEBUG` are notes, `WARN` says that a check could not be carried out, `FATAL` that the scan failed.

use serde::Deserialize;
use shindan_domain::assessment::{Completion, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, reason, text};
use super::value::{Object, Value, Word};
use super::weakness;
use crate::scan::{place, times};
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    id: Word,
    ip: Word,
    port: Word,
    severity: Word,
    finding: Word,
    cve: Word,
    cwe: Word,
}

/// Reads a report of either form.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::TestsslJson, "testssl.sh", "testssl");
    match value {
        Value::List(entries) => {
            for (number, raw) in entries.iter().enumerate() {
                let at = format!("/{number}");
                match serde_json::from_str::<Entry>(raw.get()) {
                    Ok(one) => {
                        let place = flat_place(&mut filling, &one);
                        entry(&mut filling, &place, &one, &at);
                    }
                    Err(error) => filling.unreadable(&at, &reason(&error)),
                }
            }
        }
        Value::Object(object) => pretty(&mut filling, object),
        Value::Other => filling.unreadable("", "no object"),
    }
    filling.finish()
}

/// `test.example/192.0.2.7` and a port.
fn flat_place(filling: &mut Filling<'_>, one: &Entry) -> ScanPlace {
    let (host, ip) = one.ip.text().split_once('/').unwrap_or((one.ip.text(), ""));
    let host = if host.is_empty() { ip } else { host };
    filling.touched(ip);
    let (host, _) = place::host_and_port(host);
    ScanPlace { host, port: one.port.number(), protocol: Some("tcp".to_owned()), ..ScanPlace::default() }
}

fn pretty(filling: &mut Filling<'_>, object: &Object<'_>) {
    filling.report.tool.version = object.word("version").map(|version| shorten(&version, 200));
    filling.report.started = object.word("startTime").and_then(|time| times::seconds(&time));
    match object.word("scanTime") {
        Some(time) if time.parse::<u64>().is_ok() => filling.report.completion = Completion::Finished,
        Some(time) => filling.unfinished(&time),
        None => {}
    }
    for (number, raw) in object.list("scanResult").unwrap_or_default().into_iter().enumerate() {
        let at = format!("/scanResult/{number}");
        match serde_json::from_str(raw.get()) {
            Ok(Value::Object(host)) => of_host(filling, &host, &at),
            _ => filling.unreadable(&at, "no object"),
        }
    }
}

fn of_host(filling: &mut Filling<'_>, host: &Object<'_>, at: &str) {
    let ip = host.word("ip").unwrap_or_default();
    let name = host.word("targetHost").unwrap_or_else(|| ip.clone());
    filling.touched(&ip);
    let (name, told) = place::host_and_port(&name);
    filling.touched(name.as_deref().unwrap_or_default());
    let port = host.word("port").and_then(|port| port.parse().ok()).or(told);
    let place = ScanPlace { host: name, port, protocol: Some("tcp".to_owned()), ..ScanPlace::default() };
    // A problem stands beside the sections as an entry of its own.
    if host.has("id") && host.has("finding") {
        let word = |name: &str| Word(host.word(name));
        let one = Entry {
            id: word("id"),
            severity: word("severity"),
            finding: word("finding"),
            ..Entry::default()
        };
        return entry(filling, &place, &one, at);
    }
    for (section, value) in &host.0 {
        if value.get().starts_with('[') {
            filling.each(&format!("{at}/{section}"), Some(value), |filling, one: Entry, at| {
                entry(filling, &place, &one, at);
            });
        }
    }
}

fn entry(filling: &mut Filling<'_>, place: &ScanPlace, one: &Entry, at: &str) {
    let Some(rule) = one.id.get() else {
        return filling.unreadable(at, "no id");
    };
    let severity = one.severity.text().to_ascii_uppercase();
    if rule == "scanTime" {
        if severity == "INFO" && filling.report.completion == Completion::NotTold {
            filling.report.completion = Completion::Finished;
        } else if severity != "INFO" {
            filling.unfinished(one.finding.text());
        }
        return filling.leave_out(LeftOut::AboutTheRun);
    }
    match severity.as_str() {
        "OK" => return filling.leave_out(LeftOut::Passed),
        "INFO" | "DEBUG" => return filling.leave_out(LeftOut::AboutTheRun),
        "WARN" => return filling.leave_out(LeftOut::NotApplicable),
        "FATAL" => {
            filling.unfinished(one.finding.text());
            return filling.leave_out(LeftOut::AboutTheRun);
        }
        _ => {}
    }
    if let Some(host) = &place.host {
        filling.touched(host);
    }
    let mut result =
        ScanResult::new(shorten(rule, 400), shorten(rule, 200), FindingKind::Misconfiguration, place.clone());
    result.text = text(one.finding.text());
    result.severity = one.severity.text().to_owned();
    result.cwe = one.cwe.text().split_whitespace().flat_map(weakness::cwe_of).collect();
    for name in one.cve.text().split_whitespace() {
        weakness::identify(&mut result, name);
    }
    if !result.identifiers.is_empty() {
        result.kind = FindingKind::Vulnerability;
    }
    filling.push(result);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn the_flat_list() {
        let report = only(include_str!("samples/testssl.json"));
        assert_eq!(
            summary(&report),
            "testssl - finished\n\
             TLS1 LOW misconfiguration test.example:443\n\
             heartbleed CRITICAL vulnerability test.example:443 cwe 119 CVE-2014-0160\n\
             left out: passed 1\nleft out: not-applicable 1\nleft out: about-the-run 2\n\
             scan-tool-version-missing\n"
        );
        assert!(report.touched.contains("192.0.2.7"));
    }

    #[test]
    fn the_pretty_form_and_a_scan_that_failed() {
        let report = only(include_str!("samples/testssl-2.json"));
        assert_eq!(
            summary(&report),
            "testssl 3.0.8 unfinished\nTLS1 LOW misconfiguration test.example:443\n\
             left out: passed 1\nleft out: about-the-run 1\nscan-unfinished\nscan-unfinished\n"
        );
    }
}
