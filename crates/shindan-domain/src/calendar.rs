//! Days: due dates and ends are days in Japan, moments are UTC.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use crate::process::{Label, Occurrence, ReasonCode, Refusal};

/// Japan has one time zone and no summer time.
const JAPAN: Offset = Offset::constant(9);

/// The day in Japan on which a moment lies.
pub fn day(at: Timestamp) -> Date {
    JAPAN.to_datetime(at).date()
}

/// The moment at which a day begins in Japan; the first moment of all for a day before it.
pub fn start_of(date: Date) -> Timestamp {
    JAPAN.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// The day that lies this many days later; the last day of the calendar if there is none.
pub fn after(date: Date, days: u16) -> Date {
    date.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
}

/// Whole hours from one moment to another; negative if the second lies before the first.
pub fn hours_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()) / 3600
}

/// Refuses a day that is not after the day of the step.
///
/// # Errors
/// [`ReasonCode::DateNotInFuture`] with the name of the field and the day.
pub fn in_future(field: Label, date: Date, by: &Occurrence) -> Result<(), Refusal> {
    if date > day(by.at) {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DateNotInFuture).with("field", field.as_str()).with("date", date))
}

/// Refuses a moment after that of the step.
///
/// # Errors
/// [`ReasonCode::DateInFuture`] with the name of the field and the moment.
pub fn not_in_future(field: Label, at: Timestamp, by: &Occurrence) -> Result<(), Refusal> {
    if at <= by.at {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DateInFuture).with("field", field.as_str()).with("date", at))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_japan() {
        let at = |text: &str| day(text.parse().unwrap());
        assert_eq!(at("2026-03-31T14:59:59Z"), date(2026, 3, 31));
        assert_eq!(at("2026-03-31T15:00:00Z"), date(2026, 4, 1));
        assert_eq!(after(date(2026, 2, 27), 2), date(2026, 3, 1));
        assert_eq!(after(Date::MAX, 1), Date::MAX);
        assert_eq!(start_of(date(2026, 4, 1)).to_string(), "2026-03-31T15:00:00Z");
    }
}
