//! The interface over real connections on the loopback address. Every answer is held against the published description.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreements;
mod assessed;
mod assessments;
mod client;
mod commands;
mod connections;
mod described;
mod devices;
mod evidence;
mod exchanging;
mod hospital;
mod problems;
mod reading;
mod sightings;
mod sources;
mod walk;
