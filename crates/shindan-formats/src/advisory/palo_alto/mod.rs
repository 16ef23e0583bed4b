//! Palo Alto Networks' own advisories: CVE records with additions.
//!
//! Source: CVE Record Format 5.0 (what `security.paloaltonetworks.com/json/` serves is of that shape). They differ from
//! the records of the CVE list in three ways: an advisory about several CVEs has a number of the maker's own
//! (`PAN-SA-2025-0007`) where the CVE belongs, dates stand in the container, and `x_affectedList` names every version.

use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat, CvssOpinion, Remediation};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::{FindingKind, is_cve};

use super::cve_record::{add_product, chosen, model::Text};
use super::statements::Statements;
use super::{Reading, dates};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

mod affected_list;
mod model;

use model::{Container, Record};

/// Who publishes these documents, and makes the products.
const SOURCE: &str = "Palo Alto Networks";
/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;
/// Most CVE numbers taken from one advisory.
const MOST_CVES: usize = 500;

/// Reads one advisory.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::PaloAlto, SOURCE);
    match json::parse::<Record<'_>>(text, path, limits) {
        Ok(record) => add(&record, path, &mut reading),
        Err(diagnostic) => reading.reject(diagnostic),
    }
    reading
}

fn add(record: &Record<'_>, path: &str, reading: &mut Reading) {
    let place = Place::file(path);
    let id = record.metadata.id.trim();
    if !is_cve(id) && !is_own(id) {
        let diagnostic = Diagnostic::new(Code::FieldInvalid, place.at_field("/cveMetadata/cveId"));
        let diagnostic = diagnostic.with("field", "cveId").with("value", shorten(id, 60));
        reading.reject(diagnostic.with("expected", "CVE-YYYY-N, PAN-SA-YYYY-N"));
        return;
    }
    let cna = &record.containers.cna;
    let diagnostics = &mut reading.diagnostics;
    let published = dates::field(cna.public.as_deref(), "datePublic", &place, diagnostics);
    let updated = dates::field(record.metadata.updated.as_deref(), "dateUpdated", &place, diagnostics);
    let events = cna.timeline.iter().map(|event| event.time.as_deref());
    let changed = events.map(|time| dates::field(time, "timeline", &place, diagnostics)).max().flatten();
    let modified = updated.or(changed).or(published);
    let is_rejected =
        record.metadata.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("REJECTED"));
    let withdrawn = is_rejected.then(|| modified.unwrap_or(jiff::Timestamp::UNIX_EPOCH));
    let mut statements = Statements::default();
    for (index, product) in cna.affected.iter().enumerate() {
        let pointer = format!("/containers/cna/affected/{index}");
        add_product(product, &pointer, &place, &mut statements, diagnostics);
    }
    let mut affected = statements.into_list();
    let more = affected_list::statements(&cna.affected_list, &affected, SOURCE, &place, diagnostics);
    affected.extend(more);
    if is_rejected {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithdrawn, place.clone()).with("id", id));
    } else if affected.is_empty() {
        diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place.clone()).with("id", id));
    }
    let vulnerabilities = vulnerabilities(id, cna, &place, diagnostics);
    reading.seen(modified.max(published));
    reading.advisories.push(Advisory {
        id: id.to_owned(),
        source: SOURCE.to_owned(),
        format: AdvisoryFormat::PaloAlto,
        title: shorten(cna.title.as_deref().unwrap_or_default(), LONGEST_TEXT),
        language: chosen(&cna.descriptions)
            .and_then(|text| text.lang.as_ref())
            .map(|l| l.as_str().to_owned()),
        published,
        modified,
        revision: None,
        withdrawn,
        vulnerabilities,
        affected,
        exploitability: false,
        supersedes: Vec::new(),
        references: references(cna),
        document: 0,
        pointer: String::new(),
    });
}

/// A number of the maker's own: `PAN-SA-2025-0007`.
fn is_own(id: &str) -> bool {
    id.strip_prefix("PAN-SA-").is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    })
}

/// The CVE of the record; of an advisory with a number of its own the CVEs that its text names, linked and never
/// fused, else the advisory itself.
///
/// The maker scores the advisory as a whole, by the worst of its vulnerabilities, and gives none of them a score of its
/// own: each carries the advisory's.
fn vulnerabilities(
    id: &str,
    cna: &Container<'_>,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AdvisedVulnerability> {
    let mut ids = if is_own(id) { named_cves(cna) } else { Vec::new() };
    if ids.is_empty() {
        ids.push(id.to_owned());
    }
    let summary = chosen(&cna.descriptions).map(|text| &*text.value).unwrap_or_default();
    let whole = AdvisedVulnerability {
        id: String::new(),
        aliases: Vec::new(),
        kind: FindingKind::Vulnerability,
        summary: shorten(summary, LONGEST_TEXT),
        cvss: cvss(cna, place, diagnostics),
        ssvc: None,
        cwe: weaknesses(cna),
        remediations: remediations(cna),
        support_end: None,
    };
    ids.into_iter().map(|id| AdvisedVulnerability { id, ..whole.clone() }).collect()
}

/// The CVE numbers in the text about solutions, else in the description, in the order of the text.
fn named_cves(cna: &Container<'_>) -> Vec<String> {
    let of = |texts: &[Text<'_>]| {
        let mut found: Vec<String> = Vec::new();
        for text in texts {
            let words = text.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for word in words.filter(|word| is_cve(word)) {
                if found.len() < MOST_CVES && !found.iter().any(|known| known == word) {
                    found.push(word.to_owned());
                }
            }
        }
        found
    };
    let found = of(&cna.solutions);
    if found.is_empty() { of(&cna.descriptions) } else { found }
}

fn cvss(cna: &Container<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Vec<CvssOpinion> {
    let mut opinions: Vec<CvssOpinion> = Vec::new();
    for (index, metric) in cna.metrics.iter().enumerate() {
        for (cvss, prefix) in [(&metric.v31, "CVSS:3.1/"), (&metric.v4, "CVSS:4.0/")] {
            let Some(cvss) = cvss else { continue };
            let vector = cvss.vector.as_deref().unwrap_or_default().trim();
            if !vector.starts_with(prefix) {
                let place = place.clone().at_field(format!("/containers/cna/metrics/{index}"));
                let reason = format!("not a vector of version {}", prefix.trim_matches('/'));
                let diagnostic = Diagnostic::new(Code::CvssInvalid, place);
                diagnostics.push(diagnostic.with("vector", shorten(vector, 120)).with("reason", reason));
            } else if !opinions.iter().any(|opinion| opinion.vector == vector) {
                opinions.push(CvssOpinion { vector: vector.to_owned(), printed_x10: cvss.score });
            }
        }
    }
    opinions
}

fn weaknesses(cna: &Container<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let problems = cna.problem_types.iter().flat_map(|problem| &problem.descriptions);
    for cwe in problems.filter_map(|problem| problem.cwe.as_deref()) {
        let cwe = cwe.trim();
        if cwe.starts_with("CWE-") && !found.iter().any(|known| known == cwe) {
            found.push(cwe.to_owned());
        }
    }
    found
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

/// Links that lead somewhere: drafts carry a bare `https://`.
fn references(cna: &Container<'_>) -> Vec<String> {
    let urls = cna.references.iter().map(|reference| reference.url.trim());
    let whole = urls.filter(|url| url.split_once("://").is_some_and(|(_, rest)| !rest.is_empty()));
    whole.take(REFERENCES).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
