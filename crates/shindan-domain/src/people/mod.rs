//! 人: who may do what (SPEC.md section 2). Names are not here: they stand in a table that can be erased.

mod account;
mod login;
pub mod password;
mod permission;
mod person;
pub mod throttle;
mod token;

pub use account::Account;
pub use login::LoginOutcome;
pub use permission::{Action, Role, permit};
pub use person::{Person, PersonEvent, PersonState};
pub use token::{IssuedToken, Scope};
