//! Checks: a failed one is never *nothing new*.

use super::{check, code, fetch};
use crate::collect::{
    Alarm, CheckBy, CheckDraft, CheckOutcome, CheckResult, Failure, HandMade, HandMeans, SourceCheck,
};
use crate::diagnostic::Params;
use crate::model::{History, by, document, minute};
use crate::process::ReasonCode;
use crate::record_id::SourceCheckId;

fn failed() -> CheckOutcome {
    CheckOutcome::Failed { failure: Failure::Timeout, params: Params::new() }
}

fn by_hand(text: &str) -> Option<HandMade> {
    Some(HandMade { means: HandMeans::Telephone, text: text.to_owned(), documents: vec![document(1)] })
}

fn carried_out(draft: CheckDraft) -> History<SourceCheck> {
    let mut history = History::new();
    history.record(&SourceCheck::carry_out(draft, &by(0, 0)).unwrap(), by(0, 0));
    history
}

#[test]
fn nothing_new_needs_an_answer_or_a_word() {
    let new = CheckOutcome::NewItems { count: 2 };
    for outcome in [CheckOutcome::NothingNew, new] {
        let try_it = |fetches| SourceCheck::carry_out(check(outcome.clone(), fetches), &by(0, 0));
        assert_eq!(code(try_it(Vec::new())), ReasonCode::CheckWithoutAnswer);
        for unanswered in [
            fetch(None, None),
            fetch(None, Some(1)),
            fetch(Some(200), None),
            fetch(Some(404), Some(1)),
            fetch(Some(429), None),
            fetch(Some(503), Some(1)),
            crate::collect::FetchMade { not_modified: true, ..fetch(Some(200), Some(1)) },
            crate::collect::FetchMade { not_modified: false, ..fetch(Some(304), Some(1)) },
        ] {
            let shown = format!("{unanswered:?}");
            assert_eq!(code(try_it(vec![unanswered.clone()])), ReasonCode::CheckNotAnswered, "{shown}");
            let partly = try_it(vec![fetch(Some(200), Some(1)), unanswered]);
            assert_eq!(code(partly), ReasonCode::CheckNotAnswered, "a part is not all: {shown}");
        }
        assert!(try_it(vec![fetch(Some(200), Some(1)), fetch(Some(304), None)]).is_ok());
        let told = CheckDraft {
            by: CheckBy::Person,
            by_hand: by_hand("called"),
            ..check(outcome.clone(), Vec::new())
        };
        assert!(SourceCheck::carry_out(told, &by(0, 0)).is_ok());
        let carried =
            CheckDraft { by: CheckBy::Bundle, ..check(outcome.clone(), vec![fetch(None, Some(1))]) };
        assert!(SourceCheck::carry_out(carried, &by(0, 0)).is_ok(), "a file of a bundle has no status");
    }
    assert!(SourceCheck::carry_out(check(failed(), Vec::new()), &by(0, 0)).is_ok());
    let none = check(CheckOutcome::NewItems { count: 0 }, vec![fetch(Some(200), Some(1))]);
    assert_eq!(code(SourceCheck::carry_out(none, &by(0, 0))), ReasonCode::CheckNewIsNothing);
}

#[test]
fn a_check_by_hand_says_what_was_looked_at() {
    let draft = |hand, by| CheckDraft { by, by_hand: hand, ..check(CheckOutcome::NothingNew, Vec::new()) };
    let refused = |hand, who| code(SourceCheck::carry_out(draft(hand, who), &by(0, 0)));
    assert_eq!(refused(by_hand(" "), CheckBy::Person), ReasonCode::TextMissing);
    assert_eq!(refused(by_hand("called"), CheckBy::Schedule), ReasonCode::CheckHandNeedsPerson);
    assert_eq!(refused(by_hand("called"), CheckBy::Bundle), ReasonCode::CheckHandNeedsPerson);
    let empty = crate::evidence::Document { size: 0, ..document(1) };
    let hand = by_hand("called").map(|hand| HandMade { documents: vec![empty], ..hand });
    assert_eq!(refused(hand, CheckBy::Person), ReasonCode::DocumentMissing);
}

#[test]
fn times_reasons_and_addresses_are_what_they_can_be() {
    let good = check(CheckOutcome::NothingNew, vec![fetch(Some(200), Some(1))]);
    let refused = |draft: CheckDraft| code(SourceCheck::carry_out(draft, &by(0, 0)));
    let announced = CheckDraft { ended: minute(1), ..good.clone() };
    assert_eq!(refused(announced), ReasonCode::DateInFuture);
    let backwards = CheckDraft { started: minute(0), ended: minute(-1), ..good.clone() };
    assert_eq!(refused(backwards), ReasonCode::CheckEndsBeforeStart);
    let blank = CheckDraft { reason: Some(" ".to_owned()), ..good.clone() };
    assert_eq!(refused(blank), ReasonCode::TextMissing);
    let mut secret = good;
    secret.fetches[0].url = "https://a.example/?apiKey=1".to_owned();
    assert_eq!(refused(secret), ReasonCode::SourceAddressSecret);
}

#[test]
fn a_confirmation_changes_no_result_and_a_failure_needs_a_word() {
    let mut failed = carried_out(check(failed(), vec![fetch(None, None)]));
    let codes: Vec<_> = failed.state().missing().into_iter().map(|reason| reason.code).collect();
    assert_eq!(codes, [ReasonCode::CheckToBeRepeated, ReasonCode::CheckToBeConfirmed]);
    assert_eq!(code(failed.state().confirm(None)), ReasonCode::TextMissing);
    failed.record(&failed.state().confirm(Some("proxy repaired".to_owned())).unwrap(), by(1, 5));
    assert_eq!(failed.state().result(), CheckResult::Failed, "looked at, and failed all the same");
    assert_eq!(code(failed.state().confirm(None)), ReasonCode::CheckConfirmedAlready);
    failed.check_fold();

    let nothing = carried_out(check(CheckOutcome::NothingNew, vec![fetch(Some(304), Some(1))]));
    assert!(nothing.state().missing().is_empty(), "nobody waits for a confirmation");
    assert!(nothing.state().confirm(None).is_ok());
    assert_eq!(code(nothing.state().confirm(Some(" ".to_owned()))), ReasonCode::TextMissing);

    let alarm =
        crate::collect::AlarmKind::ALL.iter().map(|kind| Alarm { kind: *kind, params: Params::new() });
    let draft = check(CheckOutcome::NewItems { count: 3 }, vec![fetch(Some(200), Some(1))]);
    let suspicious = carried_out(CheckDraft { alarms: alarm.collect(), ..draft.clone() });
    assert_eq!(code(suspicious.state().confirm(None)), ReasonCode::TextMissing);
    let new = carried_out(draft);
    assert_eq!(new.state().missing()[0].code, ReasonCode::CheckToBeConfirmed);
}

#[test]
fn what_alarms_look_at_is_what_came_anew() {
    let id = SourceCheckId(uuid::Uuid::from_u128(7));
    let of = |fetches| carried_out(check(CheckOutcome::NothingNew, fetches)).state().facts(id);
    let second =
        || crate::collect::FetchMade { url: "https://b.example/x".to_owned(), ..fetch(Some(200), Some(2)) };
    let both = of(vec![fetch(Some(200), Some(1)), second()]);
    assert_eq!(both.bytes, Some(2000));
    assert_eq!(both.content, of(vec![second(), fetch(Some(200), Some(1))]).content, "whatever the order");
    let kept = of(vec![fetch(Some(304), Some(1)), second()]);
    assert_eq!((kept.bytes, kept.content), (None, both.content), "304: the size of a part says nothing");
    assert_eq!(of(vec![fetch(Some(304), None)]).content, None);
    let failed = carried_out(check(failed(), Vec::new())).state().facts(id);
    assert!(!failed.succeeded());
    assert_eq!(failed.failure, Some(Failure::Timeout));
}
