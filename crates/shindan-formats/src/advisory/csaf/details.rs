//! What a CSAF document says about a vulnerability apart from products: identifiers, texts, scores, remedies.

use serde_json::Value;
use shindan_domain::advisory::{AdvisedVulnerability, Remediation};
use shindan_domain::diagnostic::Code;
use shindan_domain::identifier::{Family, family, is_cve};

use super::metrics::{self, Metric};
use super::tree::Report;
use crate::advisory::walk::{items, text};
use crate::text::shorten;

/// Length to which texts are cut, in characters.
const SUMMARY: usize = 400;

/// The identifier: the CVE; else the document's, numbered if it describes several.
pub(super) fn identifier(value: &Value, document: &str, position: usize, total: usize) -> String {
    match text(value, "cve") {
        Some(cve) if is_cve(cve) => cve.to_ascii_uppercase(),
        _ if total == 1 => document.to_owned(),
        _ => format!("{document}#{}", position + 1),
    }
}

/// Everything but the products.
pub(super) fn vulnerability(
    value: &Value,
    id: String,
    document_notes: Option<&str>,
    metrics: &[Metric<'_>],
    pointer: &str,
    report: &mut Report<'_>,
) -> AdvisedVulnerability {
    if let Some(cve) = text(value, "cve")
        && !is_cve(cve)
    {
        let expected = "CVE-YYYY-NNNN";
        report.push(
            Code::FieldTolerated,
            &format!("{pointer}/cve"),
            &[("field", "cve"), ("value", cve), ("expected", expected)],
        );
    }
    AdvisedVulnerability {
        aliases: aliases(value, &id),
        id,
        summary: summary(value, document_notes),
        cvss: metrics::vectors(metrics, report),
        ssvc: metrics::ssvc(metrics, value),
        cwe: weaknesses(value),
        remediations: remediations(value),
        ..AdvisedVulnerability::default()
    }
}

/// `cwe` (2.0) and `cwes` (2.1).
fn weaknesses(value: &Value) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for cwe in value.get("cwe").into_iter().chain(items(value, "cwes")) {
        if let Some(id) = text(cwe, "id").filter(|id| id.starts_with("CWE-"))
            && !list.iter().any(|known| known == id)
        {
            list.push(id.to_owned());
        }
    }
    list
}

/// Only identifiers that are one-to-one; bug numbers and document numbers are not.
fn aliases(value: &Value, id: &str) -> Vec<String> {
    items(value, "ids")
        .filter_map(|entry| text(entry, "text"))
        .filter(|alias| *alias != id && matches!(family(alias), Family::Ghsa))
        .map(str::to_owned)
        .collect()
}

fn summary(value: &Value, document_notes: Option<&str>) -> String {
    let note = |category: &str| {
        items(value, "notes")
            .find(|note| text(note, "category") == Some(category))
            .and_then(|n| text(n, "text"))
    };
    let found =
        note("summary").or_else(|| note("description")).or_else(|| text(value, "title")).or(document_notes);
    shorten(found.unwrap_or_default(), SUMMARY)
}

fn remediations(value: &Value) -> Vec<Remediation> {
    let mut out: Vec<Remediation> = Vec::new();
    for entry in items(value, "remediations") {
        let Some(category) = text(entry, "category") else { continue };
        let remediation = Remediation {
            category: category.to_owned(),
            details: shorten(text(entry, "details").unwrap_or_default(), SUMMARY),
            url: text(entry, "url").map(str::to_owned),
        };
        if !out.contains(&remediation) {
            out.push(remediation);
        }
    }
    out
}

/// The document's own pages first (those for people before those for programs), then the rest.
pub(super) fn references(document: &Value, vulnerabilities: &[&Value]) -> Vec<String> {
    let all =
        || items(document, "references").chain(vulnerabilities.iter().flat_map(|v| items(v, "references")));
    let own = |r: &&Value| text(r, "category") == Some("self");
    let page = |r: &&Value| own(r) && !text(r, "url").is_some_and(|url| url.ends_with(".json"));
    let ordered = all().filter(page).chain(all().filter(own)).chain(all());
    let mut out: Vec<String> = Vec::new();
    for url in ordered.filter_map(|reference| text(reference, "url")) {
        if !out.iter().any(|known| known == url) {
            out.push(url.to_owned());
        }
    }
    out
}
