//! The knowledge index: built once into bytes, then read from `&[u8]` (mapped memory) without parsing anything.
//!
//! - [`layout`]: file, sections, records, checksums
//! - [`table`]: hash tables in bytes
//! - [`posting`]: statements about versions, as byte keys
//! - [`facts`]: what is known about a vulnerability
//! - [`build`] writes, [`read`] reads

pub mod build;
pub mod facts;
pub mod layout;
pub mod posting;
pub mod read;
pub mod table;
