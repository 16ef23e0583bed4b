//! The pages over real connections. One program with a module for each area: linking one more would cost as much as all tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod again;
mod assets;
mod evidence;
mod forms;
mod lists;
mod quiet;
mod scope;
mod served;
mod setup;
mod words;
