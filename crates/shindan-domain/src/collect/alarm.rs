//! What is suspicious about what a source brings: silence and shrinking must not look like safety.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::check::informed;
use super::timing::{days, later};
use super::{Carried, CheckResult, Counts, Failure, Thresholds};
use crate::diagnostic::Params;
use crate::ledger::Hash;
use crate::process::{Reason, ReasonCode};
use crate::record_id::{SourceCheckId, SourceId};
use crate::terms;

/// So many checks before the last one say what is usual. With one alone, a collapse would be told once and be usual from then on.
const REMEMBERED: usize = 10;

terms! {
    /// What is suspicious about a source.
    pub enum AlarmKind ("source-alarm") {
        /// It has fewer rows.
        RowsDropped = "rows-dropped",
        /// The newest date in it is old.
        NewestStandsStill = "newest-stands-still",
        /// It is smaller.
        FeedShrinks = "feed-shrinks",
        /// It is of another format, or of none that is known.
        FormatChanged = "format-changed",
        /// Its certificate was not accepted.
        CertificateTrouble = "certificate-trouble",
        /// The same bytes come for a long time.
        UnchangedTooLong = "unchanged-too-long",
        /// Its clock and ours differ.
        ClockSkew = "clock-skew",
        /// A bundle brought it, and it was not recent there.
        CarriedStale = "carried-stale",
    }
}

/// Something suspicious, with particulars.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alarm {
    /// What.
    pub kind: AlarmKind,
    /// `before`, `now`, `percent` (drops), `date`, `days` (standstill, unchanged), `before`, `now` (format), `seconds` (clock).
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

impl Alarm {
    fn new(kind: AlarmKind) -> Self {
        Alarm { kind, params: Params::new() }
    }

    fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// As a reason, for which there are words.
    pub fn reason(&self) -> Reason {
        let code = match self.kind {
            AlarmKind::RowsDropped => ReasonCode::AlarmRowsDropped,
            AlarmKind::NewestStandsStill => ReasonCode::AlarmNewestStandsStill,
            AlarmKind::FeedShrinks => ReasonCode::AlarmFeedShrinks,
            AlarmKind::FormatChanged => ReasonCode::AlarmFormatChanged,
            AlarmKind::CertificateTrouble => ReasonCode::AlarmCertificateTrouble,
            AlarmKind::UnchangedTooLong => ReasonCode::AlarmUnchangedTooLong,
            AlarmKind::ClockSkew => ReasonCode::AlarmClockSkew,
            AlarmKind::CarriedStale => ReasonCode::AlarmCarriedStale,
        };
        Reason { code, params: self.params.clone() }
    }
}

/// What alarms and calendar look at of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckFacts {
    /// Which check.
    pub check: SourceCheckId,
    /// Of which source.
    pub source: SourceId,
    /// When it ended.
    pub ended: Timestamp,
    /// What came of it.
    pub result: CheckResult,
    /// How many items were new.
    pub new_items: u64,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// What was in it.
    pub counts: Counts,
    /// Bytes that came, if all of it came anew.
    pub bytes: Option<u64>,
    /// Hash of all that is there, if it is known.
    pub content: Option<Hash>,
    /// How it was carried in, if a bundle brought it.
    pub carried: Option<Carried>,
}

impl CheckFacts {
    /// A check that failed is none.
    pub fn succeeded(&self) -> bool {
        self.result != CheckResult::Failed
    }

    /// As of when what it told is known: what a bundle brings was known when its sender looked, not when it arrived.
    pub fn informed(&self) -> Timestamp {
        informed(self.ended, self.carried.as_ref())
    }
}

/// What is suspicious at `now` about a source with these checks, oldest first, sorted by kind. The last check decides; those before it
/// say what is usual.
pub fn alarms(history: &[CheckFacts], thresholds: &Thresholds, now: Timestamp) -> Vec<Alarm> {
    let good: Vec<&CheckFacts> = history.iter().filter(|check| check.succeeded()).collect();
    let mut found = Vec::new();
    if let Some(percent) = thresholds.drop_percent {
        found.extend(dropped(AlarmKind::RowsDropped, &good, percent, |check| check.counts.records));
        found.extend(dropped(AlarmKind::FeedShrinks, &good, percent, |check| check.bytes));
    }
    found.extend(thresholds.standstill_days.and_then(|limit| stands_still(&good, limit, now)));
    found.extend(format_changed(history, &good));
    let refused = |check: &&CheckFacts| check.failure == Some(Failure::Tls);
    found.extend(history.last().filter(refused).map(|_| Alarm::new(AlarmKind::CertificateTrouble)));
    found.extend(thresholds.unchanged_days.and_then(|limit| unchanged(&good, limit, now)));
    found.extend(thresholds.skew_minutes.and_then(|limit| skewed(history, limit)));
    found.extend(carried_stale(history));
    found.sort();
    found
}

/// The last value against the largest of those before it.
fn dropped(
    kind: AlarmKind,
    good: &[&CheckFacts],
    percent: u8,
    value: fn(&CheckFacts) -> Option<u64>,
) -> Option<Alarm> {
    let mut values = good.iter().rev().filter_map(|check| value(check));
    let now = values.next()?;
    let before = values.take(REMEMBERED).max()?;
    let lost = u128::from(before.checked_sub(now)?);
    let is_dropped = lost > 0 && lost * 100 >= u128::from(before) * u128::from(percent);
    is_dropped.then(|| {
        let lost = lost * 100 / u128::from(before).max(1);
        Alarm::new(kind).with("before", before).with("now", now).with("percent", lost)
    })
}

fn stands_still(good: &[&CheckFacts], limit: u16, now: Timestamp) -> Option<Alarm> {
    let newest = good.iter().rev().find_map(|check| check.counts.newest)?;
    let alarm = || {
        Alarm::new(AlarmKind::NewestStandsStill)
            .with("date", crate::calendar::day(newest))
            .with("days", whole_days(newest, now))
    };
    (now > later(newest, days(limit))).then(alarm)
}

fn format_changed(history: &[CheckFacts], good: &[&CheckFacts]) -> Option<Alarm> {
    let mut formats = good.iter().rev().filter_map(|check| check.counts.format.as_deref());
    let last = formats.next();
    let failure = history.last().and_then(|check| check.failure);
    if let (Some(failure @ (Failure::Html | Failure::Unreadable)), Some(before)) = (failure, last) {
        return Some(Alarm::new(AlarmKind::FormatChanged).with("before", before).with("now", failure));
    }
    let (now, before) = (last?, formats.next()?);
    (now != before).then(|| Alarm::new(AlarmKind::FormatChanged).with("before", before).with("now", now))
}

/// Since when the content is what it is now.
fn unchanged(good: &[&CheckFacts], limit: u16, now: Timestamp) -> Option<Alarm> {
    let content = good.iter().rev().find_map(|check| check.content)?;
    let alike = |check: &&&CheckFacts| check.content.is_none_or(|one| one == content);
    let since = good.iter().rev().take_while(alike).filter(|check| check.content.is_some()).last()?.ended;
    let alarm = || {
        Alarm::new(AlarmKind::UnchangedTooLong)
            .with("date", crate::calendar::day(since))
            .with("days", whole_days(since, now))
    };
    (now > later(since, days(limit))).then(alarm)
}

fn skewed(history: &[CheckFacts], limit: u16) -> Option<Alarm> {
    let seconds = history.last()?.counts.clock_skew_seconds?;
    let most = u64::from(limit) * 60;
    (seconds.unsigned_abs() > most).then(|| Alarm::new(AlarmKind::ClockSkew).with("seconds", seconds))
}

/// Nobody can switch this one off: what is old must not look recent because it arrived today.
fn carried_stale(history: &[CheckFacts]) -> Option<Alarm> {
    let carried = history.last()?.carried.as_ref().filter(|carried| carried.stale)?;
    let date = carried.as_of.map_or_else(|| "-".to_owned(), |at| crate::calendar::day(at).to_string());
    Some(Alarm::new(AlarmKind::CarriedStale).with("date", date))
}

fn whole_days(from: Timestamp, to: Timestamp) -> i64 {
    let passed: SignedDuration = to.duration_since(from);
    passed.as_hours() / 24
}
