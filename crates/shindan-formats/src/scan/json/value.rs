//! Values of foreign JSON that tools write in more than one way. Reading one fails only where the value cannot stand for what
//! the field means; the entry is then told as unreadable.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A text, also one that was written as a number or a boolean. `null` and the empty text are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word(pub(super) Option<String>);

impl Word {
    /// The text, empty if there is none.
    pub(super) fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The text, if there is one.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The number that the text stands for.
    pub(super) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        self.0.as_deref()?.trim().parse().ok()
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        let text = text.trim();
        Ok(Word((!text.is_empty()).then(|| text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Word, E> {
        Ok(Word(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Word, E> {
        Ok(Word(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Word, E> {
        Ok(Word(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Word, E> {
        Ok(Word(Some(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Word, E> {
        Ok(Word(None))
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

/// Texts: one, a list, or whatever holds texts; all of them in their order. Never fails on JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<String>);

impl Words {
    /// The texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
        WordVisitor.visit_str(text).map(|word| Words(word.0.into_iter().collect()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Words, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Words, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Words, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Words, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_unit<E>(self) -> Result<Words, E> {
        Ok(Words::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Words, A::Error> {
        let mut all = Vec::new();
        while let Some(Words(some)) = items.next_element()? {
            all.extend(some);
        }
        Ok(Words(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
        let mut all = Vec::new();
        while let Some((_, Words(some))) = entries.next_entry::<serde::de::IgnoredAny, Words>()? {
            all.extend(some);
        }
        Ok(Words(all))
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

/// Objects: a list of them, one alone, or `null`.
#[derive(Debug, Clone)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many(Vec::new())
    }
}

impl<T> std::ops::Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

struct ManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Many<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(Many)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Many<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries)).map(|one| Many(vec![one]))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(std::marker::PhantomData))
    }
}

/// A whole value, whose parts are not read yet.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// An object.
    Object(Object<'a>),
    /// A list.
    List(Vec<&'a RawValue>),
    /// A text, a number, `null`.
    Other,
}

/// The fields of an object, in their order; their values are not read yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Object<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of a field; `null` is none.
    pub(super) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        // With two fields of one name the last one counts, as for most readers.
        let (_, value) = self.0.iter().rev().find(|(field, _)| field == name)?;
        (value.get() != "null").then_some(*value)
    }

    /// The text of a field; none if it holds something else.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        serde_json::from_str::<Word>(self.raw(name)?.get()).ok()?.0
    }

    /// The object in a field; none if it holds something else.
    pub(super) fn object(&self, name: &str) -> Option<Object<'a>> {
        match serde_json::from_str(self.raw(name)?.get()) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The list in a field; none if it holds something else.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&'a RawValue>> {
        match serde_json::from_str(self.raw(name)?.get()) {
            Ok(Value::List(list)) => Some(list),
            _ => None,
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Value<'de>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(Value::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Value::Object(Object(fields)))
    }

    fn visit_str<E>(self, _: &str) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_written_in_several_ways() {
        // That it is none is what the last lines ask for.
        let word = |text: &str| serde_json::from_str::<Word>(text).map(|word| word.0).ok();
        assert_eq!(word("\" High \""), Some(Some("High".to_owned())));
        assert_eq!(word("7.5"), Some(Some("7.5".to_owned())));
        assert_eq!(word("null"), Some(None));
        assert_eq!(word("{}"), None);
        let words = |text: &str| serde_json::from_str::<Words>(text).expect("reads").0;
        assert_eq!(words("\"a\""), ["a"]);
        assert_eq!(words("[\"a\",{\"b\":[1]},null]"), ["a", "1"]);
        let many = |text: &str| serde_json::from_str::<Many<std::collections::BTreeMap<String, u8>>>(text);
        assert_eq!(many("{\"a\":1}").expect("reads").len(), 1);
        assert_eq!(many("[{\"a\":1},{}]").expect("reads").len(), 2);
        assert_eq!(many("null").expect("reads").len(), 0);
        assert!(many("[5]").is_err());
    }

    #[test]
    fn the_last_field_of_a_name_counts() {
        let Ok(Value::Object(object)) = serde_json::from_str("{\"a\":1,\"a\":[2],\"b\":null}") else {
            panic!("no object");
        };
        assert_eq!(object.list("a").map(|list| list.len()), Some(1));
        assert!(!object.has("b") && object.word("a").is_none());
    }
}
