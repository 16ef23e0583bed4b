//! The one place that asks the system for random bytes.

use jiff::Timestamp;
use uuid::{Builder, Uuid};

use super::RecordsError;

/// Random bytes of the operating system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], RecordsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RecordsError::Randomness(error.to_string()))?;
    Ok(bytes)
}

/// A new identifier: UUID version 7 (RFC 9562 section 5.7) of this time.
pub(crate) fn id(at: Timestamp) -> Result<Uuid, RecordsError> {
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or_default();
    Ok(Builder::from_unix_timestamp_millis(milliseconds, &bytes::<10>()?).into_uuid())
}

/// A new token: `shindan_` and 256 random bits as hexadecimal digits.
pub(crate) fn token() -> Result<String, RecordsError> {
    secret().map(|digits| format!("shindan_{digits}"))
}

/// 256 random bits as hexadecimal digits: the text of a session, or by which a browser is known.
pub(crate) fn secret() -> Result<String, RecordsError> {
    Ok(bytes::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
