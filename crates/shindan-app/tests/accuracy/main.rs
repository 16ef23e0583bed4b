//! Accuracy: answers that were not written by us, asked through the whole pipeline (`knowledge::build` into a folder,
//! `check::check` on inventories).
//!
//! Most oracles are genuine data and are skipped with a line on standard error where that data is absent; the facts
//! committed in `data/` always run, and so does a Windows server of our own. Every test prints its counts and every miss with its reason:
//! `cargo test -p shindan-app --test accuracy -- --nocapture`. `docs/accuracy.md` keeps the tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod csaf_files;
mod devices;
mod distributions;
mod export;
mod hospital;
mod identity;
mod jvn;
mod known_records;
mod labelled;
mod lock_files;
mod makers;
mod microsoft;
mod oddities;
mod osv_ranges;
mod suggestions;
mod ubuntu;
mod vex;
mod windows_server;
mod workbench;
