//! `yarn.lock` of yarn 2 and later: YAML, `__metadata` first.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::{Origin, component, origin, split_descriptor};
use crate::inventory::collector::Collector;
use crate::limits::Limits;
use crate::text::shorten;
use crate::yaml::{self, Entry};

/// Reads a `yarn.lock` with `__metadata`.
///
/// # Errors
/// `yaml-invalid` and the like if not one entry could be read.
pub(in crate::inventory) fn read(
    text: &str,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let reading = yaml::read(text, found.path(), limits);
    let mut components: Vec<Component> = Vec::new();
    for entry in reading.documents.iter().flat_map(|document| document.entries()) {
        if entry.key != "__metadata" {
            components.extend(locked(entry, &mut found));
        }
    }
    if let Some(diagnostic) = reading.diagnostic {
        found.push(diagnostic);
    }
    let mut own = components.iter().filter(|component| component.own);
    let subject = match (own.next(), own.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    };
    found.readable(InventoryKind::YarnLock, subject, components)
}

fn locked(entry: &Entry, found: &mut Collector<'_>) -> Option<Component> {
    let Some((name, reference)) = entry.node.text_of("resolution").and_then(split_descriptor) else {
        let missing =
            if entry.node.get("resolution").is_some() { Code::FieldInvalid } else { Code::FieldMissing };
        let mut diagnostic = found.at_line(missing, entry.line).with("field", "resolution");
        if missing == Code::FieldInvalid {
            let value = entry.node.get("resolution").map(yaml::Node::shape).unwrap_or_default();
            diagnostic = diagnostic.with("value", shorten(value, 120)).with("expected", "name@reference");
        }
        found.push(diagnostic);
        return None;
    };
    let origin = match reference.strip_prefix("patch:") {
        // `patch:name@npm%3A1.0.0#…`: the package below the patch.
        Some(below) => {
            let below = below.replace("%3A", ":").replace("%3a", ":").replace("%40", "@");
            split_descriptor(&below).map_or(Origin::Elsewhere, |(_, range)| self::origin(range))
        }
        None => self::origin(reference),
    };
    let version = entry.node.text_of("version").filter(|version| !version.is_empty());
    if version.is_none() {
        found.push(found.at_line(Code::FieldMissing, entry.line).with("field", "version"));
    }
    // The version of a workspace is `0.0.0-use.local`, whatever its own is.
    let version = version.filter(|version| *version != "0.0.0-use.local");
    Some(component(name, version, origin, entry.line))
}
