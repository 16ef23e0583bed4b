//! Inventories against the index: findings with priority, undetermined, coverage. Pure: time, policy and index are
//! arguments.
//!
//! Facts, grounds and decisions repeat across components, so each is made once and shared. A large inventory can be
//! checked in parts, on several cores; [`Outcome::join`] puts the parts together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use shindan_domain::advisory::Status;
use shindan_domain::diagnostic::{Code, Diagnostic, Params};
use shindan_domain::finding::{
    Coverage, Decided, EcosystemCoverage, Finding, Grounds, MatchBasis, NotAffected, Undetermined,
    VexOpinion, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, Component, Inventory, SharedComponent};
use shindan_domain::priority::Decision;

use crate::confirmed::ConfirmedIdentities;
use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::known::Known;
use crate::matcher::{Clearing, Hit, HitKey, Judgement, Matcher, Surroundings, Turned};
use crate::prepared::Prepared;

mod ends;
mod told;

pub(crate) use ends::DatedAssets;
pub(crate) use told::Told;

/// Decides the priority of a vulnerability on an asset (or on software without a ledger entry).
pub type Prioritise<'a> = dyn Fn(&VulnerabilityFacts, Option<&Asset>) -> Decided + Sync + 'a;

/// The part of a check that follows from one inventory, or from a part of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What hits, by degree of urgency; within one in the order of inventories, components and vulnerabilities.
    findings: ByUrgency<Finding>,
    /// What would hit, in the same order.
    not_affected: ByUrgency<NotAffected>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
    /// How much was covered.
    pub coverage: Coverage,
    /// What is worth knowing about an input, with its number: support that ends soon.
    pub notes: Vec<(usize, Diagnostic)>,
}

/// Limits a check to some vulnerabilities (`who`).
pub type Only<'a> = Option<&'a OneVulnerability>;

/// What an identifier stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneVulnerability {
    /// Any identifier, in any case. What only an inventory states is known by it.
    pub identifier: String,
    /// Numbers in the index; empty if it does not know the identifier.
    pub numbers: Vec<u32>,
}

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
    /// What a person said about makers and models.
    pub confirmed: &'a ConfirmedIdentities,
    /// The day the answer holds for: what has no support on it is a finding.
    pub today: Date,
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
    Judge::new(question, &Prepared::new(inventory, &question.index)?, input)?.part(part)
}

/// Judges one inventory part by part, and keeps what the parts have in common: facts, grounds, decisions.
pub struct Judge<'a> {
    prepared: &'a Prepared<'a>,
    surroundings: Surroundings<'a>,
    matcher: Matcher<'a>,
    run: Run<'a>,
    dated: DatedAssets,
    /// What is said of the inventory's subject, until the first part was judged.
    of_the_whole: Option<Judgement<'a>>,
}

impl<'a> Judge<'a> {
    /// For an inventory that is the `input`-th one of the answer.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn new(question: Question<'a>, prepared: &'a Prepared<'a>, input: usize) -> Result<Self, IndexError> {
        let (known, inventory) = (prepared.known(question.index), prepared.inventory());
        let surroundings = Surroundings::new(inventory);
        let mut matcher = Matcher::new(known, question.ecosystems).with_confirmed(question.confirmed);
        let whole = inventory.about.as_deref();
        let of_the_whole = whole.map(|whole| matcher.judge_whole(whole, &surroundings)).transpose()?;
        let run = Run::new(question, known, inventory, input);
        Ok(Judge { prepared, surroundings, matcher, run, dated: DatedAssets::of(inventory), of_the_whole })
    }

    /// Judges components `part`. The first part also tells what is said of the inventory's subject.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn part(&mut self, part: Range<usize>) -> Result<Outcome, IndexError> {
        let Judge { prepared, surroundings, matcher, run, dated, of_the_whole } = self;
        let inventory = prepared.inventory();
        if part.start == 0 {
            run.outcome.coverage.patched_by_unsettled = prepared.unsettled_assets();
            run.support_of_lone_assets(dated, prepared.assets());
            if let (Some(judgement), Some(whole)) = (of_the_whole.take(), prepared.unlisted_whole()) {
                run.tell(&Concerned::alone(whole), None, judgement)?;
            }
        }
        inventory.components.visit(part, |position, component| {
            let judgement = matcher.judge(component, surroundings)?;
            let asset = prepared.asset(component);
            run.take(&Concerned::listed(component, inventory, position), asset, judgement)?;
            run.support_at(dated, position, component, asset);
            Ok::<(), IndexError>(())
        })?;
        Ok(run.outcome())
    }
}

impl Outcome {
    /// Adds the outcome of another part.
    pub fn join(&mut self, other: Outcome) {
        self.findings.0.extend(other.findings.0);
        self.not_affected.0.extend(other.not_affected.0);
        self.undetermined.extend(other.undetermined);
        self.notes.extend(other.notes);
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
        std::mem::take(&mut self.findings).in_order()
    }

    /// What would hit and is denied by somebody who knows the product, in the order of findings.
    pub fn take_not_affected(&mut self) -> Vec<NotAffected> {
        std::mem::take(&mut self.not_affected).in_order()
    }
}

/// By degree of urgency, of each part of an inventory one behind the other: what there may be very much of is moved only once.
#[derive(Debug)]
struct ByUrgency<T>(Vec<BTreeMap<Urgency, Vec<T>>>);

impl<T> Default for ByUrgency<T> {
    fn default() -> Self {
        ByUrgency(Vec::new())
    }
}

impl<T> ByUrgency<T> {
    fn push(&mut self, urgency: Urgency, one: T) {
        if self.0.is_empty() {
            self.0.push(BTreeMap::new());
        }
        if let Some(part) = self.0.last_mut() {
            part.entry(urgency).or_default().push(one);
        }
    }

    /// The most urgent first; within a degree in the order of the parts.
    fn in_order(mut self) -> Vec<T> {
        let degrees: BTreeSet<Urgency> = self.0.iter().flat_map(BTreeMap::keys).copied().collect();
        let mut all = Vec::with_capacity(self.0.iter().flat_map(BTreeMap::values).map(Vec::len).sum());
        for degree in degrees {
            for part in &mut self.0 {
                all.append(&mut part.remove(&degree).unwrap_or_default());
            }
        }
        all
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

/// A component that something is told about, and the list from which an answer can share it.
pub(crate) struct Concerned<'c> {
    component: &'c Component,
    listed: Option<(&'c Inventory, usize)>,
}

impl<'c> Concerned<'c> {
    /// The component of this number in the list of `inventory`.
    pub(crate) fn listed(component: &'c Component, inventory: &'c Inventory, number: usize) -> Self {
        Concerned { component, listed: Some((inventory, number)) }
    }

    /// One that is in no list.
    pub(crate) fn alone(component: &'c Component) -> Self {
        Concerned { component, listed: None }
    }

    /// The component.
    pub(crate) fn component(&self) -> &'c Component {
        self.component
    }

    /// The same, for an answer.
    pub(crate) fn shared(&self) -> SharedComponent {
        let listed = self.listed.and_then(|(inventory, number)| inventory.components.share(number));
        listed.unwrap_or_else(|| self.component.clone().into())
    }
}

pub(crate) struct Run<'a> {
    question: Question<'a>,
    known: Known<'a>,
    inventory: &'a Inventory,
    input: usize,
    /// Which vulnerabilities are asked about, those that only the inventory knows included.
    only: Option<Vec<u32>>,
    facts: FxHashMap<u32, Arc<VulnerabilityFacts>>,
    grounds: FxHashMap<Vec<HitKey>, Arc<Grounds>>,
    /// Number of each vulnerability that was looked up by its id.
    numbers: FxHashMap<String, u32>,
    /// By vulnerability and address of the asset (0: none).
    decided: FxHashMap<(u32, usize), Arc<Decided>>,
    keys: Vec<HitKey>,
    outcome: Outcome,
    methods: BTreeMap<&'static str, usize>,
    counted: FxHashMap<String, usize>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        question: Question<'a>,
        known: Known<'a>,
        inventory: &'a Inventory,
        input: usize,
    ) -> Self {
        Run {
            question,
            known,
            inventory,
            input,
            only: question.only.map(|only| known.all(only)),
            facts: FxHashMap::default(),
            grounds: FxHashMap::default(),
            numbers: FxHashMap::default(),
            decided: FxHashMap::default(),
            keys: Vec::new(),
            outcome: Outcome::default(),
            methods: BTreeMap::new(),
            counted: FxHashMap::default(),
        }
    }

    /// Counts a component and tells what was found about it.
    pub(crate) fn take(
        &mut self,
        component: &Concerned<'_>,
        asset: Option<&Arc<Asset>>,
        mut judgement: Judgement<'a>,
    ) -> Result<(), IndexError> {
        let coverage = &mut self.outcome.coverage;
        coverage.components += 1;
        coverage.judged += usize::from(!judgement.methods.is_empty());
        coverage.undetermined += usize::from(!judgement.doubts.is_empty());
        for method in &judgement.methods {
            *self.methods.entry(method.as_str()).or_default() += 1;
        }
        match self.counted.get_mut(&judgement.ecosystem) {
            Some(count) => *count += 1,
            None => {
                self.counted.insert(std::mem::take(&mut judgement.ecosystem), 1);
            }
        }
        self.tell(component, asset, judgement)
    }

    /// Tells what was found about a component.
    pub(crate) fn tell(
        &mut self,
        concerned: &Concerned<'_>,
        asset: Option<&Arc<Asset>>,
        judgement: Judgement<'a>,
    ) -> Result<(), IndexError> {
        let Judgement { mut hits, mut turned, disputed, mut doubts, .. } = judgement;
        if let Some(only) = &self.only {
            hits.retain(|h| only.contains(&h.vulnerability));
            turned.retain(|t| t.hits.iter().any(|h| only.contains(&h.vulnerability)));
            doubts.retain(|d| d.vulnerability.is_none_or(|v| only.contains(&v)));
        }
        if hits.is_empty() && turned.is_empty() && doubts.is_empty() {
            return Ok(());
        }
        let (component, shared) = (concerned.component, concerned.shared());
        self.findings((component, &shared), asset, hits, &disputed)?;
        for Turned { mut hits, by } in turned {
            hits.sort_unstable_by_key(|hit| hit.key);
            let grounds = self.grounds(&hits)?;
            let Some(finding) = self.finding(&shared, asset, &hits, grounds)? else { continue };
            let opinions = by.iter().map(|c| self.opinion(c, component)).collect::<Result<_, _>>()?;
            self.outcome.not_affected.push(urgency(&finding), NotAffected { finding, opinions });
        }
        for doubt in doubts {
            let vulnerability = doubt.vulnerability.map(|v| self.facts(v)).transpose()?;
            if self.is_far(vulnerability.as_ref()) {
                continue;
            }
            let (advisory, params) = self.particulars(doubt.code, doubt.advisory, doubt.params)?;
            self.outcome.undetermined.push(Undetermined {
                component: shared.clone(),
                asset: asset.cloned(),
                input: self.input,
                vulnerability,
                advisory,
                code: doubt.code,
                params,
            });
        }
        Ok(())
    }

    /// The advisory of a doubt by its id, and the doubt's particulars with who says it.
    fn particulars(
        &self,
        code: Code,
        advisory: Option<u32>,
        mut params: Arc<Params>,
    ) -> Result<(Option<String>, Arc<Params>), IndexError> {
        let head = advisory.map(|number| self.known.advisory_head(number)).transpose()?;
        if let (Code::UnderInvestigation, Some(head)) = (code, head) {
            Arc::make_mut(&mut params).insert("source".to_owned(), head.source.to_owned());
        }
        Ok((head.map(|head| head.id.to_owned()), params))
    }

    /// One finding per vulnerability; every way it was found is a basis, the surest first.
    fn findings(
        &mut self,
        (component, shared): (&Component, &SharedComponent),
        asset: Option<&Arc<Asset>>,
        mut hits: Vec<Hit<'a>>,
        disputed: &[Clearing<'a>],
    ) -> Result<(), IndexError> {
        hits.sort_unstable_by_key(|hit| (hit.vulnerability, hit.key));
        for group in hits.chunk_by(|a, b| a.vulnerability == b.vulnerability) {
            let Some(first) = group.first() else { continue };
            let facts = self.facts(first.vulnerability)?;
            if !self.is_due(&facts, shared, asset) {
                continue;
            }
            let grounds = self.disputed_grounds(component, group, disputed)?;
            let Some(finding) = self.finding(shared, asset, group, grounds)? else { continue };
            self.outcome.findings.push(urgency(&finding), finding);
        }
        Ok(())
    }

    /// The grounds of hits of one vulnerability, with who contradicts them.
    fn disputed_grounds(
        &mut self,
        component: &Component,
        group: &[Hit<'a>],
        disputed: &[Clearing<'a>],
    ) -> Result<Arc<Grounds>, IndexError> {
        let mut grounds = self.grounds(group)?;
        let here = |c: &&Clearing<'_>| group.iter().any(|hit| hit.vulnerability == c.vulnerability);
        let opinions: Vec<VexOpinion> = disputed
            .iter()
            .filter(here)
            .map(|clearing| self.opinion(clearing, component))
            .collect::<Result<_, _>>()?;
        if !opinions.is_empty() {
            Arc::make_mut(&mut grounds).disputed = opinions;
        }
        Ok(grounds)
    }

    /// The finding of hits of one vulnerability, the surest first.
    fn finding(
        &mut self,
        component: &SharedComponent,
        asset: Option<&Arc<Asset>>,
        hits: &[Hit<'a>],
        grounds: Arc<Grounds>,
    ) -> Result<Option<Finding>, IndexError> {
        let Some(first) = hits.first() else { return Ok(None) };
        let facts = self.facts(first.vulnerability)?;
        Ok(Some(Finding {
            decided: self.decided(first.vulnerability, &facts, asset),
            grounds,
            vulnerability: facts,
            component: component.clone(),
            asset: asset.cloned(),
            input: self.input,
        }))
    }

    fn opinion(&self, clearing: &Clearing<'a>, component: &Component) -> Result<VexOpinion, IndexError> {
        let head = self.known.advisory_head(clearing.key.advisory)?;
        let particulars = clearing.reader.read(None)?;
        let reason = clearing.reader.reason()?;
        let installed = component.updates.as_deref().unwrap_or_default();
        Ok(VexOpinion {
            status: if clearing.key.fixed { Status::Fixed } else { Status::NotAffected },
            justification: reason.justification,
            impact: reason.impact.to_owned(),
            identifier: particulars.identifier.to_owned(),
            advisory: head.id.to_owned(),
            source: head.source.to_owned(),
            place: place(head.document, particulars.pointer),
            update: clearing.key.update.and_then(|n| installed.get(n as usize)).cloned(),
        })
    }

    fn facts(&mut self, number: u32) -> Result<Arc<VulnerabilityFacts>, IndexError> {
        if let Some(known) = self.facts.get(&number) {
            return Ok(Arc::clone(known));
        }
        let facts = Arc::new(self.known.vulnerability(number)?);
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
            let head = self.known.advisory_head(hit.key.advisory)?;
            let particulars = hit.reader.read(hit.key.interval.map(|n| n as usize))?;
            let basis = MatchBasis {
                method: hit.key.method,
                identifier: particulars.identifier.to_owned(),
                range: if particulars.range.is_empty() { "*" } else { particulars.range }.to_owned(),
                advisory: head.id.to_owned(),
                source: head.source.to_owned(),
                place: place(head.document, particulars.pointer),
                confidence: hit.key.confidence.0,
                reading: hit.key.reading,
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

    /// The outcome so far; what comes next belongs to another one.
    pub(crate) fn outcome(&mut self) -> Outcome {
        let mut outcome = std::mem::take(&mut self.outcome);
        outcome.coverage.by_method = std::mem::take(&mut self.methods);
        let mut counted: Vec<(String, usize)> = self.counted.drain().collect();
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
pub(crate) fn place(document: &str, pointer: &str) -> String {
    if pointer.is_empty() { document.to_owned() } else { format!("{document}#{pointer}") }
}
