//! `dependencies`: which element needs which.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Dependency, State};
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};

/// `dependencies`
pub(super) struct Dependencies<'s, 'p, 'de>(pub(super) &'s mut State<'p, 'de>);

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
pub(super) struct OneDependency<'s, 'p, 'de>(pub(super) &'s mut State<'p, 'de>);

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
