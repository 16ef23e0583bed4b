//! Random steps by random persons, watched by an observer with its own books; and what a policy may say.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::{Actor, Hash, Through};
use crate::process::{Process, ReasonCode, Refusal, decode, encode};

fn by(number: u8, day: i64) -> Occurrence {
    let person = PersonId(Uuid::from_u128(u128::from(number) + 1));
    let at = Timestamp::from_second(1_790_000_000 + day * 86_400).unwrap();
    Occurrence { at, actor: Actor { person, through: Through::Session } }
}

fn days(immediate: u16, out_of_cycle: u16, scheduled: u16) -> DaysByPriority {
    DaysByPriority { immediate, out_of_cycle, scheduled }
}

fn due_dates(review: u16) -> Content {
    Content::DueDates(DueDates {
        decide: days(1, 7, 30),
        done: days(3, 14, 90),
        verify_after_change: 0,
        chase_inquiry: 7,
        review,
    })
}

fn rules(surge: Option<&str>) -> Content {
    Content::DecisionTable(PriorityRules {
        rules_id: "r".to_owned(),
        rules_version: "1".to_owned(),
        table_id: "t".to_owned(),
        rules_text: "r".to_owned(),
        table_text: "t".to_owned(),
        surge_epss: surge.map(str::to_owned),
    })
}

#[test]
fn what_makes_no_sense_is_refused() {
    let more_time_for_the_urgent = Content::DueDates(DueDates {
        decide: days(8, 7, 30),
        done: days(8, 14, 90),
        verify_after_change: 1,
        chase_inquiry: 1,
        review: 1,
    });
    let done_before_decided = Content::DueDates(DueDates {
        decide: days(1, 7, 30),
        done: days(0, 7, 30),
        verify_after_change: 1,
        chase_inquiry: 1,
        review: 1,
    });
    let interval = |confirm, review, judge| {
        Content::ConfirmationInterval(ConfirmationInterval { confirm, review, judge })
    };
    for (content, sound) in [
        (due_dates(1), true),
        (due_dates(0), false),
        (more_time_for_the_urgent, false),
        (done_before_decided, false),
        (rules(None), true),
        (rules(Some("0.5")), true),
        (rules(Some("5e-1")), false),
        (interval(365, 365, 7), true),
        (interval(365, 365, 0), false),
    ] {
        let result = Policy::propose("t".to_owned(), content.clone(), "r".to_owned());
        assert_eq!(result.is_ok(), sound, "{content:?}");
    }
    assert!(Policy::propose(" ".to_owned(), due_dates(1), "r".to_owned()).is_err());
    assert!(Policy::propose("t".to_owned(), due_dates(1), String::new()).is_err());
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let id = PolicyId(Uuid::from_u128(1));
    let tell = |policy: Option<Policy>, event: PolicyEvent, when: Occurrence| {
        Some(Policy::apply(policy, &event, &when).unwrap())
    };
    let mut policy =
        tell(None, Policy::propose("t".to_owned(), due_dates(1), "r".to_owned()).unwrap(), by(0, 0));
    let step = |policy: &Option<Policy>, f: &dyn Fn(&Policy) -> Result<PolicyEvent, Refusal>| {
        f(policy.as_ref().unwrap()).unwrap()
    };
    let event = step(&policy, &|policy| policy.approve(1, Word::Software, &by(1, 1)));
    policy = tell(policy, event, by(1, 1));
    let same = policy.as_ref().unwrap().revise(due_dates(1), "r".to_owned()).unwrap_err();
    assert_eq!(same.reason.code, ReasonCode::NothingChanges);
    let other = policy.as_ref().unwrap().revise(rules(None), "r".to_owned()).unwrap_err();
    assert_eq!(other.reason.code, ReasonCode::PolicyKindDiffers);
    let event = step(&policy, &|policy| policy.revise(due_dates(2), "r".to_owned()));
    policy = tell(policy, event, by(1, 5));
    assert_eq!(policy.as_ref().unwrap().due_policy(id).unwrap().reference().version, 1);
    let event = step(&policy, &|policy| policy.approve(2, Word::Software, &by(0, 6)));
    policy = tell(policy, event, by(0, 6));
    let policy = policy.unwrap();
    assert_eq!(policy.due_policy(id).unwrap().reference().version, 2);
    assert_eq!(policy.version(1).unwrap().state, PolicyState::Superseded);
    for (day, version) in [(0, None), (1, Some(1)), (5, Some(1)), (6, Some(2)), (90, Some(2))] {
        let in_force = policy.in_force_at(by(0, day).at).map(|version| version.number);
        assert_eq!(in_force, version, "day {day}");
    }
}

fn word(choice: u8, person: u8) -> Word {
    let signer = if choice == 1 { String::new() } else { "S".to_owned() };
    let document = Document { sha256: Hash::of(b"scan"), size: 4, name: "scan.pdf".to_owned() };
    match choice {
        0 | 1 => {
            Word::Paper { signer, person: Some(PersonId(Uuid::from_u128(u128::from(person) + 1))), document }
        }
        _ => Word::Software,
    }
}

proptest! {
    #[test]
    fn no_version_is_in_force_by_the_word_of_its_proposer(
        tries in prop::collection::vec((0u8..5, 0u8..3, 0u8..4, 0u8..3, 0u8..4), 1..50)
    ) {
        let mut policy: Option<Policy> = None;
        let mut events = Vec::new();
        // The observer's books: who proposed each version, and which one was approved last and is not withdrawn.
        let mut proposers: Vec<PersonId> = Vec::new();
        let mut in_force: Option<u32> = None;
        for (day, (step, person, choice, signer, version)) in tries.into_iter().enumerate() {
            let when = by(person, day as i64);
            let word = word(choice, signer);
            let number = u32::from(version) + proposers.len().saturating_sub(2) as u32;
            let result = match (&policy, step) {
                (None, _) => Policy::propose("t".to_owned(), due_dates(1), "r".to_owned()),
                (Some(policy), 0 | 1) => policy.revise(due_dates(u16::from(version) + 1), "r".to_owned()),
                (Some(policy), 2) => policy.approve(number, word.clone(), &when),
                (Some(policy), 3) => policy.reject(number, "r".to_owned()),
                (Some(policy), _) => policy.withdraw("r".to_owned(), word.clone()),
            };
            let Ok(event) = result else { continue };
            match &event {
                PolicyEvent::Proposed { .. } | PolicyEvent::Revised { .. } => {
                    proposers.push(when.actor.person);
                }
                PolicyEvent::Approved { version, word } => {
                    let proposer = proposers[*version as usize - 1];
                    prop_assert_ne!(word.giver(when.actor.person), Some(proposer));
                    in_force = Some(*version);
                }
                PolicyEvent::Rejected { version, .. } => prop_assert_ne!(Some(*version), in_force),
                PolicyEvent::Withdrawn { .. } => in_force = None,
            }
            policy = Some(Policy::apply(policy, &event, &when).unwrap());
            events.push((event, when));
            let state = policy.as_ref().unwrap();
            prop_assert_eq!(state.in_force().map(|version| version.number), in_force);
            let id = PolicyId(Uuid::from_u128(1));
            prop_assert_eq!(state.due_policy(id).map(|due| due.reference().version), in_force);
            prop_assert_eq!(state.filed().status, state.view().status);
        }
        let mut rebuilt: Option<Policy> = None;
        for (event, when) in &events {
            let written = encode::<Policy>(event).unwrap();
            crate::ledger::canonical(&written.payload).unwrap();
            let read = decode::<Policy>(&written.event, written.version, &written.payload).unwrap();
            prop_assert_eq!(&read, event);
            rebuilt = Some(Policy::apply(rebuilt, &read, when).unwrap());
        }
        prop_assert_eq!(rebuilt, policy);
    }
}
