//! Nuclei: a list, JSON lines, or one finding alone. Requests, answers and the curl command are not taken over: they hold
//! cookies and passwords.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{self, Filling, text, title};
use super::value::{Object, Value, Word, Words};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

/// Versions before 2.3 write some names otherwise.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Entry {
    template_id: Word,
    #[serde(rename = "templateID")]
    template_id_before: Word,
    template: Word,
    info: Info,
    #[serde(rename = "type")]
    protocol: Word,
    host: Word,
    ip: Word,
    port: Word,
    matched_at: Word,
    matched: Word,
    matcher_name: Word,
    #[serde(rename = "matcher_name")]
    matcher_name_before: Word,
    extracted_results: Words,
    matcher_status: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Info {
    name: Word,
    severity: Word,
    description: Word,
    remediation: Word,
    reference: Words,
    tags: Words,
    classification: Option<Classification>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Classification {
    cve_id: Words,
    cwe_id: Words,
    cvss_metrics: Word,
    cvss_score: Word,
}

fn empty(path: &str) -> Filling<'_> {
    Filling::new(path, ScanFormat::Nuclei, "Nuclei", "nuclei")
}

/// Reads a list, or one finding.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = empty(path);
    match value {
        Value::List(entries) => {
            for (number, entry) in entries.iter().enumerate() {
                one(&mut filling, entry, &format!("/{number}"));
            }
        }
        Value::Object(object) => single(&mut filling, object),
        Value::Other => filling.unreadable("", "no object"),
    }
    filling.finish()
}

fn single(filling: &mut Filling<'_>, object: &Object<'_>) {
    // The object was taken apart to recognise it; put together again, it is read as any other.
    let mut whole = String::from("{");
    for (number, (name, value)) in object.0.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        whole.push_str(&format!("{comma}{}:{}", serde_json::Value::from(name.as_str()), value.get()));
    }
    whole.push('}');
    match serde_json::from_str(&whole) {
        Ok(entry) => finding(filling, entry, ""),
        Err(error) => filling.unreadable("", &filling::reason(&error)),
    }
}

/// Reads the lines of a file of JSON lines; those that are damaged come with what is wrong.
pub(super) fn of_lines(lines: Vec<(u64, Result<&RawValue, String>)>, path: &str) -> ScanReport {
    let mut filling = empty(path);
    for (number, line) in lines {
        filling.at_line(number);
        match line {
            Ok(entry) => one(&mut filling, entry, ""),
            Err(reason) => filling.unreadable("", &reason),
        }
    }
    filling.finish()
}

fn one(filling: &mut Filling<'_>, entry: &RawValue, at: &str) {
    match serde_json::from_str(entry.get()) {
        Ok(entry) => finding(filling, entry, at),
        Err(error) => filling.unreadable(at, &filling::reason(&error)),
    }
}

fn finding(filling: &mut Filling<'_>, entry: Entry, at: &str) {
    let Some(rule) = entry.template_id.get().or(entry.template_id_before.get()) else {
        return filling.unreadable(at, "no template-id");
    };
    filling.touched(entry.host.text());
    if entry.matcher_status == Some(false) {
        return filling.leave_out(LeftOut::Passed);
    }
    let info = &entry.info;
    let tags: BTreeSet<String> =
        info.tags.iter().flat_map(|tag| tag.split(',')).map(|tag| tag.trim().to_ascii_lowercase()).collect();
    let name = info.name.get().unwrap_or(rule);
    let mut result =
        ScanResult::new(shorten(rule, 400), title(name), FindingKind::Vulnerability, place_of(&entry));
    result.text = text(info.description.text());
    result.advice = text(info.remediation.text());
    result.severity = info.severity.text().to_owned();
    for page in info.reference.iter() {
        names::reference(&mut result, page);
    }
    if let Some(class) = &info.classification {
        for name in class.cve_id.iter() {
            names::identify(&mut result, name);
        }
        result.cwe = class.cwe_id.iter().flat_map(names::cwe).collect();
        names::add_vector(&mut result, class.cvss_metrics.text());
        result.score_x10 = class.cvss_score.get().and_then(names::score_unless_zero);
    }
    let rule = result.rule.clone();
    names::identify(&mut result, &rule);
    result.kind = kind(&entry, &tags, &result);
    // What templates of this kind take out of answers are the secrets themselves.
    let secrets = secrets::sought(tags.iter().map(String::as_str).chain([rule.as_str(), name]))
        || ["exposure", "token", "tokens", "keys", "config", "creds", "default-login"]
            .iter()
            .any(|tag| tags.contains(*tag));
    if !secrets {
        let cookies = tags.contains("cookie") || rule.contains("cookie");
        let shown = entry.extracted_results.iter().map(|shown| {
            let shown = secrets::removed(shown);
            if cookies { secrets::cookies(&shown) } else { shown }
        });
        let shown: Vec<String> = shown.collect();
        result.evidence = text(&shown.join(", "));
    }
    filling.push(result);
}

fn place_of(entry: &Entry) -> ScanPlace {
    let matched = entry.matched_at.get().or(entry.matched.get()).or(entry.host.get()).unwrap_or_default();
    let mut place = place::web(matched);
    if !matched.contains('/') {
        // `test.example:22`, of a check that is none of the web.
        (place.path, place.url) = (None, None);
        place.protocol = entry.protocol.get().map(|_| "tcp".to_owned());
    }
    if place.host.is_none() {
        let host = entry.host.get().or(entry.ip.get()).unwrap_or_default();
        place.host = place::web(host).host;
    }
    place.port = place.port.or_else(|| entry.port.number());
    place.object =
        entry.matcher_name.get().or(entry.matcher_name_before.get()).map(|name| shorten(name, 400));
    place
}

fn kind(entry: &Entry, tags: &BTreeSet<String>, result: &ScanResult) -> FindingKind {
    let named = ["misconfig", "misconfiguration", "headers", "ssl", "tls", "tech", "exposure", "panel"];
    let folder = entry.template.text();
    let of_settings = named.iter().any(|tag| tags.contains(*tag))
        || folder.contains("misconfiguration/")
        || matches!(entry.protocol.text(), "ssl" | "dns");
    if !result.identifiers.is_empty() {
        FindingKind::Vulnerability
    } else if of_settings || entry.info.severity.text().eq_ignore_ascii_case("info") {
        FindingKind::Misconfiguration
    } else {
        names::kind_of(&result.cwe)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    const HEADERS: &str = r#"{"template-id":"http-missing-security-headers","info":{"name":"Missing headers","severity":"info","tags":["misconfig","headers"],"reference":null},"matcher-name":"x-frame-options","type":"http","host":"https://test.example","matched-at":"https://test.example/a?b=1","request":"GET / HTTP/1.1\r\nCookie: s3cret","timestamp":"2026-11-27T10:00:00+09:00","matcher-status":true}"#;
    const CVE: &str = r#"{"templateID":"CVE-2021-44228","info":{"name":"Log4j","severity":"critical","tags":"cve,rce","classification":{"cve-id":["cve-2021-44228"],"cwe-id":["cwe-502"],"cvss-metrics":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H","cvss-score":10}},"host":"test.example:22","matched":"test.example:22","type":"network","extracted-results":["password=hunter2"]}"#;

    #[test]
    fn a_list_and_lines_and_one_alone_say_the_same() {
        let expected = "nuclei - not-told\n\
            http-missing-security-headers info misconfiguration test.example:443 /a x-frame-options\n\
            CVE-2021-44228 critical vulnerability test.example:22 cwe 502 CVE-2021-44228\n\
            scan-tool-version-missing\n";
        let list = only(&format!("[{HEADERS},{CVE}]"));
        assert_eq!(summary(&list), expected);
        assert_eq!(list.results[1].evidence, "password=***");
        assert_eq!(summary(&only(include_str!("samples/nuclei.json"))), expected);
        assert_eq!(summary(&only(&format!("{HEADERS}\n\n{CVE}\n"))), expected);
        assert!(summary(&only(HEADERS)).contains("x-frame-options"));
    }

    #[test]
    fn a_broken_line_is_told_and_the_others_are_read() {
        let report = only(&format!("{HEADERS}\n{}\n[1]\n{{\"a\":1}}\n{CVE}", &CVE[..80]));
        assert_eq!(report.results.len(), 2);
        let told: Vec<_> = report.diagnostics.iter().map(|one| (one.code.as_str(), one.place.line)).collect();
        let unreadable = "scan-entry-unreadable";
        assert_eq!(
            told,
            [
                (unreadable, Some(2)),
                (unreadable, Some(3)),
                (unreadable, Some(4)),
                ("scan-tool-version-missing", None)
            ]
        );
    }

    #[test]
    fn a_broken_first_line_is_no_reason_to_refuse_the_file() {
        let report = only(&format!("{}\n{HEADERS}", &CVE[..80]));
        assert_eq!(report.results.len(), 1);
        assert!(report.diagnostics.iter().any(|one| one.place.line == Some(1)));
    }
}
