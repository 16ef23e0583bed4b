//! Inventories against the index: findings with priority, undetermined, coverage. Pure: time, policy and index are
//! arguments.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::cpe::{Cpe, Relation};
use shindan_domain::finding::{
    Coverage, EcosystemCoverage, Finding, MatchBasis, Undetermined, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, Component, Inventory};
use shindan_domain::priority::{Decision, PathStep};

use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::matcher::{Hit, Judgement, Matcher};

/// Decides the priority of a vulnerability on an asset (or on software without a ledger entry).
pub type Prioritise<'a> =
    dyn Fn(&VulnerabilityFacts, Option<&Asset>) -> (Decision, Vec<PathStep>) + Sync + 'a;

/// The part of a check that follows from one inventory.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What hits.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
    /// How much was covered.
    pub coverage: Coverage,
}

/// Limits a check to some vulnerabilities (`who`), by number in the index.
pub type Only<'a> = Option<&'a [u32]>;

/// Judges every component of an inventory.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn check(
    index: Index<'_>,
    ecosystems: &BTreeMap<String, u64>,
    inventory: &Inventory,
    input: usize,
    prioritise: &Prioritise<'_>,
    only: Only<'_>,
) -> Result<Outcome, IndexError> {
    let mut run = Run {
        index,
        prioritise,
        only,
        input,
        facts: FxHashMap::default(),
        outcome: Outcome::default(),
        methods: BTreeMap::new(),
        counted: FxHashMap::default(),
    };
    let assets: Vec<Arc<Asset>> = inventory.assets.iter().cloned().map(Arc::new).collect();
    let platforms = Platforms::new(inventory);
    let mut matcher = Matcher::new(index, ecosystems);
    for component in &inventory.components {
        let judgement = matcher.judge(component, &|cpe| platforms.present(cpe))?;
        let asset = component.asset.and_then(|n| assets.get(n as usize));
        run.take(component, asset, judgement)?;
    }
    let mut outcome = run.finish(ecosystems);
    outcome.coverage.patched_by_unsettled =
        inventory.assets.iter().filter(|a| a.patched_by.is_none()).count();
    Ok(outcome)
}

/// The CPE names present in an inventory, read once when the first platform condition asks.
struct Platforms<'i> {
    inventory: &'i Inventory,
    names: std::cell::OnceCell<Vec<Cpe>>,
}

impl<'i> Platforms<'i> {
    fn new(inventory: &'i Inventory) -> Self {
        Platforms { inventory, names: std::cell::OnceCell::new() }
    }

    fn present(&self, platform: &str) -> bool {
        let names = self.names.get_or_init(|| {
            let texts = self.inventory.components.iter().filter_map(|c| c.cpe.as_deref());
            texts.filter_map(|t| Cpe::parse(t).ok()).collect()
        });
        Cpe::parse(platform)
            .is_ok_and(|wanted| names.iter().any(|name| wanted.matches(name) != Relation::Disjoint))
    }
}

struct Run<'a, 'p> {
    index: Index<'a>,
    prioritise: &'p Prioritise<'p>,
    only: Only<'p>,
    input: usize,
    facts: FxHashMap<u32, Arc<VulnerabilityFacts>>,
    outcome: Outcome,
    methods: BTreeMap<&'static str, usize>,
    counted: FxHashMap<String, usize>,
}

impl Run<'_, '_> {
    fn take(
        &mut self,
        component: &Component,
        asset: Option<&Arc<Asset>>,
        judgement: Judgement,
    ) -> Result<(), IndexError> {
        let Judgement { mut hits, mut doubts, methods, ecosystem } = judgement;
        self.outcome.coverage.components += 1;
        match self.counted.get_mut(&ecosystem) {
            Some(count) => *count += 1,
            None => {
                self.counted.insert(ecosystem, 1);
            }
        }
        if !methods.is_empty() {
            self.outcome.coverage.judged += 1;
        }
        for method in methods {
            *self.methods.entry(method.as_str()).or_default() += 1;
        }
        if !doubts.is_empty() {
            self.outcome.coverage.undetermined += 1;
        }
        if let Some(only) = self.only {
            hits.retain(|h| only.contains(&h.vulnerability));
            doubts.retain(|d| d.vulnerability.is_none_or(|v| only.contains(&v)));
        }
        if hits.is_empty() && doubts.is_empty() {
            return Ok(());
        }
        let component = Arc::new(component.clone());
        self.findings(&component, asset, hits)?;
        for doubt in doubts {
            let vulnerability = doubt.vulnerability.map(|v| self.facts(v)).transpose()?;
            let advisory = doubt.advisory.map(|a| self.index.advisory_head(a)).transpose()?;
            self.outcome.undetermined.push(Undetermined {
                component: Arc::clone(&component),
                asset: asset.cloned(),
                input: self.input,
                vulnerability,
                advisory: advisory.map(|a| a.id.to_owned()),
                code: doubt.code,
                params: doubt.params,
            });
        }
        Ok(())
    }

    fn facts(&mut self, number: u32) -> Result<Arc<VulnerabilityFacts>, IndexError> {
        if let Some(known) = self.facts.get(&number) {
            return Ok(Arc::clone(known));
        }
        let facts = Arc::new(self.index.vulnerability(number)?);
        self.facts.insert(number, Arc::clone(&facts));
        Ok(facts)
    }

    /// One finding per vulnerability; every way it was found is a basis, the surest first.
    fn findings(
        &mut self,
        component: &Arc<Component>,
        asset: Option<&Arc<Asset>>,
        mut hits: Vec<Hit>,
    ) -> Result<(), IndexError> {
        hits.sort_by(|a, b| {
            (a.vulnerability, b.confidence, a.method, a.advisory).cmp(&(
                b.vulnerability,
                a.confidence,
                b.method,
                b.advisory,
            ))
        });
        for group in hits.chunk_by(|a, b| a.vulnerability == b.vulnerability) {
            let Some(first) = group.first() else { continue };
            let facts = self.facts(first.vulnerability)?;
            let mut bases = Vec::with_capacity(group.len());
            let mut advisories = Vec::new();
            let mut fixed_versions: Vec<String> = Vec::new();
            for hit in group {
                let head = self.index.advisory_head(hit.advisory)?;
                let basis = MatchBasis {
                    method: hit.method,
                    identifier: hit.identifier.clone(),
                    range: hit.range.clone(),
                    advisory: head.id.to_owned(),
                    source: head.source.to_owned(),
                    place: place(head.document, &hit.pointer),
                    confidence: hit.confidence,
                };
                if !bases.contains(&basis) {
                    bases.push(basis);
                }
                advisories.push(head.id.to_owned());
                for version in &hit.fixed_versions {
                    if !fixed_versions.contains(version) {
                        fixed_versions.push(version.clone());
                    }
                }
            }
            advisories.sort();
            advisories.dedup();
            let (priority, path) = (self.prioritise)(&facts, asset.map(Arc::as_ref));
            self.outcome.findings.push(Finding {
                vulnerability: facts,
                advisories,
                component: Arc::clone(component),
                asset: asset.cloned(),
                input: self.input,
                bases,
                fixed_versions,
                priority,
                path,
            });
        }
        Ok(())
    }

    fn finish(self, ecosystems: &BTreeMap<String, u64>) -> Outcome {
        let mut outcome = self.outcome;
        outcome.coverage.by_method = self.methods;
        let mut counted: Vec<(String, usize)> = self.counted.into_iter().collect();
        counted.sort();
        outcome.coverage.ecosystems = counted
            .into_iter()
            .map(|(name, components)| {
                let advisories = ecosystems.get(&name).copied().unwrap_or_default();
                EcosystemCoverage { name, components, advisories }
            })
            .collect();
        outcome
    }
}

/// Document and place inside it, as people and programs read it: `advisories.zip!a.json#/affected/0`.
fn place(document: &str, pointer: &str) -> String {
    if pointer.is_empty() { document.to_owned() } else { format!("{document}#{pointer}") }
}
