//! testssl.sh, JSON: flat (`--json`, one list) and pretty (`--json-pretty`, by host and section).

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport};

use super::filling::{Filling, reason};
use super::value::{Object, Value, Word};
use crate::scan::times;
use crate::scan::tools::testssl;
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
                        let spot = testssl::spot(one.ip.text(), one.port.text(), &mut filling.found);
                        entry(&mut filling, &spot, &one, &at);
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

fn pretty(filling: &mut Filling<'_>, object: &Object<'_>) {
    filling.found.report.tool.version = object.word("version").map(|version| shorten(&version, 200));
    filling.found.report.started = object.word("startTime").and_then(|time| times::seconds(&time));
    match object.word("scanTime") {
        Some(time) if time.parse::<u64>().is_ok() => filling.found.finished(),
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
    let name = host.word("targetHost").unwrap_or_default();
    let port = host.word("port").unwrap_or_default();
    let spot = testssl::spot(&format!("{name}/{ip}"), &port, &mut filling.found);
    // A problem stands beside the sections as an entry of its own.
    if host.has("id") && host.has("finding") {
        let word = |name: &str| Word(host.word(name));
        let one = Entry {
            id: word("id"),
            severity: word("severity"),
            finding: word("finding"),
            ..Entry::default()
        };
        return entry(filling, &spot, &one, at);
    }
    for (section, value) in &host.0 {
        if value.get().starts_with('[') {
            filling.each(&format!("{at}/{section}"), Some(value), |filling, one: Entry, at| {
                entry(filling, &spot, &one, at);
            });
        }
    }
}

fn entry(filling: &mut Filling<'_>, spot: &ScanPlace, one: &Entry, at: &str) {
    let told = testssl::Entry {
        id: one.id.text(),
        severity: one.severity.text(),
        finding: one.finding.text(),
        cve: one.cve.text(),
        cwe: one.cwe.text(),
    };
    let at = filling.place(at);
    testssl::entry(&told, spot.clone(), at, &mut filling.found);
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
