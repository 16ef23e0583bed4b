//! 資産: the register of assets, one asset, imports with preview, and taking them back (UI.md, page 4).

pub(crate) mod choice;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod past;
pub(crate) mod preview;
pub(crate) mod rows;
pub(crate) mod texts;
