//! The knowledge index: built once into bytes, then read from `&[u8]` (mapped memory) without parsing anything.
//!
//! - [`layout`]: file, sections, records, checksums
//! - [`numbers`]: long rows of numbers, verified block by block; [`table`]: hash tables of them
//! - [`posting`]: statements about versions, as byte keys
//! - [`facts`]: what is known about a vulnerability
//! - [`updates`]: which updates replace which
//! - [`prints`]: which keys differ between two indexes; [`trace`]: which keys were consulted
//! - `told`: advisories as they were told; [`words`]: what is searched when people type words
//! - [`build`] writes, [`read`] reads
//! - [`own`]: what one inventory states itself, filed the same way

pub mod build;
mod enriched;
pub mod facts;
pub(crate) mod filing;
pub mod layout;
pub mod numbers;
pub mod own;
pub mod posting;
pub mod prints;
pub mod read;
pub mod table;
mod told;
pub mod trace;
pub mod updates;
pub mod words;
