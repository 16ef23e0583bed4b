//! Devices through a real index in memory: names, identities, firmware, and the end of support.
#![allow(clippy::expect_used)]

mod firmware;
mod support_end;
mod world;
