//! What fuzz targets say when they were built by anything but `cargo fuzz`.

use std::process::ExitCode;

/// Says how a fuzz target is run, and fails (exit code 2): without libFuzzer there is nothing that would call it.
pub fn not_a_fuzzer() -> ExitCode {
    eprintln!(
        "This is a fuzz target without a fuzzer. Run it with: cargo +nightly fuzz run TARGET (fuzz/README.md)"
    );
    ExitCode::from(2)
}
