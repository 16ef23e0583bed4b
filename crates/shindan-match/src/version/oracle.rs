//! Checks lines such as `1.0 < 1.1` against the order of a scheme.
