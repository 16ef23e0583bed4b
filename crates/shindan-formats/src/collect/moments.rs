//! Times as lists of news write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::text::shorten;

/// Reads a time: RFC 3339 with or without seconds, the form of mails (RFC 2822, also with `JST`), or Japanese forms of
/// dates. `None` if it is none. A text without zone is Japan's: sources abroad write one.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Some(at) = of_a_mail(text) {
        return Some(at);
    }
    // What is not of one form may be of the next; what is of none is told by the caller.
    let local = text.parse::<DateTime>().ok();
    let local = local.or_else(|| FORMS.iter().find_map(|form| DateTime::strptime(form, text).ok()));
    let local = local.or_else(|| {
        let date = DAYS.iter().find_map(|form| Date::strptime(form, text).ok());
        date.map(|date| date.at(0, 0, 0, 0))
    })?;
    local.to_zoned(TimeZone::fixed(jiff::tz::offset(9))).ok().map(|zoned| zoned.timestamp())
}

const FORMS: [&str; 3] = ["%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"];
const DAYS: [&str; 3] = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"];

fn of_a_mail(text: &str) -> Option<Timestamp> {
    // A comment such as `(JST)` may follow the zone.
    let text = text.split('(').next().unwrap_or(text).trim();
    let in_japan = text.strip_suffix("JST").map(|rest| format!("{rest}+0900"));
    let text = in_japan.as_deref().unwrap_or(text);
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// Reads an optional field; what is not a time is reported as `date-invalid` and left out.
pub(super) fn field(
    text: Option<&str>,
    name: &str,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Timestamp> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let read = parse(text);
    if read.is_none() {
        let told = Diagnostic::new(Code::DateInvalid, place.clone());
        diagnostics.push(told.with("field", name).with("value", shorten(text, 60)));
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_seen() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse(text).map(|at| at.to_string()).unwrap_or_default(), expected, "{text}");
        };
        check("2026-10-08T19:59+09:00", "2026-10-08T10:59:00Z");
        check(" 2026-10-08T19:59:30+09:00\n", "2026-10-08T10:59:30Z");
        check("2026-10-08T10:59:30.5Z", "2026-10-08T10:59:30.5Z");
        check("Thu, 08 Oct 2026 19:59:30 +0900", "2026-10-08T10:59:30Z");
        check("Thu, 8 Oct 2026 19:59:30 +0900 (JST)", "2026-10-08T10:59:30Z");
        check("Thu, 08 Oct 2026 19:59:30 JST", "2026-10-08T10:59:30Z");
        check("Thu, 08 Oct 2026 10:59:30 GMT", "2026-10-08T10:59:30Z");
        check("2026-10-08", "2026-10-07T15:00:00Z");
        check("2026/10/08 12:00", "2026-10-08T03:00:00Z");
        check("2023/11/02 12:00:18", "2023-11-02T03:00:18Z");
        check("2026年10月8日", "2026-10-07T15:00:00Z");
        check("soon", "");
        check("2026-13-01", "");
        check("Thu, 99 Oct 2026 19:59:30 +0900", "");
    }

    #[test]
    fn what_is_no_time_is_told() {
        let mut told = Vec::new();
        assert_eq!(field(Some("近日"), "dc:date", &Place::file("f"), &mut told), None);
        assert_eq!(told[0].code, Code::DateInvalid);
        assert_eq!(field(Some(" "), "dc:date", &Place::file("f"), &mut told), None);
        assert_eq!(told.len(), 1, "blank is absent");
    }
}
