//! The knowledge index: built once into bytes, then read from `&[u8]` (mapped memory) without parsing anything.

pub mod layout;
pub mod table;
