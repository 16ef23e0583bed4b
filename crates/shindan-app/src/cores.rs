//! The cores of this machine, lent to those who say what can be done at once and start no threads themselves.

/// Calls `work` on all threads at once and returns when each call has returned.
pub fn all(work: &(dyn Fn() + Sync)) {
    rayon::broadcast(|_| work());
}
