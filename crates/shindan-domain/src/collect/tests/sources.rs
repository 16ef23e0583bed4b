//! Sources: what may be entered, what follows what, and the plan that a history leads to.

use std::collections::BTreeSet;

use super::{DAY, code, draft};
use crate::collect::{
    AddressProblem, PlanSpan, Source, SourceDraft, SourceEvent, SourceKind, SourceState, SourceTiming,
    Thresholds, check_address, redacted, timing,
};
use crate::model::{History, by, for_random_steps, minute};
use crate::process::ReasonCode;

fn added(interval_hours: Option<u32>) -> History<Source> {
    let mut source = History::new();
    source.record(&Source::add(draft(interval_hours), []).unwrap(), by(0, 0));
    source
}

#[test]
fn a_moment_is_planned_exactly_if_the_source_was_looked_at_then() {
    let mut reached = BTreeSet::new();
    for_random_steps(300, 30, |steps| {
        let mut source = added(Some(24));
        let mut minutes = 0;
        // What an observer writes down: from each minute on, the state and the interval.
        let mut seen = vec![(0, SourceState::Active, Some(24))];
        for step in steps {
            minutes += i64::from(step.minutes) + 1;
            let state = source.state().clone();
            let interval = [None, Some(1), Some(24), Some(168)][usize::from(step.first)];
            let answer = match step.what % 8 {
                0..=2 => state.change(draft(interval), "because".to_owned()),
                3 | 4 => state.pause("holidays".to_owned()),
                5 | 6 => state.resume(),
                _ if step.second == 0 && step.first == 0 => state.end("closed".to_owned()),
                _ => continue,
            };
            let Ok(event) = answer else { continue };
            assert_ne!(state.state(), SourceState::Ended, "nothing happens after the end");
            source.record(&event, by(step.who, minutes));
            let now = source.state();
            seen.push((minutes, now.state(), now.draft.interval_hours));
            reached.insert(now.state());
        }
        source.check_fold();
        let plan = source.state().plan();
        assert!(plan.iter().all(|span| span.until.is_none_or(|until| span.from < until)));
        assert!(plan.windows(2).all(|pair| pair[0].until.is_some_and(|until| until <= pair[1].from)));
        for (at, state, interval) in &seen {
            let spans: Vec<&PlanSpan> = plan.iter().filter(|span| span.holds(minute(*at))).collect();
            let expected = (*state == SourceState::Active).then_some(*interval);
            assert_eq!(
                spans.iter().map(|span| span.interval_hours).collect::<Vec<_>>(),
                Vec::from_iter(expected)
            );
        }
    });
    assert_eq!(reached, SourceState::ALL.iter().copied().collect());
}

#[test]
fn what_cannot_be_looked_at_is_not_entered() {
    type Change = fn(&mut SourceDraft);
    let cases: [(ReasonCode, Change); 16] = [
        (ReasonCode::SourceNameInvalid, |draft| draft.name.clear()),
        (ReasonCode::SourceNameInvalid, |draft| "JPCERT".clone_into(&mut draft.name)),
        (ReasonCode::SourceNameInvalid, |draft| "../x".clone_into(&mut draft.name)),
        (ReasonCode::SourceNameInvalid, |draft| "com1".clone_into(&mut draft.name)),
        (ReasonCode::SourceNameInvalid, |draft| draft.name = "a".repeat(65)),
        (ReasonCode::TextMissing, |draft| " ".clone_into(&mut draft.title)),
        (ReasonCode::TextMissing, |draft| draft.licence = Some(String::new())),
        (ReasonCode::SourceAddressMissing, |draft| draft.addresses.clear()),
        (ReasonCode::SourceAddressInvalid, |draft| draft.addresses.push("http://a.example/x".to_owned())),
        (ReasonCode::SourceAddressSecret, |draft| {
            draft.addresses.push("https://a.example/?apiKey=1".to_owned())
        }),
        (ReasonCode::SourceAddressTwice, |draft| draft.addresses.push(draft.addresses[0].clone())),
        (ReasonCode::SourceSettingInvalid, |draft| draft.interval_hours = Some(0)),
        (ReasonCode::SourceSettingInvalid, |draft| draft.interval_hours = Some(u32::MAX)),
        (ReasonCode::SourceSettingInvalid, |draft| draft.confirm_days = 0),
        (ReasonCode::SourceSettingInvalid, |draft| draft.thresholds.drop_percent = Some(101)),
        (ReasonCode::SourceSettingInvalid, |draft| draft.thresholds.standstill_days = Some(0)),
    ];
    for (expected, change) in cases {
        let mut wrong = draft(Some(24));
        change(&mut wrong);
        assert_eq!(code(Source::add(wrong.clone(), [])), expected, "{wrong:?}");
    }
    assert_eq!(code(Source::add(draft(None), ["ipa", "jpcert"])), ReasonCode::SourceNameTaken);
    let by_telephone = SourceDraft { kind: SourceKind::Hand, addresses: Vec::new(), ..draft(Some(168)) };
    assert!(Source::add(by_telephone, ["ipa"]).is_ok());
}

#[test]
fn name_and_kind_stay_and_a_change_needs_a_reason() {
    let source = added(Some(24));
    let state = source.state();
    let renamed = SourceDraft { name: "other".to_owned(), ..draft(Some(24)) };
    assert_eq!(code(state.change(renamed, "x".to_owned())), ReasonCode::FieldFixed);
    let other = SourceDraft { kind: SourceKind::Feed, ..draft(Some(24)) };
    assert_eq!(code(state.change(other, "x".to_owned())), ReasonCode::FieldFixed);
    assert_eq!(code(state.change(draft(Some(24)), "x".to_owned())), ReasonCode::NothingChanges);
    assert_eq!(code(state.change(draft(Some(12)), " ".to_owned())), ReasonCode::TextMissing);
    let none =
        Thresholds { drop_percent: None, standstill_days: None, unchanged_days: None, skew_minutes: None };
    let silent = SourceDraft { thresholds: none, ..draft(Some(24)) };
    assert!(matches!(state.change(silent, "x".to_owned()), Ok(SourceEvent::Changed { .. })));
    assert_eq!(code(state.resume()), ReasonCode::StepOutOfOrder);
    assert_eq!(code(state.pause(String::new())), ReasonCode::TextMissing);
    let missing = state.missing();
    assert_eq!(missing[0].code, ReasonCode::SourceWithoutResponsible);
}

#[test]
fn a_source_is_due_after_its_interval_and_overdue_after_the_days_of_grace() {
    let plan = added(Some(24)).state().plan();
    let at = |checked: Option<i64>, now: i64| timing(&plan, 1, checked.map(minute), minute(now));
    assert_eq!(at(None, 0), SourceTiming::Due, "never looked at is not in time");
    assert_eq!(at(None, 2 * DAY), SourceTiming::Due);
    assert_eq!(at(None, 2 * DAY + 1), SourceTiming::Overdue);
    assert_eq!(at(Some(10), 10 + DAY - 1), SourceTiming::InTime);
    assert_eq!(at(Some(10), 10 + DAY), SourceTiming::Due);
    assert_eq!(at(Some(10), 10 + 2 * DAY + 1), SourceTiming::Overdue);
    assert_eq!(at(Some(10), -1), SourceTiming::NotPlanned, "before it was added");
    let by_hand = added(None).state().plan();
    assert_eq!(timing(&by_hand, 1, None, minute(DAY)), SourceTiming::NotPlanned);
}

#[test]
fn a_pause_is_no_delay_and_its_end_no_grace() {
    let mut source = added(Some(24));
    source.record(&source.state().pause("moving".to_owned()).unwrap(), by(0, DAY));
    let plan = source.state().plan();
    assert_eq!(timing(&plan, 1, Some(minute(10)), minute(5 * DAY)), SourceTiming::NotPlanned);
    source.record(&source.state().resume().unwrap(), by(0, 10 * DAY));
    let plan = source.state().plan();
    assert_eq!(timing(&plan, 1, Some(minute(10)), minute(10 * DAY)), SourceTiming::Due);
    assert_eq!(timing(&plan, 1, Some(minute(10)), minute(11 * DAY + 1)), SourceTiming::Overdue);
}

#[test]
fn addresses_are_encrypted_and_without_secrets() {
    for good in [
        "https://www.example.jp/rss/alerts.rdf",
        "https://example.jp",
        "https://example.jp:8443/a?b=c&feed=hnd",
        "https://[2001:db8::1]/x",
        "https://[2001:db8::1]:443/x",
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "https://example.jp/x?apiKey=REDACTED",
        "https://example.jp/x?apiKey=",
    ] {
        assert_eq!(check_address(good), Ok(()), "{good}");
    }
    for wrong in [
        "",
        "example.jp/x",
        "http://example.jp/x",
        "http://127.0.0.1.example.jp/x",
        "ftp://example.jp/x",
        "file:///etc/passwd",
        "https:///x",
        "https://exa mple.jp/",
        "https://例.jp/",
        "https://example.jp:0/",
        "https://example.jp:99999/",
        "https://a..b/",
        "https://example.jp/#x",
        "https://[::1/x",
    ] {
        assert_eq!(check_address(wrong), Err(AddressProblem::Invalid), "{wrong}");
    }
    assert_eq!(
        check_address(&format!("https://a.example/{}", "a".repeat(2000))),
        Err(AddressProblem::Invalid)
    );
    for (secret, shown) in [
        ("https://me:pw@example.jp/x", "https://example.jp/x"),
        ("https://example.jp/x?apiKey=12ab", "https://example.jp/x?apiKey=REDACTED"),
        ("https://example.jp/x?a=1&access_token=t", "https://example.jp/x?a=1&access_token=REDACTED"),
        ("https://example.jp?API-KEY=t", "https://example.jp?API-KEY=REDACTED"),
    ] {
        assert_eq!(check_address(secret), Err(AddressProblem::Secret), "{secret}");
        assert_eq!(redacted(secret), shown);
        assert_eq!(check_address(shown), Ok(()), "{shown}");
    }
    let mut wrong = draft(None);
    wrong.addresses = vec!["https://me:pw@example.jp/x?key=k".to_owned()];
    let told = format!("{:?}", Source::add(wrong, []).unwrap_err());
    assert!(!told.contains("pw") && !told.contains("=k"), "{told}");
}
