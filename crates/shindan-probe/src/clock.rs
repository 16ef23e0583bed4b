//! Time as an argument, and how long and how much a run may take.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Where the time comes from. The caller's clock is the one place that reads it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The present time, for reports.
    pub timestamp: fn() -> Timestamp,
    /// A time that never runs backwards, for limits.
    pub instant: fn() -> Instant,
}

impl Clock {
    pub(crate) fn now(self) -> Timestamp {
        (self.timestamp)()
    }

    pub(crate) fn instant(self) -> Instant {
        (self.instant)()
    }
}

/// What the outside check may take at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one request with its answer, connecting included.
    pub timeout: Duration,
    /// For everything.
    pub total: Duration,
    /// Bytes of one answer.
    pub bytes: usize,
    /// Connections per second; at least 1.
    pub per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            timeout: Duration::from_secs(10),
            total: Duration::from_secs(300),
            bytes: 1 << 20,
            per_second: 5,
        }
    }
}
