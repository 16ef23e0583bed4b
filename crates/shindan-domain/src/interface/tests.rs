//! Random histories beside an observer who remembers what was tested.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    Direction, IntegrityResult, IntegrityTest, Interface, InterfaceDraft, InterfaceEvent, InterfaceState,
    Mechanism,
};
use crate::model::{History, by, document, for_random_steps};
use crate::process::{ReasonCode, Refusal};
use crate::record_id::{CaseId, PartyId, SystemId};

const CASE: Option<CaseId> = Some(CaseId(Uuid::from_u128(3)));

fn draft(mechanism: Option<Mechanism>, protocol: u8) -> InterfaceDraft {
    InterfaceDraft {
        name: "検査結果の連携".to_owned(),
        system: SystemId(Uuid::from_u128(1)),
        counterpart: PartyId(Uuid::from_u128(2)),
        direction: Direction::Receives,
        data: "検査結果".to_owned(),
        protocol: format!("HL7 v2.{protocol}"),
        mechanism,
        set_up: None,
    }
}

fn day(minutes: i64) -> jiff::civil::Date {
    crate::calendar::day(by(0, minutes).at)
}

fn test(result: IntegrityResult, on: i64, next: i64) -> IntegrityTest {
    let method = "one byte of a result was changed on the way".to_owned();
    IntegrityTest { on: day(on), method, result, documents: vec![document(1)], next: day(next) }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

#[test]
fn only_a_test_of_what_it_is_now_makes_it_tested() {
    let mut reached = BTreeSet::new();
    for_random_steps(300, 40, |steps| {
        let mut interface: History<Interface> = History::new();
        interface.record(&Interface::register(draft(None, 0), CASE).unwrap(), by(0, 0));
        let mut minutes = 0;
        // What an observer knows: what is operated, and what was tested last with which result.
        let mut operated: (Option<Mechanism>, u8) = (None, 0);
        let mut tested: Option<(Option<Mechanism>, u8, IntegrityResult)> = None;
        let mut ended = false;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            let when = by(step.who, minutes);
            let state = interface.state().clone();
            let chosen = usize::from(step.first).checked_sub(1);
            let wanted = (chosen.and_then(|n| Mechanism::ALL.get(n)).copied(), step.second % 2);
            let result = if step.second == 0 { IntegrityResult::Accepted } else { IntegrityResult::Refused };
            let answer = match step.what % 8 {
                0 => state.change(draft(wanted.0, wanted.1), "because".to_owned(), CASE),
                7 if step.first == 0 && step.second == 0 => state.end("replaced".to_owned()),
                _ => state.test(test(result, minutes, minutes + 2 * 24 * 60), &when),
            };
            let Ok(event) = answer else { continue };
            assert!(!ended, "nothing happens after the end");
            match &event {
                InterfaceEvent::Changed { .. } => operated = wanted,
                InterfaceEvent::Tested(_) => {
                    assert!(operated.0.is_some(), "what is not there cannot be tested");
                    tested = Some((operated.0, operated.1, result));
                }
                InterfaceEvent::Ended { .. } => ended = true,
                InterfaceEvent::Registered { .. } => {}
            }
            interface.record(&event, when);
            // A change back to what was tested before does not revive the test: it was another moment.
            if matches!(event, InterfaceEvent::Changed { .. }) {
                tested = None;
            }
            let state = interface.state().state();
            let expected = match (ended, operated.0, tested) {
                (true, ..) => InterfaceState::Ended,
                (_, None, _) => InterfaceState::WithoutMechanism,
                (_, Some(_), None) => InterfaceState::Untested,
                (_, _, Some((.., IntegrityResult::Refused))) => InterfaceState::Tested,
                (_, _, Some((.., IntegrityResult::Accepted))) => InterfaceState::Failed,
            };
            assert_eq!(state, expected);
            reached.insert(state);
        }
        interface.check_fold();
    });
    assert_eq!(reached, InterfaceState::ALL.iter().copied().collect());
}

#[test]
fn a_test_needs_evidence_and_a_next_day_and_is_not_announced() {
    let mut interface: History<Interface> = History::new();
    interface.record(&Interface::register(draft(None, 0), CASE).unwrap(), by(0, 0));
    let passed = test(IntegrityResult::Refused, 0, 24 * 60);
    let without = Interface::register(draft(None, 0), None);
    assert_eq!(code(without), ReasonCode::InterfaceCaseMissing);
    assert!(Interface::register(draft(Some(Mechanism::MutualTls), 0), None).is_ok());
    let state = interface.state();
    assert_eq!(code(state.test(passed.clone(), &by(0, 1))), ReasonCode::InterfaceWithoutMechanism);
    let with = draft(Some(Mechanism::VpnAndHash), 0);
    interface.record(&state.change(with.clone(), "hash added".to_owned(), None).unwrap(), by(0, 1));
    let state = interface.state();
    let without = IntegrityTest { documents: Vec::new(), ..passed.clone() };
    assert_eq!(code(state.test(without, &by(0, 2))), ReasonCode::DocumentMissing);
    let announced = IntegrityTest { on: day(3 * 24 * 60), ..passed.clone() };
    assert_eq!(code(state.test(announced, &by(0, 2))), ReasonCode::DateInFuture);
    let never_again = IntegrityTest { next: day(0), ..passed.clone() };
    assert_eq!(code(state.test(never_again, &by(0, 2))), ReasonCode::DateNotInFuture);
    interface.record(&state.test(passed, &by(0, 2)).unwrap(), by(0, 2));
    let state = interface.state();
    assert!(!state.is_overdue(day(24 * 60)));
    assert!(state.is_overdue(day(2 * 24 * 60)));
    let renamed = InterfaceDraft { name: "another name".to_owned(), ..with.clone() };
    interface.record(&state.change(renamed, "renamed".to_owned(), None).unwrap(), by(0, 3));
    assert_eq!(interface.state().state(), InterfaceState::Tested, "a name is not tested");
    let elsewhere = InterfaceDraft { counterpart: PartyId(Uuid::from_u128(9)), ..with };
    assert_eq!(code(interface.state().change(elsewhere, "x".to_owned(), None)), ReasonCode::FieldFixed);
}
