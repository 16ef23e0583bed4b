//! CycloneDX JSON, versions 1.2 to 1.7.
//!
//! Source: CycloneDX specification, `bom-1.2.schema.json` to `bom-1.7.schema.json`; ECMA-424.
//!
//! The file is read in one pass without building a tree. Decisions:
//!
//! - `metadata.component` is the subject. It is also a component if it carries a purl or a CPE, because an advisory
//!   may name the product itself; without them it is listed only if the document lists nothing else.
//! - A component without name, purl, CPE and `bom-ref` is reported and not listed: nothing could be said about it.
//! - Nested components (assemblies) are listed like others. Components inside `pedigree`, `evidence` and `formulation`
//!   are not there, and are not listed.
//! - Services and embedded vulnerabilities (VEX, VDR) are not used here, and a note says how many there were.
//! - A reference of the dependency graph that is defined nowhere is reported as a violation of the specification: it
//!   has no effect on matching.

mod component;
mod graph;
mod rules;

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use self::component::{ComponentSeed, Components};
use self::rules::Check;
use super::collector::Collector;
use super::lenient::{Key, Text, refuse_other_kinds};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// Versions that are known.
const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Reads a CycloneDX document. What was read before the text stops being JSON is kept.
///
/// # Errors
/// As [`json::parse_into`], if not one component could be read before.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State::new(found);
    if let Err(diagnostic) = json::parse_into(Document(&mut state), text, path, limits) {
        state.found.push(diagnostic);
        state.drop_unfinished();
        if state.components.is_empty() {
            return Err(state.found.finish());
        }
    }
    state.check_document();
    state.check_graph();
    if state.components.is_empty() {
        state.components.extend(state.unlisted_subject.take());
    }
    state.note_unused();
    Ok(Inventory {
        path: path.to_owned(),
        kind: InventoryKind::CyclonedxJson,
        subject: state.subject,
        components: state.components,
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: state.found.finish(),
    })
}

/// What has been read so far.
struct State<'p, 'de> {
    found: Collector<'p>,
    /// JSON pointer of the component that is being read.
    pointer: String,
    bom_format: Option<Cow<'de, str>>,
    spec_version: Option<Cow<'de, str>>,
    /// Minor version of the specification; the newest known one until it is read.
    minor: u32,
    subject: Option<String>,
    /// The subject, if it was not listed for want of an identifier.
    unlisted_subject: Option<Component>,
    components: Vec<Component>,
    /// The components that are being read, outermost first.
    unfinished: Vec<Started>,
    /// Every `bom-ref`, with the number of its component ([`NO_COMPONENT`] for services and the like).
    references: Vec<(Cow<'de, str>, u32)>,
    dependencies: Vec<Dependency<'de>>,
    /// Targets of all dependencies, one after the other.
    targets: Vec<Cow<'de, str>>,
    services: u64,
    vulnerabilities: u64,
}

/// Where things stood when a component began.
#[derive(Debug, Clone, Copy)]
struct Started {
    /// Number of the component.
    number: usize,
    /// How many references there were. Those of components inside it come behind.
    references: usize,
}

/// Owner of a `bom-ref` that is not a component.
const NO_COMPONENT: u32 = u32::MAX;

/// One entry of `dependencies`.
struct Dependency<'de> {
    from: Cow<'de, str>,
    /// Where its targets end in [`State::targets`].
    end: usize,
}

impl<'p, 'de> State<'p, 'de> {
    fn new(found: Collector<'p>) -> Self {
        State {
            found,
            pointer: String::new(),
            bom_format: None,
            spec_version: None,
            minor: 7,
            subject: None,
            unlisted_subject: None,
            components: Vec::new(),
            unfinished: Vec::new(),
            references: Vec::new(),
            dependencies: Vec::new(),
            targets: Vec::new(),
            services: 0,
            vulnerabilities: 0,
        }
    }

    /// A violation of the specification in `field` of what is being read.
    fn violation(&mut self, rule: &'static str, field: &str, value: &str) {
        let place = self.pointer_to(field);
        self.found.violation(rule, &place, value);
    }

    /// JSON pointer of a field of what is being read; of that itself, if the field has no name.
    fn pointer_to(&self, field: &str) -> String {
        if field.is_empty() { self.pointer.clone() } else { format!("{}/{field}", self.pointer) }
    }

    fn refuse(&mut self, field: &str, value: &str, expected: &str) {
        let pointer = self.pointer_to(field);
        let diagnostic = self.found.at_field(Code::FieldInvalid, &pointer);
        self.found.push(
            diagnostic.with("field", &pointer).with("value", shorten(value, 100)).with("expected", expected),
        );
    }

    fn tolerate(&mut self, field: &str, value: &str, expected: &str) {
        let pointer = self.pointer_to(field);
        let diagnostic = self.found.at_field(Code::FieldTolerated, &pointer);
        self.found.push(
            diagnostic.with("field", field).with("value", shorten(value, 100)).with("expected", expected),
        );
    }

    /// Takes note of a `bom-ref`.
    fn refer(&mut self, reference: Cow<'de, str>, owner: u32) {
        if reference.is_empty() {
            self.violation("bom-ref-empty", "bom-ref", "");
        } else {
            self.references.push((reference, owner));
        }
    }

    fn check_document(&mut self) {
        self.pointer.clear();
        match self.bom_format.take() {
            Some(format) if format == "CycloneDX" => {}
            other => self.tolerate("bomFormat", &other.unwrap_or_default(), "CycloneDX"),
        }
        match self.spec_version.take() {
            Some(version) if VERSIONS.contains(&&*version) => {}
            other => self.tolerate("specVersion", &other.unwrap_or_default(), &VERSIONS.join(", ")),
        }
    }

    /// Resolves the dependency graph: references defined twice or never, circles.
    fn check_graph(&mut self) {
        let mut duplicates = Vec::new();
        let references = graph::References::new(std::mem::take(&mut self.references), |text, owner| {
            duplicates.push((text.to_owned(), owner));
        });
        duplicates.sort_by_key(|(_, owner)| *owner);
        for (text, owner) in duplicates {
            let pointer = self.components.get(owner as usize).map_or("", |component| &component.pointer);
            let diagnostic = self.found.at_field(Code::DuplicateIdentifier, pointer);
            self.found.push(diagnostic.with("field", "bom-ref").with("value", shorten(&text, 200)));
        }
        let mut edges = Vec::with_capacity(self.targets.len());
        let mut start = 0;
        for (index, dependency) in self.dependencies.iter().enumerate() {
            let from = references.find(&dependency.from);
            let place = || format!("/dependencies/{index}");
            if from.is_none() && is_local(&dependency.from) {
                self.found.violation("dependency-dangling", &place(), &dependency.from);
            }
            for target in self.targets.get(start..dependency.end).unwrap_or_default() {
                match (from, references.find(target)) {
                    (Some(from), Some(to)) => edges.push((from, to)),
                    (None, Some(_)) => {}
                    (_, None) if !is_local(target) => {}
                    (_, None) => self.found.violation("dependency-dangling", &place(), target),
                }
            }
            start = dependency.end;
        }
        let found = &mut self.found;
        graph::circles(references.len(), &mut edges, |node, length| {
            found.push(
                found
                    .at_field(Code::ReferenceCycle, "/dependencies")
                    .with("value", shorten(references.text(node), 200))
                    .with("length", length),
            );
        });
    }

    fn note_unused(&mut self) {
        for (code, field, count) in [
            (Code::ServicesNotMatched, "/services", self.services),
            (Code::EmbeddedVulnerabilitiesIgnored, "/vulnerabilities", self.vulnerabilities),
        ] {
            if count > 0 {
                self.found.push(self.found.at_field(code, field).with("count", count));
            }
        }
    }
}

/// False for a BOM-Link, which points into another document.
fn is_local(reference: &str) -> bool {
    !reference.starts_with("urn:cdx:")
}

/// The document.
struct Document<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl Document<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("", value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a CycloneDX document")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let state = self.0;
        while let Some(Key(key)) = entries.next_key()? {
            state.pointer.clear();
            match &*key {
                "bomFormat" => {
                    state.bom_format =
                        entries.next_value::<Text<'_>>()?.accept("bomFormat", "/bomFormat", &mut state.found)
                }
                "specVersion" => {
                    let version: Text<'_> = entries.next_value()?;
                    state.spec_version = version.accept("specVersion", "/specVersion", &mut state.found);
                    let minor = state.spec_version.as_deref().and_then(|version| version.strip_prefix("1."));
                    state.minor = minor.and_then(|minor| minor.parse().ok()).unwrap_or(7);
                }
                "serialNumber" => {
                    let number: Text<'_> = entries.next_value()?;
                    let number = number.accept("serialNumber", "/serialNumber", &mut state.found);
                    if let Some(number) = number.filter(|number| !rules::is_serial_number(number)) {
                        state.violation("serial-number", "serialNumber", &number);
                    }
                }
                "metadata" => entries.next_value_seed(Metadata(state))?,
                "components" => entries.next_value_seed(Components(state))?,
                "services" => {
                    state.services += entries.next_value_seed(Counted { state, item: Counting::Services })?;
                }
                "vulnerabilities" => {
                    state.vulnerabilities +=
                        entries.next_value_seed(Counted { state, item: Counting::Others })?;
                }
                "dependencies" => entries.next_value_seed(Dependencies(state))?,
                "citations" => {
                    entries.next_value_seed(Check { state, rule: &rules::CITATIONS, field: "citations" })?;
                }
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// `metadata`
struct Metadata<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl Metadata<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("metadata", value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for Metadata<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Metadata<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("metadata")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let state = self.0;
        state.pointer.push_str("/metadata");
        while let Some(Key(key)) = entries.next_key()? {
            match rules::metadata_rule(&key) {
                Some((field, rule)) => {
                    entries.next_value_seed(Check { state, rule, field })?;
                }
                None if key == "component" => {
                    let outer = state.pointer.len();
                    state.pointer.push_str("/component");
                    entries.next_value_seed(ComponentSeed { state, subject: true })?;
                    state.pointer.truncate(outer);
                }
                None => {
                    state.violation("metadata-field-unknown", &key, &key);
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        state.pointer.clear();
        Ok(())
    }
}

/// What is counted.
#[derive(Clone, Copy)]
enum Counting {
    /// Services, which are checked against the specification and may be referred to.
    Services,
    /// Anything else; only counted.
    Others,
}

/// An array that is counted and not used.
struct Counted<'s, 'p, 'de> {
    state: &'s mut State<'p, 'de>,
    item: Counting,
}

impl<'de> DeserializeSeed<'de> for Counted<'_, '_, 'de> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_, '_, 'de> {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u64, A::Error> {
        let Counted { state, item } = self;
        let mut count = 0;
        loop {
            let more = match item {
                Counting::Services => items
                    .next_element_seed(Check { state, rule: &rules::ONE_SERVICE, field: "services" })?
                    .is_some(),
                Counting::Others => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                return Ok(count);
            }
            count += 1;
        }
    }
}

/// `dependencies`
struct Dependencies<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl Dependencies<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("dependencies", value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Dependencies<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Dependencies<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of dependencies")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(OneDependency(self.0))?.is_some() {}
        Ok(())
    }
}

/// One entry of `dependencies`.
struct OneDependency<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl OneDependency<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("dependencies", value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for OneDependency<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OneDependency<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a dependency")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let state = self.0;
        let mut from = None;
        while let Some(Key(key)) = entries.next_key()? {
            match &*key {
                "ref" => {
                    from = entries.next_value::<Text<'_>>()?.accept("ref", "/dependencies", &mut state.found);
                }
                // 1.6 added what a component provides; both are references.
                "dependsOn" | "provides" => entries.next_value_seed(Targets(state))?,
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        if from.is_none() {
            state.violation("dependency-without-ref", "dependencies", "");
        }
        let end = state.targets.len();
        state.dependencies.push(Dependency { from: from.unwrap_or(Cow::Borrowed("urn:cdx:")), end });
        Ok(())
    }
}

/// `dependsOn`
struct Targets<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl Targets<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("dependencies", value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Targets<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Targets<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of references")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let state = self.0;
        while let Some(target) = items.next_element::<Text<'_>>()? {
            state.targets.extend(target.accept("dependsOn", "/dependencies", &mut state.found));
        }
        Ok(())
    }
}
