//! Random correspondence beside an observer, and single cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Affected, Answer, Inquiry, InquiryDraft, InquiryEvent, InquiryState, MayPatch, Question, Way};
use crate::alternative::Alternative;
use crate::model::{History, Step, by, document, for_random_steps, id, party};
use crate::process::{Process, ReasonCode};
use crate::record_id::{CaseId, SystemId};

fn draft() -> InquiryDraft {
    let question = |number: u8| Question {
        key: format!("q{number}"),
        vulnerabilities: vec![format!("CVE-2026-{number}")],
        subject: "server".to_owned(),
        text: String::new(),
    };
    InquiryDraft {
        case: CaseId(id(80)),
        system: SystemId(id(60)),
        provider: party(1),
        title: "照会".to_owned(),
        questions: vec![question(0), question(1)],
    }
}

fn day(minutes: i64, later: i64) -> Date {
    crate::calendar::day(by(0, minutes + later * 24 * 60).at)
}

fn answer(question: &str, affected: Affected, may_patch: MayPatch) -> Answer {
    let (alternative, until) = (None, None);
    Answer { question: question.to_owned(), affected, may_patch, alternative, until, text: "x".to_owned() }
}

fn random_answer(step: Step, minutes: i64) -> Answer {
    let affected = Affected::ALL[usize::from(step.first)];
    let may_patch = MayPatch::ALL[usize::from(step.second)];
    let mut answer = answer(&format!("q{}", step.what / 64 % 3), affected, may_patch);
    if step.who > 0 {
        answer.until = Some(day(minutes, 5));
        let later = if step.who == 1 { -5 } else { 30 };
        let (text, until) = ("closed port".to_owned(), day(minutes, later));
        answer.alternative = Some(Alternative { text, until, document: None });
    }
    if step.who == 3 {
        answer.text.clear();
    }
    answer
}

/// What an observer knows of the correspondence.
#[derive(Default)]
struct Observer {
    due: Option<Date>,
    reminders: u32,
    answers: BTreeMap<String, Answer>,
    ended: bool,
}

impl Observer {
    fn event(&mut self, event: &InquiryEvent, today: Date) {
        assert!(!self.ended, "nothing follows the end");
        match event {
            InquiryEvent::Drafted { .. } => {}
            InquiryEvent::Sent { due, .. } => {
                assert!(self.due.is_none() && *due > today);
                self.due = Some(*due);
            }
            InquiryEvent::Chased { due, .. } => {
                assert!(self.due.is_some(), "only what was sent is chased");
                self.due = Some(*due);
                self.reminders += 1;
            }
            InquiryEvent::Answered { answers, .. } => {
                assert!(self.due.is_some(), "only what was sent is answered");
                for answer in answers {
                    let no = answer.may_patch == MayPatch::No && answer.affected == Affected::Affected;
                    let held = answer.alternative.as_ref().is_some_and(|offer| offer.until > today);
                    assert!(!no || held, "cannot patch: what instead, until when");
                    assert!(answer.affected != Affected::NotAffected || !answer.text.is_empty(), "and why");
                    self.answers.insert(answer.question.clone(), answer.clone());
                }
            }
            InquiryEvent::Judged { .. } => {
                assert_eq!(self.answers.len(), 2, "every question is answered before judgement");
                self.ended = true;
            }
            InquiryEvent::FoundInsufficient { due, .. } => {
                self.answers.clear();
                self.due = Some(*due);
                self.reminders += 1;
            }
            InquiryEvent::GivenUpWaiting { .. } => {
                assert!(self.reminders > 0, "reminded before giving up");
                assert!(self.due.is_some_and(|due| today > due), "and overdue");
                self.ended = true;
            }
            InquiryEvent::Cancelled { .. } => {
                assert!(self.answers.is_empty());
                self.ended = true;
            }
        }
    }
}

#[test]
fn no_answer_is_made_up_and_none_is_lost() {
    let mut reached = BTreeSet::new();
    for_random_steps(600, 40, |steps| {
        let mut inquiry: History<Inquiry> = History::new();
        let mut observer = Observer::default();
        inquiry.record(&Inquiry::draft(draft()).unwrap(), by(0, 0));
        let mut minutes = 0;
        let mut replies = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes) * 12;
            let when = by(step.who, minutes);
            let state = inquiry.state().clone();
            let due = day(minutes, i64::from(step.first) - 1);
            let way = Way::ALL[usize::from(step.second)];
            let text = || "said".to_owned();
            let result = match step.what % 16 {
                0..=2 => state.send(way, due, Some(document(1)), String::new(), &when),
                3 | 4 => state.chase(way, due, text(), &when),
                5..=11 => {
                    let paper = (step.who != 2).then(|| document(2));
                    state.answer("support".to_owned(), way, paper, vec![random_answer(step, minutes)], &when)
                }
                12 => state.judge(text()),
                13 if step.first > 1 => state.find_insufficient(text(), way, due, &when),
                14 => state.give_up_waiting(text(), &when),
                15 if step.first == 0 && step.second == 0 => state.cancel(text()),
                _ => continue,
            };
            if let Ok(event) = result {
                observer.event(&event, crate::calendar::day(when.at));
                replies += usize::from(matches!(event, InquiryEvent::Answered { .. }));
                inquiry.record(&event, when);
                let kept = inquiry.state().correspondence().map_or(replies, |kept| kept.replies.len());
                assert_eq!(kept, replies, "every reply is kept");
                let open = !observer.ended;
                assert_eq!(inquiry.state().filed().open, open);
            }
            reached.insert(inquiry.state().state());
            let overdue = observer.due.is_some_and(|due| crate::calendar::day(when.at) > due);
            let waits = inquiry.state().state() == InquiryState::Sent;
            assert_eq!(inquiry.state().is_overdue(crate::calendar::day(when.at)), overdue && waits);
            if inquiry.state().state() != InquiryState::Judged {
                assert_eq!(inquiry.state().agreed_alternatives().count(), 0, "an offer is not yet agreed");
            }
        }
        inquiry.check_fold();
    });
    assert_eq!(reached, InquiryState::ALL.iter().copied().collect());
}

#[test]
fn every_row_that_lacks_something_is_named_at_once() {
    let mut inquiry: History<Inquiry> = History::new();
    inquiry.record(&Inquiry::draft(draft()).unwrap(), by(0, 0));
    let sent = inquiry.state().send(Way::Spreadsheet, day(0, 7), Some(document(1)), String::new(), &by(0, 1));
    inquiry.record(&sent.unwrap(), by(0, 1));
    let answers = vec![
        answer("q0", Affected::Affected, MayPatch::No),
        Answer { text: String::new(), ..answer("q1", Affected::NotAffected, MayPatch::NotNeeded) },
        answer("q9", Affected::Fixed, MayPatch::NotNeeded),
    ];
    let refused = inquiry
        .state()
        .answer("support".to_owned(), Way::Spreadsheet, Some(document(2)), answers, &by(0, 2))
        .unwrap_err();
    let rows: Vec<_> =
        refused.missing.iter().map(|reason| (reason.code, reason.params["question"].as_str())).collect();
    assert_eq!(
        rows,
        [
            (ReasonCode::AlternativeMissing, "q0"),
            (ReasonCode::AnswerWithoutReason, "q1"),
            (ReasonCode::QuestionUnknown, "q9"),
        ]
    );
}

#[test]
fn cannot_patch_leads_back_to_the_decision_with_its_alternative() {
    let mut inquiry: History<Inquiry> = History::new();
    inquiry.record(&Inquiry::draft(draft()).unwrap(), by(0, 0));
    let sent = inquiry.state().send(Way::Mail, day(0, 7), None, String::new(), &by(0, 1)).unwrap();
    inquiry.record(&sent, by(0, 1));
    let alternative = Alternative { text: "port closed".to_owned(), until: day(0, 90), document: None };
    let answers = vec![
        Answer { alternative: Some(alternative.clone()), ..answer("q0", Affected::Affected, MayPatch::No) },
        answer("q1", Affected::Fixed, MayPatch::NotNeeded),
    ];
    let answered =
        inquiry.state().answer("support".to_owned(), Way::Mail, Some(document(2)), answers, &by(0, 2));
    inquiry.record(&answered.unwrap(), by(0, 2));
    assert_eq!(inquiry.state().state(), InquiryState::Answered);
    inquiry.record(&inquiry.state().judge("we close the port".to_owned()).unwrap(), by(1, 3));
    let agreed: Vec<_> =
        inquiry.state().agreed_alternatives().map(|(question, offer)| (&question.key, offer)).collect();
    assert_eq!(agreed, [(&"q0".to_owned(), &alternative)]);
}
