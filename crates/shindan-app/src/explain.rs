//! Use case `check --explain`: why the answer about one component is what it is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use shindan_domain::explanation::Explanation;
use shindan_domain::finding::{CheckResult, VulnerabilityFacts};
use shindan_domain::inventory::{Asset, Component, Inventory};
use shindan_domain::purl::Purl;
use shindan_match::check::Question;
use shindan_match::explain::{Explained, explain};

use crate::check::{self, CheckOptions, InputRead};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::records::collect::remarks::remarks;
use crate::{clock, embedded, register};

/// The explanation, and whether all inputs could be read.
#[derive(Debug)]
pub struct ExplainedAnswer {
    /// The explanation.
    pub explanation: Explanation,
    /// True if some input, or a part of it, could not be read.
    pub unreadable: bool,
    /// True if the knowledge is older than allowed.
    pub stale: bool,
}

/// So many names are offered where nothing has the name asked for.
const OFFERED: usize = 10;
/// So many letters may differ in a name that is offered.
const DIFFERENT_LETTERS: usize = 2;

/// Explains every component that has this name, package URL, model or asset number, in any case.
///
/// # Errors
/// As [`check::check`], or [`AppError::NoSuchComponent`].
pub fn run(
    folder: &DataFolder,
    paths: &[PathBuf],
    name: &str,
    options: &CheckOptions,
) -> Result<ExplainedAnswer, AppError> {
    let mapped = folder.map()?;
    let (index, meta) = mapped.open()?;
    let (inputs, passed_over) = check::inputs(folder, paths, options)?;
    let prepared = check::prepare(&inputs, &index).map_err(|e| mapped.error(e))?;
    let prioritisation = embedded::prioritisation()?;
    let prioritise =
        |facts: &VulnerabilityFacts, asset: Option<&Asset>| check::prioritise(&prioritisation, facts, asset);
    let (confirmed, unusable) = register::confirmed(folder, &mapped, &index)?;
    let question = Question {
        index,
        ecosystems: &meta.ecosystems,
        prioritise: &prioritise,
        only: None,
        confirmed: &confirmed,
        today: clock::day_in_japan(options.now),
    };
    let mut components = Vec::new();
    for (number, inventory) in &prepared {
        let which = named(inventory.inventory(), name);
        components.extend(explain(question, inventory, *number, &which).map_err(|e| mapped.error(e))?);
    }
    if components.is_empty() {
        let near = near(inputs.iter().filter_map(|input| input.inventory.as_ref().ok()), name);
        let unreadable = inputs.iter().filter_map(|input| input.inventory.as_ref().err());
        let diagnostics = unreadable.flatten().cloned().collect();
        return Err(AppError::NoSuchComponent { name: name.to_owned(), near, diagnostics });
    }
    let mut result = CheckResult {
        as_of: options.now,
        knowledge: meta.summary,
        inputs: inputs.into_iter().map(InputRead::report).collect(),
        findings: Vec::new(),
        not_affected: Vec::new(),
        undetermined: Vec::new(),
        coverage: Default::default(),
        remarks: passed_over.into_iter().chain(unusable).chain(remarks(folder, options.now)).collect(),
    };
    let stale = check::remark_on_age(&mut result, options);
    let unreadable = check::is_unreadable(&result);
    let CheckResult { as_of, knowledge, inputs, remarks, .. } = result;
    let explanation = Explanation { as_of, asked: name.to_owned(), knowledge, inputs, components, remarks };
    Ok(ExplainedAnswer { explanation, unreadable, stale })
}

/// What of the inventory has this name.
fn named(inventory: &Inventory, name: &str) -> Vec<Explained> {
    let wanted = name.trim().to_lowercase();
    let has =
        |component: &Component| names(inventory, component).any(|name| name.trim().to_lowercase() == wanted);
    let components = inventory.components.iter().enumerate();
    let mut which: Vec<Explained> = components
        .filter(|(_, component)| has(component))
        .map(|(number, _)| Explained::Component(number))
        .collect();
    if let Some(whole) = inventory.about.as_deref() {
        let listed = inventory.components.iter().any(|c| c.pointer == whole.pointer && c.name == whole.name);
        if !listed && has(whole) {
            which.push(Explained::Whole);
        }
    }
    which
}

/// Everything by which a component may be asked for.
fn names<'i>(inventory: &'i Inventory, component: &'i Component) -> impl Iterator<Item = String> + use<'i> {
    let asset = component.asset.and_then(|number| inventory.assets.get(number as usize));
    let purl = component.purl.as_deref();
    let plain = purl.and_then(|text| Purl::parse(text).ok()).map(|purl| {
        let namespace = purl.namespace().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("pkg:{}/{namespace}{}", purl.kind(), purl.name())
    });
    let stated = [
        Some(component.name.as_str()),
        purl,
        component.model.as_deref(),
        asset.map(|asset| asset.asset_id.as_str()),
    ];
    stated.into_iter().flatten().map(str::to_owned).chain(plain).filter(|name| !name.trim().is_empty())
}

/// Names that contain the one asked for, or differ from it in a few letters.
fn near<'i>(inventories: impl Iterator<Item = &'i Inventory>, name: &str) -> Vec<String> {
    let wanted: Vec<char> = name.trim().to_lowercase().chars().collect();
    let text: String = wanted.iter().collect();
    let mut found: BTreeSet<(usize, String)> = BTreeSet::new();
    for inventory in inventories {
        for component in inventory.components.iter().chain(inventory.about.as_deref()) {
            for name in names(inventory, component) {
                let other = name.trim().to_lowercase();
                let distance = if text.chars().count() > 2 && (other.contains(&text) || text.contains(&other))
                {
                    Some(0)
                } else {
                    distance(&wanted, &other.chars().collect::<Vec<_>>())
                };
                if let Some(distance) = distance {
                    found.insert((distance, name));
                    // The farthest is let go: a large inventory must not fill the memory with names.
                    if found.len() > OFFERED {
                        found.pop_last();
                    }
                }
            }
        }
    }
    found.into_iter().map(|(_, name)| name).collect()
}

/// How many letters differ (Levenshtein); `None` if more than a few do, or if the names are too short to compare.
fn distance(a: &[char], b: &[char]) -> Option<usize> {
    if a.len().abs_diff(b.len()) > DIFFERENT_LETTERS || a.len().min(b.len()) <= DIFFERENT_LETTERS {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut least = left;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            let here = (diagonal + usize::from(x != y)).min(above + 1).min(left + 1);
            (diagonal, left, *cell) = (above, here, here);
            least = least.min(here);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        if least > DIFFERENT_LETTERS {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= DIFFERENT_LETTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shindan_domain::inventory::InventoryKind;

    fn inventory(names: &[&str]) -> Inventory {
        let component = |name: &&str| Component { name: (*name).to_owned(), ..Component::default() };
        Inventory {
            path: "x".to_owned(),
            kind: InventoryKind::CyclonedxJson,
            subject: None,
            about: None,
            components: names.iter().map(component).collect(),
            assets: vec![Asset { asset_id: "NW-001".to_owned(), ..Asset::default() }],
            opinions: vec![],
            diagnostics: vec![],
        }
    }

    #[test]
    fn letters_that_differ() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let d = |a: &str, b: &str| distance(&chars(a), &chars(b));
        assert_eq!(d("openssl", "opensssl"), Some(1));
        assert_eq!(d("openssl", "openssl"), Some(0));
        assert_eq!(d("openssl", "opnesll"), None, "three");
        assert_eq!(d("kitten", "sitten"), Some(1));
        assert_eq!(d("flaw", "lawn"), Some(2));
        assert_eq!(d("ab", "ac"), None, "too short");
        assert_eq!(d("電子カルテ", "電子カルト"), Some(1));
    }

    #[test]
    fn a_component_has_several_names() {
        let mut inventory = inventory(&["OpenSSL", "Acme Pump", "openssl"]);
        inventory.components[0].purl = Some("pkg:deb/debian/openssl@3.0.7-1?distro=debian-12".to_owned());
        inventory.components[1].model = Some("Pump".to_owned());
        inventory.components[1].asset = Some(0);
        let numbers = |name: &str| named(&inventory, name);
        assert_eq!(numbers(" OPENSSL "), [Explained::Component(0), Explained::Component(2)]);
        for name in ["pkg:deb/debian/openssl", "PKG:deb/debian/openssl@3.0.7-1?distro=debian-12"] {
            assert_eq!(numbers(name), [Explained::Component(0)], "{name}");
        }
        for name in ["pump", "nw-001", "acme pump"] {
            assert_eq!(numbers(name), [Explained::Component(1)], "{name}");
        }
        assert!(numbers("ssl").is_empty());
        inventory.about = Some(Box::new(Component { name: "Portal".to_owned(), ..Component::default() }));
        assert_eq!(named(&inventory, "portal"), [Explained::Whole]);
    }

    #[test]
    fn near_names_are_few_and_the_nearest() {
        let names = ["openssl", "openssl-libs", "libopenssl3", "opensssh", "zlib", "opensaml"];
        let inventory = inventory(&names);
        assert_eq!(near([&inventory].into_iter(), "opensssl"), ["openssl", "opensssh", "opensaml"]);
        let contained = near([&inventory].into_iter(), "OpenSSL");
        assert_eq!(contained, ["libopenssl3", "openssl", "openssl-libs", "opensaml", "opensssh"]);
        assert!(near([&inventory].into_iter(), "x").is_empty());
    }
}
