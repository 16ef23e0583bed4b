//! .NET's `*.deps.json`, as `dotnet publish` writes it beside an application.
//!
//! Source: .NET documentation, "Runtime configuration files (.deps.json)"; dotnet/runtime,
//! `docs/design/features/host-components.md`.
//!
//! `libraries` lists everything by `name/version` with a `type`: `package` is from NuGet; `runtimepack` is the runtime
//! that a self-contained application brings along, a NuGet package under its name without `runtimepack.`; `project` is
//! the user's own code; the rest (`reference`, `referenceassembly`, `msbuildproject` …) are assemblies that belong to
//! no package. An application that is not self-contained runs on a runtime that this file does not list.

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::json_entries::{self, Receiver, Step, pointer, text_of};
use super::package_url;
use crate::limits::Limits;

/// Reads a `*.deps.json`.
///
/// # Errors
/// `json-invalid` and the like if not one library could be read.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State { found, components: Vec::new() };
    if let Err(diagnostic) = json_entries::walk(text, path, limits, &mut state) {
        state.found.push(diagnostic);
    }
    let mut own = state.components.iter().filter(|component| component.own);
    let subject = match (own.next(), own.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    };
    state.found.readable(InventoryKind::DotnetDeps, subject, state.components)
}

struct State<'p> {
    found: Collector<'p>,
    components: Vec<Component>,
}

impl Receiver for State<'_> {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [section] if section == "libraries" => Step::Enter,
            [section, _] if section == "libraries" => Step::Take,
            _ => Step::Skip,
        }
    }

    fn take(&mut self, place: &[String], value: Value) {
        let at = pointer(place);
        let Some(key) = place.last() else { return };
        let (name, version) = match key.rsplit_once('/') {
            Some((name, version)) if !version.is_empty() => (name, Some(version)),
            _ => (key.trim_end_matches('/'), None),
        };
        let kind = text_of(&value, "type").unwrap_or_default().to_ascii_lowercase();
        let own = kind == "project";
        let (name, package) = match kind.as_str() {
            "package" => (name, true),
            "runtimepack" => (name.strip_prefix("runtimepack.").unwrap_or(name), true),
            _ => (name, false),
        };
        if kind.is_empty() {
            self.found.push(self.found.at_field(Code::FieldMissing, &at).with("field", "type"));
        }
        if version.is_none() && !own {
            self.found.push(self.found.at_field(Code::FieldMissing, &at).with("field", "version"));
        }
        self.components.push(Component {
            name: name.to_owned(),
            version: version.map(str::to_owned),
            purl: package.then(|| package_url::build("nuget", "", name, version)),
            own,
            pointer: at,
            ..Component::default()
        });
    }
}
