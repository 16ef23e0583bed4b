//! Bundler's `Gemfile.lock` (also `gems.locked`).
//!
//! Source: Bundler documentation, "Gemfile.lock"; `Bundler::LockfileParser`.
//!
//! `GEM` lists gems of a gem server, `GIT` and `PLUGIN SOURCE` those of elsewhere (listed without purl), `PATH` the
//! user's own. A gem that is built per platform stands there once for each (`1.13.9-x86_64-linux`) and is one
//! component.

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// What the specs of a section are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Gem,
    Elsewhere,
    Path,
    /// Platforms, dependencies, checksums, versions of Ruby and Bundler.
    Other,
}

/// Reads a `Gemfile.lock`.
///
/// # Errors
/// `field-invalid` if not one gem could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    let mut listed = BTreeSet::new();
    let mut section = Section::Other;
    let mut specs = false;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim();
        if content.is_empty() {
            continue;
        }
        match line.len() - line.trim_start().len() {
            0 => {
                specs = false;
                section = match content {
                    "GEM" => Section::Gem,
                    "GIT" | "PLUGIN SOURCE" => Section::Elsewhere,
                    "PATH" => Section::Path,
                    // A merge that was never finished would list both sides.
                    _ if is_conflict(content) => {
                        let diagnostic = found.at_line(Code::FieldInvalid, number);
                        let diagnostic = diagnostic.with("field", "Gemfile.lock");
                        let diagnostic = diagnostic.with("value", shorten(content, 60));
                        found.push(diagnostic.with("expected", "GEM, GIT, PATH …"));
                        section
                    }
                    _ => Section::Other,
                };
            }
            2 if section != Section::Other => specs = content == "specs:",
            4 if specs => match name_and_version(content) {
                Some((name, version)) => {
                    if listed.insert((name, version, section as u8)) {
                        components.push(component(name, version, section, number));
                    }
                }
                None => {
                    let diagnostic = found.at_line(Code::FieldInvalid, number).with("field", "specs");
                    let diagnostic = diagnostic.with("value", shorten(content, 200));
                    found.push(diagnostic.with("expected", "name (version)"));
                }
            },
            // What a gem depends on, and other sections.
            _ => {}
        }
    }
    let mut own = components.iter().filter(|component| component.own);
    let subject = match (own.next(), own.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    };
    found.readable(InventoryKind::GemfileLock, subject, components)
}

fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark))
}

/// `name (version)` or `name (version-platform)`. A gem's version holds no hyphen here, a platform begins with one.
fn name_and_version(spec: &str) -> Option<(&str, &str)> {
    let (name, rest) = spec.split_once(" (")?;
    let inside = rest.strip_suffix(')')?;
    let version = inside.split('-').next().unwrap_or(inside);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    (is_version && !name.is_empty() && !name.contains(' ')).then_some((name, version))
}

fn component(name: &str, version: &str, section: Section, line: u64) -> Component {
    let from_server = section == Section::Gem;
    Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: from_server.then(|| package_url::build("gem", "", name, Some(version))),
        own: section == Section::Path,
        pointer: format!("line {line}"),
        ..Component::default()
    }
}
