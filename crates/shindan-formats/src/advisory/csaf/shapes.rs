//! Shapes of makers' documents that the specification does not allow and whose meaning is plain all the same. They are
//! brought into the specified shape before anything else is read, and each is reported.
//!
//! - Fortinet (2025): `vulnerabilities` is a list of lists.
//! - Palo Alto Networks (2025): the name of a version range repeats the product (`vers:generic/PAN-OS<10.2.5`); one
//!   product id is defined twice, as `<10.2.5` and as `>=10.2.5`, and stands under `known_affected` as well as under
//!   `fixed`; and each release series has such a pair without its other end, so that the pairs contradict each other
//!   (10.2.6 is "fixed" by the pair of 10.2 and "affected" by that of 11.0).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::diagnostic::Code;

use super::tree::Report;
use crate::advisory::walk::text;

/// Appended to the id of the second product of a pair.
const FIXED: &str = " (fixed)";

/// Brings `document` into the specified shape where it has one of the shapes above.
pub(super) fn mend(document: &mut Value, report: &mut Report<'_>) {
    flatten_vulnerabilities(document, report);
    let mut renamed = BTreeSet::new();
    if let Some(tree) = document.get_mut("product_tree") {
        mend_branches(tree, "/product_tree", &mut renamed, report);
    }
    if !renamed.is_empty() {
        rename_in_status(document, &renamed);
    }
}

fn flatten_vulnerabilities(document: &mut Value, report: &mut Report<'_>) {
    let Some(list) = document.get_mut("vulnerabilities").and_then(Value::as_array_mut) else { return };
    if !list.iter().any(Value::is_array) {
        return;
    }
    let mut flat = Vec::with_capacity(list.len());
    for (index, entry) in std::mem::take(list).into_iter().enumerate() {
        match entry {
            Value::Array(inner) => {
                let pointer = format!("/vulnerabilities/{index}");
                tolerate(&pointer, "vulnerabilities", "[[…]]", "[…]", report);
                flat.extend(inner);
            }
            other => flat.push(other),
        }
    }
    *list = flat;
}

fn tolerate(pointer: &str, field: &str, value: &str, expected: &str, report: &mut Report<'_>) {
    report.push(Code::FieldTolerated, pointer, &[("field", field), ("value", value), ("expected", expected)]);
}

/// Looks for ranges that repeat the product, below every branch. The depth is limited by the JSON reader.
fn mend_branches(parent: &mut Value, pointer: &str, renamed: &mut BTreeSet<String>, report: &mut Report<'_>) {
    let product = text(parent, "name").map(str::to_owned);
    let Some(list) = parent.get_mut("branches").and_then(Value::as_array_mut) else { return };
    let pointer = format!("{pointer}/branches");
    if let Some(product) = product {
        mend_ranges(list, &product, &pointer, renamed, report);
    }
    for (index, branch) in list.iter_mut().enumerate() {
        mend_branches(branch, &format!("{pointer}/{index}"), renamed, report);
    }
}

/// One branch whose name is a bound of the product.
struct Bounded {
    index: usize,
    id: String,
    sign: &'static str,
    version: String,
}

fn mend_ranges(
    list: &mut [Value],
    product: &str,
    pointer: &str,
    renamed: &mut BTreeSet<String>,
    report: &mut Report<'_>,
) {
    let bounded: Vec<Bounded> =
        list.iter().enumerate().filter_map(|(index, branch)| bound(index, branch, product)).collect();
    let pairs = pairs(&bounded);
    for entry in &bounded {
        let Some(branch) = list.get_mut(entry.index) else { continue };
        let range = match pairs.get(entry.id.as_str()) {
            Some(pair) => pair.range(entry),
            None => format!("{}{}", entry.sign, entry.version),
        };
        let name = format!("vers:generic/{range}");
        let pointer = format!("{pointer}/{}", entry.index);
        tolerate(&pointer, "name", text(branch, "name").unwrap_or_default(), &name, report);
        if let Some(field) = branch.get_mut("name") {
            *field = Value::String(name);
        }
        if entry.sign == ">=" && pairs.contains_key(entry.id.as_str()) {
            report.push(
                Code::DuplicateIdentifier,
                &pointer,
                &[("field", "product_id"), ("value", &entry.id)],
            );
            if let Some(id) = branch.get_mut("product").and_then(|product| product.get_mut("product_id")) {
                *id = Value::String(format!("{}{FIXED}", entry.id));
            }
            renamed.insert(entry.id.clone());
        }
    }
}

/// `vers:generic/PAN-OS<10.2.5` below `PAN-OS`.
fn bound(index: usize, branch: &Value, product: &str) -> Option<Bounded> {
    let rest = text(branch, "name")?.strip_prefix("vers:generic/")?.strip_prefix(product)?;
    let sign = [">=", "<=", "<", ">"].into_iter().find(|sign| rest.starts_with(sign))?;
    let version = rest.strip_prefix(sign)?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if version.is_empty() || !version.chars().all(plain) {
        return None;
    }
    let id = branch.get("product")?.get("product_id")?.as_str()?;
    Some(Bounded { index, id: id.to_owned(), sign, version: version.to_owned() })
}

/// The two ends of a pair: where its release series begins, and where the next one does.
struct Pair {
    start: Option<String>,
    end: Option<String>,
}

impl Pair {
    fn range(&self, entry: &Bounded) -> String {
        let bound = format!("{}{}", entry.sign, entry.version);
        match (entry.sign, &self.start, &self.end) {
            ("<", Some(start), _) => format!(">={start}|{bound}"),
            (">=", _, Some(end)) => format!("{bound}|<{end}"),
            _ => bound,
        }
    }
}

/// The ids that are defined as `<X` and as `>=X`, with the ends of their series: of several pairs each speaks of its own
/// series (the first two numbers). The oldest pair keeps everything below, the newest everything above. Two pairs of one
/// series, or a version without two numbers, tell nothing: then the pairs stay without ends.
fn pairs(bounded: &[Bounded]) -> BTreeMap<&str, Pair> {
    let mut found: Vec<(&str, Option<(u64, u64)>)> = Vec::new();
    for entry in bounded.iter().filter(|entry| entry.sign == "<") {
        let other = |o: &&Bounded| o.sign == ">=" && o.id == entry.id && o.version == entry.version;
        if bounded.iter().find(other).is_some() {
            found.push((&entry.id, series(&entry.version)));
        }
    }
    let mut order: Vec<(u64, u64)> = found.iter().filter_map(|(_, series)| *series).collect();
    order.sort_unstable();
    order.dedup();
    let told = order.len() == found.len();
    let dotted = |(major, minor): &(u64, u64)| format!("{major}.{minor}");
    let mut out = BTreeMap::new();
    for (id, series) in found {
        let place = series.filter(|_| told).and_then(|series| order.binary_search(&series).ok());
        let start = place.filter(|at| *at > 0).and_then(|at| order.get(at)).map(dotted);
        let end = place.and_then(|at| order.get(at + 1)).map(dotted);
        out.insert(id, Pair { start, end });
    }
    out
}

/// `10.2` of `10.2.5` and of `10.2.5-h3`.
fn series(version: &str) -> Option<(u64, u64)> {
    let mut numbers = version.split('.').map(|part| part.parse::<u64>().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Under `fixed` the second product of a pair is meant.
fn rename_in_status(document: &mut Value, renamed: &BTreeSet<String>) {
    let list = document.get_mut("vulnerabilities").and_then(Value::as_array_mut);
    for vulnerability in list.into_iter().flatten() {
        let fixed = vulnerability.get_mut("product_status").and_then(|status| status.get_mut("fixed"));
        for id in fixed.and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::String(text) = id
                && renamed.contains(text.as_str())
            {
                text.push_str(FIXED);
            }
        }
    }
}
