//! The name of an organisation, person or tool, in whichever of the forms the versions of the specification give it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::inventory::lenient::{Key, Text};

/// The first name inside a value: a text itself, `name` of an object, of the first entry of a list that has one, or
/// of the `components` that 1.5 put below `tools`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a>(pub(super) Option<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Named<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Named<'de>, E> {
        Ok(Named(not_blank(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Named<'de>, E> {
        Ok(Named(not_blank(Cow::Owned(text.to_owned()))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Named<'de>, E> {
        Ok(Named(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Named<'de>, E> {
        Ok(Named(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Named<'de>, E> {
        Ok(Named(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Named<'de>, E> {
        Ok(Named(None))
    }

    fn visit_unit<E>(self) -> Result<Named<'de>, E> {
        Ok(Named(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Named<'de>, A::Error> {
        let mut first = None;
        while first.is_none() {
            match items.next_element::<Named<'_>>()? {
                Some(Named(name)) => first = name,
                None => return Ok(Named(None)),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Named(first))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Named<'de>, A::Error> {
        let (mut own, mut inner) = (None, None);
        while let Some(Key(key)) = entries.next_key()? {
            match &*key {
                "name" => match entries.next_value::<Text<'_>>()? {
                    Text::Str(name) => own = not_blank(name),
                    _ => own = None,
                },
                "components" => inner = entries.next_value::<Named<'_>>()?.0,
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Named(own.or(inner)))
    }
}

fn not_blank(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(json: &str) -> Option<String> {
        serde_json::from_str::<Named<'_>>(json).expect("reads").0.map(Cow::into_owned)
    }

    #[test]
    fn in_every_form() {
        for json in [
            "{\"url\": [\"x\"], \"name\": \"Acme\"}",
            "[{\"email\": \"x\"}, {\"name\": \"Acme\"}, {\"name\": \"Other\"}]",
            "{\"services\": [], \"components\": [{\"name\": \"Acme\"}]}",
            "[{\"vendor\": \"v\", \"name\": \"Acm\\u0065\"}]",
            "\"Acme\"",
        ] {
            assert_eq!(name(json).as_deref(), Some("Acme"), "{json}");
        }
        for json in ["null", "1", "-1", "1.5", "true", "[]", "{}", "{\"name\": \" \"}", "{\"name\": [1]}"] {
            assert_eq!(name(json), None, "{json}");
        }
    }
}
