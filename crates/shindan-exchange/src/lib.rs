//! x Invariants
