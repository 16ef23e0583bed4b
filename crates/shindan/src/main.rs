//! The executable: reads the command line, runs one use case, prints, and turns the outcome into an exit code.

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
