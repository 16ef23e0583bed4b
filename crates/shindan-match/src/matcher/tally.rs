//! How many components were judged in this process: that something was spared cannot be seen in an answer, which is the same.

use std::sync::atomic::{AtomicU64, Ordering};

static JUDGED: AtomicU64 = AtomicU64::new(0);

/// Components that matchers judged since the process began; what an inventory describes as a whole is none of them. A matcher counts
/// when it is dropped. For tests and measurements.
pub fn judged_so_far() -> u64 {
    JUDGED.load(Ordering::Relaxed)
}

/// Counts for one matcher, so that threads do not wait for each other.
#[derive(Debug, Default)]
pub(super) struct Tally(u64);

impl Tally {
    pub(super) fn add(&mut self) {
        self.0 += 1;
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        JUDGED.fetch_add(self.0, Ordering::Relaxed);
    }
}
