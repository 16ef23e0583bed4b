//! Display numbers: `MED-2026-0042`, counted per year in Japan over all records that have one.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use rusqlite::Connection;

use crate::StoreError;

/// Japan has had no summer time since 1951.
fn year_in_japan(at: Timestamp) -> i16 {
    at.to_zoned(TimeZone::fixed(Offset::constant(9))).year()
}

/// Gives the next number of the year in which `at` lies.
pub(crate) fn next(connection: &Connection, prefix: &str, at: Timestamp) -> Result<String, StoreError> {
    let year = year_in_japan(at);
    let mut statement = connection.prepare_cached(
        "INSERT INTO number_counter (year, last) VALUES (?1, 1)
         ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
    )?;
    let count: i64 = statement.query_row([year], |row| row.get(0))?;
    Ok(format!("{prefix}-{year}-{count:04}"))
}

/// Year and count of a display number.
pub(crate) fn parse(number: &str) -> Option<(i16, i64)> {
    let mut parts = number.rsplitn(3, '-');
    let count = parts.next()?.parse().ok()?;
    let year = parts.next()?.parse().ok()?;
    Some((year, count))
}

/// Prefixes are short, so that numbers can be said on the telephone, and plain, so that they survive every form.
pub(crate) fn check_prefix(prefix: &str) -> Result<(), StoreError> {
    let plain = prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let begins = prefix.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
    if plain && begins && prefix.len() <= 8 { Ok(()) } else { Err(StoreError::Prefix(prefix.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_japans() {
        assert_eq!(year_in_japan("2026-12-31T14:59:59.999Z".parse().unwrap()), 2026);
        assert_eq!(year_in_japan("2026-12-31T15:00:00Z".parse().unwrap()), 2027);
    }

    #[test]
    fn numbers_are_read_back_and_prefixes_are_plain() {
        assert_eq!(parse("MED-2026-0042"), Some((2026, 42)));
        assert_eq!(parse("MED-2026-12345"), Some((2026, 12345)));
        assert_eq!(parse("MED"), None);
        for wrong in ["", "med", "M-D", "1MED", "MEDICALXX", "病院"] {
            assert!(check_prefix(wrong).is_err(), "{wrong}");
        }
        assert!(check_prefix("MED1").is_ok());
    }
}
