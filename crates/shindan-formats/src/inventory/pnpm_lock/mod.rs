//! `pnpm-lock.yaml`, lockfile versions 5.x, 6 and 9.
//!
//! Source: pnpm, `@pnpm/lockfile-types`, `@pnpm/dependency-path`; pnpm documentation, "pnpm-lock.yaml".
//!
//! `packages` lists what is installed, under keys whose form has changed: `/name/1.0.0_peers` (5.x),
//! `/name@1.0.0(peers)` (6), `name@1.0.0` (9). Names there are real: an alias is known to `importers` only. What was
//! resolved by version comes from a registry and has a purl; a folder (`link:`, `file:`) is the user's own code; git and
//! archives carry no purl. From version 11 on pnpm writes a second document, for itself; it is read alike.

mod keys;

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::keys::Reference;
use super::collector::Collector;
use super::package_url;
use crate::limits::Limits;
use crate::text::shorten;
use crate::yaml::{self, Entry, Node, Value};

/// Reads a `pnpm-lock.yaml`.
///
/// # Errors
/// `yaml-invalid` and the like if not one package could be read.
pub(super) fn read(
    text: &str,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let reading = yaml::read(text, found.path(), limits);
    let mut components = Vec::new();
    for document in &reading.documents {
        let slashes = check_version(document, &mut found);
        linked(document, &mut components);
        let Some(packages) = document.get("packages") else { continue };
        if !matches!(packages.value, Value::Map(_) | Value::Null) {
            refuse("packages", packages, packages.line, &mut found);
        }
        for entry in packages.entries() {
            components.extend(package(entry, slashes, &mut found));
        }
    }
    if let Some(diagnostic) = reading.diagnostic {
        found.push(diagnostic);
    }
    found.readable(InventoryKind::PnpmLock, None, components)
}

fn refuse(field: &str, node: &Node, line: u64, found: &mut Collector<'_>) {
    let diagnostic = found.at_line(Code::FieldInvalid, line).with("field", shorten(field, 120));
    found.push(diagnostic.with("value", shorten(node.shape(), 100)).with("expected", "{…}"));
}

/// True if a slash stands between name and version in keys (before version 6).
fn check_version(document: &Node, found: &mut Collector<'_>) -> bool {
    let version = document.text_of("lockfileVersion").unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    if !matches!(major, "5" | "6" | "9") {
        found.push(
            found
                .at_line(Code::FieldTolerated, document.line)
                .with("field", "lockfileVersion")
                .with("value", shorten(version, 40))
                .with("expected", "5.x, 6.0, 9.0"),
        );
    }
    matches!(major, "3" | "4" | "5")
}

fn package(entry: &Entry, slashes: bool, found: &mut Collector<'_>) -> Option<Component> {
    let node = &entry.node;
    if !matches!(node.value, Value::Map(_) | Value::Null) {
        refuse(&entry.key, node, entry.line, found);
        return None;
    }
    let resolution = node.get("resolution");
    let told = |key: &str| resolution.and_then(|resolution| resolution.text_of(key));
    let parsed = keys::parse(&entry.key, slashes);
    let Some(name) = node.text_of("name").or(parsed.name).filter(|name| !name.is_empty()) else {
        let diagnostic = found.at_line(Code::FieldMissing, entry.line).with("field", "name");
        found.push(diagnostic.with("value", shorten(&entry.key, 120)));
        return None;
    };
    let by_version = match parsed.reference {
        Reference::Version(version) => Some(version),
        Reference::Place => None,
    };
    let version = node.text_of("version").or(by_version).filter(|version| !version.is_empty());
    let folder = told("directory").is_some() || told("type") == Some("directory");
    let git = told("repo").is_some() || told("type") == Some("git");
    if version.is_none() && !folder {
        found.push(found.at_line(Code::FieldMissing, entry.line).with("field", "version"));
    }
    let from_registry = by_version.is_some() && !folder && !git;
    Some(Component {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        purl: from_registry.then(|| package_url::npm(name, version)),
        own: folder,
        pointer: format!("line {}", entry.line),
        ..Component::default()
    })
}

/// Folders that projects of the workspace link to: each once.
fn linked(document: &Node, components: &mut Vec<Component>) {
    let importers = document.get("importers").map(Node::entries).unwrap_or_default();
    let projects = std::iter::once(document).chain(importers.iter().map(|importer| &importer.node));
    let mut listed = BTreeSet::new();
    for project in projects {
        for group in ["dependencies", "devDependencies", "optionalDependencies"] {
            for dependency in project.get(group).map(Node::entries).unwrap_or_default() {
                let version = dependency.node.text().or_else(|| dependency.node.text_of("version"));
                let own = version.is_some_and(|version| version.starts_with("link:"));
                if own && listed.insert(dependency.key.as_str()) {
                    components.push(Component {
                        name: dependency.key.clone(),
                        own: true,
                        pointer: format!("line {}", dependency.line),
                        ..Component::default()
                    });
                }
            }
        }
    }
}
