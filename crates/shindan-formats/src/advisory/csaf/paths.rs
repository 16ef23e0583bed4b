//! Products made out of others: relationships (2.0) and product paths (2.1).
//!
//! Source: CSAF 2.0, section 3.2.2.4; CSAF 2.1, `product_paths`: a path begins at a product and goes on, step by step,
//! to what it is a part of, or installed on or beside. A relationship is a path of one step.

use serde_json::Value;
use shindan_domain::diagnostic::Code;

use super::tree::{Platform, Product, Report, Tree, identify, insert};
use crate::advisory::walk::{items, raw, text};

/// A reference to a product.
struct Reference<'a> {
    id: Option<&'a str>,
    field: &'static str,
    pointer: String,
}

/// One step of a path.
struct Step<'a> {
    to: Reference<'a>,
    is_whole: bool,
}

/// A path, with the product that it defines.
struct Path<'a> {
    begin: Reference<'a>,
    steps: Vec<Step<'a>>,
    made: Option<&'a Value>,
    pointer: String,
}

/// Defines the products of all paths. They may build on each other in any order; what is left when nothing moves any
/// more refers to nothing (6.1.1) or to itself (6.1.3).
pub(super) fn read(root: &Value, tree: &mut Tree, report: &mut Report<'_>) {
    let mut waiting: Vec<Path<'_>> = relationships(root).chain(product_paths(root)).collect();
    loop {
        let before = waiting.len();
        waiting.retain(|path| !define(path, tree, report));
        if waiting.len() == before || waiting.is_empty() {
            break;
        }
    }
    let made: Vec<&str> = waiting.iter().filter_map(Path::id).collect();
    for path in &waiting {
        explain(path, &made, tree, report);
    }
}

fn reference<'a>(value: &'a Value, field: &'static str, pointer: &str) -> Reference<'a> {
    let id = value.get(field).and_then(Value::as_str);
    Reference { id, field, pointer: pointer.to_owned() }
}

/// `default_component_of`, `optional_component_of`, `external_component_of`; not `installed_on` and `installed_with`.
fn is_whole(value: &Value) -> bool {
    text(value, "category").is_some_and(|category| category.ends_with("component_of"))
}

fn relationships(root: &Value) -> impl Iterator<Item = Path<'_>> {
    items(root, "relationships").enumerate().map(|(index, value)| {
        let pointer = format!("/product_tree/relationships/{index}");
        let to = reference(value, "relates_to_product_reference", &pointer);
        Path {
            begin: reference(value, "product_reference", &pointer),
            steps: vec![Step { to, is_whole: is_whole(value) }],
            made: value.get("full_product_name"),
            pointer,
        }
    })
}

fn product_paths(root: &Value) -> impl Iterator<Item = Path<'_>> {
    items(root, "product_paths").enumerate().map(|(index, value)| {
        let pointer = format!("/product_tree/product_paths/{index}");
        let steps = items(value, "subpaths").enumerate().map(|(number, step)| Step {
            to: reference(step, "next_product_reference", &format!("{pointer}/subpaths/{number}")),
            is_whole: is_whole(step),
        });
        Path {
            begin: reference(value, "beginning_product_reference", &pointer),
            steps: steps.collect(),
            made: value.get("full_product_name"),
            pointer,
        }
    })
}

impl Path<'_> {
    fn id(&self) -> Option<&str> {
        self.made?.get("product_id")?.as_str()
    }
}

/// Defines the product of one path if everything along it is known; true if that is settled.
fn define(path: &Path<'_>, tree: &mut Tree, report: &mut Report<'_>) -> bool {
    let known = |reference: &Reference<'_>| reference.id.and_then(|id| tree.products.get(id)).cloned();
    let Some(mut product) = known(&path.begin) else { return false };
    let Some(id) = path.id().map(str::to_owned) else { return false };
    let mut platforms = Vec::new();
    for step in &path.steps {
        let Some(next) = known(&step.to) else { return false };
        platforms.push(platform(&next, step.is_whole));
        platforms.extend(next.platforms);
    }
    if platforms.is_empty() {
        return false;
    }
    if product.product.is_none() {
        // The path's own name tells all of it; the component keeps its name.
        let own = Some(product.full_name.clone());
        product.product = own.filter(|name| !name.is_empty() && product.purls.is_empty());
    }
    product.platforms.extend(platforms);
    let pointer = format!("{}/full_product_name", path.pointer);
    if let Some(value) = path.made {
        if let Some(name) = raw(value, "name") {
            name.clone_into(&mut product.full_name);
        }
        if let Some(helper) = value.get("product_identification_helper") {
            let pointer = format!("{pointer}/product_identification_helper");
            identify(helper, &mut product, &pointer, report);
        }
    }
    insert(&id, product, &pointer, tree, report);
    true
}

fn platform(product: &Product, is_whole: bool) -> Platform {
    let named = product.product.clone().filter(|_| product.version.is_none());
    Platform {
        name: product.full_name.clone(),
        vendor: product.vendor.clone(),
        product: named.unwrap_or_else(|| product.full_name.clone()),
        cpes: product.cpes.clone(),
        purl: product.purl().map(str::to_owned),
        is_whole,
    }
}

/// Why a path defines nothing.
fn explain(path: &Path<'_>, made: &[&str], tree: &Tree, report: &mut Report<'_>) {
    let mut explained = false;
    for reference in std::iter::once(&path.begin).chain(path.steps.iter().map(|step| &step.to)) {
        let pointer = format!("{}/{}", reference.pointer, reference.field);
        match reference.id {
            None => report.push(Code::FieldMissing, &reference.pointer, &[("field", reference.field)]),
            Some(id) if tree.products.contains_key(id) => continue,
            Some(id) if made.contains(&id) => report.push(Code::ReferenceCycle, &pointer, &[("value", id)]),
            Some(id) => {
                report.push(Code::ReferenceDangling, &pointer, &[("field", reference.field), ("value", id)]);
            }
        }
        explained = true;
    }
    if !explained {
        let field = if path.steps.is_empty() { "subpaths" } else { "full_product_name" };
        report.push(Code::FieldMissing, &path.pointer, &[("field", field)]);
    }
}
