//! ZAP, JSON (`traditional-json`, also with requests and answers, which are not taken over). One finding for every instance.

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, plain, text, title};
use super::value::{Many, Object, Word};
use super::{secret, weakness};
use crate::scan::place;
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Site {
    #[serde(rename = "@name")]
    name: Word,
    #[serde(rename = "@host")]
    host: Word,
    alerts: Many<Alert>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Alert {
    pluginid: Word,
    #[serde(rename = "alertRef")]
    reference_id: Word,
    alert: Word,
    name: Word,
    riskcode: Word,
    confidence: Word,
    desc: Word,
    solution: Word,
    reference: Word,
    cweid: Word,
    instances: Many<Instance>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Instance {
    uri: Word,
    method: Word,
    param: Word,
    evidence: Word,
    otherinfo: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::ZapJson, "ZAP", "zap");
    filling.report.tool.version = object.word("@version");
    let generated = object.word("@generated");
    filling.report.ended = filling.time("@generated", generated.as_deref());
    // One site alone stands without a list in reports that were converted from XML.
    let alone = object.object("site").is_some();
    if alone {
        if let Some(one) = filling.one("/site", object.raw("site")) {
            site(&mut filling, one, "/site");
        }
    } else {
        filling.each("/site", object.raw("site"), site);
    }
    filling.finish()
}

fn site(filling: &mut Filling<'_>, site: Site, at: &str) {
    let name = site.name.get().or(site.host.get()).unwrap_or_default().to_owned();
    filling.touched(&name);
    for (number, one) in site.alerts.0.into_iter().enumerate() {
        alert(filling, &name, one, &format!("{at}/alerts/{number}"));
    }
}

fn alert(filling: &mut Filling<'_>, site: &str, alert: Alert, at: &str) {
    let Some(rule) = alert.pluginid.get().or(alert.reference_id.get()) else {
        return filling.unreadable(at, "no pluginid");
    };
    if alert.instances.is_empty() {
        let instance = Instance { uri: Word(Some(site.to_owned())), ..Instance::default() };
        return filling.push(finding(&alert, rule, &instance));
    }
    for instance in alert.instances.iter() {
        filling.push(finding(&alert, rule, instance));
    }
}

fn finding(alert: &Alert, rule: &str, instance: &Instance) -> ScanResult {
    let mut place = place::web(instance.uri.text());
    place.method = instance.method.get().map(str::to_owned);
    place.parameter = instance.param.get().map(|param| shorten(param, 400));
    let name = alert.alert.get().or(alert.name.get()).unwrap_or(rule);
    let mut result = ScanResult::new(rule, title(name), FindingKind::Vulnerability, place);
    result.text = plain(alert.desc.text());
    result.advice = plain(alert.solution.text());
    let shown = [instance.evidence.text(), instance.otherinfo.text()];
    let shown: Vec<String> = shown.into_iter().filter(|part| !part.is_empty()).map(secret::masked).collect();
    result.evidence = text(&shown.join("\n"));
    result.severity = alert.riskcode.text().to_owned();
    result.confidence = alert.confidence.text().to_owned();
    result.cwe = weakness::cwe_of(alert.cweid.text());
    result.kind = weakness::kind_of(&result.cwe);
    for page in plain(alert.reference.text()).split_whitespace() {
        weakness::reference(&mut result, page);
    }
    if secret::sought([name]) || secret::is_evidence_of(&result.cwe) {
        result.evidence = secret::message(&result.evidence);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    const REPORT: &str = include_str!("samples/zap.json");

    #[test]
    fn every_instance_is_a_finding() {
        let report = only(REPORT);
        assert_eq!(
            summary(&report),
            "zap 2.16.1 not-told\n\
             10038 2 misconfiguration test.example:8443 GET /login cwe 693\n\
             10038 2 misconfiguration test.example:8443 GET / cwe 693\n\
             40018 3 vulnerability test.example:8443 POST /q id cwe 89\n\
             scan-time-without-zone\nscan-entry-unreadable\n"
        );
        assert_eq!(report.results[0].text, "CSP is <missing>. Set it.");
        assert_eq!(report.results[0].references, ["https://a.example/csp"]);
        assert_eq!(report.results[2].evidence, "Cookie: ***");
        assert!(report.touched.contains("https://test.example:8443"));
        assert_eq!(report.ended.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:00:00Z"));
    }
}
