//! The terminal. Aligned with Japanese width, wrapped to the given width, readable without colour.
//!
//! Foreign text is cleaned of control characters before it is shown: an advisory must not be able to move the cursor
//! or to repaint the screen of the person who reads it.

mod check;
pub(crate) mod crosswalk;
mod explain;
mod inventory;
mod knowledge;
pub(crate) mod layout;
mod patch;
#[cfg(test)]
mod tests;
mod wording;

pub use check::{check, who};
pub(crate) use crosswalk::localised;
pub use crosswalk::{crosswalk, crosswalk_csv, evidence};
pub use explain::explain;
pub use inventory::{assets, import, imports, map, undone};
pub use knowledge::{kb_show, kb_status};
pub(crate) use knowledge::{product, versions};
pub(crate) use layout::{clean, is_harmful};
pub use patch::patch_verify;
pub use wording::wording;

/// How the terminal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Write ANSI colours. Colour only ever repeats what a word says.
    pub color: bool,
    /// Columns of the terminal; 110 if unknown.
    pub width: Option<u16>,
    /// The allowed age of sources in days, to mark older ones; none marked if unknown.
    pub max_age_days: Option<u64>,
}
