//! CSAF 2.0.
