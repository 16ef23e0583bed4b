//! Looks at permitted targets from outside, and starts scanners that are installed (SPEC.md section 4, ③-1 to ③-3).
//!
//! Invariants, stated as absences: no other crate opens a connection to a target. Nothing here decides what is permitted: the
//! caller hands over a [`Permit`], and no connection is opened to an address that is not in it ([`connection`](self) is the one
//! module that connects; a name is resolved once and connected to by the address that was checked). Nothing is written to a
//! target: methods are GET and TRACE. No shell is involved when a scanner starts. No clock is read: the caller hands one over
//! ([`Clock`]). A check that could not be carried out is never passed.

mod certificate;
mod clock;
mod connection;
mod http;
pub mod outside;
mod permit;
pub mod scanners;
mod target;
mod tls;

pub use clock::{Clock, Limits};
pub use connection::LookUps;
pub use permit::{AddressRange, NotAnAddressRange, Permit, UrlPrefix};
pub use target::{NotATarget, Scheme, Target};
