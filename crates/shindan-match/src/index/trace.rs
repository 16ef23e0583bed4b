//! Which keys are consulted while something is judged. The index itself notes them, present or not, so that no way of matching can
//! forget one.

use std::sync::{Mutex, PoisonError};

/// Hashes of the keys that were consulted, in their order, repeated as often as they were.
#[derive(Debug, Default)]
pub struct Trace {
    // One thread writes at a time; the lock is there because an index may be shared.
    keys: Mutex<Vec<u64>>,
}

impl Trace {
    /// Notes a key.
    pub(crate) fn note(&self, key: u64) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).push(key);
    }

    /// Notes keys that were consulted before and whose answer is used again.
    pub(crate) fn note_all(&self, keys: &[u64]) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(keys);
    }

    /// How many were noted so far.
    pub(crate) fn mark(&self) -> usize {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What was noted since.
    pub(crate) fn since(&self, mark: usize) -> Vec<u64> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(mark..).unwrap_or_default().to_vec()
    }

    /// What was noted, each once, in ascending order; nothing is noted any more after it.
    pub(crate) fn take(&self) -> Vec<u64> {
        let mut keys = std::mem::take(&mut *self.keys.lock().unwrap_or_else(PoisonError::into_inner));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
