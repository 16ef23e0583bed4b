//! Composer's `composer.lock`.
//!
//! Source: Composer documentation, "composer.lock" and "Repositories".
//!
//! `packages` and `packages-dev` are listed alike. A package whose `dist` is a `path` is the user's own code. Packages
//! from any repository carry a purl: their names are made of a vendor and a name, and mirrors keep both. A branch
//! (`dev-main`) is no version that could be ordered; the matcher says so.

use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use super::collector::Collector;
use super::json_entries::{self, Receiver, Step, pointer, text_of};
use super::package_url;
use crate::limits::Limits;

/// Reads a `composer.lock`.
///
/// # Errors
/// `json-invalid` and the like if not one package could be read.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State { found, components: Vec::new() };
    if let Err(diagnostic) = json_entries::walk(text, path, limits, &mut state) {
        state.found.push(diagnostic);
    }
    state.found.readable(InventoryKind::ComposerLock, None, state.components)
}

struct State<'p> {
    found: Collector<'p>,
    components: Vec<Component>,
}

impl Receiver for State<'_> {
    fn step(&self, place: &[String]) -> Step {
        match place {
            [section] if section == "packages" || section == "packages-dev" => Step::Enter,
            [_, _] => Step::Take,
            _ => Step::Skip,
        }
    }

    fn take(&mut self, place: &[String], value: Value) {
        let at = pointer(place);
        let Some(name) = text_of(&value, "name") else {
            self.found.push(self.found.at_field(Code::FieldMissing, &at).with("field", "name"));
            return;
        };
        let version = text_of(&value, "version");
        if version.is_none() {
            self.found.push(self.found.at_field(Code::FieldMissing, &at).with("field", "version"));
        }
        let own = value.get("dist").and_then(|dist| text_of(dist, "type")).as_deref() == Some("path");
        self.components.push(Component {
            purl: (!own).then(|| package_url::path("composer", &name.to_lowercase(), version.as_deref())),
            name,
            version,
            own,
            pointer: at,
            ..Component::default()
        });
    }
}
