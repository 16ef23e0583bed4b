//! Days are days in Japan: due dates, windows and review dates of this program (UTC+9, no daylight saving).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::process::{Label, Occurrence, ReasonCode, Refusal};

/// The day in Japan at this moment.
pub fn day_in_japan(at: Timestamp) -> Date {
    jiff::tz::offset(9).to_datetime(at).date()
}

/// Refuses a day that is not after the day of the step.
///
/// # Errors
/// [`ReasonCode::DateNotInFuture`] with the name of the field and the day.
pub fn in_future(field: Label, day: Date, by: &Occurrence) -> Result<(), Refusal> {
    if day > day_in_japan(by.at) {
        return Ok(());
    }
    Err(Refusal::new(ReasonCode::DateNotInFuture).with("field", field.as_str()).with("date", day))
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
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_japan() {
        let day = |text: &str| day_in_japan(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-11-26T14:59:59Z"), "2026-11-26");
        assert_eq!(day("2026-11-26T15:00:00Z"), "2026-11-27");
    }
}
