//! Walks along a JSON document and hands over the entries that a format asks for, one by one: what was read before
//! the text stops being JSON is kept, and what no one asks for costs no memory.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use shindan_domain::diagnostic::Diagnostic;

use super::lenient::Key;
use crate::json;
use crate::limits::Limits;

/// What to do with the value at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is an object or an array of entries: look at each of them.
    Enter,
    /// Hand it over.
    Take,
    /// Pass it over.
    Skip,
}

/// Receives the entries of a document. A place is the list of keys (or numbers) that leads to it.
pub(super) trait Receiver {
    fn step(&self, place: &[String]) -> Step;
    fn take(&mut self, place: &[String], value: Value);
}

/// Walks along the document.
///
/// # Errors
/// As [`json::parse`]; the receiver has what was read until then.
pub(super) fn walk<R: Receiver>(
    text: &str,
    path: &str,
    limits: &Limits,
    receiver: &mut R,
) -> Result<(), Diagnostic> {
    let mut place = Vec::new();
    json::parse_into(Entries { receiver, place: &mut place }, text, path, limits)
}

/// The JSON pointer (RFC 6901) of a place.
pub(super) fn pointer(place: &[String]) -> String {
    let mut pointer = String::new();
    for step in place {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// A text field of an object; a number as it would be written. Empty texts are none.
pub(super) fn text_of(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Entries<'r, R> {
    receiver: &'r mut R,
    place: &'r mut Vec<String>,
}

impl<R: Receiver> Entries<'_, R> {
    fn entry<E>(
        &mut self,
        key: String,
        read: impl FnOnce(Step, &mut R, &mut Vec<String>) -> Result<Option<Value>, E>,
    ) -> Result<(), E>
    where
        E: serde::de::Error,
    {
        self.place.push(key);
        let step = self.receiver.step(self.place);
        if let Some(value) = read(step, self.receiver, self.place)? {
            self.receiver.take(self.place, value);
        }
        self.place.pop();
        Ok(())
    }
}

impl<'de, R: Receiver> DeserializeSeed<'de> for Entries<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: Receiver> Visitor<'de> for Entries<'_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of entries")
    }

    /// `null` stands for nothing.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = entries.next_key()? {
            self.entry(key.into_owned(), |step, receiver, place| match step {
                Step::Enter => entries.next_value_seed(Entries { receiver, place }).map(|()| None),
                Step::Take => entries.next_value().map(Some),
                Step::Skip => entries.next_value::<IgnoredAny>().map(|_| None),
            })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_u64;
        let mut more = true;
        while more {
            self.entry(index.to_string(), |step, receiver, place| match step {
                Step::Enter => {
                    more = items.next_element_seed(Entries { receiver, place })?.is_some();
                    Ok(None)
                }
                Step::Take => {
                    let item = items.next_element()?;
                    more = item.is_some();
                    Ok(item)
                }
                Step::Skip => {
                    more = items.next_element::<IgnoredAny>()?.is_some();
                    Ok(None)
                }
            })?;
            index += 1;
        }
        Ok(())
    }
}
