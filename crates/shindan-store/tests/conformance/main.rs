//! What a store has to do, whatever database is behind it, and what this one does when its files are harmed.
//!
//! `accounts`, `lists`, `commits`, `ledger`, `documents`, `backups`, `derived` and `crash` ask the interface only: another database has to
//! pass them. `harmed` reaches into SQLite's file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod backups;
mod commits;
mod crash;
mod derived;
mod documents;
mod harmed;
mod ledger;
mod lists;
mod people;
mod searches;
mod toy;
