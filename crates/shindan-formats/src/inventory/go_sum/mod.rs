//! Go's `go.sum`.
//!
//! Source: Go Modules Reference, "go.sum files" and "Module authentication".
//!
//! Each line is `module version hash`. A line whose version ends in `/go.mod` speaks of the module's requirements only,
//! which are read even of modules that take no part in the build; only the others are listed. They too may be more than
//! is used: lines of versions that are no longer needed stay until `go mod tidy`.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// Reads a `go.sum`.
///
/// # Errors
/// `field-invalid` if not one line could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let Some((module, version)) = module_and_version(line) else {
            let diagnostic = found.at_line(Code::FieldInvalid, number).with("field", "go.sum");
            let diagnostic = diagnostic.with("value", shorten(line, 200));
            found.push(diagnostic.with("expected", "module version h1:hash"));
            continue;
        };
        if version.ends_with("/go.mod") {
            continue;
        }
        components.push(Component {
            name: module.to_owned(),
            version: Some(version.to_owned()),
            purl: Some(package_url::path("golang", module, Some(version))),
            pointer: format!("line {number}"),
            ..Component::default()
        });
    }
    if !components.is_empty() {
        found.push(Diagnostic::new(Code::InventoryExceedsUse, found.place()).with("format", "go.sum"));
    }
    found.readable(InventoryKind::GoSum, None, components)
}

/// Module and version of a line: three words, the last one `h1:…` or of a later algorithm.
pub(super) fn module_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_ascii_whitespace();
    let (module, version, hash) = (words.next()?, words.next()?, words.next()?);
    let algorithm = hash.strip_prefix('h')?.split_once(':')?.0;
    let shaped = words.next().is_none()
        && version.starts_with('v')
        && !algorithm.is_empty()
        && algorithm.bytes().all(|byte| byte.is_ascii_digit());
    shaped.then_some((module, version))
}
