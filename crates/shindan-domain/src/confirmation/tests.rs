//! Random reports and judgements beside an observer, and single cases.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ActionDraft, AssetLine, Fitness, Instruction, InstructionDraft, InstructionEvent, InstructionState, Item,
    ReportDraft, Respondent, Snapshot,
};
use crate::approval::Word;
use crate::model::{History, by, document, for_random_steps, id, party, person, word};
use crate::process::{Occurrence, ReasonCode, Refusal};
use crate::record_id::{PersonId, SystemId};
use crate::step::Spoken;

fn day(minutes: i64, later: i64) -> jiff::civil::Date {
    crate::calendar::day(by(0, minutes + later * 24 * 60).at)
}

fn draft(interval_days: Option<u16>) -> InstructionDraft {
    let item = |key: &str, respondent| Item {
        key: key.to_owned(),
        question: "Is the firmware current?".to_owned(),
        system: None,
        respondent,
    };
    InstructionDraft {
        title: "定期確認".to_owned(),
        scope: vec![SystemId(id(60))],
        items: vec![
            item("operator", Respondent::Operator(person(0))),
            item("provider", Respondent::Party(party(1))),
        ],
        due: day(0, 14),
        interval_days,
    }
}

fn report(item: &str, when: Occurrence) -> ReportDraft {
    let line = AssetLine {
        asset: "server-1".to_owned(),
        name: "server".to_owned(),
        version: Some("7.0.1".to_owned()),
        support_end: None,
        last_seen: None,
        open_cases: 1,
        undetermined: 2,
    };
    let snapshot =
        Snapshot { at: when.at, knowledge: Some(3), assets: vec![line], open_cases: 1, overdue_cases: 0 };
    ReportDraft { item: item.to_owned(), snapshot, statement: "checked".to_owned(), documents: Vec::new() }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

/// Per item: who reported, whether it is judged, and whether its measure is open; who carried measures out.
#[derive(Default)]
struct Observer {
    reporters: BTreeMap<String, BTreeSet<PersonId>>,
    judged: BTreeMap<String, Option<PersonId>>,
    open_actions: BTreeSet<String>,
    ended: bool,
}

impl Observer {
    fn event(&mut self, event: &InstructionEvent, when: &Occurrence) {
        assert!(!self.ended, "nothing follows the end");
        let actor = when.actor.person;
        match event {
            InstructionEvent::Instructed { .. } => {}
            InstructionEvent::Reported { item, word, .. } => {
                assert!(!self.judged.contains_key(item), "a judged report is not exchanged");
                let giver = match word {
                    Word::Software => Some(actor),
                    Word::Paper { person, .. } => *person,
                    Word::PartnerFile { .. } => None,
                };
                if item == "operator" {
                    assert_eq!(giver, Some(person(0)), "the operator's own word");
                }
                self.reporters.insert(item.clone(), giver.into_iter().chain([actor]).collect());
            }
            InstructionEvent::AskedAgain { item, .. } => {
                self.reporters.remove(item);
                self.judged.remove(item);
                self.open_actions.remove(item);
            }
            InstructionEvent::Judged { item, fitness, action, .. } => {
                assert!(!self.reporters[item].contains(&actor), "who reports does not judge");
                assert!(*fitness == Fitness::Fit || action.is_some(), "not fit: what is done");
                self.judged.insert(item.clone(), None);
                if action.is_some() {
                    self.open_actions.insert(item.clone());
                }
            }
            InstructionEvent::ActionDone { item, .. } => {
                assert!(self.open_actions.remove(item));
                self.judged.insert(item.clone(), Some(actor));
            }
            InstructionEvent::Closed { next } => {
                assert_eq!(self.judged.len(), 2, "every item is judged");
                assert!(self.open_actions.is_empty(), "every measure is done");
                assert!(self.judged.values().all(|doer| *doer != Some(actor)), "who acts does not close");
                assert!(
                    next.is_some_and(|next| next > crate::calendar::day(when.at)),
                    "and the next day is set"
                );
                self.ended = true;
            }
            InstructionEvent::Cancelled { .. } => self.ended = true,
        }
    }
}

#[test]
fn nothing_is_fit_without_a_report_and_another_persons_judgement() {
    let mut reached = BTreeSet::new();
    for_random_steps(600, 60, |steps| {
        let mut instruction: History<Instruction> = History::new();
        let mut observer = Observer::default();
        instruction.record(&Instruction::instruct(draft(Some(90)), &by(3, 0)).unwrap(), by(3, 0));
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            let when = by(step.who, minutes);
            let item = ["operator", "provider"][usize::from(step.first % 2)].to_owned();
            let state = instruction.state().clone();
            let text = || "because".to_owned();
            let answer = match step.what % 16 {
                0..=5 => {
                    let spoken = word(step.second, step.first.checked_sub(1));
                    let spoken = Spoken { word: spoken, giver_party: Some(party(step.second % 2)) };
                    state.report(report(&item, when), spoken, &when)
                }
                6..=9 => {
                    let responsible = Respondent::Operator(person(0));
                    let action = ActionDraft { text: text(), responsible, due: day(minutes, 3) };
                    let fitness = Fitness::ALL[usize::from(step.second % 2)];
                    state.judge(item, fitness, text(), (step.second > 1).then_some(action), &when)
                }
                10 | 11 => state.finish_action(item, text(), vec![document(1)]),
                12 if step.second == 0 => state.ask_again(item, text()),
                13 | 14 => {
                    state.close((step.second > 0).then(|| day(minutes, i64::from(step.second) * 30)), &when)
                }
                15 if step.first == 0 && step.second == 0 => state.cancel(text()),
                _ => continue,
            };
            if let Ok(event) = answer {
                observer.event(&event, &when);
                instruction.record(&event, when);
            }
            reached.insert(instruction.state().state());
        }
        instruction.check_fold();
    });
    assert_eq!(reached, InstructionState::ALL.iter().copied().collect());
}

#[test]
fn a_report_comes_from_who_was_asked_and_closing_names_what_is_missing() {
    let mut instruction: History<Instruction> = History::new();
    instruction.record(&Instruction::instruct(draft(Some(90)), &by(3, 0)).unwrap(), by(3, 0));
    let own = |word| Spoken { word, giver_party: Some(party(0)) };
    let when = by(1, 5);
    let other = instruction.state().report(report("operator", when), own(Word::Software), &when);
    assert_eq!(code(other), ReasonCode::OtherRespondent);
    let other = instruction.state().report(report("provider", when), own(Word::Software), &when);
    assert_eq!(code(other), ReasonCode::OtherParty);
    let paper = instruction.state().report(report("operator", when), own(word(2, Some(0))), &when).unwrap();
    instruction.record(&paper, when);
    let missing = instruction.state().close(Some(day(0, 90)), &by(3, 6)).unwrap_err().missing;
    let missing: Vec<_> =
        missing.iter().map(|reason| (reason.code, reason.params["item"].as_str())).collect();
    assert_eq!(missing, [(ReasonCode::ItemNotJudged, "operator"), (ReasonCode::NotReported, "provider")]);
    for same in [0, 1] {
        let judged = instruction.state().judge(
            "operator".to_owned(),
            Fitness::Fit,
            "ok".to_owned(),
            None,
            &by(same, 7),
        );
        assert_eq!(code(judged), ReasonCode::SamePerson, "neither the signer nor the recorder");
    }
    let bare =
        instruction.state().judge("operator".to_owned(), Fitness::NotFit, "old".to_owned(), None, &by(3, 7));
    assert_eq!(code(bare), ReasonCode::ActionMissing);
}

#[test]
fn a_regular_instruction_leads_to_the_next_one() {
    let mut instruction: History<Instruction> = History::new();
    let once = InstructionDraft { items: vec![draft(None).items[0].clone()], ..draft(Some(90)) };
    instruction.record(&Instruction::instruct(once, &by(3, 0)).unwrap(), by(3, 0));
    let when = by(0, 5);
    let spoken = Spoken { word: Word::Software, giver_party: None };
    instruction.record(&instruction.state().report(report("operator", when), spoken, &when).unwrap(), when);
    let fit =
        instruction.state().judge("operator".to_owned(), Fitness::Fit, "current".to_owned(), None, &by(3, 6));
    instruction.record(&fit.unwrap(), by(3, 6));
    assert_eq!(code(instruction.state().close(None, &by(3, 7))), ReasonCode::NextDateMissing);
    let next = instruction.state().proposed_next().unwrap();
    assert_eq!(next, day(0, 14 + 90));
    instruction.record(&instruction.state().close(Some(next), &by(3, 7)).unwrap(), by(3, 7));
    assert_eq!(instruction.state().successor().unwrap().due, next);
    assert!(instruction.state().is_overdue(day(0, 14 + 91)));
}
