//! Finds the genuine test data: `SHINDAN_TESTDATA`, by default `../shared/data` beside the workspace.
//!
//! None of that data is part of this repository. A test that needs it calls [`path`] and returns when it is absent;
//! the reason is printed, so that a run without data does not look like a run with data.
//!
//! Invariants, stated as absences: nothing that ships depends on this crate; nothing here writes, fetches or parses.

use std::path::{Path, PathBuf};

/// The folder or file `relative` of the test data, or `None` with a line on standard error that says what is
/// skipped.
pub fn path(relative: &str) -> Option<PathBuf> {
    let root = root();
    let wanted = root.join(relative);
    if wanted.exists() {
        return Some(wanted);
    }
    eprintln!(
        "SKIPPED: no test data at {} (set SHINDAN_TESTDATA to the folder that holds it)",
        wanted.display()
    );
    None
}

/// Where the test data is expected.
pub fn root() -> PathBuf {
    match std::env::var_os("SHINDAN_TESTDATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}
