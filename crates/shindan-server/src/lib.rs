//! The REST interface: the use cases of `shindan-app` over HTTP, the same that the command line calls.
//!
//! ```text
//! request ─► ask (token, language, key, revision) ─► body within limits ─► blocking thread: enter ─► use case ─► reply | problem
//! ```
//!
//! Invariants, stated as absences:
//! - Nothing here decides or permits: roles, gates and refusals are the use case's, and nobody acts without a personal token.
//! - No command is given up half-way. Once it has begun, it ends, whether or not the client is still there; before that,
//!   nothing of it was done.
//! - No text of the user interface stands here (all are in `shindan-report`'s words); no detail of a fault inside the program
//!   leaves it.
//! - No request names a file of the server: files are uploaded first and named by their SHA-256.
//! - No route is without a description: routes of commands and `openapi.json` are made from the same list.

mod ask;
mod assessments;
pub mod command;
mod commands;
pub mod desk;
mod document;
mod give;
mod hashing;
pub mod openapi;
mod pool;
pub mod problem;
mod query;
mod read;
pub mod reply;
mod resolve;
mod routes;
mod serve;
pub mod shapes;
mod sources;
mod tls;
mod uploads;

pub use hashing::HashingPlace;
pub use routes::Limits;
pub use serve::{Peer, ServeError, Server};
pub use tls::{Tls, TlsError};
