//! From `ProductStatuses` to statements: which versions of which product have which status.
//!
//! Source: CVRF 1.1 and 1.2, `vuln.xsd`, `Status`.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::version::{Bound, VersionClaim, VersionRange};

use super::Report;
use super::remedies::Remedies;
use super::tree::{Product, Tree};
use crate::advisory::microsoft;
use crate::xml::Element;

/// How much a state of a product weighs where a document contradicts itself: never to make anything look safer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Affected,
    /// One end of what is affected; the other versions are not told.
    End,
    NotAffected,
    Fixed,
    Recommended,
}

fn kind(text: &str) -> Option<Kind> {
    Some(match text.to_ascii_lowercase().as_str() {
        "known affected" => Kind::Affected,
        "first affected" | "last affected" => Kind::End,
        "known not affected" => Kind::NotAffected,
        "fixed" | "first fixed" => Kind::Fixed,
        "recommended" => Kind::Recommended,
        _ => return None,
    })
}

/// The statements of one vulnerability.
pub(super) fn read(
    vulnerability: &Element,
    pointer: &str,
    by_microsoft: bool,
    tree: &Tree,
    remedies: &Remedies,
    report: &mut Report<'_>,
) -> Vec<Affected> {
    let pointer = format!("{pointer}/ProductStatuses");
    let mut lists: Vec<(Kind, Vec<String>)> = Vec::new();
    for status in vulnerability.all("ProductStatuses").flat_map(|list| list.all("Status")) {
        let text = status.attribute("Type").unwrap_or_default();
        match kind(text) {
            Some(kind) => lists.push((kind, tree.named(status, &pointer, report))),
            None => {
                let expected = "Known Affected, Known Not Affected, Fixed …";
                let params = [("field", "Status"), ("value", text), ("expected", expected)];
                let place = report.place(status, &pointer);
                report.push(Code::FieldTolerated, place, &params);
            }
        }
    }
    lists.sort_by_key(|(kind, _)| *kind);
    let fixed = fixed_versions(&lists, tree);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut out = Vec::new();
    for (kind, ids) in &lists {
        for id in ids {
            if *kind == Kind::Recommended || !seen.insert(id.clone()) {
                continue;
            }
            let Some(product) = tree.get(id) else { continue };
            let statement = if by_microsoft {
                of_microsoft(*kind, product, &remedies.of(id))
            } else {
                of_tree(*kind, product, &fixed)
            };
            out.push(Affected { pointer: pointer.clone(), ..statement });
        }
    }
    out
}

/// What makes two products of the tree the same one in different versions.
type Identity = (Option<String>, Option<String>);

fn identity(product: &Product) -> Identity {
    (product.vendor.clone(), product.product.clone())
}

/// Versions that contain the fix, by product.
fn fixed_versions(lists: &[(Kind, Vec<String>)], tree: &Tree) -> BTreeMap<Identity, Vec<String>> {
    let mut out: BTreeMap<Identity, Vec<String>> = BTreeMap::new();
    // What is called affected as well is no fix.
    let affected: BTreeSet<&String> =
        lists.iter().filter(|(kind, _)| *kind <= Kind::End).flat_map(|(_, ids)| ids).collect();
    let fixes = lists.iter().filter(|(kind, _)| matches!(kind, Kind::Fixed | Kind::Recommended));
    let ids = fixes.flat_map(|(_, ids)| ids).filter(|id| !affected.contains(id));
    for product in ids.filter_map(|id| tree.get(id)) {
        let VersionClaim::Ranged { ranges, .. } = product.claim().claim else { continue };
        let [VersionRange { lower: Bound::Inclusive(a), upper: Bound::Inclusive(b), .. }] = ranges.as_slice()
        else {
            continue;
        };
        let known = out.entry(identity(product)).or_default();
        if a == b && !known.contains(a) {
            known.push(a.clone());
        }
    }
    out
}

fn status(kind: Kind) -> Status {
    match kind {
        Kind::Affected | Kind::End => Status::Affected,
        Kind::NotAffected => Status::NotAffected,
        Kind::Fixed | Kind::Recommended => Status::Fixed,
    }
}

/// Microsoft names products whole and gives updates and builds beside them.
fn of_microsoft(kind: Kind, product: &Product, fix: &microsoft::Fix) -> Affected {
    let named = microsoft::named(&product.full_name);
    let claim = named.claim(&product.full_name, fix);
    let versions = match kind {
        Kind::Affected => claim.versions,
        // Without a version it can only mean the product as such.
        Kind::NotAffected if !named.narrower => VersionClaim::All,
        _ => VersionClaim::undetermined_text(&product.full_name),
    };
    let mut statement = Affected::new(named.product, status(kind), versions);
    if kind == Kind::Affected {
        statement.fixed_versions = claim.fixed;
        statement.updates.clone_from(&fix.updates);
    }
    if !named.platform.is_empty() {
        statement.platforms = vec![named.platform];
    }
    statement.text.clone_from(&product.full_name);
    statement
}

/// What the tree itself tells.
fn of_tree(kind: Kind, product: &Product, fixed: &BTreeMap<Identity, Vec<String>>) -> Affected {
    let parsed = product.claim();
    let mut name = product.product.clone().unwrap_or_else(|| product.full_name.clone());
    if let Some(hint) = &parsed.product_hint {
        name.push(' ');
        name.push_str(hint);
    }
    let text = product.version.clone().unwrap_or_else(|| product.full_name.clone());
    let mut versions = parsed.claim;
    if kind == Kind::End {
        versions = VersionClaim::undetermined_text(&text);
    }
    // A condition that cannot be expressed must not be dropped: that would claim more than the source does.
    if let Some((platform, _)) = product.platforms.iter().find(|(_, cpes)| cpes.is_empty()) {
        let params = Params::from([("platform".to_owned(), platform.clone())]);
        versions = VersionClaim::Undetermined { code: Code::PlatformUnknown, params };
    }
    let reference = ProductRef {
        vendor: product.vendor.clone(),
        product: Some(name).filter(|name| !name.is_empty()),
        cpes: product.cpes.clone(),
        ..ProductRef::default()
    };
    let mut statement = Affected::new(reference, status(kind), versions);
    if statement.status == Status::Affected {
        statement.fixed_versions = fixed.get(&identity(product)).cloned().unwrap_or_default();
    }
    statement.platforms =
        product.platforms.iter().map(|(_, cpes)| cpes.clone()).filter(|cpes| !cpes.is_empty()).collect();
    statement.text = text;
    statement
}

/// The statements without repetition: the same one about several vulnerabilities once, and versions of one product
/// together. `total` is the number of vulnerabilities; a statement about all of them names none.
pub(super) fn merged(list: Vec<Affected>, total: usize) -> Vec<Affected> {
    let mut across = Merger::default();
    for affected in list {
        across.add(affected, true);
    }
    let mut versions = Merger::default();
    for affected in across.list {
        versions.add(affected, false);
    }
    for affected in &mut versions.list {
        if affected.vulnerabilities.len() >= total {
            affected.vulnerabilities.clear();
        }
    }
    versions.list
}

/// Statements under a key; equal ones meet.
#[derive(Default)]
struct Merger {
    list: Vec<Affected>,
    known: BTreeMap<String, usize>,
}

impl Merger {
    /// Adds a statement. `same_versions`: merges vulnerabilities of statements with the same versions; else merges
    /// versions of statements about the same vulnerabilities.
    fn add(&mut self, affected: Affected, same_versions: bool) {
        let ranged = matches!(&affected.versions, VersionClaim::Ranged { except, .. } if except.is_empty());
        if !same_versions && !ranged {
            self.list.push(affected);
            return;
        }
        let key = key(&affected, same_versions);
        let Some(first) = self.known.get(&key).and_then(|at| self.list.get_mut(*at)) else {
            self.known.insert(key, self.list.len());
            self.list.push(affected);
            return;
        };
        join_text(&mut first.text, &affected.text);
        if same_versions {
            let more: Vec<u32> = affected.vulnerabilities;
            first.vulnerabilities.extend(
                more.iter().filter(|v| !first.vulnerabilities.contains(v)).copied().collect::<Vec<_>>(),
            );
        } else if let (VersionClaim::Ranged { ranges, .. }, VersionClaim::Ranged { ranges: more, .. }) =
            (&mut first.versions, affected.versions)
        {
            ranges.extend(more.into_iter().filter(|range| !ranges.contains(range)).collect::<Vec<_>>());
        }
    }
}

fn key(affected: &Affected, same_versions: bool) -> String {
    let common = (affected.status, &affected.product, &affected.platforms, &affected.updates);
    if same_versions {
        format!("{common:?}{:?}{:?}", affected.fixed_versions, affected.versions)
    } else {
        format!("{common:?}{:?}{:?}", affected.fixed_versions, affected.vulnerabilities)
    }
}

/// Texts of a merged statement stand on lines of their own; a long list is cut, and says so.
fn join_text(text: &mut String, more: &str) {
    const ENOUGH: usize = 400;
    if more.is_empty() || text.ends_with("\n…") || text.lines().any(|line| line == more) {
        return;
    }
    text.push('\n');
    text.push_str(if text.len() < ENOUGH { more } else { "…" });
}
