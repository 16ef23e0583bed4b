//! Wapiti, JSON. `vulnerabilities` and `anomalies` hold a list for every category, also for those whose module was not run: what
//! is empty says nothing. `additionals` are notes on what was seen. Requests and curl commands are not taken over.

use std::collections::BTreeMap;

use serde::Deserialize;
use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanReport, ScanResult};

use super::filling::Filling;
use super::value::{Many, Object, Word};
use crate::scan::place;
use crate::scan::tools::wapiti;

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
    let mut target = ScanPlace::default();
    if let Some(infos) = object.object("infos") {
        let version = infos.word("version");
        filling.found.report.tool.version =
            version.map(|version| version.trim_start_matches("Wapiti ").to_owned());
        filling.found.report.ended = filling.time("infos/date", infos.word("date").as_deref());
        if let Some(scope) = infos.word("scope").filter(|scope| !scope.trim().is_empty()) {
            Profile::set(&mut filling.found.report.profile, format!("scope={}", scope.trim()));
        }
        let told = infos.word("target").unwrap_or_default();
        target = place::web(&told);
        filling.found.touch(&told);
        filling.found.touch(target.host.as_deref().unwrap_or_default());
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

fn finding(category: &str, class: Option<&Classification>, target: &ScanPlace, item: &Item) -> ScanResult {
    let mut told = wapiti::Class { name: category, ..wapiti::Class::default() };
    if let Some(class) = class {
        (told.description, told.solution) = (class.desc.text(), class.sol.text());
        let pages = class.pages.iter().flatten();
        told.references = pages.map(|(name, page)| (name.as_str(), page.text())).collect();
    }
    let entry = wapiti::Entry {
        method: item.method.text(),
        path: item.path.text(),
        level: item.level.text(),
        parameter: item.parameter.text(),
        info: item.info.text(),
    };
    wapiti::at_place(wapiti::finding(&told), &entry, target)
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
