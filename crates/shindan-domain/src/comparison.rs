//! 影響調査の実施記録: that an inventory was compared with vulnerability information, with what came of it (SPEC.md ④-1).
//!
//! One record of the installation holds them all. *Nothing new* is a record, too: that nothing was found is only believed
//! where somebody looked.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::Subject;
use crate::evidence::Document;
use crate::exchange::BundleRef;
use crate::ledger::{Hash, Kind};
use crate::process::{Event, Filed, Label, Occurrence, OutOfOrder, Process, Shown, View};
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// Whether the last comparisons left something open.
    pub enum ComparisonState ("comparison-state") {
        /// Everything that was compared could be judged.
        Complete = "complete",
        /// Something could not be read or judged.
        Partial = "partial",
    }
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// What was compared.
    pub subject: Subject,
    /// Names of the lists of software that were read; empty for the register.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lists: BTreeSet<String>,
    /// Names of lists that were read before and were left out this time: they are still taken to belong to the subject.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left_out: BTreeSet<String>,
    /// Generation of the knowledge base.
    pub knowledge: u64,
    /// The time for which the answer holds.
    pub as_of: Timestamp,
    /// Components that were looked at.
    pub components: u64,
    /// Findings, those included that can wait.
    pub findings: u64,
    /// Entries that could not be judged.
    pub undetermined: u64,
    /// Inputs that could not be read, or not completely.
    pub unreadable: u64,
}

impl Compared {
    /// Whether something is left open.
    pub fn state(&self) -> ComparisonState {
        match self.undetermined + self.unreadable + self.left_out.len() as u64 {
            0 => ComparisonState::Complete,
            _ => ComparisonState::Partial,
        }
    }
}

/// A comparison with who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// What came of it.
    pub compared: Compared,
    /// Who, or on whose behalf.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

terms! {
    /// What lies beside the ledger and is noted there with its hash.
    pub enum KeptPart ("kept-part") {
        /// The register of assets, and what makers and models are.
        Register = "register",
        /// The knowledge base.
        Knowledge = "knowledge",
        /// Official wording that was imported for guideline packs.
        Wording = "wording",
        /// The key with which encrypted files for this installation are read: its public half.
        ExchangeKey = "exchange-key",
        /// Lists of software and devices that are kept for each subject.
        Portfolio = "portfolio",
    }
}

/// A part as it was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which part.
    pub part: KeptPart,
    /// Last record of the register, generation of the knowledge base, number of texts, 1, changes of the portfolio.
    pub number: u64,
    /// SHA-256 of the last record (which covers those before it), of the index, of the texts, of
    /// the public key, of what the portfolio keeps.
    pub sha256: Hash,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComparisonEvent {
    /// An inventory was compared.
    Compared(Compared),
    /// Something beside the ledger was changed.
    Kept(Kept),
    /// A bundle for closed networks was made.
    BundleMade {
        /// Which.
        bundle: BundleRef,
        /// It holds what changed since this one; absent: everything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<BundleRef>,
        /// When it is too old to be taken in without a reason.
        expires: Timestamp,
        /// Its manifest.
        document: Document,
    },
}

impl Event for ComparisonEvent {}

/// A bundle for closed networks that was made here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBundle {
    /// Which.
    pub bundle: BundleRef,
    /// It holds what changed since this one; `None`: everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<BundleRef>,
    /// When it is too old to be taken in without a reason.
    pub expires: Timestamp,
    /// Its manifest.
    pub document: Document,
    /// Who made it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// So many bundles are shown and can be built upon; all of them stand in the ledger.
const BUNDLES: usize = 400;

/// The last comparison of every subject. The entries hold the earlier ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparisons {
    /// By subject, each once, sorted.
    pub last: Vec<Comparison>,
    /// How many there were.
    pub count: u64,
    /// What lies beside the ledger, each part as it was noted last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// Bundles for closed networks that were made last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<MadeBundle>,
}

impl Comparisons {
    /// The last comparison of a subject.
    pub fn of(&self, subject: Subject) -> Option<&Comparison> {
        self.last.iter().find(|comparison| comparison.compared.subject == subject)
    }

    /// Number of the bundle that is made next.
    pub fn next_bundle(&self) -> u64 {
        self.bundles.last().map_or(1, |made| made.bundle.sequence.saturating_add(1))
    }

    fn state(&self) -> ComparisonState {
        let partial = self.last.iter().any(|one| one.compared.state() == ComparisonState::Partial);
        if partial { ComparisonState::Partial } else { ComparisonState::Complete }
    }
}

fn number(count: u64) -> Shown {
    Shown::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn made(one: &MadeBundle) -> Vec<Option<Shown>> {
    vec![
        Some(number(one.bundle.sequence)),
        one.since.map(|since| number(since.sequence)),
        Some(one.at.into()),
        Some(one.by.into()),
        Some(one.expires.into()),
        Some(one.document.clone().into()),
    ]
}

impl Process for Comparisons {
    const KIND: Kind = Kind::Installation;
    type Event = ComparisonEvent;

    fn apply(state: Option<Self>, event: &ComparisonEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let mut all = state.unwrap_or_default();
        let compared = match event {
            ComparisonEvent::Compared(compared) => compared,
            ComparisonEvent::Kept(kept) => {
                all.kept.retain(|one| one.part != kept.part);
                all.kept.push(kept.clone());
                all.kept.sort_by_key(|one| one.part);
                return Ok(all);
            }
            ComparisonEvent::BundleMade { bundle, since, expires, document } => {
                let next = all.next_bundle();
                if bundle.sequence != next {
                    return Err(OutOfOrder::new(event, all.state()));
                }
                let (by, at) = (when.actor.person, when.at);
                let made = MadeBundle {
                    bundle: *bundle,
                    since: *since,
                    expires: *expires,
                    document: document.clone(),
                    by,
                    at,
                };
                all.bundles.push(made);
                let surplus = all.bundles.len().saturating_sub(BUNDLES);
                all.bundles.drain(..surplus);
                return Ok(all);
            }
        };
        let new = Comparison { compared: compared.clone(), by: when.actor.person, at: when.at };
        match all.last.binary_search_by_key(&compared.subject, |one| one.compared.subject) {
            Ok(place) => {
                if let Some(known) = all.last.get_mut(place) {
                    *known = new;
                }
            }
            Err(place) => all.last.insert(place, new),
        }
        all.count = all.count.saturating_add(1);
        Ok(all)
    }

    fn filed(&self) -> Filed {
        Filed::new(self.state().term(), false, "")
    }

    fn view(&self) -> View {
        let row = |one: &Comparison| -> Vec<Option<Shown>> {
            let compared = &one.compared;
            let lists: Vec<Shown> = compared.lists.iter().map(Shown::from).collect();
            vec![
                Some(compared.subject.shown()),
                Some(one.at.into()),
                Some(one.by.into()),
                Some(compared.state().term().into()),
                Some(number(compared.components)),
                Some(number(compared.findings)),
                Some(number(compared.undetermined)),
                Some(lists).filter(|lists| !lists.is_empty()).map(Shown::from),
            ]
        };
        let part = |one: &Kept| -> Vec<Option<Shown>> {
            let hash = one.sha256.to_string();
            vec![Some(one.part.term().into()), Some(number(one.number)), Some((&hash).into())]
        };
        let view = View::new(self.state().term()).fact(Label::Number, number(self.count)).section(
            Label::Kept,
            &[Label::KeptPart, Label::Number, Label::Sha256],
            self.kept.iter().map(part).collect(),
        );
        let view = view.section(
            Label::BundlesMade,
            &[Label::Sequence, Label::ChangedSince, Label::At, Label::By, Label::Expires, Label::Document],
            self.bundles.iter().rev().map(made).collect(),
        );
        view.section(
            Label::Comparisons,
            &[
                Label::Subject,
                Label::At,
                Label::By,
                Label::State,
                Label::Components,
                Label::Findings,
                Label::Undetermined,
                Label::Lists,
            ],
            self.last.iter().map(row).collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ledger::{Actor, Through};
    use crate::record_id::SystemId;

    #[test]
    fn the_last_of_each_subject_counts_and_doubt_is_shown() {
        let compared = |subject, undetermined| {
            ComparisonEvent::Compared(Compared {
                subject,
                lists: BTreeSet::new(),
                left_out: BTreeSet::new(),
                knowledge: 1,
                as_of: Timestamp::UNIX_EPOCH,
                components: 10,
                findings: 2,
                undetermined,
                unreadable: 0,
            })
        };
        let actor = Actor { person: PersonId(Uuid::from_u128(7)), through: Through::Setup };
        let when = Occurrence { at: Timestamp::UNIX_EPOCH, actor };
        let system = Subject::System(SystemId(Uuid::from_u128(1)));
        let events = [compared(Subject::Register, 3), compared(system, 0), compared(Subject::Register, 0)];
        let mut state = None;
        for (event, expected) in
            events.iter().zip([ComparisonState::Partial, ComparisonState::Partial, ComparisonState::Complete])
        {
            let next = Comparisons::apply(state, event, &when).unwrap();
            assert_eq!(next.state(), expected);
            state = Some(next);
        }
        let state = state.unwrap();
        assert_eq!((state.last.len(), state.count), (2, 3));
        assert_eq!(state.of(Subject::Register).unwrap().compared.undetermined, 0);
        assert_eq!(state.view().sections.len(), 1);
    }
}
