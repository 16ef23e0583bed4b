//! The JSON contract. Every key is always there (`null` or `[]` when there is nothing); keys may be added, none is
//! renamed. The schemas are in `docs/schemas/`; tests hold the output against them.
//!
//! The domain types do not know this form: each object has a view here that borrows from the domain, made while it
//! is written, so that the size of the answer never sits in memory twice.

mod check;
mod crosswalk;
mod cvss;
mod explain;
mod in_order;
mod inventory;
mod knowledge;
mod lines;
mod list;
mod patch;
mod quick;
pub(crate) mod show;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod views;
mod wording;

use std::io::{BufWriter, Write};

use serde::Serialize;
use serde_json::Error;

pub use check::{write_check, write_check_by};
pub use crosswalk::write_crosswalk;
pub use cvss::write_cvss;
pub use explain::write_explain;
pub use in_order::{Workers, alone};
pub use inventory::{write_assets, write_import, write_imports, write_map};
pub use knowledge::write_kb_status;
pub use lines::{Lines, write_check_lines};
pub use patch::write_patch_verify;
pub use show::write_kb_show;
pub use wording::write_wording;

/// Writes one compact line, so that lines can also be read as JSON Lines.
pub(crate) fn write_line<W: Write>(writer: W, value: &impl Serialize) -> Result<(), Error> {
    // serde_json writes every bracket on its own; a terminal or pipe behind it must not see that.
    let mut writer = BufWriter::with_capacity(1 << 16, writer);
    serde_json::to_writer(&mut writer, value)?;
    writer.write_all(b"\n").and_then(|()| writer.flush()).map_err(Error::io)
}

/// Writes bytes as they are.
pub(crate) fn raw(out: &mut impl Write, bytes: &[u8]) -> Result<(), Error> {
    out.write_all(bytes).map_err(Error::io)
}

/// Writes a member of an object that is not its first.
pub(crate) fn field(out: &mut impl Write, name: &str, value: &impl Serialize) -> Result<(), Error> {
    write!(out, ",\"{name}\":").map_err(Error::io)?;
    serde_json::to_writer(out, value)
}

/// A sequence that is made while it is written.
struct Each<I>(I);

impl<I> Serialize for Each<I>
where
    I: Iterator + Clone,
    I::Item: Serialize,
{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
