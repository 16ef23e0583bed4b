//! Tests of sources, checks and notices.
