//! Rules of the specification whose violation may change what a document means for matching.
//!
//! Source: CSAF 2.0, section 6.1 (mandatory tests). What `tree` and `statements` find on their way (6.1.1 to 6.1.6,
//! 6.1.13) is reported there; rules about style, translation and revision history are not checked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::diagnostic::Code;

use super::metrics::{CVSS, Metric};
use super::reasons::Reasons;
use super::tree::{Report, Tree};
use crate::advisory::walk::{items, text, texts};

/// Checks one vulnerability.
pub(super) fn vulnerability(
    value: &Value,
    metrics: &[Metric<'_>],
    pointer: &str,
    tree: &Tree,
    report: &mut Report<'_>,
) {
    scores(metrics, tree, report);
    for (rule, key) in [("6.1.29", "remediations"), ("6.1.32", "flags")] {
        for (index, entry) in items(value, key).enumerate() {
            if texts(entry, "product_ids").next().is_none() && texts(entry, "group_ids").next().is_none() {
                report.push(Code::SpecViolation, &format!("{pointer}/{key}/{index}"), &[("rule", rule)]);
            }
        }
    }
    for key in ["threats", "flags", "first_known_exploitation_dates"] {
        for (index, entry) in items(value, key).enumerate() {
            tree.named(entry, "product_ids", &format!("{pointer}/{key}/{index}"), report);
        }
    }
}

/// 6.1.7: one score per version of CVSS, source and product. 6.1.1: scores of known products.
fn scores(metrics: &[Metric<'_>], tree: &Tree, report: &mut Report<'_>) {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (index, metric) in metrics.iter().enumerate() {
        let products = tree.named(metric.entry, "products", &metric.pointer, report);
        for key in CVSS {
            let Some(cvss) = metric.content.get(key) else { continue };
            for field in required(key).iter().filter(|field| cvss.get(**field).is_none()) {
                let pointer = format!("{}/{key}", metric.inside);
                report.push(Code::SpecViolation, &pointer, &[("rule", "6.1.8"), ("value", field)]);
            }
            let source = text(metric.entry, "source").unwrap_or_default();
            let version = format!("{key} {} {source}", text(cvss, "version").unwrap_or_default());
            for product in &products {
                if seen
                    .insert((product.clone(), version.clone()), index)
                    .is_some_and(|before| before != index)
                {
                    report.push(
                        Code::SpecViolation,
                        &metric.pointer,
                        &[("rule", "6.1.7"), ("value", product)],
                    );
                }
            }
        }
    }
}

/// 6.1.8: what the JSON schemas of CVSS require.
fn required(key: &str) -> &'static [&'static str] {
    match key {
        "cvss_v2" => &["version", "vectorString", "baseScore"],
        _ => &["version", "vectorString", "baseScore", "baseSeverity"],
    }
}

/// 6.1.31: a range under `product_version`. Read all the same; reported once with the number of places.
pub(super) fn ranges_under_version(tree: &Tree, report: &mut Report<'_>) {
    let versions = tree.products.values().filter_map(|product| product.version.as_ref());
    let count = versions.filter(|version| !version.is_range && reads_as_range(&version.text)).count();
    if count > 0 {
        let count = count.to_string();
        report.push(Code::SpecViolation, "/product_tree", &[("rule", "6.1.31"), ("count", &count)]);
    }
}

/// The signs and words that section 6.1.31 lists.
fn reads_as_range(text: &str) -> bool {
    const WORDS: [&str; 8] = ["after", "all", "before", "earlier", "later", "prior", "until", "versions"];
    let lower = text.to_lowercase();
    lower.contains(['<', '>'])
        || lower.contains("vers:")
        || lower.split_whitespace().any(|w| WORDS.contains(&w))
}

/// 6.1.27.7 to 6.1.27.10: what a VEX document must say.
pub(super) fn vex(vulnerabilities: &[&Value], tree: &Tree, report: &mut Report<'_>) {
    let states = ["fixed", "known_affected", "known_not_affected", "under_investigation", "unknown"];
    for (index, value) in vulnerabilities.iter().enumerate() {
        let pointer = format!("/vulnerabilities/{index}");
        let status = value.get("product_status");
        let listed = |key: &'static str| status.into_iter().flat_map(move |status| texts(status, key));
        let mut broken = |rule: &str, pointer: &str, product: &str| {
            let params = [("rule", rule), ("value", product)];
            let given = if product.is_empty() { params.get(..1) } else { params.get(..2) };
            report.push(Code::SpecViolation, pointer, given.unwrap_or_default());
        };
        if !states.iter().any(|key| listed(key).next().is_some()) {
            broken("6.1.27.7", &format!("{pointer}/product_status"), "");
        }
        if text(value, "cve").is_none() && items(value, "ids").next().is_none() {
            broken("6.1.27.8", &pointer, "");
        }
        // One product each is enough to tell what is missing: lists of thousands of products share their reasons.
        let reasons = Reasons::read(value, tree);
        if let Some(id) = listed("known_not_affected").find(|id| !reasons.cover(id)) {
            broken("6.1.27.9", &format!("{pointer}/product_status/known_not_affected"), id);
        }
        let remedied = remedied(value, tree);
        if let Some(id) = listed("known_affected").find(|id| !remedied.contains(*id)) {
            broken("6.1.27.10", &format!("{pointer}/product_status/known_affected"), id);
        }
    }
}

/// The products that any remediation names.
fn remedied(value: &Value, tree: &Tree) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for entry in items(value, "remediations") {
        let members = texts(entry, "group_ids").filter_map(|id| tree.groups.get(id)).flatten();
        out.extend(texts(entry, "product_ids").map(str::to_owned).chain(members.cloned()));
    }
    out
}

/// CSAF 2.1: an extension that is marked critical may change what the document means. None is known here.
pub(super) fn extensions(value: &Value, report: &mut Report<'_>) {
    let places = [("", Some(value)), ("/document", value.get("document"))];
    let vulnerabilities = items(value, "vulnerabilities").enumerate();
    let vulnerabilities =
        vulnerabilities.map(|(index, entry)| (format!("/vulnerabilities/{index}"), Some(entry)));
    for (pointer, place) in
        places.map(|(at, place)| (at.to_owned(), place)).into_iter().chain(vulnerabilities)
    {
        for (index, extension) in place.into_iter().flat_map(|place| items(place, "x_extensions")).enumerate()
        {
            if extension.get("critical").and_then(Value::as_bool) == Some(true) {
                let pointer = format!("{pointer}/x_extensions/{index}");
                let schema = text(extension, "$schema").unwrap_or_default();
                let params = [("field", "x_extensions"), ("value", schema), ("expected", "critical: false")];
                report.push(Code::FieldTolerated, &pointer, &params);
            }
        }
    }
}
