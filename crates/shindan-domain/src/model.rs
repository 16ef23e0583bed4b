//! For tests of processes: people, documents, words, and a history that checks what must hold for every process.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::{Actor, Hash, Through, canonical};
use crate::process::{Encoded, Occurrence, Process, Shown, View, decode, encode};
use crate::record_id::{PartyId, PersonId};
use crate::term::Term;
use crate::vocabulary::vocabulary;

/// 2026-11-26T00:00Z plus minutes.
pub fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_795_651_200 + minutes * 60).unwrap()
}

pub fn id(number: u8) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

pub fn person(number: u8) -> PersonId {
    PersonId(id(number))
}

pub fn party(number: u8) -> PartyId {
    PartyId(id(100 + number))
}

pub fn by(number: u8, minutes: i64) -> Occurrence {
    Occurrence { at: minute(minutes), actor: Actor { person: person(number), through: Through::Session } }
}

pub fn document(number: u8) -> Document {
    Document { sha256: Hash::of(&[number]), size: 1 + u64::from(number), name: format!("{number}.bin") }
}

/// A word by one of the means; on paper, `signer` is who signed, if they are known.
pub fn word(means: u8, signer: Option<u8>) -> Word {
    match means % 4 {
        0 | 1 => Word::Software,
        2 => Word::Paper {
            signer: "the signer's name stands in the scan".to_owned(),
            person: signer.map(person),
            document: document(200),
        },
        _ => Word::PartnerFile {
            party: party(signer.unwrap_or_default()),
            signer: "department of systems".to_owned(),
            key: "AB12".to_owned(),
            document: document(201),
        },
    }
}

/// Entries of a record and the state that they lead to.
pub struct History<P: Process> {
    pub entries: Vec<(Encoded, Occurrence)>,
    pub state: Option<P>,
    terms: BTreeSet<Term>,
}

impl<P: Process> History<P> {
    pub fn new() -> Self {
        History { entries: Vec::new(), state: None, terms: vocabulary().into_iter().collect() }
    }

    pub fn state(&self) -> &P {
        self.state.as_ref().unwrap()
    }

    /// Takes an event that a command answered with, and checks what holds for every event and state.
    pub fn record(&mut self, event: &P::Event, when: Occurrence) {
        let encoded = encode::<P>(event).unwrap();
        canonical(&encoded.payload).unwrap();
        assert!(encoded.payload.is_object(), "{encoded:?}");
        let decoded = decode::<P>(&encoded.event, encoded.version, &encoded.payload).unwrap();
        assert_eq!(decoded, *event, "an event survives the ledger");
        let state = P::apply(self.state.take(), event, &when).unwrap();
        let bytes = serde_json::to_vec(&state).unwrap();
        assert_eq!(serde_json::from_slice::<P>(&bytes).unwrap(), state, "a state survives storage");
        self.check_shown(&state);
        self.entries.push((encoded, when));
        self.state = Some(state);
    }

    fn check_shown(&self, state: &P) {
        let filed = state.filed();
        let links: BTreeSet<_> = filed.links.iter().collect();
        assert_eq!(links.len(), filed.links.len(), "each relation once");
        let view = state.view();
        assert_eq!(view.status, filed.status, "lists and pages show the same state");
        for section in &view.sections {
            assert!(section.rows.iter().all(|row| row.len() == section.columns.len()), "{section:?}");
        }
        for term in terms_of(&view) {
            assert!(self.terms.contains(&term), "no vocabulary for {term:?}");
        }
    }

    /// The fold over what the ledger holds gives the state.
    pub fn check_fold(&self) {
        let mut state: Option<P> = None;
        for (entry, when) in &self.entries {
            let event = decode::<P>(&entry.event, entry.version, &entry.payload).unwrap();
            state = Some(P::apply(state, &event, when).unwrap());
        }
        assert_eq!(state, self.state);
    }
}

fn terms_of(view: &View) -> Vec<Term> {
    fn collect(shown: &Shown, terms: &mut Vec<Term>) {
        match shown {
            Shown::Term(term) => terms.push(*term),
            Shown::List(items) => items.iter().for_each(|item| collect(item, terms)),
            _ => {}
        }
    }
    let mut terms = vec![view.status];
    view.facts.iter().for_each(|fact| collect(&fact.value, &mut terms));
    let cells = view.sections.iter().flat_map(|section| section.rows.iter().flatten().flatten());
    cells.for_each(|cell| collect(cell, &mut terms));
    terms
}

/// Runs a model over random steps, always the same ones, so that a test can also say what they reached.
pub fn for_random_steps(cases: u32, length: usize, mut run: impl FnMut(&[Step])) {
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let step = (0..u8::MAX, 0..4_u8, 0..4_u8, 0..4_u8, 0..300_u16)
        .prop_map(|(what, who, first, second, minutes)| Step { what, who, first, second, minutes });
    let steps = proptest::collection::vec(step, 1..length);
    for _ in 0..cases {
        let tree = steps.new_tree(&mut runner).unwrap();
        run(&tree.current());
    }
}

/// A random step: what somebody tries, who it is, two choices, and how many minutes have passed.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub what: u8,
    pub who: u8,
    pub first: u8,
    pub second: u8,
    pub minutes: u16,
}
