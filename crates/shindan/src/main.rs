//! The executable: reads the command line, runs one use case, prints, and turns the outcome into an exit code.

mod cli;
mod exit;
mod output;
mod progress;
mod run;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    run::run(arguments).into()
}
