//! Wapiti, JSON. `vulnerabilities` and `anomalies` hold a list for every category, also for those whose module was not run: what
//! is empty says nothing. `additionals` are notes on what was seen. Requests and curl commands are not taken over.

use std::collections::BTreeMap;

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word};
use super::{secret, weakness};
use crate::scan::place;
use crate::text::shorten;

/// Words in names of categories about settings.
const OF_SETTINGS: [&str; 9] = [
    "header",
    "cookie",
    "httponly",
    "secure flag",
    "content security policy",
    "clickjacking",
    "tls",
    "htaccess",
    "unencrypted",
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Classification {
    desc: Word,
    sol: Word,
    #[serde(rename = "ref")]
    pages: Option<BTreeMap<String, Word>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    method: Word,
    path: Word,
    info: Word,
    level: Word,
    parameter: Word,
}

/// Reads a report.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::WapitiJson, "Wapiti", "wapiti");
    let mut target = String::new();
    if let Some(infos) = object.object("infos") {
        let version = infos.word("version");
        filling.report.tool.version = version.map(|version| version.trim_start_matches("Wapiti ").to_owned());
        filling.report.ended = filling.time("infos/date", infos.word("date").as_deref());
        target = infos.word("target").unwrap_or_default();
        filling.touched(&target);
    }
    let mut known: BTreeMap<String, Classification> = BTreeMap::new();
    filling.each_named(
        "/classifications",
        object.raw("classifications"),
        |_, name, class: Classification, _| {
            known.insert(name.to_owned(), class);
        },
    );
    for part in ["vulnerabilities", "anomalies"] {
        filling.each_named(
            &format!("/{part}"),
            object.raw(part),
            |filling, category, items: Many<Item>, _| {
                for item in items.iter() {
                    let result = finding(category, known.get(category), &target, item);
                    filling.push(result);
                }
            },
        );
    }
    filling.each("/additionals", object.raw("additionals"), |filling, items: Many<Item>, _| {
        items.iter().for_each(|_| filling.leave_out(LeftOut::AboutTheRun));
    });
    filling.finish()
}

fn finding(category: &str, class: Option<&Classification>, target: &str, item: &Item) -> ScanResult {
    let mut place = place::web(item.path.get().unwrap_or(target));
    if place.host.is_none() {
        let base = place::web(target);
        (place.host, place.port) = (base.host, base.port);
    }
    place.method = item.method.get().map(str::to_owned);
    place.parameter = item.parameter.get().map(|name| shorten(name, 400));
    let mut result =
        ScanResult::new(shorten(category, 400), title(category), FindingKind::Vulnerability, place);
    result.severity = item.level.text().to_owned();
    result.evidence = text(&secret::masked(item.info.text()));
    if let Some(class) = class {
        result.text = text(class.desc.text());
        result.advice = text(class.sol.text());
        for (name, page) in class.pages.iter().flatten() {
            weakness::reference(&mut result, page.text());
            if name.to_ascii_uppercase().starts_with("CWE") {
                result.cwe.extend(weakness::cwe_in(name));
            }
        }
    }
    for word in item.info.text().split_whitespace() {
        weakness::identify(&mut result, word.trim_matches(['.', ',', ':', '(', ')']));
    }
    let lower = category.to_ascii_lowercase();
    if OF_SETTINGS.iter().any(|word| lower.contains(word)) {
        result.kind = FindingKind::Misconfiguration;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, summary};

    #[test]
    fn categories_are_rules() {
        let report = only(include_str!("samples/wapiti.json"));
        assert_eq!(
            summary(&report),
            "wapiti 3.0.4 not-told\n\
             SQL Injection 3 vulnerability test.example:80 GET /q.php id cwe 89\n\
             HttpOnly Flag cookie 1 misconfiguration test.example:80 GET /\n\
             Internal Server Error 2 vulnerability test.example:80 POST /x\n\
             left out: about-the-run 1\n"
        );
        assert_eq!(report.results[0].evidence, "via id, password=***");
        assert!(report.ended.is_some() && report.touched.contains("http://test.example/"));
    }
}
