//! Inventories against the index: findings with priority, undetermined, coverage. Pure: time, policy and index are
//! arguments.
//!
//! Facts, grounds and decisions repeat across components, so each is made once and shared. A large inventory can be
//! checked in parts, on several cores; [`Outcome::join`] puts the parts together.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::cpe::{Cpe, Relation};
use shindan_domain::finding::{
    Coverage, Decided, EcosystemCoverage, Finding, Grounds, MatchBasis, Undetermined, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, Component, Inventory};
use shindan_domain::priority::Decision;

use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::matcher::{Hit, HitKey, Judgement, Matcher};

/// Decides the priority of a vulnerability on an asset (or on software without a ledger entry).
pub type Prioritise<'a> = dyn Fn(&VulnerabilityFacts, Option<&Asset>) -> Decided + Sync + 'a;

/// The part of a check that follows from one inventory, or from a part of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What hits, by degree of urgency; within one in the order of inventories, components and vulnerabilities.
    findings: BTreeMap<Urgency, Vec<Finding>>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
    /// How much was covered.
    pub coverage: Coverage,
}

/// Limits a check to some vulnerabilities (`who`), by number in the index.
pub type Only<'a> = Option<&'a [u32]>;

/// What a check needs besides the inventory.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The knowledge.
    pub index: Index<'a>,
    /// What it covers ([`Meta::ecosystems`](crate::index::build::Meta)).
    pub ecosystems: &'a BTreeMap<String, u64>,
    /// How priorities are decided.
    pub prioritise: &'a Prioritise<'a>,
    /// Which vulnerabilities are asked about.
    pub only: Only<'a>,
}

/// Judges components `part` of an inventory, which is the `input`-th one of the answer.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn check(
    question: Question<'_>,
    inventory: &Inventory,
    input: usize,
    part: Range<usize>,
) -> Result<Outcome, IndexError> {
    let assets: Vec<Arc<Asset>> = inventory.assets.iter().cloned().map(Arc::new).collect();
    let platforms = Platforms::new(inventory);
    let mut matcher = Matcher::new(question.index, question.ecosystems);
    let mut run = Run::new(question, input);
    for component in inventory.components.get(part).unwrap_or_default() {
        let judgement = matcher.judge(component, &|cpe| platforms.present(cpe))?;
        let asset = component.asset.and_then(|n| assets.get(n as usize));
        run.take(component, asset, judgement)?;
    }
    Ok(run.finish())
}

impl Outcome {
    /// Adds the outcome of another part.
    pub fn join(&mut self, other: Outcome) {
        for (urgency, mut findings) in other.findings {
            self.findings.entry(urgency).or_default().append(&mut findings);
        }
        self.undetermined.extend(other.undetermined);
        let (total, part) = (&mut self.coverage, other.coverage);
        total.components += part.components;
        total.judged += part.judged;
        total.undetermined += part.undetermined;
        total.patched_by_unsettled += part.patched_by_unsettled;
        for (method, count) in part.by_method {
            *total.by_method.entry(method).or_default() += count;
        }
        for EcosystemCoverage { name, components, advisories } in part.ecosystems {
            match total.ecosystems.iter_mut().find(|e| e.name == name) {
                Some(known) => known.components += components,
                None => total.ecosystems.push(EcosystemCoverage { name, components, advisories }),
            }
        }
        total.ecosystems.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The findings, most urgent first; equal ones in the order of inventories, components and vulnerabilities. The
    /// order does not depend on how the inventory was parted.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        let degrees = std::mem::take(&mut self.findings);
        let mut findings = Vec::with_capacity(degrees.values().map(Vec::len).sum());
        findings.extend(degrees.into_values().flatten());
        findings
    }
}

/// There are few degrees of urgency and there may be very many findings, so that findings are kept by degree.
type Urgency = (Decision, bool, Reverse<u8>);

/// Most urgent first; then what is known to be exploited, and the highest score.
fn urgency(finding: &Finding) -> Urgency {
    let facts = finding.vulnerability.as_ref();
    let score = facts.cvss.as_ref().map_or(0, |c| c.score_x10);
    (finding.priority(), facts.kev.is_none(), Reverse(score))
}

/// Windows as such.
const WINDOWS: &str = "cpe:2.3:o:microsoft:windows:*:*:*:*:*:*:*:*";

/// The CPE names present in an inventory, read once when the first platform condition asks.
struct Platforms<'i> {
    inventory: &'i Inventory,
    names: std::cell::OnceCell<Vec<Cpe>>,
}

impl<'i> Platforms<'i> {
    fn new(inventory: &'i Inventory) -> Self {
        Platforms { inventory, names: std::cell::OnceCell::new() }
    }

    /// What runs on a Windows of any line: advisories name it without one.
    fn is_windows(&self, names: &[Cpe]) -> bool {
        let line = |cpe: &Cpe| {
            cpe.vendor().as_literal() == Some("microsoft")
                && cpe.product().as_literal().is_some_and(|product| product.starts_with("windows_"))
        };
        self.inventory.components.iter().any(|component| component.program) || names.iter().any(line)
    }

    fn present(&self, platform: &str) -> bool {
        let names = self.names.get_or_init(|| {
            let texts = self.inventory.components.iter().filter_map(|c| c.cpe.as_deref());
            let mut names: Vec<Cpe> = texts.filter_map(|t| Cpe::parse(t).ok()).collect();
            if self.is_windows(&names) {
                names.extend(Cpe::parse(WINDOWS).ok());
            }
            names
        });
        Cpe::parse(platform)
            .is_ok_and(|wanted| names.iter().any(|name| wanted.matches(name) != Relation::Disjoint))
    }
}

struct Run<'a> {
    question: Question<'a>,
    input: usize,
    facts: FxHashMap<u32, Arc<VulnerabilityFacts>>,
    grounds: FxHashMap<Vec<HitKey>, Arc<Grounds>>,
    /// By vulnerability and address of the asset (0: none).
    decided: FxHashMap<(u32, usize), Arc<Decided>>,
    keys: Vec<HitKey>,
    outcome: Outcome,
    methods: BTreeMap<&'static str, usize>,
    counted: FxHashMap<String, usize>,
}

impl<'a> Run<'a> {
    fn new(question: Question<'a>, input: usize) -> Self {
        Run {
            question,
            input,
            facts: FxHashMap::default(),
            grounds: FxHashMap::default(),
            decided: FxHashMap::default(),
            keys: Vec::new(),
            outcome: Outcome::default(),
            methods: BTreeMap::new(),
            counted: FxHashMap::default(),
        }
    }

    fn take(
        &mut self,
        component: &Component,
        asset: Option<&Arc<Asset>>,
        judgement: Judgement<'a>,
    ) -> Result<(), IndexError> {
        let Judgement { mut hits, mut doubts, methods, ecosystem } = judgement;
        let coverage = &mut self.outcome.coverage;
        coverage.components += 1;
        coverage.judged += usize::from(!methods.is_empty());
        coverage.undetermined += usize::from(!doubts.is_empty());
        coverage.patched_by_unsettled += usize::from(asset.is_some_and(|a| a.patched_by.is_none()));
        for method in methods {
            *self.methods.entry(method.as_str()).or_default() += 1;
        }
        match self.counted.get_mut(&ecosystem) {
            Some(count) => *count += 1,
            None => {
                self.counted.insert(ecosystem, 1);
            }
        }
        if let Some(only) = self.question.only {
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
            let advisory = doubt.advisory.map(|a| self.question.index.advisory_head(a)).transpose()?;
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

    /// One finding per vulnerability; every way it was found is a basis, the surest first.
    fn findings(
        &mut self,
        component: &Arc<Component>,
        asset: Option<&Arc<Asset>>,
        mut hits: Vec<Hit<'a>>,
    ) -> Result<(), IndexError> {
        hits.sort_unstable_by_key(|hit| (hit.vulnerability, hit.key));
        for group in hits.chunk_by(|a, b| a.vulnerability == b.vulnerability) {
            let Some(first) = group.first() else { continue };
            let facts = self.facts(first.vulnerability)?;
            let finding = Finding {
                decided: self.decided(first.vulnerability, &facts, asset),
                grounds: self.grounds(group)?,
                vulnerability: facts,
                component: Arc::clone(component),
                asset: asset.cloned(),
                input: self.input,
            };
            self.outcome.findings.entry(urgency(&finding)).or_default().push(finding);
        }
        Ok(())
    }

    fn facts(&mut self, number: u32) -> Result<Arc<VulnerabilityFacts>, IndexError> {
        if let Some(known) = self.facts.get(&number) {
            return Ok(Arc::clone(known));
        }
        let facts = Arc::new(self.question.index.vulnerability(number)?);
        self.facts.insert(number, Arc::clone(&facts));
        Ok(facts)
    }

    fn decided(
        &mut self,
        number: u32,
        facts: &VulnerabilityFacts,
        asset: Option<&Arc<Asset>>,
    ) -> Arc<Decided> {
        let address = asset.map_or(0, |a| Arc::as_ptr(a) as usize);
        let decided = self.decided.entry((number, address));
        let make = || Arc::new((self.question.prioritise)(facts, asset.map(Arc::as_ref)));
        Arc::clone(decided.or_insert_with(make))
    }

    fn grounds(&mut self, group: &[Hit<'a>]) -> Result<Arc<Grounds>, IndexError> {
        self.keys.clear();
        self.keys.extend(group.iter().map(|hit| hit.key));
        if let Some(known) = self.grounds.get(&self.keys) {
            return Ok(Arc::clone(known));
        }
        let mut grounds = Grounds::default();
        for hit in group {
            let head = self.question.index.advisory_head(hit.key.advisory)?;
            let particulars = hit.reader.read(hit.key.interval.map(|n| n as usize))?;
            let basis = MatchBasis {
                method: hit.key.method,
                identifier: particulars.identifier.to_owned(),
                range: if particulars.range.is_empty() { "*" } else { particulars.range }.to_owned(),
                advisory: head.id.to_owned(),
                source: head.source.to_owned(),
                place: place(head.document, particulars.pointer),
                confidence: hit.key.confidence.0,
            };
            if !grounds.bases.contains(&basis) {
                grounds.bases.push(basis);
            }
            grounds.advisories.push(head.id.to_owned());
            for version in particulars.fixed_versions {
                if !grounds.fixed_versions.iter().any(|known| known == version) {
                    grounds.fixed_versions.push(version.to_owned());
                }
            }
        }
        grounds.advisories.sort();
        grounds.advisories.dedup();
        let grounds = Arc::new(grounds);
        self.grounds.insert(self.keys.clone(), Arc::clone(&grounds));
        Ok(grounds)
    }

    fn finish(self) -> Outcome {
        let mut outcome = self.outcome;
        outcome.coverage.by_method = self.methods;
        let mut counted: Vec<(String, usize)> = self.counted.into_iter().collect();
        counted.sort();
        outcome.coverage.ecosystems = counted
            .into_iter()
            .map(|(name, components)| {
                let advisories = self.question.ecosystems.get(&name).copied().unwrap_or_default();
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
