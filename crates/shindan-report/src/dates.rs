//! Times as people read them: the only place that writes one. UTC inside; Japan Standard Time (UTC+9, no summer time) and the years
//! of eras for Japanese readers. How days look stands in [`Words::calendar`]: as digits unless somebody asked for another way.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::words::{Calendar, Lang, Words};

/// Eras that a date of today's records may be in: first day, name. Source: 元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号).
const ERAS: [(Date, &str); 3] = [
    (jiff::civil::date(2019, 5, 1), "令和"),
    (jiff::civil::date(1989, 1, 8), "平成"),
    (jiff::civil::date(1926, 12, 25), "昭和"),
];

/// A moment: `2026年11月22日（令和8年）17時40分（日本時間）`, `2026-11-22 08:40 UTC`, or `2026-11-22 17:40 JST` on pages.
pub fn moment(time: Timestamp, words: &Words) -> String {
    match words.lang() {
        Lang::Ja => {
            let local = japan(time);
            let (hour, minute) = (local.hour(), local.minute());
            format!("{} {hour}時{minute:02}分（日本時間）", japanese_date(local.date()))
        }
        Lang::En if words.is_japan_time() => japan(time).strftime("%Y-%m-%d %H:%M JST").to_string(),
        Lang::En => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// The day of a moment, short enough for a table, in the reader's zone; as [`short`].
pub fn day(time: Timestamp, words: &Words) -> String {
    short(local(time, words).date(), words)
}

/// A moment to the minute, short enough for a table, in the reader's zone: `2026-11-22 17:40`, `令和8年11月22日 17:40` (both Japan's
/// time), `2026-11-22 08:40Z` (UTC). On pages, which say so once, Japan's time without a mark in English, too.
pub fn minute(time: Timestamp, words: &Words) -> String {
    let local = local(time, words);
    let zone = if words.is_japan_time() { "" } else { "Z" };
    format!("{} {:02}:{:02}{zone}", short(local.date(), words), local.hour(), local.minute())
}

/// A day, short enough for a table: `2026-11-22`, `2026年11月22日` or `令和8年11月22日`.
pub fn short(date: Date, words: &Words) -> String {
    match words.calendar() {
        Calendar::Digits => date.to_string(),
        Calendar::Western => western(date),
        Calendar::Era => match year_of_era(date) {
            Some(year) => format!("{year}{}月{}日", date.month(), date.day()),
            None => western(date),
        },
    }
}

/// A month: `2026-11`, `2026年11月` or `令和8年11月`. In a month in which an era began, that of its last day.
pub fn month(date: Date, words: &Words) -> String {
    match words.calendar() {
        Calendar::Digits => date.strftime("%Y-%m").to_string(),
        Calendar::Western => format!("{}年{}月", date.year(), date.month()),
        Calendar::Era => match year_of_era(date.last_of_month()) {
            Some(year) => format!("{year}{}月", date.month()),
            None => format!("{}年{}月", date.year(), date.month()),
        },
    }
}

/// A day or a moment that stands as text in a record: as it is read elsewhere. Any other text, and every text outside of pages, as it
/// stands.
pub fn written<'t>(text: &'t str, words: &Words) -> Cow<'t, str> {
    let as_stored =
        words.calendar() == Calendar::Digits && (words.lang() == Lang::Ja || !words.is_japan_time());
    if as_stored || !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return Cow::Borrowed(text);
    }
    if text.len() == 10 {
        return text.parse().map_or(Cow::Borrowed(text), |date| Cow::Owned(short(date, words)));
    }
    match text.parse::<Timestamp>() {
        Ok(time) if text.contains('T') => Cow::Owned(minute(time, words)),
        _ => Cow::Borrowed(text),
    }
}

/// A day on paper: `2026年11月22日（令和8年）`, or `2026-11-22`; for a reader who chose a calendar, as [`short`].
pub fn date(date: Date, words: &Words) -> String {
    match (words.lang(), words.calendar()) {
        (Lang::Ja, Calendar::Digits) => japanese_date(date),
        _ => short(date, words),
    }
}

/// Whole days from `earlier` to `later`; 0 if `earlier` is not earlier.
pub fn days_between(earlier: Timestamp, later: Timestamp) -> u64 {
    let seconds = later.as_second().saturating_sub(earlier.as_second());
    u64::try_from(seconds).unwrap_or(0) / 86_400
}

/// `2026年11月22日（令和8年）`; years before 令和 without the era, which no report of today needs.
fn japanese_date(date: Date) -> String {
    let plain = western(date);
    match year_of_era(date).filter(|year| year.starts_with("令和")) {
        Some(year) => format!("{plain}（{year}）"),
        None => plain,
    }
}

fn western(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `令和8年`, `令和元年`; `None` before 昭和.
fn year_of_era(date: Date) -> Option<String> {
    let (first, era) = ERAS.into_iter().find(|(first, _)| date >= *first)?;
    Some(match date.year() - first.year() + 1 {
        1 => format!("{era}元年"),
        year => format!("{era}{year}年"),
    })
}

/// The moment in the reader's zone.
pub(crate) fn local(time: Timestamp, words: &Words) -> jiff::Zoned {
    if words.is_japan_time() { japan(time) } else { time.to_zoned(TimeZone::UTC) }
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
    fn a_reader_chooses_the_calendar_and_texts_follow() {
        let day = jiff::civil::date(2026, 11, 27);
        let at: Timestamp = "2026-11-26T16:05:00Z".parse().unwrap();
        for (calendar, short_one, month_one, minute_one) in [
            (Calendar::Digits, "2026-11-27", "2026-11", "2026-11-27 01:05"),
            (Calendar::Western, "2026年11月27日", "2026年11月", "2026年11月27日 01:05"),
            (Calendar::Era, "令和8年11月27日", "令和8年11月", "令和8年11月27日 01:05"),
        ] {
            let ja = Words::new(Lang::Ja).dated(calendar);
            assert_eq!(short(day, &ja), short_one);
            assert_eq!(month(day, &ja), month_one);
            assert_eq!(minute(at, &ja), minute_one);
            assert_eq!(written("2026-11-27", &ja), short_one);
            let en = Words::new(Lang::En).dated(calendar);
            assert_eq!(
                (short(day, &en).as_str(), minute(at, &en).as_str()),
                ("2026-11-27", "2026-11-26 16:05Z")
            );
        }
        // Pages have one zone in both languages; a day stays the day that it is.
        let page = Words::new(Lang::En).dated(Calendar::Western).in_japan_time();
        assert_eq!(minute(at, &page), "2026-11-27 01:05");
        assert_eq!(moment(at, &page), "2026-11-27 01:05 JST");
        assert_eq!(super::day(at, &page), "2026-11-27");
        assert_eq!(written("2026-11-26T16:05:00Z", &page), "2026-11-27 01:05");
        assert_eq!(written("2026-11-26", &page), "2026-11-26");
        assert_eq!(written("2026-11-26T16:05:00Z", &Words::new(Lang::En)), "2026-11-26T16:05:00Z");
        let era = Words::new(Lang::Ja).dated(Calendar::Era);
        assert_eq!(written("2026-11-26T16:05:00Z", &era), "令和8年11月27日 01:05");
        for text in ["", "7.4.1", "2026-11-2x", "20261127ab", "2026-13-40", "未定", "2026-11"] {
            assert_eq!(written(text, &era), text);
        }
        for (date, text) in [
            ((2019, 5, 1), "令和元年5月1日"),
            ((2019, 4, 30), "平成31年4月30日"),
            ((1989, 1, 7), "昭和64年1月7日"),
            ((1926, 12, 24), "1926年12月24日"),
        ] {
            assert_eq!(short(jiff::civil::date(date.0, date.1, date.2), &era), text);
        }
        assert_eq!(month(jiff::civil::date(2019, 5, 1), &era), "令和元年5月");
    }

    #[test]
    fn a_document_from_the_future_is_zero_days_old() {
        let early: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-11-22T23:00:00Z".parse().unwrap();
        assert_eq!(days_between(early, late), 21);
        assert_eq!(days_between(late, early), 0);
    }
}
