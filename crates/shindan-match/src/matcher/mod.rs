//! One component against what is known: what hits, what is in doubt, who calls it not affected, and by which method
//! it was judged.
//!
//! - `package`, `cpe`, `device`, `element`: the ways in which a component is recognised
//! - `collector`: each statement about the component is weighed
//! - `settle`, `turn`: what follows once all have been weighed
//! - `tally`: how many components were judged, for tests of what is spared
//! - `surroundings`: what else the inventory holds, for statements that depend on it
//! - `witness`: whoever wants to know why

mod collector;
mod cpe;
mod device;
mod element;
mod package;
mod program;
mod revision;
mod settle;
mod surroundings;
mod tally;
mod turn;
pub(crate) mod witness;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Confidence, EcosystemCoverage, MatchMethod, NameReading};
use shindan_domain::inventory::Component;
use shindan_domain::windows;

pub(crate) use self::collector::{Recognised, Weighed};
pub use self::surroundings::Surroundings;
pub use self::tally::judged_so_far;

use self::collector::{Collector, Kinship};
use self::tally::Tally;
use self::witness::{Nobody, Witness};
use crate::confirmed::ConfirmedIdentities;
use crate::device_lists::DeviceLists;
use crate::index::layout::IndexError;
use crate::index::posting::ParticularsReader;
use crate::index::updates;
use crate::keys;
use crate::known::Known;
use crate::names::Dictionary;

/// A statement that covers the component. Small on purpose: what explains it is read once per statement, not once per
/// component ([`Hit::key`], [`Hit::reader`]).
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// Number of the vulnerability.
    pub vulnerability: u32,
    /// The statement, and the way it was reached.
    pub key: HitKey,
    /// Reads what explains the hit.
    pub reader: ParticularsReader<'a>,
    /// How close the statement's product is to the component.
    kinship: Kinship,
}

/// Two hits of the same key are explained by the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitKey {
    /// How sure; the surest first.
    pub confidence: std::cmp::Reverse<Confidence>,
    /// How the component was recognised.
    pub method: MatchMethod,
    /// How the advisory's name was read, if it is another one.
    pub reading: Option<NameReading>,
    /// Number of the advisory.
    pub advisory: u32,
    /// Index of the statement inside it.
    pub statement: u32,
    /// The interval that contains the version; `None` for "all versions".
    pub interval: Option<u32>,
}

/// Somebody's word that the component is not affected, or contains the fix, which reaches beyond the advisory in which
/// it stands.
#[derive(Debug, Clone, Copy)]
pub struct Clearing<'a> {
    /// Number of the vulnerability.
    pub vulnerability: u32,
    /// The statement.
    pub key: ClearingKey,
    /// Reads what explains it.
    pub reader: ParticularsReader<'a>,
}

/// Two clearings of the same key are explained by the same words, but for the name of the installed update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClearingKey {
    /// Number of the advisory.
    pub advisory: u32,
    /// Index of the statement inside it.
    pub statement: u32,
    /// True if it says that the component contains the fix, false if it calls it not affected.
    pub fixed: bool,
    /// Index into [`Component::updates`] of the installed update that brings the fix.
    pub update: Option<u32>,
}

/// A vulnerability whose hits somebody who knows the product denies.
#[derive(Debug, Clone)]
pub struct Turned<'a> {
    /// The hits; never empty.
    pub hits: Vec<Hit<'a>>,
    /// Who denies them; never empty.
    pub by: Vec<Clearing<'a>>,
}

/// A statement, or the component as a whole, that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Number of the vulnerability, if the doubt is about one.
    pub vulnerability: Option<u32>,
    /// Number of the advisory, if the doubt is about one.
    pub advisory: Option<u32>,
    /// Why.
    pub code: Code,
    /// Particulars.
    pub params: Arc<Params>,
}

/// Everything about one component.
#[derive(Debug, Clone, Default)]
pub struct Judgement<'a> {
    /// What covers it.
    pub hits: Vec<Hit<'a>>,
    /// What would cover it, and does not by the word of somebody who knows the product.
    pub turned: Vec<Turned<'a>>,
    /// Such words about vulnerabilities whose hits stay, because others of the same weight contradict.
    pub disputed: Vec<Clearing<'a>>,
    /// Such words that nobody contradicts, about any vulnerability.
    pub standing: Vec<Clearing<'a>>,
    /// What is in doubt.
    pub doubts: Vec<Doubt>,
    /// The methods that could be applied; empty if nothing could be judged.
    pub methods: Vec<MatchMethod>,
    /// The ecosystem it was counted under: OSV ecosystem, purl type, `cpe` or `device`.
    pub ecosystem: String,
}

/// Matches components, one after the other. Not shared between threads; make one per thread.
#[derive(Debug)]
pub struct Matcher<'a> {
    known: Known<'a>,
    ecosystems: &'a BTreeMap<String, u64>,
    dictionary: OnceCell<Dictionary>,
    /// What a person said about makers and models.
    confirmed: Option<&'a ConfirmedIdentities>,
    /// What was found about a folded maker and model: a ledger repeats its models.
    devices: FxHashMap<(String, String), Rc<DeviceLists<'a>>>,
    key: Vec<u8>,
    /// Particulars of [`Code::EcosystemNotCovered`] by ecosystem.
    not_covered: FxHashMap<String, Arc<Params>>,
    /// What is said of the product that the whole inventory describes: it holds for the parts, too.
    of_the_whole: Vec<Clearing<'a>>,
    tally: Tally,
}

impl<'a> Matcher<'a> {
    /// A matcher over what is known; `ecosystems` is [`Meta::ecosystems`](crate::index::build::Meta).
    pub fn new(known: Known<'a>, ecosystems: &'a BTreeMap<String, u64>) -> Self {
        Matcher {
            known,
            ecosystems,
            dictionary: OnceCell::new(),
            confirmed: None,
            devices: FxHashMap::default(),
            key: Vec::with_capacity(128),
            not_covered: FxHashMap::default(),
            of_the_whole: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// The same, with what a person said about makers and models.
    #[must_use]
    pub fn with_confirmed(mut self, confirmed: &'a ConfirmedIdentities) -> Self {
        self.confirmed = Some(confirmed);
        self
    }

    /// Judges what the inventory describes as a whole, by what VEX documents and the inventory itself say of it. What
    /// they clear is cleared for every part that is judged afterwards.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn judge_whole(
        &mut self,
        whole: &Component,
        surroundings: &Surroundings<'_>,
    ) -> Result<Judgement<'a>, IndexError> {
        self.judge_whole_before(whole, surroundings, &mut Nobody)
    }

    /// The same, and tells the witness how.
    pub(crate) fn judge_whole_before<W: Witness<'a>>(
        &mut self,
        whole: &Component,
        surroundings: &Surroundings<'_>,
        witness: &mut W,
    ) -> Result<Judgement<'a>, IndexError> {
        self.of_the_whole.clear();
        let mut judgement = self.judge_before(whole, surroundings, witness)?;
        self.of_the_whole.clone_from(&judgement.standing);
        let meant = |advisory: u32| -> Result<bool, IndexError> {
            Ok(self.known.is_own(advisory) || self.known.advisory_head(advisory)?.exploitability)
        };
        let (mut hits, mut doubts) = (Vec::new(), Vec::new());
        for hit in std::mem::take(&mut judgement.hits) {
            if meant(hit.key.advisory)? {
                hits.push(hit);
            }
        }
        for doubt in std::mem::take(&mut judgement.doubts) {
            if doubt.advisory.map(meant).transpose()?.unwrap_or(false) {
                doubts.push(doubt);
            }
        }
        Ok(Judgement { hits, doubts, ..judgement })
    }

    /// Judges one component.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn judge(
        &mut self,
        component: &Component,
        surroundings: &Surroundings<'_>,
    ) -> Result<Judgement<'a>, IndexError> {
        self.tally.add();
        self.judge_before(component, surroundings, &mut Nobody)
    }

    /// Judges one component, and tells the witness how.
    pub(crate) fn judge_before<W: Witness<'a>>(
        &mut self,
        component: &Component,
        surroundings: &Surroundings<'_>,
        witness: &mut W,
    ) -> Result<Judgement<'a>, IndexError> {
        let mut judgement = Judgement::default();
        let mut collector = Collector::new(surroundings, witness);
        if let Some(installed) = &component.updates {
            collector.installed = Some(updates::brought_by(&self.known.index, installed)?);
        }
        if let Some(text) = &component.purl {
            self.by_purl(text, component, &mut judgement, &mut collector)?;
        }
        if let Some(text) = &component.cpe {
            self.by_cpe(text, component, &mut judgement, &mut collector)?;
        }
        if component.program {
            self.by_program(component, &mut judgement, &mut collector)?;
        } else if component.maker.is_some() || component.model.is_some() {
            self.by_device(component, &mut judgement, &mut collector)?;
        }
        if let Some(link) = &component.bom_link {
            self.by_element(link, component, &mut collector)?;
        }
        let nothing = component.purl.is_none() && component.cpe.is_none() && judgement.ecosystem.is_empty();
        if nothing && component.own {
            // The subject's own parts are not somebody's published package; no advisory could name them.
            judgement.ecosystem = EcosystemCoverage::OWN.to_owned();
        } else if nothing {
            judgement.ecosystem = EcosystemCoverage::NO_IDENTIFIER.to_owned();
            judgement.doubts.push(unidentified(component));
        }
        // A second identity may have judged what the first one could not.
        if !judgement.methods.is_empty() {
            judgement.doubts.retain(|doubt| {
                let passed_over = matches!(
                    doubt.code,
                    Code::EcosystemNotCovered
                        | Code::ProductUnknown
                        | Code::MakerUnknown
                        | Code::ModelUnknown
                        | Code::ProgramUnknown
                );
                if passed_over {
                    collector.witness.passed_over(doubt);
                }
                !passed_over
            });
        }
        collector.settle(self.known, &self.of_the_whole, &mut judgement)?;
        Ok(judgement)
    }

    /// True if some source covers the ecosystem as a whole.
    fn covers(&mut self, ecosystem: &str) -> bool {
        if self.known.index.trace().is_some() {
            keys::ecosystem(ecosystem, &mut self.key);
            self.known.index.note(&self.key);
        }
        self.ecosystems.contains_key(ecosystem)
    }

    /// Makes the dictionary, if there is none yet.
    fn need_dictionary(&mut self) -> Result<(), IndexError> {
        if self.known.index.trace().is_some() {
            keys::dictionary(&mut self.key);
            self.known.index.note(&self.key);
        }
        if self.dictionary.get().is_none() {
            let made = Dictionary::new(&self.known.index.devices()?);
            self.dictionary.get_or_init(|| made);
        }
        Ok(())
    }

    fn not_covered(&mut self, ecosystem: &str) -> Doubt {
        let params = match self.not_covered.get(ecosystem) {
            Some(known) => Arc::clone(known),
            None => {
                let made = doubt(Code::EcosystemNotCovered, &[("ecosystem", ecosystem)]).params;
                self.not_covered.insert(ecosystem.to_owned(), Arc::clone(&made));
                made
            }
        };
        Doubt { vulnerability: None, advisory: None, code: Code::EcosystemNotCovered, params }
    }
}

/// Why nothing can be said of a component without any identifier. The line of a Windows, and with it its updates, follows
/// from the build: that is what is missing, and not an identifier that somebody could have written.
fn unidentified(component: &Component) -> Doubt {
    if component.asset.is_some() && windows::is_meant(&component.name) {
        let version = component.version.as_deref().unwrap_or_default();
        return doubt(Code::UpdateStateUnknown, &[("told_by", "build"), ("version", version)]);
    }
    doubt(Code::IdentifierMissing, &[("name", &component.name)])
}

fn doubt(code: Code, params: &[(&str, &str)]) -> Doubt {
    let params = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Doubt { vulnerability: None, advisory: None, code, params: Arc::new(params) }
}
