//! SSLyze 5 and 6, JSON. It tells what it measured, not what is wrong; findings are the measurements that are known to be wrong:
//! old protocols, weak cipher suites, known attacks, and problems of the certificate. Each has a rule named after its command.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use shindan_domain::assessment::{Completion, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Value, Word};
use crate::scan::{names, times};
use crate::text::shorten;

/// Commands of protocols, and whether accepting one is wrong by itself (RFC 6176, RFC 7568, RFC 8996).
const PROTOCOLS: [(&str, &str, bool); 6] = [
    ("ssl_2_0_cipher_suites", "SSL 2.0", true),
    ("ssl_3_0_cipher_suites", "SSL 3.0", true),
    ("tls_1_0_cipher_suites", "TLS 1.0", true),
    ("tls_1_1_cipher_suites", "TLS 1.1", true),
    ("tls_1_2_cipher_suites", "TLS 1.2", false),
    ("tls_1_3_cipher_suites", "TLS 1.3", false),
];

/// Parts of names of cipher suites that give no, or too little, protection.
const WEAK: [&str; 9] = ["NULL", "EXPORT", "RC4", "RC2", "_DES_", "DES40", "3DES", "anon", "MD5"];

/// Commands whose result holds one truth value: the field, the value that is wrong, the title, identifiers, weakness.
const ATTACKS: [(&str, &str, bool, &str, &str, u32); 7] = [
    ("heartbleed", "is_vulnerable_to_heartbleed", true, "Heartbleed", "CVE-2014-0160", 119),
    (
        "openssl_ccs_injection",
        "is_vulnerable_to_ccs_injection",
        true,
        "OpenSSL CCS injection",
        "CVE-2014-0224",
        326,
    ),
    ("tls_compression", "supports_compression", true, "TLS compression (CRIME)", "CVE-2012-4929", 310),
    (
        "session_renegotiation",
        "supports_secure_renegotiation",
        false,
        "No secure renegotiation",
        "CVE-2009-3555",
        295,
    ),
    (
        "session_renegotiation",
        "is_vulnerable_to_client_renegotiation_dos",
        true,
        "Renegotiation by the client",
        "",
        400,
    ),
    (
        "tls_fallback_scsv",
        "supports_fallback_scsv",
        false,
        "No protection against downgrade (TLS_FALLBACK_SCSV)",
        "",
        757,
    ),
    ("tls_extended_master_secret", "supports_ems_extension", false, "No extended master secret", "", 326),
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    hostname: Word,
    port: Word,
    ip_address: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Suites {
    accepted_cipher_suites: Many<Accepted>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Accepted {
    cipher_suite: Suite,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Suite {
    name: Word,
    is_anonymous: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Robot {
    robot_result: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Certificates {
    certificate_deployments: Many<Deployment>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Deployment {
    leaf_certificate_subject_matches_hostname: Option<bool>,
    received_chain_has_valid_order: Option<bool>,
    verified_chain_has_sha1_signature: Option<bool>,
    verified_chain_has_legacy_symantec_anchor: Option<bool>,
    path_validation_results: Many<Validation>,
    received_certificate_chain: Many<Certificate>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Validation {
    was_validation_successful: Option<bool>,
    openssl_error_string: Word,
    validation_error: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Certificate {
    not_valid_after: Word,
    /// Since SSLyze 6.
    not_valid_after_utc: Word,
    public_key: Option<Key>,
    subject: Option<Subject>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Key {
    algorithm: Word,
    key_size: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Subject {
    rfc4514_string: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::SslyzeJson, "SSLyze", "sslyze");
    filling.found.report.tool.version = object.word("sslyze_version");
    let started = universal(object.word("date_scans_started"));
    let ended = universal(object.word("date_scans_completed"));
    filling.found.report.started = filling.time("date_scans_started", started.as_deref());
    filling.found.report.ended = filling.time("date_scans_completed", ended.as_deref());
    if filling.found.report.ended.is_some() {
        filling.found.report.completion = Completion::Finished;
    }
    let servers = object.list("server_scan_results");
    if servers.is_none() {
        filling.unreadable("/server_scan_results", "no list");
    }
    for (number, raw) in servers.unwrap_or_default().into_iter().enumerate() {
        let at = format!("/server_scan_results/{number}");
        match serde_json::from_str(raw.get()) {
            Ok(Value::Object(server)) => of_server(&mut filling, &server, &at),
            _ => filling.unreadable(&at, "no object"),
        }
    }
    for wrong in object.list("invalid_server_strings").unwrap_or_default() {
        filling.unfinished(&format!("invalid_server_strings: {}", wrong.get()));
    }
    filling.finish()
}

/// SSLyze writes UTC without saying so.
fn universal(time: Option<String>) -> Option<String> {
    time.map(
        |time| {
            if times::time(&time).is_some_and(|told| told.without_zone) { format!("{time}Z") } else { time }
        },
    )
}

fn of_server(filling: &mut Filling<'_>, server: &Object<'_>, at: &str) {
    let location: Location =
        filling.one(&format!("{at}/server_location"), server.raw("server_location")).unwrap_or_default();
    let host = location.hostname.get().or(location.ip_address.get()).unwrap_or_default().to_ascii_lowercase();
    filling.touched(&host);
    filling.touched(location.ip_address.text());
    let place = ScanPlace {
        host: Some(host.clone()).filter(|host| !host.is_empty()),
        port: location.port.number(),
        protocol: Some("tcp".to_owned()),
        ..ScanPlace::default()
    };
    let status = server.word("scan_status").unwrap_or_default();
    if !matches!(status.as_str(), "" | "COMPLETED") {
        filling.unfinished(&format!("{host}: {status}"));
    }
    let Some(result) = server.object("scan_result") else { return };
    let server = Server { place, result, at: format!("{at}/scan_result") };
    server.protocols(filling);
    server.attacks(filling);
    server.robot(filling);
    server.certificates(filling);
    for (command, value) in &server.result.0 {
        let status = match serde_json::from_str(value.get()) {
            Ok(Value::Object(command)) => command.word("status").unwrap_or_default(),
            _ => continue,
        };
        match status.as_str() {
            "ERROR" => filling.unfinished(&format!("{host}: {command}")),
            "NOT_SCHEDULED" => filling.leave_out(LeftOut::NotApplicable),
            _ => {}
        }
    }
}

struct Server<'a> {
    place: ScanPlace,
    result: Object<'a>,
    at: String,
}

impl Server<'_> {
    /// The result of a command; none if it was not carried out.
    fn of<T: DeserializeOwned>(&self, filling: &mut Filling<'_>, command: &str) -> Option<T> {
        let result = self.result.object(command)?;
        filling.one(&format!("{}/{command}/result", self.at), result.raw("result"))
    }

    fn finding(&self, rule: &str, headline: &str, evidence: &str) -> ScanResult {
        let place = self.place.clone();
        let mut result = ScanResult::new(rule, title(headline), FindingKind::Misconfiguration, place);
        result.evidence = text(evidence);
        result
    }

    fn protocols(&self, filling: &mut Filling<'_>) {
        for (command, name, is_wrong) in PROTOCOLS {
            let Some(suites) = self.of::<Suites>(filling, command) else { continue };
            let accepted = suites.accepted_cipher_suites;
            let named: Vec<&str> = accepted.iter().map(|one| one.cipher_suite.name.text()).collect();
            if is_wrong && !named.is_empty() {
                let mut result = self.finding(command, &format!("{name} is accepted"), &named.join(", "));
                result.cwe.insert(327);
                filling.push(result);
            } else {
                filling.leave_out(LeftOut::Passed);
            }
            for one in accepted.iter().map(|one| &one.cipher_suite) {
                let suite = one.name.text();
                if one.is_anonymous == Some(true) || WEAK.iter().any(|part| suite.contains(part)) {
                    let rule = format!("{command}/{}", shorten(suite, 100));
                    let mut result =
                        self.finding(&rule, &format!("Weak cipher suite with {name}: {suite}"), suite);
                    result.cwe.insert(326);
                    filling.push(result);
                }
            }
        }
    }

    fn attacks(&self, filling: &mut Filling<'_>) {
        for (command, field, wrong, headline, cve, cwe) in ATTACKS {
            let Some(told) = self.result.object(command).and_then(|one| one.object("result")) else {
                continue;
            };
            let Some(value) = told.word(field) else { continue };
            if value != wrong.to_string() {
                filling.leave_out(LeftOut::Passed);
                continue;
            }
            let rule = format!("{command}/{field}");
            let mut result = self.finding(&rule, headline, &format!("{field} = {value}"));
            result.cwe.insert(cwe);
            names::identify(&mut result, cve);
            if !cve.is_empty() {
                result.kind = FindingKind::Vulnerability;
            }
            filling.push(result);
        }
    }

    fn robot(&self, filling: &mut Filling<'_>) {
        let Some(robot) = self.of::<Robot>(filling, "robot") else { return };
        let told = robot.robot_result.text();
        if told.starts_with("VULNERABLE") {
            let mut result = self.finding("robot", "ROBOT: the private key can be used by an attacker", told);
            result.kind = FindingKind::Vulnerability;
            result.cwe.insert(203);
            names::identify(&mut result, "CVE-2017-13099");
            filling.push(result);
        } else if told.starts_with("UNKNOWN") {
            filling.leave_out(LeftOut::NotApplicable);
        } else {
            filling.leave_out(LeftOut::Passed);
        }
    }

    fn certificates(&self, filling: &mut Filling<'_>) {
        let Some(certificates) = self.of::<Certificates>(filling, "certificate_info") else { return };
        for deployment in certificates.certificate_deployments.iter() {
            let before = filling.found.report.results.len();
            self.deployment(filling, deployment);
            if filling.found.report.results.len() == before {
                filling.leave_out(LeftOut::Passed);
            }
        }
    }

    fn deployment(&self, filling: &mut Filling<'_>, one: &Deployment) {
        let leaf = one.received_certificate_chain.first();
        let subject =
            leaf.and_then(|leaf| leaf.subject.as_ref()).map_or("", |subject| subject.rfc4514_string.text());
        let mut add = |rule: &str, headline: &str, evidence: &str, cwe: u32| {
            let mut result = self.finding(&format!("certificate_info/{rule}"), headline, evidence);
            result.cwe.insert(cwe);
            filling.push(result);
        };
        if one.leaf_certificate_subject_matches_hostname == Some(false) {
            add("hostname", "The certificate is for another name", subject, 297);
        }
        if one.received_chain_has_valid_order == Some(false) {
            add("order", "The certificate chain is not in order", subject, 295);
        }
        if one.verified_chain_has_sha1_signature == Some(true) {
            add("sha1", "The certificate chain is signed with SHA-1", subject, 328);
        }
        if one.verified_chain_has_legacy_symantec_anchor == Some(true) {
            add("symantec", "The certificate chain ends in a root that is no longer trusted", subject, 295);
        }
        let failed = one.path_validation_results.iter().find(|one| {
            let error = one.openssl_error_string.get().or(one.validation_error.get());
            one.was_validation_successful == Some(false)
                || one.was_validation_successful.is_none() && error.is_some()
        });
        if let Some(failed) = failed {
            let why = failed.openssl_error_string.get().or(failed.validation_error.get()).unwrap_or(subject);
            add("trust", "The certificate is not trusted", why, 295);
        }
        let key = leaf.and_then(|leaf| leaf.public_key.as_ref());
        if let Some(key) = key.filter(|key| too_short(key)) {
            let size = format!("{} {}", key.algorithm.text(), key.key_size.text());
            add("key", "The key of the certificate is too short", &size, 326);
        }
        let end = leaf.and_then(|leaf| {
            universal(leaf.not_valid_after_utc.0.clone().or(leaf.not_valid_after.0.clone()))
        });
        let at = end.as_deref().and_then(times::time).map(|told| told.at);
        let expired = at.zip(filling.found.report.ended).is_some_and(|(end, scanned)| end < scanned);
        if let Some(end) = end.filter(|_| expired) {
            let mut result = self.finding("certificate_info/expired", "The certificate has expired", &end);
            result.cwe.insert(298);
            filling.push(result);
        }
    }
}

fn too_short(key: &Key) -> bool {
    let size: u32 = key.key_size.number().unwrap_or(u32::MAX);
    let least = if key.algorithm.text().contains("RSA") { 2048 } else { 224 };
    size < least
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn measurements_that_are_wrong() {
        let report = only(include_str!("samples/sslyze.json"));
        let host = "test.example:443";
        assert_eq!(
            summary(&report),
            format!(
                "sslyze 5.2.0 unfinished\n\
                 tls_1_0_cipher_suites - misconfiguration {host} cwe 327\n\
                 tls_1_0_cipher_suites/TLS_RSA_WITH_3DES_EDE_CBC_SHA - misconfiguration {host} cwe 326\n\
                 heartbleed/is_vulnerable_to_heartbleed - vulnerability {host} cwe 119 CVE-2014-0160\n\
                 robot - vulnerability {host} cwe 203 CVE-2017-13099\n\
                 certificate_info/hostname - misconfiguration {host} cwe 297\n\
                 certificate_info/trust - misconfiguration {host} cwe 295\n\
                 certificate_info/key - misconfiguration {host} cwe 326\n\
                 certificate_info/expired - misconfiguration {host} cwe 298\n\
                 left out: passed 2\nleft out: not-applicable 1\nscan-unfinished\nscan-unfinished\n"
            )
        );
        assert_eq!(report.started.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:00:00.5Z"));
        assert!(report.touched.contains("down.example"));
    }
}
