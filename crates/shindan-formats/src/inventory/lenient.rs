//! Strings of foreign JSON that may have been written as something else.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shindan_domain::diagnostic::Code;

use super::collector::Collector;

/// A value where the specification asks for a string. Reading it never fails on well-formed JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// A string.
    Str(Cow<'a, str>),
    /// A whole number or a boolean, as it was written: `version: 2` is a frequent slip.
    Scalar(String),
    /// A number with a fraction. Read as a number, `1.10` is `1.1`: what was written is lost.
    Fraction(String),
    /// `null`
    Null,
    /// An object or an array.
    Composite,
}

impl<'a> Text<'a> {
    /// The text, with a diagnostic if it was not written as a string. `null` and the empty text are none.
    pub(super) fn accept(
        self,
        field: &str,
        pointer: &str,
        found: &mut Collector<'_>,
    ) -> Option<Cow<'a, str>> {
        match self {
            Text::Str(text) => (!text.is_empty()).then_some(text),
            Text::Null => None,
            Text::Scalar(text) => {
                found.push(
                    found
                        .at_field(Code::FieldTolerated, pointer)
                        .with("field", field)
                        .with("value", &text)
                        .with("expected", "string"),
                );
                Some(text.into())
            }
            Text::Composite | Text::Fraction(_) => {
                let value = if let Text::Fraction(text) = &self { text.as_str() } else { "{} / []" };
                found.push(
                    found
                        .at_field(Code::FieldInvalid, pointer)
                        .with("field", field)
                        .with("value", value)
                        .with("expected", "string"),
                );
                None
            }
        }
    }

    /// For a field whose values are known: a number with a fraction stands for its text.
    pub(super) fn or_fraction(self) -> Self {
        match self {
            Text::Fraction(text) => Text::Scalar(text),
            other => other,
        }
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::Str(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::Str(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
        Ok(Text::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
        Ok(Text::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
        Ok(Text::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
        Ok(Text::Fraction(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Text<'de>, E> {
        Ok(Text::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::Composite)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Text<'de>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::Composite)
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A key of an object, borrowed unless it holds escapes.
pub(super) struct Key<'a>(pub(super) Cow<'a, str>);

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(text.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Fills in the visits of a [`Visitor`] with `Value = ()` for values of another kind than it reads: each one is
/// reported by `self.refuse(found)`, and reading goes on. `null` stands for absent.
macro_rules! refuse_other_kinds {
    (@scalars) => {
        fn visit_bool<E>(mut self, _: bool) -> Result<(), E> {
            self.refuse("true / false");
            Ok(())
        }
        fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
            self.refuse(&value.to_string());
            Ok(())
        }
        fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
            self.refuse(&value.to_string());
            Ok(())
        }
        fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
            self.refuse(&value.to_string());
            Ok(())
        }
        fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
            self.refuse(value);
            Ok(())
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
    };
    (but map) => {
        refuse_other_kinds!(@scalars);
        fn visit_seq<A: serde::de::SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
            while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            self.refuse("[…]");
            Ok(())
        }
    };
    (but seq) => {
        refuse_other_kinds!(@scalars);
        fn visit_map<A: serde::de::MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
            while entries.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
            self.refuse("{…}");
            Ok(())
        }
    };
}
pub(super) use refuse_other_kinds;
