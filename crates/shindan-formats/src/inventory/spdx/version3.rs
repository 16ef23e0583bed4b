//! SPDX 3.0, JSON-LD: the elements of `@graph`.
//!
//! Source: SPDX 3.0.1, classes `software_Package`, `software_Sbom`, `SpdxDocument`, `Relationship`,
//! `ExternalIdentifier`. The names are those of the published context; a document with a context of its own is read as
//! far as it uses them.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Inventory, InventoryKind};

use super::{Document, Package, given};
use crate::inventory::collector::Collector;
use crate::inventory::lenient::{Key, refuse_other_kinds};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// Reads a document. What was read before the text stops being JSON is kept.
///
/// # Errors
/// As [`json::parse_into`], if not one package could be read before; `field-missing` without `@graph`.
pub(in crate::inventory) fn read(
    text: &str,
    found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut reading = Reading { document: Document::new(found, true), graph: false, version: None };
    if let Err(diagnostic) = json::parse_into(Whole(&mut reading), text, path, limits) {
        reading.document.found.push(diagnostic);
        if reading.document.components.is_empty() {
            return Err(reading.document.found.finish());
        }
    }
    let Reading { mut document, graph, version } = reading;
    if !graph {
        document.found.push(document.at(Code::FieldMissing, "").with("field", "@graph"));
        return Err(document.found.finish());
    }
    if let Some(version) = version.filter(|version| !version.starts_with("3.0")) {
        let diagnostic = document.at(Code::FieldTolerated, "/@graph").with("field", "specVersion");
        document.found.push(diagnostic.with("value", shorten(&version, 40)).with("expected", "3.0"));
    }
    Ok(document.finish(InventoryKind::Spdx3Json))
}

struct Reading<'p> {
    document: Document<'p>,
    /// True once `@graph` was seen.
    graph: bool,
    /// `CreationInfo.specVersion`
    version: Option<String>,
}

/// The document.
struct Whole<'s, 'p>(&'s mut Reading<'p>);

impl Whole<'_, '_> {
    fn refuse(&mut self, value: &str) {
        refuse(&mut self.0.document, "", value, "object");
    }
}

fn refuse(document: &mut Document<'_>, pointer: &str, value: &str, expected: &str) {
    let diagnostic = document.at(Code::FieldInvalid, pointer).with("field", pointer);
    document.found.push(diagnostic.with("value", shorten(value, 100)).with("expected", expected));
}

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an SPDX document")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = entries.next_key()? {
            if key == "@graph" {
                self.0.graph = true;
                entries.next_value_seed(Graph(self.0))?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// `@graph`
struct Graph<'s, 'p>(&'s mut Reading<'p>);

impl Graph<'_, '_> {
    fn refuse(&mut self, value: &str) {
        refuse(&mut self.0.document, "/@graph", value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Graph<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Graph<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of elements")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut number = 0_u64;
        while let Some(element) = items.next_element::<Value>()? {
            self.0.element(&element, number);
            number += 1;
        }
        Ok(())
    }
}

impl Reading<'_> {
    fn element(&mut self, element: &Value, number: u64) {
        let document = &mut self.document;
        match text(element, "type").or_else(|| text(element, "@type")) {
            Some("software_Package" | "ai_AIPackage" | "dataset_DatasetPackage") => {
                package(element, number, document);
            }
            Some("software_Sbom" | "SpdxDocument" | "Bom" | "Bundle") => {
                document.described.extend(texts(element.get("rootElement")).map(str::to_owned));
                if let Some(imports) = element.get("import").and_then(Value::as_array) {
                    document.elsewhere += imports.len() as u64;
                }
                if text(element, "type") == Some("SpdxDocument") {
                    document.name = given(text(element, "name"));
                }
            }
            Some("Relationship" | "LifecycleScopedRelationship") => {
                if text(element, "relationshipType") == Some("describes") {
                    document.described.extend(texts(element.get("to")).map(str::to_owned));
                }
            }
            Some("security_Vulnerability") => document.vulnerabilities += 1,
            Some("CreationInfo") if self.version.is_none() => {
                self.version = text(element, "specVersion").map(str::to_owned);
            }
            Some(_) => {}
            None => refuse(document, &format!("/@graph/{number}"), &element.to_string(), "object with type"),
        }
    }
}

fn package(element: &Value, number: u64, document: &mut Document<'_>) {
    let field = |name: &str| text(element, &format!("software_{name}")).or_else(|| text(element, name));
    let mut package = Package {
        id: given(text(element, "spdxId").or_else(|| text(element, "@id"))),
        name: given(text(element, "name")),
        version: given(field("packageVersion")),
        source_info: given(field("sourceInfo")),
        ..Package::default()
    };
    if let Some(purl) = field("packageUrl") {
        package.refer("packageUrl", purl);
    }
    for identifier in element.get("externalIdentifier").and_then(Value::as_array).into_iter().flatten() {
        let kind = text(identifier, "externalIdentifierType");
        if let (Some(kind), Some(locator)) = (kind, text(identifier, "identifier"))
            && !package.purls.iter().any(|purl| purl == locator)
        {
            package.refer(kind, locator);
        }
    }
    document.package(package, format!("/@graph/{number}"));
}

fn text<'v>(element: &'v Value, field: &str) -> Option<&'v str> {
    element.get(field).and_then(Value::as_str)
}

/// The texts of a value that may be one text or a list of them.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.into_iter().chain(list).filter_map(Value::as_str)
}
