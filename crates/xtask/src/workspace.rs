//! Where things are, and building the product that is measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A folder for generated inputs, peers' databases and outputs; it is made when needed and may be removed at any time.
///
/// # Errors
/// When it cannot be made.
pub fn folder(name: &str) -> Result<PathBuf, Failure> {
    let folder = target().join("bench").join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The executables that are measured.
#[derive(Debug, Clone)]
pub struct Product {
    /// `shindan`.
    pub shindan: PathBuf,
    /// The example that opens an index and looks up, without a command line; absent for a foreign executable.
    pub lookup: Option<PathBuf>,
    /// The profile, for the record.
    pub profile: String,
}

/// Builds the product, unless one is given.
///
/// # Errors
/// When cargo fails or the given file is absent.
pub fn product(given: Option<&Path>, profile: &str) -> Result<Product, Failure> {
    if let Some(given) = given {
        let shindan = given.canonicalize().map_err(|e| format!("{}: {e}", given.display()))?;
        return Ok(Product { shindan, lookup: None, profile: "as given".into() });
    }
    Ok(Product {
        shindan: built(profile, ["--bin", "shindan"])?,
        lookup: Some(built(profile, ["--example", "lookup"])?),
        profile: profile.to_owned(),
    })
}

/// Builds an example as it is delivered.
///
/// # Errors
/// When cargo fails.
pub fn example(name: &str) -> Result<PathBuf, Failure> {
    built("release", ["--example", name])
}

/// Builds a program with the features of the whole workspace, which are those that it is delivered with, and nothing twice.
fn built(profile: &str, [what, name]: [&str; 2]) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--workspace", "--profile", profile, what, name]).current_dir(root());
    if !command.status()?.success() {
        return Err(format!("cargo build {what} {name} failed").into());
    }
    let folder = target().join(profile);
    let folder = if what == "--example" { folder.join("examples") } else { folder };
    Ok(folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
