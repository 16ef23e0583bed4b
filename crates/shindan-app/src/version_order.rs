//! Use case `version-order`: does the program order versions as somebody else says?

pub use shindan_match::version::oracle::{FailedLine, OrderReport, check_lines};
