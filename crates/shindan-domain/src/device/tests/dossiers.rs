//! Random dossiers beside an observer that knows the SPEC and not the program: *risk analysis from the manufacturer's
//! information and an operating rule*; who analyses does not approve; a rule holds only for what was written down in it.

use super::*;
use crate::model::{Step, for_random_steps, word};
use crate::record_id::PersonId;

/// What somebody who only watches knows.
#[derive(Default)]
struct Observer {
    informed: bool,
    used: Option<(String, bool)>,
    /// Who analysed, unless something came up since.
    analyst: Option<PersonId>,
    method: Option<UpdateMethod>,
    /// Who wrote the rule that waits, unless the dossier changed since.
    waits: Option<(PersonId, bool)>,
    /// A rule is approved; whether it still says what the dossier says.
    in_force: bool,
}

impl Observer {
    /// Something that the analysis did not know.
    fn fact(&mut self) {
        self.analyst = None;
        self.content();
    }

    /// Something that the rule does not say.
    fn content(&mut self) {
        self.in_force = false;
        if let Some((_, current)) = &mut self.waits {
            *current = false;
        }
    }

    fn watch(&mut self, event: &DeviceEvent, when: &Occurrence) {
        let who = when.actor.person;
        match event {
            DeviceEvent::Informed { information } => {
                assert!(information.document.size > 0 && !information.content.trim().is_empty());
                self.informed = true;
                self.fact();
            }
            DeviceEvent::UseStated { statement } => {
                let differs = statement.intended != statement.actual;
                assert_eq!(statement.case.is_some(), statement.comparison == UseComparison::Differs);
                assert!(!statement.reason.trim().is_empty(), "also for no difference");
                self.used = Some((statement.actual.clone(), differs));
                self.fact();
            }
            DeviceEvent::Changed { .. } => self.fact(),
            DeviceEvent::Analysed { .. } => {
                assert!(self.informed && self.used.is_some(), "from the maker's information and the use");
                self.content();
                self.analyst = Some(who);
            }
            DeviceEvent::UpdatesPlanned { method, next } => {
                assert!(*next > day(when.at));
                self.method = Some(method.clone());
                self.content();
            }
            DeviceEvent::Updated { done, next } => {
                assert!(self.method.is_some() && done.on <= day(when.at) && *next > day(when.at));
            }
            DeviceEvent::RuleWritten { documents, .. } => {
                assert!(self.analyst.is_some() && self.method.is_some() && !documents.is_empty());
                self.waits = Some((who, true));
            }
            DeviceEvent::RuleApproved { word } => {
                let (writer, current) = self.waits.take().expect("a rule waits");
                assert!(current, "nobody approves what is no longer so");
                let giver = word.giver(who);
                assert!(giver != Some(writer) && (giver.is_none() || giver != self.analyst));
                self.in_force = true;
            }
            DeviceEvent::RuleSentBack { reason } => {
                assert!(!reason.trim().is_empty() && self.waits.take().is_some());
            }
            _ => {}
        }
    }

    fn check(&self, device: &Device) {
        assert_eq!(device.rule_state() == RuleState::InForce, self.in_force);
        assert_eq!(device.analysis().map(|analysis| analysis.by), self.analyst);
        assert_eq!(device.difference().is_some(), self.used.as_ref().is_some_and(|(_, differs)| *differs));
        let codes = codes(device, 0, None);
        let lacks = |code| codes.contains(&code);
        assert_eq!(lacks(ReasonCode::DeviceInformationMissing), !self.informed);
        assert_eq!(lacks(ReasonCode::DeviceUpdateMethodMissing), self.method.is_none());
        assert_eq!(
            lacks(ReasonCode::DeviceRuleMissing)
                || lacks(ReasonCode::DeviceRuleNotApproved)
                || lacks(ReasonCode::DeviceRuleOutOfDate),
            !self.in_force,
            "a rule that does not hold is an alarm"
        );
    }
}

fn attempt(device: &Device, step: Step, minutes: i64) -> Result<DeviceEvent, Refusal> {
    let when = by(step.who, minutes);
    // One choice in four leaves out what must be said.
    let text = if step.second == 3 { " ".to_owned() } else { format!("because {}", step.first) };
    match step.what % 16 {
        0 => device.inform(InformationGiven { content: text, ..information() }, &when),
        1 => device.state_use(UseStatement { reason: text, ..statement((step.first == 0).then_some(9)) }),
        2 => {
            let support_ends = vec![SupportEnd { until: day(minute(minutes)), what: text.clone() }];
            device.change(DeviceParticulars { support_ends, ..device.particulars() }, text)
        }
        3..=5 => device.analyse(AnalysisGiven { content: text, ..analysis() }),
        6 => {
            let interval_days = u16::from(step.first) * 30;
            device.plan_updates(UpdateMethod { interval_days, ..method() }, None, &when)
        }
        7 => {
            let on = day(minute(minutes + i64::from(step.first) * 24 * 60 - 24 * 60));
            let done = UpdateDone {
                on,
                result: UpdateResult::Applied,
                firmware: Some(text.clone()),
                note: text,
                documents: Vec::new(),
            };
            device.updated(done, None, &when)
        }
        8..=10 => device.write_rule(RuleText { provisions: text, ..rule_text() }, vec![document(2)]),
        11..=14 => device.approve_rule(word(step.second, step.first.checked_sub(1)), &when),
        _ => device.send_rule_back(text),
    }
}

#[test]
fn a_rule_holds_only_while_it_says_what_the_dossier_says_and_by_the_word_of_another() {
    let (mut approved, mut outdated, mut same_person) = (0, 0, 0);
    for_random_steps(500, 80, |steps| {
        let mut device = registered();
        let mut observer = Observer::default();
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            match attempt(device.state(), step, minutes) {
                Err(refusal) => {
                    outdated += u32::from(refusal.reason.code == ReasonCode::DeviceRuleOutOfDate);
                    same_person += u32::from(refusal.reason.code == ReasonCode::SamePerson);
                }
                Ok(event) => {
                    approved += u32::from(matches!(event, DeviceEvent::RuleApproved { .. }));
                    observer.watch(&event, &by(step.who, minutes));
                    device.record(&event, by(step.who, minutes));
                    observer.check(device.state());
                }
            }
        }
        device.check_fold();
    });
    let counts = (approved, outdated, same_person);
    assert!(approved > 100 && outdated > 100 && same_person > 25, "{counts:?}");
}
