//! 人: who may do what (SPEC.md section 2). Names are not here: they stand in a table that can be erased.

mod permission;
mod person;
mod token;

pub use permission::{Action, Role, permit};
pub use person::{Person, PersonEvent, PersonState};
pub use token::{IssuedToken, Scope};
