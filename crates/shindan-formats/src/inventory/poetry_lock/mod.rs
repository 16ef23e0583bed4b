//! Poetry's `poetry.lock`, lock versions 1.0 to 2.1.
//!
//! Source: Poetry documentation, "The lock file"; `poetry.packages.locker`.
//!
//! A package without `source` is from the default index. One of `type = "legacy"` is from another index: mirrors and
//! internal indexes serve the public packages, so that it is looked up, too. What comes from git, a file or a URL has
//! no purl; a `directory` is the user's own code.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use super::toml_packages::{self, Package};

/// Reads a `poetry.lock`.
///
/// # Errors
/// `toml-invalid` if not one package could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let root = toml_packages::parse(text, &mut found);
    let root = root.get_ref();
    let packages = toml_packages::packages(root, text, &mut found);
    check_version(toml_packages::text_at(root, "metadata", "lock-version"), &mut found);
    let components: Vec<Component> = packages.iter().map(|package| component(package, &mut found)).collect();
    found.readable(InventoryKind::PoetryLock, None, components)
}

fn check_version(version: Option<&str>, found: &mut Collector<'_>) {
    // Versions before 1.0 did not state theirs.
    if let Some(version) = version
        && !["1.", "2."].iter().any(|known| version.starts_with(known))
    {
        found.push(
            found
                .at_field(Code::FieldTolerated, "metadata.lock-version")
                .with("field", "lock-version")
                .with("value", version)
                .with("expected", "1.0 … 2.1"),
        );
    }
}

fn component(package: &Package<'_, '_>, found: &mut Collector<'_>) -> Component {
    if package.version.is_none() {
        found.push(found.at_line(Code::FieldMissing, package.line).with("field", "version"));
    }
    let source = package.text_at("source", "type");
    let from_index = matches!(source, None | Some("legacy"));
    Component {
        name: package.name.to_owned(),
        version: package.version.map(str::to_owned),
        purl: from_index.then(|| package_url::pypi(package.name, package.version)),
        own: source == Some("directory"),
        pointer: format!("line {}", package.line),
        ..Component::default()
    }
}
