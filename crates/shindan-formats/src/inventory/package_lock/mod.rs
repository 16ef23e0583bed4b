//! npm's `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! Source: npm documentation, "package-lock.json". Version 1 nests `dependencies`; versions 2 and 3 hold a flat
//! `packages` whose keys are the places in the folder tree. Version 2 holds both, and `packages` is the one to read.
//!
//! The root project is the subject, not a component. Workspaces are the user's own code ([`Component::own`]). What
//! comes from git, a folder or a bare archive carries no purl: its name need not be the one of the public registry.

mod entry;

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::entry::{Entry, EntrySeed};
use super::collector::Collector;
use super::lenient::{Key, Text, refuse_other_kinds};
use super::{npm_address, package_url};
use crate::json;
use crate::limits::Limits;

/// The newest version of the format that is known.
const NEWEST: &str = "3";

/// Reads a package lock. What was read before the text stops being JSON is kept.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let mut state = State {
        found,
        pointer: String::new(),
        version: None,
        subject: None,
        has_packages: false,
        packages: Vec::new(),
        dependencies: Vec::new(),
        links: Vec::new(),
    };
    let path = state.found.path();
    let outcome = json::parse_into(Root(&mut state), text, path, limits);
    if let Err(diagnostic) = outcome {
        state.found.push(diagnostic);
        if state.packages.is_empty() && state.dependencies.is_empty() {
            return Err(state.found.finish());
        }
    }
    state.check_version();
    state.check_links();
    let components = if state.has_packages { state.packages } else { state.dependencies };
    Ok(Inventory {
        path: path.to_owned(),
        kind: InventoryKind::PackageLock,
        subject: state.subject,
        about: None,
        components: components.into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: state.found.finish(),
    })
}

struct State<'p> {
    found: Collector<'p>,
    /// JSON pointer of what is being read.
    pointer: String,
    version: Option<String>,
    subject: Option<String>,
    has_packages: bool,
    /// From `packages` (versions 2 and 3).
    packages: Vec<Component>,
    /// From `dependencies` (version 1).
    dependencies: Vec<Component>,
    /// Targets of `link: true`, with the pointer of the link.
    links: Vec<(String, String)>,
}

impl State<'_> {
    /// Appends a step to the pointer and returns its former length.
    fn descend(&mut self, step: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        for c in step.chars() {
            match c {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                c => self.pointer.push(c),
            }
        }
        length
    }

    fn refuse(&mut self, value: &str, expected: &str) {
        let diagnostic = self
            .found
            .at_field(Code::FieldInvalid, &self.pointer)
            .with("field", &self.pointer)
            .with("value", crate::text::shorten(value, 100))
            .with("expected", expected);
        self.found.push(diagnostic);
    }

    fn check_version(&mut self) {
        let expected = match self.version.as_deref() {
            Some("1") => true,
            Some("2" | NEWEST) => self.has_packages,
            _ => false,
        };
        if !expected {
            let value = self.version.clone().unwrap_or_default();
            self.found.push(
                self.found
                    .at_field(Code::FieldTolerated, "/lockfileVersion")
                    .with("field", "lockfileVersion")
                    .with("value", value)
                    .with("expected", "1: dependencies; 2, 3: packages"),
            );
        }
    }

    /// A link stands for the entry that it points to, which must be listed.
    fn check_links(&mut self) {
        let places: std::collections::BTreeSet<&str> =
            self.packages.iter().map(|component| component.pointer.as_str()).collect();
        let mut dangling = Vec::new();
        for (target, pointer) in &self.links {
            let wanted = format!("/packages/{}", target.replace('~', "~0").replace('/', "~1"));
            if !places.contains(wanted.as_str()) {
                dangling.push(
                    self.found
                        .at_field(Code::ReferenceDangling, pointer)
                        .with("field", "resolved")
                        .with("value", target),
                );
            }
        }
        for diagnostic in dangling {
            self.found.push(diagnostic);
        }
    }

    /// Takes over an entry of `packages`.
    fn package(&mut self, place: &str, entry: Entry<'_>) {
        if place.is_empty() {
            self.subject = entry.name.map(Cow::into_owned).or(self.subject.take());
            return;
        }
        if entry.link {
            let target = entry.resolved.unwrap_or_default().into_owned();
            self.links.push((target, self.pointer.clone()));
            return;
        }
        let below = place.rsplit_once("node_modules/").map(|(_, name)| name);
        let fallback = below.unwrap_or_else(|| place.rsplit('/').next().unwrap_or(place));
        let name = entry.name.as_deref().unwrap_or(fallback).to_owned();
        let own = below.is_none();
        let component = self.component(name, own, &entry);
        self.packages.push(component);
    }

    /// Takes over an entry of `dependencies` (version 1), where `version` may be a location or an alias.
    fn dependency(&mut self, key: &str, mut entry: Entry<'_>) {
        let mut name = key.to_owned();
        if let Some(version) = entry.version.take() {
            if let Some((real, version)) =
                version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@'))
            {
                real.clone_into(&mut name);
                entry.version = Some(version.to_owned().into());
            } else if npm_address::is_location(&version) {
                entry.resolved = Some(version);
            } else {
                entry.version = Some(version);
            }
        }
        let component = self.component(name, false, &entry);
        self.dependencies.push(component);
    }

    fn component(&mut self, name: String, own: bool, entry: &Entry<'_>) -> Component {
        let from_registry = !own && entry.resolved.as_deref().is_none_or(npm_address::is_registry_archive);
        let version = entry.version.as_deref();
        let purl = from_registry.then(|| package_url::npm(&name, version));
        Component {
            version: version.map(str::to_owned),
            purl,
            own,
            pointer: self.pointer.clone(),
            name,
            ..Component::default()
        }
    }
}

/// The whole document.
struct Root<'s, 'p>(&'s mut State<'p>);

impl Root<'_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse(value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for Root<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a package lock")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let state = self.0;
        while let Some(Key(key)) = entries.next_key()? {
            match &*key {
                "lockfileVersion" => {
                    state.version = match entries.next_value()? {
                        Text::Scalar(text) => Some(text),
                        Text::Str(text) => Some(text.into_owned()),
                        Text::Null | Text::Fraction(_) | Text::Composite => None,
                    };
                }
                "name" => {
                    let name: Text<'_> = entries.next_value()?;
                    let name = name.accept("name", "/name", &mut state.found);
                    state.subject = name.map(Cow::into_owned).or(state.subject.take());
                }
                "packages" => {
                    state.has_packages = true;
                    entries.next_value_seed(Tree { state, flat: true })?;
                }
                "dependencies" => entries.next_value_seed(Tree { state, flat: false })?,
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
            state.pointer.clear();
        }
        Ok(())
    }
}

/// `packages` or `dependencies`.
struct Tree<'s, 'p> {
    state: &'s mut State<'p>,
    flat: bool,
}

impl Tree<'_, '_> {
    fn refuse(&mut self, value: &str) {
        self.state.refuse(value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of packages")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Tree { state, flat } = self;
        let outer = state.descend(if flat { "packages" } else { "dependencies" });
        while let Some(Key(key)) = entries.next_key()? {
            let inner = state.descend(&key);
            entries.next_value_seed(EntrySeed { state, key: &key, flat })?;
            state.pointer.truncate(inner);
        }
        state.pointer.truncate(outer);
        Ok(())
    }
}
