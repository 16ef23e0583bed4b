//! Inventory readers against samples of our own, genuine documents, damaged documents and hostile ones.

// A test says what is wrong by panicking.
#![allow(clippy::expect_used, clippy::panic)]

mod genuine;
mod hostile;
mod mutation;
mod opinions;
mod samples;
mod twins;

use shindan_domain::diagnostic::{Code, Diagnostic, Severity};
use shindan_domain::inventory::Inventory;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

/// Reads with the limits in force.
fn read(bytes: &[u8], path: &str) -> Result<Inventory, Vec<Diagnostic>> {
    inventory::read(bytes, path, &Limits::DEFAULT)
}

/// Diagnostics of a reading, whichever way it went.
fn diagnostics(outcome: &Result<Inventory, Vec<Diagnostic>>) -> &[Diagnostic] {
    match outcome {
        Ok(inventory) => &inventory.diagnostics,
        Err(diagnostics) => diagnostics,
    }
}

/// True if the exit code of the program would say that something was not read.
fn has_error(outcome: &Result<Inventory, Vec<Diagnostic>>) -> bool {
    diagnostics(outcome).iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// Codes, sorted, without repetition.
fn codes(outcome: &Result<Inventory, Vec<Diagnostic>>) -> Vec<Code> {
    let mut codes: Vec<Code> = diagnostics(outcome).iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// One line: place, code, parameters.
fn line(diagnostic: &Diagnostic) -> String {
    let params: Vec<String> =
        diagnostic.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {} {}", diagnostic.code, diagnostic.place, params.join(" | ")).trim_end().to_owned()
}
