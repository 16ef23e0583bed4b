//! Tests of sources, checks and notices.

mod alarms;
mod checks;
mod month;
mod notices;
mod schedule;
mod sources;

use uuid::Uuid;

use super::{
    CheckBy, CheckDraft, CheckFacts, CheckOutcome, CheckResult, Counts, FetchMade, SourceDraft, SourceKind,
    Thresholds,
};
use crate::ledger::Hash;
use crate::model::minute;
use crate::process::{ReasonCode, Refusal};
use crate::record_id::{SourceCheckId, SourceId};

const SOURCE: SourceId = SourceId(Uuid::from_u128(1));
const DAY: i64 = 24 * 60;

fn thresholds() -> Thresholds {
    Thresholds {
        drop_percent: Some(30),
        standstill_days: Some(10),
        unchanged_days: Some(20),
        skew_minutes: Some(5),
    }
}

fn draft(interval_hours: Option<u32>) -> SourceDraft {
    SourceDraft {
        name: "jpcert".to_owned(),
        title: "JPCERT/CC 注意喚起".to_owned(),
        kind: SourceKind::JpcertRss,
        addresses: vec!["https://www.example.jp/rss/alerts.rdf".to_owned()],
        interval_hours,
        responsible: None,
        reminder_days: 1,
        confirm_days: 31,
        thresholds: thresholds(),
        licence: None,
        may_leave_out: false,
    }
}

fn fetch(status: Option<u16>, content: Option<u8>) -> FetchMade {
    FetchMade {
        url: "https://www.example.jp/rss/alerts.rdf".to_owned(),
        status,
        etag: None,
        sha256: content.map(|content| Hash::of(&[content])),
        bytes: content.map(|_| 1000),
        fetched_at: minute(0),
        not_modified: status == Some(304),
    }
}

fn check(outcome: CheckOutcome, fetches: Vec<FetchMade>) -> CheckDraft {
    CheckDraft {
        source: SOURCE,
        name: "jpcert".to_owned(),
        reason: None,
        by: CheckBy::Schedule,
        started: minute(-1),
        ended: minute(0),
        outcome,
        fetches,
        by_hand: None,
        carried: None,
        counts: Counts::default(),
        alarms: Vec::new(),
    }
}

/// A check of [`SOURCE`] that ended so many minutes after the beginning.
fn facts(number: u64, minutes: i64, result: CheckResult) -> CheckFacts {
    CheckFacts {
        check: SourceCheckId(Uuid::from_u128(u128::from(number))),
        source: SOURCE,
        ended: minute(minutes),
        result,
        new_items: u64::from(result == CheckResult::NewItems),
        failure: None,
        counts: Counts::default(),
        bytes: None,
        content: None,
        carried: None,
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}
