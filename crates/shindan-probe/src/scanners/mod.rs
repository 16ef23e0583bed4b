//! Scanners that are installed: which are known, which are there, and how one is started (SPEC.md section 4, ③-1). Each is
//! started with fixed arguments (`catalog/assessment/scanners.toml`), never through a shell, with an empty environment, in a
//! private folder, and is stopped with everything that it started.
//!
//! A scanner that takes a web address resolves its name itself: it is checked right before the start, and the caller compares
//! the addresses that the report names.

mod find;
mod order;
mod pack;
mod process;
mod run;

pub use find::{Found, installed};
pub use order::{Order, ScanTarget};
pub use pack::{BadScanners, Scanner, Since, TargetKind, known};
pub use run::{Ended, Outcome, Progress, RunError, run};
