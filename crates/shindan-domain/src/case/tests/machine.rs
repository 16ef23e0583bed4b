//! Random steps by random persons: no path around a gate.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::observer::Observer;
use super::*;
use crate::case::CaseState;
use crate::case::found::Progress;
use crate::case::proof::PatchBasis;
use crate::case::settle::{Alternative, AlternativeSource};
use crate::record_id::ChangeId;

/// A step that somebody tries: which, who, and three choices whose meaning depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try {
    step: u8,
    pub person: u8,
    pub word: u8,
    pub choice: u8,
    days: u8,
}

pub(super) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0u8..24, 0u8..4, 0u8..4, any::<u8>(), 0u8..3)
        .prop_map(|(step, person, word, choice, days)| Try { step, person, word, choice, days });
    prop::collection::vec(one, 1..70)
}

fn word(choice: u8, person: u8) -> Word {
    match choice {
        0 => paper(person),
        1 => Word::Paper { signer: String::new(), person: None, document: document() },
        _ => Word::Software,
    }
}

fn some_places(case: &Case, choice: u8) -> BTreeSet<String> {
    let every = choice.is_multiple_of(2);
    let chosen = |index: usize| every || (usize::from(choice) >> (index % 8)) & 1 == 1;
    case.places.keys().enumerate().filter(|(index, _)| chosen(*index)).map(|(_, key)| key.clone()).collect()
}

/// The step that the state asks for, so that random walks get somewhere.
fn sensible(case: &Case) -> u8 {
    match case.state() {
        CaseState::Detected | CaseState::Reopened => 0,
        CaseState::Judged => match case.stage.judgement().map(|judgement| judgement.applicability) {
            Some(Applicability::Affected) => 1,
            Some(Applicability::UnderInvestigation) | None => 0,
            Some(_) => 3,
        },
        CaseState::Analysed => 2,
        CaseState::Decided => 3,
        CaseState::Approved | CaseState::InProgress => {
            match (case.missing_proof().is_empty(), case.stage.treatment()) {
                (true, None) => 10,
                (true, Some(_)) => 9,
                (false, Some(Treatment::Patch) | None) => 6,
                (false, Some(Treatment::Replacement)) => 8,
                (false, Some(_)) => 7,
            }
        }
        CaseState::Confirmed => 10,
        CaseState::Closed | CaseState::Accepted => 14,
    }
}

fn answer(case: &Case, step: u8, attempt: Try, when: &Occurrence, day: i64) -> Result<CaseEvent, Refusal> {
    let choice = attempt.choice;
    let word = word(attempt.word, choice % 5);
    let change = (choice.is_multiple_of(3)).then(|| ChangeId(Uuid::from_u128(u128::from(choice))));
    let first = some_places(case, choice).into_iter().next().unwrap_or_default();
    match step {
        0 => {
            let pick = Applicability::ALL[usize::from(choice) % 4];
            case.judge(order(if choice > 100 { Applicability::Affected } else { pick }))
        }
        1 => case.analyse(inputs(case), None),
        2 => case.decide(decision(Treatment::ALL[usize::from(choice) % 6], day + 9), when),
        3 => case.approve(word, when),
        4 => case.decline("no".to_owned(), word),
        5 => case.progress(some_places(case, choice), Progress::ALL[usize::from(choice) % 4], change),
        6 => {
            let basis = if choice.is_multiple_of(2) {
                PatchBasis::Rematched { rematch: Rematch { knowledge: 1, at: when.at } }
            } else {
                PatchBasis::FixedBuild { document: document() }
            };
            let place = case.places.keys().nth(usize::from(choice / 2) % case.places.len()).unwrap();
            case.prove_patch(place.clone(), change, when.at, basis, when)
        }
        7 => case.show_effect(some_places(case, choice), document(), "n".to_owned()),
        8 => case.replace(first, document(), key(90), Rematch { knowledge: 1, at: when.at }),
        9 => {
            let effect = case.stage.treatment().is_some_and(Treatment::needs_effect);
            case.confirm(word, (effect != choice.is_multiple_of(7)).then(|| on(day + 20)), when)
        }
        10 => case.close(),
        11 => case.reopen("again".to_owned()),
        12 => case.agree_alternative(
            Alternative {
                source: AlternativeSource::Change(ChangeId(Uuid::from_u128(1))),
                note: "n".to_owned(),
                until: on(day + 8),
            },
            when,
        ),
        _ => case.expire(when),
    }
}

/// Another answer of matching: some findings are there, some places were judged.
fn another_answer(told: &mut Told, attempt: Try, day: i64) {
    let choice = attempt.choice;
    let hits: Vec<Hit> = (0u32..6)
        .filter(|bit| (choice >> bit) & 1 == 1)
        .map(|bit| Hit { kev: choice > 200, ..hit(bit % 3, bit / 3) })
        .collect();
    told.refresh(&hits, &judged(0..2, day), day);
}

fn walk(tries: Vec<Try>) -> (BTreeSet<CaseState>, Observer) {
    walk_from(Told::open(&[hit(0, 0), hit(0, 1)], None), tries, another_answer)
}

/// Walks from a case; `other` is what happens to it besides the steps of persons.
pub(super) fn walk_from(
    mut told: Told,
    tries: Vec<Try>,
    other: impl Fn(&mut Told, Try, i64),
) -> (BTreeSet<CaseState>, Observer) {
    let mut observer = Observer::default();
    let mut seen = 0;
    let mut day = 0;
    let mut visited = BTreeSet::new();
    for attempt in tries {
        day += i64::from(attempt.days);
        let when = by(attempt.person, day);
        let step = if attempt.step > 14 { sensible(&told.case) } else { attempt.step };
        if step == 14 {
            other(&mut told, attempt, day);
        } else {
            let before = told.case.clone();
            let result = answer(&told.case, step, attempt, &when, day);
            if told.try_step(result, &when).is_err() {
                assert_eq!(told.case, before);
            }
        }
        for (event, when) in told.events.iter().skip(seen) {
            observer.watch(event, when, false);
        }
        seen = told.events.len();
        visited.insert(told.case.state());
        let accepted = told.case.stage.treatment() == Some(Treatment::Accept);
        assert!(!(accepted && told.case.state() == CaseState::Closed), "an accepted risk was closed");
        assert_eq!(told.case.due, None, "a due date without a policy");
    }
    told.check();
    (visited, observer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_path_leads_around_a_gate(tries in tries()) {
        walk(tries);
    }
}

/// The walks would prove nothing if they never arrived.
#[test]
fn walks_arrive() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut closings, mut acceptances, mut states) = (0, 0, BTreeSet::new());
    for _ in 0..300 {
        let tries = tries().new_tree(&mut runner).unwrap().current();
        let (visited, observer) = walk(tries);
        closings += observer.closings;
        acceptances += observer.acceptances;
        states.extend(visited);
    }
    assert!(closings > 20 && acceptances > 20, "{closings} {acceptances}");
    assert_eq!(states.len(), CaseState::ALL.len(), "{states:?}");
}
