//! ZAP's XML report, "traditional" and "traditional plus". Source: ZAP 2.9 to 2.16, `traditional-xml` and
//! `traditional-xml-plus` of its report add-on.

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;

use crate::scan::collected::Collected;
use crate::scan::tools::zap::{self, Alert, Instance};
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
    let text = |name: &str| element.attribute(name).unwrap_or_default();
    let site = zap::site(text("name"), text("host"), text("port"));
    found.touch(text("name"));
    found.touch(site.host.as_deref().unwrap_or_default());
    site
}

fn alert(element: &Element, site: &ScanPlace, found: &mut Collected) {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let first = |names: [&str; 2]| names.into_iter().map(text).find(|text| !text.is_empty());
    let title = first(["name", "alert"]);
    let Some(rule) = first(["pluginid", "alertRef"]) else {
        return found.unreadable(element.line, title.unwrap_or("alertitem"), "there is no pluginid");
    };
    let result = zap::finding(&Alert {
        rule,
        title: title.unwrap_or(rule),
        description: text("desc"),
        solution: text("solution"),
        reference: text("reference"),
        risk: text("riskcode"),
        confidence: text("confidence"),
        cwe: text("cweid"),
    });
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

fn instance(result: ScanResult, element: &Element, site: &ScanPlace) -> ScanResult {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let instance = Instance {
        uri: text("uri"),
        method: text("method"),
        parameter: text("param"),
        shown: [text("attack"), text("evidence"), text("otherinfo")],
    };
    zap::at_place(result, &instance, site)
}
