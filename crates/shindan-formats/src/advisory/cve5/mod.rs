//! CVE records. Source: CVE Record Format 5.0 to 5.2; the ADP container of CISA (Vulnrichment) for SSVC points.

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, CvssOpinion, Enrichment, KevEntry, Remediation,
    SsvcPoints,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::{FindingKind, is_cve};

use super::cve_record::{add_product, applicability, chosen};
use super::statements::Statements;
use super::{Reading, dates};
use crate::json::{self, Str};
use crate::limits::Limits;
use crate::text::shorten;

mod model;

use model::{Container, Record};

/// Who publishes the records.
pub const SOURCE: &str = "CVE";
/// Longest summary and remediation that is kept, in characters.
const LONGEST_TEXT: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;

/// Reads one record.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Cve5, SOURCE);
    let record = match json::parse::<Record<'_>>(text, path, limits) {
        Ok(record) => record,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let place = Place::file(path);
    if let Some(version) = record.data_version.as_deref().filter(|version| !version.starts_with("5.")) {
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, place);
        reading.reject(diagnostic.with("format", "CVE JSON").with("version", shorten(version, 40)));
        return reading;
    }
    if !is_cve(&record.metadata.id) {
        reading.reject(
            Diagnostic::new(Code::FieldInvalid, place.at_field("/cveMetadata/cveId"))
                .with("field", "cveId")
                .with("value", shorten(&record.metadata.id, 60))
                .with("expected", "CVE-YYYY-N"),
        );
        return reading;
    }
    add(&record, &place, &mut reading);
    reading
}

/// The containers with their JSON pointers, the CNA's first.
fn containers<'r, 'a>(record: &'r Record<'a>) -> impl Iterator<Item = (String, &'r Container<'a>)> {
    let adp = record.containers.adp.iter().enumerate();
    std::iter::once(("/containers/cna".to_owned(), &record.containers.cna))
        .chain(adp.map(|(index, container)| (format!("/containers/adp/{index}"), container)))
}

fn add(record: &Record<'_>, place: &Place, reading: &mut Reading) {
    let metadata = &record.metadata;
    let id = metadata.id.as_str();
    let cna = &record.containers.cna;
    let diagnostics = &mut reading.diagnostics;
    let mut time = |text: &Option<Str<'_>>, name| dates::field(text.as_deref(), name, place, diagnostics);
    let published = time(&metadata.published, "datePublished");
    let modified = time(&metadata.updated, "dateUpdated");
    let rejected = time(&metadata.rejected, "dateRejected");
    let is_rejected = metadata.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("REJECTED"));
    // The state decides; a date that is missing or unreadable does not bring the record back.
    let withdrawn =
        is_rejected.then(|| rejected.or(modified).or(published).unwrap_or(jiff::Timestamp::UNIX_EPOCH));
    let mut statements = Statements::default();
    for (pointer, container) in containers(record) {
        for (index, product) in container.affected.iter().enumerate() {
            let pointer = format!("{pointer}/affected/{index}");
            add_product(product, &pointer, place, &mut statements, diagnostics);
        }
        let pointer = format!("{pointer}/cpeApplicability");
        applicability::add(&container.applicability, &pointer, place, &mut statements, diagnostics);
    }
    let affected = statements.into_list();
    if is_rejected {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithdrawn, place.clone()).with("id", id));
    } else if affected.is_empty() {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place.clone()).with("id", id));
    }
    let descriptions = if is_rejected { &cna.rejected_reasons } else { &cna.descriptions };
    let description = chosen(descriptions);
    let enrichments = enrichments(record, place, diagnostics);
    let vulnerability = AdvisedVulnerability {
        id: id.to_owned(),
        aliases: Vec::new(),
        kind: FindingKind::Vulnerability,
        summary: shorten(description.map(|text| &*text.value).unwrap_or_default(), LONGEST_TEXT),
        cvss: cvss(record, place, diagnostics),
        ssvc: ssvc(record, place, diagnostics),
        cwe: weaknesses(record),
        remediations: remediations(cna),
        support_end: None,
    };
    reading.enrichments.extend(enrichments);
    reading.seen(modified.max(published));
    reading.advisories.push(Advisory {
        id: id.to_owned(),
        source: SOURCE.to_owned(),
        format: AdvisoryFormat::Cve5,
        title: shorten(cna.title.as_deref().unwrap_or_default(), LONGEST_TEXT),
        language: description.and_then(|text| text.lang.as_ref()).map(|lang| lang.as_str().to_owned()),
        published,
        modified,
        revision: None,
        withdrawn,
        vulnerabilities: vec![vulnerability],
        affected,
        exploitability: false,
        supersedes: Vec::new(),
        references: references(record),
        document: 0,
        pointer: String::new(),
    });
}

/// The CVSS vectors of all containers with the printed scores, each once.
fn cvss(record: &Record<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Vec<CvssOpinion> {
    let mut opinions: Vec<CvssOpinion> = Vec::new();
    for (pointer, container) in containers(record) {
        for (index, metric) in container.metrics.iter().enumerate() {
            let given = [(&metric.v2, ""), (&metric.v30, "CVSS:3.0/"), (&metric.v31, "CVSS:3.1/")];
            for (cvss, prefix) in given.into_iter().chain([(&metric.v4, "CVSS:4.0/")]) {
                let Some(cvss) = cvss else { continue };
                let vector = cvss.vector.as_deref().unwrap_or_default().trim();
                let fits = vector.starts_with(prefix) && vector.contains("AV:");
                if !fits || (prefix.is_empty() && vector.starts_with("CVSS:")) {
                    let place = place.clone().at_field(format!("{pointer}/metrics/{index}"));
                    let reason = format!("not a vector of version {}", prefix.trim_matches('/'));
                    let diagnostic = Diagnostic::new(Code::CvssInvalid, place);
                    diagnostics.push(diagnostic.with("vector", shorten(vector, 120)).with("reason", reason));
                } else if !opinions.iter().any(|opinion| opinion.vector == vector) {
                    opinions.push(CvssOpinion { vector: vector.to_owned(), printed_x10: cvss.score });
                }
            }
        }
    }
    opinions
}

/// The contents of `other` metrics of one type.
fn others<'a>(record: &Record<'a>, kind: &str) -> Vec<(String, &'a str)> {
    let mut found = Vec::new();
    for (pointer, container) in containers(record) {
        for (index, metric) in container.metrics.iter().enumerate() {
            if let Some(other) = &metric.other
                && other.kind.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(kind))
                && let Some(content) = other.content
            {
                found.push((format!("{pointer}/metrics/{index}/other/content"), content.get()));
            }
        }
    }
    found
}

fn shape_error(pointer: String, kind: &str, error: &serde_json::Error, place: &Place) -> Diagnostic {
    Diagnostic::new(Code::FieldTolerated, place.clone().at_field(pointer))
        .with("field", kind)
        .with("value", shorten(&error.to_string(), 200))
        .with("expected", kind)
}

/// CISA's decision points; of several, those decided last. Values are in mixed case in the source.
fn ssvc(record: &Record<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<SsvcPoints> {
    let mut newest: Option<SsvcPoints> = None;
    for (pointer, content) in others(record, "ssvc") {
        let ssvc = match serde_json::from_str::<model::Ssvc<'_>>(content) {
            Ok(ssvc) => ssvc,
            Err(error) => {
                diagnostics.push(shape_error(pointer, "ssvc", &error, place));
                continue;
            }
        };
        let mut points = SsvcPoints::default();
        for (name, value) in ssvc.options.iter().flatten() {
            let value = Some(value.trim().to_lowercase()).filter(|value| !value.is_empty());
            match name.trim().to_ascii_lowercase().as_str() {
                "exploitation" => points.exploitation = value,
                "automatable" => points.automatable = value,
                "technical impact" => points.technical_impact = value,
                _ => {}
            }
        }
        points.timestamp = dates::field(ssvc.timestamp.as_deref(), "timestamp", place, diagnostics);
        if newest.as_ref().is_none_or(|known| known.timestamp <= points.timestamp) {
            newest = Some(points);
        }
    }
    newest.filter(|points| *points != SsvcPoints::default())
}

/// That the CVE is in CISA's catalogue, as CISA's container says it: with the date, without the due date.
fn enrichments(record: &Record<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<Enrichment> {
    let (pointer, content) = others(record, "kev").into_iter().next()?;
    match serde_json::from_str::<model::Kev<'_>>(content) {
        Ok(kev) => {
            let time = dates::field(Some(&kev.date_added), "dateAdded", place, diagnostics);
            Some(Enrichment::Kev(KevEntry {
                cve: record.metadata.id.as_str().to_owned(),
                date_added: time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default(),
                due_date: String::new(),
                ransomware: false,
            }))
        }
        Err(error) => {
            diagnostics.push(shape_error(pointer, "kev", &error, place));
            None
        }
    }
}

fn weaknesses(record: &Record<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, container) in containers(record) {
        let problems = container.problem_types.iter().flat_map(|problem| &problem.descriptions);
        for cwe in problems.filter_map(|problem| problem.cwe.as_deref()) {
            let cwe = cwe.trim();
            if cwe.starts_with("CWE-") && !found.iter().any(|known| known == cwe) {
                found.push(cwe.to_owned());
            }
        }
    }
    found
}

/// The first references of the CNA, those of the vendor before all others.
fn references(record: &Record<'_>) -> Vec<String> {
    let all = &record.containers.cna.references;
    let (own, other): (Vec<_>, Vec<_>) =
        all.iter().partition(|reference| reference.tags.iter().any(|tag| tag.as_str() == "vendor-advisory"));
    own.into_iter().chain(other).take(REFERENCES).map(|reference| reference.url.as_str().to_owned()).collect()
}

fn remediations(cna: &Container<'_>) -> Vec<Remediation> {
    let given = [("vendor_fix", chosen(&cna.solutions)), ("workaround", chosen(&cna.workarounds))];
    given
        .into_iter()
        .filter_map(|(category, text)| Some((category, shorten(&text?.value, LONGEST_TEXT))))
        .filter(|(_, details)| !details.is_empty())
        .map(|(category, details)| Remediation { category: category.to_owned(), details, url: None })
        .collect()
}

#[cfg(test)]
mod tests;
