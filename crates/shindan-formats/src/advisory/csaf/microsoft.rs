//! What Microsoft's documents leave to their readers: the vendor, the Windows that is meant, and the number of the update,
//! which only the address of a remedy tells.
//!
//! Source: documents of `msrc.microsoft.com/csaf` (2022 to 2025).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::advisory::{Advisory, Affected, Status};
use shindan_domain::version::{Bound, VersionClaim};
use shindan_domain::windows;

use super::tree::Tree;
use crate::advisory::microsoft::{self, Fix};
use crate::advisory::walk::{items, text, texts};

/// Completes the statements of a document of Microsoft's; others are left alone.
pub(super) fn complete(advisory: &mut Advisory, vulnerabilities: &[&Value], document: &Value, tree: &Tree) {
    let publisher = document.get("publisher");
    let space = publisher.and_then(|p| text(p, "namespace")).unwrap_or_default();
    if !["https://msrc.microsoft.com", "https://www.microsoft.com"].iter().any(|own| space.starts_with(own)) {
        return;
    }
    let fixes: Vec<BTreeMap<&str, Fix>> = vulnerabilities.iter().map(|value| fixes(value, tree)).collect();
    for affected in &mut advisory.affected {
        if let Some(name) = affected.product.product.clone() {
            let fix = common_fix(affected, &name, &fixes);
            statement(affected, &name, fix);
        }
    }
    let mut seen = BTreeSet::new();
    // Both installations of a server are one product, which the document tells twice.
    advisory.affected.retain(|affected| seen.insert(key(affected)));
}

/// Everything of a statement but its words and its place.
fn key(affected: &Affected) -> String {
    let Affected { vulnerabilities, product, status, versions, fixed_versions, platforms, updates, .. } =
        affected;
    format!("{vulnerabilities:?}{product:?}{status:?}{versions:?}{fixed_versions:?}{platforms:?}{updates:?}")
}

/// The updates of one vulnerability, by name of the product.
fn fixes<'t>(vulnerability: &Value, tree: &'t Tree) -> BTreeMap<&'t str, Fix> {
    let mut out: BTreeMap<&str, Fix> = BTreeMap::new();
    for remedy in items(vulnerability, "remediations") {
        if text(remedy, "category") != Some("vendor_fix") {
            continue;
        }
        let Some(update) = text(remedy, "url").and_then(update_of) else { continue };
        for product in texts(remedy, "product_ids").filter_map(|id| tree.products.get(id)) {
            let fix = out.entry(product.product.as_deref().unwrap_or(&product.full_name)).or_default();
            if !fix.updates.contains(&update) {
                fix.updates.push(update.clone());
            }
        }
    }
    out
}

/// `https://support.microsoft.com/help/5048661`, `https://catalog.update.microsoft.com/…?q=KB5048661` → `KB5048661`
fn update_of(url: &str) -> Option<String> {
    let behind = ["/help/", "?q="].iter().find_map(|mark| url.split_once(mark).map(|(_, rest)| rest))?;
    windows::update(behind.split(['/', '?', '#', '&']).next().unwrap_or_default())
}

/// The fix for a product, if all vulnerabilities of the statement have the same.
fn common_fix(affected: &Affected, name: &str, fixes: &[BTreeMap<&str, Fix>]) -> Fix {
    let numbers: Vec<usize> = if affected.vulnerabilities.is_empty() {
        (0..fixes.len()).collect()
    } else {
        affected.vulnerabilities.iter().map(|v| *v as usize).collect()
    };
    let mut found = numbers.iter().map(|v| fixes.get(*v).and_then(|of| of.get(name)));
    let first = found.next().flatten();
    if found.all(|other| other == first) { first.cloned().unwrap_or_default() } else { Fix::default() }
}

/// Rewrites a statement about the product of this name.
fn statement(affected: &mut Affected, name: &str, mut fix: Fix) {
    let named = microsoft::named(name);
    let cpes = named.product.cpes.iter().filter(|cpe| !affected.product.cpes.contains(cpe));
    affected.product.cpes.extend(cpes.cloned().collect::<Vec<_>>());
    affected.product.vendor = affected.product.vendor.take().or_else(|| named.product.vendor.clone());
    affected.product.product.clone_from(&named.product.product);
    if !named.platform.is_empty() {
        affected.platforms.push(named.platform.clone());
    }
    match affected.status {
        Status::Affected => {
            if let Some(builds) = upper_ends(&affected.versions) {
                fix.builds = builds;
                let claim = named.claim(name, &fix);
                // What the text said stays where the fix says nothing more about a program.
                if named.is_windows() || !matches!(claim.versions, VersionClaim::Undetermined { .. }) {
                    affected.versions = claim.versions;
                    affected.fixed_versions = claim.fixed;
                }
            }
            affected.updates = fix.updates;
        }
        Status::NotAffected if named.narrower && affected.versions == VersionClaim::All => {
            affected.versions = VersionClaim::undetermined_text(name);
        }
        _ => {}
    }
}

/// The ends of ranges that have no beginning: `<10.0.17763.6659`. `None` if a range says anything else.
fn upper_ends(versions: &VersionClaim) -> Option<Vec<String>> {
    let VersionClaim::Ranged { ranges, except } = versions else { return None };
    if !except.is_empty() {
        return None;
    }
    let end = |range: &shindan_domain::version::VersionRange| match (&range.lower, &range.upper) {
        (Bound::Unbounded, Bound::Exclusive(end)) => Some(end.clone()),
        _ => None,
    };
    ranges.iter().map(end).collect()
}
