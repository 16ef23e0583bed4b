//! Go's `go.mod`.
//!
//! Source: Go Modules Reference, "go.mod files"; Go documentation, "Go Toolchains".
//!
//! `require` lists modules with the least version that is wanted, which is the one that is built unless another module
//! wants more. Since Go 1.17 indirect ones are listed, too; before, they are not, and that is said. `replace` puts
//! another module, or a folder (the user's own code), in the place of one; `exclude` takes a version away.
//!
//! The standard library is a component of its own, `stdlib`, as the Go vulnerability database names it. Its version is
//! that of the toolchain that builds; the file tells the least one. `go 1.20` without a third number is the version
//! of the language and tells no release.

mod lines;

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::lines::{Directive, directives};
use super::collector::Collector;
use super::package_url;
use crate::text::shorten;

/// What `replace` puts in the place of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Replacement {
    Module(String, String),
    Folder,
}

/// Everything the file says.
#[derive(Debug, Default)]
struct Statements {
    module: Option<String>,
    go: Option<(String, u64)>,
    toolchain: Option<(String, u64)>,
    /// Module, version, line.
    required: Vec<(String, String, u64)>,
    /// By module and, where the replacement is of one version only, version.
    replaced: BTreeMap<(String, Option<String>), Replacement>,
    excluded: BTreeSet<(String, String)>,
}

/// Reads a `go.mod`.
///
/// # Errors
/// `field-invalid` if nothing could be read.
pub(super) fn read(text: &str, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut statements = Statements::default();
    for directive in directives(text) {
        if statements.take(&directive).is_none() {
            let diagnostic = found.at_line(Code::FieldInvalid, directive.line);
            let diagnostic = diagnostic.with("field", shorten(&directive.verb, 40));
            let written = shorten(&directive.words.join(" "), 200);
            let expected =
                if directive.verb.ends_with('(') { ")" } else { "module, go, require, replace …" };
            found.push(diagnostic.with("value", written).with("expected", expected));
        }
    }
    let mut components: Vec<Component> = Vec::with_capacity(statements.required.len() + 1);
    for (module, version, line) in &statements.required {
        components.push(statements.component(module, version, *line, &mut found));
    }
    let lists_indirect = statements.go.as_ref().is_some_and(|(go, _)| lists_indirect(go));
    if !lists_indirect && !statements.required.is_empty() {
        found.push(Diagnostic::new(Code::DependenciesDirectOnly, found.place()));
    }
    components.extend(statements.standard_library(&mut found));
    found.readable(InventoryKind::GoMod, statements.module, components)
}

/// Go 1.17 and later write indirect requirements down.
fn lists_indirect(go: &str) -> bool {
    let mut numbers = go.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (1, 17)
}

impl Statements {
    /// Takes note of a directive; `None` if it has not the form that its verb asks for.
    fn take(&mut self, directive: &Directive) -> Option<()> {
        let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
        match (directive.verb.as_str(), words.as_slice()) {
            ("module", [module]) => self.module = Some((*module).to_owned()),
            ("go", [version]) => self.go = Some(((*version).to_owned(), directive.line)),
            ("toolchain", [name]) => self.toolchain = Some(((*name).to_owned(), directive.line)),
            ("require", [module, version]) => {
                self.required.push(((*module).to_owned(), (*version).to_owned(), directive.line));
            }
            ("exclude", [module, version]) => {
                self.excluded.insert(((*module).to_owned(), (*version).to_owned()));
            }
            ("replace", words) => self.replace(words)?,
            // Which versions of itself a module takes back, which tools it builds, what it ignores: no requirement.
            ("retract" | "tool" | "ignore" | "godebug", [_, ..]) => {}
            _ => return None,
        }
        Some(())
    }

    /// `module [version] => other [version]`
    fn replace(&mut self, words: &[&str]) -> Option<()> {
        let arrow = words.iter().position(|word| *word == "=>")?;
        let (old, new) = (words.get(..arrow)?, words.get(arrow + 1..)?);
        let key = match old {
            [module] => ((*module).to_owned(), None),
            [module, version] => ((*module).to_owned(), Some((*version).to_owned())),
            _ => return None,
        };
        let replacement = match new {
            [_folder] => Replacement::Folder,
            [module, version] => Replacement::Module((*module).to_owned(), (*version).to_owned()),
            _ => return None,
        };
        self.replaced.insert(key, replacement);
        Some(())
    }

    fn component(&self, module: &str, version: &str, line: u64, found: &mut Collector<'_>) -> Component {
        let exactly = (module.to_owned(), Some(version.to_owned()));
        let replaced = self.replaced.get(&exactly).or_else(|| self.replaced.get(&(module.to_owned(), None)));
        let (module, version) = match replaced {
            Some(Replacement::Folder) => {
                return Component {
                    name: module.to_owned(),
                    own: true,
                    pointer: format!("line {line}"),
                    ..Component::default()
                };
            }
            Some(Replacement::Module(module, version)) => (module.as_str(), version.as_str()),
            None => (module, version),
        };
        // What is excluded gives way to the next higher version, which the file does not tell. A branch or commit is
        // no version either, until `go mod tidy` has made one of it.
        let excluded = self.excluded.contains(&(module.to_owned(), version.to_owned()));
        let known = !excluded && version.starts_with('v') && version.contains('.');
        if !known {
            found.unpinned(line, &format!("{module} {version}"));
        }
        let version = known.then_some(version);
        Component {
            name: module.to_owned(),
            version: version.map(str::to_owned),
            purl: Some(package_url::path("golang", module, version)),
            pointer: format!("line {line}"),
            ..Component::default()
        }
    }

    fn standard_library(&self, found: &mut Collector<'_>) -> Option<Component> {
        let toolchain = self.toolchain.as_ref().and_then(|(name, line)| {
            // `go1.21.3`, with `-suffix` for toolchains that others have built.
            let version = name.strip_prefix("go")?;
            Some((version.split('-').next().unwrap_or(version), *line))
        });
        let go = self.go.as_ref().map(|(version, line)| (version.as_str(), *line));
        let (written, line) = toolchain.or(go)?;
        let version = (written.split('.').count() >= 3).then_some(written);
        if version.is_none() {
            found.unpinned(line, &format!("go {written}"));
        }
        Some(Component {
            name: "stdlib".to_owned(),
            version: version.map(str::to_owned),
            purl: Some(package_url::path("golang", "stdlib", version)),
            pointer: format!("line {line}"),
            ..Component::default()
        })
    }
}
