//! Use cases: one verb, one function.
