//! Nikto, JSON: one object of a host (2.1), or a list of them (2.5).

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};

use super::filling::Filling;
use super::value::{Object, Value, Word, Words};
use crate::scan::place;
use crate::scan::tools::nikto;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    id: Word,
    #[serde(rename = "OSVDB")]
    osvdb: Word,
    method: Word,
    url: Word,
    msg: Word,
    references: Words,
}

/// Reads a report.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::NiktoJson, "Nikto", "nikto");
    match value {
        Value::Object(object) => host(&mut filling, object, ""),
        Value::List(entries) => {
            for (number, entry) in entries.iter().enumerate() {
                match serde_json::from_str(entry.get()) {
                    Ok(Value::Object(object)) => host(&mut filling, &object, &format!("/{number}")),
                    _ => filling.unreadable(&format!("/{number}"), "no object"),
                }
            }
        }
        Value::Other => filling.unreadable("", "no object"),
    }
    filling.finish()
}

fn host(filling: &mut Filling<'_>, object: &Object<'_>, at: &str) {
    let name = object.word("host").or_else(|| object.word("ip")).unwrap_or_default();
    let (host, told) = place::host_and_port(&name);
    let port = object.word("port").and_then(|port| port.parse().ok()).or(told);
    let ip = object.word("ip").unwrap_or_default();
    filling.found.touch(host.as_deref().unwrap_or_default());
    filling.found.touch(&ip);
    let base = ScanPlace { host, port, ..ScanPlace::default() };
    filling.each(
        &format!("{at}/vulnerabilities"),
        object.raw("vulnerabilities"),
        |filling, item: Item, at| match finding(&base, &item) {
            Some(result) => filling.push(result),
            None => filling.unreadable(at, "neither id nor msg"),
        },
    );
}

fn finding(base: &ScanPlace, item: &Item) -> Option<ScanResult> {
    let message = item.msg.text();
    let rule = item.id.get().map_or_else(|| nikto::rule(message), str::to_owned);
    if rule.is_empty() {
        return None;
    }
    let entry = nikto::Entry {
        rule: &rule,
        description: message,
        uri: item.url.text(),
        method: item.method.text(),
        osvdb: item.osvdb.text(),
        references: item.references.iter().collect(),
    };
    Some(nikto::finding(&entry, base))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    const HOST: &str = include_str!("samples/nikto.json");

    #[test]
    fn a_host_and_a_list_of_hosts() {
        let expected = "nikto - not-told\n\
            999957 - misconfiguration test.example:8080 GET /\n\
            000126 - vulnerability test.example:8080 GET /admin/ CVE-2000-0709,OSVDB-3092\n\
            scan-entry-unreadable\nscan-tool-version-missing\n";
        let report = only(HOST);
        assert_eq!(summary(&report), expected);
        assert!(report.touched.contains("192.0.2.7"));
        assert_eq!(summary(&only(&format!("[{HOST}]"))), expected);
    }
}
