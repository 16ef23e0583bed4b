//! The pages: what people do in a browser, in Japanese and English. The same use cases as the command line and REST.
//!
//! ```text
//! request ─► visit (session, language, address) ─► use case ─► typed context of a page ─► template ─► answer
//! form    ─► visit ─► body of a command ─► the command that REST runs ─► back to the page, or the form with what is missing
//! ```
//!
//! Invariants, stated as absences:
//! - Nothing here decides or permits: roles, gates and refusals are the use case's.
//! - No text stands in a template or in code: words are `shindan-report`'s, equal keys in both languages.
//! - No page asks for anything from another machine, none carries script or style of its own (the policy of `answer.rs` forbids it).
//! - No state of a page is kept on the server but the session, and how far long work is (`jobs.rs`): filters stand in the address.
//! - No change without the session's token in the form and an origin that is this server's (`guard.rs`).
//!
//! To add a page: a module in `pages/` with a context (`#[derive(Template)]`, a `frame::Frame` in it), its sample, its route in
//! `routes.rs`.

// The served tests name the crate as those who use it do.
#[cfg(test)]
extern crate self as shindan_web;

mod address;
mod ahead;
mod answer;
mod asked;
mod assets;
mod forms;
mod frame;
mod guard;
mod jobs;
mod listing;
mod pages;
mod routes;
mod scope;
mod tone;
mod visit;

pub use routes::router;
pub use visit::Options;
