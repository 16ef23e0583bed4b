//! Wapiti's XML report. Source: Wapiti 3.0 to 3.2, `xmlreportgenerator.py`.

use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace};
use shindan_domain::diagnostic::Diagnostic;

use crate::scan::collected::Collected;
use crate::scan::place;
use crate::scan::tools::wapiti::{self, Class, Entry};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::WapitiXml, "Wapiti", "wapiti", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let mut target = ScanPlace::default();
    let sections = ["vulnerabilities", "anomalies", "additionals"];
    while let Some(piece) = reader.next_piece(|element| sections.contains(&element.name.local.as_str()))? {
        let Piece::Whole(element) = piece else { continue };
        match element.name.local.as_str() {
            "report_infos" => target = infos(&element, found),
            "vulnerability" | "anomaly" => class(&element, &target, found),
            // What was seen of the site: its programs and headers.
            "additional" => entries(&element).for_each(|_| found.leave_out(LeftOut::AboutTheRun)),
            _ => {}
        }
    }
    Ok(())
}

fn infos(element: &Element, found: &mut Collected) -> ScanPlace {
    let mut target = ScanPlace::default();
    for info in element.all("info") {
        let value = info.trimmed();
        match info.attribute("name").unwrap_or_default() {
            "generatorVersion" => found.version(Some(value.trim_start_matches("Wapiti "))),
            "dateOfScan" => {
                let at = found.time("dateOfScan", value, info.line);
                found.ended(at);
            }
            "scope" if !value.is_empty() => {
                Profile::set(&mut found.report.profile, format!("scope={value}"));
            }
            "target" => {
                target = place::web(value);
                found.touch(value);
                found.touch(target.host.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }
    target
}

/// A class of weaknesses, with every place where one was found. Wapiti lists all classes that it knows, whether or not their
/// module was chosen: a class without a place is not passed.
fn class(element: &Element, target: &ScanPlace, found: &mut Collected) {
    let Some(name) = element.attribute("name").map(str::trim).filter(|name| !name.is_empty()) else {
        found.unreadable(element.line, &element.name.local, "there is no name");
        return;
    };
    let entries: Vec<&Element> = entries(element).collect();
    if entries.is_empty() {
        found.leave_out(LeftOut::NotApplicable);
        return;
    }
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let references = element.child("references").into_iter().flat_map(|list| list.all("reference"));
    let references = references
        .map(|one| (one.child_text("title").unwrap_or_default(), one.child_text("url").unwrap_or_default()));
    let class = Class {
        name,
        description: text("description"),
        solution: text("solution"),
        references: references.collect(),
    };
    let result = wapiti::finding(&class);
    for one in entries {
        let text = |name: &str| one.child_text(name).unwrap_or_default();
        let entry = Entry {
            method: text("method"),
            path: text("path"),
            level: text("level"),
            parameter: text("parameter"),
            info: text("info"),
        };
        found.add(wapiti::at_place(result.clone(), &entry, target), one.line);
    }
}

fn entries(element: &Element) -> impl Iterator<Item = &Element> {
    element.child("entries").into_iter().flat_map(|entries| entries.all("entry"))
}
