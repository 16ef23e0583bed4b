//! NVD's answers. Source: NVD CVE API 2.0.
//!
//! What NVD adds to the CVE record are configurations: AND and OR over CPE names. They have the form that the CVE record
//! took over as `cpeApplicability`, and are read by the same code. A page of an answer is a part of a feed: how many
//! records there are in all is told, because the total grows while somebody pages.

use jiff::Timestamp;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, CvssOpinion, Enrichment, KevEntry, SsvcPoints,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::{FindingKind, is_cve};

use super::cve_record::{add_product, applicability, chosen, model::Cvss};
use super::statements::Statements;
use super::{Reading, dates};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

mod model;

use model::{Answer, Cve, Item, Metrics};

/// Who publishes the answers.
pub const SOURCE: &str = "NVD";
/// Longest summary that is kept, in characters.
const LONGEST_TEXT: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;

/// Reads one page of an answer.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Nvd, SOURCE);
    let answer = match json::parse::<Answer<'_>>(text, path, limits) {
        Ok(answer) => answer,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let place = Place::file(path);
    if let Some(version) = answer.version.as_deref().filter(|version| *version != "2.0") {
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, place);
        reading.reject(diagnostic.with("format", "NVD API").with("version", shorten(version, 40)));
        return reading;
    }
    let told = dates::field(answer.timestamp.as_deref(), "timestamp", &place, &mut reading.diagnostics);
    reading.seen(told);
    check_page(&answer, &place, &mut reading.diagnostics);
    for (index, item) in answer.vulnerabilities.iter().enumerate() {
        let pointer = format!("/vulnerabilities/{index}/cve");
        match serde_json::from_str::<Item<'_>>(item.get()) {
            Ok(item) => add(&item.cve, &pointer, &place.clone().at_field(pointer.clone()), &mut reading),
            Err(error) => reading.reject(
                Diagnostic::new(Code::FieldInvalid, place.clone().at_field(pointer))
                    .with("field", "cve")
                    .with("value", shorten(&error.to_string(), 200))
                    .with("expected", "NVD CVE API 2.0"),
            ),
        }
    }
    reading
}

/// A page that is not the whole answer, holds less than it says or nothing at all is told.
fn check_page(answer: &Answer<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) {
    let count = answer.vulnerabilities.len() as u64;
    let start = answer.start_index.unwrap_or_default();
    let total = answer.total_results.unwrap_or(count);
    if count == 0 && total == 0 {
        diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, place.clone()));
        return;
    }
    if let Some(per_page) = answer.results_per_page.filter(|per_page| *per_page != count) {
        diagnostics.push(
            Diagnostic::new(Code::FieldTolerated, place.clone().at_field("/resultsPerPage"))
                .with("field", "resultsPerPage")
                .with("value", per_page)
                .with("expected", count),
        );
    }
    if start > 0 || start.saturating_add(count) < total {
        let page = Diagnostic::new(Code::FeedPage, place.clone());
        let last = start.saturating_add(count);
        diagnostics.push(page.with("first", start + 1).with("last", last).with("total", total));
    }
}

fn add(cve: &Cve<'_>, pointer: &str, place: &Place, reading: &mut Reading) {
    let id = cve.id.trim();
    if !is_cve(id) {
        reading.reject(
            Diagnostic::new(Code::FieldInvalid, place.clone())
                .with("field", "id")
                .with("value", shorten(id, 60))
                .with("expected", "CVE-YYYY-N"),
        );
        return;
    }
    let diagnostics = &mut reading.diagnostics;
    let published = dates::field(cve.published.as_deref(), "published", place, diagnostics);
    let modified = dates::field(cve.modified.as_deref(), "lastModified", place, diagnostics);
    let is_rejected = cve.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("Rejected"));
    let withdrawn = is_rejected.then(|| modified.or(published).unwrap_or(Timestamp::UNIX_EPOCH));
    let mut statements = Statements::default();
    let configurations = format!("{pointer}/configurations");
    applicability::add(&cve.configurations, &configurations, place, &mut statements, diagnostics);
    for (index, by) in cve.affected.iter().enumerate() {
        for (at, product) in by.data.iter().enumerate() {
            let pointer = format!("{pointer}/affected/{index}/affectedData/{at}");
            add_product(product, &pointer, place, &mut statements, diagnostics);
        }
    }
    let affected = statements.into_list();
    if is_rejected {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithdrawn, place.clone()).with("id", id));
    } else if affected.is_empty() {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place.clone()).with("id", id));
    }
    let description = chosen(&cve.descriptions);
    let vulnerability = AdvisedVulnerability {
        id: id.to_owned(),
        kind: FindingKind::Vulnerability,
        summary: shorten(description.map(|text| &*text.value).unwrap_or_default(), LONGEST_TEXT),
        cvss: cvss(&cve.metrics, place, diagnostics),
        ssvc: ssvc(&cve.metrics, place, diagnostics),
        cwe: weaknesses(cve),
        ..AdvisedVulnerability::default()
    };
    reading.enrichments.extend(kev(cve, id));
    reading.seen(modified.max(published));
    reading.advisories.push(Advisory {
        language: description.and_then(|text| text.lang.as_ref()).map(|lang| lang.as_str().to_owned()),
        published,
        modified,
        withdrawn,
        vulnerabilities: vec![vulnerability],
        affected,
        references: references(cve),
        pointer: pointer.to_owned(),
        ..Advisory::new(id, SOURCE, AdvisoryFormat::Nvd)
    });
}

/// Every vector once, with the printed score.
fn cvss(metrics: &Metrics<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Vec<CvssOpinion> {
    let mut opinions: Vec<CvssOpinion> = Vec::new();
    let mut take = |data: &Cvss<'_>, prefix: &str| {
        let vector = data.vector.as_deref().unwrap_or_default().trim();
        let fits = vector.starts_with(prefix) && !(prefix.is_empty() && vector.starts_with("CVSS:"));
        if !fits || vector.is_empty() {
            let reason = format!("not a vector of version {}", prefix.trim_matches('/'));
            let diagnostic = Diagnostic::new(Code::CvssInvalid, place.clone());
            diagnostics.push(diagnostic.with("vector", shorten(vector, 120)).with("reason", reason));
        } else if !opinions.iter().any(|known| known.vector == vector) {
            opinions.push(CvssOpinion { vector: vector.to_owned(), printed_x10: data.score });
        }
    };
    let lists = [
        (&metrics.v40, "CVSS:4.0/"),
        (&metrics.v31, "CVSS:3.1/"),
        (&metrics.v30, "CVSS:3.0/"),
        (&metrics.v2, ""),
    ];
    for (list, prefix) in lists {
        for metric in list {
            take(&metric.data, prefix);
        }
    }
    opinions
}

/// The points decided last.
fn ssvc(metrics: &Metrics<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<SsvcPoints> {
    let mut newest: Option<SsvcPoints> = None;
    for metric in &metrics.ssvc {
        let mut points = SsvcPoints::default();
        for (name, value) in metric.data.options.iter().flatten() {
            let value = Some(value.trim().to_lowercase()).filter(|value| !value.is_empty());
            match &*name.trim().to_lowercase().replace([' ', '_'], "") {
                "exploitation" => points.exploitation = value,
                "automatable" => points.automatable = value,
                "technicalimpact" => points.technical_impact = value,
                _ => {}
            }
        }
        points.timestamp = dates::field(metric.data.timestamp.as_deref(), "timestamp", place, diagnostics);
        if newest.as_ref().is_none_or(|known| known.timestamp <= points.timestamp) {
            newest = Some(points);
        }
    }
    newest.filter(|points| *points != SsvcPoints::default())
}

/// That the CVE is in CISA's catalogue, as NVD repeats it. Ransomware is not repeated.
fn kev(cve: &Cve<'_>, id: &str) -> Option<Enrichment> {
    let date_added = cve.exploit_add.as_deref()?.trim();
    (!date_added.is_empty()).then(|| {
        Enrichment::Kev(KevEntry {
            cve: id.to_owned(),
            date_added: date_added.to_owned(),
            due_date: cve.action_due.as_deref().unwrap_or_default().trim().to_owned(),
            ransomware: false,
        })
    })
}

fn weaknesses(cve: &Cve<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in cve.weaknesses.iter().flat_map(|weakness| &weakness.description) {
        let cwe = text.value.trim();
        if cwe.starts_with("CWE-") && !found.iter().any(|known| known == cwe) {
            found.push(cwe.to_owned());
        }
    }
    found
}

/// The first references, those of the vendor before all others.
fn references(cve: &Cve<'_>) -> Vec<String> {
    let vendors = |tags: &[json::Str<'_>]| tags.iter().any(|tag| tag.as_str() == "Vendor Advisory");
    let (own, other): (Vec<_>, Vec<_>) = cve.references.iter().partition(|r| vendors(&r.tags));
    let all = own.into_iter().chain(other).map(|reference| reference.url.as_str().to_owned());
    let mut kept: Vec<String> = Vec::new();
    for url in all {
        if kept.len() < REFERENCES && !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
