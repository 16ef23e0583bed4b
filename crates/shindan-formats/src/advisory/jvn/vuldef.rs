//! One `Vulinfo` of a VULDEF document becomes one advisory.

use shindan_domain::advisory::{Advisory, AdvisoryFormat, Affected, ProductRef, Remediation, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::version::VersionClaim;

use super::entry::{self, EntryFacts, SUMMARY};
use super::lines::{self, Line};
use super::own_page;
use crate::advisory::markup;
use crate::advisory::{Reading, dates};
use crate::text::shorten;
use crate::xml::Element;

/// Reads the `number`th (from 1) `Vulinfo`.
pub(super) fn read(
    vulinfo: &Element,
    number: u64,
    language: Option<&str>,
    path: &str,
    reading: &mut Reading,
) {
    let pointer = format!("/VULDEF-Document/Vulinfo[{number}]");
    let place = Place::file(path).at_line(vulinfo.line).at_field(&pointer);
    let Some(id) = vulinfo.child_text("VulinfoID") else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "VulinfoID"));
        return;
    };
    let Some(data) = vulinfo.child("VulinfoData") else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "VulinfoData"));
        return;
    };
    let title = data.child_text("Title").unwrap_or_default();
    let mut advisory = entry::advisory(id, title, AdvisoryFormat::Vuldef, pointer);
    advisory.language = language.map(str::to_owned);
    let mut date = |name: &str| dates::field(data.child_text(name), name, &place, &mut reading.diagnostics);
    let public = date("DatePublic");
    advisory.published = date("DateFirstPublished").or(public);
    advisory.modified = date("DateLastUpdated");
    reading.seen(advisory.published.max(advisory.modified));

    advisory.references = references(id, language, data);
    advisory.vulnerabilities = facts(data).vulnerabilities(id);
    affected(data, &mut advisory, &place, &mut reading.diagnostics);
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", id));
    }
    reading.advisories.push(advisory);
}

fn related(data: &Element) -> impl Iterator<Item = &Element> {
    data.all("Related").flat_map(|related| related.all("RelatedItem"))
}

fn facts(data: &Element) -> EntryFacts {
    let mut facts = EntryFacts::default();
    for item in related(data) {
        let Some(id) = item.child_text("VulinfoID") else { continue };
        match item.attribute("type") {
            Some("advisory") => facts.add_cve(id),
            Some("cwe") => facts.add_cwe(id),
            _ => {}
        }
    }
    let overview = data.child("VulinfoDescription").and_then(|d| d.child_text("Overview"));
    facts.summary = shorten(&markup::plain(overview.unwrap_or_default()), SUMMARY);
    for impact in data.all("Impact") {
        for score in impact.all("Cvss") {
            facts.cvss.extend(entry::cvss(score.child_text("Vector"), score.child_text("Base")));
        }
    }
    for item in data.all("Solution").flat_map(|solution| solution.all("SolutionItem")) {
        if let Some(text) = item.child_text("Description") {
            facts.remediations.push(remediation(&markup::plain(text)));
        }
    }
    facts
}

/// JVN opens each kind of remedy with a heading in brackets.
fn remediation(text: &str) -> Remediation {
    let fix = ["アップデート", "パッチ", "正式な対策"].iter().any(|word| text.contains(word));
    let workaround = text.contains("ワークアラウンド") || text.contains("回避策");
    let category = match (fix, workaround) {
        (true, _) => "vendor_fix",
        (false, true) => "workaround",
        (false, false) => "mitigation",
    };
    Remediation { category: category.to_owned(), details: shorten(text, SUMMARY), url: None }
}

/// The entry's own page first, then what it refers to.
fn references(id: &str, language: Option<&str>, data: &Element) -> Vec<String> {
    let mut out: Vec<String> = own_page(id, language).into_iter().collect();
    for item in related(data) {
        if item.attribute("type") == Some("cwe") {
            continue;
        }
        if let Some(url) = item.child_text("URL")
            && !out.iter().any(|known| known == url)
        {
            out.push(url.to_owned());
        }
    }
    out
}

fn affected(data: &Element, advisory: &mut Advisory, place: &Place, diagnostics: &mut Vec<Diagnostic>) {
    let items = data.all("Affected").flat_map(|affected| affected.all("AffectedItem"));
    for (index, item) in items.enumerate() {
        let pointer = format!("{}/VulinfoData/Affected/AffectedItem[{}]", advisory.pointer, index + 1);
        let here = place.clone().at_line(item.line).at_field(&pointer);
        let uri = item.child_text("Cpe");
        let product = ProductRef {
            vendor: item.child_text("Name").map(str::to_owned),
            product: item.child_text("ProductName").map(str::to_owned),
            cpes: uri.and_then(|uri| entry::cpe(uri, &here, diagnostics)).into_iter().collect(),
            ..ProductRef::default()
        };
        let texts: Vec<&str> = item.all("VersionNumber").map(Element::trimmed).collect();
        let name = product.product.clone().unwrap_or_default();
        if entry::is_ambiguous(&name, uri) {
            let params = Params::from([("product".to_owned(), name)]);
            let versions = VersionClaim::Undetermined { code: Code::ProductAmbiguous, params };
            let mut statement = Affected::new(product, Status::Affected, versions);
            statement.text = texts.join("\n");
            statement.pointer = pointer;
            advisory.affected.push(statement);
            continue;
        }
        for group in lines::groups(version_lines(&texts)) {
            let vulnerabilities = lines::indices(&group.scope, &mut advisory.vulnerabilities);
            let mut statement = group.statement(&product, Status::Affected);
            statement.vulnerabilities = vulnerabilities;
            statement.pointer.clone_from(&pointer);
            advisory.affected.push(statement);
        }
    }
}

/// Empty lines say nothing beside others; alone they leave the versions open.
fn version_lines(texts: &[&str]) -> Vec<Line> {
    let said = texts.iter().filter(|text| !text.is_empty());
    let lines: Vec<Line> = said.map(|text| Line::of((*text).to_owned(), lines::version_text(text))).collect();
    if lines.is_empty() { vec![Line::of(String::new(), lines::version_text(""))] } else { lines }
}
