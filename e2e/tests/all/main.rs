//! The stories, in one executable: it is linked once.

mod canary;
mod case;
mod change;
mod comfort;
mod crawl;
mod evidence;
mod import;
mod login;
mod patch;
mod plain;
mod setup;
