//! Semantic Versioning 2.0.0 (semver.org), with what npm and Go tolerate.

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, flavour: Flavour, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let _ = (text, flavour, out);
    Err("not ordered yet")
}

/// Which tolerances apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// semver.org, Cargo.
    Plain,
    /// npm: `v` and `=` in front.
    Npm,
    /// Go: `v` or `go` in front, `+incompatible`.
    Go,
}
