//! Stored lists of software and devices: components as records, and by which keys matching consults each of them, so that one
//! vulnerability, or a thousand changed advisories, leads to the components that are concerned without reading the others
//! (SPEC.md section 4, ④-1: "who is hit by this CVE?").
//!
//! - `write`: an inventory and its standing become bytes
//! - `read`: the bytes again, verified when they are read
//! - `judge`: what is consulted, and the answer about some components only
//! - `tell`: the answer about a whole list from what is stored, without matching
//! - `outline`: what a server keeps in memory, to leave alone the lists that are not concerned
//!
//! ```text
//! base layer (immutable) ── all components, assets, keys
//! top layer  (immutable) ── components that were judged anew since, with their keys; replaces them in the base
//! ```
//!
//! Which keys are consulted is noted by the index itself while a component is judged, never computed beside it.

mod judge;
mod outline;
mod read;
mod tell;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shindan_domain::advisory::Advisory;
use shindan_domain::diagnostic::{Code, Diagnostic, Params};
use shindan_domain::finding::MatchMethod;
use shindan_domain::inventory::{Component, InventoryKind};

pub use judge::{Numbered, answer, keys_of, stand, stand_again, stand_whole};
pub use outline::Outline;
pub use read::Stored;
pub use tell::tell;
pub use write::{base, folded, top};

use crate::check::Told;

/// What is stored of an inventory beside its components and assets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    path: String,
    kind: InventoryKind,
    subject: Option<String>,
    about: Option<Box<Component>>,
    /// True if what it describes is not among its components.
    unlisted: bool,
    opinions: Vec<Advisory>,
    diagnostics: Vec<Diagnostic>,
    /// True if an asset has a date on which its support ends.
    dated: bool,
}

/// How one component stands with a knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    #[serde(rename = "e")]
    ecosystem: String,
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    methods: Vec<MatchMethod>,
    /// Something about it could not be judged.
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    undetermined: bool,
    /// What could not be judged about it as a whole.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<(Code, Params)>,
    /// An end of support is said of it.
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    ending: bool,
    /// Hashes of the keys that were consulted, ascending.
    #[serde(skip)]
    keys: Vec<u64>,
    /// What an answer tells of it.
    #[serde(skip)]
    told: Told,
}

/// How what a list describes as a whole stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// Hashes of the keys that were consulted, ascending: they concern each of its parts.
    keys: Vec<u64>,
    /// What an answer tells of it, if it is not among the components.
    told: Told,
}

/// How a whole list stands with a knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    components: usize,
    judged: usize,
    undetermined: usize,
    /// Components with an end of support that an advisory tells.
    ending: usize,
    by_method: BTreeMap<MatchMethod, usize>,
    ecosystems: BTreeMap<String, usize>,
    unsettled: usize,
    /// What the list describes.
    whole: Whole,
}

impl State {
    fn add(&mut self, standing: &Standing) {
        self.components += 1;
        self.judged += usize::from(!standing.methods.is_empty());
        self.undetermined += usize::from(standing.undetermined);
        self.ending += usize::from(standing.ending);
        for method in &standing.methods {
            *self.by_method.entry(*method).or_default() += 1;
        }
        *self.ecosystems.entry(standing.ecosystem.clone()).or_default() += 1;
    }

    fn remove(&mut self, standing: &Standing) {
        self.components = self.components.saturating_sub(1);
        self.judged = self.judged.saturating_sub(usize::from(!standing.methods.is_empty()));
        self.undetermined = self.undetermined.saturating_sub(usize::from(standing.undetermined));
        self.ending = self.ending.saturating_sub(usize::from(standing.ending));
        for method in &standing.methods {
            less(&mut self.by_method, method);
        }
        less(&mut self.ecosystems, &standing.ecosystem);
    }
}

fn less<K: Ord + Clone>(counts: &mut BTreeMap<K, usize>, key: &K) {
    match counts.get_mut(key) {
        Some(count) if *count > 1 => *count -= 1,
        Some(_) => drop(counts.remove(key)),
        None => {}
    }
}
