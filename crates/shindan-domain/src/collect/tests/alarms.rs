//! Alarms: each rises where it should and nowhere else.

use proptest::prelude::*;

use super::{DAY, facts, thresholds};
use crate::collect::{AlarmKind, CheckFacts, CheckResult, Counts, Failure, Thresholds, alarms};
use crate::ledger::Hash;
use crate::model::minute;
use crate::process::ReasonCode;

fn good(number: u64, records: Option<u64>) -> CheckFacts {
    let counts = Counts { records, ..Counts::default() };
    CheckFacts { counts, ..facts(number, i64::try_from(number).unwrap() * DAY, CheckResult::NothingNew) }
}

fn failed(number: u64, failure: Failure) -> CheckFacts {
    CheckFacts {
        failure: Some(failure),
        ..facts(number, i64::try_from(number).unwrap() * DAY, CheckResult::Failed)
    }
}

fn kinds(history: &[CheckFacts], now: i64) -> Vec<AlarmKind> {
    alarms(history, &thresholds(), minute(now)).into_iter().map(|alarm| alarm.kind).collect()
}

#[test]
fn a_collapse_is_told_until_it_is_usual() {
    let mut history: Vec<CheckFacts> = (0..5).map(|number| good(number, Some(1000))).collect();
    history.push(good(5, Some(701)));
    assert_eq!(kinds(&history, 5 * DAY), [], "29 percent");
    history.push(good(6, Some(700)));
    assert_eq!(kinds(&history, 6 * DAY), [AlarmKind::RowsDropped], "30 percent");
    history.push(good(7, Some(700)));
    assert_eq!(kinds(&history, 7 * DAY), [AlarmKind::RowsDropped], "still told");
    history.push(failed(8, Failure::Timeout));
    assert_eq!(kinds(&history, 8 * DAY), [AlarmKind::RowsDropped], "a failure hides nothing");
    history.extend((9..20).map(|number| good(number, Some(700))));
    assert_eq!(kinds(&history, 20 * DAY), []);
    let empty = [good(0, Some(0)), good(1, Some(0))];
    assert_eq!(kinds(&empty, DAY), [], "nothing cannot become less");
    let gone = [good(0, Some(1)), good(1, Some(0))];
    let alarm = &alarms(&gone, &thresholds(), minute(DAY))[0];
    assert_eq!((alarm.params["before"].as_str(), alarm.params["percent"].as_str()), ("1", "100"));
    assert_eq!(alarm.reason().code, ReasonCode::AlarmRowsDropped);
}

#[test]
fn a_smaller_file_is_told_like_fewer_rows() {
    let of = |number, bytes| CheckFacts { bytes, ..good(number, None) };
    assert_eq!(kinds(&[of(0, Some(100)), of(1, Some(50))], DAY), [AlarmKind::FeedShrinks]);
    assert_eq!(kinds(&[of(0, Some(100)), of(1, None)], DAY), [], "304 says nothing about the size");
}

#[test]
fn silence_is_told_also_when_the_last_check_failed() {
    let of = |number: u64| {
        let counts = Counts { newest: Some(minute(0)), ..Counts::default() };
        CheckFacts { counts, ..good(number, None) }
    };
    assert_eq!(kinds(&[of(1)], 10 * DAY), []);
    assert_eq!(kinds(&[of(1)], 10 * DAY + 1), [AlarmKind::NewestStandsStill]);
    assert_eq!(kinds(&[of(1), failed(2, Failure::Dns)], 11 * DAY), [AlarmKind::NewestStandsStill]);
}

#[test]
fn the_same_content_is_told_after_its_days() {
    let of = |number, content: Option<u8>| CheckFacts {
        content: content.map(|content| Hash::of(&[content])),
        ..good(number, None)
    };
    let same = [of(0, Some(1)), of(10, Some(1)), of(20, Some(1))];
    assert_eq!(kinds(&same, 20 * DAY), []);
    assert_eq!(kinds(&same, 20 * DAY + 1), [AlarmKind::UnchangedTooLong]);
    let unknown_between = [of(0, Some(1)), of(10, None), of(21, Some(1))];
    assert_eq!(kinds(&unknown_between, 21 * DAY), [AlarmKind::UnchangedTooLong]);
    let changed = [of(0, Some(1)), of(10, Some(2)), of(21, Some(1))];
    assert_eq!(kinds(&changed, 21 * DAY), []);
}

#[test]
fn another_format_a_certificate_and_a_clock_are_told() {
    let of = |number, format: &str| {
        let counts = Counts { format: Some(format.to_owned()), ..Counts::default() };
        CheckFacts { counts, ..good(number, None) }
    };
    assert_eq!(kinds(&[of(0, "rss-1"), of(1, "rss-2")], DAY), [AlarmKind::FormatChanged]);
    assert_eq!(kinds(&[of(0, "rss-1"), of(1, "rss-1")], DAY), []);
    for failure in [Failure::Html, Failure::Unreadable] {
        assert_eq!(kinds(&[of(0, "rss-1"), failed(1, failure)], DAY), [AlarmKind::FormatChanged]);
        assert_eq!(kinds(&[failed(1, failure)], DAY), [], "nobody knows what it was");
    }
    assert_eq!(kinds(&[failed(0, Failure::Tls)], 0), [AlarmKind::CertificateTrouble]);
    assert_eq!(kinds(&[failed(0, Failure::Tls), good(1, None)], DAY), []);
    let skewed = |seconds| {
        let counts = Counts { clock_skew_seconds: Some(seconds), ..Counts::default() };
        kinds(&[CheckFacts { counts, ..good(0, None) }], 0)
    };
    assert_eq!(skewed(300), []);
    assert_eq!(skewed(-301), [AlarmKind::ClockSkew]);
    assert_eq!(skewed(i64::MIN), [AlarmKind::ClockSkew]);
}

proptest! {
    #[test]
    fn alarms_never_panic_and_are_sorted_each_once(
        rows in proptest::collection::vec((any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<i64>>(), 0..6_u8), 0..20),
        percent in 1..=100_u8,
        days in 1..400_u16,
        now in -400_000..400_000_i64,
    ) {
        let limits = Thresholds {
            drop_percent: Some(percent),
            standstill_days: Some(days),
            unchanged_days: Some(days),
            skew_minutes: Some(days),
        };
        let history: Vec<CheckFacts> = rows.iter().zip(0..).map(|((records, bytes, skew, kind), number)| {
            let result = if *kind == 0 { CheckResult::Failed } else { CheckResult::NothingNew };
            // A second outside of the calendar stands for a source without dates.
            let newest = jiff::Timestamp::from_second(skew.unwrap_or_default() % 10_000_000_000).ok();
            let format = Some(format!("format-{}", kind % 2));
            let counts = Counts { records: *records, newest, format, clock_skew_seconds: *skew, changes_only: false };
            let failure = (*kind == 0).then_some(Failure::Html);
            let content = Some(Hash::of(&[*kind]));
            CheckFacts { counts, bytes: *bytes, failure, content, ..facts(number, 0, result) }
        }).collect();
        let found = alarms(&history, &limits, minute(now));
        prop_assert!(found.windows(2).all(|pair| pair[0].kind < pair[1].kind), "{found:?}");
        let silent = Thresholds { drop_percent: None, standstill_days: None, unchanged_days: None, skew_minutes: None };
        let always = alarms(&history, &silent, minute(now));
        prop_assert!(always.iter().all(|alarm| matches!(
            alarm.kind, AlarmKind::FormatChanged | AlarmKind::CertificateTrouble
        )), "{always:?}");
    }
}
