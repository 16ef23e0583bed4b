//! `metadata`: what the document is about, who made it and when.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::component::ComponentSeed;
use super::named::Named;
use super::rules::{self, Check};
use super::{Publisher, State};
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};

/// `metadata`
pub(super) struct Metadata<'s, 'p, 'de>(pub(super) &'s mut State<'p, 'de>);

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
            if let Some(publisher) = Publisher::of_field(&key) {
                let name = entries.next_value::<Named<'_>>()?.0;
                state.published_by(publisher, name.map(Cow::into_owned));
                continue;
            }
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
                None if key == "timestamp" => timestamp(entries.next_value()?, state),
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

fn timestamp<'de>(value: Text<'de>, state: &mut State<'_, 'de>) {
    let Some(text) = value.accept("timestamp", "/metadata/timestamp", &mut state.found) else {
        return;
    };
    match text.parse() {
        Ok(time) => state.timestamp = Some(time),
        Err(_) => state.violation("metadata-timestamp", "timestamp", &text),
    }
}
