//! NuGet's `packages.lock.json`, versions 1 and 2.
//!
//! Source: NuGet documentation, "Locking dependencies"; `NuGet.ProjectModel.PackagesLockFileFormat`.
//!
//! Packages are listed per target framework; the same version for several of them is one component. `Project` is
//! another project of the same solution: the user's own code.

use std::collections::BTreeSet;

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::json_entries::{self, Receiver, Step, pointer, text_of};
use super::package_url;
use crate::limits::Limits;

/// Reads a `packages.lock.json`.
///
/// # Errors
/// `json-invalid` and the like if not one package could be read.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State { found, components: Vec::new(), listed: BTreeSet::new() };
    if let Err(diagnostic) = json_entries::walk(text, path, limits, &mut state) {
        state.found.push(diagnostic);
    }
    state.found.readable(InventoryKind::NugetLock, None, state.components)
}

struct State<'p> {
    found: Collector<'p>,
    components: Vec<Component>,
    /// Name, version and kind of what is listed.
    listed: BTreeSet<(String, Option<String>, bool)>,
}

impl Receiver for State<'_> {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [section] if section == "dependencies" => Step::Enter,
            [section] if section == "version" => Step::Take,
            [section, _] if section == "dependencies" => Step::Enter,
            [_, _, _] => Step::Take,
            _ => Step::Skip,
        }
    }

    fn take(&mut self, place: &[String], value: Value) {
        let at = pointer(place);
        let [_, _, name] = place else {
            if !matches!(value.as_u64(), Some(1 | 2)) {
                let diagnostic = self.found.at_field(Code::FieldTolerated, &at).with("field", "version");
                self.found.push(diagnostic.with("value", value).with("expected", "1, 2"));
            }
            return;
        };
        let own = text_of(&value, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("project"));
        let version = text_of(&value, "resolved");
        if version.is_none() && !own {
            self.found.push(self.found.at_field(Code::FieldMissing, &at).with("field", "resolved"));
        }
        if !self.listed.insert((name.clone(), version.clone(), own)) {
            return;
        }
        self.components.push(Component {
            name: name.clone(),
            purl: (!own).then(|| package_url::build("nuget", "", name, version.as_deref())),
            version,
            own,
            pointer: at,
            ..Component::default()
        });
    }
}
