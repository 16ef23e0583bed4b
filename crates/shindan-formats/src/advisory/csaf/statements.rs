//! From `product_status` to statements: which versions of which product have which status for which vulnerability.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::diagnostic::Code;
use shindan_domain::purl::Purl;
use shindan_domain::version::{Bound, VersionClaim, VersionRange};

use super::fixed;
use super::packages;
use super::reasons::Reasons;
use super::tree::{Platform, Product, Report, Tree};
use super::versions::{self, Claim};
use crate::advisory::identified::unversioned;
use crate::advisory::walk::{items, text, texts};
use crate::text::shorten;

/// The keys of `product_status` that make statements. `recommended` is advice and `first_*`/`last_*` are ends of
/// ranges; they are handled apart. Source: CSAF 2.0, section 3.2.3.9.
const PLAIN: [(&str, Status); 5] = [
    ("known_affected", Status::Affected),
    ("known_not_affected", Status::NotAffected),
    ("fixed", Status::Fixed),
    ("under_investigation", Status::UnderInvestigation),
    // CSAF 2.1: nobody looks into it. Like the one before, it leaves the question open.
    ("unknown", Status::UnderInvestigation),
];

/// Collects the statements of a document.
pub(super) struct Statements<'t> {
    tree: &'t Tree,
    /// True if the document is a VEX.
    vex: bool,
    /// Claims by product id, computed once per document.
    claims: BTreeMap<&'t str, Claim>,
    list: Vec<Affected>,
}

/// What one vulnerability says about its products.
struct Scene<'a> {
    value: &'a Value,
    index: u32,
    pointer: &'a str,
    tree: &'a Tree,
    vex: bool,
    claims: &'a BTreeMap<&'a str, Claim>,
    reasons: Reasons,
}

/// Versions that contain the fix, by product.
type Fixes = BTreeMap<Identity, BTreeSet<String>>;

/// What makes two products of the tree the same one in different versions: maker and name (or purl).
type Identity = (Option<String>, String);

impl<'t> Statements<'t> {
    pub(super) fn new(tree: &'t Tree, vex: bool) -> Self {
        let claim = |(id, product): (&'t String, &'t Product)| {
            (id.as_str(), versions::claim(product, whole(product, vex)))
        };
        Statements { tree, vex, claims: tree.products.iter().map(claim).collect(), list: Vec::new() }
    }

    /// Adds the statements of the vulnerability `value`, which is number `index` of the advisory.
    pub(super) fn add(&mut self, value: &Value, index: u32, pointer: &str, report: &mut Report<'_>) {
        let Some(status) = value.get("product_status") else { return };
        let (tree, vex) = (self.tree, self.vex);
        let reasons = Reasons::read(value, tree);
        let scene = Scene { value, index, pointer, tree, vex, claims: &self.claims, reasons };
        let lists = scene.lists(status, report);
        let fixes = scene.fixes(&lists, report);
        let outlooks = outlooks(value);
        for (key, kind) in PLAIN {
            for id in lists.get(key).into_iter().flatten() {
                for (product, claim) in scene.products(id) {
                    let Some(statement) = scene.statement((id, &product), &claim, key, kind, &fixes) else {
                        continue;
                    };
                    match packages::of(&product) {
                        Some(package) => {
                            let outlook = outlooks.get(id.as_str()).copied().unwrap_or_default();
                            let impact = Some(statement.impact.clone()).filter(|impact| !impact.is_empty());
                            let impact = impact.unwrap_or_else(|| shorten(outlook, 400));
                            let statement = Affected { impact, within: None, ..statement };
                            self.list.extend(package.statements(kind, &statement));
                        }
                        None => self.list.push(statement),
                    }
                }
            }
        }
        self.list.extend(scene.ends(&lists, &fixes));
    }

    /// The statements, merged: the same one for several vulnerabilities once, and versions of one product together.
    /// `total` is the number of vulnerabilities; a statement about all of them names none.
    pub(super) fn finish(self, total: usize) -> Vec<Affected> {
        let mut out = merge_versions(merge_vulnerabilities(self.list));
        for affected in &mut out {
            if affected.vulnerabilities.len() == total {
                affected.vulnerabilities.clear();
            }
        }
        out
    }
}

impl Scene<'_> {
    /// Product ids by key of `product_status`: known ones, each once, contradictions resolved.
    fn lists(&self, status: &Value, report: &mut Report<'_>) -> BTreeMap<&'static str, Vec<String>> {
        const KEYS: [&str; 9] = [
            "known_affected",
            "first_affected",
            "last_affected",
            "under_investigation",
            "unknown",
            "known_not_affected",
            "fixed",
            "first_fixed",
            "recommended",
        ];
        // 6.1.6: a product must not be in two of these groups for one vulnerability. The earlier group wins, so that
        // a contradiction never makes anything look safer.
        let group = |key: &str| match key {
            "known_affected" | "first_affected" | "last_affected" => 0,
            "under_investigation" | "unknown" => 1,
            "known_not_affected" => 2,
            "recommended" => 4,
            _ => 3,
        };
        let mut seen: BTreeMap<String, u8> = BTreeMap::new();
        let mut taken: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for key in KEYS {
            let pointer = format!("{}/product_status/{key}", self.pointer);
            for id in texts(status, key) {
                if !self.tree.products.contains_key(id) {
                    report.push(Code::ReferenceDangling, &pointer, &[("field", key), ("value", id)]);
                    continue;
                }
                let here = group(key);
                match seen.get(id) {
                    Some(before) if *before != here && here != 4 => {
                        report.push(Code::SpecViolation, &pointer, &[("rule", "6.1.6"), ("value", id)]);
                        continue;
                    }
                    _ => {}
                }
                seen.entry(id.to_owned()).or_insert(here);
                if taken.insert((key, id)) {
                    out.entry(key).or_default().push(id.to_owned());
                }
            }
        }
        out
    }

    /// Versions that contain the fix, by name of the product: from `fixed`, `first_fixed`, `recommended`, and from
    /// remediations that name one version plainly.
    fn fixes(&self, lists: &BTreeMap<&'static str, Vec<String>>, report: &mut Report<'_>) -> Fixes {
        let mut out = Fixes::new();
        for key in ["fixed", "first_fixed", "recommended"] {
            for id in lists.get(key).into_iter().flatten() {
                let (Some(product), Some(claim)) = (self.tree.products.get(id), self.claims.get(id.as_str()))
                else {
                    continue;
                };
                if let Some((version, _)) = claim.single() {
                    out.entry(name_of(product)).or_default().insert(version.to_owned());
                }
            }
        }
        for (index, entry) in items(self.value, "remediations").enumerate() {
            let pointer = format!("{}/remediations/{index}", self.pointer);
            let named = self.tree.named(entry, "product_ids", &pointer, report);
            if text(entry, "category") != Some("vendor_fix") {
                continue;
            }
            let names: BTreeSet<_> =
                named.iter().filter_map(|id| self.tree.products.get(id)).map(name_of).collect();
            // One version for several products is rarely meant for each of them.
            let (Some(name), 1) = (names.first(), names.len()) else { continue };
            if let Some(version) = fixed::plain(text(entry, "details").unwrap_or_default()) {
                out.entry(name.clone()).or_default().insert(version);
            }
        }
        out
    }

    /// The product of an id, once for each package that it is, with the claim about its versions.
    fn products(&self, id: &str) -> Vec<(Cow<'_, Product>, Cow<'_, Claim>)> {
        let (Some(product), Some(claim)) = (self.tree.products.get(id), self.claims.get(id)) else {
            return Vec::new();
        };
        let mut list = vec![(Cow::Borrowed(product), Cow::Borrowed(claim))];
        let mut seen: Vec<String> = product.purl().map(unversioned).into_iter().collect();
        for other in product.other_purls() {
            let package = other.purl().map(unversioned).unwrap_or_default();
            if !seen.contains(&package) {
                seen.push(package);
                let claim = versions::claim(&other, whole(&other, self.vex));
                list.push((Cow::Owned(other), Cow::Owned(claim)));
            }
        }
        list
    }

    fn statement(
        &self,
        (id, product): (&str, &Product),
        claim: &Claim,
        key: &str,
        status: Status,
        fixes: &Fixes,
    ) -> Option<Affected> {
        if !claim.scope.is_empty() && !self.in_scope(claim) {
            // The version text limits itself to other CVE numbers.
            return None;
        }
        let fixed_versions = match status {
            Status::Affected => fixes.get(&name_of(product)).into_iter().flatten().cloned().collect(),
            _ => Vec::new(),
        };
        let whole = whole(product, self.vex);
        let mut statement =
            Affected::new(product_ref(product, claim.hint.as_deref()), status, claim.versions.clone());
        statement.vulnerabilities = vec![self.index];
        claim.text.trim().clone_into(&mut statement.text);
        statement.fixed_versions = fixed_versions;
        statement.platforms = platforms(product, whole);
        statement.within = whole.map(|whole| Box::new(container(whole)));
        if status == Status::NotAffected {
            (statement.justification, statement.impact) = self.reasons.of(id);
        }
        statement.pointer = format!("{}/product_status/{key}", self.pointer);
        Some(statement)
    }

    fn in_scope(&self, claim: &Claim) -> bool {
        text(self.value, "cve").is_some_and(|cve| claim.scope.iter().any(|c| c.eq_ignore_ascii_case(cve)))
    }

    /// `first_affected` with `last_affected` (or `first_fixed`) of the same product make a range. An end whose other
    /// end is not told says nothing certain: undetermined.
    fn ends(&self, lists: &BTreeMap<&'static str, Vec<String>>, fixes: &Fixes) -> Vec<Affected> {
        let of = |key: &'static str| lists.get(key).map(Vec::as_slice).unwrap_or_default();
        let mut out = Vec::new();
        for (key, id) in of("first_affected")
            .iter()
            .map(|id| ("first_affected", id))
            .chain(of("last_affected").iter().map(|id| ("last_affected", id)))
        {
            let (Some(product), Some(claim)) = (self.tree.products.get(id), self.claims.get(id.as_str()))
            else {
                continue;
            };
            let made = self.statement((id, product), claim, key, Status::Affected, fixes);
            let Some(mut statement) = made else { continue };
            let name = name_of(product);
            let same = |key: &'static str| -> Vec<&String> {
                of(key)
                    .iter()
                    .filter(|o| self.tree.products.get(*o).map(name_of).as_ref() == Some(&name))
                    .collect()
            };
            let (first, last, fixed) = (same("first_affected"), same("last_affected"), same("first_fixed"));
            match (first.as_slice(), last.as_slice(), fixed.as_slice()) {
                ([low], [high], _) => {
                    if key == "last_affected" {
                        // Told with its first end already.
                        continue;
                    }
                    statement.versions = self.between(low, high, true, &statement.text);
                }
                ([low], [], [high]) => statement.versions = self.between(low, high, false, &statement.text),
                _ => {
                    statement.versions =
                        VersionClaim::undetermined_text(&format!("{key}: {}", statement.text))
                }
            }
            out.push(statement);
        }
        out
    }

    fn between(&self, low: &str, high: &str, inclusive: bool, text: &str) -> VersionClaim {
        let single = |id: &str| self.claims.get(id).and_then(Claim::single);
        match (single(low), single(high)) {
            (Some((low, scheme)), Some((high, _))) => {
                let upper = high.to_owned();
                let upper = if inclusive { Bound::Inclusive(upper) } else { Bound::Exclusive(upper) };
                VersionClaim::ranged(vec![VersionRange {
                    scheme,
                    lower: Bound::Inclusive(low.to_owned()),
                    upper,
                }])
            }
            _ => VersionClaim::undetermined_text(text),
        }
    }
}

/// Why there is no fix ("Will not fix", "Out of support scope"), by product id. For packages it belongs to the statement,
/// because the same vulnerability has other outlooks on other releases.
fn outlooks(value: &Value) -> BTreeMap<&str, &str> {
    let mut out = BTreeMap::new();
    for entry in items(value, "remediations") {
        if matches!(text(entry, "category"), Some("no_fix_planned" | "none_available")) {
            let details = text(entry, "details").unwrap_or_default();
            out.extend(texts(entry, "product_ids").map(|id| (id, details)));
        }
    }
    out
}

fn name_of(product: &Product) -> Identity {
    let name = match product.purl() {
        Some(purl) => without_version(purl),
        None => product.product.clone().unwrap_or_else(|| product.full_name.clone()),
    };
    (product.vendor.clone(), name)
}

/// What a VEX document speaks of as the whole; other documents name a condition.
fn whole(product: &Product, vex: bool) -> Option<&Platform> {
    product.whole().filter(|_| vex)
}

fn container(whole: &Platform) -> ProductRef {
    ProductRef {
        purl: whole.purl.clone(),
        cpes: whole.cpes.clone(),
        vendor: whole.vendor.clone(),
        product: Some(whole.product.clone()).filter(|name| !name.is_empty()),
        ..ProductRef::default()
    }
}

fn product_ref(product: &Product, hint: Option<&str>) -> ProductRef {
    let purl = product.purl().map(without_version);
    let from_purl = || Purl::parse(product.purl()?).ok().map(|purl| purl.name().to_owned());
    let named = product.product.clone().or_else(from_purl).or_else(|| Some(product.full_name.clone()));
    let mut name = named.filter(|name| !name.is_empty());
    if let (Some(hint), Some(name)) = (hint, &mut name)
        && hint != "BIOS"
    {
        // A qualified version text narrows the product. The BIOS of a device is its firmware: not narrower.
        name.push(' ');
        name.push_str(hint);
    }
    ProductRef {
        purl,
        cpes: product.cpes.clone(),
        vendor: product.vendor.clone(),
        product: name,
        models: product.models.clone(),
        ..ProductRef::default()
    }
}

/// The purl up to its version; qualifiers and subpath are kept.
fn without_version(text: &str) -> String {
    let Some(version) = Purl::parse(text).ok().and_then(|purl| purl.version().map(str::to_owned)) else {
        return text.to_owned();
    };
    if version.is_empty() {
        return text.to_owned();
    }
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    match path.rsplit_once('@') {
        Some((front, _)) => format!("{front}{rest}"),
        None => text.to_owned(),
    }
}

/// The conditions: of each platform one name must be there.
fn platforms(product: &Product, whole: Option<&Platform>) -> Vec<Vec<String>> {
    let mut out: Vec<Vec<String>> = Vec::new();
    for platform in product.platforms.iter().filter(|platform| whole != Some(*platform)) {
        if !platform.cpes.is_empty() && !out.contains(&platform.cpes) {
            out.push(platform.cpes.clone());
        }
    }
    out
}

/// The same statement about several vulnerabilities becomes one.
fn merge_vulnerabilities(list: Vec<Affected>) -> Vec<Affected> {
    let mut out: Vec<Affected> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for affected in list {
        let key = key(&affected, true);
        match known.get(&key).and_then(|at| out.get_mut(*at)) {
            Some(first) => {
                for index in affected.vulnerabilities {
                    if !first.vulnerabilities.contains(&index) {
                        first.vulnerabilities.push(index);
                    }
                }
            }
            None => {
                known.insert(key, out.len());
                out.push(affected);
            }
        }
    }
    out
}

/// Versions of one product with the same status for the same vulnerabilities become one claim.
fn merge_versions(list: Vec<Affected>) -> Vec<Affected> {
    let mut out: Vec<Affected> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for affected in list {
        let mergeable =
            matches!(&affected.versions, VersionClaim::Ranged { except, .. } if except.is_empty());
        if !mergeable {
            out.push(affected);
            continue;
        }
        let key = key(&affected, false);
        let first = known.get(&key).and_then(|at| out.get_mut(*at));
        match (first, affected.versions) {
            (
                Some(Affected { versions: VersionClaim::Ranged { ranges, .. }, text, .. }),
                VersionClaim::Ranged { ranges: more, .. },
            ) => {
                ranges.extend(more.into_iter().filter(|range| !ranges.contains(range)).collect::<Vec<_>>());
                join_text(text, &affected.text);
            }
            (_, versions) => {
                known.insert(key, out.len());
                out.push(Affected { versions, ..affected });
            }
        }
    }
    out
}

/// Texts of a merged claim stand on lines of their own; a long list is cut, and says so.
fn join_text(text: &mut String, more: &str) {
    const ENOUGH: usize = 400;
    if more.is_empty() || text.ends_with("\n…") {
        return;
    }
    text.push('\n');
    text.push_str(if text.len() < ENOUGH { more } else { "…" });
}

/// A key under which equal statements meet; with the versions and without the vulnerabilities, or the reverse.
fn key(affected: &Affected, across_vulnerabilities: bool) -> String {
    let product = &affected.product;
    let reason = (&affected.impact, affected.justification, &affected.within);
    let package = (&product.ecosystem, &product.package, reason);
    let common = (&product.vendor, &product.product, &product.purl, &product.cpes, &product.models, package);
    let rest = (affected.status, &affected.platforms, &affected.fixed_versions);
    if across_vulnerabilities {
        format!("{common:?}{rest:?}{:?}{:?}", affected.versions, affected.text)
    } else {
        format!("{common:?}{rest:?}{:?}", affected.vulnerabilities)
    }
}
