//! ひな形: duties to begin an agreement with, from a data pack. What it proposes is discussed item by item like everything else.

use std::collections::BTreeMap;

use super::content::{Coverage, Duty, DutyTopic, Involvement, Member};
use crate::localised::Localised;
use crate::organisation::PartyKind;

/// A pack of duties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it is called.
    pub title: Localised,
    /// The duties.
    pub duties: Vec<TemplateDuty>,
}

/// A duty of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDuty {
    /// Its key.
    pub key: String,
    /// What it is about.
    pub topic: DutyTopic,
    /// What is to be done.
    pub text: Localised,
    /// What it covers.
    pub covers: Vec<Coverage>,
    /// What a party of each kind usually has to do with it.
    pub involves: BTreeMap<PartyKind, Involvement>,
}

impl Template {
    /// The duties in a language (`ja` or `en`), for these parties. Where several parties take part as the same, the first is
    /// proposed to carry a duty out, and the others support it.
    pub fn duties(&self, language: &str, parties: &[Member]) -> Vec<Duty> {
        let duty = |duty: &TemplateDuty| {
            let mut involvement = BTreeMap::new();
            for (index, member) in parties.iter().enumerate() {
                let first = parties.iter().position(|other| other.part == member.part) == Some(index);
                let one = match duty.involves.get(&member.part) {
                    Some(Involvement::Does) if !first => Some(Involvement::Supports),
                    other => other.copied(),
                };
                involvement.extend(one.map(|one| (member.name.clone(), one)));
            }
            Duty {
                key: duty.key.clone(),
                topic: duty.topic,
                text: duty.text.get(language).to_owned(),
                covers: duty.covers.clone(),
                involvement,
            }
        };
        self.duties.iter().map(duty).collect()
    }
}
