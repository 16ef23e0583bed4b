//! Version order, ranges, identity of products, and the knowledge index.
//!
//! Invariants, stated as absences: nothing here reads a file, a clock or the network; nothing here knows a file
//! format of the outside world. The index is built into bytes and read from `&[u8]`.

pub mod check;
mod closeness;
pub mod confirmed;
mod device_lists;
pub mod explain;
pub mod identity;
pub mod index;
pub mod keys;
pub mod known;
pub mod matcher;
pub mod names;
pub mod portfolio;
pub mod prepared;
pub mod register;
pub mod suggest;
mod support;
pub mod vers;
pub mod version;
