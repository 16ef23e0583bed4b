//! Notices: an update opens the judgement again.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{SOURCE, code};
use crate::collect::{Concerns, Notice, NoticeClass, NoticeContent, NoticeEvent, NoticeState};
use crate::model::{History, by, for_random_steps};
use crate::process::{Process, ReasonCode, Relation};
use crate::record_id::{CaseId, SourceCheckId};

fn content(version: u8) -> NoticeContent {
    NoticeContent {
        id: "at260024".to_owned(),
        title: format!("注意喚起 {version}"),
        link: Some("https://www.example.jp/at/2026/at260024.html".to_owned()),
        published: None,
        updated: None,
        class: NoticeClass::Alert,
        text: None,
        vulnerabilities: BTreeSet::from(["CVE-2026-0001".to_owned()]),
    }
}

fn check(number: u8) -> SourceCheckId {
    SourceCheckId(Uuid::from_u128(u128::from(number)))
}

fn case(number: u8) -> CaseId {
    CaseId(Uuid::from_u128(100 + u128::from(number)))
}

#[test]
fn only_a_judgement_of_what_it_says_now_counts() {
    let mut reached = BTreeSet::new();
    for_random_steps(300, 30, |steps| {
        let mut notice: History<Notice> = History::new();
        notice.record(&Notice::receive(SOURCE, check(0), content(0)).unwrap(), by(0, 0));
        // What an observer remembers: the judgement of what it says now, and whether there was any before.
        let (mut judged, mut before, mut minutes) = (None, false, 0);
        for step in steps {
            minutes += i64::from(step.minutes);
            let state = notice.state().clone();
            let concerns = if step.first < 2 { Concerns::Us } else { Concerns::NotUs };
            let answer = match step.what % 3 {
                0 => state.update(check(step.second), content(step.first)),
                1 => state.judge(concerns, format!("because {}", step.second), BTreeSet::new()),
                _ => state.judge(concerns, "because".to_owned(), BTreeSet::from([case(step.second)])),
            };
            let Ok(event) = answer else { continue };
            match &event {
                NoticeEvent::Updated { .. } => {
                    before |= judged.is_some();
                    judged = None;
                }
                NoticeEvent::Judged { concerns, cases, .. } => {
                    assert!(*concerns == Concerns::Us || cases.is_empty());
                    before |= judged.is_some();
                    judged = Some(*concerns);
                }
                NoticeEvent::Received { .. } => panic!("received twice"),
            }
            notice.record(&event, by(step.who, minutes));
            let expected = match (judged, before) {
                (Some(Concerns::Us), _) => NoticeState::ConcernsUs,
                (Some(Concerns::NotUs), _) => NoticeState::DoesNotConcernUs,
                (None, true) => NoticeState::Updated,
                (None, false) => NoticeState::ToBeJudged,
            };
            assert_eq!(notice.state().state(), expected);
            assert_eq!(notice.state().filed().open, judged.is_none());
            reached.insert(expected);
        }
        notice.check_fold();
    });
    let all: BTreeSet<_> = NoticeState::ALL.iter().copied().collect();
    reached.insert(NoticeState::ToBeJudged);
    assert_eq!(reached, all);
}

#[test]
fn a_judgement_has_a_reason_and_what_is_not_ours_no_cases() {
    let mut notice: History<Notice> = History::new();
    notice.record(&Notice::receive(SOURCE, check(0), content(0)).unwrap(), by(0, 0));
    let state = notice.state();
    let none = BTreeSet::new;
    assert_eq!(code(state.judge(Concerns::Us, " ".to_owned(), none())), ReasonCode::TextMissing);
    let cases = BTreeSet::from([case(1)]);
    let refused = state.judge(Concerns::NotUs, "x".to_owned(), cases.clone());
    assert_eq!(code(refused), ReasonCode::NoticeCasesNotOurs);
    assert_eq!(code(state.update(check(1), content(0))), ReasonCode::NothingChanges);
    let other = NoticeContent { id: "at260025".to_owned(), ..content(1) };
    assert_eq!(code(state.update(check(1), other)), ReasonCode::FieldFixed);
    let blank = NoticeContent { title: String::new(), ..content(1) };
    assert_eq!(code(state.update(check(1), blank.clone())), ReasonCode::TextMissing);
    assert_eq!(code(Notice::receive(SOURCE, check(0), blank)), ReasonCode::TextMissing);
    notice.record(&state.judge(Concerns::Us, "in use".to_owned(), cases.clone()).unwrap(), by(0, 1));
    let again = notice.state().judge(Concerns::Us, "in use".to_owned(), cases);
    assert_eq!(code(again), ReasonCode::NothingChanges);
    let links = notice.state().filed().links;
    let to =
        |relation, target: &str| links.iter().any(|link| link.relation == relation && link.target == target);
    assert!(to(Relation::Vulnerability, "CVE-2026-0001"));
    assert!(to(Relation::Case, &case(1).to_string()));
    assert!(to(Relation::PartOf, &SOURCE.to_string()));
}
