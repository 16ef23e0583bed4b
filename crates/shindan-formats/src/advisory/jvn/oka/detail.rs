//! One detail: `document`, `product_tree` and `vulnerabilities` in the manner of CSAF, `jvn_extension` in that of CVE 5.

use serde_json::Value;
use shindan_domain::advisory::{AdvisedVulnerability, AdvisoryFormat, Remediation};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;

use super::super::super::walk::{items, text};
use super::super::entry::{self, EntryFacts, SUMMARY};
use super::super::own_page;
use super::products;
use crate::advisory::markup;
use crate::advisory::{Reading, dates};
use crate::text::shorten;

/// Reads a detail. `part` gives the members of the document, which may be those of the whole answer.
pub(super) fn read<'v>(
    part: &dyn Fn(&str) -> Option<&'v Value>,
    pointer: &str,
    path: &str,
    reading: &mut Reading,
) {
    let place = Place::file(path).at_field(format!("{pointer}/document"));
    let empty = Value::Null;
    let document = part("document").unwrap_or(&empty);
    let tracking = document.get("tracking").unwrap_or(&empty);
    let own = || part("jvn_extension").and_then(|extension| text(extension, "vulnid"));
    let Some(id) = text(tracking, "id").or_else(own) else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "tracking.id"));
        return;
    };
    let title = text(document, "title").unwrap_or_default();
    let mut advisory = entry::advisory(id, title, AdvisoryFormat::Oka, pointer.to_owned());
    advisory.language = text(document, "lang").map(str::to_owned);
    let mut date = |name: &str| dates::field(text(tracking, name), name, &place, &mut reading.diagnostics);
    let public = date("public_date");
    advisory.published = date("initial_release_date").or(public);
    advisory.modified = date("current_release_date");
    // An overview is issue 0: it says less than the detail of the same entry, whenever either was made.
    advisory.revision = Some(text(tracking, "version").and_then(|version| version.parse().ok()).unwrap_or(1));
    reading.seen(advisory.published.max(advisory.modified));
    advisory.references = references(id, advisory.language.as_deref(), document);
    let entries: Vec<&Value> =
        part("vulnerabilities").and_then(Value::as_array).into_iter().flatten().collect();
    let (vulnerabilities, index_of) = vulnerabilities(id, document, &entries);
    advisory.vulnerabilities = vulnerabilities;
    let stated = products::Stated {
        tree: part("product_tree").unwrap_or(&empty),
        extension: part("jvn_extension").unwrap_or(&empty),
        entries: &entries,
        index_of: &index_of,
        pointer,
        path,
    };
    advisory.affected =
        products::statements(&stated, &mut advisory.vulnerabilities, &mut reading.diagnostics);
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", id));
    }
    reading.advisories.push(advisory);
}

fn references(id: &str, language: Option<&str>, document: &Value) -> Vec<String> {
    let mut out: Vec<String> = own_page(id, language).into_iter().collect();
    for reference in items(document, "references") {
        // Weaknesses have pages of their own; addresses carry `&amp;` of the XML form.
        let url =
            text(reference, "url").filter(|_| text(reference, "type") != Some("cwe")).map(markup::plain);
        out.extend(url.filter(|url| !out.contains(url)));
    }
    out
}

/// The vulnerabilities, and for each entry which of them it is (`None`: it speaks of all).
///
/// An entry without a CVE number holds what JVN says of the whole. With one vulnerability that is its own; with
/// several it is not given to each: see [`EntryFacts::vulnerabilities`].
fn vulnerabilities(
    id: &str,
    document: &Value,
    entries: &[&Value],
) -> (Vec<AdvisedVulnerability>, Vec<Option<usize>>) {
    let note = items(document, "notes").find_map(|note| text(note, "text")).unwrap_or_default();
    let summary = shorten(&markup::plain(note), SUMMARY);
    let (mut list, mut index_of, mut whole): (Vec<AdvisedVulnerability>, _, _) =
        (Vec::new(), Vec::new(), EntryFacts::default());
    for entry in entries {
        let facts = facts(entry);
        let cve = text(entry, "cve").filter(|cve| is_cve(cve)).map(str::to_ascii_uppercase);
        let Some(cve) = cve else {
            index_of.push(None);
            whole.cvss.extend(facts.cvss);
            whole.cwe.extend(facts.cwe);
            whole.remediations.extend(facts.remediations);
            continue;
        };
        let at = list.iter().position(|known| known.id == cve).unwrap_or_else(|| {
            list.push(AdvisedVulnerability { id: cve, summary: summary.clone(), ..Default::default() });
            list.len() - 1
        });
        index_of.push(Some(at));
        if let Some(known) = list.get_mut(at) {
            known.cvss.extend(facts.cvss);
            known.cwe.extend(facts.cwe);
            known.remediations.extend(facts.remediations);
        }
    }
    if list.is_empty() {
        // No CVE (yet): JVN's own number stands for the vulnerability.
        list.push(AdvisedVulnerability { id: id.to_owned(), summary, ..Default::default() });
    }
    let only = list.len() == 1;
    for known in &mut list {
        if only {
            known
                .cvss
                .extend(whole.cvss.iter().filter(|_| known.cvss.is_empty()).cloned().collect::<Vec<_>>());
            let new = whole.cwe.iter().filter(|cwe| !known.cwe.contains(cwe)).cloned().collect::<Vec<_>>();
            known.cwe.extend(new);
        }
        known.remediations.extend(whole.remediations.iter().cloned());
    }
    (list, index_of)
}

/// Scores, weaknesses and remedies of one entry.
fn facts(entry: &Value) -> EntryFacts {
    let mut facts = EntryFacts::default();
    for cwe in items(entry, "cwes").filter_map(|cwe| text(cwe, "id")) {
        facts.add_cwe(cwe);
    }
    facts.cvss = super::overview::scores(entry);
    for remedy in items(entry, "remediations") {
        let details = shorten(&markup::plain(text(remedy, "details").unwrap_or_default()), SUMMARY);
        let category = text(remedy, "category").unwrap_or("mitigation").to_owned();
        facts.remediations.push(Remediation {
            category,
            details,
            url: text(remedy, "url").map(str::to_owned),
        });
    }
    facts
}
