//! Tests of subscriptions.

use std::collections::BTreeSet;

use super::{
    DeliveryFailure, MessageLanguage, Subscription, SubscriptionDraft, SubscriptionState, Topic, Urgency,
};
use crate::model::{History, by, minute};
use crate::priority::Decision;
use crate::process::ReasonCode;

const DAY: i64 = 24 * 60;

fn draft() -> SubscriptionDraft {
    SubscriptionDraft {
        name: "tanto".to_owned(),
        person: None,
        topics: BTreeSet::from([Topic::Cases, Topic::Surges]),
        least: Decision::OutOfCycle,
        interval_hours: 24,
        language: MessageLanguage::Japanese,
    }
}

fn begun() -> History<Subscription> {
    let mut history = History::new();
    history.record(&Subscription::begin(draft(), 7, []).unwrap(), by(1, 0));
    history
}

#[test]
fn a_digest_comes_once_in_an_interval_and_nothing_twice() {
    let mut history = begun();
    assert_eq!(history.state().due(false, minute(DAY - 1)), None);
    assert_eq!(history.state().due(false, minute(DAY)), Some(Urgency::Digest));
    let told = history.state().told(20, 3, Urgency::Digest).unwrap();
    history.record(&told, by(1, DAY));
    assert_eq!((history.state().told_up_to, history.state().messages), (20, 1));
    assert_eq!(history.state().due(false, minute(2 * DAY - 1)), None);
    let again = history.state().told(19, 3, Urgency::Digest).unwrap_err();
    assert_eq!(again.reason.code, ReasonCode::NothingChanges);
    history.check_fold();
}

#[test]
fn what_is_urgent_comes_at_once_and_at_most_once_an_hour() {
    let mut history = begun();
    assert_eq!(history.state().due(true, minute(1)), Some(Urgency::Urgent));
    let told = history.state().told(8, 1, Urgency::Urgent).unwrap();
    history.record(&told, by(1, 1));
    assert_eq!(history.state().due(true, minute(60)), None);
    assert_eq!(history.state().due(true, minute(61)), Some(Urgency::Urgent));
}

#[test]
fn what_was_not_delivered_is_shown_and_tried_again_after_a_growing_wait() {
    let mut history = begun();
    let (mut waits, mut at) = (Vec::new(), DAY);
    for _ in 0..9 {
        assert!(history.state().due(true, minute(at)).is_some());
        history.record(&history.state().not_told(DeliveryFailure::Connect).unwrap(), by(1, at));
        let wait = (0..).find(|wait| history.state().due(true, minute(at + wait)).is_some()).unwrap();
        waits.push(wait);
        at += wait;
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
    let state = history.state();
    assert_eq!((state.told_up_to, state.state()), (7, SubscriptionState::Failing));
    assert_eq!(state.missing()[0].code, ReasonCode::MessageNotDelivered);
    let told = state.told(30, 4, Urgency::Urgent).unwrap();
    history.record(&told, by(1, at));
    assert_eq!(history.state().state(), SubscriptionState::Active);
    assert!(history.state().missing().is_empty());
    history.check_fold();
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let code = |draft: SubscriptionDraft, names: &[&str]| {
        Subscription::begin(draft, 0, names.iter().copied()).map_err(|refusal| refusal.reason.code)
    };
    for name in ["", "Tanto", "a b", "a/b", "担当", "a@hospital.example"] {
        let bad = SubscriptionDraft { name: name.to_owned(), ..draft() };
        assert_eq!(code(bad, &[]), Err(ReasonCode::SubscriptionNameInvalid), "{name}");
    }
    assert_eq!(code(draft(), &["tanto"]), Err(ReasonCode::SubscriptionNameTaken));
    let none = SubscriptionDraft { topics: BTreeSet::new(), ..draft() };
    assert_eq!(code(none, &[]), Err(ReasonCode::SubscriptionWithoutTopic));
    for interval_hours in [0, 31 * 24 + 1] {
        let bad = SubscriptionDraft { interval_hours, ..draft() };
        assert_eq!(code(bad, &[]), Err(ReasonCode::SourceSettingInvalid));
    }
}

#[test]
fn an_ended_one_hears_nothing() {
    let mut history = begun();
    assert_eq!(history.state().end(" ".to_owned()).unwrap_err().reason.code, ReasonCode::TextMissing);
    history.record(&history.state().end("moved on".to_owned()).unwrap(), by(1, 1));
    let state = history.state();
    assert_eq!(state.due(true, minute(9 * DAY)), None);
    let refused = [
        state.end("again".to_owned()),
        state.told(9, 1, Urgency::Digest),
        state.not_told(DeliveryFailure::Cut),
    ];
    for answer in refused {
        assert_eq!(answer.unwrap_err().reason.code, ReasonCode::RecordEnded);
    }
    history.check_fold();
}
