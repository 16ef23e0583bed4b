//! `records`: 100,000 findings turned into cases, and looked at again. The example `case_refresh` of the application is
//! built and started in a process of its own; it makes its inputs and prints a table for `docs/benchmarks.md`.

use std::process::Command;

use crate::Failure;
use crate::{machine, workspace};

/// Builds and runs the measurement.
///
/// # Errors
/// When cargo or the measurement fails.
pub fn run() -> Result<(), Failure> {
    let folder = workspace::folder("records")?;
    println!("{}\nload before: {}\n", machine::description(), machine::load());
    let status = Command::new(workspace::example("case_refresh")?).arg(&folder).status()?;
    if status.success() { Ok(()) } else { Err(format!("the measurement ended with {status}").into()) }
}
