//! Times as advisories write them: RFC 3339, without zone, without seconds, or a date alone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

/// Years before this one are a program's zero value (Go writes `0001-01-01T00:00:00Z`), not a date.
const FIRST_YEAR: i16 = 1970;

/// What a date field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateText {
    /// A time. A text without zone is read as UTC, a date as its midnight.
    At(Timestamp),
    /// Empty, or the zero value of a program.
    Absent,
    /// Not a date.
    Unreadable,
}

/// Reads a time.
pub(crate) fn parse(text: &str) -> DateText {
    let text = text.trim();
    if text.is_empty() {
        return DateText::Absent;
    }
    match instant(text) {
        None => DateText::Unreadable,
        Some(time) if time.to_zoned(TimeZone::UTC).year() < FIRST_YEAR => DateText::Absent,
        Some(time) => DateText::At(time),
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
    civil.ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Reads an optional field; what is not a date is reported as `date-invalid` and left out.
pub(crate) fn field(
    text: Option<&str>,
    name: &str,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Timestamp> {
    match parse(text?) {
        DateText::At(time) => Some(time),
        DateText::Absent => None,
        DateText::Unreadable => {
            let value = crate::text::shorten(text.unwrap_or_default(), 60);
            diagnostics.push(
                Diagnostic::new(Code::DateInvalid, place.clone()).with("field", name).with("value", value),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_seen() {
        let check = |text: &str, expected: &str| match parse(text) {
            DateText::At(time) => assert_eq!(time.to_string(), expected, "{text}"),
            other => assert_eq!(format!("{other:?}"), expected, "{text}"),
        };
        check("2024-02-05T12:30:00Z", "2024-02-05T12:30:00Z");
        check("2025-08-25T17:04:19.9796Z", "2025-08-25T17:04:19.9796Z");
        check("2024-02-05T12:30:00", "2024-02-05T12:30:00Z");
        check("2026-10-08T19:59+09:00", "2026-10-08T10:59:00Z");
        check("2022-02-04T00:00:00+0000", "2022-02-04T00:00:00Z");
        check("2025-08-25", "2025-08-25T00:00:00Z");
        check("0001-01-01T00:00:00Z", "Absent");
        check(" ", "Absent");
        check("soon", "Unreadable");
        check("2024-13-01", "Unreadable");
    }
}
