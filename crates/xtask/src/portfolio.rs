//! `portfolio`: W5. A thousand advisories change, and stored lists follow; who is hit by one vulnerability. The example `portfolio` of
//! the application is built and started in a process of its own; it makes its inputs and prints tables for `docs/benchmarks.md`.

use std::process::Command;

use crate::Failure;
use crate::{machine, workspace};

/// Sizes of the portfolio in components.
const SIZES: [&str; 2] = ["100000", "1000000"];

/// Builds and runs the measurements.
///
/// # Errors
/// When cargo or a measurement fails.
pub fn run() -> Result<(), Failure> {
    let folder = workspace::folder("portfolio")?;
    println!("{}\nload before: {}\n", machine::description(), machine::load());
    let example = workspace::example("portfolio")?;
    for size in SIZES {
        let status = Command::new(&example).arg(folder.join(size)).arg(size).status()?;
        if !status.success() {
            return Err(format!("the measurement of {size} ended with {status}").into());
        }
        println!();
    }
    Ok(())
}
