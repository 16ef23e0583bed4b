//! Time, sleep and chance, as arguments.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use crate::error::FetchError;

/// How long a wait may go on before the wish to stop is noticed.
const STEP: Duration = Duration::from_millis(200);

/// What a client needs of the world besides the network. The caller's clock is the one place that reads it.
pub struct Surroundings {
    /// The present time.
    pub now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Waits. It is called with at most a fifth of a second at a time, so that a wait can be broken off.
    pub sleep: Box<dyn Fn(Duration) + Send + Sync>,
    /// A number from 0 to 1 by chance, so that a thousand hospitals do not come back in the same second.
    pub chance: Box<dyn Fn() -> f64 + Send + Sync>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

impl Surroundings {
    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// 0 to 1, whatever the caller's chance says.
    pub(crate) fn chance(&self) -> f64 {
        let drawn = (self.chance)();
        if drawn.is_finite() { drawn.clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Waits this long, or until it is told to stop.
    pub(crate) fn wait(&self, long: Duration, cancelled: &AtomicBool) -> Result<(), FetchError> {
        let mut left = long;
        while !left.is_zero() {
            stop_if(cancelled)?;
            let step = left.min(STEP);
            (self.sleep)(step);
            left = left.saturating_sub(step);
        }
        stop_if(cancelled)
    }
}

pub(crate) fn stop_if(cancelled: &AtomicBool) -> Result<(), FetchError> {
    if cancelled.load(Ordering::Relaxed) { Err(FetchError::Cancelled) } else { Ok(()) }
}
