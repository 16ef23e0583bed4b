//! From an element of CycloneDX XML to the shape that the same thing has in CycloneDX JSON.
//!
//! Source: `bom-1.7.xsd` beside `bom-1.7.schema.json`, and their predecessors.

use serde_json::{Map, Value};
use shindan_domain::diagnostic::Code;

use super::State;
use crate::text::shorten;
use crate::xml::Element;

/// The vulnerability extension of 1.2 and 1.3.
const EXTENSION: &str = "http://cyclonedx.org/schema/ext/vulnerability/";

/// How many vulnerabilities the extension states inside this element. Elements are no deeper than the limit.
pub(super) fn is_extension_of_vulnerabilities(element: &Element) -> u64 {
    let own = element.name.local == "vulnerability" && element.name.namespace.starts_with(EXTENSION);
    u64::from(own) + element.children.iter().map(is_extension_of_vulnerabilities).sum::<u64>()
}

/// Elements that hold a list of one kind of thing.
fn is_list(name: &str) -> bool {
    matches!(
        name,
        "components"
            | "services"
            | "hashes"
            | "licenses"
            | "properties"
            | "patches"
            | "resolves"
            | "tools"
            | "authors"
            | "citations"
            | "pointers"
            | "expressions"
            | "references"
            | "ratings"
            | "cwes"
            | "advisories"
            | "responses"
            | "affects"
            | "versions"
    )
}

/// Elements that nobody reads, here as in JSON.
fn is_unused(name: &str) -> bool {
    matches!(
        name,
        "evidence"
            | "externalReferences"
            | "releaseNotes"
            | "modelCard"
            | "cryptoProperties"
            | "ancestors"
            | "descendants"
            | "variants"
            | "commits"
            | "proofOfConcept"
            | "credits"
            | "endpoints"
    )
}

/// Brings elements into shape. What is written twice and must be there once is reported; the first one counts.
pub(super) struct Shape<'s, 'p, 'n> {
    pub(super) namespace: &'n str,
    pub(super) state: &'s mut State<'p, 'static>,
}

impl Shape<'_, '_, '_> {
    /// An element of which there may be many: component, service, hash, property …
    pub(super) fn entry(&mut self, element: &Element) -> Value {
        match element.name.local.as_str() {
            "license" => single("license", self.object(element)),
            "expression" => single("expression", text(element)),
            "expression-detailed" => {
                single("expression", element.attribute("expression").map_or(Value::Null, Value::from))
            }
            "hash" | "property" => {
                let mut map = attributes(element);
                let key = if element.name.local == "hash" { "content" } else { "value" };
                map.insert(key.to_owned(), text(element));
                Value::Object(map)
            }
            "dependency" => dependency(element),
            "component" | "service" | "vulnerability" => self.object(element),
            _ if self.is_leaf(element) => text(element),
            _ => self.object(element),
        }
    }

    /// An element that holds a list.
    pub(super) fn list(&mut self, element: &Element) -> Value {
        let namespace = self.namespace;
        let own = element.children.iter().filter(|child| child.name.namespace == namespace);
        // Before 1.5 the XML schemas were stricter than those of JSON.
        if element.name.local == "licenses"
            && self.state.minor < 5
            && element.child("expression").is_some()
            && element.children.len() > 1
        {
            self.state.violation("licence-expression-not-alone", "licenses", "");
        }
        Value::Array(own.map(|child| self.entry(child)).collect())
    }

    fn is_leaf(&self, element: &Element) -> bool {
        element.attributes.is_empty() && element.children.is_empty()
    }

    /// Attributes and children as fields.
    fn object(&mut self, element: &Element) -> Value {
        let mut map = attributes(element);
        let namespace = self.namespace;
        for child in element.children.iter().filter(|child| child.name.namespace == namespace) {
            let name = child.name.local.as_str();
            if is_unused(name) {
                continue;
            }
            let (key, value) = self.field(name, child);
            if map.contains_key(key) {
                self.repeated(element, child);
            } else {
                map.insert(key.to_owned(), value);
            }
        }
        Value::Object(map)
    }

    fn field<'e>(&mut self, name: &'e str, child: &Element) -> (&'e str, Value) {
        match name {
            "responses" => ("response", self.list(child)),
            // The text of a licence or of a SWID tag is an attachment, also without attributes.
            "text" => {
                let mut map = attributes(child);
                map.insert("content".to_owned(), text(child));
                (name, Value::Object(map))
            }
            "data" => (name, data(child)),
            _ if is_list(name) => (name, self.list(child)),
            _ if self.is_leaf(child) => (name, text(child)),
            _ => (name, self.object(child)),
        }
    }

    /// A second element where one is allowed.
    fn repeated(&mut self, parent: &Element, child: &Element) {
        let name = child.name.local.as_str();
        match (parent.name.local.as_str(), name) {
            ("component", "name" | "version" | "purl" | "cpe") => {
                let diagnostic = self.state.found.at_field(Code::DuplicateIdentifier, &self.state.pointer);
                let value = shorten(child.trimmed(), 200);
                self.state.found.push(diagnostic.with("field", name).with("value", value));
            }
            ("license", "id" | "name") => {
                self.state.violation("licence-id-or-name", "licenses", child.trimmed());
            }
            _ => {}
        }
    }
}

fn single(key: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value)]))
}

fn text(element: &Element) -> Value {
    Value::String(element.trimmed().to_owned())
}

fn attributes(element: &Element) -> Map<String, Value> {
    let own = element.attributes.iter().filter(|attribute| attribute.name.namespace.is_empty());
    own.map(|attribute| {
        let value = match (attribute.name.local.as_str(), attribute.value.trim()) {
            ("isExternal", "true" | "1") => Value::Bool(true),
            ("isExternal", "false" | "0") => Value::Bool(false),
            (_, text) => Value::String(text.to_owned()),
        };
        (attribute.name.local.clone(), value)
    })
    .collect()
}

/// `<dependency ref="a"><dependency ref="b"/><provides ref="c"/></dependency>`
fn dependency(element: &Element) -> Value {
    let mut map = attributes(element);
    for (name, key) in [("dependency", "dependsOn"), ("provides", "provides")] {
        let targets: Vec<Value> =
            element.all(name).filter_map(|target| target.attribute("ref")).map(Value::from).collect();
        if !targets.is_empty() {
            map.insert(key.to_owned(), Value::Array(targets));
        }
    }
    Value::Object(map)
}

/// Data of a service: `<classification flow="inbound">PII</classification>`, since 1.5 inside `<dataflow>`.
fn data(element: &Element) -> Value {
    let flows = element.children.iter().map(|child| {
        let classification =
            if child.name.local == "dataflow" { child.child("classification") } else { Some(child) };
        let mut map = Map::new();
        if let Some(classification) = classification {
            map.extend(attributes(classification));
            map.insert("classification".to_owned(), text(classification));
        }
        Value::Object(map)
    });
    Value::Array(flows.collect())
}
