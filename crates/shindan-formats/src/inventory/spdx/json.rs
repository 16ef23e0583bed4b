//! SPDX 2.2 and 2.3, JSON. Also inside the `sbom` that GitHub's dependency graph wraps around it.
//!
//! The document is read in one pass; each package, file and relationship by itself as a small tree.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Inventory, InventoryKind};

use super::{Document, Package, given};
use crate::inventory::collector::Collector;
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// Reads a document. What was read before the text stops being JSON is kept.
///
/// # Errors
/// As [`json::parse_into`], if not one package could be read before.
pub(in crate::inventory) fn read(
    text: &str,
    found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let path = found.path();
    let mut document = Document::new(found, true);
    if let Err(diagnostic) =
        json::parse_into(Whole { document: &mut document, inner: false }, text, path, limits)
    {
        document.found.push(diagnostic);
        if document.components.is_empty() {
            return Err(document.found.finish());
        }
    }
    document.check_version("spdxVersion");
    Ok(document.finish(InventoryKind::SpdxJson))
}

/// The document, or what GitHub wraps around it.
struct Whole<'s, 'p> {
    document: &'s mut Document<'p>,
    /// It stands inside `sbom`.
    inner: bool,
}

impl Whole<'_, '_> {
    fn refuse(&mut self, value: &str) {
        refuse(self.document, "", value, "object");
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
        let Whole { document, inner } = self;
        while let Some(Key(key)) = entries.next_key()? {
            let list = match &*key {
                "packages" => List::Packages,
                "files" => List::Files,
                "snippets" => List::Snippets,
                "relationships" => List::Relationships,
                "documentDescribes" => List::Described,
                "externalDocumentRefs" => List::Elsewhere,
                "sbom" if !inner => {
                    entries.next_value_seed(Whole { document, inner: true })?;
                    continue;
                }
                "spdxVersion" => {
                    let version: Text<'_> = entries.next_value()?;
                    document.version = text(version.or_fraction(), "spdxVersion", document);
                    continue;
                }
                "name" => {
                    document.name = given(text(entries.next_value()?, "name", document).as_deref());
                    continue;
                }
                "SPDXID" => {
                    if let Some(id) = text(entries.next_value()?, "SPDXID", document) {
                        document.element(&id, "/SPDXID");
                    }
                    continue;
                }
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            entries.next_value_seed(Entries { document, list })?;
        }
        Ok(())
    }
}

fn text(value: Text<'_>, field: &str, document: &mut Document<'_>) -> Option<String> {
    value.accept(field, &format!("/{field}"), &mut document.found).map(|text| text.into_owned())
}

/// The lists of a document.
#[derive(Debug, Clone, Copy)]
enum List {
    Packages,
    Files,
    Snippets,
    Relationships,
    Described,
    Elsewhere,
}

impl List {
    fn field(self) -> &'static str {
        match self {
            List::Packages => "packages",
            List::Files => "files",
            List::Snippets => "snippets",
            List::Relationships => "relationships",
            List::Described => "documentDescribes",
            List::Elsewhere => "externalDocumentRefs",
        }
    }
}

struct Entries<'s, 'p> {
    document: &'s mut Document<'p>,
    list: List,
}

impl Entries<'_, '_> {
    fn refuse(&mut self, value: &str) {
        refuse(self.document, &format!("/{}", self.list.field()), value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Entries { document, list } = self;
        let mut number = 0_u64;
        while let Some(entry) = items.next_element::<Value>()? {
            match list {
                List::Packages => package(&entry, number, document),
                List::Files | List::Snippets => {
                    if let Some(id) = entry.get("SPDXID").and_then(Value::as_str) {
                        document.element(id, &format!("/{}/{number}", list.field()));
                    }
                }
                List::Relationships => relationship(&entry, number, document),
                List::Described => document.described.extend(entry.as_str().map(str::to_owned)),
                List::Elsewhere => document.elsewhere += 1,
            }
            number += 1;
        }
        Ok(())
    }
}

fn relationship(entry: &Value, number: u64, document: &mut Document<'_>) {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let ends = (text("spdxElementId"), text("relationshipType"), text("relatedSpdxElement"));
    let (Some(from), Some(kind), Some(to)) = ends else {
        document.violation("relationship-incomplete", &format!("/relationships/{number}"), "");
        return;
    };
    document.relationship(from, kind, to, number);
}

fn package(entry: &Value, number: u64, document: &mut Document<'_>) {
    let place = format!("/packages/{number}");
    if !entry.is_object() {
        refuse(document, &place, &entry.to_string(), "object");
        return;
    }
    let mut package = Package {
        id: given(scalar(entry, "SPDXID", &place, document).as_deref()),
        name: given(scalar(entry, "name", &place, document).as_deref()),
        version: given(scalar(entry, "versionInfo", &place, document).as_deref()),
        source_info: entry.get("sourceInfo").and_then(Value::as_str).map(str::to_owned),
        ..Package::default()
    };
    for reference in entry.get("externalRefs").and_then(Value::as_array).into_iter().flatten() {
        let text = |field: &str| reference.get(field).and_then(Value::as_str);
        if let (Some(kind), Some(locator)) = (text("referenceType"), text("referenceLocator")) {
            package.refer(kind, locator);
        } else {
            document.violation("external-reference-incomplete", &place, "");
        }
    }
    document.package(package, place);
}

/// A field that must be a text. A number is taken as it is written.
fn scalar(entry: &Value, field: &str, place: &str, document: &mut Document<'_>) -> Option<String> {
    let pointer = || format!("{place}/{field}");
    match entry.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        // Read as a number, 1.10 is 1.1: what was written is lost.
        Value::Number(number) if number.is_f64() => {
            refuse(document, &pointer(), &number.to_string(), "string");
            None
        }
        value @ (Value::Number(_) | Value::Bool(_)) => {
            let text = value.to_string();
            let diagnostic = document.at(Code::FieldTolerated, &pointer()).with("field", field);
            document.found.push(diagnostic.with("value", &text).with("expected", "string"));
            Some(text)
        }
        Value::Array(_) | Value::Object(_) => {
            refuse(document, &pointer(), "{} / []", "string");
            None
        }
    }
}
