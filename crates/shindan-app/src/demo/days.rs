//! On which days the story of the demo takes place: as it was written down, or so that it ended a few days ago.
//!
//! Only what the demo's people do is moved, with their letters and the reports of their scanners. What is published about
//! vulnerabilities keeps its days: a weakness of 2018 that is found today is one that nobody looked for.

use std::borrow::Cow;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The day in Japan on which the story ends as it was written down.
pub(super) const LAST: Date = date(2024, 12, 22);
/// Days that stand in the letters and reports of the story.
const WRITTEN: [Date; 4] = [date(2024, 11, 1), date(2024, 11, 8), date(2024, 12, 2), date(2024, 12, 16)];
/// Seconds since 1970 that stand in them.
const SECONDS: [i64; 2] = [1_733_099_400, 1_733_099_700];

/// By how many days the story is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days(i64);

impl Days {
    /// As it was written down.
    pub const AS_WRITTEN: Days = Days(0);

    /// So that it ends on that day in Japan.
    pub fn ending(last: Date) -> Days {
        Days(i64::from((last - LAST).get_days()))
    }

    /// A day of the story as it was written down, moved.
    pub fn day(self, written: Date) -> Date {
        written.saturating_add(self.0.days())
    }

    /// A moment of the story as it was written down, moved.
    pub fn time(self, written: Timestamp) -> Timestamp {
        written.checked_add(SignedDuration::from_hours(24 * self.0)).unwrap_or(written)
    }

    /// A file of the story, with its days moved; what is published stays as it is.
    pub fn file(self, name: &str, content: &'static [u8]) -> Cow<'static, [u8]> {
        let told = std::str::from_utf8(content).ok().filter(|_| name.starts_with("assessments/"));
        match told {
            Some(text) if self != Days::AS_WRITTEN => self.text(text).into_bytes().into(),
            _ => content.into(),
        }
    }

    /// Each day is taken out before the first is put in: a moved one may be another that is written there.
    fn text(self, written: &str) -> String {
        let letter = |day: Date| day.strftime("%Y年%-m月%-d日").to_string();
        let report = |day: Date| day.strftime("%a, %-d %b %Y").to_string();
        let days = WRITTEN.iter().flat_map(|day| {
            let moved = self.day(*day);
            [(letter(*day), letter(moved)), (report(*day), report(moved))]
        });
        let seconds = SECONDS.iter().map(|at| (at.to_string(), (at + self.0 * 86_400).to_string()));
        let all: Vec<(String, String)> = days.chain(seconds).collect();
        let mark = |place: usize| format!("\u{0}{place}\u{0}");
        let mut text = written.to_owned();
        for (place, (before, _)) in all.iter().enumerate() {
            text = text.replace(before, &mark(place));
        }
        for (place, (_, after)) in all.iter().enumerate() {
            text = text.replace(&mark(place), after);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_reports_move_with_the_story_and_nothing_else_does() {
        let days = Days::ending(date(2026, 11, 25));
        assert_eq!(days.day(LAST), date(2026, 11, 25));
        let written = "2024年11月1日 / Mon, 2 Dec 2024 10:30:00 / start=\"1733099400\" / CVE-2024-21762 / 2024年11月10日";
        let moved = "2026年10月5日 / Thu, 5 Nov 2026 10:30:00 / start=\"1793838600\" / CVE-2024-21762 / 2024年11月10日";
        assert_eq!(days.text(written), moved);
        // By two weeks: one day of the reports becomes the other.
        let twice = Days::ending(date(2025, 1, 5)).text("Mon, 2 Dec 2024, Mon, 16 Dec 2024");
        assert_eq!(twice, "Mon, 16 Dec 2024, Mon, 30 Dec 2024");
        assert!(matches!(days.file("advisories/x", b"2024-11-01"), Cow::Borrowed(_)));
    }
}
