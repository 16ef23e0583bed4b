//! One component against the index: what hits, what is in doubt, and by which method it was judged.

mod collector;
mod cpe;
mod device;
mod package;
mod program;
mod settle;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Confidence, EcosystemCoverage, MatchMethod};
use shindan_domain::inventory::Component;

use self::collector::{Collector, Kinship};
use crate::index::layout::IndexError;
use crate::index::posting::ParticularsReader;
use crate::index::read::Index;
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
    /// Number of the advisory.
    pub advisory: u32,
    /// Index of the statement inside it.
    pub statement: u32,
    /// The interval that contains the version; `None` for "all versions".
    pub interval: Option<u32>,
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
    index: Index<'a>,
    ecosystems: &'a BTreeMap<String, u64>,
    dictionary: OnceCell<Dictionary>,
    key: Vec<u8>,
    /// Particulars of [`Code::EcosystemNotCovered`] by ecosystem.
    not_covered: FxHashMap<String, Arc<Params>>,
}

impl<'a> Matcher<'a> {
    /// A matcher over `index`; `ecosystems` is [`Meta::ecosystems`](crate::index::build::Meta).
    pub fn new(index: Index<'a>, ecosystems: &'a BTreeMap<String, u64>) -> Self {
        Matcher {
            index,
            ecosystems,
            dictionary: OnceCell::new(),
            key: Vec::with_capacity(128),
            not_covered: FxHashMap::default(),
        }
    }

    /// Judges one component. `present` are the CPE names of everything in the same inventory (platform conditions).
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn judge(
        &mut self,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
    ) -> Result<Judgement<'a>, IndexError> {
        let mut judgement = Judgement::default();
        let mut collector = Collector::default();
        if let Some(text) = &component.purl {
            self.by_purl(text, component, present, &mut judgement, &mut collector)?;
        }
        if let Some(text) = &component.cpe {
            self.by_cpe(text, component, present, &mut judgement, &mut collector)?;
        }
        if component.program {
            self.by_program(component, present, &mut judgement, &mut collector)?;
        } else if component.maker.is_some() || component.model.is_some() {
            self.by_device(component, present, &mut judgement, &mut collector)?;
        }
        let nothing = component.purl.is_none() && component.cpe.is_none() && judgement.ecosystem.is_empty();
        if nothing && component.own {
            // The subject's own parts are not somebody's published package; no advisory could name them.
            judgement.ecosystem = EcosystemCoverage::OWN.to_owned();
        } else if nothing {
            judgement.ecosystem = EcosystemCoverage::NO_IDENTIFIER.to_owned();
            judgement.doubts.push(doubt(Code::IdentifierMissing, &[("name", &component.name)]));
        }
        // A second identity may have judged what the first one could not.
        if !judgement.methods.is_empty() {
            judgement.doubts.retain(|d| {
                !matches!(
                    d.code,
                    Code::EcosystemNotCovered
                        | Code::ProductUnknown
                        | Code::MakerUnknown
                        | Code::ModelUnknown
                        | Code::ProgramUnknown
                )
            });
        }
        collector.settle(&mut judgement)?;
        Ok(judgement)
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

fn doubt(code: Code, params: &[(&str, &str)]) -> Doubt {
    let params = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Doubt { vulnerability: None, advisory: None, code, params: Arc::new(params) }
}
