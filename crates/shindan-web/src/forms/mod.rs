//! Forms of commands: what REST can do, a person can do in a browser.
//!
//! ```text
//! schema of a command ─► fields (field, hints) ─► parts of a page (parts) ─► what was typed (typed, intake) ─► body (body) ─► command
//! ```
//!
//! A form is made from the schema of the command's body, so that a new command has a form at once; what the schema cannot say – that
//! a text is a day, a file, or the name of a record – stands in [`hints`]. A form that changes a record
//! begins with what is stored ([`present`]).

pub(crate) mod body;
pub(crate) mod choices;
pub(crate) mod field;
pub(crate) mod folds;
pub(crate) mod given;
pub(crate) mod hints;
pub(crate) mod intake;
pub(crate) mod parts;
pub(crate) mod permits;
pub(crate) mod present;
pub(crate) mod steps;
pub(crate) mod target;
#[cfg(test)]
mod tests;
pub(crate) mod typed;
