//! Properties of a component. One producer tells there which source package a distribution's package was built from.
//!
//! Source: CycloneDX, property taxonomy, namespace `aquasecurity:trivy`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::State;
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};

/// The source package of a distribution's package, as far as it is told.
#[derive(Debug, Default)]
pub(super) struct Source<'de> {
    pub(super) name: Option<Cow<'de, str>>,
    epoch: Option<Cow<'de, str>>,
    version: Option<Cow<'de, str>>,
    release: Option<Cow<'de, str>>,
}

impl<'de> Source<'de> {
    /// `[epoch:]version[-release]`
    pub(super) fn full_version(&self) -> Option<String> {
        let mut version = self.version.as_deref()?.to_owned();
        if let Some(epoch) = self.epoch.as_deref().filter(|epoch| *epoch != "0") {
            version = format!("{epoch}:{version}");
        }
        if let Some(release) = &self.release {
            version = format!("{version}-{release}");
        }
        Some(version)
    }

    fn set(&mut self, name: &str, value: Option<Cow<'de, str>>) {
        let value = value.filter(|value| !value.is_empty());
        match name.strip_prefix("aquasecurity:trivy:Src") {
            Some("Name") => self.name = value,
            Some("Epoch") => self.epoch = value,
            Some("Version") => self.version = value,
            Some("Release") => self.release = value,
            _ => {}
        }
    }
}

/// `properties` of a component.
pub(super) struct Properties<'s, 'p, 'de> {
    pub(super) state: &'s mut State<'p, 'de>,
    pub(super) source: &'s mut Source<'de>,
}

impl Properties<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.state.violation("value-of-wrong-kind", "properties", value);
    }
}

impl<'de> DeserializeSeed<'de> for Properties<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of properties")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Properties { state, source } = self;
        while items.next_element_seed(Property { state, source })?.is_some() {}
        Ok(())
    }
}

/// One property.
struct Property<'s, 'p, 'de> {
    state: &'s mut State<'p, 'de>,
    source: &'s mut Source<'de>,
}

impl Property<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.state.violation("value-of-wrong-kind", "properties", value);
    }
}

impl<'de> DeserializeSeed<'de> for Property<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Property<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let (mut name, mut value) = (None, None);
        let text = |text: Text<'de>| if let Text::Str(text) = text { Some(text) } else { None };
        let mut named = false;
        while let Some(Key(key)) = entries.next_key()? {
            match &*key {
                "name" => {
                    named = true;
                    name = text(entries.next_value()?);
                }
                "value" => value = text(entries.next_value()?),
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        // The name became mandatory in 1.6.
        if !named && self.state.minor >= 6 {
            self.state.violation("property-without-name", "properties", "");
        }
        if let Some(name) = name {
            self.source.set(&name, value);
        }
        Ok(())
    }
}
