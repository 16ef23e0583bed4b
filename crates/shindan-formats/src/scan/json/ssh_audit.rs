//! ssh-audit, JSON: one host, or a list of them. Algorithms that it fails or warns about are weaknesses of the settings; each is
//! one finding, named by what it is used for and its name.

use serde::Deserialize;
use serde_json::value::RawValue;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text};
use super::value::{Object, Value, Word, Words};
use crate::scan::{names, place};
use crate::text::shorten;

/// Lists of algorithms, and what they are for.
const LISTS: [(&str, &str); 4] =
    [("kex", "key exchange"), ("key", "host key"), ("enc", "encryption"), ("mac", "message authentication")];

/// Old versions list the bare names, and tell nothing of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Algorithm {
    Name(String),
    Full(Told),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    algorithm: Word,
    keysize: Word,
    notes: Option<Notes>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Notes {
    fail: Words,
    warn: Words,
    info: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cve {
    name: Word,
    cvssv2: Word,
    description: Word,
}

/// Reads a report.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::SshAudit, "ssh-audit", "ssh-audit");
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
    let target = object.word("target").or_else(|| object.word("target_ip")).unwrap_or_default();
    let (host, port) = place::host_and_port(&target);
    filling.touched(host.as_deref().unwrap_or_default());
    let place = ScanPlace { host, port, protocol: Some("tcp".to_owned()), ..ScanPlace::default() };
    for (list, purpose) in LISTS {
        algorithms(filling, &place, list, purpose, at, object.raw(list));
    }
    let banner = object.object("banner").and_then(|banner| banner.word("raw")).unwrap_or_default();
    filling.each(&format!("{at}/cves"), object.raw("cves"), |filling, cve: Cve, at| {
        let Some(name) = cve.name.get() else { return filling.unreadable(at, "no name") };
        let mut result =
            ScanResult::new(shorten(name, 80), shorten(name, 80), FindingKind::Vulnerability, place.clone());
        result.text = text(cve.description.text());
        result.evidence = text(&banner);
        result.severity = cve.cvssv2.text().to_owned();
        result.score_x10 = cve.cvssv2.get().and_then(names::score_unless_zero);
        names::identify(&mut result, name);
        filling.push(result);
    });
}

fn algorithms(
    filling: &mut Filling<'_>,
    place: &ScanPlace,
    list: &str,
    purpose: &str,
    at: &str,
    value: Option<&RawValue>,
) {
    filling.each(&format!("{at}/{list}"), value, |filling, algorithm: Algorithm, at| {
        let told = match algorithm {
            Algorithm::Full(told) => told,
            Algorithm::Name(name) if name.is_empty() => return filling.unreadable(at, "no algorithm"),
            Algorithm::Name(_) => return filling.leave_out(LeftOut::NotApplicable),
        };
        let Some(name) = told.algorithm.get() else { return filling.unreadable(at, "no algorithm") };
        let notes = told.notes.unwrap_or_default();
        let severity = match (notes.fail.0.is_empty(), notes.warn.0.is_empty()) {
            (false, _) => "fail",
            (true, false) => "warn",
            (true, true) => return filling.leave_out(LeftOut::Passed),
        };
        let rule = format!("{list}/{}", shorten(name, 200));
        let title = format!("Weak {purpose} algorithm: {}", shorten(name, 200));
        let mut result = ScanResult::new(rule, title, FindingKind::Misconfiguration, place.clone());
        let reasons: Vec<&str> = notes.fail.iter().chain(notes.warn.iter()).collect();
        result.text = text(&reasons.join("; "));
        result.evidence = told.keysize.get().map(|size| format!("{size} bit")).unwrap_or_default();
        result.severity = severity.to_owned();
        for word in notes.info.iter().flat_map(str::split_whitespace) {
            names::reference(&mut result, word);
        }
        filling.push(result);
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn weak_algorithms_and_known_vulnerabilities() {
        let report = only(include_str!("samples/ssh-audit.json"));
        assert_eq!(
            summary(&report),
            "ssh-audit - not-told\n\
             kex/dh-group14-sha1 fail misconfiguration 192.0.2.7:2222\n\
             key/rsa warn misconfiguration 192.0.2.7:2222\n\
             CVE-2021-41617 7 vulnerability 192.0.2.7:2222 CVE-2021-41617\n\
             left out: passed 1\nleft out: not-applicable 1\n\
             scan-entry-unreadable\nscan-tool-version-missing\n"
        );
        assert_eq!(report.results[0].text, "broken SHA-1; 2048 bit");
    }
}
