//! Rules of the specification whose violation may change what a document means for matching.
//!
//! Source: CSAF 2.0, section 6.1 (mandatory tests). What `tree` and `statements` find on their way (6.1.1 to 6.1.6,
//! 6.1.13) is reported there; rules about style, translation and revision history are not checked.

use std::collections::BTreeMap;

use serde_json::Value;
use shindan_domain::diagnostic::Code;

use super::tree::{Report, Tree};
use crate::advisory::walk::{items, text, texts};

/// Checks one vulnerability.
pub(super) fn vulnerability(value: &Value, pointer: &str, tree: &Tree, report: &mut Report<'_>) {
    scores(value, pointer, tree, report);
    for (rule, key) in [("6.1.29", "remediations"), ("6.1.32", "flags")] {
        for (index, entry) in items(value, key).enumerate() {
            if texts(entry, "product_ids").next().is_none() && texts(entry, "group_ids").next().is_none() {
                report.push(Code::SpecViolation, &format!("{pointer}/{key}/{index}"), &[("rule", rule)]);
            }
        }
    }
    for key in ["threats", "flags"] {
        for (index, entry) in items(value, key).enumerate() {
            tree.named(entry, "product_ids", &format!("{pointer}/{key}/{index}"), report);
        }
    }
}

/// 6.1.7: one score per version of CVSS and product. 6.1.1: scores of known products.
fn scores(value: &Value, pointer: &str, tree: &Tree, report: &mut Report<'_>) {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (index, score) in items(value, "scores").enumerate() {
        let pointer = format!("{pointer}/scores/{index}");
        let products = tree.named(score, "products", &pointer, report);
        for key in ["cvss_v2", "cvss_v3", "cvss_v4"] {
            let Some(cvss) = score.get(key) else { continue };
            for field in required(key).iter().filter(|field| cvss.get(**field).is_none()) {
                let pointer = format!("{pointer}/{key}");
                report.push(Code::SpecViolation, &pointer, &[("rule", "6.1.8"), ("value", field)]);
            }
            let version = format!("{key} {}", text(cvss, "version").unwrap_or_default());
            for product in &products {
                if seen
                    .insert((product.clone(), version.clone()), index)
                    .is_some_and(|before| before != index)
                {
                    report.push(Code::SpecViolation, &pointer, &[("rule", "6.1.7"), ("value", product)]);
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

/// 6.1.27.7 to 6.1.27.10, as far as they concern what a VEX document says.
pub(super) fn vex(document: &Value, vulnerabilities: &[Value], report: &mut Report<'_>) {
    if text(document, "category") != Some("csaf_vex") {
        return;
    }
    let states = ["fixed", "known_affected", "known_not_affected", "under_investigation"];
    for (index, value) in vulnerabilities.iter().enumerate() {
        let pointer = format!("/vulnerabilities/{index}");
        let status = value.get("product_status");
        let told = states.iter().any(|key| status.is_some_and(|s| texts(s, key).next().is_some()));
        if !told {
            report.push(Code::SpecViolation, &format!("{pointer}/product_status"), &[("rule", "6.1.27.7")]);
        }
        if text(value, "cve").is_none() && items(value, "ids").next().is_none() {
            report.push(Code::SpecViolation, &pointer, &[("rule", "6.1.27.8")]);
        }
    }
}
