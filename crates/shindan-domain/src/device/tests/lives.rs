//! Random lives beside an observer that knows the SPEC and not the program: *in use → stopped/fault → disconnection to be
//! confirmed → confirmed (by whom, how) → disposed*, no shortcut, and *retired but seen* is an alarm.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::model::{Step, for_random_steps, word};
use crate::record_id::PersonId;

/// What somebody who only watches knows.
#[derive(Default)]
struct Observer {
    used: bool,
    /// Since when nobody has looked whether it is disconnected, and who said that it stopped or was disconnected.
    open: Option<(Timestamp, BTreeSet<PersonId>)>,
    /// When somebody looked last, and whose word it was.
    looked: Option<(Timestamp, Option<PersonId>)>,
    gone: bool,
    stopped_by: Option<PersonId>,
}

impl Observer {
    fn watch(&mut self, event: &DeviceEvent, when: &Occurrence) {
        let who = when.actor.person;
        match event {
            DeviceEvent::Registered { .. } => self.used = true,
            DeviceEvent::Stopped { since, reason, .. } => {
                assert!(self.used && !reason.is_empty() && *since <= when.at);
                self.used = false;
                self.stopped_by = Some(who);
                self.open = Some((*since, [who].into()));
                self.looked = None;
            }
            DeviceEvent::DisconnectionConfirmed { how, documents, checked, word, .. } => {
                let (since, doers) = self.open.take().expect("there was something to confirm");
                assert!(!how.is_empty(), "it says how");
                assert!(*checked >= since && *checked <= when.at, "somebody looked after it stopped");
                if let Word::Software = word {
                    assert!(!doers.contains(&who) || !documents.is_empty(), "one's own word alone");
                }
                self.looked = Some((*checked, word.giver(who)));
            }
            DeviceEvent::BackInUse { reason } => {
                assert!(!self.used && !reason.is_empty());
                assert!(!self.gone || self.open.is_some(), "what is gone and was not seen stays gone");
                *self = Observer { used: true, ..Observer::default() };
            }
            DeviceEvent::Disposed { how, .. } => {
                assert!(!self.used && self.open.is_none() && self.looked.is_some(), "no shortcut");
                assert!(!how.is_empty());
                self.gone = true;
            }
            DeviceEvent::SeenAgain { seen } => {
                let (looked, giver) = self.looked.expect("it had been confirmed");
                assert!(!self.used && seen.at > looked, "what was seen before somebody looked is no news");
                if let Some((since, _)) = &self.open {
                    assert!(seen.at > *since);
                }
                let doers = [self.stopped_by, giver].into_iter().flatten().collect();
                self.open = Some((seen.at, doers));
            }
            _ => {}
        }
    }

    fn check(&self, device: &Device) {
        let state = device.state();
        assert_eq!(state == DeviceState::InUse, self.used);
        let alarm = device.alarms(day(minute(1_000_000)), None);
        let open = |code| alarm.iter().any(|reason| reason.code == code);
        assert_eq!(
            open(ReasonCode::DeviceDisconnectionOpen) || open(ReasonCode::DeviceWasSeenAgain),
            self.open.is_some(),
            "a device that is not used is an alarm until somebody looked"
        );
        assert_eq!(state == DeviceState::Disposed, self.gone && self.open.is_none());
        assert_eq!(device.filed().open, state != DeviceState::Disposed);
        assert_eq!(device.stage.disconnection_open(), self.open.as_ref().map(|(since, _)| *since));
        if let Some((since, _)) = &self.open {
            assert_eq!(device.filed().due, Some(day(*since)), "lists show since when");
        }
    }
}

fn attempt(device: &Device, step: Step, minutes: i64) -> Option<Result<DeviceEvent, Refusal>> {
    let when = by(step.who, minutes);
    // One choice in four leaves out what must be said; times lie an hour before or after, too.
    let text = if step.second == 3 { String::new() } else { "because".to_owned() };
    let time = minute(minutes + i64::from(step.first) * 60 - 120);
    let documents = if step.second == 1 { vec![document(5)] } else { Vec::new() };
    Some(match step.what % 9 {
        0 => device.stop(StopKind::Stopped, text, time, &when),
        1 => device.stop(StopKind::Faulty, text, time, &when),
        2..=4 => {
            let means = DisconnectionMeans::CableRemoved;
            let order = DisconnectionOrder { means, how: text, documents, checked: time };
            device.confirm_disconnected(order, word(step.what / 9, step.first.checked_sub(1)), &when)
        }
        5 => device.dispose(text, documents, day(time), &when),
        6 | 7 => {
            let seen =
                Seen { at: time, by_what: text, sighting: None, document: documents.into_iter().next() };
            device.seen_again(seen, &when)
        }
        _ if step.first == 0 => device.back_in_use(text),
        _ => return None,
    })
}

#[test]
fn nothing_is_disposed_of_before_somebody_looked_and_a_sighting_is_an_alarm_until_somebody_looks_again() {
    let mut reached = BTreeSet::new();
    let (mut disposed_twice, mut own_word_refused, mut early_refused) = (0, 0, 0);
    for_random_steps(600, 60, |steps| {
        let mut device: History<Device> = History::new();
        let mut observer = Observer::default();
        let first = Device::register(particulars()).unwrap();
        observer.watch(&first, &by(0, 0));
        device.record(&first, by(0, 0));
        let mut minutes = 0;
        for step in steps.iter().copied() {
            minutes += i64::from(step.minutes);
            match attempt(device.state(), step, minutes) {
                None => continue,
                Some(Err(refusal)) => {
                    own_word_refused += u32::from(refusal.reason.code == ReasonCode::DeviceNeedsDocument);
                    early_refused += u32::from(refusal.reason.code == ReasonCode::DeviceCheckedTooEarly);
                }
                Some(Ok(event)) => {
                    disposed_twice += u32::from(
                        matches!(event, DeviceEvent::DisconnectionConfirmed { .. }) && observer.gone,
                    );
                    observer.watch(&event, &by(step.who, minutes));
                    device.record(&event, by(step.who, minutes));
                    observer.check(device.state());
                    reached.insert(device.state().state());
                }
            }
        }
        device.check_fold();
    });
    assert_eq!(reached, DeviceState::ALL.iter().copied().collect(), "every state was reached");
    let counts = (disposed_twice, own_word_refused, early_refused);
    assert!(disposed_twice > 10 && own_word_refused > 50 && early_refused > 20, "{counts:?}");
}

#[test]
fn a_stopped_device_is_not_disposed_of_and_the_refusal_says_what_is_missing() {
    let mut device = registered();
    assert_eq!(
        code(device.state().dispose("shredded".to_owned(), Vec::new(), day(minute(0)), &by(0, 0))),
        ReasonCode::StepOutOfOrder
    );
    device.step(device.state().stop(StopKind::Stopped, "old".to_owned(), minute(5), &by(0, 6)), 0, 6);
    let refusal = device.state().dispose("shredded".to_owned(), Vec::new(), day(minute(6)), &by(0, 6));
    let missing: Vec<ReasonCode> = refusal.unwrap_err().missing.iter().map(|reason| reason.code).collect();
    assert_eq!(missing, [ReasonCode::DeviceDisconnectionOpen]);
    let order = |checked| DisconnectionOrder {
        means: DisconnectionMeans::Removed,
        how: "in the store".to_owned(),
        documents: Vec::new(),
        checked: minute(checked),
    };
    let confirm = |device: &Device, who, checked| {
        device.confirm_disconnected(order(checked), Word::Software, &by(who, 9))
    };
    assert_eq!(code(confirm(device.state(), 0, 7)), ReasonCode::DeviceNeedsDocument);
    assert_eq!(code(confirm(device.state(), 1, 4)), ReasonCode::DeviceCheckedTooEarly);
    assert_eq!(code(confirm(device.state(), 1, 99)), ReasonCode::DateInFuture);
    device.step(confirm(device.state(), 1, 7), 1, 9);
    device.step(device.state().dispose("shredded".to_owned(), Vec::new(), day(minute(9)), &by(0, 9)), 0, 9);
    assert_eq!(code(device.state().back_in_use("r".to_owned())), ReasonCode::RecordEnded);
    assert_eq!(code(device.state().inform(information(), &by(0, 9))), ReasonCode::RecordEnded);
    let seen = |at| Seen { at: minute(at), by_what: "192.0.2.7".to_owned(), sighting: None, document: None };
    assert_eq!(code(device.state().seen_again(seen(7), &by(0, 12))), ReasonCode::DeviceSeenBefore);
    device.step(device.state().seen_again(seen(10), &by(0, 12)), 0, 12);
    assert_eq!(device.state().state(), DeviceState::SeenAgain);
    assert_eq!(code(device.state().seen_again(seen(10), &by(0, 12))), ReasonCode::NothingChanges, "known");
    assert_eq!(
        code(device.state().confirm_disconnected(order(10), Word::Software, &by(2, 13))),
        ReasonCode::DeviceCheckedTooEarly,
        "not later than it was seen"
    );
    device.step(device.state().confirm_disconnected(order(11), Word::Software, &by(2, 13)), 2, 13);
    assert_eq!(device.state().state(), DeviceState::Disposed, "what was disposed of is so again");
}
