//! Gradle's `gradle.lockfile` and `buildscript-gradle.lockfile`.
//!
//! Source: Gradle documentation, "Locking Versions", "Lock state file format".
//!
//! Each line is `group:artifact:version=configuration,…`; `empty=…` lists configurations that hold nothing.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// Reads a `gradle.lockfile`.
///
/// # Errors
/// `field-invalid` if not one line could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let Some((group, artifact, version)) = coordinates(line) else {
            let diagnostic = found.at_line(Code::FieldInvalid, number).with("field", "gradle.lockfile");
            let diagnostic = diagnostic.with("value", shorten(line, 200));
            found.push(diagnostic.with("expected", "group:artifact:version=configuration"));
            continue;
        };
        components.push(Component {
            name: format!("{group}:{artifact}"),
            version: Some(version.to_owned()),
            purl: Some(package_url::build("maven", group, artifact, Some(version))),
            pointer: format!("line {number}"),
            ..Component::default()
        });
    }
    found.readable(InventoryKind::GradleLockfile, None, components)
}

fn coordinates(line: &str) -> Option<(&str, &str, &str)> {
    let (module, _configurations) = line.split_once('=')?;
    let mut parts = module.split(':');
    let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = [group, artifact, version].iter().all(|part| !part.is_empty() && !part.contains(' '));
    (whole && parts.next().is_none()).then_some((group, artifact, version))
}
