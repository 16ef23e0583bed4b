//! The product tree: every product id with what is known about it.
//!
//! Source: CVRF 1.1 and 1.2, `prod.xsd`.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::cpe::Cpe;
use shindan_domain::diagnostic::Code;
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::Report;
use crate::advisory::cpe_name;
use crate::range_text::{self, ParsedText};
use crate::xml::Element;

/// Most passes over relationships that build on each other.
const PASSES: usize = 16;

/// A product as the tree describes it. Names are kept as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Product {
    /// Text of `FullProductName`.
    pub full_name: String,
    /// From a `Vendor` branch.
    pub vendor: Option<String>,
    /// From a `Product Name` branch, else `Product Family`.
    pub product: Option<String>,
    /// From a `Product Version` branch, with service pack and patch level.
    pub version: Option<String>,
    /// CPE 2.3 names.
    pub cpes: Vec<String>,
    /// What it is a component of or installed on: name, and its CPE 2.3 names.
    pub platforms: Vec<(String, Vec<String>)>,
}

/// All products and groups of a document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    products: BTreeMap<String, Product>,
    groups: BTreeMap<String, Vec<String>>,
}

/// What the branches above a product say.
#[derive(Debug, Clone, Default)]
struct Context {
    vendor: Option<String>,
    family: Option<String>,
    name: Option<String>,
    version: Option<String>,
}

impl Context {
    fn with(mut self, kind: &str, name: &str) -> Context {
        let name = name.trim();
        match kind.to_ascii_lowercase().as_str() {
            "vendor" => self.vendor = Some(name.to_owned()),
            "product family" => self.family = Some(name.to_owned()),
            "product name" => self.name = Some(name.to_owned()),
            "product version" => self.version = Some(name.to_owned()),
            "service pack" | "patch level" => {
                if let Some(version) = &mut self.version {
                    version.push(' ');
                    version.push_str(name);
                }
            }
            // Architecture, Language, Specification, Host Name, Realm, Resource, Legacy: nothing that is matched.
            _ => {}
        }
        self
    }
}

/// Reads `ProductTree`.
pub(super) fn read(root: &Element, report: &mut Report<'_>) -> Tree {
    let mut tree = Tree::default();
    // A stack of its own; the depth is limited by the XML reader.
    let mut open: Vec<(&Element, Context)> = vec![(root, Context::default())];
    while let Some((element, context)) = open.pop() {
        for child in element.children.iter().rev() {
            if child.name.local == "Branch" {
                let kind = child.attribute("Type").unwrap_or_default();
                let name = child.attribute("Name").unwrap_or_default();
                open.push((child, context.clone().with(kind, name)));
            }
        }
        for product in element.all("FullProductName") {
            define(product, &context, &mut tree, report);
        }
    }
    relationships(root, &mut tree, report);
    for group in root.all("ProductGroups").flat_map(|groups| groups.all("Group")) {
        let Some(id) = group.attribute("GroupID") else { continue };
        let members = group.all("ProductID").map(|member| member.trimmed().to_owned()).collect();
        tree.groups.insert(id.to_owned(), members);
    }
    tree
}

fn define(element: &Element, context: &Context, tree: &mut Tree, report: &mut Report<'_>) {
    let Some(id) = element.attribute("ProductID").filter(|id| !id.is_empty()) else {
        let place = report.place(element, "/cvrfdoc/ProductTree");
        report.push(Code::FieldMissing, place, &[("field", "ProductID")]);
        return;
    };
    let product = Product {
        full_name: element.trimmed().to_owned(),
        vendor: context.vendor.clone(),
        product: context.name.clone().or_else(|| context.family.clone()),
        version: context.version.clone(),
        cpes: cpe(element, report).into_iter().collect(),
        platforms: Vec::new(),
    };
    // Microsoft lists every product twice, below its branch and again without: the first says more.
    match tree.products.get(id) {
        None => {
            tree.products.insert(id.to_owned(), product);
        }
        Some(known) if known.full_name == product.full_name => {}
        Some(_) => {
            let place = report.place(element, "/cvrfdoc/ProductTree");
            report.push(Code::DuplicateIdentifier, place, &[("field", "ProductID"), ("value", id)]);
        }
    }
}

fn cpe(element: &Element, report: &mut Report<'_>) -> Option<String> {
    let text = element.attribute("CPE").map(str::trim).filter(|text| !text.is_empty())?;
    match cpe_name::to_cpe23(text) {
        Ok(name) => Some(name),
        Err(reason) => {
            let place = report.place(element, "/cvrfdoc/ProductTree");
            report.push(Code::CpeInvalid, place, &[("cpe", text), ("reason", &reason)]);
            None
        }
    }
}

/// A relationship defines a product out of two others; they may build on each other in any order.
fn relationships(root: &Element, tree: &mut Tree, report: &mut Report<'_>) {
    let mut waiting: Vec<&Element> = root.all("Relationship").collect();
    for _ in 0..PASSES {
        let before = waiting.len();
        waiting.retain(|relationship| !relate(relationship, tree, report));
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for relationship in waiting {
        let place = report.place(relationship, "/cvrfdoc/ProductTree/Relationship");
        let value = relationship.attribute("ProductReference").unwrap_or_default().to_owned();
        report.push(Code::ReferenceDangling, place, &[("field", "ProductReference"), ("value", &value)]);
    }
}

/// Defines the product of one relationship if both sides are known; true if that is settled.
fn relate(relationship: &Element, tree: &mut Tree, report: &mut Report<'_>) -> bool {
    let side = |name: &str| tree.products.get(relationship.attribute(name)?).cloned();
    let (Some(mut product), Some(platform)) = (side("ProductReference"), side("RelatesToProductReference"))
    else {
        return false;
    };
    let Some(made) = relationship.child("FullProductName") else { return false };
    let Some(id) = made.attribute("ProductID") else { return false };
    if product.product.is_none() && !product.full_name.is_empty() {
        product.product = Some(product.full_name.clone());
    }
    product.platforms.push((platform.full_name.clone(), platform.cpes.clone()));
    product.platforms.extend(platform.platforms);
    product.cpes.extend(cpe(made, report));
    made.trimmed().clone_into(&mut product.full_name);
    tree.products.entry(id.to_owned()).or_insert(product);
    true
}

impl Tree {
    /// The product with this id.
    pub(super) fn get(&self, id: &str) -> Option<&Product> {
        self.products.get(id)
    }

    /// The vendor, if all branches name the same.
    pub(super) fn only_vendor(&self) -> Option<&str> {
        let vendors: BTreeSet<&str> = self.products.values().filter_map(|p| p.vendor.as_deref()).collect();
        vendors.first().copied().filter(|_| vendors.len() == 1)
    }

    /// The products that an element names, directly or by group, each once, in the order of the document; unknown ones
    /// are reported.
    pub(super) fn named(&self, element: &Element, pointer: &str, report: &mut Report<'_>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        let mut take = |id: &str, report: &mut Report<'_>| {
            if !self.products.contains_key(id) {
                let place = report.place(element, pointer);
                report.push(Code::ReferenceDangling, place, &[("field", "ProductID"), ("value", id)]);
            } else if seen.insert(id.to_owned()) {
                out.push(id.to_owned());
            }
        };
        for id in element.all("ProductID") {
            take(id.trimmed(), report);
        }
        for group in element.all("GroupID") {
            match self.groups.get(group.trimmed()) {
                Some(members) => members.iter().for_each(|id| take(id, report)),
                None => {
                    let (place, value) = (report.place(group, pointer), group.trimmed());
                    report.push(Code::ReferenceDangling, place, &[("field", "GroupID"), ("value", value)]);
                }
            }
        }
        out
    }
}

impl Product {
    /// What the tree says about the versions, with the product name narrowed by the version text ("for Windows").
    pub(super) fn claim(&self) -> ParsedText {
        let plain = |claim| ParsedText { claim, scope: Vec::new(), product_hint: None };
        if let Some(text) = &self.version {
            let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
            if digits {
                // `Product Version` is one version by definition, so that `8` alone is one, too.
                return plain(VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, text)]));
            }
            return range_text::parse(text, Scheme::Generic);
        }
        let version = self.cpes.iter().find_map(|cpe| {
            let name: Cpe = cpe.parse().ok()?;
            name.version().as_literal().map(str::to_owned)
        });
        match version {
            Some(version) => {
                plain(VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, version)]))
            }
            None => plain(VersionClaim::undetermined_text(&self.full_name)),
        }
    }
}
