//! The executable: reads the command line, runs one use case, prints, and turns the outcome into an exit code.
//!
//! Invariants, stated as absences: nothing here decides, orders, matches or parses a foreign format; no text of the user
//! interface stands here (all are in `shindan-report`'s words); findings alone never change the exit code.

mod cli;
mod exit;
mod help;
mod output;
mod progress;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    match help::arguments() {
        Ok(arguments) => run::run(arguments).into(),
        Err(exit) => exit,
    }
}
