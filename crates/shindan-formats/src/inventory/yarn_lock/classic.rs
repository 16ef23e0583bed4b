//! `yarn.lock` of yarn 1: lines that look like YAML and are none.

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::{Origin, alias_target, component, origin, split_descriptor};
use crate::inventory::collector::Collector;
use crate::inventory::npm_address::is_registry_archive;
use crate::text::shorten;

/// An entry that is being read.
struct Entry<'a> {
    /// The first of the descriptors that share it.
    descriptor: &'a str,
    version: Option<&'a str>,
    resolved: Option<&'a str>,
    line: u64,
}

/// Reads a `yarn.lock` of version 1.
///
/// # Errors
/// `field-invalid` if not one entry could be read.
pub(in crate::inventory) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    let mut entry: Option<Entry<'_>> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let understood = if indent == 0 {
            components.extend(entry.take().and_then(|entry| finish(&entry, &mut found)));
            entry = content.strip_suffix(':').map(|key| Entry {
                descriptor: first_descriptor(key),
                version: None,
                resolved: None,
                line: number,
            });
            entry.is_some()
        } else {
            match &mut entry {
                // Names and ranges of dependencies, below `dependencies:`.
                Some(_) if indent > 2 => true,
                Some(entry) => field(content, entry),
                None => false,
            }
        };
        if !understood {
            let diagnostic = found.at_line(Code::FieldInvalid, number).with("field", "yarn.lock");
            let diagnostic = diagnostic.with("value", shorten(content, 120));
            found.push(diagnostic.with("expected", "name@range:"));
        }
    }
    components.extend(entry.take().and_then(|entry| finish(&entry, &mut found)));
    found.readable(InventoryKind::YarnLock, None, components)
}

/// `"a@^1", a@^1.2` → `a@^1`
fn first_descriptor(key: &str) -> &str {
    match key.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(quoted),
        None => key.split(',').next().unwrap_or(key).trim(),
    }
}

/// `version "1.0.0"` and the like; false for a line that is no field.
fn field<'a>(content: &'a str, entry: &mut Entry<'a>) -> bool {
    let (key, value) = match content.split_once(' ') {
        Some((key, value)) => (key, value.trim().trim_matches('"')),
        None => return content.ends_with(':'),
    };
    match key {
        "version" => entry.version = Some(value),
        "resolved" => entry.resolved = Some(value),
        _ => {}
    }
    true
}

fn finish(entry: &Entry<'_>, found: &mut Collector<'_>) -> Option<Component> {
    let Some((name, range)) = split_descriptor(entry.descriptor) else {
        let diagnostic = found.at_line(Code::FieldInvalid, entry.line).with("field", "yarn.lock");
        let diagnostic = diagnostic.with("value", shorten(entry.descriptor, 120));
        found.push(diagnostic.with("expected", "name@range"));
        return None;
    };
    let origin = match origin(range) {
        // `user/repository` is written without a protocol; where it was fetched from tells.
        Origin::Registry if !entry.resolved.is_none_or(is_registry_archive) => Origin::Elsewhere,
        origin => origin,
    };
    let version = entry.version.filter(|version| !version.is_empty());
    if version.is_none() && origin != Origin::Own {
        found.push(found.at_line(Code::FieldMissing, entry.line).with("field", "version"));
    }
    Some(component(alias_target(range).unwrap_or(name), version, origin, entry.line))
}
