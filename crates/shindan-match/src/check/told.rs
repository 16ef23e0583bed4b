//! What an answer tells of a component, in a form that can be kept: without numbers of one generation of the index, and without what
//! depends on the day, on priorities or on facts, which are looked up when the answer is given.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Finding, Grounds, Undetermined};
use shindan_domain::inventory::{Asset, Component, SharedComponent};

use super::{OneVulnerability, Run, urgency};
use crate::index::layout::IndexError;
use crate::matcher::Judgement;

/// What is told of one component. What somebody denies is no part of it: no case follows that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    hits: Vec<ToldHit>,
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<ToldDoubt>,
}

/// A vulnerability hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ToldHit {
    /// Its id.
    #[serde(rename = "v")]
    vulnerability: String,
    #[serde(rename = "g")]
    grounds: Grounds,
}

/// Something could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ToldDoubt {
    /// The id of the vulnerability, if the doubt is about one.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    vulnerability: Option<String>,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    advisory: Option<String>,
    #[serde(rename = "c")]
    code: Code,
    #[serde(rename = "p", default, skip_serializing_if = "Params::is_empty")]
    params: Params,
}

impl Told {
    /// True if nothing is told.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty() && self.doubts.is_empty()
    }
}

impl<'a> Run<'a> {
    /// What an answer tells of a component on any day.
    pub(crate) fn told(
        &mut self,
        component: &Component,
        judgement: Judgement<'a>,
    ) -> Result<Told, IndexError> {
        let Judgement { mut hits, disputed, doubts, .. } = judgement;
        let mut told = Told::default();
        hits.sort_unstable_by_key(|hit| (hit.vulnerability, hit.key));
        for group in hits.chunk_by(|a, b| a.vulnerability == b.vulnerability) {
            let Some(first) = group.first() else { continue };
            let vulnerability = self.facts(first.vulnerability)?.id.clone();
            let grounds = (*self.disputed_grounds(component, group, &disputed)?).clone();
            told.hits.push(ToldHit { vulnerability, grounds });
        }
        for doubt in doubts {
            let vulnerability = doubt.vulnerability.map(|number| self.facts(number)).transpose()?;
            let (advisory, params) = self.particulars(doubt.code, doubt.advisory, doubt.params)?;
            let vulnerability = vulnerability.map(|facts| facts.id.clone());
            told.doubts.push(ToldDoubt {
                vulnerability,
                advisory,
                code: doubt.code,
                params: (*params).clone(),
            });
        }
        Ok(told)
    }

    /// Tells of a component what was told of it before, with the facts, the rules and the day of this answer.
    pub(crate) fn tell_again(
        &mut self,
        component: &SharedComponent,
        asset: Option<&Arc<Asset>>,
        told: Told,
    ) -> Result<(), IndexError> {
        let mut hits = Vec::with_capacity(told.hits.len());
        for hit in told.hits {
            hits.push((self.number_of(&hit.vulnerability)?, Arc::new(hit.grounds)));
        }
        // In the order of this generation, as if they had been matched now.
        hits.sort_by_key(|(number, _)| *number);
        for (number, grounds) in hits {
            let facts = self.facts(number)?;
            if !self.is_due(&facts, component, asset) {
                continue;
            }
            let finding = Finding {
                decided: self.decided(number, &facts, asset),
                grounds,
                vulnerability: facts,
                component: component.clone(),
                asset: asset.cloned(),
                input: self.input,
            };
            self.outcome.findings.push(urgency(&finding), finding);
        }
        for doubt in told.doubts {
            let number = doubt.vulnerability.map(|id| self.number_of(&id)).transpose()?;
            let vulnerability = number.map(|number| self.facts(number)).transpose()?;
            if self.is_far(vulnerability.as_ref()) {
                continue;
            }
            self.outcome.undetermined.push(Undetermined {
                component: component.clone(),
                asset: asset.cloned(),
                input: self.input,
                vulnerability,
                advisory: doubt.advisory,
                code: doubt.code,
                params: Arc::new(doubt.params),
            });
        }
        Ok(())
    }

    /// The number that a vulnerability has in this generation. One that is unknown was told with other knowledge.
    fn number_of(&mut self, id: &str) -> Result<u32, IndexError> {
        if let Some(known) = self.numbers.get(id) {
            return Ok(*known);
        }
        let found = self.question.index.find(id)?.unwrap_or_default();
        let asked = OneVulnerability { identifier: id.to_owned(), numbers: found.vulnerabilities };
        for number in self.known.all(&asked) {
            if self.facts(number)?.id == id {
                self.numbers.insert(id.to_owned(), number);
                return Ok(number);
            }
        }
        Err(IndexError::Stored("what is told of a component belongs to other knowledge"))
    }
}
