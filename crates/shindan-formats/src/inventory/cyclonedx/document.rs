//! The document: its fields, in whichever order they stand.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::State;
use super::component::Components;
use super::dependencies::Dependencies;
use super::metadata::Metadata;
use super::rules::{self, Check};
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};

/// The document.
pub(super) struct Document<'s, 'p, 'de>(pub(super) &'s mut State<'p, 'de>);

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
                    let version =
                        version.or_fraction().accept("specVersion", "/specVersion", &mut state.found);
                    state.specification(version);
                }
                "serialNumber" => {
                    let number: Text<'_> = entries.next_value()?;
                    let number = number.accept("serialNumber", "/serialNumber", &mut state.found);
                    state.serial_number(number.as_deref());
                }
                "version" => match entries.next_value()? {
                    Text::Scalar(version) => state.document_version(&version),
                    other => {
                        let version = other.accept("version", "/version", &mut state.found);
                        state.document_version(version.as_deref().unwrap_or("1"));
                    }
                },
                "metadata" => entries.next_value_seed(Metadata(state))?,
                "components" => {
                    entries.next_value_seed(Components(state))?;
                    state.take_components();
                }
                "services" => {
                    state.services += entries.next_value_seed(Services(state))?;
                }
                "vulnerabilities" => entries.next_value_seed(Vulnerabilities(state))?,
                "dependencies" => {
                    entries.next_value_seed(Dependencies(state))?;
                    state.take_dependencies();
                }
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

/// `services`, which are checked against the specification, may be referred to, and are counted.
struct Services<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl<'de> DeserializeSeed<'de> for Services<'_, '_, 'de> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Services<'_, '_, 'de> {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u64, A::Error> {
        let state = self.0;
        let mut count = 0;
        while items
            .next_element_seed(Check { state, rule: &rules::ONE_SERVICE, field: "services" })?
            .is_some()
        {
            count += 1;
        }
        Ok(count)
    }
}

/// `vulnerabilities`
struct Vulnerabilities<'s, 'p, 'de>(&'s mut State<'p, 'de>);

impl Vulnerabilities<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("vulnerabilities", value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Vulnerabilities<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Vulnerabilities<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of vulnerabilities")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(entry) = items.next_element::<Value>()? {
            self.0.vulnerability(&entry);
        }
        Ok(())
    }
}
