//! Times as people read them. UTC inside; Japan Standard Time (UTC+9, no summer time) and 令和 for Japanese readers.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::words::{Lang, Words};

/// First day of 令和.
const REIWA: Date = jiff::civil::date(2019, 5, 1);

/// A moment: `2026年11月22日（令和8年）17時40分（日本時間）`, or `2026-11-22 08:40 UTC`.
pub fn moment(time: Timestamp, words: &Words) -> String {
    match words.lang() {
        Lang::Ja => {
            let local = japan(time);
            let (hour, minute) = (local.hour(), local.minute());
            format!("{} {hour}時{minute:02}分（日本時間）", japanese_date(local.date()))
        }
        Lang::En => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// The day of a moment, short enough for a table: `2026-11-22` in the reader's zone.
pub fn day(time: Timestamp, words: &Words) -> String {
    match words.lang() {
        Lang::Ja => japan(time).strftime("%Y-%m-%d").to_string(),
        Lang::En => time.strftime("%Y-%m-%d").to_string(),
    }
}

/// A moment to the minute, short enough for a table: `2026-11-22 17:40` in the reader's zone (Japan, or UTC).
pub fn minute(time: Timestamp, words: &Words) -> String {
    match words.lang() {
        Lang::Ja => japan(time).strftime("%Y-%m-%d %H:%M").to_string(),
        Lang::En => time.strftime("%Y-%m-%d %H:%MZ").to_string(),
    }
}

/// A day on paper: `2026年11月22日（令和8年）`, or `2026-11-22`.
pub fn date(date: Date, words: &Words) -> String {
    match words.lang() {
        Lang::Ja => japanese_date(date),
        Lang::En => date.to_string(),
    }
}

/// Whole days from `earlier` to `later`; 0 if `earlier` is not earlier.
pub fn days_between(earlier: Timestamp, later: Timestamp) -> u64 {
    let seconds = later.as_second().saturating_sub(earlier.as_second());
    u64::try_from(seconds).unwrap_or(0) / 86_400
}

/// `2026年11月22日（令和8年）`; years before 令和 without the era, which no report of today needs.
fn japanese_date(date: Date) -> String {
    let plain = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    if date < REIWA {
        return plain;
    }
    match date.year() - 2018 {
        1 => format!("{plain}（令和元年）"),
        year => format!("{plain}（令和{year}年）"),
    }
}

fn japan(time: Timestamp) -> jiff::Zoned {
    time.to_zoned(TimeZone::fixed(Offset::constant(9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_readers_get_japanese_time_and_era() {
        let ja = Words::new(Lang::Ja);
        let en = Words::new(Lang::En);
        let time: Timestamp = "2026-11-22T15:05:00Z".parse().unwrap();
        assert_eq!(moment(time, &ja), "2026年11月23日（令和8年） 0時05分（日本時間）");
        assert_eq!(day(time, &ja), "2026-11-23");
        assert_eq!(moment(time, &en), "2026-11-22 15:05 UTC");
        assert_eq!(japanese_date(jiff::civil::date(2019, 5, 1)), "2019年5月1日（令和元年）");
        assert_eq!(japanese_date(jiff::civil::date(2019, 4, 30)), "2019年4月30日");
    }

    #[test]
    fn a_document_from_the_future_is_zero_days_old() {
        let early: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-11-22T23:00:00Z".parse().unwrap();
        assert_eq!(days_between(early, late), 21);
        assert_eq!(days_between(late, early), 0);
    }
}
