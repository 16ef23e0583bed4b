//! Products and their versions: the tree tells the names and identifiers, `jvn_extension.affected` the versions.
//!
//! Source: `jvnpid_extension_1.0.json` (as CVE 5 `affected`). A range that OKA could not express is an empty text beside
//! the Japanese description: that is parsed then.

use serde_json::Value;
use shindan_domain::advisory::{AdvisedVulnerability, Affected, ProductRef, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::super::super::identified;
use super::super::super::walk::{items, text, texts};
use super::super::entry;
use super::super::lines::{self, Line};
use crate::range_text::{self, ParsedText};

/// What one document states.
pub(super) struct Stated<'a> {
    pub(super) tree: &'a Value,
    pub(super) extension: &'a Value,
    pub(super) entries: &'a [&'a Value],
    /// Which vulnerability each entry is; `None` for one that speaks of all.
    pub(super) index_of: &'a [Option<usize>],
    pub(super) pointer: &'a str,
    pub(super) path: &'a str,
}

/// A product of the tree.
#[derive(Debug, Clone, Default)]
struct Leaf {
    /// `jvnpid:1.0::vendor:product`
    id: String,
    product: ProductRef,
    version: Option<String>,
    pointer: String,
}

/// What `product_status` says, in the order in which contradictions are resolved: never to the safer side.
const STATUSES: [(&str, Status); 6] = [
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("under_investigation", Status::UnderInvestigation),
    ("known_not_affected", Status::NotAffected),
    ("fixed", Status::Fixed),
];

/// The statements about all products.
pub(super) fn statements(
    stated: &Stated<'_>,
    vulnerabilities: &mut Vec<AdvisedVulnerability>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Affected> {
    let leaves = leaves(stated, diagnostics);
    let mut out = Vec::new();
    let mut described: Vec<(Option<String>, Option<String>)> = Vec::new();
    for (number, value) in items(stated.extension, "affected").enumerate() {
        let names = (text(value, "vendor").map(str::to_owned), text(value, "product").map(str::to_owned));
        if names.1.is_none() {
            // The documents put comments into lists.
            continue;
        }
        let same = |leaf: &&Leaf| leaf.product.vendor == names.0 && leaf.product.product == names.1;
        let leaf = leaves.iter().filter(same).min_by_key(|leaf| leaf.version.is_some()).cloned();
        let leaf = leaf.unwrap_or_else(|| Leaf {
            product: ProductRef {
                vendor: names.0.clone(),
                product: names.1.clone(),
                ..ProductRef::default()
            },
            ..Leaf::default()
        });
        let pointer = format!("{}/jvn_extension/affected/{number}", stated.pointer);
        out.extend(of_extension(value, &leaf, &pointer, stated, vulnerabilities));
        described.push(names);
    }
    for leaf in &leaves {
        let names = (leaf.product.vendor.clone(), leaf.product.product.clone());
        if leaf.version.is_none() && described.contains(&names) {
            continue;
        }
        for (status, indices) in stated.about(&leaf.id) {
            let versions = match &leaf.version {
                _ if is_ambiguous(&leaf.product) => ambiguous(&leaf.product),
                Some(version) => VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, version)]),
                None => VersionClaim::undetermined_text(""),
            };
            let mut statement = Affected::new(leaf.product.clone(), status, versions);
            statement.vulnerabilities = indices;
            statement.pointer.clone_from(&leaf.pointer);
            out.push(statement);
        }
    }
    out
}

fn is_ambiguous(product: &ProductRef) -> bool {
    let name = product.product.as_deref().unwrap_or_default();
    entry::is_ambiguous(name, product.cpes.first().map(String::as_str))
}

fn ambiguous(product: &ProductRef) -> VersionClaim {
    let name = product.product.clone().unwrap_or_default();
    VersionClaim::Undetermined {
        code: Code::ProductAmbiguous,
        params: Params::from([("product".to_owned(), name)]),
    }
}

impl Stated<'_> {
    /// The statuses that the vulnerabilities give a product, each with the indices of those that do (empty: all).
    /// A product that no vulnerability names is affected by all: the tree lists affected products.
    fn about(&self, id: &str) -> Vec<(Status, Vec<u32>)> {
        let mut out: Vec<(Status, Vec<u32>)> = Vec::new();
        let mut named = false;
        let total = self.index_of.iter().flatten().max().map_or(1, |greatest| greatest + 1);
        for (entry, index) in self.entries.iter().zip(self.index_of) {
            let Some(said) = entry.get("product_status") else { continue };
            let Some((_, status)) = STATUSES.iter().find(|(key, _)| texts(said, key).any(|one| one == id))
            else {
                continue;
            };
            named = true;
            let indices = match index {
                Some(index) => vec![*index],
                None => (0..total).collect(),
            };
            let at = out.iter().position(|(known, _)| known == status).unwrap_or_else(|| {
                out.push((*status, Vec::new()));
                out.len() - 1
            });
            if let Some((_, list)) = out.get_mut(at) {
                for index in indices.into_iter().filter_map(|index| u32::try_from(index).ok()) {
                    if !list.contains(&index) {
                        list.push(index);
                    }
                }
            }
        }
        if !named {
            return vec![(Status::Affected, Vec::new())];
        }
        for (_, list) in &mut out {
            if list.len() == total {
                list.clear();
            }
        }
        out
    }
}

/// The statements of one entry of `jvn_extension.affected`.
fn of_extension(
    value: &Value,
    leaf: &Leaf,
    pointer: &str,
    stated: &Stated<'_>,
    vulnerabilities: &mut Vec<AdvisedVulnerability>,
) -> Vec<Affected> {
    let about = stated.about(&leaf.id);
    let general = about.first().map(|(_, indices)| indices.clone()).unwrap_or_default();
    let mut out = Vec::new();
    for (label, status) in [
        ("affected", Status::Affected),
        ("unaffected", Status::NotAffected),
        ("", Status::UnderInvestigation),
    ] {
        let is = |one: &&Value| match text(one, "status").unwrap_or("affected") {
            known @ ("affected" | "unaffected") => known == label,
            _ => label.is_empty(),
        };
        let mut said: Vec<Line> = items(value, "versions").filter(is).flat_map(line).collect();
        if said.is_empty() && label == "affected" && items(value, "versions").next().is_none() {
            said.push(Line::of(String::new(), range_text::parse("", Scheme::Generic)));
        }
        if is_ambiguous(&leaf.product) && !said.is_empty() {
            let mut statement = Affected::new(leaf.product.clone(), status, ambiguous(&leaf.product));
            statement.text = said.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
            statement.pointer = pointer.to_owned();
            out.push(statement);
            continue;
        }
        for group in lines::groups(said) {
            let limited = !group.scope.is_empty();
            let scope = lines::indices(&group.scope, vulnerabilities);
            let mut statement = group.statement(&leaf.product, status);
            statement.vulnerabilities = if limited { scope } else { general.clone() };
            statement.pointer = pointer.to_owned();
            out.push(statement);
        }
    }
    out
}

/// The claims of one version entry, with their texts.
fn line(value: &Value) -> Vec<Line> {
    let description = text(value, "description").unwrap_or_default();
    let written = |key: &str| text(value, key);
    let (start, below, up_to) = (written("version"), written("lessThan"), written("lessThanOrEqual"));
    let upper = match (below, up_to) {
        (Some("*"), _) | (None, Some("*")) => Some(Bound::Unbounded),
        (Some(below), _) => Some(Bound::Exclusive(below.to_owned())),
        (None, Some(up_to)) => Some(Bound::Inclusive(up_to.to_owned())),
        (None, None) => None,
    };
    let range = match (start, upper) {
        (None, None) => return described(description),
        (Some(start), None) => VersionRange::exactly(Scheme::Generic, start),
        (start, Some(upper)) => {
            // `0.0.0` is where every product begins; the Japanese text names no beginning then.
            let start = start.filter(|start| !start.bytes().all(|b| matches!(b, b'0' | b'.')));
            let lower = start.map_or(Bound::Unbounded, |start| Bound::Inclusive(start.to_owned()));
            VersionRange { scheme: Scheme::Generic, lower, upper }
        }
    };
    let claim = VersionClaim::ranged(vec![range]);
    // Only its limits to some CVE numbers or editions are taken from the text beside a range.
    let ParsedText { scope, product_hint, .. } = range_text::parse(bare(description), Scheme::Generic);
    vec![Line::of(description.to_owned(), ParsedText { claim, scope, product_hint })]
}

/// A description by itself: one phrase, or several behind one another.
fn described(description: &str) -> Vec<Line> {
    let one = |text: &str| Line::of(text.to_owned(), lines::version_text(bare(text)));
    let understood = |line: &Line| !matches!(line.parsed.claim, VersionClaim::Undetermined { .. });
    let whole = one(description);
    if understood(&whole) {
        return vec![whole];
    }
    let parts: Vec<Line> = description.split([',', '、']).map(str::trim).map(one).collect();
    if parts.iter().all(understood) { parts } else { vec![Line::of(description.to_owned(), whole.parsed)] }
}

/// `バージョン 1.0.6未満` is what the XML form writes as `1.0.6未満`.
fn bare(text: &str) -> &str {
    text.strip_prefix("バージョン").map_or(text, str::trim)
}

/// The products of the tree, in its order. Its depth is limited by the JSON reader.
fn leaves(stated: &Stated<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Leaf> {
    let mut out = Vec::new();
    let mut open: Vec<(&Value, Leaf)> = Vec::new();
    let pointer = format!("{}/product_tree", stated.pointer);
    push_branches(stated.tree, &Leaf { pointer, ..Leaf::default() }, &mut open);
    while let Some((branch, mut leaf)) = open.pop() {
        let name = text(branch, "name").map(str::to_owned);
        match text(branch, "category") {
            Some("vendor") => leaf.product.vendor = name,
            Some("product_name") => leaf.product.product = name,
            Some("product_version") => leaf.version = name,
            _ => {}
        }
        if let Some(value) = branch.get("product") {
            let mut found = leaf.clone();
            found.pointer.push_str("/product");
            identify(value, &mut found, stated.path, diagnostics);
            out.push(found);
        }
        push_branches(branch, &leaf, &mut open);
    }
    out
}

/// Last one first, so that a stack yields them in the order of the document.
fn push_branches<'v>(parent: &'v Value, leaf: &Leaf, open: &mut Vec<(&'v Value, Leaf)>) {
    let children: Vec<_> = items(parent, "branches").enumerate().collect();
    for (number, child) in children.into_iter().rev() {
        let pointer = format!("{}/branches/{number}", leaf.pointer);
        open.push((child, Leaf { pointer, ..leaf.clone() }));
    }
}

fn identify(value: &Value, leaf: &mut Leaf, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    leaf.id = text(value, "product_id").unwrap_or_default().to_owned();
    let Some(helper) = value.get("product_identification_helper") else { return };
    let place = Place::file(path).at_field(format!("{}/product_identification_helper", leaf.pointer));
    if let Some(cpe) = text(helper, "cpe") {
        leaf.product.cpes.extend(entry::cpe(cpe, &place, diagnostics));
    }
    for purl in texts(helper, "purls") {
        match identified::by_purl(purl) {
            Ok(found) => leaf.product.purl = leaf.product.purl.take().or(found.product.purl),
            Err(reason) => diagnostics.push(
                Diagnostic::new(Code::PurlInvalid, place.clone())
                    .with("purl", crate::text::shorten(purl, 200))
                    .with("reason", reason),
            ),
        }
    }
}
