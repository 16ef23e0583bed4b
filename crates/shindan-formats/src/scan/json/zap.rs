//! ZAP, JSON (`traditional-json`, also with requests and answers, which are not taken over). One finding for every instance.

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};

use super::filling::Filling;
use super::value::{Many, Object, Word};
use crate::scan::tools::zap;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Site {
    #[serde(rename = "@name")]
    name: Word,
    #[serde(rename = "@host")]
    host: Word,
    #[serde(rename = "@port")]
    port: Word,
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
    attack: Word,
    evidence: Word,
    otherinfo: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::ZapJson, "ZAP", "zap");
    filling.found.report.tool.version = object.word("@version");
    let generated = object.word("@generated");
    filling.found.report.ended = filling.time("@generated", generated.as_deref());
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
    let spot = zap::site(site.name.text(), site.host.text(), site.port.text());
    filling.found.touch(site.name.text());
    filling.found.touch(spot.host.as_deref().unwrap_or_default());
    for (number, one) in site.alerts.0.into_iter().enumerate() {
        alert(filling, &spot, &one, &format!("{at}/alerts/{number}"));
    }
}

fn alert(filling: &mut Filling<'_>, site: &ScanPlace, alert: &Alert, at: &str) {
    let Some(rule) = alert.pluginid.get().or(alert.reference_id.get()) else {
        return filling.unreadable(at, "no pluginid");
    };
    let result = zap::finding(&zap::Alert {
        rule,
        title: alert.name.get().or(alert.alert.get()).unwrap_or(rule),
        description: alert.desc.text(),
        solution: alert.solution.text(),
        reference: alert.reference.text(),
        risk: alert.riskcode.text(),
        confidence: alert.confidence.text(),
        cwe: alert.cweid.text(),
    });
    if alert.instances.is_empty() {
        return filling.push(instance(result, &Instance::default(), site));
    }
    for one in alert.instances.iter() {
        filling.push(instance(result.clone(), one, site));
    }
}

fn instance(result: ScanResult, instance: &Instance, site: &ScanPlace) -> ScanResult {
    let instance = zap::Instance {
        uri: instance.uri.text(),
        method: instance.method.text(),
        parameter: instance.param.text(),
        shown: [instance.attack.text(), instance.evidence.text(), instance.otherinfo.text()],
    };
    zap::at_place(result, &instance, site)
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
        assert_eq!(report.results[2].evidence, "Cookie: id=***");
        assert!(report.touched.contains("https://test.example:8443"));
        assert_eq!(report.ended.map(|at| at.to_string()).as_deref(), Some("2026-11-27T01:00:00Z"));
    }
}
