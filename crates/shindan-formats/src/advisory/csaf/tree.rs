//! The product tree: every product id with what is known about it.
//!
//! Source: CSAF 2.0, sections 3.1.2 (branches), 3.1.3 (full product names), 3.2.2 (product tree).

use std::collections::BTreeMap;

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::purl::Purl;

use super::paths;
use crate::advisory::cpe_name;
use crate::advisory::walk::{items, raw, text, texts};
use crate::text::shorten;

/// A product as the tree describes it. Names are kept as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Product {
    /// `full_product_name.name`
    pub full_name: String,
    /// From a `vendor` branch.
    pub vendor: Option<String>,
    /// From a `product_name` branch, else `product_family`.
    pub product: Option<String>,
    /// From a `product_version` or `product_version_range` branch.
    pub version: Option<VersionText>,
    /// CPE 2.3 names.
    pub cpes: Vec<String>,
    /// Package URLs as written. CSAF 2.1 allows several, which differ in qualifiers only.
    pub purls: Vec<String>,
    /// `model_numbers`, as written.
    pub models: Vec<String>,
    /// What it is a component of or installed on: the condition under which a statement about it holds.
    pub platforms: Vec<Platform>,
}

/// A version branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionText {
    /// The branch's name, as written.
    pub text: String,
    /// True for `product_version_range`.
    pub is_range: bool,
}

impl Product {
    /// The first package URL.
    pub(super) fn purl(&self) -> Option<&str> {
        self.purls.first().map(String::as_str)
    }

    /// The product under its other package URLs.
    pub(super) fn other_purls(&self) -> impl Iterator<Item = Product> {
        self.purls.iter().skip(1).map(|purl| Product { purls: vec![purl.clone()], ..self.clone() })
    }

    /// What the product is a part of, if it is a part of exactly one thing: in a VEX document the statement holds
    /// inside that only. `None` for what is a part of a part, because no statement has room for that.
    pub(super) fn whole(&self) -> Option<&Platform> {
        let mut wholes = self.platforms.iter().filter(|platform| platform.is_whole);
        wholes.next().filter(|_| wholes.next().is_none())
    }
}

/// The other side of a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Platform {
    /// Its full name.
    pub name: String,
    /// From a `vendor` branch.
    pub vendor: Option<String>,
    /// Its product name; with a version branch its full name, because the statement holds in that version only.
    pub product: String,
    /// Its CPE 2.3 names; may be empty.
    pub cpes: Vec<String>,
    /// As written (modules of rpms have one).
    pub purl: Option<String>,
    /// True if the product is a part of it; false if it is only installed on it or beside it.
    pub is_whole: bool,
}

/// All products and groups of a document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// By product id.
    pub products: BTreeMap<String, Product>,
    /// Product ids by group id.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// Collects diagnostics of one document.
pub(super) struct Report<'a> {
    pub path: &'a str,
    pub diagnostics: Vec<Diagnostic>,
}

impl Report<'_> {
    pub(super) fn place(&self, pointer: &str) -> Place {
        Place::file(self.path).at_field(pointer)
    }

    pub(super) fn push(&mut self, code: Code, pointer: &str, params: &[(&str, &str)]) {
        let mut diagnostic = Diagnostic::new(code, self.place(pointer));
        for (name, value) in params {
            diagnostic = diagnostic.with(name, shorten(value, 200));
        }
        self.diagnostics.push(diagnostic);
    }
}

/// What the branches above a product say.
#[derive(Debug, Clone, Default)]
struct Context {
    vendor: Option<String>,
    family: Option<String>,
    name: Option<String>,
    version: Option<VersionText>,
}

impl Context {
    fn with(mut self, category: &str, name: &str) -> Context {
        match category {
            "vendor" => self.vendor = Some(name.to_owned()),
            "product_family" => self.family = Some(name.to_owned()),
            // Fortinet writes "product", which the specification does not know.
            "product_name" | "product" => self.name = Some(name.to_owned()),
            "product_version" => self.version = Some(VersionText { text: name.to_owned(), is_range: false }),
            "product_version_range" => {
                self.version = Some(VersionText { text: name.to_owned(), is_range: true })
            }
            // "10" with a service pack "SP1" below it is the version "10 SP1".
            "service_pack" | "patch_level" => {
                if let Some(version) = &mut self.version {
                    version.text = match is_whole_version(name) {
                        true => name.trim().to_owned(),
                        false => format!("{} {}", version.text.trim_end(), name.trim()),
                    };
                }
            }
            // architecture, language, specification, host_name, legacy: nothing that is matched.
            _ => {}
        }
        self
    }
}

/// Cisco files whole versions (`12.2(55)SE3`, `17.3.4a`) as service packs below their train (`12.2SE`, `17.3`).
fn is_whole_version(name: &str) -> bool {
    let name = name.trim();
    name.starts_with(|c: char| c.is_ascii_digit()) && name.contains('.')
}

/// Reads the tree below `/product_tree`.
pub(super) fn read(document: &Value, report: &mut Report<'_>) -> Tree {
    let mut tree = Tree::default();
    let Some(root) = document.get("product_tree") else { return tree };
    branches(root, &mut tree, report);
    for (index, product) in items(root, "full_product_names").enumerate() {
        let pointer = format!("/product_tree/full_product_names/{index}");
        define(product, &Context::default(), &pointer, &mut tree, report);
    }
    paths::read(root, &mut tree, report);
    groups(root, &mut tree, report);
    tree
}

/// Walks the branches with a stack of its own; their depth is limited by the JSON reader.
fn branches(root: &Value, tree: &mut Tree, report: &mut Report<'_>) {
    let mut open: Vec<(&Value, Context, String)> = children(root, &Context::default(), "/product_tree");
    while let Some((branch, context, pointer)) = open.pop() {
        let category = text(branch, "category").unwrap_or_default();
        let context = match raw(branch, "name") {
            Some(name) => context.with(category, name),
            None => {
                report.push(Code::FieldMissing, &pointer, &[("field", "name")]);
                context
            }
        };
        if category.is_empty() {
            report.push(Code::FieldMissing, &pointer, &[("field", "category")]);
        }
        if let Some(product) = branch.get("product") {
            define(product, &context, &format!("{pointer}/product"), tree, report);
        }
        open.extend(children(branch, &context, &pointer));
    }
}

/// The branches below `parent`, last one first, so that a stack yields them in the order of the document.
fn children<'a>(parent: &'a Value, context: &Context, pointer: &str) -> Vec<(&'a Value, Context, String)> {
    let mut out: Vec<_> = items(parent, "branches")
        .enumerate()
        .map(|(index, branch)| (branch, context.clone(), format!("{pointer}/branches/{index}")))
        .collect();
    out.reverse();
    out
}

/// Defines a product. A second definition of an id is reported (6.1.2) and does not replace the first.
fn define(value: &Value, context: &Context, pointer: &str, tree: &mut Tree, report: &mut Report<'_>) {
    let Some(id) = value.get("product_id").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
        report.push(Code::FieldMissing, pointer, &[("field", "product_id")]);
        return;
    };
    let full_name = match raw(value, "name") {
        Some(name) => name.to_owned(),
        None => {
            report.push(Code::FieldMissing, pointer, &[("field", "name")]);
            String::new()
        }
    };
    let mut product = Product {
        full_name,
        vendor: context.vendor.clone(),
        product: context.name.clone().or_else(|| context.family.clone()),
        version: context.version.clone(),
        ..Product::default()
    };
    if let Some(helper) = value.get("product_identification_helper") {
        identify(helper, &mut product, &format!("{pointer}/product_identification_helper"), report);
    }
    insert(id, product, pointer, tree, report);
}

pub(super) fn insert(id: &str, product: Product, pointer: &str, tree: &mut Tree, report: &mut Report<'_>) {
    if tree.products.contains_key(id) {
        report.push(Code::DuplicateIdentifier, pointer, &[("field", "product_id"), ("value", id)]);
        return;
    }
    tree.products.insert(id.to_owned(), product);
}

/// The texts of a list, each with the name of the list.
fn all<'a>(helper: &'a Value, key: &'static str) -> impl Iterator<Item = (&'static str, &'a str)> {
    texts(helper, key).map(str::trim).filter(|text| !text.is_empty()).map(move |text| (key, text))
}

/// Serial numbers, SKUs, hashes and SBOM addresses identify single pieces, not products: they are not matched.
pub(super) fn identify(helper: &Value, product: &mut Product, pointer: &str, report: &mut Report<'_>) {
    // CSAF 2.0 has one of each, 2.1 a list of package URLs; drafts of 2.1 had lists of both.
    for (key, cpe) in text(helper, "cpe").map(|cpe| ("cpe", cpe)).into_iter().chain(all(helper, "cpes")) {
        match cpe_name::to_cpe23(cpe) {
            Ok(name) if product.cpes.contains(&name) => {}
            Ok(name) => product.cpes.push(name),
            Err(reason) => {
                let pointer = format!("{pointer}/{key}");
                report.push(Code::CpeInvalid, &pointer, &[("cpe", cpe), ("reason", &reason)]);
            }
        }
    }
    for (key, purl) in text(helper, "purl").map(|purl| ("purl", purl)).into_iter().chain(all(helper, "purls"))
    {
        match Purl::parse(purl) {
            Ok(_) if product.purls.iter().any(|known| known == purl) => {}
            Ok(_) => product.purls.push(purl.to_owned()),
            Err(error) => {
                let (pointer, reason) = (format!("{pointer}/{key}"), error.to_string());
                report.push(Code::PurlInvalid, &pointer, &[("purl", purl), ("reason", &reason)]);
            }
        }
    }
    product.models.extend(texts(helper, "model_numbers").map(str::to_owned));
}

fn groups(root: &Value, tree: &mut Tree, report: &mut Report<'_>) {
    for (index, group) in items(root, "product_groups").enumerate() {
        let pointer = format!("/product_tree/product_groups/{index}");
        let Some(id) = group.get("group_id").and_then(Value::as_str) else {
            report.push(Code::FieldMissing, &pointer, &[("field", "group_id")]);
            continue;
        };
        let members: Vec<String> = texts(group, "product_ids").map(str::to_owned).collect();
        for member in &members {
            if !tree.products.contains_key(member) {
                let pointer = format!("{pointer}/product_ids");
                report.push(
                    Code::ReferenceDangling,
                    &pointer,
                    &[("field", "product_ids"), ("value", member)],
                );
            }
        }
        if tree.groups.contains_key(id) {
            report.push(Code::DuplicateIdentifier, &pointer, &[("field", "group_id"), ("value", id)]);
            continue;
        }
        tree.groups.insert(id.to_owned(), members);
    }
}

impl Tree {
    /// The products that a remediation, score, threat or flag names, directly or by group; unknown ones are reported
    /// (6.1.1, 6.1.4).
    pub(super) fn named<'a>(
        &self,
        value: &'a Value,
        field: &'a str,
        pointer: &str,
        report: &mut Report<'_>,
    ) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for id in texts(value, field) {
            if self.products.contains_key(id) {
                out.push(id.to_owned());
            } else {
                let pointer = format!("{pointer}/{field}");
                report.push(Code::ReferenceDangling, &pointer, &[("field", field), ("value", id)]);
            }
        }
        for id in texts(value, "group_ids") {
            match self.groups.get(id) {
                Some(members) => out.extend(members.iter().cloned()),
                None => {
                    let pointer = format!("{pointer}/group_ids");
                    report.push(Code::ReferenceDangling, &pointer, &[("field", "group_ids"), ("value", id)]);
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }
}
