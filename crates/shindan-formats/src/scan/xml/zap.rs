//! ZAP's XML report, "traditional" and "traditional plus". Source: ZAP 2.9 to 2.16, `traditional-xml` and
//! `traditional-xml-plus` of its report add-on.
//!
//! Every instance of an alert is a finding of its own: its address, method and parameter are its place. The requests and
//! responses of the "plus" report hold sessions and personal data, and nothing of them is taken over.

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;

use super::plain::plain;
use crate::scan::collected::{self, Collected};
use crate::scan::{names, place, secrets};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::ZapXml, "ZAP", "zap", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let root = reader.root().clone();
    found.version(root.attribute("version"));
    // "generated" is the time of the report, which is after the end of the scan.
    let generated = found.time("generated", root.attribute("generated").unwrap_or_default(), root.line);
    found.ended(generated);
    let mut site = ScanPlace::default();
    let enter = |element: &Element| matches!(element.name.local.as_str(), "site" | "alerts");
    while let Some(piece) = reader.next_piece(enter)? {
        match piece {
            Piece::Entered(element) if element.name.local == "site" => site = begin_site(&element, found),
            Piece::Whole(element) if element.name.local == "alertitem" => alert(&element, &site, found),
            Piece::Whole(element) if element.name.local == "site" => {
                begin_site(&element, found);
            }
            Piece::Entered(_) | Piece::Whole(_) | Piece::Left => {}
        }
    }
    Ok(())
}

fn begin_site(element: &Element, found: &mut Collected) -> ScanPlace {
    let name = element.attribute("name").unwrap_or_default();
    found.touch(name);
    let (host, _) = place::host_and_port(element.attribute("host").unwrap_or_default());
    found.touch(host.as_deref().unwrap_or_default());
    let port = element.attribute("port").and_then(|port| port.parse().ok());
    ScanPlace { host, port, ..place::web(name) }
}

fn alert(element: &Element, site: &ScanPlace, found: &mut Collected) {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let rule = text("pluginid");
    let title = [text("name"), text("alert")].into_iter().find(|title| !title.is_empty()).unwrap_or(rule);
    if rule.is_empty() {
        found.unreadable(
            element.line,
            if title.is_empty() { "alertitem" } else { title },
            "there is no pluginid",
        );
        return;
    }
    let cwe = names::cwe(text("cweid"));
    let kind = names::kind(title, &cwe, false);
    let mut result = ScanResult::new(rule, collected::line(title), kind, site.clone());
    result.cwe = cwe;
    result.text = collected::short(&plain(text("desc")));
    result.advice = collected::short(&plain(text("solution")));
    result.severity = collected::line(text("riskcode"));
    result.confidence = collected::line(text("confidence"));
    result.identifiers = names::cves(text("reference")).chain(names::cves(title)).collect();
    result.references = references(text("reference"));
    let instances: Vec<&Element> =
        element.child("instances").into_iter().flat_map(|instances| instances.all("instance")).collect();
    if instances.is_empty() {
        // Reports of ZAP 2.6 and older have one address beside the alert itself.
        found.add(instance(result, element, site), element.line);
        return;
    }
    for one in instances {
        found.add(instance(result.clone(), one, site), one.line);
    }
}

fn instance(mut result: ScanResult, element: &Element, site: &ScanPlace) -> ScanResult {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let web = place::web(text("uri"));
    if web.path.is_some() {
        result.place = web;
    }
    result.place.host = result.place.host.or_else(|| site.host.clone());
    result.place.port = result.place.port.or(site.port);
    result.place.method = Some(text("method")).filter(|method| !method.is_empty()).map(str::to_owned);
    result.place.parameter =
        Some(text("param")).filter(|parameter| !parameter.is_empty()).map(collected::line);
    let shown = [text("attack"), text("evidence")];
    let shown: Vec<&str> = shown.into_iter().filter(|text| !text.is_empty()).collect();
    result.evidence = collected::short(&secrets::removed(&shown.join("\n")));
    result
}

/// Addresses, of which ZAP writes several into one text.
fn references(text: &str) -> Vec<String> {
    let plain = plain(text);
    let address = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    plain.split_whitespace().filter(address).take(20).map(|word| crate::text::shorten(word, 500)).collect()
}
