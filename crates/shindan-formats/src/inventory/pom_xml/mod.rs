//! Maven's `pom.xml`.
//!
//! Source: Maven documentation, "POM Reference" and "Introduction to the Dependency Mechanism"; schema `maven-4.0.0`.
//!
//! A pom states what is wanted, not what is there. Properties are filled in as far as the file itself tells them, and
//! versions are taken from its own `dependencyManagement`. What comes from a parent, an imported bill of materials or
//! a range stays without version and is *undetermined*. Dependencies of dependencies are not in a pom, which is said.

mod properties;

use std::collections::BTreeMap;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::properties::Properties;
use super::collector::Collector;
use super::package_url;
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{Element, XmlReader};

/// Reads a `pom.xml`.
///
/// # Errors
/// `xml-invalid`, `xml-entity-refused` and the like if nothing could be read.
pub(super) fn read(
    text: &str,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let mut sections = Vec::new();
    match XmlReader::open(text, found.path(), limits) {
        Ok(mut reader) => loop {
            match reader.next_child() {
                Ok(Some(section)) => sections.push(section),
                Ok(None) => break,
                Err(diagnostic) => {
                    found.push(diagnostic);
                    break;
                }
            }
        },
        Err(diagnostic) => found.push(diagnostic),
    }
    let properties = Properties::of(&sections);
    let mut managed = BTreeMap::new();
    let mut dependencies = Vec::new();
    gather(&sections, &properties, &mut managed, &mut dependencies);
    // A profile may be in force or not: what it brings is listed.
    for profile in sections.iter().filter(|s| s.name.local == "profiles").flat_map(|s| s.all("profile")) {
        gather(&profile.children, &properties, &mut managed, &mut dependencies);
    }
    let components: Vec<Component> = dependencies
        .iter()
        .filter_map(|dependency| component(dependency, &properties, &managed, &mut found))
        .collect();
    if !components.is_empty() {
        found.push(Diagnostic::new(Code::DependenciesDirectOnly, found.place()));
    }
    let subject = properties.resolve("${project.artifactId}");
    found.readable(InventoryKind::PomXml, subject, components)
}

/// Versions that `dependencyManagement` sets, by group and artifact.
type Managed = BTreeMap<(String, String), String>;

/// Takes the dependencies and managed versions of a project or of a profile.
fn gather<'e>(
    sections: &'e [Element],
    properties: &Properties,
    managed: &mut Managed,
    dependencies: &mut Vec<&'e Element>,
) {
    let within = |name: &'static str| sections.iter().filter(move |section| section.name.local == name);
    for dependency in within("dependencyManagement")
        .flat_map(|section| section.all("dependencies"))
        .flat_map(|list| list.all("dependency"))
    {
        let part = |name: &str| dependency.child_text(name).and_then(|text| properties.resolve(text));
        if let (Some(group), Some(artifact), Some(version)) =
            (part("groupId"), part("artifactId"), part("version"))
        {
            managed.entry((group, artifact)).or_insert(version);
        }
    }
    dependencies.extend(within("dependencies").flat_map(|section| section.all("dependency")));
}

fn component(
    dependency: &Element,
    properties: &Properties,
    managed: &Managed,
    found: &mut Collector<'_>,
) -> Option<Component> {
    let (group, artifact) = (dependency.child_text("groupId"), dependency.child_text("artifactId"));
    let (Some(group), Some(artifact)) = (group, artifact) else {
        let field = if group.is_none() { "groupId" } else { "artifactId" };
        found.push(found.at_line(Code::FieldMissing, dependency.line).with("field", field));
        return None;
    };
    let names = properties.resolve(group).zip(properties.resolve(artifact));
    let written = dependency.child_text("version");
    let version = match (written, &names) {
        (Some(written), _) => properties.resolve(written),
        (None, Some(names)) => managed.get(names).cloned(),
        (None, None) => None,
    };
    let version = version.as_deref().and_then(exact);
    if version.is_none() {
        let requirement = format!("{group}:{artifact}:{}", written.unwrap_or_default());
        found.unpinned(dependency.line, requirement.trim_end_matches(':'));
    }
    let purl = names.as_ref().map(|(group, artifact)| package_url::build("maven", group, artifact, version));
    let (group, artifact) = names.unwrap_or_else(|| (shorten(group, 200), shorten(artifact, 200)));
    Some(Component {
        name: format!("{group}:{artifact}"),
        version: version.map(str::to_owned),
        purl,
        pointer: format!("line {}", dependency.line),
        ..Component::default()
    })
}

/// The one version that a requirement names: `1.0`, `[1.0]`. Ranges and `LATEST` name none.
/// Source: "POM Reference", "Dependency Version Requirement Specification".
fn exact(requirement: &str) -> Option<&str> {
    let hard = requirement.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let version = hard.unwrap_or(requirement).trim();
    let open =
        version.contains(['[', ']', '(', ')', ',', ' ']) || matches!(version, "LATEST" | "RELEASE" | "");
    (!open).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::exact;

    #[test]
    fn requirements_that_name_one_version() {
        assert_eq!(exact("1.0"), Some("1.0"));
        assert_eq!(exact("[1.0]"), Some("1.0"));
        for open in ["[1.0,2.0)", "(,1.0]", "[1.0,)", "LATEST", "RELEASE", "", "[1.0],[1.2]"] {
            assert_eq!(exact(open), None, "{open}");
        }
    }
}
