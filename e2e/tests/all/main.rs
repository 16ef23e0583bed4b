//! The stories, in one executable: it is linked once.

mod canary;
mod crawl;
mod login;
