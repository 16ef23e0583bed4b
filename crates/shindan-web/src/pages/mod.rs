//! The pages, one module each: context, sample, how it is made.

pub(crate) mod account;
pub(crate) mod area;
pub(crate) mod assets;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod process;
pub(crate) mod record;
#[cfg(test)]
mod samples;
pub(crate) mod search;
pub(crate) mod setup;
pub(crate) mod system;
pub(crate) mod today;
pub(crate) mod trouble;
