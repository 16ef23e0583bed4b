//! Values that a change takes away. What a change does not name stays as it is, `null` like absence; what is to hold nothing is
//! named in `clear`.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};
use shindan_app::records::RecordsError;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};

/// A change that can take values away.
pub(crate) trait Clearing {
    /// The fields that can hold nothing.
    const FIELDS: &'static [&'static str];
}

/// Which fields of the change `C` hold nothing from now on.
#[derive(Debug)]
pub(crate) struct Clear<C>(BTreeSet<String>, PhantomData<C>);

impl<C> Default for Clear<C> {
    fn default() -> Self {
        Clear(BTreeSet::new(), PhantomData)
    }
}

impl<'de, C: Clearing> Deserialize<'de> for Clear<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = BTreeSet::<String>::deserialize(deserializer)?;
        match fields.iter().find(|field| !C::FIELDS.contains(&field.as_str())) {
            Some(unknown) => Err(serde::de::Error::unknown_variant(unknown, C::FIELDS)),
            None => Ok(Clear(fields, PhantomData)),
        }
    }
}

impl<C: Clearing> Clear<C> {
    /// Its form: a list of these fields.
    pub(crate) fn form() -> ArrayBuilder {
        let field = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        ArrayBuilder::new().items(field.enum_values(Some(C::FIELDS.iter().copied())).build())
    }

    /// Whether a field is to hold nothing.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.0.contains(field)
    }

    /// What a field is to hold: this value; `Some(None)`: nothing; `None`: what it holds.
    ///
    /// # Errors
    /// [`RecordsError::Invalid`] for a field that is given a value and taken away in the same request.
    pub(crate) fn of<T>(&self, field: &str, value: Option<T>) -> Result<Option<Option<T>>, RecordsError> {
        match (value, self.has(field)) {
            (Some(_), true) => {
                Err(RecordsError::Invalid { field: "clear".to_owned(), value: field.to_owned() })
            }
            (Some(value), false) => Ok(Some(Some(value))),
            (None, true) => Ok(Some(None)),
            (None, false) => Ok(None),
        }
    }
}
