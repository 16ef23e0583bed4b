//! Times as tools write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A time, and whether it had to be taken as Japan's because it has no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) at: Timestamp,
    pub(super) without_zone: bool,
}

/// Forms without a zone that tools write, beside ISO 8601.
const LOCAL: [&str; 8] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%a %b %d %H:%M:%S %Y",
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%Y%m%d%H%M%S",
];

/// Forms with a zone, beside RFC 3339.
const ZONED: [&str; 5] = [
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S GMT",
    "%a %b %d %H:%M:%S %z %Y",
    "%a %b %d %H:%M:%S UTC %Y",
    "%Y-%m-%d %H:%M:%S %z",
];

/// Reads a time; `None` if it is none.
pub(super) fn time(text: &str) -> Option<Told> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Told { at, without_zone: false });
    }
    for form in ZONED {
        if form.contains("%z") {
            if let Ok(zoned) = jiff::fmt::strtime::parse(form, text).and_then(|parsed| parsed.to_timestamp())
            {
                return Some(Told { at: zoned, without_zone: false });
            }
        } else if let Ok(local) = DateTime::strptime(form, text) {
            return in_zone(local, TimeZone::UTC).map(|at| Told { at, without_zone: false });
        }
    }
    // One form after the other is tried; a text of none of them is `None`, which the readers tell.
    let local = text.parse::<DateTime>().ok();
    let local = local.or_else(|| LOCAL.iter().find_map(|form| DateTime::strptime(form, text).ok()))?;
    let japan = TimeZone::fixed(jiff::tz::offset(9));
    in_zone(local, japan).map(|at| Told { at, without_zone: true })
}

fn in_zone(local: DateTime, zone: TimeZone) -> Option<Timestamp> {
    local.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

/// Seconds since 1970, as text.
pub(super) fn seconds(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_scanners_write() {
        let told = |text| time(text).map(|told| (told.at.to_string(), told.without_zone));
        assert_eq!(told("2026-11-27T10:00:00+09:00"), Some(("2026-11-27T01:00:00Z".into(), false)));
        assert_eq!(told("2026-11-27T10:00:00"), Some(("2026-11-27T01:00:00Z".into(), true)));
        assert_eq!(told("Fri, 27 Nov 2026 01:00:00 GMT"), Some(("2026-11-27T01:00:00Z".into(), false)));
        assert_eq!(told("Fri, 27 Nov 2026 10:00:00"), Some(("2026-11-27T01:00:00Z".into(), true)));
        assert_eq!(told("Fri Nov 27 10:00:00 2026"), Some(("2026-11-27T01:00:00Z".into(), true)));
        assert_eq!(told("yesterday"), None);
        assert_eq!(seconds("1764205200").map(|at| at.to_string()), Some("2025-11-27T01:00:00Z".into()));
    }
}
