//! Which findings belong to one decision: those of one subject that share a remediation.
//!
//! In this order: the same update (KB), the same fixed versions of the same component, the same bulletin, and else the
//! vulnerability. Pure, and independent of the order of the findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::found::{FoundPlace, Remediation, RemediationKind, VulnerabilityFact};
use crate::finding::Finding;
use crate::identifier::{Family, family};
use crate::inventory::{Asset, Component};
use crate::priority::Decision;

/// What keys of places without an asset begin with.
pub const COMPONENT_PLACE: &str = "component:";

/// A finding with the key of its place. Cheap to make: a [`Finding`] shares what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// What matching found.
    pub finding: Finding,
    /// The asset's key in the register, or [`component_place`] where there is none.
    pub place: Arc<str>,
}

impl Matched {
    /// Gives a finding the key of its place. `asset_key`: how the register knows an asset.
    pub fn new(finding: Finding, asset_key: impl Fn(&Asset) -> Arc<str>) -> Self {
        let place = match &finding.asset {
            Some(asset) => asset_key(asset),
            None => component_place(&finding.component).into(),
        };
        Matched { finding, place }
    }
}

/// The component without its version: `npm/lodash`, `deb/debian/openssl`; the name where there is no package URL.
pub fn component_name(component: &Component) -> String {
    let Some(purl) = &component.purl else { return component.name.clone() };
    let purl = purl.strip_prefix("pkg:").unwrap_or(purl);
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let purl = purl.get(..end).unwrap_or(purl);
    let last = purl.rfind('/').map_or(0, |slash| slash + 1);
    match purl.get(last..).and_then(|name| name.find('@')) {
        // An `@` at the very beginning is the scope of a package that was not encoded.
        Some(at) if at > 0 => purl.get(..last + at).unwrap_or(purl).to_owned(),
        _ => purl.to_owned(),
    }
}

/// Key of a place that is a component and no asset. It does not depend on the version, so that a decision survives a new
/// version of the system.
pub fn component_place(component: &Component) -> String {
    format!("{COMPONENT_PLACE}{}", component_name(component))
}

/// True for `KB5034122`.
fn is_update(text: &str) -> bool {
    text.len() > 2
        && text.get(..2).is_some_and(|kb| kb.eq_ignore_ascii_case("KB"))
        && text.bytes().skip(2).all(|byte| byte.is_ascii_digit())
}

/// By what a finding belongs to others.
pub fn remediation(finding: &Finding) -> Remediation {
    let grounds = &finding.grounds;
    let component = component_name(&finding.component);
    if let Some(update) = grounds.fixed_versions.iter().filter(|text| is_update(text)).min() {
        return Remediation { kind: RemediationKind::Update, component: None, target: update.to_uppercase() };
    }
    if !grounds.fixed_versions.is_empty() {
        let mut fixes: Vec<&str> = grounds.fixed_versions.iter().map(String::as_str).collect();
        fixes.sort_unstable();
        fixes.dedup();
        let kind = RemediationKind::FixedVersion;
        return Remediation { kind, component: Some(component), target: fixes.join(", ") };
    }
    let bulletins = grounds.advisories.iter().filter(|id| family(id) == Family::Document);
    match bulletins.min() {
        Some(bulletin) => Remediation {
            kind: RemediationKind::Advisory,
            component: Some(component),
            target: bulletin.clone(),
        },
        None => Remediation {
            kind: RemediationKind::Vulnerability,
            component: Some(component),
            target: finding.vulnerability.id.clone(),
        },
    }
}

/// Findings that belong to one decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Vulnerabilities by identifier.
    pub vulnerabilities: BTreeMap<String, VulnerabilityFact>,
    /// Places by key.
    pub places: BTreeMap<String, FoundPlace>,
}

impl Group {
    /// Adds a finding; the vulnerability is called `id`.
    pub fn add(&mut self, matched: &Matched, id: &str) {
        let finding = &matched.finding;
        let fact = match self.vulnerabilities.get_mut(id) {
            Some(fact) => fact,
            None => self
                .vulnerabilities
                .entry(id.to_owned())
                .or_insert_with(|| VulnerabilityFact::of(&finding.vulnerability)),
        };
        for (known, found) in [
            (&mut fact.fixed_versions, &finding.grounds.fixed_versions),
            (&mut fact.advisories, &finding.grounds.advisories),
        ] {
            for text in found.iter().filter(|text| !known.contains(*text)).collect::<Vec<_>>() {
                known.insert(text.clone());
            }
        }
        let place = match self.places.get_mut(&*matched.place) {
            Some(place) => place,
            None => self.places.entry(matched.place.to_string()).or_insert_with(|| empty_place(finding)),
        };
        place.priority = place.priority.min(finding.priority());
        if !place.vulnerabilities.contains(id) {
            place.vulnerabilities.insert(id.to_owned());
        }
        let versions = place.components.entry(component_name(&finding.component)).or_default();
        if let Some(version) = &finding.component.version
            && !versions.contains(version)
        {
            versions.insert(version.clone());
        }
    }

    /// The most urgent priority; *defer* for no finding.
    pub fn priority(&self) -> Decision {
        self.places.values().map(|place| place.priority).min().unwrap_or(Decision::Defer)
    }
}

fn empty_place(finding: &Finding) -> FoundPlace {
    let asset = finding.asset.as_ref().map(|asset| asset.label()).filter(|label| !label.is_empty());
    FoundPlace {
        label: asset.map_or_else(|| component_name(&finding.component), str::to_owned),
        components: BTreeMap::new(),
        vulnerabilities: Default::default(),
        priority: Decision::Defer,
    }
}

/// Groups findings by remediation. Findings of priority *defer* are grouped like others; who opens cases leaves them out.
pub fn group<'a>(findings: impl IntoIterator<Item = &'a Matched>) -> BTreeMap<Remediation, Group> {
    let mut groups: BTreeMap<Remediation, Group> = BTreeMap::new();
    for matched in findings {
        let group = groups.entry(remediation(&matched.finding)).or_default();
        group.add(matched, &matched.finding.vulnerability.id);
    }
    groups
}
