//! The one place that reads the clock.

use jiff::Timestamp;

/// The present time.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Timestamp {
    Timestamp::now()
}
