//! One entry of an overview: identifiers and products, rarely an affected version.

use serde_json::Value;
use shindan_domain::advisory::{AdvisoryFormat, Affected, CvssOpinion, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::super::super::walk::{items, tenths, text};
use super::super::entry::{self, EntryFacts, SUMMARY};
use crate::advisory::markup;
use crate::advisory::{Reading, dates};
use crate::text::shorten;

/// Reads an entry.
pub(super) fn read(value: &Value, pointer: &str, language: Option<&str>, path: &str, reading: &mut Reading) {
    let place = Place::file(path).at_field(pointer);
    let Some(id) = text(value, "id") else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "id"));
        return;
    };
    let title = text(value, "title").unwrap_or_default();
    let mut advisory = entry::advisory(id, title, AdvisoryFormat::Oka, pointer.to_owned());
    advisory.language = language.map(str::to_owned);
    let mut date = |name: &str| dates::field(text(value, name), name, &place, &mut reading.diagnostics);
    let public = date("public");
    advisory.published = date("created").or(public);
    advisory.modified = date("modified");
    // Gives way to the detail of the same entry.
    advisory.revision = Some(0);
    reading.seen(advisory.published.max(advisory.modified));
    advisory.references.extend(text(value, "link").map(str::to_owned));
    let mut facts = EntryFacts {
        summary: shorten(&markup::plain(text(value, "summary").unwrap_or_default()), SUMMARY),
        cvss: scores(value),
        ..EntryFacts::default()
    };
    for reference in items(value, "references") {
        facts.add_cve(text(reference, "summary").unwrap_or_default());
        let url = text(reference, "url").map(markup::plain);
        advisory.references.extend(url.filter(|url| !advisory.references.contains(url)));
    }
    for cwe in items(value, "cwes").filter_map(|cwe| text(cwe, "id")) {
        facts.add_cwe(cwe);
    }
    advisory.vulnerabilities = facts.vulnerabilities(id);
    for (number, product) in items(value, "products").enumerate() {
        let here = format!("{pointer}/products/{number}");
        let at = place.clone().at_field(&here);
        let mut statement = affected(product, &at, &mut reading.diagnostics);
        statement.pointer = here;
        advisory.affected.push(statement);
    }
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", id));
    }
    reading.advisories.push(advisory);
}

/// A product of the overview. Which versions are meant it says only where it names one.
fn affected(value: &Value, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Affected {
    let name = text(value, "pname").unwrap_or_default();
    let uri = value.get("product_ids").and_then(|ids| text(ids, "cpe"));
    let versions = match text(value, "version") {
        _ if entry::is_ambiguous(name, uri) => {
            let params = Params::from([("product".to_owned(), name.to_owned())]);
            VersionClaim::Undetermined { code: Code::ProductAmbiguous, params }
        }
        Some(version) => VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, version)]),
        None => VersionClaim::undetermined_text(""),
    };
    let product = ProductRef {
        vendor: text(value, "vname").map(str::to_owned),
        product: Some(name.to_owned()).filter(|name| !name.is_empty()),
        cpes: uri.and_then(|uri| entry::cpe(uri, place, diagnostics)).into_iter().collect(),
        ..ProductRef::default()
    };
    Affected::new(product, Status::Affected, versions)
}

/// The CVSS vectors of `metrics`. `ScoringSystem` holds what is no CVSS yet.
pub(super) fn scores(value: &Value) -> Vec<CvssOpinion> {
    let contents = items(value, "metrics").filter_map(|metric| metric.get("content"));
    let scores = contents.flat_map(|content| ["cvss_v2", "cvss_v3", "cvss_v4"].map(|key| content.get(key)));
    let opinion = |score: &Value| {
        let vector = text(score, "vectorString")?.to_owned();
        Some(CvssOpinion { vector, printed_x10: tenths(score.get("baseScore")) })
    };
    scores.flatten().filter_map(opinion).collect()
}
