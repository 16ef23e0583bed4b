//! How long to wait before the next attempt, and what a source says about it.

use std::time::Duration;

use jiff::Timestamp;

use crate::settings::Settings;

/// The wait before attempt `next` (2 is the first that waits): doubled each time, between half of it and all of it by chance, so
/// that those who were cut together do not come back together.
pub(crate) fn backoff(settings: &Settings, next: u32, chance: f64) -> Duration {
    let doublings = next.saturating_sub(2).min(20);
    let whole = settings.backoff.saturating_mul(1 << doublings).min(settings.longest_wait);
    whole.mul_f64(0.5 + chance / 2.0)
}

/// `Retry-After`: seconds or a date (RFC 9110, 10.2.3). `None`: not sent, or not understood.
pub(crate) fn retry_after(value: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    // A date that is past asks for no wait.
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// A date as HTTP sends it: `Sun, 06 Nov 1994 08:49:37 GMT`. The two forms that were old in 1999 are not read.
pub(crate) fn http_date(value: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(value.trim()).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_differ_by_chance() {
        let settings = Settings {
            backoff: Duration::from_secs(2),
            longest_wait: Duration::from_secs(10),
            ..Settings::default()
        };
        let waits: Vec<u64> = (2..7).map(|next| backoff(&settings, next, 1.0).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 10, 10]);
        assert_eq!(backoff(&settings, 3, 0.0), Duration::from_secs(2));
        assert_eq!(backoff(&settings, u32::MAX, 1.0), Duration::from_secs(10));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-27T06:00:00Z".parse().unwrap();
        assert_eq!(retry_after(Some(" 120 "), now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after(Some("Fri, 27 Nov 2026 06:01:00 GMT"), now), Some(Duration::from_secs(60)));
        assert_eq!(retry_after(Some("Fri, 27 Nov 2026 05:01:00 GMT"), now), Some(Duration::ZERO));
        for unclear in ["soon", "-5", "1.5", ""] {
            assert_eq!(retry_after(Some(unclear), now), None, "{unclear}");
        }
        assert_eq!(retry_after(None, now), None);
    }
}
