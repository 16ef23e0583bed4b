//! An answer of matching in the form in which cases take it: each finding with the key of its place.
//!
//! Findings are moved, never copied: an answer may hold hundreds of thousands of them, which share what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shindan_domain::case::grouping::{Matched, component_place};
use shindan_domain::case::refresh::Judged;
use shindan_domain::finding::{CheckResult, Finding};
use shindan_domain::inventory::{Asset, Component, InventoryKind};
use shindan_domain::register::Register;

/// The keys of all assets of an answer; none for those that do not belong to the subject.
#[derive(Debug)]
pub(super) struct Keys {
    /// By input, then by the number of the asset in it.
    by_input: Vec<Vec<Option<Arc<str>>>>,
}

/// Where an entry of an answer stands.
enum At<'k> {
    Asset(&'k Arc<str>),
    NotOurs,
    NoAsset,
}

impl Keys {
    /// Assets of the register have the keys they have there, in its order; `belongs` tells which of them are meant. An asset
    /// of another list has the key of the registered asset of the same number, else one made of what it is called.
    pub fn of(result: &CheckResult, register: &Register, belongs: impl Fn(&str) -> bool) -> Keys {
        let numbers: BTreeMap<&str, &str> = register
            .assets
            .values()
            .filter(|known| !known.asset.asset_id.is_empty())
            .map(|known| (known.asset.asset_id.as_str(), known.key.as_str()))
            .collect();
        let own = |key: &String| belongs(key).then(|| Arc::from(key.as_str()));
        let registered: Vec<Option<Arc<str>>> = register.assets.keys().map(own).collect();
        let by_input = result.inputs.iter().map(|input| match input.kind {
            Some(InventoryKind::Register) => registered.clone(),
            _ => of_list(&input.assets, &numbers),
        });
        Keys { by_input: by_input.collect() }
    }

    fn at(&self, input: usize, component: &Component) -> At<'_> {
        let Some(number) = component.asset else { return At::NoAsset };
        match self.by_input.get(input).and_then(|assets| assets.get(number as usize)) {
            Some(Some(key)) => At::Asset(key),
            Some(None) => At::NotOurs,
            None => At::NoAsset,
        }
    }

    /// The place of a component of an inventory: its asset's key, else the component itself.
    pub fn place(&self, input: usize, component: &Component) -> Arc<str> {
        match self.at(input, component) {
            At::Asset(key) => key.clone(),
            At::NotOurs | At::NoAsset => component_place(component).into(),
        }
    }

    /// True if an entry of the answer is about the subject.
    pub fn is_ours(&self, input: usize, component: &Component) -> bool {
        !matches!(self.at(input, component), At::NotOurs)
    }
}

fn of_list(assets: &[Asset], numbers: &BTreeMap<&str, &str>) -> Vec<Option<Arc<str>>> {
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut keys = Vec::with_capacity(assets.len());
    for (index, asset) in assets.iter().enumerate() {
        let known = numbers.get(asset.asset_id.as_str());
        let key: Arc<str> = match known {
            Some(key) => (*key).into(),
            None => of_unregistered(asset),
        };
        // What is called the same twice is kept apart.
        let key = if seen.contains(&key) { format!("{key}#{}", index + 1).into() } else { key };
        seen.insert(key.clone());
        keys.push(Some(key));
    }
    keys
}

fn of_unregistered(asset: &Asset) -> Arc<str> {
    format!("list:{}", asset.label()).into()
}

/// Findings with their places. Those about assets that do not belong to the subject are left out.
pub(super) fn matched(findings: Vec<Finding>, keys: &Keys) -> Vec<Matched> {
    // Findings of one component share it: its key is made once.
    let mut of_component: BTreeMap<usize, Arc<str>> = BTreeMap::new();
    let mut all = Vec::with_capacity(findings.len());
    for finding in findings {
        let place = match keys.at(finding.input, &finding.component) {
            At::Asset(key) => key.clone(),
            At::NotOurs => continue,
            At::NoAsset => {
                let address = finding.component.address();
                of_component.entry(address).or_insert_with(|| place_without_asset(&finding)).clone()
            }
        };
        all.push(Matched { finding, place });
    }
    all
}

fn place_without_asset(finding: &Finding) -> Arc<str> {
    match &finding.asset {
        Some(asset) => of_unregistered(asset),
        None => component_place(&finding.component).into(),
    }
}

/// What was really judged of the subject.
pub(super) fn judged(result: &CheckResult, knowledge: u64, keys: &Keys) -> Judged {
    let not_ours: Arc<str> = "".into();
    // The domain asks with the asset alone; where an asset stands in memory tells which one it is.
    let mut by_address: BTreeMap<usize, Arc<str>> = BTreeMap::new();
    for (report, of_input) in result.inputs.iter().zip(&keys.by_input) {
        let addresses = report.assets.iter().map(|asset| std::ptr::from_ref(asset).addr());
        let of_input = of_input.iter().map(|key| key.as_ref().unwrap_or(&not_ours).clone());
        by_address.extend(addresses.zip(of_input));
    }
    for doubt in &result.undetermined {
        let Some(asset) = &doubt.asset else { continue };
        let key = match keys.at(doubt.input, &doubt.component) {
            At::Asset(key) => key.clone(),
            At::NotOurs => not_ours.clone(),
            At::NoAsset => of_unregistered(asset),
        };
        by_address.insert(Arc::as_ptr(asset).addr(), key);
    }
    let key = |asset: &Asset| {
        let known = by_address.get(&std::ptr::from_ref(asset).addr());
        known.cloned().unwrap_or_else(|| of_unregistered(asset))
    };
    let mut judged = Judged::of(result, knowledge, key);
    judged.assets.remove(&not_ours);
    judged
}
