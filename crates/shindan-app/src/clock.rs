//! The one place that reads the clock, and which day it is for a reader in Japan.

use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// The present time.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A time that never runs backwards, for how long something takes.
#[allow(clippy::disallowed_methods)]
pub fn instant() -> Instant {
    Instant::now()
}

/// The day in Japan (UTC+9, no summer time): dates in ledgers are meant there.
pub fn day_in_japan(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::fixed(Offset::constant(9))).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_in_japan() {
        let day = |text: &str| day_in_japan(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-06-30T14:59:59Z"), "2026-06-30");
        assert_eq!(day("2026-06-30T15:00:00Z"), "2026-07-01");
    }
}
