//! One `item` of a JVNRSS feed becomes one advisory: identifiers and products, never an affected version.

use shindan_domain::advisory::{AdvisoryFormat, Affected, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::version::VersionClaim;

use super::entry::{self, EntryFacts, SUMMARY};
use super::{RSS, SEC};
use crate::advisory::{Reading, dates, markup};
use crate::text::shorten;
use crate::xml::Element;

const DC: &str = "http://purl.org/dc/elements/1.1/";
const TERMS: &str = "http://purl.org/dc/terms/";

/// The channel tells when the feed was made.
pub(super) fn channel(element: &Element, path: &str, reading: &mut Reading) {
    let place = Place::file(path).at_line(element.line).at_field("/rdf:RDF/channel");
    for (namespace, name) in [(DC, "date"), (TERMS, "modified")] {
        let text = element.child_in(namespace, name).map(Element::trimmed);
        let time = dates::field(text, name, &place, &mut reading.diagnostics);
        reading.seen(time);
    }
}

fn in_sec<'a>(item: &'a Element, local: &'a str) -> impl Iterator<Item = &'a Element> + 'a {
    item.all(local).filter(|element| SEC.contains(&element.name.namespace.as_str()))
}

/// Reads the `number`th (from 1) item.
pub(super) fn item(
    element: &Element,
    number: u64,
    language: Option<&str>,
    path: &str,
    reading: &mut Reading,
) {
    let pointer = format!("/rdf:RDF/item[{number}]");
    let place = Place::file(path).at_line(element.line).at_field(&pointer);
    let identifier = in_sec(element, "identifier").map(Element::trimmed).find(|id| !id.is_empty());
    let Some(id) = identifier else {
        // An RSS item without `sec:identifier` is somebody else's RSS (JPCERT/CC, a blog), not JVNRSS.
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, place)
            .with("format", "RSS 1.0")
            .with("version", "without sec:identifier");
        reading.reject(diagnostic);
        return;
    };
    let text = |namespace: &str, name: &str| element.child_in(namespace, name).map(Element::trimmed);
    let title = text(RSS, "title").unwrap_or_default();
    let mut advisory = entry::advisory(id, title, AdvisoryFormat::Jvnrss, pointer);
    advisory.language = language.map(str::to_owned);
    let date = dates::field(text(DC, "date"), "dc:date", &place, &mut reading.diagnostics);
    let issued = dates::field(text(TERMS, "issued"), "dcterms:issued", &place, &mut reading.diagnostics);
    let modified =
        dates::field(text(TERMS, "modified"), "dcterms:modified", &place, &mut reading.diagnostics);
    advisory.published = issued.or(date);
    advisory.modified = modified.or(date);
    reading.seen(advisory.published.max(advisory.modified));

    advisory.references.extend(text(RSS, "link").filter(|link| !link.is_empty()).map(str::to_owned));
    let mut facts = EntryFacts {
        summary: shorten(&markup::plain(text(RSS, "description").unwrap_or_default()), SUMMARY),
        ..EntryFacts::default()
    };
    for reference in in_sec(element, "references") {
        let name = reference.attribute("id").unwrap_or_default();
        facts.add_cve(name);
        facts.add_cwe(name);
        let url = reference.trimmed();
        let shown = !name.starts_with("CWE-") && !url.is_empty();
        if shown && !advisory.references.iter().any(|known| known == url) {
            advisory.references.push(url.to_owned());
        }
    }
    for score in in_sec(element, "cvss") {
        facts.cvss.extend(entry::cvss(score.attribute("vector"), score.attribute("score")));
    }
    advisory.vulnerabilities = facts.vulnerabilities(id);
    for (index, cpe) in in_sec(element, "cpe").enumerate() {
        let pointer = format!("{}/sec:cpe[{}]", advisory.pointer, index + 1);
        let here = place.clone().at_line(cpe.line).at_field(&pointer);
        advisory.affected.push(product(cpe, pointer, &here, &mut reading.diagnostics));
    }
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", id));
    }
    reading.advisories.push(advisory);
}

/// A product of the overview. Which versions are meant, the overview does not say: undetermined, never "all".
fn product(element: &Element, pointer: String, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Affected {
    let attribute = |name: &str| element.attribute(name).map(str::trim).filter(|v| !v.is_empty());
    let uri = element.trimmed();
    let name = attribute("product").unwrap_or_default();
    let versions = if entry::is_ambiguous(name, Some(uri)) {
        let params = Params::from([("product".to_owned(), name.to_owned())]);
        VersionClaim::Undetermined { code: Code::ProductAmbiguous, params }
    } else {
        VersionClaim::undetermined_text("")
    };
    let product = ProductRef {
        vendor: attribute("vendor").map(str::to_owned),
        product: attribute("product").map(str::to_owned),
        cpes: entry::cpe(uri, place, diagnostics).into_iter().collect(),
        ..ProductRef::default()
    };
    let mut statement = Affected::new(product, Status::Affected, versions);
    statement.pointer = pointer;
    statement
}
