//! One entry of a package lock.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{State, Tree};
use crate::inventory::lenient::{Key, Text, refuse_other_kinds};

/// What an entry tells, as far as it matters here.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    /// The real name, where it is not the one of the folder (an alias).
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) version: Option<Cow<'a, str>>,
    /// Where it comes from; for a link, the place of the entry that it stands for.
    pub(super) resolved: Option<Cow<'a, str>>,
    pub(super) link: bool,
}

/// Reads the entry at the state's pointer and hands it over to the state.
pub(super) struct EntrySeed<'s, 'p, 'k> {
    pub(super) state: &'s mut State<'p>,
    /// Key of the entry: a place in the folder tree if `flat`, otherwise a name.
    pub(super) key: &'k str,
    pub(super) flat: bool,
}

impl EntrySeed<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.state.refuse(value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a package")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let EntrySeed { state, key, flat } = self;
        let mut entry = Entry::default();
        while let Some(Key(field)) = entries.next_key()? {
            let slot = match &*field {
                "name" if flat => &mut entry.name,
                "version" => &mut entry.version,
                "resolved" => &mut entry.resolved,
                "link" => {
                    entry.link = matches!(entries.next_value()?, Text::Scalar(text) if text == "true");
                    continue;
                }
                "dependencies" if !flat => {
                    entries.next_value_seed(Tree { state, flat: false })?;
                    continue;
                }
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let value: Text<'_> = entries.next_value()?;
            // `resolved: false` is how old versions say that there is none.
            *slot = match value {
                Text::Scalar(text) if text == "false" => None,
                value => value.accept(&field, &state.pointer, &mut state.found),
            };
        }
        if flat {
            state.package(key, entry);
        } else {
            state.dependency(key, entry);
        }
        Ok(())
    }
}
