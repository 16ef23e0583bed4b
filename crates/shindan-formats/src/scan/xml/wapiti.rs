//! Wapiti's XML report. Source: Wapiti 3.0 to 3.2, `xmlreportgenerator.py`.
//!
//! Requests and curl commands are not taken over: they hold what was sent, passwords among it. Of a parameter that holds
//! values (`user=a&password=b`) only the names are.

use std::collections::BTreeSet;

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;

use super::plain::plain;
use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};
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
    let references = element.child("references").into_iter().flat_map(|list| list.all("reference"));
    let references: Vec<&Element> = references.collect();
    let cwe: BTreeSet<u32> =
        references.iter().flat_map(|one| names::cwes(one.child_text("title").unwrap_or_default())).collect();
    let mut result =
        ScanResult::new(name, collected::line(name), names::kind(name, &cwe, false), target.clone());
    result.cwe = cwe;
    result.text = collected::short(&plain(element.child_text("description").unwrap_or_default()));
    result.advice = collected::short(&plain(element.child_text("solution").unwrap_or_default()));
    let urls = references.iter().filter_map(|one| one.child_text("url"));
    result.references = urls.take(20).map(|url| crate::text::shorten(url, 500)).collect();
    for entry in entries {
        found.add(at_place(result.clone(), entry, target), entry.line);
    }
}

fn entries(element: &Element) -> impl Iterator<Item = &Element> {
    element.child("entries").into_iter().flat_map(|entries| entries.all("entry"))
}

fn at_place(mut result: ScanResult, entry: &Element, target: &ScanPlace) -> ScanResult {
    let text = |name: &str| entry.child_text(name).unwrap_or_default();
    let path = place::web(text("path"));
    result.place = ScanPlace {
        host: path.host.or_else(|| target.host.clone()),
        port: path.port.or(target.port),
        url: full_url(text("path"), target.url.as_deref()),
        path: path.path.or_else(|| target.path.clone()),
        method: Some(text("method")).filter(|method| !method.is_empty()).map(str::to_owned),
        parameter: Some(parameter(text("parameter"))).filter(|parameter| !parameter.is_empty()),
        ..ScanPlace::default()
    };
    result.severity = collected::line(text("level"));
    let info = secrets::removed(text("info"));
    result.identifiers = names::cves(&info).collect();
    result.evidence = collected::short(&info);
    result
}

/// The address of an entry: entries have the path alone.
fn full_url(path: &str, target: Option<&str>) -> Option<String> {
    let target = target?;
    let url = match target.find("://") {
        Some(at) if path.starts_with('/') => {
            let rest = target.get(at + 3..)?;
            let end = at + 3 + rest.find('/').unwrap_or(rest.len());
            format!("{}{path}", target.get(..end)?)
        }
        _ if path.is_empty() => target.to_owned(),
        _ => path.to_owned(),
    };
    Some(crate::text::shorten(&url, 500))
}

/// The names of a query, without its values.
fn parameter(text: &str) -> String {
    let names = text.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    collected::line(&names.collect::<Vec<_>>().join("&"))
}
