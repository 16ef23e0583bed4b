//! Pipenv's `Pipfile.lock`, specification 6.
//!
//! Source: Pipenv documentation, "Pipfile & Pipfile.lock"; PEP 440 (version specifiers).
//!
//! Each section but `_meta` is a group of packages. A version is written `==1.0`; what is not pinned is listed
//! without version. `git`, `file` and `path` (not editable) carry no purl; an editable `path` is the user's own code.

use std::collections::BTreeSet;

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::json_entries::{self, Receiver, Step, pointer, text_of};
use super::package_url;
use crate::limits::Limits;

/// Reads a `Pipfile.lock`.
///
/// # Errors
/// `json-invalid` and the like if not one package could be read.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State { found, components: Vec::new(), listed: BTreeSet::new() };
    if let Err(diagnostic) = json_entries::walk(text, path, limits, &mut state) {
        state.found.push(diagnostic);
    }
    state.found.readable(InventoryKind::PipfileLock, None, state.components)
}

struct State<'p> {
    found: Collector<'p>,
    components: Vec<Component>,
    /// Name and version of what is listed: `develop` repeats what `default` has.
    listed: BTreeSet<(String, Option<String>)>,
}

impl Receiver for State<'_> {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [section] if section == "_meta" => Step::Skip,
            [_] => Step::Enter,
            _ => Step::Take,
        }
    }

    fn take(&mut self, place: &[String], value: Value) {
        let Some(name) = place.last() else { return };
        let at = pointer(place);
        let written = text_of(&value, "version");
        let version = written.as_deref().and_then(pinned).map(str::to_owned);
        let elsewhere =
            ["git", "hg", "svn", "bzr", "file", "path"].iter().any(|key| value.get(key).is_some());
        let own = value.get("path").is_some() && value.get("editable") == Some(&Value::Bool(true));
        if !value.is_object() {
            let diagnostic = self.found.at_field(Code::FieldInvalid, &at);
            let diagnostic = diagnostic.with("field", name).with("value", value.to_string());
            self.found.push(diagnostic.with("expected", "object"));
        } else if version.is_none() && !elsewhere {
            let requirement = format!("{name}{}", written.unwrap_or_default());
            let diagnostic = self.found.at_field(Code::RequirementUnpinned, &at);
            self.found.push(diagnostic.with("requirement", crate::text::shorten(&requirement, 200)));
        }
        if !self.listed.insert((name.clone(), version.clone())) {
            return;
        }
        self.components.push(Component {
            name: name.clone(),
            purl: (!elsewhere).then(|| package_url::pypi(name, version.as_deref())),
            version,
            own,
            pointer: at,
            ..Component::default()
        });
    }
}

/// The version behind `==` or `===`.
fn pinned(specifier: &str) -> Option<&str> {
    let version = specifier.trim().strip_prefix("==")?;
    let version = version.strip_prefix('=').unwrap_or(version).trim();
    let exact = !version.is_empty() && !version.contains(['*', ',', ' ', '<', '>', '!', '~']);
    exact.then_some(version)
}
