//! Events in the form of an entry of the ledger, and back.
//!
//! An entry holds an event's name and its data apart, and data are always an object. Here an event is read as what it is, an enum of
//! which the name is known: asked for as `{"type": …, "data": …}`, serde would make readers of everything that an event can hold for each
//! order of the two, and each of them is code.

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor};
use serde_json::de::SliceRead;
use serde_json::{Map, Value};

use super::{Event, Process};
use crate::ledger::Kind;

/// An event in the form of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// `case.opened`
    pub event: String,
    /// Version of the payload's form.
    pub version: u16,
    /// The payload.
    pub payload: Value,
}

/// An event cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// No JSON, or none of the expected form.
    #[error("{event}: {error}")]
    Json {
        /// The event's type, as far as it is known.
        event: String,
        /// Why.
        error: serde_json::Error,
    },
    /// The event does not belong to the kind of record.
    #[error("{event} does not belong to records of the kind {kind}")]
    Foreign {
        /// The event's type.
        event: String,
        /// The kind of record.
        kind: Kind,
    },
    /// A newer version of the program wrote it.
    #[error("{event} has version {version}; this program reads up to {known}")]
    Newer {
        /// The event's type.
        event: String,
        /// Version of its form.
        version: u16,
        /// What this program knows.
        known: u16,
    },
}

/// What an event is called, and its data: an empty object if it has none.
pub(super) fn name_and_data(event: &impl Event) -> Result<(String, Value), CodingError> {
    let json = |error| CodingError::Json { event: String::new(), error };
    match serde_json::to_value(event).map_err(json)? {
        Value::String(name) => Some((name, Value::Object(Map::new()))),
        Value::Object(fields) if fields.len() == 1 => fields.into_iter().next(),
        _ => None,
    }
    .filter(|(_, data)| data.is_object())
    .ok_or_else(|| json(serde_json::Error::custom("an event has a name, and an object or nothing as data")))
}

/// Brings an event into the form of an entry.
///
/// # Errors
/// [`CodingError::Json`] if it is not of the form that [`Event`] asks for.
pub fn encode<P: Process>(event: &P::Event) -> Result<Encoded, CodingError> {
    let (name, payload) = name_and_data(event)?;
    Ok(Encoded { event: format!("{}.{name}", P::KIND), version: event.version(), payload })
}

/// Reads an event from the form of an entry.
///
/// # Errors
/// [`CodingError`] if it belongs to another kind, is newer than this program, or is malformed.
pub fn decode<P: Process>(event: &str, version: u16, payload: &Value) -> Result<P::Event, CodingError> {
    let foreign = || CodingError::Foreign { event: event.to_owned(), kind: P::KIND };
    let json = |error| CodingError::Json { event: event.to_owned(), error };
    let name =
        event.strip_prefix(P::KIND.as_str()).and_then(|rest| rest.strip_prefix('.')).ok_or_else(foreign)?;
    let data = serde_json::to_vec(payload).map_err(json)?;
    let decoded: P::Event =
        serde::Deserialize::deserialize(Named { name, data: &data, empty: is_empty(payload) })
            .map_err(json)?;
    let known = decoded.version();
    if version > known {
        return Err(CodingError::Newer { event: event.to_owned(), version, known });
    }
    Ok(decoded)
}

/// An empty object is what an event without data is written as (and one whose optional data are all absent).
fn is_empty(payload: &Value) -> bool {
    payload.is_null() || payload.as_object().is_some_and(Map::is_empty)
}

/// An enum whose name is known, with its data as JSON.
struct Named<'de> {
    name: &'de str,
    data: &'de [u8],
    empty: bool,
}

impl<'de> Named<'de> {
    /// Reads the data by `read`, to their end.
    fn whole<T>(
        &self,
        read: impl FnOnce(&mut serde_json::Deserializer<SliceRead<'de>>) -> serde_json::Result<T>,
    ) -> serde_json::Result<T> {
        let mut data = serde_json::Deserializer::from_slice(self.data);
        let value = read(&mut data)?;
        data.end()?;
        Ok(value)
    }
}

impl<'de> Deserializer<'de> for Named<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Named<'de> {
    type Error = serde_json::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> serde_json::Result<(V::Value, Self)> {
        let name: StrDeserializer<'_, serde_json::Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Named<'de> {
    type Error = serde_json::Error;

    fn unit_variant(self) -> serde_json::Result<()> {
        if self.empty { Ok(()) } else { Err(serde_json::Error::custom("data where none were expected")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> serde_json::Result<T::Value> {
        self.whole(|data| seed.deserialize(data))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> serde_json::Result<V::Value> {
        self.whole(|data| data.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        self.whole(|data| data.deserialize_struct("event", fields, visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;
    use crate::case::{Case, CaseEvent};
    use crate::people::{Person, PersonEvent};

    /// Both declare the same events, one of them in the form in which ledgers were written first.
    macro_rules! twins {
        ($($name:ident $form:meta),*) => { $(
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[$form]
            enum $name {
                Unit,
                Newtype(Held),
                OptionalNewtype(Optional),
                Struct { one_field: u8, list: Vec<String>, map: BTreeMap<String, Held> },
                OptionalStruct {
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    kept: Option<String>,
                },
            }
        )* };
    }
    twins! {
        First serde(tag = "type", content = "data", rename_all = "kebab-case"),
        Now serde(rename_all = "kebab-case")
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Held {
        text: String,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Optional {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        list: Vec<Held>,
    }

    impl Event for Now {}

    #[test]
    fn entries_are_written_and_read_as_ledgers_were_written_first() {
        let held = Held { text: "患者 \"a\"".to_owned() };
        let map = BTreeMap::from([("b".to_owned(), held.clone()), ("a".to_owned(), held.clone())]);
        let all = [
            (Now::Unit, First::Unit),
            (Now::Newtype(held.clone()), First::Newtype(held.clone())),
            (
                Now::OptionalNewtype(Optional { list: Vec::new() }),
                First::OptionalNewtype(Optional { list: Vec::new() }),
            ),
            (
                Now::Struct { one_field: 1, list: vec!["x".to_owned()], map: map.clone() },
                First::Struct { one_field: 1, list: vec!["x".to_owned()], map },
            ),
            (Now::OptionalStruct { kept: None }, First::OptionalStruct { kept: None }),
            (
                Now::OptionalStruct { kept: Some("k".to_owned()) },
                First::OptionalStruct { kept: Some("k".to_owned()) },
            ),
        ];
        for (now, first) in all {
            let first = serde_json::to_value(first).expect("is written");
            let (name, data) = name_and_data(&now).expect("is written");
            assert_eq!(Some(name.as_str()), first["type"].as_str());
            assert_eq!(data, first.get("data").cloned().unwrap_or_else(|| json!({})));
            let text = serde_json::to_vec(&data).expect("is written");
            let named = Named { name: &name, data: &text, empty: is_empty(&data) };
            assert_eq!(Now::deserialize(named).expect("is read"), now);
        }
    }

    #[test]
    fn what_is_no_enum_of_objects_is_no_event() {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        struct Alone {
            r#type: String,
        }
        impl Event for Alone {}
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        enum Bare {
            Number(u8),
        }
        impl Event for Bare {}
        assert!(name_and_data(&Alone { r#type: "closed".to_owned() }).is_err());
        assert!(name_and_data(&Bare::Number(1)).is_err());
    }

    fn refused<P: Process>(event: &str, version: u16, payload: &Value) -> String {
        decode::<P>(event, version, payload).expect_err("is refused").to_string()
    }

    #[test]
    fn name_and_data_stand_apart_in_an_entry() {
        let closed = encode::<Case>(&CaseEvent::Closed).expect("is written");
        assert_eq!((closed.event.as_str(), &closed.payload), ("case.closed", &json!({})));
        for nothing in [json!({}), Value::Null] {
            assert_eq!(decode::<Case>("case.closed", 1, &nothing).expect("is read"), CaseEvent::Closed);
        }
        let refreshed = decode::<Case>("case.refreshed", 1, &json!({})).expect("is read");
        assert!(matches!(refreshed, CaseEvent::Refreshed(_)));
        let payload = json!({ "roles": ["auditor"], "told-by-a-newer-program": 1 });
        match decode::<Person>("person.registered", 1, &payload).expect("is read") {
            PersonEvent::Registered { party: None, roles } => assert_eq!(roles.len(), 1),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_event_of_the_record_is_told() {
        assert!(
            decode::<Case>("person.registered", 1, &json!({}))
                .is_err_and(|error| matches!(error, CodingError::Foreign { kind: Kind::Case, .. }))
        );
        assert!(
            decode::<Case>("case.closed", 9, &json!({}))
                .is_err_and(|error| matches!(error, CodingError::Newer { version: 9, known: 1, .. }))
        );
        let told = refused::<Case>("case.closed", 1, &json!({ "why": "" }));
        assert_eq!(told, "case.closed: data where none were expected");
        assert!(refused::<Case>("case.exploded", 1, &json!({})).contains("unknown variant `exploded`"));
        assert!(refused::<Person>("person.registered", 1, &json!({})).contains("missing field `roles`"));
        let told = refused::<Person>("person.registered", 1, &json!({ "roles": 7 }));
        assert!(told.contains("invalid type: integer `7`, expected a sequence"), "{told}");
        assert!(decode::<Person>("person.registered", 1, &json!([])).is_err());
    }
}
