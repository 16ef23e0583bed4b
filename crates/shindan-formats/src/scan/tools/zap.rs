//! ZAP. Every instance of an alert is a finding of its own: its address, method and parameter are its place. Requests and answers hold
//! sessions and personal data, and nothing of them is taken over.

use shindan_domain::assessment::{ScanPlace, ScanResult};

use crate::scan::collected;
use crate::scan::plain::plain;
use crate::scan::{names, place, secrets};

/// An alert.
pub(in crate::scan) struct Alert<'a> {
    /// Number of the plug-in.
    pub(in crate::scan) rule: &'a str,
    /// Its name.
    pub(in crate::scan) title: &'a str,
    /// What it is (HTML).
    pub(in crate::scan) description: &'a str,
    /// What to do (HTML).
    pub(in crate::scan) solution: &'a str,
    /// Addresses, of which ZAP writes several into one text (HTML).
    pub(in crate::scan) reference: &'a str,
    /// `0` to `3`.
    pub(in crate::scan) risk: &'a str,
    /// `0` to `4`.
    pub(in crate::scan) confidence: &'a str,
    /// CWE number; `-1` for none.
    pub(in crate::scan) cwe: &'a str,
}

/// Where an alert was raised.
pub(in crate::scan) struct Instance<'a> {
    /// Address; empty for the site as a whole.
    pub(in crate::scan) uri: &'a str,
    /// Method of the request.
    pub(in crate::scan) method: &'a str,
    /// Parameter or header.
    pub(in crate::scan) parameter: &'a str,
    /// What shows it: attack, evidence, other information.
    pub(in crate::scan) shown: [&'a str; 3],
}

/// The place of a site from its `name` (`https://host:443`), `host` and `port`.
pub(in crate::scan) fn site(name: &str, host: &str, port: &str) -> ScanPlace {
    let web = place::web(name);
    let (host, _) = place::host_and_port(host);
    let (host, port) = (host.or(web.host), port.parse().ok().or(web.port));
    ScanPlace { host, port, url: web.url, path: web.path, ..ScanPlace::default() }
}

/// What an alert says, without a place.
pub(in crate::scan) fn finding(alert: &Alert<'_>) -> ScanResult {
    let cwe = names::cwe(alert.cwe);
    let identifiers = names::cves(alert.reference).chain(names::cves(alert.title)).collect();
    let kind = names::kind(alert.title, &cwe, false);
    let mut result = ScanResult::new(alert.rule, collected::line(alert.title), kind, ScanPlace::default());
    result.cwe = cwe;
    result.identifiers = identifiers;
    result.text = collected::short(&plain(alert.description));
    result.advice = collected::short(&plain(alert.solution));
    result.severity = collected::line(alert.risk);
    result.confidence = collected::line(alert.confidence);
    for page in plain(alert.reference).split_whitespace() {
        names::reference(&mut result, page);
    }
    result
}

/// The finding of an alert at one of its places.
pub(in crate::scan) fn at_place(
    mut result: ScanResult,
    instance: &Instance<'_>,
    site: &ScanPlace,
) -> ScanResult {
    let some = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(collected::line);
    let web = place::web(instance.uri);
    result.place = if web.path.is_some() { web } else { site.clone() };
    result.place.host = result.place.host.or_else(|| site.host.clone());
    result.place.port = result.place.port.or(site.port);
    result.place.method = some(instance.method);
    result.place.parameter = some(instance.parameter);
    let shown: Vec<&str> = instance.shown.into_iter().filter(|text| !text.is_empty()).collect();
    result.evidence = collected::short(&secrets::removed(&shown.join("\n")));
    if secrets::sought([result.title.as_str()]) || secrets::is_evidence_of(&result.cwe) {
        result.evidence = secrets::message(&result.evidence);
    }
    result
}
