//! Random reviews beside an observer.

use std::collections::BTreeSet;

use super::{Finding, Review, ReviewEvent, ReviewItem, ReviewState};
use crate::approval::Word;
use crate::model::{History, by, document, for_random_steps, person, word};
use crate::process::{ReasonCode, Refusal};
use crate::record_id::PersonId;

fn item() -> ReviewItem {
    ReviewItem {
        title: "パッチ適用手順".to_owned(),
        content: "step 0".to_owned(),
        requirements: vec!["企画管理編 15".to_owned()],
        system: None,
        responsible: person(0),
        interval_days: Some(365),
    }
}

fn day(minutes: i64, later: i64) -> jiff::civil::Date {
    crate::calendar::day(by(0, minutes + later * 24 * 60).at)
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

#[test]
fn nothing_changes_without_a_review_and_another_persons_approval() {
    let mut reached = BTreeSet::new();
    let mut rounds = 0;
    for_random_steps(400, 40, |steps| {
        let mut review: History<Review> = History::new();
        review.record(&Review::plan(item(), day(0, 3)).unwrap(), by(0, 0));
        let mut minutes = 0;
        // What an observer knows: the content in force, the review that waits and who made it.
        let mut content = item().content;
        let mut waits: Option<(Finding, PersonId)> = None;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            let when = by(step.who, minutes);
            let state = review.state().clone();
            let reason = if step.first == 3 { String::new() } else { "because".to_owned() };
            let answer = match step.what % 8 {
                0..=2 => {
                    let finding = match step.second {
                        0 => Finding::NoChange { reason: reason.clone() },
                        number => {
                            Finding::Changed { content: format!("step {number}"), reason: reason.clone() }
                        }
                    };
                    state.review(finding, vec![document(1)])
                }
                3..=5 => {
                    let next = day(minutes, i64::from(step.first));
                    state.approve(word(step.second, step.first.checked_sub(1)), next, &when)
                }
                6 => state.send_back(reason.clone()),
                _ if step.second == 0 && step.first == 0 => state.end(reason.clone()),
                _ => continue,
            };
            let Ok(event) = answer else { continue };
            match &event {
                ReviewEvent::Reviewed { finding, .. } => {
                    assert!(waits.is_none() && !finding.reason().is_empty(), "also for no change");
                    waits = Some((finding.clone(), when.actor.person));
                }
                ReviewEvent::Approved { word, next } => {
                    let (finding, reviewer) = waits.take().unwrap();
                    let giver = match word {
                        Word::Software => Some(when.actor.person),
                        Word::Paper { person, .. } => *person,
                        Word::PartnerFile { .. } => None,
                    };
                    assert_ne!(giver, Some(reviewer), "who reviews does not approve");
                    assert!(*next > crate::calendar::day(when.at));
                    if let Finding::Changed { content: new, .. } = finding {
                        content = new;
                    }
                    rounds += 1;
                }
                ReviewEvent::SentBack { .. } => assert!(waits.take().is_some()),
                ReviewEvent::Planned { .. } | ReviewEvent::Ended { .. } => {}
            }
            review.record(&event, when);
            assert_eq!(review.state().item.content, content, "only what was approved is in force");
            reached.insert(review.state().state());
        }
        review.check_fold();
    });
    assert_eq!(reached, ReviewState::ALL.iter().copied().collect());
    assert!(rounds > 200, "{rounds}");
}

#[test]
fn a_review_is_due_on_its_day_and_overdue_the_day_after() {
    let mut review: History<Review> = History::new();
    review.record(&Review::plan(item(), day(0, 3)).unwrap(), by(0, 0));
    assert!(!review.state().is_overdue(day(0, 3)));
    assert!(review.state().is_overdue(day(0, 4)));
    let early = review.state().approve(Word::Software, day(0, 9), &by(1, 1)).unwrap_err();
    assert_eq!(early.missing[0].code, ReasonCode::NotReviewed);
    let same = Finding::Changed { content: item().content, reason: "same".to_owned() };
    assert_eq!(code(review.state().review(same, Vec::new())), ReasonCode::NothingChanges);
    let finding = Finding::NoChange { reason: "still right".to_owned() };
    review.record(&review.state().review(finding, Vec::new()).unwrap(), by(0, 1));
    assert!(review.state().is_overdue(day(0, 4)), "a review that nobody approved is not done");
    assert_eq!(code(review.state().approve(Word::Software, day(0, 9), &by(0, 2))), ReasonCode::SamePerson);
    assert_eq!(
        code(review.state().approve(Word::Software, day(0, 0), &by(1, 2))),
        ReasonCode::DateNotInFuture
    );
    let next = review.state().proposed_next(day(0, 0)).unwrap();
    review.record(&review.state().approve(Word::Software, next, &by(1, 2)).unwrap(), by(1, 2));
    assert_eq!(review.state().due(), Some(day(0, 365)));
}
