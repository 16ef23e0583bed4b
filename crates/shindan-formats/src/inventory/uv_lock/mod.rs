//! uv's `uv.lock`, version 1.
//!
//! Source: uv documentation, "Locking and syncing"; `uv_resolver::lock`.
//!
//! `source` tells where a package comes from: `registry` (any index: mirrors serve the public packages) has a purl;
//! `editable`, `virtual`, `directory` and `workspace` are the user's own code; `git`, `url` and `path` (an archive)
//! carry no purl.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use super::toml_packages::{self, Package};

/// The version of the format that is known.
const KNOWN: &str = "1";

/// Reads a `uv.lock`.
///
/// # Errors
/// `toml-invalid` if not one package could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let root = toml_packages::parse(text, &mut found);
    let root = root.get_ref();
    let packages = toml_packages::packages(root, text, &mut found);
    let version = root.get("version").and_then(|value| value.get_ref().as_integer());
    if let Some(version) = version.map(|version| version.as_str())
        && version != KNOWN
    {
        found.push(
            found
                .at_field(Code::FieldTolerated, "version")
                .with("field", "version")
                .with("value", version)
                .with("expected", KNOWN),
        );
    }
    let components: Vec<Component> = packages.iter().map(|package| component(package, &mut found)).collect();
    let mut own = components.iter().filter(|component| component.own);
    let subject = match (own.next(), own.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    };
    found.readable(InventoryKind::UvLock, subject, components)
}

fn component(package: &Package<'_, '_>, found: &mut Collector<'_>) -> Component {
    let own =
        ["editable", "virtual", "directory", "workspace"].iter().any(|kind| package.has("source", kind));
    // A project with a dynamic version has none in the lock.
    if package.version.is_none() && !own {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "version"));
    }
    let elsewhere = ["git", "url", "path"].iter().any(|kind| package.has("source", kind));
    Component {
        name: package.name.to_owned(),
        version: package.version.map(str::to_owned),
        purl: (!own && !elsewhere).then(|| package_url::pypi(package.name, package.version)),
        own,
        pointer: format!("line {}", package.line),
        ..Component::default()
    }
}
